use sqlx::AssertSqlSafe;
use tempfile::TempDir;

mod turns;

use super::*;
use crate::store::{
    Store,
    tests::{Sleepless, new_store},
};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn later(duration: Duration) -> Timestamp {
    NOW.after(duration)
}

fn folder(directory: &TempDir) -> PathBuf {
    directory.path().join("backups")
}

fn kept(directory: &TempDir) -> Vec<Backup> {
    all(&folder(directory)).expect("the folder can be read")
}

async fn run(store: &Store, sql: &str) {
    let mut transaction = store.write().await.expect("a transaction begins");
    sqlx::query(AssertSqlSafe(sql.to_owned()))
        .execute(&mut *transaction)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    transaction.commit().await.expect("it is committed");
}

async fn change(store: &Store, issuer: &str) {
    run(
        store,
        &format!("INSERT OR REPLACE INTO redirects (issuer, ladder) VALUES ('{issuer}', 'deepLink')"),
    )
    .await;
}

async fn back_up(store: &Store, now: Timestamp) -> Option<Duration> {
    store.back_up_if_due(now).await.expect("a backup can be made")
}

async fn issuers(path: &Path) -> Vec<String> {
    let mut connection = options(path)
        .read_only(true)
        .immutable(true)
        .connect()
        .await
        .expect("the backup opens");
    sqlx::query_scalar("SELECT issuer FROM redirects")
        .fetch_all(&mut connection)
        .await
        .expect("the backup can be read")
}

/// Names every file below the directory that holds a text.
fn holding(directory: &Path, text: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("the directory can be read") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            found.extend(holding(&path, text));
        } else {
            let content = fs::read(&path).expect("the file can be read");
            found.extend(
                content
                    .windows(text.len())
                    .any(|window| window == text.as_bytes())
                    .then_some(path),
            );
        }
    }
    found
}

/// Adds a server with all that can be sealed; `secret` is in each of the cells.
async fn add_everything(store: &Store, secret: &str) {
    for sql in [
        "INSERT INTO servers (id, name, url, reach, overridden, wanted, client_secret, created_at) \
         VALUES ('s', 'a', 'https://a.example', 'public', 0, 0, CAST('{}' AS BLOB), 0)",
        "INSERT INTO server_headers (server, name, position, value) VALUES ('s', 'x', 0, CAST('{}' AS BLOB))",
        "INSERT INTO registrations (issuer, redirect_uri, client_id, sealed, created_at) \
         VALUES ('i', 'r', 'c', CAST('{}' AS BLOB), 0)",
        "INSERT INTO grants (account, server, issuer, sealed, scopes, signed_in_at, renews, version) \
         VALUES ('g', 's', 'i', CAST('{}' AS BLOB), '', 0, 1, 0)",
    ] {
        run(store, &sql.replace("{}", secret)).await;
    }
}

#[tokio::test]
async fn a_backup_is_whole_and_of_what_was_committed() {
    let (directory, store) = new_store().await;
    change(&store, "a").await;
    assert_eq!(back_up(&store, NOW).await, None, "nothing is left to do");
    let kept = kept(&directory);
    assert_eq!(kept.len(), 1, "one backup: {kept:?}");
    assert_eq!(kept[0].made_at, NOW, "it says from when it is");
    assert_eq!(issuers(&kept[0].path).await, ["a"], "the row is in it");
}

#[cfg(unix)]
#[tokio::test]
async fn s41_backups_are_private_to_their_user() {
    use std::os::unix::fs::PermissionsExt;
    let (directory, store) = new_store().await;
    back_up(&store, NOW).await;
    let mode = |path: &Path| {
        let found = fs::metadata(path).expect("it is there");
        found.permissions().mode() & 0o777
    };
    assert_eq!(mode(&folder(&directory)), 0o700, "the folder");
    assert_eq!(mode(&kept(&directory)[0].path), 0o600, "the backup");
}

#[tokio::test]
async fn the_newest_follows_the_file_and_never_by_the_second() {
    let (directory, store) = new_store().await;
    back_up(&store, NOW).await;
    assert_eq!(
        back_up(&store, later(FRESH)).await,
        None,
        "nothing was written: nothing is due"
    );
    change(&store, "a").await;
    let soon = back_up(&store, later(FRESH / 2)).await;
    assert_eq!(soon, Some(FRESH / 2), "it is fresh enough for now");
    assert_eq!(back_up(&store, later(FRESH)).await, None, "now it was due");
    let kept = kept(&directory);
    assert_eq!(kept.len(), 1, "one for the day: {kept:?}");
    assert_eq!(issuers(&kept[0].path).await, ["a"], "and it is the newer one");
}

