//! What the stories need: MCP servers of both eras that answer as they are told, a real store, an eager clock.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, sync::watch};

use crate::{
    base::{AuthKind, Issuer, Reach, Resource, Secret, ServerId, Timestamp},
    connect::{Connection, Connections},
    grants::{self, Grants, Wish},
    oauth::{GrantClient, Granted, TokenType, Tokens},
    ports::{Clock, Http, Keychain, KeychainError, VaultKey, network},
    record::Record,
    servers::{NewServer, Servers},
    store::{Store, Vault},
};

pub const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// A person's patience; longer than any wait between two tries.
const PATIENCE: Duration = Duration::from_secs(600);

/// A clock on which every wait is over at once, and is remembered; but a wait for a person never ends.
#[derive(Default)]
pub struct EagerClock {
    pub waits: AtomicUsize,
}

#[async_trait]
impl Clock for EagerClock {
    fn now(&self) -> Timestamp {
        NOW
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    async fn sleep(&self, duration: Duration) {
        if duration >= PATIENCE {
            return std::future::pending().await;
        }
        self.waits.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
    }
}

#[derive(Default)]
struct MemoryKeychain(Mutex<Option<VaultKey>>);

impl MemoryKeychain {
    fn key(&self) -> std::sync::MutexGuard<'_, Option<VaultKey>> {
        self.0.lock().expect("no test panics while holding it")
    }
}

#[async_trait]
impl Keychain for MemoryKeychain {
    async fn read(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(self.key().clone())
    }

    async fn write(&self, key: &VaultKey) -> Result<(), KeychainError> {
        *self.key() = Some(key.clone());
        Ok(())
    }

    async fn delete(&self) -> Result<(), KeychainError> {
        *self.key() = None;
        Ok(())
    }
}

/// One request as a server saw it.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The MCP method of a POST, else the HTTP method and path.
    pub what: String,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    /// Answers with a result that belongs to the request.
    pub fn result(&self, result: &Value) -> Response {
        let message = json!({ "jsonrpc": "2.0", "id": self.body["id"], "result": result });
        json_answer(200, &message)
    }

    /// Answers with an error that belongs to the request.
    pub fn error(&self, status: u16, code: i32) -> Response {
        let error = json!({ "code": code, "message": "no such thing" });
        json_answer(
            status,
            &json!({ "jsonrpc": "2.0", "id": self.body["id"], "error": error }),
        )
    }
}

pub fn json_answer(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).expect("the test's status is one");
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}

pub fn challenge(status: u16, value: &str) -> Response {
    let status = StatusCode::from_u16(status).expect("the test's status is one");
    (status, [(header::WWW_AUTHENTICATE, value.to_owned())]).into_response()
}

/// The answers of a server of the older era, with sessions and one tool.
pub fn older(asked: &Asked) -> Response {
    match asked.what.as_str() {
        "initialize" => {
            let mut answer = asked.result(&json!({
                "protocolVersion": "2025-11-25",
                "capabilities": { "tools": { "listChanged": true } },
                "serverInfo": { "name": "older", "version": "1" },
            }));
            let session = header::HeaderValue::from_static("session-1");
            answer.headers_mut().insert("mcp-session-id", session);
            answer
        }
        "notifications/initialized" => StatusCode::ACCEPTED.into_response(),
        "tools/list" => asked.result(&json!({ "tools": [tool("echo")] })),
        "tools/call" => asked.result(&json!({ "content": [{ "type": "text", "text": "hello" }] })),
        "GET /mcp" => StatusCode::METHOD_NOT_ALLOWED.into_response(),
        "DELETE /mcp" => StatusCode::OK.into_response(),
        _ => asked.error(400, -32000),
    }
}

