//! Files made and taken in, with real stores. A passphrase costs next to nothing here.

mod known;

use std::{fs, time::Duration};

use async_trait::async_trait;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::{
    base::{ClientId, Issuer, Resource, Secret},
    grants::{self, Standing, Wish},
    oauth::{GrantClient, Granted, TokenType, Tokens},
    ports::{Http, Keychain, KeychainError, network},
    record::Record,
    servers::{EditServer, NewServer, SecretChange, SignInMethod},
    store::{
        Vault,
        tests::{TestKeychain, new_store},
    },
};

/// 2026-11-29.
const NOW: Timestamp = Timestamp::from_seconds(1_795_910_400);
const NAME: &str = "usher-2026-11-29.usher";
const URL: &str = "https://mcp.example.com/mcp";
const WEAK: Cost = Cost {
    memory_kib: 8,
    passes: 1,
    lanes: 1,
};
/// Everything secret that a home here has.
const CANARIES: [&str; 5] = [
    "canary-header",
    "canary-client",
    "canary-method",
    "canary-access",
    "canary-refresh",
];

/// A clock that stands still.
struct Still;

#[async_trait]
impl Clock for Still {
    fn now(&self) -> Timestamp {
        NOW
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    async fn sleep(&self, _: Duration) {}
}

struct Home {
    directory: TempDir,
    store: Store,
    folder: TempDir,
    servers: Servers,
    grants: Grants,
    transfer: Transfer,
}

fn passphrase() -> Secret<String> {
    secret("correct horse battery")
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

impl Home {
    async fn new() -> Self {
        Self::with(TestKeychain::empty()).await
    }

    async fn with(keychain: Arc<TestKeychain>) -> Self {
        let (directory, store) = new_store().await;
        let folder = tempfile::tempdir().expect("a temporary directory");
        let keychain: Arc<dyn Keychain> = keychain;
        let vault = Vault::open(store.clone(), keychain, Vec::new())
            .await
            .expect("a vault");
        let clock: Arc<dyn Clock> = Arc::new(Still);
        let servers = Servers::new(store.clone(), vault.clone(), clock.clone());
        let grants = Grants::new(grants::Surroundings {
            store: store.clone(),
            vault,
            http: Http::new("usher-test", network::hand::always()).expect("TLS roots can be read"),
            clock: clock.clone(),
            record: Record::new(store.clone(), clock.clone()),
        });
        let around = Surroundings {
            store: store.clone(),
            servers: servers.clone(),
            grants: grants.clone(),
            clock,
            folder: folder.path().to_owned(),
        };
        Self {
            directory,
            store,
            folder,
            servers,
            grants,
            transfer: Transfer::at_cost(around, WEAK),
        }
    }

    /// One with a server that has every secret there is, and somebody signed in.
    async fn furnished() -> Self {
        let home = Self::new().await;
        let new = NewServer {
            name: "Example".to_owned(),
            url: URL.parse().expect("an address"),
            reach: crate::base::Reach::Public,
            auth_kind: Some(crate::base::AuthKind::Oauth),
            overridden: false,
            offered_scopes: None,
            headers: vec![(http::HeaderName::from_static("x-key"), secret("canary-header"))],
        };
        let id = home.servers.add(new).await.expect("it is added").id;
        let client = EditServer {
            client_id: Some(Some(ClientId::new("mine"))),
            client_secret: SecretChange::Set(secret("canary-client")),
            ..EditServer::default()
        };
        home.servers.edit(id, client).await.expect("it is changed");
        let method = SignInMethod::ClientSecret {
            client_id: ClientId::new("mine"),
            secret: SecretChange::Set(secret("canary-method")),
        };
        let chosen = home.servers.set_sign_in_method(id, Some(method)).await;
        chosen.expect("it is chosen");
        let kept = home.grants.keep(id, granted(), Wish::Connect).await;
        kept.expect("it is kept");
        home
    }

    async fn export(&self, luggage: Luggage) -> Result<String, TransferError> {
        let exported = self.transfer.export(&passphrase(), luggage).await;
        let exported = exported.map_err(|undone| undone.error)?;
        Ok(fs::read_to_string(exported.path).expect("it can be read"))
    }

    async fn import(&self, text: &str) -> Result<Imported, TransferError> {
        self.transfer.import(text, &passphrase()).await
    }

    async fn import_json(&self, contents: &Value) -> Result<Imported, TransferError> {
        self.import(&sealed(contents).await).await
    }

    async fn count(&self) -> usize {
        self.servers.list().await.expect("the list can be read").len()
    }

    async fn standing(&self) -> Standing {
        let server = self.servers.list().await.expect("the list can be read")[0].id;
        let account = self.grants.account(server).await.expect("it can be read");
        account.expect("somebody is signed in").standing
    }
}

fn granted() -> Granted {
    let client = json!({
        "issuer": "https://as.example.com", "resource": URL, "reach": "public",
        "token_endpoint": "https://as.example.com/token", "revocation_endpoint": null,
        "userinfo_endpoint": null, "client_id": "usher", "method": "none", "secret": null,
    });
    let client = Secret::new(client.to_string().into_bytes());
    Granted {
        issuer: Issuer::new("https://as.example.com"),
        resource: Resource::new(URL),
        scopes: "read".parse().expect("one scope"),
        tokens: Tokens {
            token_type: TokenType::Bearer,
            access: secret("canary-access"),
            refresh: Some(secret("canary-refresh")),
            expires_at: Some(NOW.after(Duration::from_secs(3600))),
        },
        client: GrantClient::from_secret_json(&client).expect("it is whole"),
        identity: None,
    }
}

async fn sealed(contents: &Value) -> String {
    let seal = file::Seal::new(&passphrase(), WEAK).await.expect("long enough");
    seal.seal(&Secret::new(contents.to_string().into_bytes()))
}

/// Opens a file as its reader does, to look at all of it.
async fn opened(text: &str) -> String {
    let plain = file::open(text, &passphrase()).await.expect("it opens");
    String::from_utf8(plain.expose().clone()).expect("it is text")
}

async fn contents(luggage: Luggage) -> Value {
    let text = Home::furnished().await.export(luggage).await;
    let text = opened(&text.expect("it is made")).await;
    serde_json::from_str(&text).expect("it is JSON")
}

#[tokio::test]
async fn s42_without_accounts_nothing_secret_goes_along_and_with_them_nothing_lies_in_the_open() {
    let home = Home::furnished().await;
    let bare = home.export(Luggage::None).await.expect("it is made");
    assert!(
        opened(&bare).await.contains(URL),
        "the search finds what is there"
    );
    assert_eq!(home.standing().await, Standing::Live, "nobody is handed over");
    let full = home.export(Luggage::Accounts).await.expect("it is made");
    for canary in CANARIES {
        assert!(!opened(&bare).await.contains(canary), "{canary} went along");
        assert!(!full.contains(canary), "{canary} lies in the open");
        assert!(opened(&full).await.contains(canary), "{canary} is sealed");
    }
    for (text, secret) in [(bare, false), (full, true)] {
        let seen = home.transfer.open(&text, &passphrase()).await.expect("it opens");
        assert_eq!(
            seen.servers[0].secret, secret,
            "it is said whether something secret comes"
        );
    }
}

#[tokio::test]
async fn everything_arrives_once() {
    let (home, other) = (Home::furnished().await, Home::new().await);
    let text = home.export(Luggage::Accounts).await.expect("it is made");
    let imported = other.import(&text).await.expect("it is taken in");
    let counts = |it: &Imported| {
        (
            it.added.len(),
            it.known,
            it.accounts.arrived.len(),
            it.needs_sign_in,
        )
    };
    assert_eq!(counts(&imported), (1, 0, 1, 0));
    assert_eq!(other.standing().await, Standing::Live);
    let id = imported.added[0];
    let server = other
        .servers
        .get(id)
        .await
        .expect("it reads")
        .expect("it is there");
    assert_eq!((server.name.as_str(), server.wanted), ("Example", false));
    assert_eq!(server.auth_kind, None, "found out anew, by a click");
    let headers = other.servers.headers(id).await.expect("they open");
    assert!(headers[0].1 == secret("canary-header"));
    let client = other.servers.client_secret(id).await.expect("it opens");
    assert!(client == Some(secret("canary-client")));
    let method = other.servers.credentials(id).await.expect("they open");
    assert!(matches!(
        method.expect("there is one").method,
        SignInMethod::ClientSecret { secret: own, .. } if own == secret("canary-method")
    ));

    let again = other.import(&text).await.expect("it is taken in");
    assert_eq!(counts(&again), (0, 1, 0, 0), "nothing is there twice");
    assert_eq!((again.accounts.known, again.accounts.left_out), (1, 0));
    assert_eq!(other.count().await, 1);
    let here = home.import(&text).await.expect("it is taken in");
    assert_eq!(counts(&here), (0, 1, 0, 0), "nor does it come back by itself");
}

#[tokio::test]
async fn every_flipped_byte_is_refused_and_changes_nothing() {
    let (home, other) = (Home::furnished().await, Home::new().await);
    let text = home.export(Luggage::Accounts).await.expect("it is made");
    for at in 0..text.len() {
        let mut flipped = text.clone().into_bytes();
        flipped[at] ^= 1;
        let flipped = String::from_utf8(flipped).expect("it stays ASCII");
        let refused = other.import(&flipped).await;
        assert!(refused.is_err(), "byte {at} of {}", text.len());
        let cut = other.import(&text[..at]).await;
        assert!(cut.is_err(), "cut off at {at}");
    }
    assert_eq!(other.count().await, 0);
}

#[tokio::test]
async fn what_is_no_file_of_ours_is_told_apart() {
    let home = Home::furnished().await;
    let text = home.export(Luggage::None).await.expect("it is made");
    let good: Value = serde_json::from_str(&text).expect("it is JSON");
    let with = |pointer: &str, value: Value| {
        let mut odd = good.clone();
        *odd.pointer_mut(pointer).expect("it is there") = value;
        odd.to_string()
    };
    let huge = format!("{text}{}", " ".repeat(file::LIMIT));
    let refused = async |text: &str| home.import(text).await.expect_err("it is refused");
    assert!(matches!(refused("hello").await, TransferError::Foreign));
    assert!(matches!(refused("{}").await, TransferError::Foreign));
    let other = with("/format", json!("other"));
    assert!(matches!(refused(&other).await, TransferError::Foreign));
    let newer = with("/version", json!(2));
    assert!(matches!(refused(&newer).await, TransferError::Newer));
    assert!(matches!(refused(&huge).await, TransferError::TooLarge));
    for (pointer, value) in [
        ("/version", json!(0)),
        ("/derivation/memoryKib", json!(u32::MAX)),
        ("/derivation/memoryKib", json!(1024 * 1024)),
        ("/derivation/memoryKib", json!(0)),
        ("/derivation/passes", json!(1_000_000)),
        ("/derivation/passes", json!(0)),
        ("/derivation/lanes", json!(1_000)),
        ("/derivation/salt", json!("AAAA")),
        ("/sealed", json!("not base64")),
    ] {
        let odd = with(pointer, value);
        assert!(
            matches!(refused(&odd).await, TransferError::Damaged),
            "{pointer} in {odd}"
        );
    }
    let wrong = home.transfer.open(&text, &secret("another passphrase")).await;
    assert!(matches!(wrong, Err(TransferError::Locked)));
    let short = home.transfer.export(&secret("short"), Luggage::None).await;
    assert!(matches!(
        short.map_err(|undone| undone.error),
        Err(TransferError::ShortPassphrase)
    ));
}

#[tokio::test]
async fn a_forged_server_is_refused_as_if_it_had_been_typed_in_and_with_it_all_others() {
    let (home, good) = (Home::new().await, contents(Luggage::Accounts).await);
    let account = "/servers/1/accounts/0";
    for (pointer, value) in [
        ("/servers/1/url", json!("ftp://mcp.example.com")),
        ("/servers/1/url", json!("https://ada:pw@mcp.example.com")),
        ("/servers/1/headers/0/name", json!("two words")),
        ("/servers/1/headers/0/value", json!("two\nlines")),
        ("/servers/1/chosenScopes", json!("qu\"ote")),
        ("/servers/1/exceptions/acceptedIssuer", json!("no address")),
        (
            "/servers/1/exceptions/extraParameters",
            json!([{ "name": "redirect_uri", "value": "https://evil.example" }]),
        ),
        ("/servers/1/client/id", json!(" ")),
        ("/servers/1/method/how/kind", json!("magic")),
        (
            "/servers/1/method/how",
            json!({ "kind": "privateKey", "clientId": "me", "keyId": null, "key": "no key" }),
        ),
        (
            "/servers/1/method/how",
            json!({ "kind": "platformToken", "clientId": "me", "token": { "file": "relative" } }),
        ),
        (
            "/servers/1/headers",
            Value::Array(vec![good["servers"][0]["headers"][0].clone(); 257]),
        ),
        (&format!("{account}/id"), json!("no identifier")),
    ] {
        let mut forged = good.clone();
        let mut second = forged["servers"][0].clone();
        second["url"] = json!("https://other.example.com/mcp");
        forged["servers"].as_array_mut().expect("a list").push(second);
        *forged.pointer_mut(pointer).expect(pointer) = value;
        let refused = home.import_json(&forged).await;
        assert!(
            matches!(refused, Err(TransferError::Damaged)),
            "{pointer}: {refused:?}"
        );
        assert_eq!(home.count().await, 0, "all or nothing: {pointer}");
    }
}

#[tokio::test]
async fn an_account_that_makes_no_sense_costs_itself_only() {
    let (home, mut file) = (Home::new().await, contents(Luggage::Accounts).await);
    let accounts = file["servers"][0]["accounts"].as_array_mut().expect("a list");
    let mut odd = accounts[0].clone();
    odd["id"] = json!(crate::base::AccountId::random());
    for (member, value) in [("grant", json!("{}")), ("moves", json!(u32::MAX))] {
        let mut odd = odd.clone();
        odd[member] = value;
        accounts.insert(0, odd);
    }
    let imported = home.import_json(&file).await.expect("it is taken in");
    let accounts = &imported.accounts;
    assert_eq!((accounts.arrived.len(), accounts.damaged), (1, 2));
    assert_eq!(home.standing().await, Standing::Live);
}

#[tokio::test]
async fn a_file_has_no_more_accounts_than_can_be_looked_at_quickly() {
    let (home, mut forged) = (Home::new().await, contents(Luggage::Accounts).await);
    let mut server = forged["servers"][0].clone();
    let account = server["accounts"][0].clone();
    for (count, is_taken) in [(171, false), (170, true)] {
        server["accounts"] = Value::Array(vec![account.clone(); count]);
        forged["servers"] = Value::Array(vec![server.clone(); 3]);
        let outcome = home.import_json(&forged).await;
        let refused = matches!(outcome, Err(TransferError::ManyAccounts));
        assert_eq!(
            (refused, outcome.is_ok()),
            (!is_taken, is_taken),
            "{count} three times"
        );
    }
}

#[tokio::test]
async fn s25_a_forged_token_that_could_not_be_sent_is_refused() {
    let (home, mut forged) = (Home::new().await, contents(Luggage::Accounts).await);
    let grant = &mut forged["servers"][0]["accounts"][0]["grant"];
    let text = grant
        .as_str()
        .expect("a text")
        .replace("canary-access", "two words");
    *grant = json!(text);
    let imported = home.import_json(&forged).await.expect("the server is taken in");
    let accounts = &imported.accounts;
    assert_eq!((accounts.arrived.len(), accounts.damaged), (0, 1));
    assert_eq!(imported.needs_sign_in, 0, "it has a method of its own");
}

#[tokio::test]
async fn s04_nothing_of_this_machine_is_shown_to_an_issuer_that_only_a_file_names() {
    let mut forged = contents(Luggage::None).await;
    let server = &mut forged["servers"][0];
    server["offered"] = json!(["https://evil.example"]);
    let own = server["method"].clone();
    let file = json!({ "kind": "platformToken", "clientId": "me", "token": { "file": "/home/ada/.token" } });
    let company = json!({
        "kind": "company", "clientId": "me", "secret": null, "token": { "pasted": "header.payload.signature" },
        "idp": { "issuer": "https://idp.example", "clientId": "me", "secret": "theirs" },
    });
    let forgeries = [file, company].map(|how| json!({ "how": how, "issuer": "https://evil.example" }));
    for method in forgeries.into_iter().chain([own]) {
        forged["servers"][0]["method"] = method;
        let home = Home::new().await;
        let imported = home.import_json(&forged).await.expect("it is taken in");
        let server = home.servers.get(imported.added[0]).await.expect("it reads");
        let server = server.expect("it is there");
        assert_eq!(server.provider.leads_to(), None, "the person is asked first");
    }
    let home = Home::new().await;
    let whole = contents(Luggage::Accounts).await;
    let imported = home.import_json(&whole).await.expect("it is taken in");
    let server = home.servers.get(imported.added[0]).await.expect("it reads");
    let agreed = server.expect("it is there").provider.agreed;
    assert_eq!(
        agreed, None,
        "what is entered later is shown to nobody without a click"
    );
}

#[tokio::test]
async fn an_account_stays_if_no_file_can_be_made() {
    let home = Home::furnished().await;
    for name in name::names(NOW) {
        fs::write(home.folder.path().join(name), "").expect("an older file");
    }
    let refused = home.export(Luggage::Accounts).await;
    assert!(
        matches!(refused, Err(TransferError::Unwritten { .. })),
        "{refused:?}"
    );
    assert_eq!(home.standing().await, Standing::Live, "it is taken back");
    let left = fs::read_dir(home.folder.path()).expect("a folder").count();
    assert_eq!(left, name::names(NOW).count(), "nothing is left beside them");
    fs::remove_dir_all(home.folder.path()).expect("it can be removed");
    let refused = home.export(Luggage::Accounts).await;
    assert!(
        matches!(refused, Err(TransferError::Unwritten { .. })),
        "{refused:?}"
    );
    assert_eq!(home.standing().await, Standing::Live, "it never left");
}

#[tokio::test]
async fn a_file_is_never_put_in_place_of_another() {
    let home = Home::furnished().await;
    let first = home.transfer.export(&passphrase(), Luggage::None).await;
    assert_eq!(first.expect("it is made").path, home.folder.path().join(NAME));
    let second = home.transfer.export(&passphrase(), Luggage::None).await;
    let path = second.expect("it is made").path;
    assert_eq!(path, home.folder.path().join("usher-2026-11-29-2.usher"));
}

#[tokio::test]
async fn s36_a_closed_vault_takes_no_secret_in_and_gives_none() {
    let closed = Home::with(TestKeychain::failing(KeychainError::Locked)).await;
    let full = sealed(&contents(Luggage::Accounts).await).await;
    let refused = closed.import(&full).await;
    assert!(matches!(refused, Err(TransferError::VaultClosed)), "{refused:?}");
    assert_eq!(closed.count().await, 0);
    let bare = sealed(&contents(Luggage::None).await).await;
    closed.import(&bare).await.expect("there is nothing secret in it");
    closed.export(Luggage::None).await.expect("nor here");
}
