//! Locking what a passphrase protects, by hand and by itself, without losing what is under way.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use usher_core::{
    api::contract::ErrorCode,
    ports::{Clock, KeychainError, SystemClock},
};
use usher_tests::{
    AuthorizationServer, Door, FailingKeychain, Furniture, HandClock, Home, McpServer, MemoryKeychain, Ways,
};

const PASSPHRASE: &str = "correct horse battery staple";
const MINUTE: Duration = Duration::from_secs(60);

async fn unlock(home: &Home) -> Value {
    home.good("unlock", json!({ "passphrase": PASSPHRASE })).await
}

async fn vault(home: &Home) -> Value {
    home.good("snapshot", Value::Null).await["vault"].clone()
}

/// Waits until the vault asks for its passphrase.
async fn locked(home: &Home) {
    let mut events = home.app().events();
    while vault(home).await != json!({ "kind": "passphraseNeeded", "wrong": false }) {
        events.recv().await.expect("the app runs");
    }
}

/// A home with a passphrase, signed in to one server.
struct SignedIn {
    authorization: AuthorizationServer,
    _server: McpServer,
    home: Home,
    id: String,
}

impl SignedIn {
    async fn at(clock: Arc<dyn Clock>) -> Self {
        let authorization = AuthorizationServer::open(Ways::default()).await;
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let keychain = FailingKeychain::new(KeychainError::Absent, MemoryKeychain::default());
        let home = Home::with(Furniture {
            clock,
            keychain: Arc::new(keychain),
            delivers: false,
            ..Furniture::default()
        })
        .await;
        home.good("choosePassphrase", json!({ "passphrase": PASSPHRASE }))
            .await;
        let id = home.add(&server.url()).await;
        home.connect(&id).await;
        home.app().deep_link(&home.link(1).await).await;
        home.state(&id, "ready").await;
        Self {
            authorization,
            _server: server,
            home,
            id,
        }
    }

    async fn new() -> Self {
        Self::at(Arc::new(SystemClock)).await
    }
}

#[tokio::test]
async fn what_is_locked_by_hand_goes_on_after_the_passphrase() {
    let it = SignedIn::new().await;
    let later = McpServer::open(Door::Bearer(&it.authorization)).await;
    let waiting = it.home.add(&later.url()).await;
    it.home.connect(&waiting).await;
    let answer = it.home.link(2).await;

    let view = it.home.good("lockVault", Value::Null).await;
    assert_eq!(view, json!({ "kind": "passphraseNeeded", "wrong": false }));
    it.home.state(&it.id, "off").await;
    let refused = it.home.echo(&it.id, "hello").await.expect_err("it is locked");
    assert_eq!(refused.code, ErrorCode::NotConnected);
    it.home.app().deep_link(&answer).await;
    assert_eq!(
        it.authorization.seen().count("POST /token"),
        1,
        "an answer that cannot be kept is not spent"
    );

    unlock(&it.home).await;
    it.home.state(&it.id, "ready").await;
    it.home.echo(&it.id, "hello").await.expect("the tool answers");
    assert_eq!(it.home.outcome(&waiting).await, json!({ "kind": "authorized" }));
    it.home.state(&waiting, "ready").await;
    assert_eq!(it.home.person().opened().len(), 2, "no browser opened again");
}

#[tokio::test]
async fn a_renewal_under_way_is_written_before_the_key_goes() {
    let mut it = SignedIn::new().await;
    it.authorization.expire_access();
    let held = it.authorization.hold_tokens().await;
    let call = it.home.echo(&it.id, "hello");
    let lock = async {
        while it.authorization.seen().count("POST /token") < 2 {
            tokio::task::yield_now().await;
        }
        let release = async {
            locked(&it.home).await;
            drop(held);
        };
        tokio::join!(it.home.good("lockVault", Value::Null), release)
    };
    // What became of the call is its own affair: its connection was closed under it.
    let _ = tokio::join!(call, lock);
    // What was only in memory is gone with it.
    it.home.restart().await;
    assert_eq!(vault(&it.home).await["kind"], "passphraseNeeded");

    unlock(&it.home).await;
    it.home.state(&it.id, "ready").await;
    it.home.echo(&it.id, "hello").await.expect("the tool answers");
    it.authorization.expire_access();
    it.home
        .echo(&it.id, "hello")
        .await
        .expect("the pair that came last was kept");
    assert_eq!(it.authorization.living_grants(), 1, "no token was used twice");
    assert_eq!(it.home.person().opened().len(), 1, "no browser");
}

