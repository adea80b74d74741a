//! What the stories need: a hand clock, a keychain in memory, a small authorization server, a real store.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Form, Json, Router,
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::json;
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::{
    base::{AccountId, Issuer, Resource, Secret, ServerId, Subject, Timestamp},
    grants::{
        BearerError, Grants, Surroundings, Wish,
        table::{self, Row},
    },
    oauth::{GrantClient, Granted, Identity, TokenType, Tokens},
    ports::{Clock, Http, Keychain, KeychainError, Network, VaultKey, WayOut, network::hand::HandNetwork},
    record::Record,
    store::{Store, Vault},
};

/// When every story begins.
pub const START: Timestamp = Timestamp::from_seconds(1_800_000_000);
/// How long the authorization server's access tokens last.
pub const LIFE: Duration = Duration::from_secs(3600);

/// How long a test waits for what must happen: far longer than the slowest machine takes.
const GUARD: Duration = Duration::from_secs(120);

/// Waits for what must happen; a test whose wait never ends fails instead.
pub async fn guarded<T>(waiting: impl Future<Output = T>) -> T {
    let waited = tokio::time::timeout(GUARD, waiting).await;
    waited.expect("it never came to that")
}

/// A clock that moves only by hand, wakes its sleepers and knows until when they sleep.
pub struct HandClock {
    now: watch::Sender<Timestamp>,
    sleepers: watch::Sender<Vec<Timestamp>>,
}

impl HandClock {
    pub fn new() -> Self {
        Self {
            now: watch::Sender::new(START),
            sleepers: watch::Sender::default(),
        }
    }

    pub fn advance(&self, duration: Duration) {
        self.now.send_modify(|now| *now = now.after(duration));
    }

    /// Sets it forward or back.
    pub fn set(&self, to: Timestamp) {
        self.now.send_replace(to);
    }

    /// Waits until somebody sleeps whom time has not woken yet, and who will wake within `duration`.
    pub async fn somebody_sleeps_at_most(&self, duration: Duration) {
        let (now, latest) = (self.now(), self.now().after(duration));
        let mut sleepers = self.sleepers.subscribe();
        let found = |ends: &Vec<Timestamp>| ends.iter().any(|end| *end > now && *end <= latest);
        guarded(sleepers.wait_for(found)).await.expect("the clock lives");
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    fn monotonic(&self) -> Duration {
        START.until(self.now())
    }

    async fn sleep(&self, duration: Duration) {
        let sleeper = Sleeper {
            end: self.now().after(duration),
            clock: self,
        };
        self.sleepers.send_modify(|ends| ends.push(sleeper.end));
        let mut now = self.now.subscribe();
        now.wait_for(|now| *now >= sleeper.end)
            .await
            .expect("the sleeper holds the clock");
    }
}

/// Leaves the list of sleepers when it wakes or is dropped.
struct Sleeper<'a> {
    end: Timestamp,
    clock: &'a HandClock,
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.clock.sleepers.send_modify(|ends| {
            let own = ends
                .iter()
                .position(|end| *end == self.end)
                .expect("it is listed while it lives");
            ends.swap_remove(own);
        });
    }
}

/// A keychain in memory that can be locked.
#[derive(Default)]
pub struct MemoryKeychain {
    key: Mutex<Option<VaultKey>>,
    locked: Mutex<bool>,
}

impl MemoryKeychain {
    pub fn lock(&self, locked: bool) {
        *self.locked.lock().expect("no test panics while holding it") = locked;
    }

    fn key(&self) -> Result<std::sync::MutexGuard<'_, Option<VaultKey>>, KeychainError> {
        if *self.locked.lock().expect("no test panics while holding it") {
            return Err(KeychainError::Locked);
        }
        Ok(self.key.lock().expect("no test panics while holding it"))
    }
}

#[async_trait]
impl Keychain for MemoryKeychain {
    async fn read(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(self.key()?.clone())
    }

    async fn write(&self, key: &VaultKey) -> Result<(), KeychainError> {
        *self.key()? = Some(key.clone());
        Ok(())
    }

    async fn delete(&self) -> Result<(), KeychainError> {
        *self.key()? = None;
        Ok(())
    }
}

