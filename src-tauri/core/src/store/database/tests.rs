use std::{fs, path::Path};

use sqlx::{FromRow, Row};

use super::*;
use crate::store::tests::new_store;

async fn refused(directory: &Path) -> OpenError {
    match Store::open(directory).await {
        Ok(_) => panic!("the store must not open"),
        Err(error) => error,
    }
}

async fn add_redirect(store: &Store, issuer: &str) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    sqlx::query("INSERT INTO redirects (issuer, ladder) VALUES (?, 'deepLink')")
        .bind(issuer)
        .execute(&mut *transaction)
        .await?;
    Ok(transaction.commit().await?)
}

async fn redirects(store: &Store) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM redirects")
        .fetch_one(store.reader())
        .await
        .expect("the rows can be counted")
}

#[tokio::test]
async fn what_was_committed_is_there_after_reopening() {
    let (directory, store) = new_store().await;
    add_redirect(&store, "https://a.example")
        .await
        .expect("the row is written");
    store.close().await;
    let store = Store::open(directory.path()).await.expect("it opens again");
    assert_eq!(redirects(&store).await, 1, "the row survived");
}

#[tokio::test]
async fn what_was_not_committed_is_gone() {
    let (_directory, store) = new_store().await;
    let mut transaction = store.write().await.expect("a transaction begins");
    sqlx::query("INSERT INTO redirects (issuer, ladder) VALUES ('a', 'deepLink')")
        .execute(&mut *transaction)
        .await
        .expect("the row is written");
    drop(transaction);
    add_redirect(&store, "b")
        .await
        .expect("the next writer gets its turn");
    assert_eq!(redirects(&store).await, 1, "only the committed row is there");
}

#[derive(FromRow, Debug, PartialEq, Eq)]
struct Pragmas {
    journal_mode: String,
    synchronous: i64,
    secure_delete: i64,
    temp_store: i64,
    foreign_keys: i64,
    recursive_triggers: i64,
}

#[tokio::test]
async fn s40_the_writer_runs_with_the_promised_pragmas() {
    let (_directory, store) = new_store().await;
    let found: Pragmas = sqlx::query_as(
        "SELECT * FROM pragma_journal_mode, pragma_synchronous, pragma_secure_delete, pragma_temp_store,
                       pragma_foreign_keys, pragma_recursive_triggers",
    )
    .fetch_one(&store.0.writer)
    .await
    .expect("pragmas can be read");
    let promised = Pragmas {
        journal_mode: "wal".to_owned(),
        synchronous: 2,
        secure_delete: 1,
        temp_store: 2,
        foreign_keys: 1,
        recursive_triggers: 1,
    };
    assert_eq!(
        found, promised,
        "S40: WAL, FULL, secure_delete, MEMORY, foreign keys"
    );
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let (_directory, store) = new_store().await;
    let error = sqlx::query("DELETE FROM redirects")
        .execute(store.reader())
        .await
        .expect_err("a reader must not write");
    assert!(
        matches!(StoreError::from(error), StoreError::ReadOnly),
        "SQLite refuses it as read-only"
    );
}

#[tokio::test]
async fn a_full_disk_is_told_apart_and_loses_nothing() {
    let (_directory, store) = new_store().await;
    add_redirect(&store, "https://kept.example")
        .await
        .expect("there is room");
    // SQLite treats its own page limit exactly as a disk without room.
    sqlx::query("PRAGMA max_page_count = 1")
        .execute(&store.0.writer)
        .await
        .expect("the limit is set");
    let error = add_redirect(&store, &"x".repeat(100_000)).await;
    assert!(
        matches!(error, Err(StoreError::Full)),
        "the disk is full, not: {error:?}"
    );
    assert_eq!(redirects(&store).await, 1, "what was acknowledged is still there");
}

