//! While the person is in the browser: restarts, second thoughts, and several sign-ins at once.

use serde_json::{Value, json};
use usher_core::api::contract::ErrorCode;
use usher_tests::{AuthorizationServer, Decision, Door, Furniture, Home, McpServer, Ways};

use super::parameter;

/// A home whose links the story delivers by hand.
async fn by_hand() -> Home {
    Home::with(Furniture {
        delivers: false,
        ..Furniture::default()
    })
    .await
}

#[tokio::test]
async fn an_answer_after_a_restart_is_honoured() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = by_hand().await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let link = home.link(1).await;
    home.restart().await;
    home.at_the_page(&id).await;
    home.app().deep_link(&link).await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
    home.state(&id, "ready").await;
    assert_eq!(home.person().opened().len(), 1, "the browser is not opened again");
}

#[tokio::test]
async fn a_second_click_supersedes_the_first() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = by_hand().await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let first = home.link(1).await;
    home.connect(&id).await;
    let second = home.link(2).await;
    home.app().deep_link(&first).await;
    assert!(
        home.server(&id).await["lastOutcome"].is_null(),
        "the first is over"
    );
    assert_eq!(authorization.seen().count("POST /token"), 0);
    home.app().deep_link(&second).await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
}

#[tokio::test]
async fn a_cancelled_sign_in_takes_no_answer() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = by_hand().await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let (shown, link) = (home.at_the_page(&id).await, home.link(1).await);
    let sign_in = json!({ "id": shown["signIn"]["id"] });
    home.good("cancelSignIn", sign_in.clone()).await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "cancelled" }));
    home.app().deep_link(&link).await;
    assert_eq!(authorization.seen().count("POST /token"), 0);
    for name in ["cancelSignIn", "reopenBrowser", "signInLink"] {
        let refused = home.call(name, sign_in.clone()).await;
        assert_eq!(
            refused.expect_err("it is over").code,
            ErrorCode::NoSignIn,
            "{name}"
        );
    }
}

#[tokio::test]
async fn s13_two_sign_ins_go_on_side_by_side() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let servers = [
        McpServer::open(Door::Bearer(&authorization)).await,
        McpServer::open(Door::Bearer(&authorization)).await,
    ];
    let home = by_hand().await;
    let ids = [
        home.add(&servers[0].url()).await,
        home.add(&servers[1].url()).await,
    ];
    home.connect(&ids[0]).await;
    let first = home.link(1).await;
    home.connect(&ids[1]).await;
    let second = home.link(2).await;
    let challenges = home.person().opened();
    let challenges = challenges
        .iter()
        .map(|page| parameter(page.as_str(), "code_challenge"));
    let challenges: Vec<_> = challenges.collect();
    assert_ne!(challenges[0], challenges[1], "one verifier per attempt");

    home.app().deep_link(&second).await;
    home.app().deep_link(&first).await;
    for id in &ids {
        assert_eq!(home.outcome(id).await, json!({ "kind": "authorized" }));
        home.state(id, "ready").await;
    }
    assert_eq!(authorization.living_grants(), 2);
    assert_eq!(
        authorization.seen().count("POST /register"),
        1,
        "one client serves both"
    );
}

#[tokio::test]
async fn the_page_can_be_opened_once_more_and_is_the_same() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Nothing).await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let shown = home.at_the_page(&id).await;
    home.person().decides(Decision::Allow);
    home.good("reopenBrowser", json!({ "id": shown["signIn"]["id"] }))
        .await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
    let opened = home.person().opened();
    assert_eq!(opened[0], opened[1]);
}

#[tokio::test]
async fn signing_in_anew_always_shows_the_providers_page() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    home.sign_in(&id).await;
    home.state(&id, "ready").await;
    home.good("signIn", json!({ "id": id })).await;
    home.arrival(2).await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
    assert_eq!(home.person().opened().len(), 2, "no silent refresh");
    home.state(&id, "ready").await;
}

#[tokio::test]
async fn a_sign_in_says_what_it_was_begun_for_also_after_a_restart() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = by_hand().await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let shown = home.at_the_page(&id).await;
    assert_eq!(shown["signIn"]["purpose"], json!({ "kind": "connect" }));
    let link = home.link(1).await;
    home.app().deep_link(&link).await;
    let account = home.state(&id, "ready").await["account"]["id"].clone();
    let named = json!({ "server": id, "account": account });
    home.good("reconnectAccount", named).await;
    let again = json!({ "kind": "again", "account": account });
    assert_eq!(home.at_the_page(&id).await["signIn"]["purpose"], again);
    home.restart().await;
    assert_eq!(home.at_the_page(&id).await["signIn"]["purpose"], again);
    for (call, kind) in [("addAccount", "add"), ("signIn", "switch")] {
        home.good(call, json!({ "id": id })).await;
        let begun = |server: &Value| server["signIn"]["purpose"]["kind"] == kind;
        home.until(&id, begun).await;
    }
}
