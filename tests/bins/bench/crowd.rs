//! What grants cost where there are many: handing out a bearer, renewing one, starting the app.

use std::{
    hint::black_box,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{Json, Router, extract::State, routing::post};
use serde_json::{Value, json};
use tempfile::TempDir;
use usher_core::{
    base::{AccountId, Issuer, Reach, Resource, Secret, ServerId, Subject},
    grants::{Grants, Surroundings, Wish},
    oauth::{GrantClient, Granted, Identity, TokenType, Tokens},
    ports::{Clock, Http, SystemClock, WayOut},
    record::Record,
    store::{Cell, Store, Vault},
};
use usher_tests::{Decision, HandNetwork, MemoryKeychain, Person};

use crate::{spread, start};

/// How many accounts each server has.
const ACCOUNTS: usize = 3;
/// How many bearers are handed out.
const BEARERS: usize = 2000;
/// How many are renewed.
const RENEWALS: usize = 100;
/// How often the app is started.
const STARTS: usize = 5;

/// The rooms on a file with many grants.
struct Crowd {
    directory: TempDir,
    keychain: MemoryKeychain,
    store: Store,
    vault: Vault,
    http: Http,
    grants: Grants,
    accounts: Vec<AccountId>,
    endpoint: String,
}

/// Prints the figures for so many servers.
pub async fn measure(servers: usize) {
    let crowd = Crowd::new(servers).await;
    println!("With {servers} servers and {} grants:", servers * ACCOUNTS);
    println!(
        "  a bearer, read and unsealed:      {}",
        spread(crowd.bearers_anew().await)
    );
    println!(
        "    of which reading some row:      {}",
        spread(crowd.rows().await)
    );
    println!("    of which unsealing:             {}", spread(crowd.seals()));
    println!(
        "  a bearer out of memory:           {}",
        spread(crowd.bearers().await)
    );
    let (renewals, bare) = (crowd.renewals().await, crowd.requests().await);
    println!("  a renewal, with its request:      {}", spread(renewals));
    println!("    such a request alone:           {}", spread(bare));
    crowd.store.close().await;
    let file = crowd.file_size();
    let (starts, snapshots) = crowd.starts().await;
    println!(
        "  a start ({:.1} MiB, files cached):  {}",
        file as f64 / 1_048_576.0,
        spread(starts)
    );
    println!("    and all that the window shows:  {}", spread(snapshots));
}

impl Crowd {
    async fn new(servers: usize) -> Self {
        let directory = tempfile::tempdir().expect("a temporary folder");
        let keychain = MemoryKeychain::default();
        let store = Store::open(&directory.path().join("data"))
            .await
            .expect("a new file");
        let vault = Vault::open(store.clone(), Arc::new(keychain.clone()), Vec::new())
            .await
            .expect("a new vault");
        let (clock, http) = (
            Arc::new(SystemClock),
            Http::new("usher-bench", WayOut::new(Arc::new(HandNetwork::default()))).expect("TLS roots"),
        );
        let grants = Grants::new(Surroundings {
            store: store.clone(),
            vault: vault.clone(),
            http: http.clone(),
            record: Record::new(store.clone(), Arc::clone(&clock) as Arc<dyn Clock>),
            clock,
        });
        let mut crowd = Self {
            directory,
            keychain,
            store,
            vault,
            http,
            grants,
            accounts: Vec::new(),
            endpoint: token_endpoint().await,
        };
        for number in 0..servers {
            crowd.sign_in(number).await;
        }
        crowd
    }

    /// Adds a server and signs everybody in.
    async fn sign_in(&mut self, number: usize) {
        let server = ServerId::random();
        let mut write = self.store.write().await.expect("the file is ours");
        sqlx::query(
            "INSERT INTO servers (id, name, url, reach, auth_kind, overridden, wanted, created_at) \
             VALUES (?, ?, 'http://127.0.0.1:1/mcp', 'loopback', 'oauth', 0, 0, 0)",
        )
        .bind(server.to_string())
        .bind(format!("Server {number}"))
        .execute(&mut *write)
        .await
        .expect("a row");
        write.commit().await.expect("it is written");
        for person in 0..ACCOUNTS {
            let granted = self.granted(&format!("person-{person}"));
            let kept = self.grants.keep(server, granted, Wish::Add).await;
            self.accounts.push(kept.expect("it is kept").account);
        }
    }

    fn granted(&self, subject: &str) -> Granted {
        let token = |kind: &str| Secret::new(format!("{kind}-{}", "x".repeat(600)));
        let client = json!({
            "issuer": self.endpoint, "resource": "http://127.0.0.1:1/mcp", "reach": "loopback",
            "token_endpoint": format!("{}/token", self.endpoint), "revocation_endpoint": null,
            "client_id": "usher", "method": "none", "secret": null,
        });
        let client = GrantClient::from_secret_json(&Secret::new(client.to_string().into_bytes()));
        Granted {
            issuer: Issuer::new(&self.endpoint),
            resource: Resource::new("http://127.0.0.1:1/mcp"),
            scopes: "tools".parse().expect("a scope"),
            tokens: Tokens {
                token_type: TokenType::Bearer,
                access: token("access"),
                refresh: Some(token("refresh")),
                expires_at: Some(SystemClock.now().after(Duration::from_secs(24 * 3600))),
            },
            client: client.expect("it is whole"),
            identity: Some(Identity {
                subject: Subject::new(subject),
                label: Some(format!("{subject}@example.com")),
                login: None,
            }),
        }
    }

    /// Gives an account, each time another one.
    fn account(&self, round: usize) -> AccountId {
        self.accounts[(round * 7919) % self.accounts.len()]
    }

    /// Hands out bearers, each just after somebody has written, so that its row is read.
    async fn bearers_anew(&self) -> Vec<Duration> {
        let mut rounds = Vec::with_capacity(BEARERS);
        for round in 0..BEARERS {
            drop(self.store.write().await.expect("the file is ours"));
            rounds.push(self.bearer(round).await);
        }
        rounds
    }

    /// Hands out bearers that were handed out before; nobody writes.
    async fn bearers(&self) -> Vec<Duration> {
        while self.store.edition().is_none() {
            tokio::task::yield_now().await;
        }
        for account in &self.accounts {
            let bearer = self.grants.bearer_of(*account).await;
            black_box(bearer.expect("it is live"));
        }
        let mut rounds = Vec::with_capacity(BEARERS);
        for round in 0..BEARERS {
            rounds.push(self.bearer(round).await);
        }
        rounds
    }

    async fn bearer(&self, round: usize) -> Duration {
        let account = self.account(round);
        let begun = Instant::now();
        let bearer = self.grants.bearer_of(account).await;
        let taken = begun.elapsed();
        black_box(bearer.expect("it is live"));
        taken
    }

    /// Reads rows of the same file in the same way.
    async fn rows(&self) -> Vec<Duration> {
        let mut rounds = Vec::with_capacity(BEARERS);
        for round in 0..BEARERS {
            let account = self.account(round).to_string();
            let begun = Instant::now();
            let row = sqlx::query("SELECT * FROM grants WHERE account = ?").bind(account);
            black_box(row.fetch_one(self.store.reader()).await.expect("it is there"));
            rounds.push(begun.elapsed());
        }
        rounds
    }

    fn seals(&self) -> Vec<Duration> {
        let cell = Cell {
            table: "grants",
            row: "a",
            column: "sealed",
        };
        let sealed = self.vault.seal(cell, &[b'x'; 1800]).expect("the vault is open");
        let unseal = |_| {
            let begun = Instant::now();
            black_box(self.vault.unseal(cell, &sealed).expect("it opens"));
            begun.elapsed()
        };
        (0..BEARERS).map(unseal).collect()
    }

    /// Renews: the row is marked, the token endpoint asked, and the pair written, each for good before the next.
    async fn renewals(&self) -> Vec<Duration> {
        let mut rounds = Vec::with_capacity(RENEWALS);
        for round in 0..RENEWALS {
            let account = self.account(round);
            let refused = self.grants.bearer_of(account).await.expect("it is live");
            let begun = Instant::now();
            let renewed = self.grants.renew_of(account, &refused).await;
            rounds.push(begun.elapsed());
            black_box(renewed.expect("it is renewed"));
        }
        rounds
    }

    async fn requests(&self) -> Vec<Duration> {
        let (client, url) = (
            self.http.client(Reach::Loopback),
            format!("{}/token", self.endpoint),
        );
        let mut rounds = Vec::with_capacity(RENEWALS);
        for _ in 0..RENEWALS {
            let begun = Instant::now();
            let answer = client.post(&url).body("x".repeat(700)).send().await;
            black_box(answer.expect("it answers").bytes().await.expect("in full"));
            rounds.push(begun.elapsed());
        }
        rounds
    }

    fn file_size(&self) -> u64 {
        let file = std::fs::metadata(self.directory.path().join("data/usher.db"));
        file.expect("the file is there").len()
    }

    /// Starts the app on the file; gives how long that takes, and how long the first look at everything.
    async fn starts(&self) -> (Vec<Duration>, Vec<Duration>) {
        let (mut starts, mut snapshots) = (Vec::new(), Vec::new());
        for _ in 0..STARTS {
            let begun = Instant::now();
            let nobody = Person::who(Decision::Nothing).0;
            let app = start(&self.directory, nobody, self.keychain.clone()).await;
            let app = app.expect("the app starts");
            starts.push(begun.elapsed());
            let begun = Instant::now();
            let shown = app
                .call(json!({ "name": "snapshot", "argument": Value::Null }))
                .await;
            snapshots.push(begun.elapsed());
            black_box(shown.expect("the window is shown everything"));
            app.shutdown().await;
        }
        (starts, snapshots)
    }
}

/// Opens a token endpoint that gives everybody a new pair at once; gives its base.
async fn token_endpoint() -> String {
    let counter = Arc::new(AtomicUsize::new(0));
    let router = Router::new().route("/token", post(token)).with_state(counter);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("loopback has free ports");
    let base = format!("http://{}", listener.local_addr().expect("it is bound"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    base
}

async fn token(State(counter): State<Arc<AtomicUsize>>) -> Json<Value> {
    let number = counter.fetch_add(1, Ordering::Relaxed);
    let token = |kind: &str| format!("{kind}-{number}-{}", "x".repeat(600));
    Json(json!({
        "access_token": token("access"), "refresh_token": token("refresh"),
        "token_type": "Bearer", "expires_in": 24 * 3600,
    }))
}
