//! The one row of the table `vault`: the wrapped data key and how to come by the wrapping key.

use sqlx::{FromRow, Sqlite, Transaction};

use super::passphrase::{Cost, Derivation};
use crate::store::{Cell, Store, StoreError, seal::Key};

const WRAPPED_KEY: Cell<'_> = cell("wrapped_key");
const CANARY: Cell<'_> = cell("canary");
/// What the canary says when the key is right.
const CANARY_TEXT: &[u8] = b"usher";

const fn cell(column: &'static str) -> Cell<'static> {
    Cell {
        table: "vault",
        row: "1",
        column,
    }
}

/// A data key on disk.
pub struct WrappedKey {
    /// Where the wrapping key comes from; with a passphrase, how.
    pub lock: Lock,
    wrapped_key: Vec<u8>,
    canary: Vec<u8>,
}

/// Where a wrapping key comes from.
#[derive(Debug, Clone, Copy)]
pub enum Lock {
    /// From the keychain.
    Keychain,
    /// From a passphrase.
    Passphrase(Derivation),
    /// The row does not say so in a way that is understood.
    Unknown,
}

/// What a wrapping key makes of a wrapped data key.
pub enum Opened {
    /// It is the right key, and this is the data key.
    Key(Key),
    /// It is another key.
    WrongKey,
    /// It is the right key, but the data key on disk is damaged.
    Damaged,
}

impl WrappedKey {
    /// Wraps a data key.
    pub fn new(lock: Lock, wrapping: &Key, data: &Key) -> Self {
        Self {
            lock,
            wrapped_key: wrapping.wrap(WRAPPED_KEY, data),
            canary: wrapping.seal(CANARY, CANARY_TEXT),
        }
    }

    /// Tries a wrapping key.
    pub fn open(&self, wrapping: &Key) -> Opened {
        match wrapping.unwrap_key(WRAPPED_KEY, &self.wrapped_key) {
            Ok(key) => Opened::Key(key),
            Err(_) if wrapping.unseal(CANARY, &self.canary).is_ok() => Opened::Damaged,
            Err(_) => Opened::WrongKey,
        }
    }

    /// Reads the row, if there is one.
    pub async fn read(store: &Store) -> Result<Option<Self>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT keeper, wrapped_key, canary, salt, memory_kib, passes, lanes FROM vault WHERE id = 1",
        )
        .fetch_optional(store.reader())
        .await?;
        Ok(row.map(Self::from))
    }

    /// Writes the row in place of any earlier one, durably or not at all.
    pub async fn write(&self, store: &Store) -> Result<(), StoreError> {
        let mut transaction = store.write().await?;
        self.insert(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    async fn insert(&self, transaction: &mut Transaction<'_, Sqlite>) -> Result<(), StoreError> {
        let derivation = match self.lock {
            Lock::Passphrase(derivation) => Some(derivation),
            Lock::Keychain | Lock::Unknown => None,
        };
        let keeper = if derivation.is_some() {
            "passphrase"
        } else {
            "keychain"
        };
        sqlx::query(
            "INSERT OR REPLACE INTO vault (id, keeper, wrapped_key, canary, salt, memory_kib, passes, lanes)
             VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(keeper)
        .bind(&self.wrapped_key)
        .bind(&self.canary)
        .bind(derivation.map(|derivation| derivation.salt.to_vec()))
        .bind(derivation.map(|derivation| derivation.cost.memory_kib))
        .bind(derivation.map(|derivation| derivation.cost.passes))
        .bind(derivation.map(|derivation| derivation.cost.lanes))
        .execute(&mut **transaction)
        .await?;
        Ok(())
    }
}

/// Removes the row, durably.
pub async fn clear(store: &Store) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    sqlx::query("DELETE FROM vault")
        .execute(&mut *transaction)
        .await?;
    Ok(transaction.commit().await?)
}

#[derive(FromRow)]
struct Row {
    keeper: String,
    wrapped_key: Vec<u8>,
    canary: Vec<u8>,
    salt: Option<Vec<u8>>,
    memory_kib: Option<i64>,
    passes: Option<i64>,
    lanes: Option<i64>,
}

impl Row {
    fn derivation(&self) -> Option<Derivation> {
        Some(Derivation {
            cost: Cost {
                memory_kib: self.memory_kib?.try_into().ok()?,
                passes: self.passes?.try_into().ok()?,
                lanes: self.lanes?.try_into().ok()?,
            },
            salt: self.salt.as_deref()?.try_into().ok()?,
        })
    }
}

impl From<Row> for WrappedKey {
    fn from(row: Row) -> Self {
        let lock = match row.keeper.as_str() {
            "keychain" => Lock::Keychain,
            "passphrase" => row.derivation().map_or(Lock::Unknown, Lock::Passphrase),
            _ => Lock::Unknown,
        };
        Self {
            lock,
            wrapped_key: row.wrapped_key,
            canary: row.canary,
        }
    }
}
