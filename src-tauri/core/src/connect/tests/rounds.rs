//! A call in several rounds.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::response::Response;
use serde_json::json;

use super::{
    questions::{Open, form, heard, modern_answer},
    world::{Asked, Peer, challenge, modern, older},
};
use crate::connect::{CallError, ConnectError};

const INSUFFICIENT: &str = r#"Bearer error="insufficient_scope", scope="tools write""#;

fn is_second_round(asked: &Asked) -> bool {
    asked.body["params"]["inputResponses"].is_object()
}

/// A server that asks, refuses the answer once, and from then on is as `after` says.
async fn refusing_the_answer(after: fn(&Asked) -> Response) -> Peer {
    let refused = Arc::new(AtomicBool::new(false));
    Peer::serving(move |asked| {
        if refused.load(Ordering::SeqCst) {
            after(asked)
        } else if is_second_round(asked) {
            refused.store(true, Ordering::SeqCst);
            challenge(403, INSUFFICIENT)
        } else {
            modern_answer(&[form()], asked)
        }
    })
    .await
}

/// Waits until the person is asked to allow more, and allows it.
async fn allow(open: &Open) {
    let mut news = open.world.connections.news();
    while open.world.connections.consent(open.id).is_none() {
        news.recv().await.expect("the connections live");
    }
    open.world.connections.sign_in_begins(open.id);
    open.world.connections.signed_in(open.id).await;
}

#[tokio::test]
async fn r20_of_several_rounds_only_the_refused_one_is_sent_again() {
    let after = |asked: &Asked| modern_answer(&[form()], asked);
    let open = Open::to(refusing_the_answer(after).await).await;
    let call = open.call();
    let asked = open.asked().await;
    assert_eq!(open.answer(asked.id, &json!({ "name": "Ada" })), Ok(()));
    allow(&open).await;
    open.peer.was_asked("tools/call", 3).await;
    let calls = open.peer.asked();
    let calls = calls.iter().filter(|asked| asked.what == "tools/call");
    let rounds: Vec<_> = calls.map(is_second_round).collect();
    assert_eq!(rounds, [false, true, true]);
    let accepted = json!([{ "action": "accept", "content": { "name": "Ada" } }]);
    assert_eq!(heard(call).await, accepted);
}

#[tokio::test]
async fn a_next_round_is_not_taken_for_a_first_by_a_server_that_has_become_older() {
    let open = Open::to(refusing_the_answer(older).await).await;
    let call = open.call();
    let asked = open.asked().await;
    assert_eq!(open.answer(asked.id, &json!({ "name": "Ada" })), Ok(()));
    allow(&open).await;
    let ended = call.await.expect("no panic");
    assert_eq!(ended, Err(CallError::Failed(ConnectError::NotMcp)));
    assert_eq!(open.calls(), Some(2), "it was not asked to run the tool");
}

#[tokio::test]
async fn s07_rounds_have_an_end() {
    let again = |asked: &Asked| match asked.what.as_str() {
        "tools/call" => asked.result(&json!({ "resultType": "input_required", "requestState": "s" })),
        _ => modern(asked),
    };
    let open = Open::to(Peer::serving(again).await).await;
    let ended = open.call().await.expect("no panic");
    assert_eq!(ended, Err(CallError::Failed(ConnectError::NotMcp)));
    assert_eq!(open.calls(), Some(10), "and each costs the server a request");
}
