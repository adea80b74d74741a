//! Answers that belong to nobody end nothing: the person's own sign-in can still be finished (S12, S17, S18).

use serde_json::json;
use usher_core::api::contract::ErrorCode;
use usher_tests::{AuthorizationServer, Decision, Door, Furniture, Home, Iss, McpServer, Ways};

use super::{parameter, replaced};

/// A home where a sign-in waits for its answer, which the story holds in its hand.
struct Waiting {
    authorization: AuthorizationServer,
    _server: McpServer,
    home: Home,
    id: String,
    link: String,
}

impl Waiting {
    async fn at(ways: Ways) -> Self {
        let authorization = AuthorizationServer::open(ways).await;
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let home = Home::with(Furniture {
            delivers: false,
            ..Furniture::default()
        })
        .await;
        let id = home.add(&server.url()).await;
        home.connect(&id).await;
        home.at_the_page(&id).await;
        let link = home.link(1).await;
        Self {
            authorization,
            _server: server,
            home,
            id,
            link,
        }
    }

    /// Hands over a link and tells whether the sign-in still waits, unexchanged.
    async fn survives(&self, link: &str) -> bool {
        self.home.app().deep_link(link).await;
        let server = self.home.server(&self.id).await;
        server["signIn"]["stage"]["kind"] == "browser"
            && server["lastOutcome"].is_null()
            && self.authorization.seen().count("POST /token") == 0
    }

    async fn finish(&self) {
        self.home.app().deep_link(&self.link).await;
        let outcome = self.home.outcome(&self.id).await;
        assert_eq!(
            outcome,
            json!({ "kind": "authorized" }),
            "the true answer still counts"
        );
        assert_eq!(self.authorization.living_grants(), 1);
    }
}

#[tokio::test]
async fn s12_a_strangers_callback_finishes_nothing() {
    let waiting = Waiting::at(Ways::default()).await;
    let state = parameter(&waiting.link, "state").expect("an answer carries state");
    for (what, link) in [
        ("no state", replaced(&waiting.link, "state", None)),
        ("an empty state", replaced(&waiting.link, "state", Some(""))),
        ("a forged state", replaced(&waiting.link, "state", Some("forged"))),
        (
            "a longer state",
            replaced(&waiting.link, "state", Some(&format!("{state}A"))),
        ),
        ("two states", format!("{}&state={state}", waiting.link)),
        ("two codes", format!("{}&code=another", waiting.link)),
        ("a fragment", format!("{}#more", waiting.link)),
        (
            "another path",
            waiting.link.replace("/callback", "/callback/more"),
        ),
        ("another host", waiting.link.replace("//oauth", "//evil")),
        ("a name in it", waiting.link.replace("//oauth", "//me@oauth")),
        (
            "far too much",
            format!("{}&more={}", waiting.link, "a".repeat(9000)),
        ),
        (
            "a forged refusal",
            "dev.usher.desktop://oauth/callback?error=access_denied&state=forged".to_owned(),
        ),
        ("nonsense", "dev.usher.desktop:".to_owned()),
    ] {
        assert!(waiting.survives(&link).await, "{what} ends nothing");
    }
    waiting.finish().await;
}

#[tokio::test]
async fn s12_an_answer_counts_once() {
    let waiting = Waiting::at(Ways::default()).await;
    waiting.finish().await;
    waiting.home.app().deep_link(&waiting.link).await;
    assert_eq!(waiting.authorization.seen().count("POST /token"), 1, "no replay");
    assert_eq!(
        waiting.home.server(&waiting.id).await["lastOutcome"]["kind"],
        "authorized"
    );
}

#[tokio::test]
async fn s12_of_many_deliveries_at_once_one_counts() {
    let waiting = Waiting::at(Ways::default()).await;
    let app = waiting.home.app();
    let deliveries = (0..20).map(|_| app.deep_link(&waiting.link));
    futures::future::join_all(deliveries).await;
    assert_eq!(waiting.home.outcome(&waiting.id).await["kind"], "authorized");
    assert_eq!(waiting.authorization.seen().count("POST /token"), 1);
}

#[tokio::test]
async fn s17_an_answer_without_the_promised_issuer_ends_nothing() {
    let waiting = Waiting::at(Ways {
        iss: Iss::Missing,
        ..Ways::default()
    })
    .await;
    assert!(waiting.survives(&waiting.link).await, "promised and missing");
}

#[tokio::test]
async fn s17_an_answer_of_another_issuer_ends_nothing_and_its_error_is_not_shown() {
    let waiting = Waiting::at(Ways {
        iss: Iss::Wrong,
        ..Ways::default()
    })
    .await;
    assert!(waiting.survives(&waiting.link).await, "another issuer");
    let error = replaced(
        &replaced(&waiting.link, "code", None),
        "error",
        Some("very_odd_error"),
    );
    assert!(waiting.survives(&error).await, "an error of another issuer");
    let issuer = waiting.authorization.issuer();
    for (what, iss) in [
        ("a slash", format!("{issuer}/")),
        ("letters", issuer.to_uppercase()),
    ] {
        let link = replaced(&waiting.link, "iss", Some(&iss));
        assert!(waiting.survives(&link).await, "an issuer that differs in {what}");
    }
    assert!(!waiting.home.heard().contains("very_odd_error"));
}

