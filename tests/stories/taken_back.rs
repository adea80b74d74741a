//! What the person takes back is taken back, however far it had got: no account appears afterwards, and nothing lives
//! on at the provider that nobody here knows of.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use usher_core::{api::contract::EventBody, ports::KeychainError};
use usher_tests::{
    AuthorizationServer, Decision, Door, FailingKeychain, Furniture, Home, McpServer, MemoryKeychain, Ways,
};

/// A home where a sign-in waits for its answer, which the story holds in its hand.
struct Waiting {
    authorization: AuthorizationServer,
    server: McpServer,
    home: Home,
    id: String,
    link: String,
}

impl Waiting {
    async fn with(furniture: Furniture) -> Self {
        let authorization = AuthorizationServer::open(Ways::default()).await;
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let home = Home::with(Furniture {
            delivers: false,
            ..furniture
        })
        .await;
        let id = home.add(&server.url()).await;
        home.connect(&id).await;
        home.at_the_page(&id).await;
        let link = home.link(1).await;
        Self {
            authorization,
            server,
            home,
            id,
            link,
        }
    }

    /// Makes a call while the code is being exchanged, and lets the exchange succeed afterwards.
    async fn meanwhile(&self, name: &str, argument: impl FnOnce(&Value) -> Value) {
        let held = self.authorization.hold_tokens().await;
        let (app, link) = (self.home.app(), self.link.clone());
        let answer = tokio::spawn(async move { app.deep_link(&link).await });
        let finishing = |server: &Value| server["signIn"]["stage"]["kind"] == "finishing";
        let server = self.home.until(&self.id, finishing).await;
        self.home.good(name, argument(&server)).await;
        drop(held);
        answer.await.expect("the answer is dealt with");
        assert_eq!(self.authorization.seen().count("POST /token"), 1, "{name}");
    }

    async fn leaves_nothing(&self) {
        assert!(
            self.home.server(&self.id).await["account"].is_null(),
            "no account"
        );
        let revoked = async {
            while self.authorization.living_grants() > 0 {
                tokio::task::yield_now().await;
            }
        };
        let revoked = tokio::time::timeout(Duration::from_secs(30), revoked).await;
        revoked.expect("what came too late is revoked");
    }
}

#[tokio::test]
async fn a_sign_in_that_is_cancelled_while_it_finishes_signs_nobody_in() {
    let waiting = Waiting::with(Furniture::default()).await;
    let cancel = |server: &Value| json!({ "id": server["signIn"]["id"] });
    waiting.meanwhile("cancelSignIn", cancel).await;
    waiting.leaves_nothing().await;
    assert_eq!(waiting.home.outcome(&waiting.id).await["kind"], "cancelled");
}

#[tokio::test]
async fn a_server_that_is_disconnected_while_a_sign_in_finishes_stays_disconnected() {
    let waiting = Waiting::with(Furniture::default()).await;
    let this = |server: &Value| json!({ "id": server["id"] });
    waiting.meanwhile("disconnect", this).await;
    waiting.leaves_nothing().await;
    let server = waiting.home.server(&waiting.id).await;
    assert_eq!(server["state"]["kind"], "off");
    assert!(server["lastOutcome"].is_null(), "nothing is left to tell");
}

#[tokio::test]
async fn a_server_that_moves_while_a_sign_in_finishes_gets_no_grant_of_its_old_address() {
    let waiting = Waiting::with(Furniture::default()).await;
    let moved = format!("{}/moved", waiting.server.url());
    let edit =
        |server: &Value| json!({ "id": server["id"], "url": moved, "clientSecret": { "kind": "keep" } });
    waiting.meanwhile("editServer", edit).await;
    waiting.leaves_nothing().await;
}

#[tokio::test]
async fn a_server_that_is_deleted_while_a_sign_in_finishes_leaves_no_token_alive() {
    let waiting = Waiting::with(Furniture::default()).await;
    let this = |server: &Value| json!({ "id": server["id"] });
    waiting.meanwhile("deleteServer", this).await;
    waiting.leaves_nothing().await;
}

#[tokio::test]
async fn a_server_that_moves_while_the_vault_is_closed_takes_no_answer_of_its_old_address() {
    let keychain = FailingKeychain::new(KeychainError::Locked, MemoryKeychain::default());
    keychain.mend();
    let mut waiting = Waiting::with(Furniture {
        keychain: Arc::new(keychain.clone()),
        ..Furniture::default()
    })
    .await;
    keychain.fail(KeychainError::Locked);
    waiting.home.restart().await;
    let moved = format!("{}/moved", waiting.server.url());
    let edit = json!({ "id": waiting.id, "url": moved, "clientSecret": { "kind": "keep" } });
    waiting.home.good("editServer", edit).await;
    keychain.mend();
    waiting.home.good("retryVault", Value::Null).await;
    waiting.home.app().deep_link(&waiting.link).await;
    assert_eq!(waiting.authorization.seen().count("POST /token"), 0);
}

#[tokio::test]
async fn nothing_is_told_of_a_server_after_it_was_deleted() {
    for _ in 0..10 {
        let server = McpServer::open(Door::Open).await;
        let home = Home::new(Decision::Allow).await;
        let id = home.add(&server.url()).await;
        let mut events = home.app().events();
        let others = (0..20).map(|_| home.call("disconnect", json!({ "id": id })));
        let deleting = home.good("deleteServer", json!({ "id": id }));
        futures::future::join(futures::future::join_all(others), deleting).await;
        let mut deleted = false;
        while let Ok(event) = events.try_recv() {
            match event.body {
                EventBody::ServerDeleted { .. } => deleted = true,
                EventBody::Server { .. } => assert!(!deleted, "the row would come back"),
                EventBody::Tools { .. }
                | EventBody::Trace { .. }
                | EventBody::Vault { .. }
                | EventBody::Reminders { .. }
                | EventBody::Network { .. }
                | EventBody::Restoration { .. } => {}
            }
        }
        assert!(deleted, "the deletion is told");
    }
}

#[tokio::test]
async fn an_answer_that_was_taken_is_kept_before_the_app_ends() {
    let mut waiting = Waiting::with(Furniture::default()).await;
    let held = waiting.authorization.hold_tokens().await;
    let (app, link) = (waiting.home.app(), waiting.link.clone());
    let answer = tokio::spawn(async move { app.deep_link(&link).await });
    let finishing = |server: &Value| server["signIn"]["stage"]["kind"] == "finishing";
    waiting.home.until(&waiting.id, finishing).await;
    let ending = async {
        // The label goes first; what follows takes shorter than the provider's answer.
        while let Ok(shown) = waiting.home.call("snapshot", Value::Null).await
            && !shown["servers"][0]["signIn"].is_null()
        {
            tokio::task::yield_now().await;
        }
        drop(held);
    };
    futures::future::join(waiting.home.app().shutdown(), ending).await;
    answer.await.expect("the answer is dealt with");
    waiting.home.restart().await;
    assert!(
        waiting.home.server(&waiting.id).await["account"].is_object(),
        "the grant is there"
    );
}
