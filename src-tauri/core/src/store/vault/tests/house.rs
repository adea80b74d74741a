//! A file with sealed cells and what keeps its keys, for the tests of what changes them.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use tokio::task::yield_now;

use super::*;
use crate::{ports::VaultKey, store::seal::random_key};

pub const LONG: &str = "correct horse battery";
pub const OTHER: &str = "another good passphrase";

/// A column in a table that needs no other.
pub const REGISTRATIONS: SealedColumn = SealedColumn {
    table: "registrations",
    bound_to: "registrations",
    row: "issuer || ' ' || redirect_uri",
    column: "sealed",
};

/// A column whose cells are bound to another table's row.
pub const REVOCATIONS: SealedColumn = SealedColumn {
    table: "revocations",
    bound_to: "grants",
    row: "account",
    column: "sealed",
};

/// How many rows the first column has: more than are sealed anew at once.
pub const ROWS: usize = 70;

pub fn passphrase(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// How a keychain fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// One call does nothing.
    Once,
    /// One call does what it should, and does not say so.
    Late,
    /// One call does so, and nobody answers any more.
    Gone,
    /// One write stores other bytes, and says that all is well.
    Mangles,
    /// One write loses what was there, and so does every later one until it is mended.
    Loses,
}

/// A keychain that is interrupted anywhere, and fails at one of its calls.
pub struct Moody {
    pub inner: Arc<TestKeychain>,
    calls: AtomicUsize,
    fails_at: AtomicUsize,
    mood: Mood,
}

impl Moody {
    fn new(mood: Mood) -> Arc<Self> {
        Arc::new(Self {
            inner: TestKeychain::empty(),
            calls: AtomicUsize::new(0),
            fails_at: AtomicUsize::new(usize::MAX),
            mood,
        })
    }

    /// Fails at the call with this number from now on.
    pub fn fail_at(&self, number: usize) {
        self.calls.store(0, Ordering::Relaxed);
        self.fails_at.store(number, Ordering::Relaxed);
    }

    /// Tells whether it has come to the call that fails.
    pub fn has_failed(&self) -> bool {
        self.calls.load(Ordering::Relaxed) > self.fails_at.load(Ordering::Relaxed)
    }

    async fn answer<T>(
        &self,
        deed: impl Future<Output = Result<T, KeychainError>>,
    ) -> Result<T, KeychainError> {
        yield_now().await;
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let fails_at = self.fails_at.load(Ordering::Relaxed);
        let fails = match self.mood {
            Mood::Once | Mood::Late => number == fails_at,
            Mood::Gone => number >= fails_at,
            Mood::Mangles | Mood::Loses => false,
        };
        let does = !fails || self.mood != Mood::Once && number == fails_at;
        let answer = if does {
            deed.await
        } else {
            Err(KeychainError::NoAnswer)
        };
        yield_now().await;
        if fails {
            Err(KeychainError::NoAnswer)
        } else {
            answer
        }
    }
}

#[async_trait]
impl Keychain for Moody {
    async fn read(&self) -> Result<Option<VaultKey>, KeychainError> {
        self.answer(self.inner.read()).await
    }

    async fn write(&self, key: &VaultKey) -> Result<(), KeychainError> {
        if self.mood == Mood::Loses
            && self.calls.load(Ordering::Relaxed) >= self.fails_at.load(Ordering::Relaxed)
        {
            self.inner.hold(None);
            return Err(KeychainError::NoAnswer);
        }
        let is_next = self.calls.load(Ordering::Relaxed) == self.fails_at.load(Ordering::Relaxed);
        let stored = match self.mood {
            Mood::Mangles if is_next => &random_key(),
            _ => key,
        };
        self.answer(self.inner.write(stored)).await
    }

    async fn delete(&self) -> Result<(), KeychainError> {
        self.answer(self.inner.delete()).await
    }
}

/// A file with sealed cells, and the keychain beside it.
pub struct House {
    _directory: TempDir,
    pub store: Store,
    pub keychain: Arc<Moody>,
}

impl House {
    /// Moves in with what keeps the key, and writes the rows.
    pub async fn with(keeper: Keeper, mood: Mood) -> Self {
        let (directory, store) = new_store().await;
        let house = Self {
            _directory: directory,
            store,
            keychain: Moody::new(mood),
        };
        let vault = house.vault().await;
        house.furnish(&vault).await;
        if keeper == Keeper::Passphrase {
            vault
                .choose_passphrase(&passphrase(LONG))
                .await
                .expect("the vault is open");
        }
        house
    }

