//! Servers that want an API key, and servers that want nothing.

use serde_json::{Value, json};
use usher_core::api::contract::ErrorCode;
use usher_tests::{Decision, Door, Home, McpServer};

const NAME: &str = "x-api-key";

fn key(value: &str) -> Value {
    json!([{ "name": NAME, "value": value }])
}

#[tokio::test]
async fn an_open_server_is_connected_without_any_sign_in() {
    let server = McpServer::open(Door::Open).await;
    let home = Home::new(Decision::Allow).await;
    let found = home.good("probe", json!({ "url": server.url() })).await;
    assert_eq!(found, json!({ "kind": "open" }));
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    home.state(&id, "ready").await;
    home.echo(&id, "hello").await.expect("the tool answers");
    assert!(
        home.person().opened().is_empty(),
        "there is nothing to sign in to"
    );
}

#[tokio::test]
async fn a_key_connects_and_is_never_shown_again() {
    let server = McpServer::open(Door::Header(NAME, "the-right-key")).await;
    let mut home = Home::new(Decision::Allow).await;
    let found = home.good("probe", json!({ "url": server.url() })).await;
    assert_eq!(found, json!({ "kind": "header" }));
    let id = home.add_with_headers(&server.url(), key("the-right-key")).await;
    home.connect(&id).await;
    let ready = home.state(&id, "ready").await;
    assert_eq!(ready["headers"], json!([{ "name": NAME }]));

    home.good(
        "editServer",
        json!({ "id": id, "name": "Renamed", "clientSecret": { "kind": "keep" } }),
    )
    .await;
    home.restart().await;
    home.state(&id, "ready").await;
    assert!(!home.heard().contains("the-right-key"), "values never leave");
}

#[tokio::test]
async fn a_wrong_key_says_so_and_the_right_one_mends_it() {
    let server = McpServer::open(Door::Header(NAME, "the-right-key")).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add_with_headers(&server.url(), key("a-wrong-key")).await;
    home.connect(&id).await;
    let refused = home.state(&id, "signInNeeded").await;
    assert_eq!(refused["state"]["reason"], "headerRefused");
    let error = home.echo(&id, "hello").await.expect_err("the key is wrong");
    assert_eq!(error.code, ErrorCode::HeaderRefused);
    assert!(home.person().opened().is_empty(), "a key is no sign-in");

    let value = json!({ "kind": "set", "value": "the-right-key" });
    let headers = json!([{ "name": NAME, "value": value }]);
    home.good(
        "editServer",
        json!({ "id": id, "headers": headers, "clientSecret": { "kind": "keep" } }),
    )
    .await;
    home.state(&id, "ready").await;
}

#[tokio::test]
async fn a_key_that_is_missing_is_asked_for() {
    let server = McpServer::open(Door::Header(NAME, "the-right-key")).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let refused = home.state(&id, "signInNeeded").await;
    assert_eq!(refused["state"]["reason"], "headerRefused");
}
