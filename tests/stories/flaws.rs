//! Documents that break their specification, as the window and the record tell of them.

use axum::{
    Router,
    http::{StatusCode, header},
    routing::{any, get},
};
use serde_json::{Value, json};
use usher_tests::{AuthorizationServer, Decision, Home, Listening, Signpost, Ways, canned};

/// A server that lets nobody in and whose challenge leads to these bytes.
async fn serving(document: impl FnOnce(&str) -> Vec<u8>) -> Listening {
    Listening::serve(|base| {
        let challenge = format!("Bearer resource_metadata=\"{base}/about?key=canary\"");
        let refuse =
            move || async move { (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)]) };
        let document = document(base);
        Router::new()
            .route("/mcp", any(refuse))
            .route("/about", get(move || async move { document }))
    })
    .await
}

/// Gives the last decision of the last run at a server, with its rule.
async fn last_decision(home: &Home, server: &str) -> Value {
    let runs = home.good("signInRuns", json!({ "id": server })).await;
    let run = home
        .good("signInRun", json!({ "id": runs["runs"][0]["id"] }))
        .await;
    let steps = run["steps"].as_array().expect("steps");
    steps.last().expect("a step")["what"].clone()
}

fn utf_16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    b"\xff\xfe".iter().copied().chain(units).collect()
}

#[tokio::test]
async fn s07_a_document_that_cannot_be_used_is_told_with_its_place_and_what_is_wrong() {
    let deep = format!("{{\"x\":{}", "[".repeat(100));
    let cases = [
        (
            b"<!doctype html><title>canary</title>".to_vec(),
            json!({ "kind": "webPage" }),
        ),
        (
            vec![b' '; 5_000_000],
            json!({ "kind": "tooLarge", "limit": 1_048_576 }),
        ),
        (
            b"{\n  \"resource\": \"https://mcp.example".to_vec(),
            json!({ "kind": "cutShort", "line": 2, "column": 34 }),
        ),
        (
            b"{\"resource\":\"canary\",\"resource\":\"x\"}".to_vec(),
            json!({ "kind": "repeated", "member": "resource", "line": 1, "column": 31 }),
        ),
        (
            deep.into_bytes(),
            json!({ "kind": "tooDeep", "limit": 64, "line": 1, "column": 69 }),
        ),
        (utf_16("{}"), json!({ "kind": "notUtf8" })),
        (
            b"[\"canary\"]".to_vec(),
            json!({ "kind": "notAnObject", "found": "array" }),
        ),
        (
            b"{\"resource\":7}".to_vec(),
            json!({ "kind": "wrongType", "member": "resource", "expected": "string", "found": "number" }),
        ),
    ];
    let home = Home::new(Decision::Allow).await;
    for (document, flaw) in cases {
        let server = serving(|_| document).await;
        let id = home.add(&format!("{}/mcp", server.base)).await;
        let url = format!("{}/about?…", server.base);
        let told = json!({ "kind": "badDocument", "document": "resourceMetadata", "url": url, "flaw": flaw });
        assert_eq!(home.sign_in(&id).await, told);
        let decided = last_decision(&home, &id).await;
        let decision = json!({ "kind": "resourceMetadataFlawed", "url": url, "flaw": flaw });
        assert_eq!(decided["decision"], decision, "it is written down");
        assert_eq!(
            (&decided["rule"], &decided["refusal"]),
            (&json!("RFC 9728 §3.2"), &json!(true))
        );
    }
    assert!(home.person().opened().is_empty(), "no page");
    assert!(
        !home.heard().contains("canary"),
        "neither the query nor a word of a document is shown"
    );
}

#[tokio::test]
async fn a_byte_order_mark_spoils_no_document() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let issuer = authorization.issuer();
    let marked = |base: &str| {
        let document = json!({ "resource": format!("{base}/mcp"), "authorization_servers": [issuer] });
        format!("\u{feff}{document}").into_bytes()
    };
    let server = serving(marked).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&format!("{}/mcp", server.base)).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
}

#[tokio::test]
async fn an_authorization_server_that_answers_a_page_for_every_path_is_told() {
    let pages = canned(200, "text/html", "<html>Welcome").await;
    let server = Signpost::to(&[&pages.base]).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    let told = json!({
        "kind": "badDocument", "document": "serverMetadata",
        "url": format!("{}/.well-known/oauth-authorization-server", pages.base), "flaw": { "kind": "webPage" },
    });
    assert_eq!(home.sign_in(&id).await, told);
}