    pub async fn furnish(&self, vault: &Vault) {
        let mut transaction = self.store.write().await.expect("a transaction begins");
        for number in 0..ROWS {
            let row = format!("https://as.example {number}");
            let sealed = vault.seal(REGISTRATIONS.cell(&row), row.as_bytes());
            sqlx::query("INSERT INTO registrations VALUES ('https://as.example', ?, 'c', ?, 0)")
                .bind(number.to_string())
                .bind(sealed.expect("the vault is open"))
                .execute(&mut *transaction)
                .await
                .expect("the row is written");
        }
        let sealed = vault.seal(REVOCATIONS.cell("ada"), b"ada");
        sqlx::query("INSERT INTO revocations VALUES ('r', 'ada', 's', 'i', NULL, NULL, ?, 0, 0, 0)")
            .bind(sealed.expect("the vault is open"))
            .execute(&mut *transaction)
            .await
            .expect("the row is written");
        transaction.commit().await.expect("the rows are committed");
    }

    /// Starts the app anew; nothing is unlocked.
    pub async fn vault(&self) -> Vault {
        let columns = vec![REGISTRATIONS, REVOCATIONS];
        Vault::open_at_cost(self.store.clone(), self.keychain.clone(), (columns, WEAK))
            .await
            .expect("the vault's row can be read")
    }

    /// Starts the app anew and unlocks it with whichever passphrase is right, if one is asked for.
    pub async fn opened(&self) -> Vault {
        let vault = self.vault().await;
        for text in [LONG, OTHER] {
            if matches!(vault.state(), VaultState::PassphraseNeeded { .. }) {
                // The state tells whether it was the right one.
                let _ = vault.unlock(&passphrase(text)).await;
            }
        }
        assert!(vault.is_open(), "something opens it: {:?}", vault.state());
        vault
    }

    pub async fn cells(&self) -> Vec<(SealedColumn, String, Vec<u8>)> {
        let mut cells = Vec::new();
        for column in [REGISTRATIONS, REVOCATIONS] {
            let SealedColumn {
                table,
                row,
                column: name,
                ..
            } = column;
            let select = sqlx::AssertSqlSafe(format!("SELECT {row}, {name} FROM {table}"));
            let rows: Vec<(String, Vec<u8>)> = sqlx::query_as(select)
                .fetch_all(self.store.reader())
                .await
                .expect("the rows can be read");
            cells.extend(rows.into_iter().map(|(row, sealed)| (column, row, sealed)));
        }
        assert_eq!(cells.len(), ROWS + 1, "no row is lost");
        cells
    }

    /// Every cell says what it said.
    pub async fn check(&self, vault: &Vault, when: &str) {
        for (column, row, sealed) in self.cells().await {
            let plain = vault.unseal(column.cell(&row), &sealed);
            let plain = plain.unwrap_or_else(|error| panic!("{when}: {row} is lost: {error}"));
            // EXPOSE: the test compares it with what was sealed.
            assert_eq!(
                plain.expose(),
                row.as_bytes(),
                "{when}: the cell says what it said"
            );
        }
    }

    /// After whatever happened, two starts of the app bring everything to its end: one key, and nothing on its way.
    pub async fn check_settled(&self, when: &str) {
        for _ in 0..2 {
            let vault = self.opened().await;
            vault.catch_up().await.expect("the file can be written");
            self.check(&vault, when).await;
        }
        let vault = self.opened().await;
        self.check(&vault, when).await;
        let ring = vault.ring().expect("it is open");
        assert!(ring.retired().is_empty(), "{when}: no old key is kept");
        for table in ["retired_keys", "keychain_keys"] {
            assert_eq!(self.count(table).await, 0, "{when}: nothing is left in {table}");
        }
        let in_keychain = self.keychain.inner.held().is_some();
        let uses_keychain = vault.state() == VaultState::Open(Keeper::Keychain);
        assert_eq!(
            in_keychain, uses_keychain,
            "{when}: no key of ours is left behind"
        );
    }

    pub async fn count(&self, table: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(self.store.reader())
            .await
            .expect("the table can be read")
    }

    /// Lets every write fail from now on, or none.
    pub async fn let_write(&self, may: bool) {
        let pragma = format!("PRAGMA query_only = {}", u8::from(!may));
        sqlx::query(sqlx::AssertSqlSafe(pragma))
            .execute(&self.store.0.writer)
            .await
            .expect("the connection takes it");
    }

    /// Gives how often something sealed went for good.
    pub async fn count_of_endings(&self) -> i64 {
        sqlx::query_scalar("SELECT count FROM endings")
            .fetch_one(self.store.reader())
            .await
            .expect("the count can be read")
    }
}

#[derive(Debug, Clone, Copy)]
pub enum Change {
    Rotate,
    ToPassphrase,
    OtherPassphrase,
    ToKeychain,
}

impl Change {
    pub async fn make(self, vault: &Vault) -> bool {
        let (long, other) = (passphrase(LONG), passphrase(OTHER));
        match self {
            Self::Rotate => vault.rotate(Some(&long)).await.is_ok(),
            Self::ToPassphrase => vault.choose_passphrase(&long).await.is_ok(),
            Self::OtherPassphrase => vault.change_passphrase(&long, &other).await.is_ok(),
            Self::ToKeychain => vault.use_keychain(&long).await.is_ok(),
        }
    }
}