#[tokio::test]
async fn a_code_under_exchange_is_seen_through_before_the_key_goes() {
    let it = SignedIn::new().await;
    let other = McpServer::open(Door::Bearer(&it.authorization)).await;
    let id = it.home.add(&other.url()).await;
    it.home.connect(&id).await;
    let first = it.home.at_the_page(&id).await;
    let taken_back = json!({ "id": first["signIn"]["id"] });
    it.home.good("cancelSignIn", taken_back).await;
    it.home.connect(&id).await;
    let answer = it.home.link(3).await;

    let held = it.authorization.hold_tokens().await;
    let app = it.home.app();
    let answered = app.deep_link(&answer);
    let lock = async {
        while it.authorization.seen().count("POST /token") < 2 {
            tokio::task::yield_now().await;
        }
        let release = async {
            locked(&it.home).await;
            drop(held);
        };
        tokio::join!(it.home.good("lockVault", Value::Null), release)
    };
    let _ = tokio::join!(answered, lock);

    unlock(&it.home).await;
    it.home.state(&id, "ready").await;
    it.home.echo(&id, "hello").await.expect("the sign-in was kept");
    assert_eq!(it.home.person().opened().len(), 3, "nobody is asked again");
}

#[tokio::test]
async fn it_locks_itself_once_nobody_was_there_for_as_long_as_was_chosen() {
    let clock = HandClock::default();
    let mut it = SignedIn::at(Arc::new(clock.clone())).await;
    clock.advance(1000 * MINUTE);
    assert_eq!(
        vault(&it.home).await["lockAfter"],
        Value::Null,
        "never, unless chosen"
    );
    assert_eq!(vault(&it.home).await["kind"], "open");
    for minutes in [0, 10_081] {
        let refused = it.home.call("setAutoLock", json!({ "minutes": minutes })).await;
        assert_eq!(refused.expect_err("no such time").code, ErrorCode::BadCall);
    }
    let chosen = it.home.good("setAutoLock", json!({ "minutes": 15 })).await;
    assert_eq!(chosen["lockAfter"], 15);
    clock.advance(14 * MINUTE);
    it.home.state(&it.id, "ready").await;
    it.home.connect(&it.id).await;
    clock.advance(14 * MINUTE);
    assert_eq!(vault(&it.home).await["kind"], "open", "a click counts");
    clock.advance(MINUTE);
    locked(&it.home).await;
    it.home.state(&it.id, "off").await;

    it.home.restart().await;
    assert_eq!(unlock(&it.home).await["lockAfter"], 15, "it is remembered");
    it.home.state(&it.id, "ready").await;
    it.home.good("setAutoLock", json!({ "minutes": null })).await;
    clock.advance(1000 * MINUTE);
    it.home.echo(&it.id, "hello").await.expect("it is open");
    assert_eq!(it.home.person().opened().len(), 1, "no browser");
}

#[tokio::test]
async fn s18_links_that_any_page_can_open_push_no_answer_out_that_came_while_it_was_locked() {
    let it = SignedIn::new().await;
    let other = McpServer::open(Door::Bearer(&it.authorization)).await;
    let id = it.home.add(&other.url()).await;
    it.home.connect(&id).await;
    let answer = it.home.link(2).await;
    it.home.good("lockVault", Value::Null).await;
    it.home.app().deep_link(&answer).await;
    for stranger in 0..20 {
        let link = format!("dev.usher.desktop://oauth/callback?code=c&state=stranger-{stranger}");
        it.home.app().deep_link(&link).await;
    }
    unlock(&it.home).await;
    assert_eq!(it.home.outcome(&id).await, json!({ "kind": "authorized" }));
}

#[tokio::test]
async fn no_sign_in_begins_while_it_is_locked() {
    let it = SignedIn::new().await;
    let other = McpServer::open(Door::Bearer(&it.authorization)).await;
    let id = it.home.add(&other.url()).await;
    it.home.good("lockVault", Value::Null).await;
    let account = it.home.server(&it.id).await["accounts"][0]["id"].clone();
    let account = json!({ "server": it.id, "account": account });
    for (name, argument) in [
        ("connect", json!({ "id": id })),
        ("signIn", json!({ "id": id })),
        ("addAccount", json!({ "id": it.id })),
        ("reconnectAccount", account),
    ] {
        let refused = it.home.call(name, argument).await.expect_err("it is locked");
        assert_eq!(refused.code, ErrorCode::VaultClosed, "{name}");
    }
    unlock(&it.home).await;
    it.home.connect(&id).await;
    it.home.app().deep_link(&it.home.link(2).await).await;
    it.home.state(&id, "ready").await;
    assert_eq!(it.home.person().opened().len(), 2, "no page was opened before");
    assert_eq!(
        it.authorization.seen().count("POST /register"),
        1,
        "and nobody registered"
    );
}