#[tokio::test]
async fn s40_after_a_transaction_that_sqlite_ended_by_itself_writing_goes_on() {
    let (_directory, store) = new_store().await;
    add_redirect(&store, "a").await.expect("the row is written");
    for _ in 0..2 {
        let mut transaction = store.write().await.expect("a transaction begins");
        // As a disk without room does, this ends the whole transaction.
        sqlx::query("INSERT OR ROLLBACK INTO redirects (issuer, ladder) VALUES ('a', 'deepLink')")
            .execute(&mut *transaction)
            .await
            .expect_err("the row is there already");
    }
    add_redirect(&store, "b")
        .await
        .expect("the next writer gets its turn");
    assert_eq!(redirects(&store).await, 2, "and what it wrote is there");
}

#[tokio::test]
async fn a_second_owner_is_refused_until_the_first_has_gone() {
    let (directory, store) = new_store().await;
    assert!(
        matches!(refused(directory.path()).await, OpenError::Busy),
        "one owner at a time"
    );
    store.close().await;
    Store::open(directory.path())
        .await
        .expect("the next owner gets it");
}

#[tokio::test]
async fn a_database_from_a_newer_app_is_refused_and_untouched() {
    let (directory, store) = new_store().await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (2099010101, 'later', 1, x'00', 0)",
    )
    .execute(&store.0.writer)
    .await
    .expect("a later migration is noted");
    // The newer app also chose another journal, which opening for writing would change back.
    store.0.reader.close().await;
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode = DELETE")
        .fetch_one(&store.0.writer)
        .await
        .expect("the journal can be changed");
    assert_eq!(journal, "delete", "the journal was changed");
    store.close().await;
    let file = directory.path().join("usher.db");
    let before = fs::read(&file).expect("the file can be read");
    assert!(
        matches!(refused(directory.path()).await, OpenError::Newer),
        "a newer schema is refused"
    );
    let after = fs::read(&file).expect("the file can be read");
    assert!(before == after, "the file is byte for byte as it was");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_damaged_and_untouched() {
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let file = directory.path().join("usher.db");
    let content = b"not a database at all, but quite long ".repeat(200);
    fs::write(&file, &content).expect("the file can be written");
    assert!(
        matches!(refused(directory.path()).await, OpenError::Damaged),
        "it is damaged"
    );
    let after = fs::read(&file).expect("the file can be read");
    assert!(after == content, "the file is byte for byte as it was");
}

#[tokio::test]
async fn a_database_with_a_torn_page_is_damaged() {
    let (directory, store) = new_store().await;
    let root: i64 = sqlx::query_scalar("SELECT rootpage FROM sqlite_schema WHERE name = 'grants'")
        .fetch_one(store.reader())
        .await
        .expect("the table is there");
    store.close().await;
    let file = directory.path().join("usher.db");
    let mut content = fs::read(&file).expect("the file can be read");
    // Opening needs nothing from this page: only a check of the whole file comes by.
    let start = (usize::try_from(root).expect("pages have numbers") - 1) * 4096;
    content[start..start + 4096].fill(0xAA);
    fs::write(&file, &content).expect("the file can be written");
    assert!(
        matches!(refused(directory.path()).await, OpenError::Damaged),
        "quick_check finds it"
    );
    let after = fs::read(&file).expect("the file can be read");
    assert!(after == content, "the file is byte for byte as it was");
}

#[tokio::test]
async fn deleted_text_is_gone_from_the_files() {
    let (directory, store) = new_store().await;
    let canary = "canary-7f3a-".repeat(20);
    add_redirect(&store, &canary).await.expect("the row is written");
    let mut transaction = store.write().await.expect("a transaction begins");
    sqlx::query("DELETE FROM redirects")
        .execute(&mut *transaction)
        .await
        .expect("the row is deleted");
    transaction.commit().await.expect("the deletion is committed");
    store.close().await;
    for entry in fs::read_dir(directory.path()).expect("the directory can be read") {
        let path = entry.expect("the entry can be read").path();
        let content = fs::read(&path).expect("the file can be read");
        let found = content.windows(12).any(|window| window == b"canary-7f3a-");
        assert!(!found, "S43: {} still holds the deleted text", path.display());
    }
}

