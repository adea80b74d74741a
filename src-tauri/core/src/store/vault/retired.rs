//! The table `retired_keys`: data keys that were replaced, each sealed under the one in its place.

use sqlx::SqliteConnection;

use super::ring::Ring;
use crate::store::{
    SealedColumn, Store, StoreError,
    seal::{Key, KeyId},
};

/// Retired keys are sealed cells as any other, so they too are sealed anew after the next rotation.
pub const RETIRED: SealedColumn = SealedColumn {
    table: "retired_keys",
    bound_to: "retired_keys",
    row: "id",
    column: "wrapped",
};

/// A data key that was replaced.
pub struct Retired {
    /// Its name in the table.
    pub id: String,
    /// The key with its id, sealed.
    pub wrapped: Vec<u8>,
}

impl Retired {
    /// Seals a key under the one that takes its place.
    pub fn new(key: &Key, by: &Key) -> Self {
        let id = name(key.id());
        let wrapped = by.wrap(RETIRED.cell(&id), key);
        Self { id, wrapped }
    }

    /// Opens it with the keys that are known.
    pub fn open(&self, ring: &Ring) -> Option<Key> {
        ring.unwrap_key(RETIRED.cell(&self.id), &self.wrapped).ok()
    }

    /// Writes the row.
    pub async fn insert(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        sqlx::query("INSERT OR REPLACE INTO retired_keys (id, wrapped) VALUES (?, ?)")
            .bind(&self.id)
            .bind(&self.wrapped)
            .execute(connection)
            .await?;
        Ok(())
    }
}

/// Adds all retired keys that can be opened to the ring. One may need another first: each is sealed under the next.
pub async fn complete(store: &Store, mut ring: Ring) -> Result<Ring, StoreError> {
    let mut closed: Vec<(String, Vec<u8>)> =
        sqlx::query_as("SELECT id, wrapped FROM retired_keys ORDER BY id")
            .fetch_all(store.reader())
            .await?;
    loop {
        let before = closed.len();
        closed.retain(|(id, wrapped)| match ring.unwrap_key(RETIRED.cell(id), wrapped) {
            Ok(key) => {
                ring.add(key);
                false
            }
            Err(_) => true,
        });
        if closed.len() == before {
            return Ok(ring);
        }
    }
}

/// Removes a key that no cell needs.
pub async fn remove(connection: &mut SqliteConnection, id: KeyId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM retired_keys WHERE id = ?")
        .bind(name(id))
        .execute(connection)
        .await?;
    Ok(())
}

/// Removes all of them: what they opened is given up.
pub async fn clear(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM retired_keys")
        .execute(connection)
        .await?;
    Ok(())
}

fn name(id: KeyId) -> String {
    format!("{:016x}", u64::from_be_bytes(id))
}
