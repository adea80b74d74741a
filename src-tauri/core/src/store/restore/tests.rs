use tempfile::TempDir;

use super::*;
use crate::store::tests::new_store;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

fn database(directory: &TempDir) -> PathBuf {
    directory.path().join("usher.db")
}

async fn note(store: &Store, issuer: &str) {
    let mut transaction = store.write().await.expect("a transaction begins");
    sqlx::query("INSERT INTO redirects (issuer, ladder) VALUES (?, 'deepLink')")
        .bind(issuer)
        .execute(&mut *transaction)
        .await
        .expect("the row is written");
    transaction.commit().await.expect("it is committed");
}

async fn noted(store: &Store) -> Vec<String> {
    sqlx::query_scalar("SELECT issuer FROM redirects ORDER BY issuer")
        .fetch_all(store.reader())
        .await
        .expect("the rows can be read")
}

/// A closed directory with one row that is backed up and one that is not.
async fn lived_in() -> TempDir {
    let (directory, store) = new_store().await;
    note(&store, "backed up").await;
    store.back_up_if_due(NOW).await.expect("a backup is made");
    note(&store, "too late").await;
    store.close().await;
    directory
}

async fn open(directory: &TempDir) -> Store {
    Store::open(directory.path())
        .await
        .expect("the backup is put back and opens")
}

async fn told(store: &Store) -> Restoration {
    let told = store.restoration().await.expect("the table can be read");
    told.expect("the person is told")
}

#[tokio::test]
async fn s40_a_damaged_file_is_kept_and_the_backup_put_in_its_place() {
    let directory = lived_in().await;
    let broken = b"this was a database once, and is long enough to be looked at ".repeat(100);
    fs::write(database(&directory), &broken).expect("the file can be written");
    let store = open(&directory).await;
    assert_eq!(noted(&store).await, ["backed up"], "the backup is in place");
    let told = told(&store).await;
    assert_eq!(told.made_at, NOW, "it is said from when it is");
    let kept = told.kept.expect("the damaged file is kept");
    assert_eq!(fs::read(kept).expect("it is there"), broken, "byte for byte");
    store.restoration_seen().await.expect("it is noted");
    assert_eq!(
        store.restoration().await.expect("it can be read"),
        None,
        "once seen"
    );
    store.close().await;
    let store = open(&directory).await;
    assert_eq!(
        store.restoration().await.expect("it can be read"),
        None,
        "nothing was restored this time"
    );
}

#[tokio::test]
async fn s40_a_torn_page_is_found_and_the_backup_put_back() {
    let directory = lived_in().await;
    let mut content = fs::read(database(&directory)).expect("the file can be read");
    let last = content.len() - 4096;
    content[last..].fill(0xAA);
    fs::write(database(&directory), &content).expect("the file can be written");
    let store = open(&directory).await;
    assert_eq!(noted(&store).await, ["backed up"], "the backup is in place");
}

#[tokio::test]
async fn a_missing_or_emptied_file_is_restored_as_well() {
    for emptied in [false, true] {
        let directory = lived_in().await;
        fs::remove_file(database(&directory)).expect("the file can be removed");
        if emptied {
            fs::write(database(&directory), "").expect("the file can be written");
        }
        let store = open(&directory).await;
        assert_eq!(noted(&store).await, ["backed up"], "the backup is in place");
        assert_eq!(told(&store).await.kept, None, "there was nothing to keep");
    }
}

#[tokio::test]
async fn what_is_no_file_at_all_is_moved_aside_too() {
    let directory = lived_in().await;
    fs::remove_file(database(&directory)).expect("the file can be removed");
    fs::create_dir(database(&directory)).expect("a folder can be made");
    fs::write(database(&directory).join("mine"), "mine").expect("a file can be written");
    let store = open(&directory).await;
    assert_eq!(noted(&store).await, ["backed up"], "the backup is in place");
    let kept = told(&store).await.kept.expect("the folder is kept");
    assert_eq!(
        fs::read_to_string(kept.join("mine")).expect("it is there"),
        "mine",
        "with what was in it"
    );
}

#[tokio::test]
async fn a_crash_in_the_middle_is_made_good_by_the_next_start() {
    let directory = lived_in().await;
    // The database was moved aside; the log beside it and the file in its place were not.
    fs::rename(database(&directory), directory.path().join("moved")).expect("it can be moved");
    fs::write(beside(&database(&directory), "-wal"), "of the old file").expect("it can be written");
    fs::write(beside(&database(&directory), ".restored"), "half made").expect("it can be written");
    let store = open(&directory).await;
    assert_eq!(noted(&store).await, ["backed up"], "the backup is in place");
    let logs = fs::read_dir(directory.path().join("damaged")).expect("the folder is there");
    assert_eq!(logs.count(), 1, "the old log was moved aside");
}

#[tokio::test]
async fn a_bad_backup_is_passed_over() {
    let directory = lived_in().await;
    for (name, content) in [("1800000500-0.db", "no database"), ("1800000600-0.db", "")] {
        fs::write(directory.path().join("backups").join(name), content).expect("it can be written");
    }
    fs::write(database(&directory), "no database either").expect("the file can be written");
    let store = open(&directory).await;
    assert_eq!(noted(&store).await, ["backed up"], "the good one is in place");
    assert_eq!(told(&store).await.made_at, NOW, "and its time is told");
}

#[tokio::test]
async fn without_a_good_backup_a_damaged_file_is_left_as_it_is() {
    let directory = lived_in().await;
    fs::remove_dir_all(directory.path().join("backups")).expect("it can be removed");
    fs::write(database(&directory), "no database").expect("the file can be written");
    let refused = Store::open(directory.path()).await.err();
    assert!(matches!(refused, Some(OpenError::Damaged)), "not: {refused:?}");
    assert_eq!(
        fs::read_to_string(database(&directory)).expect("it is there"),
        "no database",
        "untouched"
    );
}

#[tokio::test]
async fn two_damaged_files_of_one_second_are_both_kept() {
    let directory = lived_in().await;
    for broken in ["first", "second"] {
        fs::write(database(&directory), broken).expect("the file can be written");
        let file = fs::File::options().write(true).open(database(&directory));
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_800_000_000);
        file.and_then(|file| file.set_modified(time))
            .expect("its time can be set");
        open(&directory).await.close().await;
    }
    let kept = fs::read_dir(directory.path().join("damaged")).expect("the folder is there");
    assert_eq!(kept.count(), 2, "none took the other's place");
}
