//! S42, S43: nothing secret is ever found in the database and its copies, the logs at TRACE, panics, what reaches the window,
//! or our arguments; and what has ended is found nowhere, sealed or not.

mod log;
mod machines;
mod places;

use std::fs;

use serde_json::json;
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use usher_core::base::Secret;
use usher_tests::{
    AuthorizationServer, Decision, Door, Home, IdentityProvider, Managing, McpServer, Names, Proofs,
    Registrations, Ways,
};

use self::{
    log::{Log, hear_panics},
    machines::{Machine, machines},
    places::{Places, files, found, holds, places},
};

const KEY: &str = "canary-key-4b7f0c";
const CLIENT_SECRET: &str = "canary-client-secret-91d2e6";
/// What the files for another computer are sealed under.
const PASSPHRASE: &str = "canary passphrase 5c1e08";
/// How every private key on P-256 begins in PKCS#8 and base64, just before its secret part.
const PROOF_KEY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";

/// Bytes of a sealed cell before its text: the version, the key's name, the nonce.
const SEAL_HEAD: usize = 21;

/// The story's people and places: a home, everything it signed in to, and all about it that is secret.
struct Scene {
    log: Log,
    home: Home,
    registering: AuthorizationServer,
    knowing: AuthorizationServer,
    idp: IdentityProvider,
    servers: [McpServer; 3],
    machines: Vec<Machine>,
    /// The identifiers of all servers.
    ids: Vec<String>,
}

impl Scene {
    /// Signs in everywhere, in every way there is.
    async fn play() -> Self {
        let log = Log::begin();
        hear_panics(&log);
        let registering = AuthorizationServer::open(Ways {
            proofs: Proofs::CheckedWithNonce,
            names: Names::IdToken,
            managing: Managing::Deleting,
            ..Ways::default()
        })
        .await;
        let knowing = AuthorizationServer::open(Ways {
            registrations: Registrations::Absent,
            known_client: Some(("my-client", CLIENT_SECRET)),
            ..Ways::default()
        })
        .await;
        let servers = [
            McpServer::open(Door::Bearer(&registering)).await,
            McpServer::open(Door::Bearer(&knowing)).await,
            McpServer::open(Door::Header("x-api-key", KEY)).await,
        ];
        let home = Home::new(Decision::Allow).await;
        let mut ids = sign_in(&home, &servers).await;
        let idp = IdentityProvider::open("my-client", None).await;
        let machines = machines(&home, &idp).await;
        ids.extend(machines.iter().map(|machine| machine.id.clone()));
        Self {
            log,
            home,
            registering,
            knowing,
            idp,
            servers,
            machines,
            ids,
        }
    }

    /// Lets every access token run out, and every server be used.
    async fn renew_all(&self) {
        let asked = self.machines.iter().map(|machine| &machine.authorization);
        for authorization in [&self.registering, &self.knowing].into_iter().chain(asked) {
            authorization.expire_access();
        }
        for id in &self.ids {
            self.home.echo(id, "hello").await.expect("the tool answers");
        }
    }

    fn secrets(&self) -> Vec<String> {
        let mut secrets = [self.registering.secrets(), self.knowing.secrets()].concat();
        secrets.extend([KEY, CLIENT_SECRET, PROOF_KEY, PASSPHRASE].map(str::to_owned));
        for machine in &self.machines {
            secrets.extend(machine.authorization.secrets());
            secrets.extend(machine.secrets.iter().cloned());
        }
        secrets.extend(self.idp.secrets());
        assert!(secrets.len() >= 10, "tokens, codes and verifiers of two sign-ins");
        secrets
    }

    /// Opens everything that the window shows of what happened.
    async fn read_activity(&self) {
        for server in &self.ids {
            let told = self.home.good("signInRuns", json!({ "id": server })).await;
            for run in told["runs"].as_array().into_iter().flatten() {
                self.home.good("signInRun", json!({ "id": run["id"] })).await;
            }
        }
    }

    /// Searches for every secret, after proving that the search would find something in each of `places`.
    fn search(&self, searched: &[&str]) {
        let places = places(&self.home, &self.log);
        assert!(holds(&self.log.bytes(), " TRACE "), "the log leaves nothing out");
        let url = self.servers[0].url();
        let known = found(
            &places,
            url.trim_start_matches("http://").trim_end_matches("/mcp"),
        );
        for place in searched {
            let names = known.iter().filter_map(|found| found.split(": ").next());
            let looked = names.into_iter().any(|name| name.contains(place));
            assert!(looked, "{place} is searched: {known:#?}");
        }
        for secret in self.secrets() {
            let found = found(&places, &secret);
            let kind = secret.split_inclusive('-').take(2).collect::<String>();
            assert!(found.is_empty(), "{kind}… lies in the open: {found:#?}");
        }
    }

