//! The one row of the table `vault`: the wrapped data key and how to come by the wrapping key.

use sqlx::{FromRow, SqliteConnection};

use super::{
    moving,
    passphrase::{Cost, Derivation},
    retired::{self, Retired},
};
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
    canary: Canary,
}

/// A known text under a wrapping key: it tells the key, and gives nothing away.
pub struct Canary(Vec<u8>);

impl Canary {
    /// Takes what was stored.
    pub const fn of(sealed: Vec<u8>) -> Self {
        Self(sealed)
    }

    /// Gives what is stored.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Tells whether this is its key.
    pub fn knows(&self, wrapping: &Key) -> bool {
        wrapping.unseal(CANARY, &self.0).is_ok()
    }
}

/// What a move to a passphrase writes at once.
pub struct Replacement<'a> {
    /// The new row, with a passphrase.
    pub row: &'a WrappedKey,
    /// The data key that is replaced with it.
    pub retired: Option<&'a Retired>,
    /// The row in whose place it comes.
    pub before: &'a WrappedKey,
}

impl Replacement<'_> {
    /// Writes it, durably or not at all.
    pub async fn write(&self, store: &Store) -> Result<(), StoreError> {
        let mut transaction = store.write().await?;
        self.row.insert(&mut transaction).await?;
        if let Some(retired) = self.retired {
            retired.insert(&mut transaction).await?;
        }
        let left = Some(&self.before.canary).filter(|_| matches!(self.before.lock, Lock::Keychain));
        moving::leave(&mut transaction, left).await?;
        Ok(transaction.commit().await?)
    }
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
            canary: Canary(wrapping.seal(CANARY, CANARY_TEXT)),
        }
    }

    /// Takes what was stored.
    pub const fn of(lock: Lock, wrapped_key: Vec<u8>, canary: Vec<u8>) -> Self {
        Self {
            lock,
            wrapped_key,
            canary: Canary(canary),
        }
    }

    /// Gives what tells its wrapping key.
    pub const fn canary(&self) -> &Canary {
        &self.canary
    }

    /// Gives the data key as it is stored.
    pub fn wrapped(&self) -> &[u8] {
        &self.wrapped_key
    }

    /// Tries a wrapping key.
    pub fn open(&self, wrapping: &Key) -> Opened {
        match wrapping.unwrap_key(WRAPPED_KEY, &self.wrapped_key) {
            Ok(key) => Opened::Key(key),
            Err(_) if self.canary.knows(wrapping) => Opened::Damaged,
            Err(_) => Opened::WrongKey,
        }
    }

    /// Tells whether it is the right wrapping key.
    pub fn is_opened_by(&self, wrapping: &Key) -> bool {
        matches!(self.open(wrapping), Opened::Key(_))
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

    /// Begins with the row, durably or not at all: whatever an earlier key sealed is given up.
    pub async fn write(&self, store: &Store) -> Result<(), StoreError> {
        let mut transaction = store.write().await?;
        give_up(&mut transaction).await?;
        self.insert(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Writes the row in place of any earlier one.
    pub async fn insert(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
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
        .bind(&self.canary.0)
        .bind(derivation.map(|derivation| derivation.salt.to_vec()))
        .bind(derivation.map(|derivation| derivation.cost.memory_kib))
        .bind(derivation.map(|derivation| derivation.cost.passes))
        .bind(derivation.map(|derivation| derivation.cost.lanes))
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Removes the row and all that belongs to it, durably.
pub async fn clear(store: &Store) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    give_up(&mut transaction).await?;
    Ok(transaction.commit().await?)
}

async fn give_up(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM vault").execute(&mut *connection).await?;
    retired::clear(connection).await?;
    moving::clear(connection).await
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
        Self::of(lock, row.wrapped_key, row.canary)
    }
}
