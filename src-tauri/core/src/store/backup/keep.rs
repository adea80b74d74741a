//! When backups are made: some seconds after the start, then whenever the newest has fallen behind, and at once when
//! something sealed has ended.

use std::{future, sync::atomic::Ordering, time::Duration};

use super::{Due, all, due, forget, last_changed, make, prune};
use crate::{
    base::Timestamp,
    ports::Clock,
    store::{Store, StoreError, inspect},
};

/// How long after the start the first backup is made: the window comes first.
const SETTLING: Duration = Duration::from_secs(20);
/// How long after a failure a backup is tried again.
const AGAIN: Duration = Duration::from_secs(10 * 60);

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
        // One connection writes: once it can be had, the transaction that was heard of is over.
        let endings = inspect::endings(&mut *self.0.writer.acquire().await?).await?;
        let (folder, written) = (self.0.directory.backups(), &self.0.written.since);
        match due(&all(&folder)?, endings, now) {
            _ if !written.load(Ordering::Relaxed) => Ok(None),
            Due::In(left) => Ok(Some(left)),
            Due::Now => {
                written.store(false, Ordering::Relaxed);
                let made = self.back_up(now, endings).await;
                written.fetch_or(made.is_err(), Ordering::Relaxed);
                made.map(|()| None)
            }
        }
    }

    /// Makes a backup of the file as it is, whether one is due or not. It is dated by the last write.
    pub async fn back_up_now(&self) -> Result<(), StoreError> {
        let endings = inspect::endings(&mut *self.0.writer.acquire().await?).await?;
        let written_at = last_changed(&self.0.directory.database())?;
        self.back_up(written_at, endings).await
    }

    async fn back_up(&self, now: Timestamp, endings: i64) -> Result<(), StoreError> {
        let folder = self.0.directory.backups();
        let mut reader = self.0.reader.acquire().await?;
        match make(&mut reader, &folder, (now, endings)).await {
            Ok(()) => prune(&folder, (now, endings))?,
            // The file will have to be restored from what there is.
            Err(StoreError::Damaged) => return Err(StoreError::Damaged),
            Err(error) => {
                forget(&folder, endings)?;
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
