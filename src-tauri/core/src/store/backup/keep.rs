//! When backups are made: some seconds after the start, then whenever the newest has fallen behind, and at once when
//! something sealed has ended.

use std::{future, path::Path, sync::atomic::Ordering, time::Duration};

use super::{Due, all, due, forget, last_changed, make, outlived, prune};
use crate::{
    base::Timestamp,
    ports::Clock,
    store::{Store, StoreError, inspect},
};

/// How long after the start the first backup is made: the window comes first.
const SETTLING: Duration = Duration::from_secs(20);
/// How long after a failure a backup is tried again.
const AGAIN: Duration = Duration::from_secs(10 * 60);

/// Which backup is wanted.
#[derive(Clone, Copy)]
enum Wanted {
    /// One, if it is due at this time.
    IfDue(Timestamp),
    /// One in which nothing lives on that has ended, made at this time if there is none.
    WithoutWhatEnded(Timestamp),
    /// One of the file as it is.
    InAnyCase,
}

impl Store {
    /// Makes backups from now on, away from the start.
    pub async fn keep_backups(&self, clock: &dyn Clock) {
        clock.sleep(SETTLING).await;
        loop {
            let next = match self.back_up_if_due(clock.now()).await {
                Ok(next) => next,
                Err(error) => {
                    tracing::warn!(%error, "no backup could be made");
                    Some(AGAIN)
                }
            };
            tokio::select! {
                () = self.0.written.now.notified() => {}
                () = wait(clock, next) => {}
            }
        }
    }

    /// Makes a backup if one is due, and removes those that are not to be kept. Gives when the next one is due; `None`
    /// if nothing was written since the last.
    pub async fn back_up_if_due(&self, now: Timestamp) -> Result<Option<Duration>, StoreError> {
        self.back_up(Wanted::IfDue(now)).await
    }

    /// Sees to it that there is a backup, and that none holds what has ended. Fails if there is none.
    pub async fn back_up_endings(&self, now: Timestamp) -> Result<(), StoreError> {
        self.back_up(Wanted::WithoutWhatEnded(now)).await.map(|_| ())
    }

    /// Makes a backup of the file as it is, whether one is due or not. It is dated by the last write.
    pub async fn back_up_now(&self) -> Result<(), StoreError> {
        self.back_up(Wanted::InAnyCase).await.map(|_| ())
    }

    /// Makes a backup when those before it are finished, because unfinished they have one name. In a task of its own: a
    /// caller who goes away leaves no copy half made, and none that nobody knows of.
    async fn back_up(&self, wanted: Wanted) -> Result<Option<Duration>, StoreError> {
        let store = self.clone();
        let backing_up = tokio::spawn(async move {
            let _turn = store.0.written.turn.lock().await;
            store.back_up_in_turn(wanted).await
        });
        backing_up
            .await
            .unwrap_or(Err(StoreError::Failed(sqlx::Error::WorkerCrashed)))
    }

    async fn back_up_in_turn(&self, wanted: Wanted) -> Result<Option<Duration>, StoreError> {
        let (folder, written) = (self.0.directory.backups(), &self.0.written.since);
        // One connection writes: while it is held, no transaction that was heard of is open, and none begins unheard.
        let mut writer = self.0.writer.acquire().await?;
        let endings = inspect::endings(&mut writer).await?;
        let kept = all(&folder)?;
        let made_at = match wanted {
            Wanted::IfDue(_) if !written.load(Ordering::Relaxed) => return Ok(None),
            Wanted::IfDue(now) => match due(&kept, endings, now) {
                Due::In(left) => return Ok(Some(left)),
                Due::Now => now,
            },
            Wanted::WithoutWhatEnded(_) if !kept.is_empty() && !outlived(&kept, endings) => return Ok(None),
            Wanted::WithoutWhatEnded(now) => now,
            Wanted::InAnyCase => last_changed(&self.0.directory.database())?,
        };
        written.store(false, Ordering::Relaxed);
        drop(writer);
        let made = self.replace_backups(&folder, (made_at, endings)).await;
        written.fetch_or(made.is_err(), Ordering::Relaxed);
        made.map(|()| None)
    }

    async fn replace_backups(&self, folder: &Path, at: (Timestamp, i64)) -> Result<(), StoreError> {
        let mut reader = self.0.reader.acquire().await?;
        match make(&mut reader, folder, at).await {
            Ok(()) => prune(folder, at)?,
            // The file will have to be restored from what there is.
            Err(StoreError::Damaged) => return Err(StoreError::Damaged),
            Err(error) => {
                forget(folder, at.1)?;
                return Err(error);
            }
        }
        // What was deleted stands in the log beside the file until that begins anew.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&self.0.writer)
            .await?;
        Ok(())
    }
}

async fn wait(clock: &dyn Clock, time: Option<Duration>) {
    match time {
        Some(time) => clock.sleep(time).await,
        None => future::pending().await,
    }
}
