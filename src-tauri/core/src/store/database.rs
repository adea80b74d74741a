//! Opens the database: one connection that writes, a few that read.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection, Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{Mutex, Notify};

use super::{OpenError, StoreError, backup, directory::Directory, inspect::Schema, restore};

/// Every schema there ever was, oldest first.
pub static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How many connections read at the same time.
const READERS: u32 = 4;
/// How long SQLite waits for its own locks; within one owner process only checkpoints ever hold them.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A transaction that writes.
pub type Write = Transaction<'static, Sqlite>;

/// The open database. Clones are the same database.
#[derive(Clone)]
pub struct Store(pub(super) Arc<Inner>);

pub struct Inner {
    // Fields drop in order: the connections go before the lock.
    pub(super) writer: SqlitePool,
    pub(super) reader: SqlitePool,
    pub(super) directory: Directory,
    pub(super) written: Written,
    /// How many transactions that write have begun.
    begun: AtomicU64,
}

/// How far the writing had come at a moment when nobody wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition(u64);

/// What the backups hear of writing.
pub struct Written {
    /// Something was written, or may have been, since the last backup.
    pub since: AtomicBool,
    /// Somebody writes.
    pub now: Notify,
    /// Backups are made one after another.
    pub turn: Mutex<()>,
}

impl Store {
    /// Opens the database in `directory`, and makes both if they are missing.
    ///
    /// The directory is private to its user and owned by this process until the last clone is gone or
    /// [`Store::close`] was called. In place of a file that is damaged or missing, the newest good backup is put back;
    /// without one, and if the file is newer than this app, it is left untouched.
    pub async fn open(directory: &Path) -> Result<Self, OpenError> {
        let path = directory.to_owned();
        let directory = tokio::task::spawn_blocking(move || Directory::take(&path))
            .await
            .expect("preparing a directory does not panic and is not cancelled")?;
        let found = restore::mend(&directory).await?;
        if found.schema == Schema::Older {
            backup::make_before_migrating(&directory, found).await?;
        }
        let writer = writer_pool(&directory.database()).await?;
        MIGRATIONS.run(&writer).await?;
        let reader = reader_pool(&directory.database()).await?;
        Ok(Self(Arc::new(Inner {
            writer,
            reader,
            directory,
            written: Written {
                since: AtomicBool::new(true),
                now: Notify::new(),
                turn: Mutex::default(),
            },
            begun: AtomicU64::new(0),
        })))
    }

    /// Gives the connections that read; SQLite refuses writes through them.
    pub fn reader(&self) -> &SqlitePool {
        &self.0.reader
    }

    /// Begins a writing transaction, once every earlier one has ended. Dropping it rolls back.
    pub async fn write(&self) -> Result<Write, StoreError> {
        let transaction = self.0.writer.begin_with("BEGIN IMMEDIATE").await?;
        self.0.begun.fetch_add(1, Ordering::SeqCst);
        self.0.written.since.store(true, Ordering::Relaxed);
        self.0.written.now.notify_one();
        Ok(transaction)
    }

    /// Gives the edition of what is read from now on, or `None` if somebody is writing.
    ///
    /// A connection counts as free only after its last command, also where nobody waited for the end of that.
    pub fn edition(&self) -> Option<Edition> {
        let begun = self.0.begun.load(Ordering::SeqCst);
        (self.0.writer.num_idle() > 0).then_some(Edition(begun))
    }

    /// Tells whether what was read after [`Store::edition`] is still as it was: nobody has begun to write since.
    pub fn is_at(&self, edition: Edition) -> bool {
        self.0.begun.load(Ordering::SeqCst) == edition.0
    }

    /// Closes every connection and gives up the directory. What comes later fails with [`StoreError::Failed`].
    pub async fn close(&self) {
        self.0.reader.close().await;
        self.empty_log().await;
        self.0.writer.close().await;
        self.0.directory.release();
    }

    /// Moves the write-ahead log into the file and empties it (S43). SQLite does it when its last connection closes, but one
    /// that reads cannot, and may be that if its caller went away.
    async fn empty_log(&self) {
        if self.0.writer.is_closed() {
            return;
        }
        let emptied = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.0.writer);
        if let Err(error) = emptied.await {
            tracing::warn!(%error, "the write-ahead log could not be emptied");
        }
    }
}

/// How any connection is opened.
pub fn options(database: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(false)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

/// How a connection that writes is opened. Replacing a row counts as deleting it (`recursive_triggers`), so that no
/// ending is missed.
fn writing(database: &Path) -> SqliteConnectOptions {
    options(database)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "ON")
        .pragma("recursive_triggers", "ON")
}

/// One connection that lives as long as the pool: with a single writer nobody ever meets SQLite's write lock.
///
/// A disk that is full or fails makes SQLite end a transaction by itself. sqlx, whose rollback then has nothing to end, counts
/// it as open ever after and begins no other one; so that connection makes room for a new one.
pub async fn writer_pool(database: &Path) -> Result<SqlitePool, OpenError> {
    let writer = lasting(1).before_acquire(|connection, _| {
        let is_free = !connection.is_in_transaction();
        Box::pin(async move { Ok(is_free) })
    });
    Ok(writer.connect_with(writing(database)).await?)
}

async fn reader_pool(database: &Path) -> Result<SqlitePool, OpenError> {
    Ok(lasting(READERS)
        .connect_with(options(database).read_only(true))
        .await?)
}

fn lasting(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
}

#[cfg(test)]
mod tests;