#[tokio::test]
async fn of_each_day_one_is_kept_and_five_in_all() {
    let (directory, store) = new_store().await;
    for hours in (0..8 * 24).step_by(8) {
        change(&store, "a").await;
        back_up(&store, later(Duration::from_secs(hours * 3600))).await;
    }
    let days: Vec<_> = kept(&directory).iter().map(Backup::day).collect();
    let newest = days[0];
    let expected: Vec<_> = (0..5).map(|ago| newest - ago).collect();
    assert_eq!(days, expected, "the last five days");
}

#[tokio::test]
async fn a_clock_that_is_set_back_stops_no_backup() {
    let (directory, store) = new_store().await;
    back_up(&store, later(Duration::from_secs(1_000_000))).await;
    change(&store, "a").await;
    back_up(&store, NOW).await;
    let kept = kept(&directory);
    assert_eq!(kept.len(), 1, "the one from the future is the older: {kept:?}");
    assert_eq!(kept[0].made_at, NOW, "and is gone");
}

#[tokio::test]
async fn s43_what_has_ended_is_gone_from_every_file() {
    for end in [
        "DELETE FROM grants",
        "UPDATE grants SET sealed = x'00', signed_in_at = signed_in_at, version = 1",
        "DELETE FROM servers",
        "UPDATE servers SET client_secret = NULL",
        "UPDATE server_headers SET value = x'00'",
        "DELETE FROM server_headers",
        "INSERT OR REPLACE INTO server_headers (server, name, position, value) VALUES ('s', 'x', 0, x'00')",
        "INSERT OR REPLACE INTO registrations (issuer, redirect_uri, client_id, sealed, created_at) \
         VALUES ('i', 'r', 'c', x'00', 0)",
    ] {
        let (directory, store) = new_store().await;
        add_everything(&store, "another").await;
        let before = count(&store).await;
        back_up(&store, NOW).await;
        let next_day = Duration::from_secs(24 * 3600);
        change(&store, "sooner").await;
        back_up(&store, later(next_day)).await;
        assert_eq!(kept(&directory).len(), 2, "one of each day");
        run(&store, end).await;
        assert!(count(&store).await > before, "{end} ends something");
        run(&store, "UPDATE redirects SET issuer = 'later'").await;
        back_up(&store, later(next_day + Duration::from_secs(1))).await;
        let kept = kept(&directory);
        assert_eq!(kept.len(), 1, "{end}: the older backups are gone: {kept:?}");
        assert_eq!(
            issuers(&kept[0].path).await,
            ["later"],
            "{end}: there is a newer one"
        );
    }
    let (directory, store) = new_store().await;
    add_everything(&store, "canary-7f3a").await;
    back_up(&store, NOW).await;
    assert!(
        holding(directory.path(), "canary-7f3a").len() > 1,
        "the search finds what is there"
    );
    run(&store, "DELETE FROM registrations").await;
    run(&store, "DELETE FROM servers").await;
    back_up(&store, later(Duration::from_secs(1))).await;
    let found = holding(directory.path(), "canary-7f3a");
    assert!(
        found.is_empty(),
        "while the app runs, nothing holds it: {found:?}"
    );
}

async fn count(store: &Store) -> i64 {
    sqlx::query_scalar("SELECT count FROM endings")
        .fetch_one(store.reader())
        .await
        .expect("the count can be read")
}

#[tokio::test]
async fn a_renewed_token_ends_nothing() {
    let (directory, store) = new_store().await;
    add_everything(&store, "another").await;
    back_up(&store, NOW).await;
    let before = count(&store).await;
    run(&store, "UPDATE grants SET sealed = x'00', version = 1").await;
    assert_eq!(count(&store).await, before, "the account lives on");
    let next = back_up(&store, later(Duration::from_secs(1))).await;
    assert!(next.is_some(), "the copy of it can wait");
    assert_eq!(kept(&directory).len(), 1, "and the old one serves until then");
}

/// Columns that are sealed and may stay in a backup for a while: `grants.sealed` is renewed and its row deleted at its
/// end, what is in `sign_ins` is worth nothing after ten minutes, and what is owed never changes.
const OUTLIVED: [(&str, &str); 4] = [
    ("grants", "sealed"),
    ("sign_ins", "sealed"),
    ("revocations", "sealed"),
    ("deregistrations", "sealed"),
];

