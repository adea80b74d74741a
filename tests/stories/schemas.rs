//! Data files of every schema there ever was: today's app opens each and finds every row.
//!
//! One file for each schema lies in `tests/schemas`, named after the migration that came last, and after an older one that came
//! with it or was not there yet; `cargo run --bin schema` writes the next one. Files there are never edited.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use futures::future::join_all;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use usher_tests::{Furniture, HandClock, Home, MemoryKeychain};

/// What a change of the keys leaves when it is stopped, and the next start finishes.
const CHANGES_OF_KEYS: [&str; 2] = ["retired_keys", "keychain_keys"];

/// After how many starts a change of keys is finished: one seals anew, and a later one gives up what nothing needs any more.
const STARTS: usize = 3;

/// A file of an earlier release.
struct Old {
    name: String,
    key: MemoryKeychain,
    sql: String,
}

fn all() -> Vec<Old> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    let files = fs::read_dir(folder).expect("the folder can be read");
    let old: Vec<_> = files.map(|file| read(&file.expect("an entry").path())).collect();
    assert!(!old.is_empty(), "there is the first schema at least");
    old
}

fn read(path: &Path) -> Old {
    let text = fs::read_to_string(path).expect("the file can be read");
    let (first, sql) = text.split_once('\n').expect("it has lines");
    let key = first.strip_prefix("-- key ").expect("the first line is the key");
    Old {
        name: path.display().to_string(),
        key: MemoryKeychain::holding(key),
        sql: sql.to_owned(),
    }
}

/// Gives the numbers of all migrations.
fn migrations() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src-tauri/core/migrations");
    let files = fs::read_dir(folder).expect("the folder can be read");
    let names = files.map(|file| file.expect("an entry").file_name().to_string_lossy().into_owned());
    names
        .map(|name| name.split('_').next().expect("a number").to_owned())
        .collect()
}

impl Old {
    /// Tells whether it needs no migration.
    fn is_todays(&self) -> bool {
        let ran = |version: &String| self.sql.contains(&format!("VALUES ({version},"));
        migrations().iter().all(ran)
    }

    /// Makes the file as that release left it.
    async fn lay(&self, path: &Path) {
        fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("the folder can be made");
        let options = SqliteConnectOptions::new().filename(path);
        let options = options.create_if_missing(true).foreign_keys(false);
        let mut database = options.connect().await.expect("the file can be made");
        sqlx::raw_sql(AssertSqlSafe(self.sql.clone()))
            .execute(&mut database)
            .await
            .expect("the old file can be written");
    }

    /// Gives each table with the number of its rows.
    fn rows(&self) -> Vec<(&str, usize)> {
        let tables = self.sql.split("CREATE TABLE ").skip(1);
        let names = tables.map(|rest| rest.split([' ', '(']).next().expect("a name"));
        names
            .map(|table| (table, self.sql.matches(&format!("INSERT INTO {table} ")).count()))
            .collect()
    }
}

/// Moves in where the old file lies.
async fn home(old: &Old, place: impl Fn(&Path) -> PathBuf) -> Home {
    let mut home = Home::with(Furniture {
        clock: Arc::new(HandClock::default()),
        keychain: Arc::new(old.key.clone()),
        ..Furniture::default()
    })
    .await;
    home.app().shutdown().await;
    fs::remove_dir_all(home.data()).expect("the new data can be removed");
    old.lay(&place(&home.data())).await;
    home.restart().await;
    home
}

async fn finds_every_row(old: &Old, home: &Home) {
    let mut database = open(home).await;
    for (table, rows) in old.rows() {
        if CHANGES_OF_KEYS.contains(&table) {
            continue;
        }
        let found = count(&mut database, table).await;
        assert!(found >= rows, "{}: {found} of {rows} rows of {table}", old.name);
    }
    let snapshot = home.good("snapshot", Value::Null).await;
    assert_eq!(
        snapshot["vault"]["kind"], "open",
        "{}: the key opens it",
        old.name
    );
    let named = |name: &str| {
        let mut servers = snapshot["servers"].as_array().into_iter().flatten();
        let found = servers.find(|server| server["name"] == name);
        found.unwrap_or_else(|| panic!("{}: {name} is there: {snapshot}", old.name))
    };
    let signed_in = named("Signed in");
    assert!(
        !signed_in["account"].is_null(),
        "somebody is signed in: {signed_in}"
    );
    assert_eq!(signed_in["state"], json!({ "kind": "off" }), "and can be used");
    assert!(signed_in["toolCount"].as_u64() >= Some(4), "its tools are known");
    let waiting = named("Waiting");
    assert_eq!(
        waiting["signIn"]["stage"]["kind"], "browser",
        "the page is still open"
    );
    assert_eq!(waiting["clientId"], "an-old-client");
    assert_eq!(waiting["hasClientSecret"], true);
    assert_eq!(named("With a key")["headers"], json!([{ "name": "x-api-key" }]));
}

