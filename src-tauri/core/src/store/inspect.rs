//! Looks at a database file without changing it: is it whole, and is its schema one that is known?

use std::{fs, io, path::Path};

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::{
    OpenError,
    database::{MIGRATIONS, options},
};

/// A file that can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sound {
    /// How its schema stands to today's.
    pub schema: Schema,
    /// How often something sealed went for good (table `endings`).
    pub endings: i64,
}

/// How a file's schema stands to today's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// It has none yet.
    None,
    /// Migrations wait.
    Older,
    /// It is today's.
    Current,
}

/// Who else may be at the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// This process alone, which owns it; what is in the log beside it counts.
    Owned,
    /// Nobody: a finished copy, read without leaving anything beside it.
    Copy,
}

/// Returns whether anything was ever stored under this name.
pub fn is_there(database: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(database) {
        Ok(found) => Ok(!found.is_file() || found.len() > 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Looks at a file. [`OpenError::Damaged`] also for what is no file at all.
pub async fn inspect(database: &Path, access: Access) -> Result<Sound, OpenError> {
    if !fs::symlink_metadata(database)?.is_file() {
        return Err(OpenError::Damaged);
    }
    let mut connection = options(database)
        .read_only(true)
        .immutable(access == Access::Copy)
        .connect()
        .await?;
    let verdict = inspect_on(&mut connection).await;
    connection.close().await?;
    verdict
}

/// Looks at a finished copy of a database. One without a schema is damaged: no database that was used is empty.
pub async fn inspect_copy(copy: &Path) -> Result<Sound, OpenError> {
    match inspect(copy, Access::Copy).await? {
        Sound {
            schema: Schema::None, ..
        } => Err(OpenError::Damaged),
        sound => Ok(sound),
    }
}

async fn inspect_on(connection: &mut SqliteConnection) -> Result<Sound, OpenError> {
    let found: String = sqlx::query_scalar("PRAGMA quick_check(1)")
        .fetch_one(&mut *connection)
        .await?;
    if found != "ok" {
        return Err(OpenError::Damaged);
    }
    Ok(Sound {
        schema: schema(connection).await?,
        endings: endings(connection).await?,
    })
}

async fn schema(connection: &mut SqliteConnection) -> Result<Schema, OpenError> {
    if !has_table(connection, "_sqlx_migrations").await? {
        return Ok(Schema::None);
    }
    let applied: Vec<i64> = sqlx::query_scalar("SELECT version FROM _sqlx_migrations")
        .fetch_all(connection)
        .await?;
    if applied.is_empty() {
        return Ok(Schema::None);
    }
    let known: Vec<_> = MIGRATIONS.iter().map(|migration| migration.version).collect();
    if applied.iter().max() > known.iter().max() {
        return Err(OpenError::Newer);
    }
    Ok(match known.iter().all(|version| applied.contains(version)) {
        true => Schema::Current,
        false => Schema::Older,
    })
}

/// Gives the count of endings; a schema from before it counted has seen none.
pub async fn endings(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    if !has_table(connection, "endings").await? {
        return Ok(0);
    }
    sqlx::query_scalar("SELECT count FROM endings")
        .fetch_one(connection)
        .await
}

async fn has_table(connection: &mut SqliteConnection, name: &str) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar("SELECT count(*) > 0 FROM sqlite_schema WHERE name = ?")
        .bind(name)
        .fetch_one(connection)
        .await
}
