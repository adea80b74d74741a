//! New keys, and moving them between the keychain and a passphrase, while everything goes on.

use std::{
    fs,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures::future::join_all;
use serde_json::{Value, json};
use usher_core::{
    api::contract::ErrorCode,
    ports::{Keychain, KeychainError, VaultKey},
};
use usher_tests::{
    AuthorizationServer, Door, FailingKeychain, Furniture, HandClock, Home, McpServer, MemoryKeychain, Ways,
};

const PASSPHRASE: &str = "correct horse battery staple";
const OTHER: &str = "another good passphrase";
const KEY: &str = "the-right-key";

fn passphrase(text: &str) -> Value {
    json!({ "passphrase": text })
}

fn open(keeper: &str) -> Value {
    json!({ "kind": "open", "keeper": keeper, "lockAfter": null })
}

async fn home(keychain: impl Keychain + 'static, delivers: bool) -> Home {
    Home::with(Furniture {
        keychain: Arc::new(keychain),
        delivers,
        ..Furniture::default()
    })
    .await
}

/// Gives the key that a keychain holds.
async fn held(keychain: &MemoryKeychain) -> Option<Vec<u8>> {
    let held = keychain.read().await.expect("the keychain answers");
    // EXPOSE: the test searches for it.
    held.map(|key| key.expose().to_vec())
}

/// Tells whether bytes are anywhere in a directory, backups included.
fn lies_in(directory: &Path, bytes: &[u8]) -> bool {
    let entries = fs::read_dir(directory).expect("the directory can be read");
    entries.into_iter().any(|entry| {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            return lies_in(&path, bytes);
        }
        let content = fs::read(&path).unwrap_or_default();
        content.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[tokio::test]
async fn s39_after_new_keys_everything_goes_on() {
    let keychain = MemoryKeychain::default();
    let (authorization, page) = (
        AuthorizationServer::open(Ways::default()).await,
        AuthorizationServer::open(Ways::default()).await,
    );
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let keyed = McpServer::open(Door::Header("x-api-key", KEY)).await;
    let later = McpServer::open(Door::Bearer(&page)).await;
    let mut home = home(keychain.clone(), false).await;
    let signed_in = home.add(&server.url()).await;
    home.connect(&signed_in).await;
    home.app().deep_link(&home.link(1).await).await;
    home.state(&signed_in, "ready").await;
    let headers = json!([{ "name": "x-api-key", "value": KEY }]);
    let by_key = home.add_with_headers(&keyed.url(), headers).await;
    home.connect(&by_key).await;
    home.state(&by_key, "ready").await;
    let waiting = home.add(&later.url()).await;
    home.connect(&waiting).await;
    let answer = home.link(2).await;

    let before = held(&keychain).await.expect("the key is there");
    let rotated = home.good("rotateKey", json!({ "passphrase": null })).await;
    assert_eq!(rotated, open("keychain"));
    let after = held(&keychain).await.expect("a key is there");
    assert_ne!(before, after, "the keychain has another key");

    for id in [&signed_in, &by_key] {
        home.echo(id, "hello").await.expect("the tool answers");
    }
    home.app().deep_link(&answer).await;
    assert_eq!(home.outcome(&waiting).await, json!({ "kind": "authorized" }));
    home.state(&waiting, "ready").await;
    authorization.expire_access();
    home.echo(&signed_in, "hello").await.expect("the renewal goes on");

    home.restart().await;
    for id in [&signed_in, &by_key, &waiting] {
        home.state(id, "ready").await;
        home.echo(id, "hello").await.expect("the tool answers");
    }
    assert_eq!(home.person().opened().len(), 2, "no new sign-in");
    for key in [before, after] {
        assert!(
            !lies_in(&home.data(), &key),
            "S42: no key of the keychain is in a file"
        );
    }
}

#[tokio::test]
async fn s39_new_keys_during_a_storm_of_renewals_lose_none() {
    let keychain = MemoryKeychain::default();
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = home(keychain, true).await;
    let id = home.add(&server.url()).await;
    home.sign_in(&id).await;
    home.state(&id, "ready").await;
    for _ in 0..5 {
        authorization.expire_access();
        let calls = join_all((0..5).map(|_| home.echo(&id, "hello")));
        let (answers, rotated) = tokio::join!(calls, home.call("rotateKey", json!({ "passphrase": null })));
        rotated.expect("the keys are replaced");
        for answer in answers {
            answer.expect("the tool answers");
        }
    }
    home.restart().await;
    home.state(&id, "ready").await;
    authorization.expire_access();
    home.echo(&id, "hello").await.expect("the last pair was kept");
    assert_eq!(home.person().opened().len(), 1, "nobody was asked to sign in");
    assert_eq!(authorization.living_grants(), 1, "no token was used twice");
}

#[tokio::test]
async fn a_key_moves_from_the_keychain_to_a_passphrase_and_back() {
    let keychain = MemoryKeychain::default();
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = home(keychain.clone(), true).await;
    let id = home.add(&server.url()).await;
    home.sign_in(&id).await;
    home.state(&id, "ready").await;

    let moved = home.good("choosePassphrase", passphrase(PASSPHRASE)).await;
    assert_eq!(moved, open("passphrase"));
    assert_eq!(held(&keychain).await, None, "no key stays behind in the keychain");
    let again = home.call("choosePassphrase", passphrase(OTHER)).await;
    let code = again.expect_err("the old one is not asked for here").code;
    assert_eq!(code, ErrorCode::PassphraseWrong);
    home.restart().await;
    home.good("unlock", passphrase(PASSPHRASE)).await;
    home.state(&id, "ready").await;

    let wrong = home.call("rotateKey", passphrase(OTHER)).await;
    assert_eq!(wrong.expect_err("the wrong one").code, ErrorCode::PassphraseWrong);
    home.good("rotateKey", passphrase(PASSPHRASE)).await;
    let wrong = json!({ "old": OTHER, "new": OTHER });
    let wrong = home.call("changePassphrase", wrong).await;
    assert_eq!(wrong.expect_err("the wrong one").code, ErrorCode::PassphraseWrong);
    let short = json!({ "old": PASSPHRASE, "new": "short" });
    let short = home.call("changePassphrase", short).await;
    assert_eq!(short.expect_err("too short").code, ErrorCode::PassphraseShort);
    home.good("changePassphrase", json!({ "old": PASSPHRASE, "new": OTHER }))
        .await;
    home.restart().await;
    let old = home.call("unlock", passphrase(PASSPHRASE)).await;
    assert_eq!(old.expect_err("the old one").code, ErrorCode::PassphraseWrong);
    home.good("unlock", passphrase(OTHER)).await;
    home.state(&id, "ready").await;

    let wrong = home.call("useKeychain", passphrase(PASSPHRASE)).await;
    assert_eq!(wrong.expect_err("the old one").code, ErrorCode::PassphraseWrong);
    assert_eq!(
        home.good("useKeychain", passphrase(OTHER)).await,
        open("keychain")
    );
    let none = home
        .call("changePassphrase", json!({ "old": OTHER, "new": PASSPHRASE }))
        .await;
    assert_eq!(none.expect_err("there is none").code, ErrorCode::KeptByKeychain);
    home.restart().await;
    home.state(&id, "ready").await;
    assert_eq!(home.person().opened().len(), 1, "no new sign-in");
    assert!(
        !home.heard().contains("correct horse"),
        "a passphrase is never shown"
    );
}

#[tokio::test]
async fn a_keychain_in_trouble_leaves_everything_as_it_was() {
    let keychain = FailingKeychain::new(KeychainError::Locked, MemoryKeychain::default());
    keychain.mend();
    let mut home = home(keychain.clone(), true).await;
    let keyed = McpServer::open(Door::Header("x-api-key", KEY)).await;
    let headers = json!([{ "name": "x-api-key", "value": KEY }]);
    let id = home.add_with_headers(&keyed.url(), headers).await;
    home.connect(&id).await;
    home.state(&id, "ready").await;
    let troubles = [
        (KeychainError::Locked, ErrorCode::KeychainLocked),
        (KeychainError::Absent, ErrorCode::KeychainAbsent),
        (KeychainError::Forgets, ErrorCode::KeychainAbsent),
        (KeychainError::NoAnswer, ErrorCode::KeychainNoAnswer),
        (KeychainError::NotAKey, ErrorCode::KeychainTaken),
    ];
    for (trouble, code) in troubles {
        keychain.fail(trouble);
        let refused = home.call("rotateKey", json!({ "passphrase": null })).await;
        assert_eq!(refused.expect_err("no new key is taken").code, code);
        keychain.mend();
        home.echo(&id, "hello").await.expect("the tool answers");
    }
    home.good("choosePassphrase", passphrase(PASSPHRASE)).await;
    for (trouble, code) in troubles {
        keychain.fail(trouble);
        let refused = home.call("useKeychain", passphrase(PASSPHRASE)).await;
        assert_eq!(refused.expect_err("no key is taken").code, code);
    }
    home.restart().await;
    home.good("unlock", passphrase(PASSPHRASE)).await;
    home.state(&id, "ready").await;
}

/// A keychain that loses what it has, as long as it is told to, when it is given something else.
#[derive(Clone, Default)]
struct LosingKeychain {
    inner: MemoryKeychain,
    loses: Arc<AtomicBool>,
}

#[async_trait]
impl Keychain for LosingKeychain {
    async fn read(&self) -> Result<Option<VaultKey>, KeychainError> {
        self.inner.read().await
    }

    async fn write(&self, key: &VaultKey) -> Result<(), KeychainError> {
        if self.loses.load(Ordering::Relaxed) {
            self.inner.lose();
            return Err(KeychainError::NoAnswer);
        }
        self.inner.write(key).await
    }

    async fn delete(&self) -> Result<(), KeychainError> {
        self.inner.delete().await
    }
}

#[tokio::test]
async fn s39_a_keychain_that_loses_the_key_keeps_it_again_while_the_app_runs() {
    let (keychain, clock) = (LosingKeychain::default(), HandClock::default());
    let mut home = Home::with(Furniture {
        keychain: Arc::new(keychain.clone()),
        clock: Arc::new(clock.clone()),
        ..Furniture::default()
    })
    .await;
    let keyed = McpServer::open(Door::Header("x-api-key", KEY)).await;
    let headers = json!([{ "name": "x-api-key", "value": KEY }]);
    let id = home.add_with_headers(&keyed.url(), headers).await;
    home.connect(&id).await;
    home.state(&id, "ready").await;

    keychain.loses.store(true, Ordering::Relaxed);
    let refused = home.call("rotateKey", json!({ "passphrase": null })).await;
    assert_eq!(
        refused.expect_err("it took none").code,
        ErrorCode::KeychainLostKey
    );
    let vault = home.good("retryVault", Value::Null).await;
    assert_eq!(vault, open("nobody"), "the window says so");
    home.echo(&id, "hello").await.expect("the tool answers");
    assert_eq!(held(&keychain.inner).await, None, "nothing else has it");

    keychain.loses.store(false, Ordering::Relaxed);
    while home.good("snapshot", Value::Null).await["vault"] != open("keychain") {
        clock.advance(Duration::from_secs(60));
    }
    home.restart().await;
    home.state(&id, "ready").await;
    home.echo(&id, "hello").await.expect("the tool answers");
}
