//! The table `tools`.

use serde_json::Value;
use sqlx::SqlitePool;

use crate::{
    base::{ServerId, Timestamp},
    store::{StoreError, Write},
};

/// Reads the cached tools; a cache that is no JSON counts as none.
pub async fn read(pool: &SqlitePool, id: ServerId) -> Result<Option<(Value, Timestamp)>, StoreError> {
    let found: Option<(String, i64)> = sqlx::query_as("SELECT json, listed_at FROM tools WHERE server = ?")
        .bind(id.to_string())
        .fetch_optional(pool)
        .await?;
    Ok(found.and_then(|(json, at)| Some((serde_json::from_str(&json).ok()?, Timestamp::from_seconds(at)))))
}

/// Writes the cached tools, if the server is still there.
pub async fn save(
    transaction: &mut Write,
    id: ServerId,
    tools: &Value,
    listed_at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT OR REPLACE INTO tools (server, json, listed_at) SELECT id, ?, ? FROM servers WHERE id = ?",
    )
    .bind(tools.to_string())
    .bind(listed_at.seconds())
    .bind(id.to_string())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

pub async fn delete(transaction: &mut Write, id: ServerId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM tools WHERE server = ?")
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
