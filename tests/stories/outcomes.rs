//! Every way a sign-in can end, each with its own outcome.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use usher_core::api::contract::ErrorCode;
use usher_tests::{
    AuthorizationServer, Consent, Decision, Door, Furniture, HandClock, Home, McpServer, Registrations, Ways,
};

/// Signs in at a server behind an authorization server of these ways.
async fn outcome_of(decision: Decision, ways: Ways) -> (serde_json::Value, AuthorizationServer) {
    let authorization = AuthorizationServer::open(ways).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(decision).await;
    let id = home.add(&server.url()).await;
    (home.sign_in(&id).await, authorization)
}

fn host(authorization: &AuthorizationServer) -> String {
    authorization.issuer().trim_start_matches("http://").to_owned()
}

#[tokio::test]
async fn consenting_signs_in() {
    let (outcome, authorization) = outcome_of(Decision::Allow, Ways::default()).await;
    assert_eq!(outcome, json!({ "kind": "authorized" }));
    assert_eq!(authorization.living_grants(), 1);
}

#[tokio::test]
async fn saying_no_is_told_as_saying_no() {
    let (outcome, authorization) = outcome_of(Decision::Deny, Ways::default()).await;
    assert_eq!(
        outcome,
        json!({ "kind": "declined", "host": host(&authorization) })
    );
    assert_eq!(authorization.seen().count("POST /token"), 0);
}

#[tokio::test]
async fn a_providers_error_is_told_with_its_text() {
    let ways = Ways {
        consent: Consent::Error("server_error"),
        ..Ways::default()
    };
    let (outcome, authorization) = outcome_of(Decision::Allow, ways).await;
    let told = json!({
        "kind": "providerError", "host": host(&authorization),
        "error": "server_error", "description": "as the story asks",
    });
    assert_eq!(outcome, told);
}

#[tokio::test]
async fn a_code_that_is_not_taken_is_told_with_the_error() {
    let ways = Ways {
        exchange_error: Some("invalid_grant"),
        ..Ways::default()
    };
    let (outcome, authorization) = outcome_of(Decision::Allow, ways).await;
    let told = json!({ "kind": "exchangeFailed", "host": host(&authorization), "error": "invalid_grant" });
    assert_eq!(outcome, told);
    assert_eq!(
        authorization.seen().count("POST /token"),
        1,
        "a code is tried once"
    );
}

#[tokio::test]
async fn r21_s10_a_page_over_plain_http_is_never_opened() {
    let ways = Ways {
        false_page: Some("http://as.example.com/authorize"),
        ..Ways::default()
    };
    let authorization = AuthorizationServer::open(ways).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    let flaw = json!({ "kind": "notAllowed", "member": "authorization_endpoint", "why": "unsafeUrl" });
    assert_eq!(home.sign_in(&id).await["flaw"], flaw);
    assert!(home.person().opened().is_empty(), "nothing was opened");
}

#[tokio::test]
async fn r05_s03_metadata_of_another_issuer_is_refused_before_anything_is_sent() {
    let ways = Ways {
        false_issuer: Some("https://evil.example"),
        ..Ways::default()
    };
    let (outcome, authorization) = outcome_of(Decision::Allow, ways).await;
    let told = json!({
        "kind": "issuerMismatch", "expected": authorization.issuer(), "found": "https://evil.example",
    });
    assert_eq!(outcome, told);
    assert_eq!(authorization.seen().count("POST /register"), 0);
}

#[tokio::test]
async fn r12_s08_a_provider_without_pkce_is_refused() {
    let ways = Ways {
        pkce: false,
        ..Ways::default()
    };
    let (outcome, authorization) = outcome_of(Decision::Allow, ways).await;
    let told = json!({ "kind": "noPkce", "host": host(&authorization), "others": false });
    assert_eq!(outcome, told);
}

#[tokio::test]
async fn a_refused_registration_is_told_with_the_error() {
    let ways = Ways {
        registrations: Registrations::Refused,
        ..Ways::default()
    };
    let (outcome, authorization) = outcome_of(Decision::Allow, ways).await;
    let told =
        json!({ "kind": "registrationRefused", "host": host(&authorization), "error": "access_denied" });
    assert_eq!(outcome, told);
}

#[tokio::test]
async fn an_authorization_server_that_is_gone_is_told() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let (home, gone) = (Home::new(Decision::Allow).await, host(&authorization));
    let id = home.add(&server.url()).await;
    drop(authorization);
    assert_eq!(
        home.sign_in(&id).await,
        json!({ "kind": "unreachable", "host": gone })
    );
}

#[tokio::test]
async fn without_registration_a_client_id_is_typed_in() {
    let authorization = AuthorizationServer::open(Ways {
        registrations: Registrations::Absent,
        known_client: Some(("my-client", "my-secret")),
        ..Ways::default()
    })
    .await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    let told = json!({ "kind": "noRegistration", "host": host(&authorization) });
    assert_eq!(home.sign_in(&id).await, told);

    let secret = json!({ "kind": "set", "value": "my-secret" });
    let edit = json!({ "id": id, "clientId": "my-client", "clientSecret": secret });
    let edited = home.good("editServer", edit).await;
    assert_eq!(edited["hasClientSecret"], true);
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    assert_eq!(authorization.living_grants(), 1);
    assert!(
        !home.heard().contains("my-secret"),
        "a stored secret is never shown again"
    );
}

#[tokio::test]
async fn r15_nobody_coming_back_for_ten_minutes_is_a_timeout_and_a_late_answer_is_refused() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let clock = HandClock::default();
    let home = Home::with(Furniture {
        clock: Arc::new(clock.clone()),
        delivers: false,
        ..Furniture::default()
    })
    .await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let late = home.link(1).await;
    clock.advance(Duration::from_secs(601));
    assert_eq!(home.outcome(&id).await, json!({ "kind": "timedOut" }));
    home.app().deep_link(&late).await;
    assert_eq!(home.server(&id).await["lastOutcome"]["kind"], "timedOut");
    assert_eq!(authorization.seen().count("POST /token"), 0);
}

#[tokio::test]
async fn without_a_browser_the_link_is_there_and_the_answer_can_be_pasted() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::NoBrowser).await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let shown = home
        .until(&id, |server| server["signIn"]["stage"]["opened"] == false)
        .await;
    let sign_in = json!({ "id": shown["signIn"]["id"] });
    let refused = home.call("reopenBrowser", sign_in.clone()).await;
    assert_eq!(
        refused.expect_err("there is no browser").code,
        ErrorCode::BrowserClosed
    );

    let link = home.good("signInLink", sign_in).await;
    let page = link["url"].as_str().expect("an address").parse().expect("a URL");
    let end = usher_tests::Person::follow(page, Decision::Allow)
        .await
        .expect("a page");
    let usher_tests::Arrival::Link(address) = end else {
        panic!("a deep link is expected: {end:?}")
    };
    home.good("pasteAnswer", json!({ "address": format!("  {address}\n") }))
        .await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
}