/// How the token endpoint answers a refresh.
#[derive(Debug, Clone, Copy)]
pub enum Answers {
    /// A new pair; a refresh token that was used before is refused, as rotation demands.
    NewPair,
    /// A new access token, and no refresh token.
    AccessOnly,
    /// The access token that it issued last, again.
    SameAccess,
    /// An OAuth error (RFC 6749 §5.2).
    Error(&'static str),
    /// An HTTP status with a page, and how many seconds to stay away.
    Page(u16, Option<u32>),
    /// A web page where tokens are due.
    Portal,
}

/// A token endpoint and a revocation endpoint on a real socket.
pub struct Provider {
    pub address: String,
    state: Arc<Served>,
}

struct Served {
    answers: Mutex<Answers>,
    current: Mutex<String>,
    requests: watch::Sender<usize>,
    answered: watch::Sender<usize>,
    revoked: watch::Sender<Vec<String>>,
    revokes: AtomicU16,
    open: watch::Sender<bool>,
}

#[derive(Deserialize)]
struct RefreshForm {
    grant_type: String,
    refresh_token: String,
}

#[derive(Deserialize)]
struct RevokeForm {
    token: String,
}

impl Provider {
    /// A provider that nobody can reach: nothing listens on that port.
    pub fn nowhere() -> Self {
        Self {
            address: "http://127.0.0.1:1".to_owned(),
            state: Served::new(),
        }
    }

    pub async fn start() -> Self {
        let provider = Self::absent().await;
        provider.arrives().await;
        provider
    }

    /// A provider that cannot be reached yet.
    pub async fn absent() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        Self {
            address,
            state: Served::new(),
        }
    }

    /// Begins to serve.
    pub async fn arrives(&self) {
        let router = Router::new()
            .route("/token", post(token))
            .route("/revoke", post(revoke))
            .with_state(Arc::clone(&self.state));
        let listener = TcpListener::bind(self.address.trim_start_matches("http://")).await;
        let listener = listener.expect("its port is free");
        tokio::spawn(async move { axum::serve(listener, router).await });
    }

    pub fn answer(&self, answers: Answers) {
        *self
            .state
            .answers
            .lock()
            .expect("no test panics while holding it") = answers;
    }

    /// Lets no answer out until [`Provider::open`].
    pub fn close(&self) {
        self.state.open.send_replace(false);
    }

    pub fn open(&self) {
        self.state.open.send_replace(true);
    }

    /// How many token requests have come.
    pub fn requests(&self) -> usize {
        *self.state.requests.borrow()
    }

    pub async fn requested(&self, count: usize) {
        let mut requests = self.state.requests.subscribe();
        guarded(requests.wait_for(|seen| *seen >= count))
            .await
            .expect("the provider lives");
    }

    /// Waits until `count` token requests have been decided, whether or not anybody still reads the answers.
    pub async fn answered(&self, count: usize) {
        let mut answered = self.state.answered.subscribe();
        guarded(answered.wait_for(|seen| *seen >= count))
            .await
            .expect("the provider lives");
    }

    /// Lets the revocation endpoint answer with this status.
    pub fn revokes(&self, status: u16) {
        self.state.revokes.store(status, Ordering::SeqCst);
    }

    /// The tokens that the revocation endpoint was asked about, whatever it answered.
    pub fn revoked(&self) -> Vec<String> {
        self.state.revoked.borrow().clone()
    }

    pub async fn has_revoked(&self, token: &str) {
        let mut revoked = self.state.revoked.subscribe();
        let found = |revoked: &Vec<String>| revoked.iter().any(|seen| seen == token);
        guarded(revoked.wait_for(found))
            .await
            .expect("the provider lives");
    }
}

async fn token(State(served): State<Arc<Served>>, Form(form): Form<RefreshForm>) -> Response {
    assert_eq!(
        form.grant_type, "refresh_token",
        "nothing else is asked of this endpoint"
    );
    let mut number = 0;
    served.requests.send_modify(|count| {
        *count += 1;
        number = *count;
    });
    // The work goes on when the client hangs up, as in a real server.
    let decide = async move {
        served.wait_until_open().await;
        let answer = served.decide(number, &form.refresh_token);
        served.answered.send_modify(|count| *count += 1);
        answer
    };
    tokio::spawn(decide).await.expect("deciding does not panic")
}

async fn revoke(State(served): State<Arc<Served>>, Form(form): Form<RevokeForm>) -> StatusCode {
    served.wait_until_open().await;
    served.revoked.send_modify(|revoked| revoked.push(form.token));
    let status = StatusCode::from_u16(served.revokes.load(Ordering::SeqCst));
    status.expect("the test's status is one")
}

impl Served {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(Answers::NewPair),
            current: Mutex::new("refresh-0".to_owned()),
            requests: watch::Sender::new(0),
            answered: watch::Sender::new(0),
            revoked: watch::Sender::default(),
            revokes: AtomicU16::new(200),
            open: watch::Sender::new(true),
        })
    }

    async fn wait_until_open(&self) {
        self.open
            .subscribe()
            .wait_for(|open| *open)
            .await
            .expect("the provider lives");
    }

    fn decide(&self, number: usize, presented: &str) -> Response {
        let answers = *self.answers.lock().expect("no test panics while holding it");
        let mut current = self.current.lock().expect("no test panics while holding it");
        let access =
            |name: &str| json!({"access_token": name, "token_type": "Bearer", "expires_in": LIFE.as_secs()});
        match answers {
            Answers::Error(code) => error(code),
            Answers::Page(status, retry_after) => page(status, retry_after),
            Answers::Portal => Html("<html>").into_response(),
            _ if presented != *current => error("invalid_grant"),
            Answers::AccessOnly => Json(access(&format!("access-{number}"))).into_response(),
            Answers::SameAccess => Json(access("access-0")).into_response(),
            Answers::NewPair => {
                *current = format!("refresh-{number}");
                let mut pair = access(&format!("access-{number}"));
                pair["refresh_token"] = json!(*current);
                Json(pair).into_response()
            }
        }
    }
}