#[tokio::test]
async fn s17_an_issuer_that_promises_nothing_need_not_be_named() {
    let waiting = Waiting::at(Ways {
        iss: Iss::Absent,
        ..Ways::default()
    })
    .await;
    let named = replaced(&waiting.link, "iss", Some("https://evil.example"));
    assert!(waiting.survives(&named).await, "but if it is, it must be right");
    waiting.finish().await;
}

#[tokio::test]
async fn an_answer_that_brings_nothing_is_told_as_such() {
    let waiting = Waiting::at(Ways::default()).await;
    let link = replaced(&waiting.link, "code", None);
    waiting.home.app().deep_link(&link).await;
    let outcome = waiting.home.outcome(&waiting.id).await;
    assert_eq!(outcome, json!({ "kind": "missingParameters" }));
}

#[tokio::test]
async fn an_answer_for_a_server_that_was_deleted_signs_nobody_in() {
    let waiting = Waiting::at(Ways::default()).await;
    waiting
        .home
        .good("deleteServer", json!({ "id": waiting.id }))
        .await;
    waiting.home.app().deep_link(&waiting.link).await;
    assert_eq!(waiting.authorization.seen().count("POST /token"), 0);
}

#[tokio::test]
async fn s23_only_an_address_of_a_waiting_sign_in_can_be_pasted() {
    let waiting = Waiting::at(Ways::default()).await;
    let code = parameter(&waiting.link, "code").expect("an answer carries a code");
    let forged = replaced(&waiting.link, "state", Some("forged"));
    let elsewhere = waiting
        .link
        .replace("dev.usher.desktop://oauth/callback", "https://evil.example/");
    let misnamed = replaced(&waiting.link, "iss", Some("https://evil.example"));
    for pasted in [
        code.as_str(),
        "",
        "https://example.com",
        &forged,
        &elsewhere,
        &misnamed,
    ] {
        let refused = waiting
            .home
            .call("pasteAnswer", json!({ "address": pasted }))
            .await;
        let refused = refused.expect_err("not an answer to this sign-in");
        assert_eq!(refused.code, ErrorCode::PastedAddressUnknown);
    }
    waiting
        .home
        .good("pasteAnswer", json!({ "address": waiting.link }))
        .await;
    assert_eq!(waiting.home.outcome(&waiting.id).await["kind"], "authorized");
}

#[tokio::test]
async fn s12_the_state_of_one_server_does_not_carry_the_code_of_another() {
    let (one, two) = (
        AuthorizationServer::open(Ways::default()).await,
        AuthorizationServer::open(Ways::default()).await,
    );
    let servers = [
        McpServer::open(Door::Bearer(&one)).await,
        McpServer::open(Door::Bearer(&two)).await,
    ];
    let home = Home::with(Furniture {
        delivers: false,
        decision: Decision::Allow,
        ..Furniture::default()
    })
    .await;
    let ids = [
        home.add(&servers[0].url()).await,
        home.add(&servers[1].url()).await,
    ];
    home.connect(&ids[0]).await;
    let first = home.link(1).await;
    home.connect(&ids[1]).await;
    let second = home.link(2).await;

    let code = parameter(&second, "code").expect("an answer carries a code");
    let mixed = replaced(&first, "code", Some(&code));
    let iss = parameter(&second, "iss").expect("an answer names its issuer");
    home.app().deep_link(&replaced(&mixed, "iss", Some(&iss))).await;
    assert!(
        home.server(&ids[0]).await["lastOutcome"].is_null(),
        "the issuer gives it away"
    );
    home.app().deep_link(&mixed).await;
    assert_eq!(
        home.outcome(&ids[0]).await["kind"],
        "exchangeFailed",
        "the verifier gives it away"
    );
    home.app().deep_link(&second).await;
    assert_eq!(
        home.outcome(&ids[1]).await["kind"],
        "authorized",
        "the other goes on"
    );
    assert_eq!((one.living_grants(), two.living_grants()), (0, 1));
}

#[tokio::test]
async fn a_server_that_moved_is_signed_in_to_by_what_the_new_place_says() {
    let (old, new) = (
        AuthorizationServer::open(Ways::default()).await,
        AuthorizationServer::open(Ways::default()).await,
    );
    let (from, to) = (
        McpServer::open(Door::Bearer(&old)).await,
        McpServer::open(Door::Bearer(&new)).await,
    );
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&from.url()).await;
    home.sign_in(&id).await;
    home.until(&id, |server| server["state"]["kind"] == "ready").await;
    old.revoke_all();
    let refused = home.echo(&id, "hello").await;
    assert_eq!(
        refused.expect_err("the grant is gone").code,
        ErrorCode::ReauthRequired
    );

    home.good("disconnect", json!({ "id": id })).await;
    let edit = json!({ "id": id, "url": to.url(), "clientSecret": { "kind": "keep" } });
    home.good("editServer", edit).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    assert_eq!(new.living_grants(), 1);
}
