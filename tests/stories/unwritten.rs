//! Tokens that came and could not be written yet: what happens to them when the vault is to be locked, and when the app ends.

use std::sync::Arc;

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use usher_core::ports::KeychainError;
use usher_tests::{
    AuthorizationServer, Door, FailingKeychain, Furniture, HandClock, Home, McpServer, MemoryKeychain, Ways,
};

const PASSPHRASE: &str = "correct horse battery staple";
const BROKEN: &str =
    "CREATE TRIGGER broken BEFORE UPDATE OF sealed ON grants BEGIN SELECT RAISE(ABORT, 'broken'); END";
const MENDED: &str = "DROP TRIGGER broken";

/// A home whose tokens were renewed and could not be written, and where a sign-in at another provider waits for its answer.
struct Unwritten {
    home: Home,
    database: SqliteConnection,
    authorization: AuthorizationServer,
    id: String,
    other: AuthorizationServer,
    waiting: String,
    answer: String,
    _servers: [McpServer; 2],
}

impl Unwritten {
    async fn new() -> Self {
        let (authorization, other) = (
            AuthorizationServer::open(Ways::default()).await,
            AuthorizationServer::open(Ways::default()).await,
        );
        let servers = [
            McpServer::open(Door::Bearer(&authorization)).await,
            McpServer::open(Door::Bearer(&other)).await,
        ];
        let keychain = FailingKeychain::new(KeychainError::Absent, MemoryKeychain::default());
        let home = Home::with(Furniture {
            clock: Arc::new(HandClock::default()),
            keychain: Arc::new(keychain),
            delivers: false,
            ..Furniture::default()
        })
        .await;
        home.good("choosePassphrase", json!({ "passphrase": PASSPHRASE }))
            .await;
        let id = home.add(&servers[0].url()).await;
        home.connect(&id).await;
        home.app().deep_link(&home.link(1).await).await;
        home.state(&id, "ready").await;
        let waiting = home.add(&servers[1].url()).await;
        home.connect(&waiting).await;
        let answer = home.link(2).await;

        let options = SqliteConnectOptions::new().filename(home.data().join("usher.db"));
        let mut it = Self {
            database: options.connect().await.expect("the file opens"),
            home,
            authorization,
            id,
            other,
            waiting,
            answer,
            _servers: servers,
        };
        it.sql(BROKEN).await;
        it.authorization.expire_access();
        it.home
            .echo(&it.id, "hello")
            .await
            .expect_err("the new pair cannot be written");
        assert!(!it.is_written().await, "it is in memory alone");
        it
    }

    async fn sql(&mut self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
            .execute(&mut self.database)
            .await
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    async fn is_written(&mut self) -> bool {
        sqlx::query_scalar("SELECT refreshing_since IS NULL FROM grants WHERE server = ?")
            .bind(&self.id)
            .fetch_one(&mut self.database)
            .await
            .expect("the account is there")
    }

    async fn unlock(&self) {
        self.home
            .good("unlock", json!({ "passphrase": PASSPHRASE }))
            .await;
    }

    /// Goes on with the pair that came, and with no other.
    async fn goes_on(&self) {
        self.home.state(&self.id, "ready").await;
        self.home.echo(&self.id, "hello").await.expect("the tool answers");
        assert_eq!(self.authorization.seen().count("POST /token"), 2, "one renewal");
        assert_eq!(self.authorization.living_grants(), 1, "no token was used twice");
    }
}

/// Counts what the window heard of the vault.
fn news_of_the_vault(home: &Home) -> usize {
    home.heard().matches("body: Vault").count()
}

#[tokio::test]
async fn s30_a_lock_that_cannot_finish_disturbs_nothing() {
    let mut it = Unwritten::new().await;
    let heard = news_of_the_vault(&it.home);
    assert!(heard > 0, "the search finds what is there");
    for _ in 0..3 {
        let refused = it.home.call("lockVault", Value::Null).await;
        refused.expect_err("as long as it cannot be written, the keys stay");
        let server = it.home.server(&it.waiting).await;
        assert_eq!(
            server["signIn"]["stage"]["kind"], "browser",
            "who is signing in goes on: {server:#}"
        );
    }
    assert_eq!(
        news_of_the_vault(&it.home),
        heard,
        "nobody is asked for a passphrase"
    );

    it.sql(MENDED).await;
    let locked = it.home.good("lockVault", Value::Null).await;
    assert_eq!(locked["kind"], "passphraseNeeded");
    assert!(it.is_written().await, "before the keys went");
    it.unlock().await;
    it.goes_on().await;
}

#[tokio::test]
async fn s30_at_the_end_what_came_is_written_before_a_sign_in_is_waited_for() {
    let mut it = Unwritten::new().await;
    let held = it.other.hold_tokens().await;
    let (app, answer) = (it.home.app(), it.answer.clone());
    let answered = tokio::spawn(async move { app.deep_link(&answer).await });
    while it.other.seen().count("POST /token") < 1 {
        tokio::task::yield_now().await;
    }
    it.sql(MENDED).await;
    let app = it.home.app();
    let ending = tokio::spawn(async move { app.shutdown().await });
    while !it.is_written().await {
        tokio::task::yield_now().await;
    }
    assert!(!ending.is_finished(), "the sign-in is seen through");
    drop(held);
    answered.await.expect("the answer was taken");
    ending.await.expect("the app ends");

    it.home.restart().await;
    it.unlock().await;
    it.home.state(&it.waiting, "ready").await;
    it.goes_on().await;
    assert_eq!(it.home.person().opened().len(), 2, "nobody is asked again");
}
