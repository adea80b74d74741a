//! Keychains of every mood.

use std::sync::Arc;

use serde_json::{Value, json};
use usher_core::{
    api::contract::ErrorCode,
    ports::{Keychain, KeychainError},
};
use usher_tests::{
    AuthorizationServer, Door, FailingKeychain, Furniture, Home, McpServer, MemoryKeychain, Ways,
};

use super::machines;

async fn home(keychain: impl Keychain + 'static) -> Home {
    Home::with(Furniture {
        keychain: Arc::new(keychain),
        ..Furniture::default()
    })
    .await
}

async fn vault(home: &Home) -> Value {
    home.good("snapshot", Value::Null).await["vault"].clone()
}

#[tokio::test]
async fn s36_a_locked_keychain_is_waited_for_and_nothing_is_cleared() {
    let keychain = FailingKeychain::new(KeychainError::Locked, MemoryKeychain::default());
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = home(keychain.clone()).await;
    assert_eq!(vault(&home).await, json!({ "kind": "keychainLocked" }));
    let id = home.add(&server.url()).await;
    let still = home.good("retryVault", Value::Null).await;
    assert_eq!(still, json!({ "kind": "keychainLocked" }));

    keychain.mend();
    let open = home.good("retryVault", Value::Null).await;
    assert_eq!(
        open,
        json!({ "kind": "open", "keeper": "keychain", "lockAfter": null })
    );
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    home.state(&id, "ready").await;
    home.restart().await;
    home.state(&id, "ready").await;
}

#[tokio::test]
async fn s36_without_an_open_vault_nobody_is_sent_to_the_browser() {
    let keychain = FailingKeychain::new(KeychainError::Locked, MemoryKeychain::default());
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = home(keychain).await;
    let id = home.add(&server.url()).await;
    // Refused at once or ended as not stored: either way nothing is promised that cannot be kept.
    if home.call("connect", json!({ "id": id })).await.is_ok() {
        assert_eq!(home.outcome(&id).await, json!({ "kind": "notStored" }));
    }
    assert!(home.person().opened().is_empty(), "an answer could not be kept");
    assert_eq!(authorization.living_grants(), 0);
}

#[tokio::test]
async fn s37_without_a_keychain_a_passphrase_protects_the_vault() {
    let keychain = FailingKeychain::new(KeychainError::Absent, MemoryKeychain::default());
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = home(keychain).await;
    assert_eq!(
        vault(&home).await,
        json!({ "kind": "keychainAbsent", "awaited": false })
    );
    let short = home
        .call("choosePassphrase", json!({ "passphrase": "short" }))
        .await;
    assert_eq!(short.expect_err("too short").code, ErrorCode::PassphraseShort);
    let passphrase = json!({ "passphrase": "correct horse battery staple" });
    let open = home.good("choosePassphrase", passphrase.clone()).await;
    assert_eq!(
        open,
        json!({ "kind": "open", "keeper": "passphrase", "lockAfter": null })
    );
    let id = home.add(&server.url()).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    home.state(&id, "ready").await;

    home.restart().await;
    assert_eq!(
        vault(&home).await,
        json!({ "kind": "passphraseNeeded", "wrong": false })
    );
    let wrong = home
        .call("unlock", json!({ "passphrase": "wrong horse battery" }))
        .await;
    assert_eq!(wrong.expect_err("the wrong one").code, ErrorCode::PassphraseWrong);
    assert_eq!(vault(&home).await["kind"], "passphraseNeeded");
    home.good("unlock", passphrase).await;
    home.state(&id, "ready").await;
    assert_eq!(home.person().opened().len(), 1, "no new sign-in");
    assert!(
        !home.heard().contains("correct horse"),
        "a passphrase is never shown"
    );
}

#[tokio::test]
async fn s38_a_lost_key_costs_the_sign_ins_and_keeps_the_list() {
    let keychain = MemoryKeychain::default();
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = home(keychain.clone()).await;
    let id = home.add(&server.url()).await;
    home.sign_in(&id).await;
    home.state(&id, "ready").await;

    keychain.lose();
    home.restart().await;
    assert_eq!(
        vault(&home).await,
        json!({ "kind": "keyLost", "loss": "missing" })
    );
    assert_eq!(home.server(&id).await["url"], server.url(), "the list stays");
    let open = home.good("replaceLostKey", Value::Null).await;
    assert_eq!(
        open,
        json!({ "kind": "open", "keeper": "keychain", "lockAfter": null })
    );
    let needed = home.state(&id, "signInNeeded").await;
    assert_eq!(needed["state"]["reason"], "undecryptable");
    assert_eq!(home.person().opened().len(), 1, "nothing opens by itself");
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    home.state(&id, "ready").await;
}

#[tokio::test]
async fn s38_a_lost_key_costs_what_a_client_proves_itself_with_and_that_is_said() {
    let keychain = MemoryKeychain::default();
    let mut home = home(keychain.clone()).await;
    let id = home.add("http://127.0.0.1:1/mcp").await;
    let method = json!({ "id": id, "method": machines::by_secret(machines::SECRET) });
    home.good("setSignInMethod", method.clone()).await;
    keychain.lose();
    home.restart().await;
    home.good("replaceLostKey", Value::Null).await;
    let unreadable = json!({ "kind": "credentialsUnreadable" });
    home.good("signIn", json!({ "id": id })).await;
    assert_eq!(home.outcome(&id).await, unreadable);
    home.good("setSignInMethod", method).await;
    home.good("signIn", json!({ "id": id })).await;
    assert_ne!(home.outcome(&id).await, unreadable, "it can be entered anew");
}
