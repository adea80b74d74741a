//! The table `keychain_keys`: a key that is coming into the keychain, and keys that are left behind there.
//!
//! The keychain holds one key, and nothing makes a change there and one in the file happen at once. So the file says first
//! what is to come: whatever stops it in between, the key that is then found in the keychain tells what had happened.

use sqlx::SqliteConnection;

use super::{
    retired::Retired,
    ring::Ring,
    table::{Canary, Lock, Opened, WrappedKey},
};
use crate::store::{Store, StoreError, seal::Key};

/// What becomes true once its key is in the keychain.
pub struct Coming {
    /// The row of the vault.
    pub row: WrappedKey,
    /// The data key that is replaced with it.
    pub retired: Option<Retired>,
}

type ComingRow = (Vec<u8>, Vec<u8>, Option<String>, Option<Vec<u8>>);

impl Coming {
    /// Reads what is coming, if anything.
    pub async fn read(store: &Store) -> Result<Option<Self>, StoreError> {
        let row: Option<ComingRow> = sqlx::query_as(
            "SELECT canary, wrapped_key, retired_id, retired FROM keychain_keys WHERE wrapped_key IS NOT NULL",
        )
        .fetch_optional(store.reader())
        .await?;
        Ok(row.map(|(canary, wrapped_key, id, wrapped)| Self {
            row: WrappedKey::of(Lock::Keychain, wrapped_key, canary),
            retired: id.zip(wrapped).map(|(id, wrapped)| Retired { id, wrapped }),
        }))
    }

    /// Opens its data key with what the keychain holds, and the one that is replaced with it.
    pub fn open(&self, wrapping: &Key) -> Option<Ring> {
        let mut ring = match self.row.open(wrapping) {
            Opened::Key(key) => Ring::of(key),
            Opened::WrongKey | Opened::Damaged => return None,
        };
        if let Some(replaced) = self.retired.as_ref().and_then(|retired| retired.open(&ring)) {
            ring.add(replaced);
        }
        Some(ring)
    }

    /// Writes down that it is coming, durably.
    pub async fn announce(&self, store: &Store) -> Result<(), StoreError> {
        let mut transaction = store.write().await?;
        withdraw_in(&mut transaction).await?;
        sqlx::query(
            "INSERT INTO keychain_keys (canary, wrapped_key, retired_id, retired) VALUES (?, ?, ?, ?)",
        )
        .bind(self.row.canary().bytes())
        .bind(self.row.wrapped())
        .bind(self.retired.as_ref().map(|retired| &retired.id))
        .bind(self.retired.as_ref().map(|retired| &retired.wrapped))
        .execute(&mut *transaction)
        .await?;
        Ok(transaction.commit().await?)
    }

    /// Makes it true, durably: its key is in the keychain, and no other key of ours is.
    pub async fn arrive(&self, store: &Store) -> Result<(), StoreError> {
        let mut transaction = store.write().await?;
        self.row.insert(&mut transaction).await?;
        if let Some(retired) = &self.retired {
            retired.insert(&mut transaction).await?;
        }
        clear(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }
}

/// Gives up what was coming, durably: it is certain that its key is not in the keychain and will not be.
pub async fn withdraw(store: &Store) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    withdraw_in(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

async fn withdraw_in(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM keychain_keys WHERE wrapped_key IS NOT NULL")
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that the vault has no use for the keychain any more: not for what may be coming, nor for what was there.
pub async fn leave(connection: &mut SqliteConnection, left: Option<&Canary>) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE keychain_keys SET wrapped_key = NULL, retired_id = NULL, retired = NULL WHERE wrapped_key IS NOT NULL",
    )
    .execute(&mut *connection)
    .await?;
    if let Some(canary) = left {
        sqlx::query("INSERT INTO keychain_keys (canary) VALUES (?)")
            .bind(canary.bytes())
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Gives what tells keys of ours that the vault has no use for.
pub async fn left(store: &Store) -> Result<Vec<Canary>, StoreError> {
    let left: Vec<Vec<u8>> = sqlx::query_scalar("SELECT canary FROM keychain_keys WHERE wrapped_key IS NULL")
        .fetch_all(store.reader())
        .await?;
    Ok(left.into_iter().map(Canary::of).collect())
}

/// Forgets them, durably: none of them is in the keychain any more.
pub async fn forget_left(store: &Store) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    sqlx::query("DELETE FROM keychain_keys WHERE wrapped_key IS NULL")
        .execute(&mut *transaction)
        .await?;
    Ok(transaction.commit().await?)
}

/// Forgets whatever was on its way.
pub async fn clear(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM keychain_keys")
        .execute(connection)
        .await?;
    Ok(())
}
