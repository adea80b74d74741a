//! Opening, keeping and ending a connection.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use axum::{
    body::{Body, Bytes},
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde_json::json;

use super::world::{Peer, World, modern, older, tool};
use crate::{
    base::AuthKind,
    connect::{CallError, ConnectError, Connection, ConnectionNews},
    servers::Era,
};

#[tokio::test]
async fn a_modern_server_needs_two_requests() {
    let (world, peer) = (World::new().await, Peer::serving(modern).await);
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    assert_eq!(world.connect(id).await, Connection::Ready);
    assert_eq!(peer.posts(), ["server/discover", "tools/list"]);
    assert_eq!(world.tools(id).await, ["echo"]);
    let kept = world.servers.get(id).await.expect("the store works");
    assert_eq!(kept.expect("it is kept").era, Some(Era::Modern));
}

#[tokio::test]
async fn an_older_server_costs_one_request_more_the_first_time_only() {
    let (world, peer) = (World::new().await, Peer::serving(older).await);
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    assert_eq!(world.connect(id).await, Connection::Ready);
    let first = [
        "server/discover",
        "initialize",
        "notifications/initialized",
        "tools/list",
    ];
    assert_eq!(peer.posts(), first);
    world.connections.close(id).await;
    let last = peer.posts().pop();
    assert_eq!(
        last.as_deref(),
        Some("DELETE /mcp"),
        "released before the end is told"
    );
    assert_eq!(world.connect(id).await, Connection::Ready);
    let again = [
        "DELETE /mcp",
        "initialize",
        "notifications/initialized",
        "tools/list",
    ];
    assert_eq!(
        peer.posts()[4..],
        again,
        "the era is remembered, the session was released"
    );
}

#[tokio::test]
async fn a_server_that_has_become_modern_is_found_again() {
    let (world, peer) = (World::new().await, Peer::serving(modern).await);
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    world
        .servers
        .set_era(id, Era::Initialize)
        .await
        .expect("the store works");
    assert_eq!(world.connect(id).await, Connection::Ready);
    assert_eq!(peer.posts(), ["initialize", "server/discover", "tools/list"]);
}

#[tokio::test]
async fn an_older_server_that_answers_anything_with_nothing_is_recognised() {
    let world = World::new().await;
    let peer = Peer::serving(|asked| match asked.what.as_str() {
        "server/discover" => asked.result(&json!({})),
        _ => older(asked),
    })
    .await;
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    assert_eq!(world.connect(id).await, Connection::Ready);
    assert_eq!(peer.posts()[..2], ["server/discover", "initialize"]);
}

#[tokio::test]
async fn asking_twice_opens_once() {
    let (world, peer) = (World::new().await, Peer::serving(modern).await);
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    world.connections.open(id).await;
    assert_eq!(world.connect(id).await, Connection::Ready);
    world.connections.open(id).await;
    assert_eq!(peer.posts().len(), 2, "one connection: {:?}", peer.posts());
}

#[tokio::test]
async fn a_closed_connection_is_off_at_once_and_calls_nothing() {
    let (world, peer) = (World::new().await, Peer::serving(modern).await);
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    world.connect(id).await;
    world.connections.close(id).await;
    assert_eq!(world.connections.state(id), Connection::Off);
    let called = world
        .connections
        .call_tool(id, "echo", serde_json::Map::new())
        .await;
    assert_eq!(called, Err(CallError::NotConnected));
}

#[tokio::test]
async fn a_slow_server_delays_no_other() {
    let world = World::new().await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback has free ports");
    let mut slow = Peer::serving(modern).await;
    slow.address = format!("http://{}", silent.local_addr().expect("it is bound"));
    let quick = Peer::serving(modern).await;
    let (slow, quick) = (
        world.add(&slow, Some(AuthKind::Open)).await,
        world.add(&quick, Some(AuthKind::Open)).await,
    );
    world.connections.open(slow).await;
    assert_eq!(world.connect(quick).await, Connection::Ready);
    assert_eq!(
        world.connections.state(slow),
        Connection::Opening,
        "still waited for"
    );
    world.connections.close(slow).await;
    assert_eq!(
        world.connections.state(slow),
        Connection::Off,
        "and ended at once"
    );
}

