//! Data directories that cannot be used, and data files that are put back.

use std::{fs, path::Path, sync::Arc};

use serde_json::{Value, json};
use tempfile::tempdir;
use usher_core::{
    api::{
        App, Doors, Settings,
        contract::{AppError, ErrorCode},
    },
    ports::SystemClock,
    sign_in::DeepLink,
};
use usher_tests::{
    AuthorizationServer, Decision, Door, HandNetwork, Home, McpServer, MemoryKeychain, Person, Ways,
};

async fn start(directory: &Path) -> Result<App, AppError> {
    let doors = Doors {
        clock: Arc::new(SystemClock),
        network: Arc::new(HandNetwork::default()),
        browser: Arc::new(Person::who(Decision::Nothing).0),
        keychain: Arc::new(MemoryKeychain::default()),
    };
    let settings = Settings {
        data_directory: directory.to_owned(),
        deep_link: DeepLink::Ours,
        client_metadata: None,
        exports: directory.to_owned(),
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
    assert_eq!(fails(&file).await, ErrorCode::StoreNotADirectory);
    assert_eq!(
        fs::read_to_string(&file).expect("the file is still there"),
        "mine"
    );
}

#[tokio::test]
async fn a_newer_database_is_left_as_it_is() {
    let directory = tempdir().expect("a temporary directory");
    start(directory.path())
        .await
        .expect("the app starts")
        .shutdown()
        .await;
    let file = directory.path().join("usher.db");
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

/// Writes over the data file while the app does not run.
fn damage(directory: &Path) -> Vec<u8> {
    let broken = b"this is no database, and it is long enough to be looked at".repeat(100);
    fs::write(directory.join("usher.db"), &broken).expect("the file can be written");
    broken
}

#[tokio::test]
async fn without_a_backup_a_damaged_database_says_so_and_is_kept() {
    let directory = tempdir().expect("a temporary directory");
    start(directory.path())
        .await
        .expect("the app starts")
        .shutdown()
        .await;
    fs::remove_dir_all(directory.path().join("backups")).expect("the backups can be removed");
    let before = damage(directory.path());
    assert_eq!(fails(directory.path()).await, ErrorCode::StoreDamaged);
    let file = directory.path().join("usher.db");
    assert_eq!(fs::read(&file).expect("it is still there"), before);
}

#[cfg(unix)]
#[tokio::test]
async fn s41_a_directory_that_leads_elsewhere_says_so() {
    let directory = tempdir().expect("a temporary directory");
    let link = directory.path().join("data");
    std::os::unix::fs::symlink(directory.path(), &link).expect("a link can be made");
    assert_eq!(fails(&link).await, ErrorCode::StoreSymlink);
}

#[tokio::test]
async fn s40_a_damaged_file_costs_no_sign_in_and_the_person_is_told_once() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    home.sign_in(&id).await;
    home.state(&id, "ready").await;
    // The tokens of the sign-in are spent by now: only a copy of what came last brings it back.
    authorization.expire_access();
    home.echo(&id, "hello").await.expect("it is renewed");
    home.app().shutdown().await;
    let broken = damage(&home.data());

    home.restart().await;
    home.state(&id, "ready").await;
    authorization.expire_access();
    home.echo(&id, "hello").await.expect("it is renewed once more");
    assert_eq!(authorization.living_grants(), 1, "no token was spent twice");
    assert_eq!(home.person().opened().len(), 1, "no new sign-in");
    let snapshot = home.good("snapshot", Value::Null).await;
    assert!(
        snapshot["restoration"]["madeAt"].is_i64(),
        "it is told: {snapshot}"
    );
    let kept = snapshot["restoration"]["kept"].as_str().expect("where it is");
    assert_eq!(fs::read(kept).expect("the damaged file is kept"), broken);

    home.good("restorationSeen", Value::Null).await;
    home.restart().await;
    let snapshot = home.good("snapshot", Value::Null).await;
    assert_eq!(snapshot["restoration"], json!(null), "once is enough");
}

#[tokio::test]
async fn s43_a_sign_in_that_ended_comes_back_from_no_backup() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    home.sign_in(&id).await;
    home.restart().await;
    home.state(&id, "ready").await;
    home.good("disconnect", json!({ "id": id })).await;
    home.app().shutdown().await;
    damage(&home.data());
    home.restart().await;
    let server = home.server(&id).await;
    assert_eq!(server["account"], json!(null), "nobody is signed in: {server}");
}