async fn open(home: &Home) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(home.data().join("usher.db"));
    let opened = options.read_only(true).connect().await;
    opened.expect("the file opens")
}

async fn count(database: &mut SqliteConnection, table: &str) -> usize {
    let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
        .fetch_one(database)
        .await
        .expect("the table is still there");
    usize::try_from(count).expect("a count")
}

/// Opens a file in its place, and finds a copy of it as it was.
async fn opens(old: &Old) {
    let home = home(old, |data| data.join("usher.db")).await;
    finds_every_row(old, &home).await;
    let backups = fs::read_dir(home.data().join("backups"));
    let before = backups.into_iter().flatten().filter(|file| {
        let name = file.as_ref().expect("an entry").file_name();
        name.to_string_lossy().contains("-before-")
    });
    assert_eq!(
        before.count(),
        usize::from(!old.is_todays()),
        "{}: it was copied before it was changed",
        old.name
    );
}

/// Opens a file that was left in the middle of a change of the keys. What a start seals anew is given up by a later one.
async fn changes_its_keys(old: &Old) {
    let mut home = home(old, |data| data.join("usher.db")).await;
    for _ in 0..STARTS {
        if is_finished(&home).await {
            return finds_every_row(old, &home).await;
        }
        // Whoever changes something about the keys waits for what the start makes good, also where it is then refused.
        let refused = home.call("lockVault", Value::Null).await;
        assert!(refused.is_err(), "{}: the keychain keeps the key", old.name);
        home.restart().await;
    }
    panic!("{}: the change of keys never ends", old.name);
}

async fn is_finished(home: &Home) -> bool {
    let mut database = open(home).await;
    let mut left = 0;
    for table in CHANGES_OF_KEYS {
        left += count(&mut database, table).await;
    }
    left == 0
}

async fn is_put_back(old: &Old) {
    let home = home(old, |data| data.join("backups/1767225600-0.db")).await;
    finds_every_row(old, &home).await;
    let snapshot = home.good("snapshot", Value::Null).await;
    assert_eq!(snapshot["restoration"]["madeAt"], 1_767_225_600, "{}", old.name);
}

#[tokio::test]
async fn today_s_app_finds_every_row_of_every_old_file() {
    join_all(all().iter().map(opens)).await;
}

#[tokio::test]
async fn an_old_backup_is_put_back_as_well() {
    join_all(all().iter().map(is_put_back)).await;
}

#[tokio::test]
async fn a_change_of_keys_that_was_stopped_in_an_old_file_is_finished() {
    let old = all();
    let is_stopped = |old: &&Old| {
        let rows = old.rows();
        CHANGES_OF_KEYS
            .iter()
            .all(|table| rows.iter().any(|(name, rows)| name == table && *rows > 0))
    };
    let stopped: Vec<_> = old.iter().filter(is_stopped).collect();
    assert!(!stopped.is_empty(), "there is such a file");
    join_all(stopped.into_iter().map(changes_its_keys)).await;
}

#[test]
fn there_is_a_file_of_every_schema_up_to_the_last_that_was_written() {
    let old = all();
    let has = |version: &String| old.iter().any(|old| old.name.contains(version.as_str()));
    let versions = migrations();
    let last = versions.iter().filter(|version| has(version)).max();
    let missing: Vec<_> = versions
        .iter()
        .filter(|version| Some(*version) < last && !has(version))
        .collect();
    assert!(
        missing.is_empty(),
        "no file of {missing:?}: run `cargo run --bin schema` as its head says"
    );
}