fn error(code: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": code }))).into_response()
}

fn page(status: u16, retry_after: Option<u32>) -> Response {
    let status = StatusCode::from_u16(status).expect("the test's status is one");
    let mut response = (status, "<html>").into_response();
    if let Some(seconds) = retry_after {
        response.headers_mut().insert("retry-after", seconds.into());
    }
    response
}

/// A network with a way out that is opened and closed by hand.
#[derive(Clone)]
pub struct Net {
    pub http: Http,
    way_out: WayOut,
    network: Arc<HandNetwork>,
}

impl Net {
    /// Gives one in which providers hear this name.
    pub fn named(name: &str) -> Self {
        let network = Arc::new(HandNetwork::default());
        let way_out = WayOut::new(Arc::clone(&network) as Arc<dyn Network>);
        let http = Http::new(name, way_out.clone()).expect("TLS roots can be read");
        Self {
            http,
            way_out,
            network,
        }
    }
}

/// One life of the app on one data directory.
pub struct World {
    pub clock: Arc<HandClock>,
    pub keychain: Arc<MemoryKeychain>,
    pub store: Store,
    pub vault: Vault,
    pub grants: Grants,
    pub directory: Arc<TempDir>,
    pub network: Arc<HandNetwork>,
    _looking: Looking,
}

/// Looks for the network until it is dropped.
struct Looking(JoinHandle<()>);

impl Drop for Looking {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl World {
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().expect("the system has room for temporary files");
        let clock = HandClock::new();
        Self::open(Arc::new(directory), Arc::new(clock), Arc::default()).await
    }

    /// Begins another life on what is on disk.
    pub async fn open(directory: Arc<TempDir>, clock: Arc<HandClock>, keychain: Arc<MemoryKeychain>) -> Self {
        Self::open_with(Net::named("usher-test"), directory, clock, keychain).await
    }

    /// The same with the network that is given.
    pub async fn open_with(
        net: Net,
        directory: Arc<TempDir>,
        clock: Arc<HandClock>,
        keychain: Arc<MemoryKeychain>,
    ) -> Self {
        let store = Store::open(directory.path())
            .await
            .expect("the directory is ours");
        let vault = Vault::open(
            store.clone(),
            Arc::clone(&keychain) as Arc<dyn Keychain>,
            Vec::new(),
        )
        .await
        .expect("the store works");
        let looking = net.way_out.clone();
        let looking = tokio::spawn(async move { looking.keep_looking().await });
        let time = Arc::clone(&clock) as Arc<dyn Clock>;
        let grants = Grants::new(Surroundings {
            store: store.clone(),
            vault: vault.clone(),
            http: net.http,
            clock: Arc::clone(&time),
            record: Record::new(store.clone(), time),
        });
        Self {
            clock,
            keychain,
            store,
            vault,
            grants,
            directory,
            network: net.network,
            _looking: Looking(looking),
        }
    }

    /// Adds a server's row.
    pub async fn server(&self) -> ServerId {
        let id = ServerId::random();
        self.sql(&format!(
            "INSERT INTO servers (id, name, url, reach, overridden, wanted, created_at) \
             VALUES ('{id}', 'a server', 'http://127.0.0.1:1/mcp', 'loopback', 0, 1, 0)"
        ))
        .await;
        id
    }

    /// Adds a server with a grant that lasts [`LIFE`] and renews at `provider`.
    pub async fn granted(&self, provider: &Provider) -> ServerId {
        let server = self.server().await;
        self.keep(server, granted(provider)).await;
        server
    }

    pub async fn keep(&self, server: ServerId, granted: Granted) -> AccountId {
        self.keep_as(server, granted, Wish::Connect).await
    }

    pub async fn keep_as(&self, server: ServerId, granted: Granted, wish: Wish) -> AccountId {
        self.grants
            .keep(server, granted, wish)
            .await
            .expect("it can be kept")
            .account
    }

    /// Ends this life and begins the next with a locked keychain.
    pub async fn restart_with_locked_keychain(self) -> Self {
        self.store.close().await;
        self.keychain.lock(true);
        let Self {
            directory,
            clock,
            keychain,
            ..
        } = self;
        Self::open(directory, clock, keychain).await
    }

