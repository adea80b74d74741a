//! The table `server_headers`.

use std::collections::HashMap;

use http::HeaderName;
use serde_json::Value;
use sqlx::{SqliteConnection, SqlitePool};

use crate::{
    base::ServerId,
    store::{StoreError, Write},
};

/// Reads the names in order.
pub async fn names(connection: &mut SqliteConnection, id: &str) -> Result<Vec<String>, StoreError> {
    Ok(
        sqlx::query_scalar("SELECT name FROM server_headers WHERE server = ? ORDER BY position, name")
            .bind(id)
            .fetch_all(connection)
            .await?,
    )
}

/// Reads the names of all servers, by server, each in order.
pub async fn all_names(
    connection: &mut SqliteConnection,
) -> Result<HashMap<String, Vec<String>>, StoreError> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT server, name FROM server_headers ORDER BY position, name")
            .fetch_all(connection)
            .await?;
    let mut names = HashMap::<String, Vec<String>>::new();
    for (server, name) in rows {
        names.entry(server).or_default().push(name);
    }
    Ok(names)
}

/// Reads names and sealed values in order.
pub async fn read(pool: &SqlitePool, id: ServerId) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    Ok(
        sqlx::query_as("SELECT name, value FROM server_headers WHERE server = ? ORDER BY position, name")
            .bind(id.to_string())
            .fetch_all(pool)
            .await?,
    )
}

/// Writes a header with its position and sealed value, in place of an earlier one with that name.
pub async fn put(
    transaction: &mut Write,
    id: ServerId,
    name: &HeaderName,
    (position, sealed): (usize, &[u8]),
) -> Result<(), StoreError> {
    sqlx::query("INSERT OR REPLACE INTO server_headers (server, name, position, value) VALUES (?, ?, ?, ?)")
        .bind(id.to_string())
        .bind(name.as_str())
        .bind(position_number(position))
        .bind(sealed)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub async fn put_at(
    transaction: &mut Write,
    id: ServerId,
    name: &HeaderName,
    position: usize,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE server_headers SET position = ? WHERE server = ? AND name = ?")
        .bind(position_number(position))
        .bind(id.to_string())
        .bind(name.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub async fn delete(transaction: &mut Write, id: ServerId, name: &HeaderName) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM server_headers WHERE server = ? AND name = ?")
        .bind(id.to_string())
        .bind(name.as_str())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Removes the headers that are not among `names`.
pub async fn keep_only(
    transaction: &mut Write,
    id: ServerId,
    names: impl Iterator<Item = &HeaderName>,
) -> Result<(), StoreError> {
    let names: Value = names.map(HeaderName::as_str).collect();
    sqlx::query(
        "DELETE FROM server_headers WHERE server = ? AND name NOT IN (SELECT value FROM json_each(?))",
    )
    .bind(id.to_string())
    .bind(names.to_string())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

fn position_number(position: usize) -> i64 {
    i64::try_from(position).unwrap_or(i64::MAX)
}
