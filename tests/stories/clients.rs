//! A client that we registered is deleted where it was registered, when its last account goes and not before (RFC 7592).

use std::{sync::Arc, time::Duration};

use serde_json::json;
use usher_tests::{
    AuthorizationServer, Door, Exchange, Furniture, HandClock, Home, Managing, McpServer, Registrations, Ways,
};

/// A home signed in to two servers behind one provider, which knows both as one client.
struct Two {
    authorization: AuthorizationServer,
    _servers: [McpServer; 2],
    home: Home,
    ids: [String; 2],
}

impl Two {
    async fn new(managing: Managing) -> Self {
        Self::with(managing, Furniture::default()).await
    }

    async fn with(managing: Managing, furniture: Furniture) -> Self {
        let authorization = AuthorizationServer::open(Ways {
            managing,
            ..Ways::default()
        })
        .await;
        let servers = [
            McpServer::open(Door::Bearer(&authorization)).await,
            McpServer::open(Door::Bearer(&authorization)).await,
        ];
        let delivers = furniture.delivers;
        let home = Home::with(furniture).await;
        let ids = [
            home.add(&servers[0].url()).await,
            home.add(&servers[1].url()).await,
        ];
        for (at, id) in ids.iter().enumerate() {
            home.connect(id).await;
            if !delivers {
                let link = home.link(at + 1).await;
                home.app().deep_link(&link).await;
            }
            home.state(id, "ready").await;
        }
        assert_eq!(authorization.clients(), 1, "one client serves both");
        Self {
            authorization,
            _servers: servers,
            home,
            ids,
        }
    }

    /// Makes a call about a server, and waits until everything that follows from it has been done.
    async fn call(&mut self, name: &str, at: usize) {
        self.home.good(name, json!({ "id": self.ids[at] })).await;
        self.home.restart().await;
    }

    fn deletions(&self) -> usize {
        self.authorization.seen().count("DELETE /register")
    }
}

#[tokio::test]
async fn a_client_goes_with_its_last_account_and_not_before() {
    let mut two = Two::new(Managing::Deleting).await;
    two.call("disconnect", 0).await;
    assert_eq!(two.deletions(), 0, "the other server's account has it");
    two.home.state(&two.ids[1], "ready").await;
    two.call("disconnect", 1).await;
    assert_eq!(two.deletions(), 1);
    assert_eq!(two.authorization.clients(), 0);

    let runs = two.home.good("signInRuns", json!({ "id": two.ids[1] })).await;
    let told = json!({ "kind": "deregistration", "end": "deleted" });
    let told = runs["runs"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|run| run["standing"] == told);
    assert!(told, "it is written down: {runs:#}");

    assert_eq!(
        two.home.sign_in(&two.ids[0]).await,
        json!({ "kind": "authorized" })
    );
    assert_eq!(
        two.authorization.clients(),
        1,
        "whoever signs in again is registered anew"
    );
}

#[tokio::test]
async fn a_server_that_is_deleted_or_moved_takes_its_client_along() {
    let mut two = Two::new(Managing::Deleting).await;
    two.call("deleteServer", 0).await;
    assert_eq!(two.deletions(), 0);
    let moved =
        json!({ "id": two.ids[1], "url": "http://127.0.0.1:1/mcp", "clientSecret": { "kind": "keep" } });
    two.home.good("editServer", moved).await;
    two.home.restart().await;
    assert_eq!(two.deletions(), 1);
    assert_eq!(two.authorization.clients(), 0);
}

#[tokio::test]
async fn an_account_beside_others_leaves_the_client_to_them() {
    let mut two = Two::new(Managing::Deleting).await;
    two.call("disconnect", 1).await;
    two.home.good("addAccount", json!({ "id": two.ids[0] })).await;
    two.home.outcome(&two.ids[0]).await;
    for deletions in [0, 1] {
        let accounts = two.home.server(&two.ids[0]).await["accounts"].clone();
        let first = json!({ "server": two.ids[0], "account": accounts[0]["id"] });
        two.home.good("removeAccount", first).await;
        two.home.restart().await;
        assert_eq!(two.deletions(), deletions);
    }
}

#[tokio::test]
async fn a_provider_that_refuses_does_not_keep_the_client_here() {
    let mut two = Two::new(Managing::Refused).await;
    two.call("disconnect", 0).await;
    two.call("disconnect", 1).await;
    assert_eq!(two.deletions(), 1, "it was asked once");
    assert_eq!(two.home.server(&two.ids[1]).await["state"]["kind"], "off");
    two.home.sign_in(&two.ids[1]).await;
    assert_eq!(
        two.authorization.seen().count("POST /register"),
        2,
        "forgotten here"
    );
}

#[tokio::test]
async fn a_client_that_cannot_be_deleted_is_kept_for_the_next_sign_in() {
    let mut two = Two::new(Managing::Nothing).await;
    two.call("disconnect", 0).await;
    two.call("disconnect", 1).await;
    assert_eq!(two.deletions(), 0);
    two.home.sign_in(&two.ids[1]).await;
    assert_eq!(two.authorization.clients(), 1, "none is left behind there");
}

