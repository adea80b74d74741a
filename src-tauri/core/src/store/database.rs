//! Opens the database: one connection that writes, a few that read.

use std::{path::Path, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, Connection, Sqlite, SqliteConnection, SqlitePool, Transaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{OpenError, StoreError, directory::Directory};

/// Every schema there ever was, oldest first.
static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How many connections read at the same time.
const READERS: u32 = 4;
/// How long SQLite waits for its own locks; within one owner process only checkpoints ever hold them.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The open database. Clones are the same database.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    // Fields drop in order: the connections go before the lock.
    writer: SqlitePool,
    reader: SqlitePool,
    directory: Directory,
}

impl Store {
    /// Opens the database in `directory`, and makes both if they are missing.
    ///
    /// The directory is private to its user and owned by this process until the last clone is gone or
    /// [`Store::close`] was called. A file that is damaged or newer is left untouched.
    pub async fn open(directory: &Path) -> Result<Self, OpenError> {
        let path = directory.to_owned();
        let directory = tokio::task::spawn_blocking(move || Directory::take(&path))
            .await
            .expect("preparing a directory does not panic and is not cancelled")?;
        inspect(directory.database()).await?;
        let writer = writer_pool(directory.database()).await?;
        MIGRATIONS.run(&writer).await?;
        let reader = reader_pool(directory.database()).await?;
        Ok(Self(Arc::new(Inner {
            writer,
            reader,
            directory,
        })))
    }

    /// Gives the connections that read; SQLite refuses writes through them.
    pub fn reader(&self) -> &SqlitePool {
        &self.0.reader
    }

    /// Begins a writing transaction, once every earlier one has ended. Dropping it rolls back.
    pub async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.0.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Closes every connection and gives up the directory. What comes later fails with [`StoreError::Failed`].
    pub async fn close(&self) {
        self.0.reader.close().await;
        self.0.writer.close().await;
        self.0.directory.release();
    }
}

/// Looks at the file without changing it: is it whole, and is its schema one that is known?
async fn inspect(database: &Path) -> Result<(), OpenError> {
    let mut connection = options(database).read_only(true).connect().await?;
    let verdict = inspect_on(&mut connection).await;
    connection.close().await?;
    verdict
}

async fn inspect_on(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(&mut *connection)
        .await?;
    if found != "ok" {
        return Err(OpenError::Damaged);
    }
    let migrated: bool =
        sqlx::query_scalar("SELECT count(*) > 0 FROM sqlite_schema WHERE name = '_sqlx_migrations'")
            .fetch_one(&mut *connection)
            .await?;
    if !migrated {
        return Ok(());
    }
    let newest: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(connection)
        .await?;
    let known = MIGRATIONS.iter().map(|migration| migration.version).max();
    if newest > known {
        Err(OpenError::Newer)
    } else {
        Ok(())
    }
}

fn options(database: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(false)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

/// One connection that lives as long as the pool: with a single writer nobody ever meets SQLite's write lock.
async fn writer_pool(database: &Path) -> Result<SqlitePool, OpenError> {
    let options = options(database)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "ON");
    Ok(lasting(1).connect_with(options).await?)
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
