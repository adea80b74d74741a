//! Keychains of every mood, and data directories that cannot be used.

use std::{fs, path::Path, sync::Arc};

use serde_json::{Value, json};
use tempfile::tempdir;
use usher_core::{
    api::{
        App, Doors, Settings,
        contract::{AppError, ErrorCode},
    },
    ports::{Keychain, KeychainError, SystemClock},
    sign_in::DeepLink,
};
use usher_tests::{
    AuthorizationServer, Decision, Door, FailingKeychain, Furniture, Home, McpServer, MemoryKeychain, Person,
    Ways,
};

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
    assert_eq!(open, json!({ "kind": "open", "keeper": "keychain" }));
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
    assert_eq!(open, json!({ "kind": "open", "keeper": "passphrase" }));
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
    assert_eq!(open, json!({ "kind": "open", "keeper": "keychain" }));
    let needed = home.state(&id, "signInNeeded").await;
    assert_eq!(needed["state"]["reason"], "undecryptable");
    assert_eq!(home.person().opened().len(), 1, "nothing opens by itself");
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    home.state(&id, "ready").await;
}

async fn start(directory: &Path) -> Result<App, AppError> {
    let doors = Doors {
        clock: Arc::new(SystemClock),
        browser: Arc::new(Person::who(Decision::Nothing).0),
        keychain: Arc::new(MemoryKeychain::default()),
    };
    let settings = Settings {
        data_directory: directory.to_owned(),
        deep_link: DeepLink::Ours,
        client_metadata: None,
    };
    App::start(doors, settings).await
}

/// Fails to start and gives the code; the error names the directory.
async fn fails(directory: &Path) -> ErrorCode {
    let Err(error) = start(directory).await else {
        panic!("the app cannot start there")
    };
    assert_eq!(error.args["path"], directory.display().to_string());
    error.code
}

#[tokio::test]
async fn s29_a_directory_has_one_owner() {
    let directory = tempdir().expect("a temporary directory");
    let app = start(directory.path()).await.expect("the first starts");
    assert_eq!(fails(directory.path()).await, ErrorCode::StoreBusy);
    app.shutdown().await;
    let again = start(directory.path()).await.expect("the owner has gone");
    again.shutdown().await;
}

#[tokio::test]
async fn a_file_in_place_of_the_directory_is_not_overwritten() {
    let directory = tempdir().expect("a temporary directory");
    let file = directory.path().join("data");
    fs::write(&file, "mine").expect("a file");
    fails(&file).await;
    assert_eq!(
        fs::read_to_string(&file).expect("the file is still there"),
        "mine"
    );
}

fn database(directory: &Path) -> std::path::PathBuf {
    let entries = fs::read_dir(directory).expect("the data directory");
    let mut paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .find(|path| path.extension().is_some_and(|ending| ending == "db"))
        .expect("a database")
}

#[tokio::test]
async fn a_newer_database_is_left_as_it_is() {
    let directory = tempdir().expect("a temporary directory");
    start(directory.path())
        .await
        .expect("the app starts")
        .shutdown()
        .await;
    let file = database(directory.path());
    let url = format!("sqlite:{}", file.display());
    let pool = sqlx::SqlitePool::connect(&url).await.expect("the database opens");
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (99999999999999, 'later', TRUE, x'00', 0)";
    sqlx::query(newer)
        .execute(&pool)
        .await
        .expect("a later migration is written");
    pool.close().await;
    assert_eq!(fails(directory.path()).await, ErrorCode::StoreNewer);
}

#[tokio::test]
async fn a_damaged_database_says_so_and_is_kept() {
    let directory = tempdir().expect("a temporary directory");
    start(directory.path())
        .await
        .expect("the app starts")
        .shutdown()
        .await;
    let file = database(directory.path());
    fs::write(
        &file,
        "this is no database, and it is long enough to be looked at".repeat(100),
    )
    .expect("the file can be written");
    let before = fs::read(&file).expect("the file can be read");
    assert_eq!(fails(directory.path()).await, ErrorCode::StoreDamaged);
    assert_eq!(fs::read(&file).expect("it is still there"), before);
}
