//! Looks at a data file from outside, as it lies there after its owner was killed.

use std::{collections::BTreeMap, path::Path};

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{
    figures::{Broken, broken, ensure},
    writes::{EXTRA, Kept},
};

/// What was found in a file that is whole.
#[derive(Debug, Default)]
pub struct Found {
    /// What the person keeps.
    pub kept: Kept,
    /// Why grants are over, by their server.
    pub dead: BTreeMap<String, String>,
}

/// Checks the file and reads it. It must be whole as it lies there: a start that puts a backup back loses what came later.
pub async fn inspect(directory: &Path) -> Result<Found, Broken> {
    ensure(!directory.join("damaged").exists(), || {
        "the file was damaged, and a backup was put in its place".to_owned()
    })?;
    let options = SqliteConnectOptions::new().filename(directory.join("usher.db"));
    let look = async {
        let mut file = options.read_only(true).connect().await?;
        let verdict: String = sqlx::query_scalar("PRAGMA quick_check")
            .fetch_one(&mut file)
            .await?;
        let found = found(&mut file).await?;
        file.close().await?;
        Ok::<_, sqlx::Error>((verdict, found))
    };
    let (verdict, found) = look
        .await
        .map_err(|error| broken(format!("the file of a killed process cannot be read: {error}")))?;
    ensure(verdict == "ok", || format!("quick_check says: {verdict}"))?;
    Ok(found)
}

async fn found(file: &mut SqliteConnection) -> Result<Found, sqlx::Error> {
    let names: Vec<String> = sqlx::query_scalar("SELECT name FROM servers WHERE name LIKE ? || '%'")
        .bind(EXTRA)
        .fetch_all(&mut *file)
        .await?;
    let labels: Vec<(String, String)> =
        sqlx::query_as("SELECT server, own_label FROM grants WHERE own_label IS NOT NULL")
            .fetch_all(&mut *file)
            .await?;
    let dead: Vec<(String, String)> =
        sqlx::query_as("SELECT server, dead_reason FROM grants WHERE dead_reason IS NOT NULL")
            .fetch_all(&mut *file)
            .await?;
    let setting = sqlx::query_scalar("SELECT value FROM settings WHERE name = 'lockAfter'")
        .fetch_optional(file)
        .await?;
    Ok(Found {
        kept: Kept {
            names: names.into_iter().collect(),
            labels: labels.into_iter().collect(),
            setting,
        },
        dead: dead.into_iter().collect(),
    })
}