/// The answers of a server of the modern era, with one tool.
pub fn modern(asked: &Asked) -> Response {
    let complete = |mut result: Value| {
        result["resultType"] = json!("complete");
        result["ttlMs"] = json!(0);
        result["cacheScope"] = json!("private");
        asked.result(&result)
    };
    match asked.what.as_str() {
        "server/discover" => complete(json!({
            "supportedVersions": ["2026-07-28"],
            "capabilities": { "tools": {} },
        })),
        "tools/list" => complete(json!({ "tools": [tool("echo")] })),
        "tools/call" => complete(json!({ "content": [{ "type": "text", "text": "hello" }] })),
        _ => asked.error(400, -32601),
    }
}

pub fn tool(name: &str) -> Value {
    json!({ "name": name, "inputSchema": { "type": "object" } })
}

/// A server on a real socket.
pub struct Peer {
    pub address: String,
    asked: watch::Sender<Vec<Asked>>,
}

impl Peer {
    pub async fn serving(answer: impl Fn(&Asked) -> Response + Clone + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        let log = watch::Sender::new(Vec::new());
        let asked = log.clone();
        let router = Router::new().fallback(move |request: Request| {
            let (answer, log) = (answer.clone(), log.clone());
            async move {
                let asked = read(request).await;
                log.send_modify(|all: &mut Vec<Asked>| all.push(asked.clone()));
                answer(&asked)
            }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, asked }
    }

    /// Everything that was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.borrow().clone()
    }

    /// What was asked so far, but for the listening stream, which rmcp opens beside the rest.
    pub fn posts(&self) -> Vec<String> {
        let asked = self.asked().into_iter().map(|asked| asked.what);
        asked.filter(|what| !what.starts_with("GET")).collect()
    }

    /// Waits until this was asked `count` times.
    pub async fn was_asked(&self, what: &str, count: usize) {
        let mut asked = self.asked.subscribe();
        let enough = |all: &Vec<Asked>| all.iter().filter(|asked| asked.what == what).count() >= count;
        asked.wait_for(enough).await.expect("the server lives");
    }
}

async fn read(request: Request) -> Asked {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let headers = request.headers().clone();
    let body = axum::body::to_bytes(request.into_body(), 1_000_000).await;
    let body: Value = serde_json::from_slice(&body.expect("the body arrives")).unwrap_or_default();
    let what = body["method"]
        .as_str()
        .map_or_else(|| format!("{method} {path}"), str::to_owned);
    Asked { what, headers, body }
}

/// The rooms around connections.
pub struct World {
    pub connections: Connections,
    pub servers: Servers,
    pub grants: Grants,
    pub clock: Arc<EagerClock>,
    _directory: TempDir,
}

