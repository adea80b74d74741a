//! Calling tools.

use axum::{
    body::{Body, Bytes},
    http::header,
    response::IntoResponse,
};
use serde_json::json;

use super::{
    opens::stream,
    world::{Peer, World, counted, modern, older},
};
use crate::{
    base::AuthKind,
    connect::{CallError, Connection},
};

async fn called(
    answer: impl Fn(&super::world::Asked) -> axum::response::Response + Clone + Send + Sync + 'static,
) -> (Result<crate::connect::ToolAnswer, CallError>, Peer) {
    let (world, peer) = (World::new().await, Peer::serving(answer).await);
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    assert_eq!(world.connect(id).await, Connection::Ready);
    let arguments = json!({ "text": "hello" });
    let arguments = arguments.as_object().expect("an object").clone();
    let called = world.connections.call_tool(id, "echo", arguments).await;
    (called, peer)
}

#[tokio::test]
async fn a_tool_answers_in_either_era() {
    for answers in [older as fn(&_) -> _, modern] {
        let (answer, peer) = called(answers).await;
        let answer = answer.expect("the tool answers");
        let text = answer.content[0].as_text().expect("it is text");
        assert_eq!(text.text, "hello");
        assert!(!answer.is_error, "it does not say that it failed");
        let asked = peer.asked();
        let call = asked.iter().find(|asked| asked.what == "tools/call");
        let call = call.expect("it was called");
        assert_eq!(call.body["params"]["arguments"], json!({ "text": "hello" }));
    }
}

#[tokio::test]
async fn an_answer_may_come_as_an_event() {
    let (answer, _) = called(|asked| match asked.what.as_str() {
        "tools/call" => {
            let result = json!({ "content": [], "structuredContent": { "x": 1 }, "isError": true });
            stream(&[json!({ "jsonrpc": "2.0", "id": asked.body["id"], "result": result })])
        }
        _ => older(asked),
    })
    .await;
    let answer = answer.expect("the tool answers");
    assert!(answer.is_error, "it says that it failed");
    assert_eq!(answer.structured, Some(json!({ "x": 1 })));
}

#[tokio::test]
async fn a_refusal_keeps_the_servers_words() {
    let (answer, _) = called(|asked| match asked.what.as_str() {
        "tools/call" => asked.error(400, -32602),
        _ => older(asked),
    })
    .await;
    let message = "no such thing".to_owned();
    assert_eq!(answer, Err(CallError::Refused { message }));
}

#[tokio::test]
async fn a_call_whose_answer_breaks_off_may_have_run_and_is_not_sent_again() {
    let (answer, peer) = called(|asked| match asked.what.as_str() {
        "tools/call" => {
            let broken = [
                Ok(Bytes::from_static(b"{\"jsonrpc\"")),
                Err(std::io::Error::other("cable")),
            ];
            let body = Body::from_stream(futures::stream::iter(broken));
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        _ => modern(asked),
    })
    .await;
    assert_eq!(answer, Err(CallError::Unknown));
    assert_eq!(counted(&peer.posts()).get("tools/call"), Some(&1), "sent once");
}