#[tokio::test]
async fn no_table_with_sealed_cells_is_forgotten() {
    let (_directory, store) = new_store().await;
    let cells: Vec<(String, String)> = sqlx::query_as(
        "SELECT tables.name, columns.name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
         WHERE tables.type = 'table' AND columns.type = 'BLOB'
           AND tables.name NOT LIKE '\\_%' ESCAPE '\\' AND columns.name NOT IN ('salt', 'state_hash')",
    )
    .fetch_all(store.reader())
    .await
    .expect("the schema can be read");
    assert!(cells.len() > 5, "the cells are found: {cells:?}");
    let triggers: Vec<String> = sqlx::query_scalar("SELECT sql FROM sqlite_schema WHERE type = 'trigger'")
        .fetch_all(store.reader())
        .await
        .expect("the schema can be read");
    for (table, column) in &cells {
        let has = |what: &dyn Fn(&str) -> bool| triggers.iter().any(|trigger| what(trigger));
        let deleted = has(&|trigger| trigger.contains(&format!("AFTER DELETE ON {table} ")));
        let changed = has(&|trigger| {
            trigger.contains("AFTER UPDATE ")
                && trigger.contains(&format!(" ON {table}\n"))
                && trigger.contains(&format!("new.{column}"))
        });
        let outlived = OUTLIVED.contains(&(table, column));
        assert!(
            deleted || table == "sign_ins",
            "backups would keep what was deleted from {table}: add a trigger as in migration 2026112506"
        );
        assert!(
            changed || outlived,
            "backups would keep what {table}.{column} was: add a trigger as in migration 2026112506"
        );
    }
}

#[tokio::test]
async fn a_file_that_is_damaged_while_it_is_open_is_copied_over_nothing() {
    let (directory, store) = new_store().await;
    // More than SQLite keeps in memory, so that it has to read from the file again.
    for issuer in ["a", "b", "c"] {
        change(&store, &issuer.repeat(2_000_000)).await;
    }
    back_up(&store, NOW).await;
    let good = kept(&directory);
    run(&store, "UPDATE endings SET count = 7").await;
    let file = directory.path().join("usher.db");
    let mut content = fs::read(&file).expect("the file can be read");
    content[40 * 4096..1000 * 4096].fill(0xAA);
    fs::write(&file, &content).expect("the file can be written");
    let made = store.back_up_if_due(later(Duration::from_secs(1))).await;
    assert!(matches!(made, Err(StoreError::Damaged)), "not: {made:?}");
    assert_eq!(kept(&directory), good, "the good one will be needed");
    assert!(
        !folder(&directory).join(UNFINISHED).exists(),
        "nothing half made is left"
    );
}

#[tokio::test]
async fn what_has_ended_goes_even_if_no_newer_copy_can_be_made() {
    let (directory, store) = new_store().await;
    add_everything(&store, "another").await;
    back_up(&store, NOW).await;
    run(&store, "DELETE FROM grants").await;
    // A folder of that name cannot be written over.
    fs::create_dir(folder(&directory).join(UNFINISHED)).expect("the folder is made");
    let failed = store.back_up_if_due(later(Duration::from_secs(1))).await;
    assert!(failed.is_err(), "no copy can be made");
    assert_eq!(kept(&directory), [], "and the old one holds what is over");
    fs::remove_dir(folder(&directory).join(UNFINISHED)).expect("the folder is removed");
    back_up(&store, later(Duration::from_secs(2))).await;
    assert_eq!(kept(&directory).len(), 1, "the next try makes one");
}

#[tokio::test]
async fn files_of_others_are_left_alone() {
    let (directory, store) = new_store().await;
    fs::create_dir(folder(&directory)).expect("the folder is made");
    for name in ["mine.db", "1-x.db", "1.db", "1-2-before-.db", "1-2.txt"] {
        fs::write(folder(&directory).join(name), "mine").expect("the file is written");
    }
    back_up(&store, NOW).await;
    assert_eq!(kept(&directory).len(), 1, "none of them is a backup");
    let files = fs::read_dir(folder(&directory)).expect("the folder can be read");
    assert_eq!(files.count(), 6, "and none is gone");
}

#[tokio::test]
async fn backups_are_made_by_themselves_and_at_once_when_something_ends() {
    let (directory, store) = new_store().await;
    add_everything(&store, "another").await;
    let keeping = store.clone();
    let keeper = tokio::spawn(async move { keeping.keep_backups(&Sleepless::default()).await });
    let first = until(&directory, |kept| kept.len() == 1).await;
    run(&store, "DELETE FROM grants").await;
    let next = until(&directory, |kept| kept.len() == 1 && kept[0] != first[0]).await;
    assert!(next[0].endings > first[0].endings, "it was made after the end");
    keeper.abort();
}

/// Waits until the backups are as asked for.
async fn until(directory: &TempDir, is: impl Fn(&[Backup]) -> bool) -> Vec<Backup> {
    loop {
        let kept = kept(directory);
        if is(&kept) {
            return kept;
        }
        tokio::task::yield_now().await;
    }
}