    /// Lets every write of a new pair fail, as a broken disk would.
    pub async fn refuse_new_pairs(&self) {
        let statement = "CREATE TRIGGER broken BEFORE UPDATE OF sealed ON grants \
                         BEGIN SELECT RAISE(ABORT, 'broken'); END";
        self.sql(statement).await;
    }

    /// Writes a newer pair, as another process would.
    pub async fn renew_from_elsewhere(&self, server: ServerId, access: &str) {
        let grant = self
            .row(server)
            .await
            .open(&self.vault)
            .expect("it can be opened");
        let (read, now) = (grant.as_read(), self.clock.now());
        let tokens = Tokens {
            token_type: TokenType::Bearer,
            access: Secret::new(access.to_owned()),
            refresh: None,
            expires_at: Some(now.after(LIFE)),
        };
        let contents = grant.contents().clone().renewed(tokens, now);
        let renewal = table::Renewal {
            sealed: contents
                .seal(&self.vault, read.account)
                .expect("the vault is open"),
            expires_at: contents.expires_at(),
            renews: contents.renews(),
        };
        let swap = table::renew(&self.store, read, &renewal)
            .await
            .expect("the store works");
        assert_eq!(swap, table::Swap::Done, "nobody was quicker");
    }

    /// Writes other bytes into the server's sealed cell.
    pub async fn overwrite_sealed(&self, server: ServerId, bytes: &[u8]) {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.sql(&format!(
            "UPDATE grants SET sealed = x'{hex}' WHERE server = '{server}'"
        ))
        .await;
    }

    /// Gives the server's row.
    pub async fn row(&self, server: ServerId) -> Row {
        table::default_of(&self.store, server)
            .await
            .expect("the store works")
            .expect("there is a row")
    }

    pub async fn has_row(&self, server: ServerId) -> bool {
        table::default_of(&self.store, server)
            .await
            .expect("the store works")
            .is_some()
    }

    /// Tells whether any file of the data directory holds these bytes.
    pub fn files_hold(&self, bytes: &[u8]) -> bool {
        let files = std::fs::read_dir(self.directory.path()).expect("the directory is ours");
        files
            .map(|file| std::fs::read(file.expect("it can be listed").path()))
            .any(|content| {
                content
                    .expect("it can be read")
                    .windows(bytes.len())
                    .any(|window| window == bytes)
            })
    }

    pub async fn sql(&self, statement: &str) {
        let mut transaction = self.store.write().await.expect("the writer is free");
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        sqlx::query(statement)
            .execute(&mut *transaction)
            .await
            .expect("the statement is right");
        transaction.commit().await.expect("it commits");
    }

    /// Gives the token that would be sent, or why there is none.
    pub async fn token(&self, server: ServerId) -> Result<String, BearerError> {
        // EXPOSE: the test compares it.
        self.grants
            .bearer(server)
            .await
            .map(|bearer| bearer.token().expose().clone())
    }
}

/// What a sign-in brings: `access-0` and `refresh-0`.
pub fn granted(provider: &Provider) -> Granted {
    Granted {
        issuer: Issuer::new(&provider.address),
        resource: Resource::new("http://127.0.0.1:1/mcp"),
        scopes: "read write".parse().expect("two scopes"),
        tokens: Tokens {
            token_type: TokenType::Bearer,
            access: Secret::new("access-0".to_owned()),
            refresh: Some(Secret::new("refresh-0".to_owned())),
            expires_at: Some(START.after(LIFE)),
        },
        client: client(&provider.address),
        identity: None,
    }
}

/// What a sign-in of a person brings whom the provider names: `access-{subject}` and no refresh token.
pub fn granted_to(provider: &Provider, subject: &str) -> Granted {
    let mut granted = without_refresh(provider);
    granted.tokens.access = Secret::new(format!("access-{subject}"));
    granted.identity = Some(Identity {
        subject: Subject::new(subject),
        label: Some(format!("{subject}@example.com")),
        login: Some(format!("{subject}@example.com")),
    });
    granted
}

/// The same without a refresh token.
pub fn without_refresh(provider: &Provider) -> Granted {
    let mut granted = granted(provider);
    granted.tokens.refresh = None;
    granted
}

/// A public client at the provider, in the form in which it is sealed.
pub fn client(address: &str) -> GrantClient {
    let json = json!({
        "issuer": address,
        "resource": "http://127.0.0.1:1/mcp",
        "reach": "loopback",
        "token_endpoint": format!("{address}/token"),
        "revocation_endpoint": format!("{address}/revoke"),
        "client_id": "usher",
        "method": "none",
        "secret": null,
    });
    GrantClient::from_secret_json(&Secret::new(json.to_string().into_bytes())).expect("it is whole")
}