#[tokio::test]
async fn every_migration_on_disk_is_built_in() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let on_disk = fs::read_dir(folder).expect("the folder can be read").count();
    assert_eq!(
        MIGRATIONS.iter().count(),
        on_disk,
        "a new migration needs a rebuild of this file"
    );
}

#[tokio::test]
async fn the_schema_has_its_tables() {
    let (_directory, store) = new_store().await;
    let rows = sqlx::query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY name")
        .fetch_all(store.reader())
        .await
        .expect("the schema can be read");
    let tables: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let expected = [
        "deregistrations",
        "endings",
        "grants",
        "keychain_keys",
        "last_moves",
        "redirects",
        "registrations",
        "restorations",
        "retired_keys",
        "revocations",
        "server_headers",
        "servers",
        "settings",
        "shared_clients",
        "sign_in_methods",
        "sign_in_secrets",
        "sign_ins",
        "tools",
        "traces",
        "vault",
    ];
    assert_eq!(
        tables, expected,
        "a new table is known here, and to the test of owners"
    );
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        let found = fs::metadata(path).expect("the file is there");
        found.permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn directory_and_files_are_private_to_their_user() {
        let parent = tempfile::tempdir().expect("a temporary directory can be made");
        let directory = parent.path().join("new/usher");
        let store = Store::open(&directory).await.expect("a new store opens");
        add_redirect(&store, "a").await.expect("the row is written");
        assert_eq!(mode(&directory), 0o700, "the directory is private");
        for name in ["usher.db", "usher.db-wal", "usher.db-shm", "usher.lock"] {
            assert_eq!(mode(&directory.join(name)), 0o600, "{name} is private");
        }
    }

    #[tokio::test]
    async fn what_was_open_to_others_is_closed() {
        let (directory, store) = new_store().await;
        store.close().await;
        let file = directory.path().join("usher.db");
        for (path, wide) in [(directory.path(), 0o755), (&file, 0o644)] {
            fs::set_permissions(path, fs::Permissions::from_mode(wide)).expect("the mode can be set");
        }
        let _store = Store::open(directory.path()).await.expect("it opens");
        assert_eq!(mode(directory.path()), 0o700, "the directory is private again");
        assert_eq!(mode(&file), 0o600, "the file is private again");
    }

    #[tokio::test]
    async fn symbolic_links_are_refused() {
        for name in ["usher.db", "usher.db-wal", "usher.db-shm", "usher.lock"] {
            let directory = tempfile::tempdir().expect("a temporary directory can be made");
            let elsewhere = directory.path().join("elsewhere");
            symlink(&elsewhere, directory.path().join(name)).expect("a link can be made");
            let error = refused(directory.path()).await;
            assert!(
                matches!(&error, OpenError::Symlink(path) if path.ends_with(name)),
                "{name}: {error:?}"
            );
            assert!(!elsewhere.exists(), "nothing was made behind the link");
        }
    }

    #[tokio::test]
    async fn a_linked_directory_is_refused() {
        let parent = tempfile::tempdir().expect("a temporary directory can be made");
        let link = parent.path().join("link");
        symlink(parent.path(), &link).expect("a link can be made");
        assert!(
            matches!(refused(&link).await, OpenError::Symlink(_)),
            "the link is not followed"
        );
    }

    /// Linux's `/sys` takes no new directories from anybody, root included; elsewhere the root directory takes
    /// none from an ordinary user.
    #[tokio::test]
    async fn a_place_that_takes_no_files_is_read_only() {
        let place = if cfg!(target_os = "linux") {
            "/sys/usher"
        } else {
            "/usher-test"
        };
        let error = refused(Path::new(place)).await;
        assert!(matches!(error, OpenError::ReadOnly), "not: {error:?}");
    }
}

#[tokio::test]
async fn a_directory_that_is_a_file_is_told_apart() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file can be made");
    let error = refused(file.path()).await;
    assert!(matches!(error, OpenError::NotADirectory), "not: {error:?}");
}
