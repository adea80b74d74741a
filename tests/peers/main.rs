//! The main job against peers that nobody here wrote: from an address to a tool's answer, and once more after
//! a restart.

mod desk;

use serde_json::{Value, json};

use usher_tests::{Peer, ResourceServer};

use crate::desk::Desk;

/// Connects, runs a tool, starts again, runs it again; returns its answers and how often a page was opened.
async fn use_twice(url: &str, tool: &str, arguments: Value) -> ([String; 2], usize) {
    let desk = Desk::new().await;
    let id = desk.connect(url).await;
    desk.ready(&id).await;
    assert!(
        desk.tools(&id).await.iter().any(|name| name == tool),
        "{tool} is listed"
    );
    let first = desk.run(&id, tool, arguments.clone()).await;
    let desk = desk.restart().await;
    desk.ready(&id).await;
    let second = desk.run(&id, tool, arguments).await;
    ([first, second], desk.pages())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_server_is_used_without_a_page() {
    let peer = Peer::start("everything.mjs").await;
    let (answers, pages) = use_twice(peer.mcp(), "echo", json!({ "message": "hello" })).await;
    assert_eq!(answers, ["Echo: hello", "Echo: hello"]);
    assert_eq!(pages, 0, "nobody needs to sign in to it");
}

#[tokio::test(flavor = "multi_thread")]
async fn fastmcp_is_signed_in_to_once() {
    let peer = Peer::start("fastmcp_server.py").await;
    let (answers, pages) = use_twice(peer.mcp(), "add", json!({ "a": 2, "b": 3 })).await;
    assert_eq!(answers, ["5", "5"]);
    assert_eq!(pages, 1, "the second start uses the first one's grant");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_typescript_sdks_demo_is_signed_in_to_once() {
    let peer = Peer::start("ts-sdk-demo.mjs").await;
    let (answers, pages) = use_twice(peer.mcp(), "greet", json!({ "name": "Ada" })).await;
    assert_eq!(answers, ["Hello, Ada!", "Hello, Ada!"]);
    assert_eq!(pages, 1, "the second start uses the first one's grant");
}

/// Signs in at a provider in front of a server on rmcp and uses it twice.
async fn use_behind(script: &str, scopes: &'static str) {
    let server = ResourceServer::behind(script, scopes).await;
    let (answers, pages) = use_twice(&server.url(), "forecast", json!({ "city": "Oslo" })).await;
    assert_eq!(answers, ["Tomorrow it will be fine in Oslo."; 2]);
    assert_eq!(pages, 1, "the second start uses the first one's grant");
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_provider_is_signed_in_to_once() {
    use_behind("oidc-provider.mjs", "tools:read tools:call").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nanoidps_login_form_is_filled_in_once() {
    use_behind("nanoidp_server.py", "openid").await;
}