/// A home that has signed out of both servers while their provider was in trouble, and its clock.
async fn signed_out(managing: Managing) -> (Two, HandClock) {
    let clock = HandClock::default();
    let furniture = Furniture {
        clock: Arc::new(clock.clone()),
        ..Furniture::default()
    };
    let mut two = Two::with(managing, furniture).await;
    two.call("disconnect", 0).await;
    two.call("disconnect", 1).await;
    assert_eq!(two.deletions(), 1);
    (two, clock)
}

#[tokio::test]
async fn a_client_whose_deletion_reached_nobody_is_deleted_later() {
    let (mut two, clock) = signed_out(Managing::DeletingLater).await;
    assert_eq!(two.authorization.clients(), 1);
    let told = json!({ "kind": "deregistration", "end": "unreachable" });
    let runs = two.home.good("signInRuns", json!({ "id": two.ids[1] })).await;
    let mut runs = runs["runs"].as_array().into_iter().flatten();
    assert!(runs.any(|run| run["standing"] == told), "it is written down");

    clock.advance(Duration::from_secs(30));
    two.home.restart().await;
    assert_eq!(two.deletions(), 1, "not at once");
    clock.advance(Duration::from_secs(60));
    // A start looks at once; a sleep could be begun just after the clock was moved.
    two.home.restart().await;
    let deletes =
        |exchanges: &[Exchange]| exchanges.iter().filter(|seen| seen.method == "DELETE").count() == 2;
    two.authorization.wire().until(deletes).await;
    two.home.restart().await;
    assert_eq!(two.authorization.clients(), 0);
    clock.advance(Duration::from_secs(24 * 60 * 60));
    two.home.restart().await;
    assert_eq!(two.deletions(), 2, "and that is the end of it");
}

#[tokio::test]
async fn a_client_that_is_in_use_again_is_not_deleted_any_more() {
    let (mut two, clock) = signed_out(Managing::DeletingNamesakesLater).await;
    two.home.sign_in(&two.ids[0]).await;
    two.home.state(&two.ids[0], "ready").await;
    clock.advance(Duration::from_secs(120));
    two.home.restart().await;
    two.home.state(&two.ids[0], "ready").await;
    two.home.restart().await;
    assert_eq!(two.deletions(), 1, "the provider calls both the same");
    assert_eq!(two.authorization.clients(), 1);
}

#[tokio::test]
async fn a_client_that_the_person_typed_in_is_never_deleted() {
    let authorization = AuthorizationServer::open(Ways {
        registrations: Registrations::Absent,
        known_client: Some(("my-client", "my-secret")),
        managing: Managing::Deleting,
        ..Ways::default()
    })
    .await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = Home::with(Furniture::default()).await;
    let id = home.add(&server.url()).await;
    let secret = json!({ "kind": "set", "value": "my-secret" });
    let client = json!({ "id": id, "clientId": "my-client", "clientSecret": secret });
    home.good("editServer", client).await;
    home.sign_in(&id).await;
    home.good("disconnect", json!({ "id": id })).await;
    home.restart().await;
    assert_eq!(authorization.seen().count("DELETE /register"), 0);
    assert_eq!(authorization.clients(), 1);
}

/// The same, where the first server is signed in and a sign-in to the second waits for its answer.
async fn one_waiting() -> (Two, String) {
    let furniture = Furniture {
        delivers: false,
        ..Furniture::default()
    };
    let mut two = Two::with(Managing::Deleting, furniture).await;
    two.call("disconnect", 1).await;
    two.home.connect(&two.ids[1]).await;
    let waiting = two.home.link(3).await;
    (two, waiting)
}

#[tokio::test]
async fn a_sign_in_that_waits_keeps_its_client() {
    let (mut two, waiting) = one_waiting().await;
    two.call("disconnect", 0).await;
    assert_eq!(two.deletions(), 0);
    two.home.at_the_page(&two.ids[1]).await;
    two.home.app().deep_link(&waiting).await;
    assert_eq!(
        two.home.outcome(&two.ids[1]).await,
        json!({ "kind": "authorized" })
    );
}

#[tokio::test]
async fn a_sign_in_that_is_being_finished_keeps_its_client() {
    let (mut two, waiting) = one_waiting().await;
    let held = two.authorization.hold_tokens().await;
    let app = two.home.app();
    let answer = tokio::spawn(async move { app.deep_link(&waiting).await });
    let finishing = |server: &serde_json::Value| server["signIn"]["stage"]["kind"] == "finishing";
    two.home.until(&two.ids[1], finishing).await;
    two.home.good("disconnect", json!({ "id": two.ids[0] })).await;
    drop(held);
    answer.await.expect("the answer is dealt with");
    two.home.state(&two.ids[1], "ready").await;
    two.home.restart().await;
    assert_eq!(two.deletions(), 0);
    two.home.state(&two.ids[1], "ready").await;
}