    /// Makes a file for another computer, without the accounts or with them, and gives where it is.
    async fn export(&self, accounts: bool) -> String {
        let wish = json!({ "passphrase": PASSPHRASE, "accounts": accounts });
        let made = self.home.good("exportServers", wish).await;
        let path = made["path"].as_str().expect("a path").to_owned();
        let bytes = fs::read(&path).expect("the file is there");
        assert!(
            holds(&bytes, r#""format":"usher""#),
            "the search finds what lies in the open"
        );
        path
    }

    /// Says of every account that went along that its file did not arrive.
    async fn use_all_here(&self) {
        let mut moved = 0;
        for id in &self.ids {
            let accounts = self.home.server(id).await["accounts"].clone();
            for account in accounts.as_array().into_iter().flatten() {
                if account["needs"] == "handedOver" {
                    let named = json!({ "server": id, "account": account["id"] });
                    self.home.good("useHere", named).await;
                    moved += 1;
                }
            }
            self.home.state(id, "ready").await;
        }
        assert!(moved > 0, "some went along");
    }

    /// Gives the sealed bytes of every grant.
    async fn sealed(&self) -> Vec<Vec<u8>> {
        let file = SqliteConnectOptions::new().filename(self.home.data().join("usher.db"));
        let mut database = file.read_only(true).connect().await.expect("the file opens");
        sqlx::query_scalar("SELECT sealed FROM grants")
            .fetch_all(&mut database)
            .await
            .expect("the grants can be read")
    }

    /// Names the files that still hold a part of what was sealed.
    fn hold_sealed(&self, sealed: &[Vec<u8>]) -> Vec<String> {
        let mut places = Places::new();
        files(&self.home.data(), &mut places);
        let parts = |cell: &[u8]| [0, cell.len() / 2, cell.len() - 32].map(|at| cell[at..at + 32].to_vec());
        let is_part = |bytes: &[u8], cell: &[u8]| parts(cell).iter().any(|part| holds(bytes, part));
        let holding = places
            .into_iter()
            .filter(|(_, bytes)| sealed.iter().any(|cell| is_part(bytes, &cell[SEAL_HEAD..])));
        holding.map(|(name, _)| name).collect()
    }
}

/// Adds the servers of the people and signs in to each; gives their identifiers.
async fn sign_in(home: &Home, servers: &[McpServer; 3]) -> Vec<String> {
    let key = json!([{ "name": "X-Api-Key", "value": KEY }]);
    let ids = vec![
        home.add(&servers[0].url()).await,
        home.add(&servers[1].url()).await,
        home.add_with_headers(&servers[2].url(), key).await,
    ];
    let secret = json!({ "kind": "set", "value": CLIENT_SECRET });
    let client = json!({ "id": ids[1], "clientId": "my-client", "clientSecret": secret });
    home.good("editServer", client).await;
    for id in &ids {
        home.connect(id).await;
        home.state(id, "ready").await;
    }
    ids
}

/// Lets a thread fall over something secret.
fn panic_over_secrets() {
    for secret in [KEY, CLIENT_SECRET] {
        let fallen = std::thread::spawn(move || {
            let held = [Err::<(), _>(Secret::new(secret.to_owned()))];
            held.into_iter()
                .for_each(|held| held.expect("the panic of the story"));
        });
        assert!(fallen.join().is_err(), "it panicked");
    }
}

/// Spoils the beginning of the data file; what it held is still in it.
fn spoil(home: &Home) {
    let file = home.data().join("usher.db");
    let mut bytes = fs::read(&file).expect("the data file");
    bytes[..100].fill(0xAA);
    fs::write(&file, bytes).expect("it can be written");
}

#[tokio::test]
async fn s42_s43_no_secret_lies_in_the_open_and_what_has_ended_is_gone() {
    let mut scene = Scene::play().await;
    scene.renew_all().await;
    scene.read_activity().await;
    panic_over_secrets();
    assert!(
        holds(&scene.log.bytes(), b"the panic of the story"),
        "panics are heard"
    );
    scene.search(&["the log", "the window", "usher.db"]);

    let files = [scene.export(false).await, scene.export(true).await];
    scene.search(&["the log", "the window", "usher.db"]);
    scene.use_all_here().await;
    for file in files {
        fs::remove_file(file).expect("the person deletes it");
    }

    scene.home.restart().await;
    for id in &scene.ids {
        scene.home.state(id, "ready").await;
    }
    scene.search(&["the log", "the window", "usher.db", "backups"]);
    let sealed = scene.sealed().await;
    assert!(sealed.len() >= 6, "one for each sign-in");
    let holding = scene.hold_sealed(&sealed);
    assert!(
        holding.iter().any(|name| name.contains("backups")),
        "the search finds them: {holding:?}"
    );

    for id in &scene.ids {
        scene.home.good("disconnect", json!({ "id": id })).await;
    }
    scene.read_activity().await;
    scene.home.app().shutdown().await;
    let holding = scene.hold_sealed(&sealed);
    assert!(holding.is_empty(), "what has ended is not gone from {holding:#?}");
    spoil(&scene.home);
    scene.home.restart().await;
    scene.home.app().shutdown().await;
    scene.search(&["the log", "the window", "usher.db", "backups", "damaged"]);
}