impl World {
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().expect("the system has room for temporary files");
        let store = Store::open(directory.path())
            .await
            .expect("the directory is ours");
        let keychain: Arc<dyn Keychain> = Arc::<MemoryKeychain>::default();
        let vault = Vault::open(store.clone(), keychain, Vec::new())
            .await
            .expect("the store works");
        let clock = Arc::<EagerClock>::default();
        let doors: Arc<dyn Clock> = clock.clone();
        let http = Http::new("usher-test", network::hand::always()).expect("TLS roots can be read");
        let servers = Servers::new(store.clone(), vault.clone(), Arc::clone(&doors));
        let grants = Grants::new(grants::Surroundings {
            record: Record::new(store.clone(), Arc::clone(&doors)),
            store,
            vault,
            http: http.clone(),
            clock: Arc::clone(&doors),
        });
        Self {
            connections: Connections::new(http, doors, servers.clone(), grants.clone()),
            servers,
            grants,
            clock,
            _directory: directory,
        }
    }

    /// Keeps a server.
    pub async fn add(&self, peer: &Peer, auth_kind: Option<AuthKind>) -> ServerId {
        self.add_with(peer, auth_kind, &[]).await
    }

    /// Keeps a server with configured headers.
    pub async fn add_with(
        &self,
        peer: &Peer,
        auth_kind: Option<AuthKind>,
        headers: &[(&'static str, &str)],
    ) -> ServerId {
        let headers = headers.iter().map(|(name, value)| {
            let name = header::HeaderName::from_static(name);
            (name, Secret::new((*value).to_owned()))
        });
        let new = NewServer {
            name: "a server".to_owned(),
            url: format!("{}/mcp", peer.address)
                .parse()
                .expect("a server's address"),
            reach: Reach::Loopback,
            auth_kind,
            overridden: false,
            offered_scopes: None,
            headers: headers.collect(),
        };
        self.servers.add(new).await.expect("it can be kept").id
    }

    /// Signs in with this access token, for this resource; the provider's token endpoint is at `provider`.
    pub async fn sign_in(&self, id: ServerId, resource: &str, provider: &str) {
        let granted = granted(resource, provider, "access-0");
        let kept = self.grants.keep(id, granted, Wish::Connect).await;
        kept.expect("it can be kept");
    }

    /// Signs in another account with this access token, and uses the server as it.
    pub async fn switch(&self, id: ServerId, resource: &str, access: &str) {
        let granted = granted(resource, "http://127.0.0.1:1", access);
        let kept = self.grants.keep(id, granted, Wish::Add).await;
        let used = self
            .grants
            .use_account(id, kept.expect("it can be kept").account)
            .await;
        used.expect("it is there");
    }

    /// Connects and waits until the outcome is known.
    pub async fn connect(&self, id: ServerId) -> Connection {
        self.connections.open(id).await;
        self.until(id, |state| *state != Connection::Opening).await
    }

    /// Waits for a state.
    pub async fn until(&self, id: ServerId, wanted: impl Fn(&Connection) -> bool) -> Connection {
        let mut news = self.connections.news();
        loop {
            let state = self.connections.state(id);
            if wanted(&state) {
                return state;
            }
            news.recv().await.expect("the connections live");
        }
    }

    /// The names of the saved tools.
    pub async fn tools(&self, id: ServerId) -> Vec<String> {
        let saved = self.servers.tools(id).await.expect("the store works");
        let (json, _) = saved.expect("tools were saved");
        let names = json.as_array().expect("a list").iter();
        names
            .map(|tool| tool["name"].as_str().unwrap_or_default().to_owned())
            .collect()
    }
}

/// What a sign-in for a resource brings whose provider's token endpoint is at `provider`.
fn granted(resource: &str, provider: &str, access: &str) -> Granted {
    let client = json!({
        "issuer": provider, "token_endpoint": format!("{provider}/token"), "client_id": "c",
        "method": "none", "resource": resource, "reach": "loopback",
    });
    Granted {
        issuer: Issuer::new(provider),
        resource: Resource::new(resource),
        scopes: "tools".parse().expect("a scope"),
        tokens: Tokens {
            token_type: TokenType::Bearer,
            access: Secret::new(access.to_owned()),
            refresh: Some(Secret::new("refresh-0".to_owned())),
            expires_at: Some(NOW.after(Duration::from_secs(3600))),
        },
        client: GrantClient::from_secret_json(&Secret::new(client.to_string().into_bytes()))
            .expect("the test's client is well-formed"),
        identity: None,
    }
}

/// A token endpoint that hands out `access-1`, `access-2`, …
pub async fn provider() -> Peer {
    let count = Arc::new(AtomicUsize::new(0));
    Peer::serving(move |_| {
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        json_answer(
            200,
            &json!({ "access_token": format!("access-{number}"), "refresh_token": format!("refresh-{number}"),
                     "token_type": "Bearer", "expires_in": 3600 }),
        )
    })
    .await
}

/// Counts what each method was asked for.
pub fn counted(posts: &[String]) -> HashMap<&str, usize> {
    posts.iter().fold(HashMap::new(), |mut counts, what| {
        *counts.entry(what.as_str()).or_default() += 1;
        counts
    })
}
