//! Backups that several want, at any moment of each other's.

use super::*;
use crate::store::tests::Stopped;

/// How many seconds after now.
fn seconds(count: u64) -> Timestamp {
    later(Duration::from_secs(count))
}

/// There is a backup, and whatever has ended is in none.
async fn check(directory: &TempDir, store: &Store, when: &str) {
    let (kept, count) = (kept(directory), count(store).await);
    assert!(!kept.is_empty(), "{when}: there is one");
    for backup in kept {
        assert_eq!(backup.endings, count, "{when}: {backup:?} holds what has ended");
        let found = inspect_copy(&backup.path).await;
        let found = found.unwrap_or_else(|error| panic!("{when}: {backup:?}: {error}"));
        assert_eq!(found.endings, count, "{when}: {backup:?} says what is in it");
    }
}

/// A file in which something has ended since its backup.
async fn with_an_ending() -> (TempDir, Store) {
    let (directory, store) = new_store().await;
    add_everything(&store, "another").await;
    back_up(&store, NOW).await;
    run(&store, "DELETE FROM grants").await;
    (directory, store)
}

#[tokio::test]
async fn s43_a_backup_that_is_stopped_anywhere_is_made_by_whoever_comes_next() {
    for polls in 0.. {
        let (directory, store) = with_an_ending().await;
        let stopped = Stopped::after(polls, store.back_up_if_due(seconds(1)));
        let finished = stopped.await.is_some();
        back_up(&store, seconds(2)).await;
        check(&directory, &store, &format!("stopped after {polls} steps")).await;
        if finished {
            break;
        }
    }
}

#[tokio::test]
async fn s43_who_needs_a_backup_waits_for_the_one_that_is_being_made() {
    for polls in 0.. {
        let (directory, store) = with_an_ending().await;
        let mut first = Stopped::after(polls, store.back_up_if_due(seconds(1)));
        let finished = (&mut first).await.is_some();
        let made = store.back_up_endings(seconds(2)).await;
        made.expect("a backup can be made");
        check(
            &directory,
            &store,
            &format!("another was {polls} steps on its way"),
        )
        .await;
        if finished {
            break;
        }
    }
}

#[tokio::test]
async fn s43_without_any_backup_one_is_made_although_nothing_was_written() {
    let (directory, store) = with_an_ending().await;
    back_up(&store, seconds(1)).await;
    fs::remove_dir_all(folder(&directory)).expect("they can be removed");
    assert_eq!(back_up(&store, seconds(2)).await, None, "nothing was written");
    let made = store.back_up_endings(seconds(2)).await;
    made.expect("a backup can be made");
    check(&directory, &store, "after they were removed").await;
}

#[tokio::test]
async fn s43_what_ends_while_a_backup_is_made_is_not_forgotten() {
    let (directory, store) = with_an_ending().await;
    let making = {
        let store = store.clone();
        tokio::spawn(async move { store.back_up_if_due(seconds(1)).await })
    };
    while !folder(&directory).join(UNFINISHED).exists() {
        tokio::task::yield_now().await;
    }
    run(&store, "DELETE FROM servers").await;
    let made = making.await.expect("it comes to its end");
    made.expect("a backup can be made");
    back_up(&store, seconds(2)).await;
    check(&directory, &store, "after the next").await;
}

#[tokio::test]
async fn backups_that_are_wanted_at_once_are_all_made() {
    let (directory, store) = with_an_ending().await;
    for round in 0..10 {
        change(&store, "a").await;
        let (first, second, third) = tokio::join!(
            store.back_up_now(),
            store.back_up_now(),
            store.back_up_endings(seconds(round))
        );
        for made in [first, second, third] {
            made.unwrap_or_else(|error| panic!("{round}: {error:?}"));
        }
        check(&directory, &store, &format!("round {round}")).await;
    }
}

#[tokio::test]
async fn a_copy_without_a_schema_is_no_backup() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let empty = options(&directory.path().join("empty.db")).create_if_missing(true);
    let mut connection = empty.connect().await.expect("an empty file opens");
    let made = make(&mut connection, &folder(&directory), (NOW, 0)).await;
    assert!(matches!(made, Err(StoreError::Damaged)), "not: {made:?}");
    assert_eq!(kept(&directory), [], "nothing was given a name");
}
