//! The main job, from the address to the tool's answer, and what it costs on the wire.

use std::collections::BTreeMap;

use serde_json::json;
use usher_tests::{AuthorizationServer, Decision, Door, Home, McpServer, Seen, Ways};

use super::parameter;

#[tokio::test]
async fn a_person_signs_in_once_and_everything_still_works_after_a_restart() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = Home::new(Decision::Allow).await;
    let found = home.good("probe", json!({ "url": server.url() })).await;
    assert_eq!(found["kind"], "oauth");
    let id = home.add(&server.url()).await;
    assert!(home.person().opened().is_empty(), "nothing opens before Connect");

    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    let ready = home.state(&id, "ready").await;
    assert_eq!(ready["account"]["renews"], true);
    assert_eq!(ready["toolCount"], 5);
    let tools = home.good("tools", json!({ "id": id })).await;
    assert_eq!(tools["tools"][0]["name"], "echo");
    let answer = home.echo(&id, "hello").await.expect("the tool answers");
    assert_eq!(answer["content"], json!([{ "kind": "text", "text": "hello" }]));

    home.restart().await;
    home.state(&id, "ready").await;
    home.echo(&id, "again").await.expect("the tool still answers");
    assert_eq!(home.person().opened().len(), 1, "one sign-in is enough");

    let gone = home.good("disconnect", json!({ "id": id })).await;
    assert_eq!(gone["lastRevocation"], "revoked");
    assert_eq!(gone["state"]["kind"], "off");
    assert_eq!(gone["account"], json!(null));
    assert_eq!(
        authorization.living_grants(),
        0,
        "nothing is left at the provider"
    );

    home.restart().await;
    assert_eq!(home.server(&id).await["state"]["kind"], "off");
    assert_eq!(home.person().opened().len(), 1, "nothing opens by itself");
}

fn params(seen: &[Seen], line: &str) -> BTreeMap<String, String> {
    let found = seen.iter().find(|seen| seen.line == line);
    found.map(|seen| seen.params.clone()).unwrap_or_default()
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

#[tokio::test]
async fn from_the_click_to_the_tools_no_request_is_made_in_vain() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    let before = (authorization.seen().lines().len(), server.seen().lines().len());
    home.sign_in(&id).await;
    home.state(&id, "ready").await;

    let seen = authorization.seen().lines().split_off(before.0);
    let asked = [
        "GET /.well-known/oauth-authorization-server",
        "POST /register",
        "GET /authorize",
        "POST /consent",
        "POST /token",
    ];
    assert_eq!(seen, asked, "the one look at the page is the person's");
    let seen = server.seen().all().split_off(before.1);
    let seen: Vec<_> = seen
        .iter()
        .map(|seen| (seen.line.as_str(), seen.params.get("method").map(String::as_str)))
        .collect();
    let asked = [
        ("GET /.well-known/oauth-protected-resource/mcp", None),
        ("POST /mcp", Some("server/discover")),
        ("POST /mcp", Some("tools/list")),
    ];
    assert_eq!(seen, asked);
}

#[tokio::test]
async fn what_is_sent_to_the_provider_is_what_the_rules_ask_for() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    home.sign_in(&id).await;

    let (seen, resource) = (authorization.seen().all(), server.url());
    let redirect = "dev.usher.desktop://oauth/callback";
    let page = pairs(&[
        ("client_id", "…"),
        ("code_challenge", "…"),
        ("code_challenge_method", "S256"),
        ("redirect_uri", redirect),
        ("resource", &resource),
        ("response_type", "code"),
        ("scope", "tools"),
        ("state", "…"),
    ]);
    let opened = home.person().opened().pop().expect("the page was opened");
    let state = parameter(opened.as_str(), "state").expect("the page is asked with state");
    assert!(state.len() >= 43, "256 bits of state");
    let shown = seen.iter().rfind(|seen| seen.line == "GET /authorize");
    assert_eq!(shown.expect("the page was shown").params, page);
    let exchange = pairs(&[
        ("client_id", "…"),
        ("code", "…"),
        ("code_verifier", "…"),
        ("grant_type", "authorization_code"),
        ("redirect_uri", redirect),
        ("resource", &resource),
    ]);
    assert_eq!(params(&seen, "POST /token"), exchange);
    let registration = pairs(&[
        ("application_type", "\"native\""),
        ("client_name", "\"Usher\""),
        ("grant_types", "[\"authorization_code\",\"refresh_token\"]"),
        ("redirect_uris", "[\"dev.usher.desktop://oauth/callback\"]"),
        ("response_types", "[\"code\"]"),
        ("token_endpoint_auth_method", "\"none\""),
    ]);
    assert_eq!(params(&seen, "POST /register"), registration);
}
