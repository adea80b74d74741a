//! A call that waits for the person is the call of the account it was made as: nobody else's sign-in lets it go on.

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use usher_core::api::contract::{AppError, ErrorCode};
use usher_tests::{
    Asks, AuthorizationServer, Decision, Door, Home, McpServer, Names, Requirements, Rules, Ways,
};

/// A home signed in as Ada, with a call that waits for her to allow more.
struct Waiting {
    authorization: AuthorizationServer,
    _server: McpServer,
    home: Home,
    id: String,
    call: JoinHandle<Result<Value, AppError>>,
}

impl Waiting {
    async fn at(older: bool) -> Self {
        Self::beside(older, &[]).await
    }

    /// The same with others signed in beside Ada.
    async fn beside(older: bool, others: &[&str]) -> Self {
        let authorization = AuthorizationServer::open(Ways {
            names: Names::IdToken,
            ..Ways::default()
        })
        .await;
        let server = McpServer::open(Rules {
            door: Door::Bearer(&authorization),
            scopes: "openid tools",
            requirements: Some(Requirements {
                authorization: &authorization,
                of: vec![("echo", Asks::Scope("echo:say"))],
            }),
            older,
        })
        .await;
        let home = Home::new(Decision::Allow).await;
        let id = home.add(&server.url()).await;
        home.sign_in(&id).await;
        for other in others {
            authorization.seats(other);
            home.good("addAccount", json!({ "id": id })).await;
            home.outcome(&id).await;
        }
        authorization.seats("ada");
        home.state(&id, "ready").await;
        let call = json!({ "server": id, "tool": "echo", "arguments": { "message": "hello" } });
        let app = home.app();
        let call =
            tokio::spawn(async move { app.call(json!({ "name": "callTool", "argument": call })).await });
        let it = Self {
            authorization,
            _server: server,
            home,
            id,
            call,
        };
        it.is_asked().await;
        it
    }

    /// Waits until the person is asked to allow more; gives the server.
    async fn is_asked(&self) -> Value {
        let asked = |server: &Value| !server["consent"].is_null() && server["signIn"].is_null();
        self.home.until(&self.id, asked).await
    }

    async fn press(&self, button: &str) {
        self.home.good(button, json!({ "id": self.id })).await;
    }

    /// Signs in to the account at this place in the list again.
    async fn reconnect(&self, at: usize) {
        let account = self.home.server(&self.id).await["accounts"][at]["id"].clone();
        let named = json!({ "server": self.id, "account": account });
        self.home.good("reconnectAccount", named).await;
        self.home.outcome(&self.id).await;
    }

    async fn ended(&mut self) -> Result<Value, AppError> {
        (&mut self.call).await.expect("the app does not panic")
    }

    /// Tells as whom the server is used.
    async fn used(&self) -> Value {
        self.home.state(&self.id, "ready").await["account"]["label"].clone()
    }
}

#[tokio::test]
async fn r20_a_call_that_waits_is_not_sent_as_somebody_else_who_signs_in_for_it() {
    for older in [false, true] {
        let mut it = Waiting::at(older).await;
        it.authorization.seats("bob");
        it.press("allowConsent").await;
        let error = it.ended().await.expect_err("Bob is not who ran it");
        assert_eq!(error.code, ErrorCode::OtherAccount);
        assert_eq!(it.used().await, "bob@example.com");
        let again = it.home.echo(&it.id, "hello").await;
        again.expect("run anew, it is Bob's own");
        assert_eq!(it.authorization.taken_last().as_deref(), Some("bob"));
    }
}

#[tokio::test]
async fn r20_a_call_that_waits_goes_on_as_the_one_who_ran_it_and_comes_back() {
    let mut it = Waiting::beside(false, &["bob"]).await;
    it.press("allowConsent").await;
    let answer = it.ended().await.expect("it was let in");
    assert_eq!(answer["content"][0]["text"], "hello");
    assert_eq!(it.authorization.taken_last().as_deref(), Some("ada"));
    assert_eq!(it.used().await, "ada@example.com");
}

#[tokio::test]
async fn a_sign_in_to_another_account_leaves_what_waits_alone() {
    let mut it = Waiting::beside(false, &["bob"]).await;
    it.authorization.seats("bob");
    it.reconnect(1).await;
    let asked = it.is_asked().await;
    assert_eq!(asked["account"]["label"], "ada@example.com");
    assert!(!it.call.is_finished(), "it was neither sent nor refused");
    it.authorization.seats("ada");
    it.press("allowConsent").await;
    it.ended().await.expect("Ada has allowed it");
}

#[tokio::test]
async fn switching_the_account_ends_what_waits() {
    let mut it = Waiting::at(false).await;
    it.press("signIn").await;
    let ended = it.ended().await;
    let error = ended.expect_err("it was Ada's, and perhaps somebody else comes");
    assert_eq!(error.code, ErrorCode::ScopeRequired);
}