#[tokio::test]
async fn who_is_signing_in_in_the_browser_is_there() {
    let clock = HandClock::default();
    let it = SignedIn::at(Arc::new(clock.clone())).await;
    let other = McpServer::open(Door::Bearer(&it.authorization)).await;
    let id = it.home.add(&other.url()).await;
    it.home.good("setAutoLock", json!({ "minutes": 5 })).await;
    it.home.connect(&id).await;
    it.home.at_the_page(&id).await;
    let answer = it.home.link(2).await;
    clock.advance(6 * MINUTE);
    it.home.app().deep_link(&answer).await;
    assert_eq!(it.home.outcome(&id).await, json!({ "kind": "authorized" }));
    it.home.state(&id, "ready").await;
    clock.advance(4 * MINUTE);
    assert_eq!(
        vault(&it.home).await["kind"],
        "open",
        "they were there when it came"
    );
    clock.advance(MINUTE);
    assert_eq!(vault(&it.home).await["kind"], "passphraseNeeded");
}

#[tokio::test]
async fn who_does_not_come_back_from_the_browser_was_there_at_their_last_click() {
    let clock = HandClock::default();
    let it = SignedIn::at(Arc::new(clock.clone())).await;
    let other = McpServer::open(Door::Bearer(&it.authorization)).await;
    let id = it.home.add(&other.url()).await;
    it.home.good("setAutoLock", json!({ "minutes": 5 })).await;
    it.home.connect(&id).await;
    it.home.at_the_page(&id).await;
    clock.advance(9 * MINUTE);
    assert_eq!(vault(&it.home).await["kind"], "open", "they may be signing in");
    clock.advance(MINUTE);
    assert_eq!(vault(&it.home).await["kind"], "passphraseNeeded", "not any more");
}

#[tokio::test]
async fn a_sign_in_that_was_slept_over_does_not_keep_it_open() {
    let clock = HandClock::default();
    let it = SignedIn::at(Arc::new(clock.clone())).await;
    let other = McpServer::open(Door::Bearer(&it.authorization)).await;
    let id = it.home.add(&other.url()).await;
    it.home.good("setAutoLock", json!({ "minutes": 15 })).await;
    it.home.connect(&id).await;
    it.home.at_the_page(&id).await;
    clock.set(clock.now().after(8 * 60 * MINUTE));
    let refused = it.home.echo(&it.id, "hello").await.expect_err("it is locked");
    assert_eq!(refused.code, ErrorCode::NotConnected);
    assert_eq!(vault(&it.home).await["kind"], "passphraseNeeded");
}

#[tokio::test]
async fn s18_links_that_any_page_can_open_do_not_keep_it_open() {
    let clock = HandClock::default();
    let it = SignedIn::at(Arc::new(clock.clone())).await;
    it.home.good("setAutoLock", json!({ "minutes": 15 })).await;
    for link in [
        "dev.usher.desktop://oauth/callback?code=a&state=b",
        "dev.usher.desktop://oauth/callback?code=a",
        "dev.usher.desktop://elsewhere",
    ] {
        clock.advance(7 * MINUTE);
        it.home.app().deep_link(link).await;
    }
    assert_eq!(vault(&it.home).await["kind"], "passphraseNeeded");
}

#[tokio::test]
async fn after_sleep_it_is_locked_before_anything_is_done() {
    let clock = HandClock::default();
    let it = SignedIn::at(Arc::new(clock.clone())).await;
    it.home.good("setAutoLock", json!({ "minutes": 15 })).await;
    clock.advance(8 * 60 * MINUTE);
    let refused = it.home.echo(&it.id, "hello").await.expect_err("it is locked");
    assert_eq!(refused.code, ErrorCode::NotConnected);
    assert_eq!(vault(&it.home).await["kind"], "passphraseNeeded");
    unlock(&it.home).await;
    it.home.state(&it.id, "ready").await;
    assert_eq!(it.home.person().opened().len(), 1, "no browser");
}

#[tokio::test]
async fn what_the_keychain_keeps_is_locked_by_the_system() {
    let home = Home::with(Furniture::default()).await;
    for (name, argument) in [
        ("lockVault", Value::Null),
        ("setAutoLock", json!({ "minutes": 5 })),
    ] {
        let refused = home
            .call(name, argument)
            .await
            .expect_err("it is not ours to lock");
        assert_eq!(refused.code, ErrorCode::KeptByKeychain);
    }
    assert_eq!(vault(&home).await["kind"], "open");
}
