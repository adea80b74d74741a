//! Servers that mean harm, or merely do it (S1, S7).

use axum::{
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde_json::{Value, json};

use super::{
    opens::stream,
    world::{Asked, Peer, World, counted, json_answer, modern, older, tool},
};
use crate::{
    base::AuthKind,
    connect::{CallError, ConnectError, Connection},
};

async fn met(
    answer: impl Fn(&Asked) -> axum::response::Response + Clone + Send + Sync + 'static,
) -> (World, Peer, crate::base::ServerId, Connection) {
    let (world, peer) = (World::new().await, Peer::serving(answer).await);
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    let state = world.connect(id).await;
    (world, peer, id, state)
}

#[tokio::test]
async fn s07_a_cursor_that_comes_again_ends_the_list() {
    let (world, peer, id, state) = met(|asked| match asked.what.as_str() {
        "tools/list" => asked.result(&json!({ "tools": [tool("again")], "nextCursor": "same" })),
        _ => older(asked),
    })
    .await;
    assert_eq!(state, Connection::Ready);
    assert_eq!(world.tools(id).await, ["again", "again"]);
    assert_eq!(counted(&peer.posts()).get("tools/list"), Some(&2));
}

#[tokio::test]
async fn s07_a_list_without_end_ends_after_a_hundred_pages() {
    let (_, peer, _, state) = met(|asked| match asked.what.as_str() {
        "tools/list" => {
            let page = asked.body["params"]["cursor"].as_str().unwrap_or("0");
            let next: usize = page.parse::<usize>().unwrap_or_default() + 1;
            asked.result(&json!({ "tools": [tool(page)], "nextCursor": next.to_string() }))
        }
        _ => older(asked),
    })
    .await;
    assert_eq!(state, Connection::Ready);
    assert_eq!(counted(&peer.posts()).get("tools/list"), Some(&100));
}

#[tokio::test]
async fn one_odd_tool_never_blanks_the_list() {
    for as_event in [false, true] {
        let (world, _, id, state) = met(move |asked| match asked.what.as_str() {
            "tools/list" => {
                let tools = json!([tool("good"), { "name": 7 }, { "name": "odd", "inputSchema": [] }, null]);
                let message =
                    json!({ "jsonrpc": "2.0", "id": asked.body["id"], "result": { "tools": tools } });
                if as_event {
                    stream(&[message])
                } else {
                    json_answer(200, &message)
                }
            }
            _ => older(asked),
        })
        .await;
        assert_eq!(state, Connection::Ready);
        assert_eq!(world.tools(id).await, ["good"]);
    }
}

#[tokio::test]
async fn a_server_that_cannot_list_keeps_the_last_good_list() {
    let (world, _, id, state) = met(|asked| match asked.what.as_str() {
        "tools/list" => asked.error(200, -32603),
        _ => modern(asked),
    })
    .await;
    assert_eq!(state, Connection::Ready);
    let saved = world.servers.tools(id).await.expect("the store works");
    assert_eq!(saved, None, "nothing was saved over it");
}

#[tokio::test]
async fn s01_pages_and_nonsense_are_no_mcp() {
    let page = || ([(header::CONTENT_TYPE, "text/html")], "<html>Log in").into_response();
    let (_, _, _, state) = met(move |_| page()).await;
    let not_mcp = ConnectError::NotMcp;
    assert!(
        matches!(&state, Connection::Waiting { error, .. } if *error == not_mcp),
        "a captive portal passes: {state:?}"
    );
    for body in [
        "",
        "[]",
        "{}",
        "\u{0}",
        "{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{}}",
    ] {
        let (_, _, _, state) =
            met(move |_| ([(header::CONTENT_TYPE, "application/json")], body).into_response()).await;
        assert_eq!(state, Connection::Stopped(not_mcp.clone()), "{body:?}");
    }
}

#[tokio::test]
async fn s07_a_deep_answer_is_refused() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let (_, _, _, state) =
        met(move |_| ([(header::CONTENT_TYPE, "application/json")], deep.clone()).into_response()).await;
    assert_eq!(state, Connection::Stopped(ConnectError::TooLarge));
}

#[tokio::test]
async fn s07_an_answer_of_17_mib_is_refused_and_the_app_goes_on() {
    let (world, _, id, state) = met(|asked| match asked.what.as_str() {
        "tools/call" => {
            let text = "x".repeat(17 * 1024 * 1024);
            asked.result(&json!({ "content": [{ "type": "text", "text": text }] }))
        }
        _ => modern(asked),
    })
    .await;
    assert_eq!(state, Connection::Ready);
    let called = world
        .connections
        .call_tool(id, "echo", serde_json::Map::new())
        .await;
    assert_eq!(called, Err(CallError::TooLarge));
    assert_eq!(world.connections.state(id), Connection::Ready);
}

#[tokio::test]
async fn s07_an_event_of_2_mib_is_refused() {
    let (world, _, id, _) = met(|asked| match asked.what.as_str() {
        "tools/call" => {
            let text = Value::from("x".repeat(2 * 1024 * 1024));
            let result = json!({ "content": [{ "type": "text", "text": text }] });
            stream(&[json!({ "jsonrpc": "2.0", "id": asked.body["id"], "result": result })])
        }
        _ => modern(asked),
    })
    .await;
    let called = world
        .connections
        .call_tool(id, "echo", serde_json::Map::new())
        .await;
    assert_eq!(called, Err(CallError::TooLarge));
}

#[tokio::test]
async fn s32_retry_after_holds_the_next_try_back() {
    let (_, _, _, state) =
        met(|_| (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "120")]).into_response()).await;
    let Connection::Waiting { error, retry_at } = state else {
        panic!("too many requests pass: {state:?}");
    };
    assert_eq!(error, ConnectError::Status(429));
    let wait = super::world::NOW.until(retry_at);
    assert_eq!(wait.as_secs(), 120);
}