#[tokio::test]
async fn trouble_that_passes_is_tried_again() {
    let world = World::new().await;
    let failures = Arc::new(AtomicUsize::new(0));
    let peer = Peer::serving(move |asked| {
        if failures.fetch_add(1, Ordering::SeqCst) < 3 {
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        modern(asked)
    })
    .await;
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    world.connections.open(id).await;
    world.until(id, |state| *state == Connection::Ready).await;
    let waits = world.clock.waits.load(Ordering::SeqCst);
    assert_eq!(waits, 3, "one wait on the clock for each failure");
}

#[tokio::test]
async fn what_lasts_stops_and_says_why() {
    let world = World::new().await;
    let peer = Peer::serving(|_| StatusCode::NOT_FOUND.into_response()).await;
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    let stopped = Connection::Stopped(ConnectError::Status(404));
    assert_eq!(world.connect(id).await, stopped);
    assert_eq!(world.clock.waits.load(Ordering::SeqCst), 0, "no retry");
}

#[tokio::test]
async fn a_deleted_server_is_off() {
    let (world, peer) = (World::new().await, Peer::serving(modern).await);
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    world.servers.delete(id).await.expect("the store works");
    assert_eq!(world.connect(id).await, Connection::Off);
    assert!(peer.asked().is_empty(), "nobody is asked for it");
}

#[tokio::test]
async fn changed_tools_are_listed_again_in_the_older_era() {
    let world = World::new().await;
    let told = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&told);
    let peer = Peer::serving(move |asked| match asked.what.as_str() {
        "GET /mcp" if !told.swap(true, Ordering::SeqCst) => {
            let changed = json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed" });
            stream(&[changed])
        }
        "tools/list" if seen.load(Ordering::SeqCst) => asked.result(&json!({ "tools": [tool("new")] })),
        _ => older(asked),
    })
    .await;
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    let mut news = world.connections.news();
    world.connections.open(id).await;
    while world.connections.state(id) != Connection::Ready || world.tools(id).await != ["new"] {
        news.recv().await.expect("the connections live");
    }
}

#[tokio::test]
async fn changed_tools_are_listed_again_in_the_modern_era() {
    let world = World::new().await;
    let told = Arc::new(AtomicBool::new(false));
    let peer = Peer::serving(move |asked| match asked.what.as_str() {
        "server/discover" => asked.result(&json!({
            "resultType": "complete", "ttlMs": 0, "cacheScope": "private",
            "supportedVersions": ["2026-07-28"], "capabilities": { "tools": { "listChanged": true } },
        })),
        "subscriptions/listen" => {
            told.store(true, Ordering::SeqCst);
            let meta = json!({ "io.modelcontextprotocol/subscriptionId": asked.body["id"] });
            let params = json!({ "notifications": { "toolsListChanged": true }, "_meta": meta });
            let acknowledged =
                json!({ "jsonrpc": "2.0", "method": "notifications/subscriptions/acknowledged", "params": params });
            let changed = json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed", "params": { "_meta": meta } });
            stream(&[acknowledged, changed])
        }
        "tools/list" if told.load(Ordering::SeqCst) => asked.result(&json!({
            "resultType": "complete", "ttlMs": 0, "cacheScope": "private", "tools": [tool("new")],
        })),
        _ => modern(asked),
    })
    .await;
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    let mut news = world.connections.news();
    assert_eq!(world.connect(id).await, Connection::Ready);
    while world.tools(id).await != ["new"] {
        let next = news.recv().await.expect("the connections live");
        assert!(matches!(
            next,
            ConnectionNews::State(_) | ConnectionNews::Tools(_)
        ));
    }
}

/// A stream of these messages that then stays open.
pub fn stream(messages: &[serde_json::Value]) -> axum::response::Response {
    let events = messages
        .iter()
        .map(|message| Ok::<_, std::io::Error>(Bytes::from(format!("data: {message}\n\n"))));
    let events: Vec<_> = events.collect();
    let open = futures::StreamExt::chain(futures::stream::iter(events), futures::stream::pending());
    (
        [(header::CONTENT_TYPE, "text/event-stream")],
        Body::from_stream(open),
    )
        .into_response()
}

#[tokio::test]
async fn a_server_that_goes_away_is_noticed_and_found_again() {
    let world = World::new().await;
    let away = Arc::new(AtomicBool::new(false));
    let gone = Arc::clone(&away);
    let peer = Peer::serving(move |asked| match asked.what.as_str() {
        // The stream ends, and the session with it: the server has restarted.
        "GET /mcp" if !gone.swap(true, Ordering::SeqCst) => (
            [(header::CONTENT_TYPE, "text/event-stream")],
            "retry: 1\nid: 1\ndata:\n\n",
        )
            .into_response(),
        "GET /mcp" => StatusCode::NOT_FOUND.into_response(),
        _ => older(asked),
    })
    .await;
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    world.connections.open(id).await;
    peer.was_asked("initialize", 2).await;
    world.until(id, |state| *state == Connection::Ready).await;
    assert!(away.load(Ordering::SeqCst), "the stream was there");
}

#[tokio::test]
async fn shutdown_releases_sessions() {
    let (world, peer) = (World::new().await, Peer::serving(older).await);
    let id = world.add(&peer, Some(AuthKind::Open)).await;
    world.connect(id).await;
    world.connections.shutdown().await;
    assert!(
        peer.posts().contains(&"DELETE /mcp".to_owned()),
        "{:?}",
        peer.posts()
    );
    world.connections.open(id).await;
    assert_eq!(
        world.connections.state(id),
        Connection::Off,
        "nothing opens afterwards"
    );
}
