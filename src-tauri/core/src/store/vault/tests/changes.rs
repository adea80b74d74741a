//! Rotation, and moving between the keychain and a passphrase: whatever stops them in between.

use std::{
    pin::Pin,
    sync::atomic::{AtomicUsize, Ordering},
    task::{Context, Poll},
};

use async_trait::async_trait;
use tokio::task::yield_now;

use super::*;
use crate::{ports::VaultKey, store::vault::retired::RETIRED};

const LONG: &str = "correct horse battery";
const OTHER: &str = "another good passphrase";

/// A column in a table that needs no other.
const REGISTRATIONS: SealedColumn = SealedColumn {
    table: "registrations",
    bound_to: "registrations",
    row: "issuer || ' ' || redirect_uri",
    column: "sealed",
};

/// A column whose cells are bound to another table's row.
const REVOCATIONS: SealedColumn = SealedColumn {
    table: "revocations",
    bound_to: "grants",
    row: "account",
    column: "sealed",
};

/// How many rows the first column has: more than are sealed anew at once.
const ROWS: usize = 70;

fn passphrase(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// A keychain that is interrupted anywhere, and fails at one of its calls.
struct Moody {
    inner: Arc<TestKeychain>,
    calls: AtomicUsize,
    fails_at: AtomicUsize,
    /// What fails has happened all the same.
    late: bool,
}

impl Moody {
    fn new(late: bool) -> Arc<Self> {
        Arc::new(Self {
            inner: TestKeychain::empty(),
            calls: AtomicUsize::new(0),
            fails_at: AtomicUsize::new(usize::MAX),
            late,
        })
    }

    /// Fails at the call with this number from now on, and at none after it.
    fn fail_at(&self, number: usize) {
        self.calls.store(0, Ordering::Relaxed);
        self.fails_at.store(number, Ordering::Relaxed);
    }

    /// Tells whether it has come to the call that fails.
    fn has_failed(&self) -> bool {
        self.calls.load(Ordering::Relaxed) > self.fails_at.load(Ordering::Relaxed)
    }

    async fn answer<T>(
        &self,
        deed: impl Future<Output = Result<T, KeychainError>>,
    ) -> Result<T, KeychainError> {
        yield_now().await;
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let fails = number == self.fails_at.load(Ordering::Relaxed);
        let answer = if fails && !self.late {
            Err(KeychainError::NoAnswer)
        } else {
            deed.await
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
        self.answer(self.inner.write(key)).await
    }

    async fn delete(&self) -> Result<(), KeychainError> {
        self.answer(self.inner.delete()).await
    }
}

/// A file with sealed cells, and the keychain beside it.
struct House {
    _directory: TempDir,
    store: Store,
    keychain: Arc<Moody>,
}

impl House {
    /// Moves in with what keeps the key, and writes the rows.
    async fn with(keeper: Keeper, late: bool) -> Self {
        let (directory, store) = new_store().await;
        let house = Self {
            _directory: directory,
            store,
            keychain: Moody::new(late),
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

    async fn furnish(&self, vault: &Vault) {
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
    async fn vault(&self) -> Vault {
        let columns = vec![REGISTRATIONS, REVOCATIONS];
        Vault::open_at_cost(self.store.clone(), self.keychain.clone(), (columns, WEAK))
            .await
            .expect("the vault's row can be read")
    }

    /// Starts the app anew and unlocks it with whichever passphrase is right, if one is asked for.
    async fn opened(&self) -> Vault {
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

    async fn cells(&self) -> Vec<(SealedColumn, String, Vec<u8>)> {
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
    async fn check(&self, vault: &Vault, when: &str) {
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
    async fn check_settled(&self, when: &str) {
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

    async fn count(&self, table: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}")))
            .fetch_one(self.store.reader())
            .await
            .expect("the table can be read")
    }
}

/// A future that is dropped at one of its waits, as if the process had been killed there.
struct Killed<F> {
    inner: Pin<Box<F>>,
    polls: usize,
}

impl<F: Future> Future for Killed<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls == 0 {
            return Poll::Ready(None);
        }
        self.polls -= 1;
        self.inner.as_mut().poll(context).map(Some)
    }
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Rotate,
    ToPassphrase,
    OtherPassphrase,
    ToKeychain,
}

const CHANGES: [(Keeper, Change); 5] = [
    (Keeper::Keychain, Change::Rotate),
    (Keeper::Passphrase, Change::Rotate),
    (Keeper::Keychain, Change::ToPassphrase),
    (Keeper::Passphrase, Change::OtherPassphrase),
    (Keeper::Passphrase, Change::ToKeychain),
];

impl Change {
    async fn make(self, vault: &Vault) -> bool {
        let (long, other) = (passphrase(LONG), passphrase(OTHER));
        match self {
            Self::Rotate => vault.rotate(Some(&long)).await.is_ok(),
            Self::ToPassphrase => vault.choose_passphrase(&long).await.is_ok(),
            Self::OtherPassphrase => vault.change_passphrase(&long, &other).await.is_ok(),
            Self::ToKeychain => vault.use_keychain().await.is_ok(),
        }
    }
}

#[tokio::test]
async fn s39_a_change_of_keys_that_is_killed_anywhere_loses_nothing() {
    for (keeper, change) in CHANGES {
        let mut finished = None;
        let mut polls = 0;
        while finished.is_none() {
            let house = House::with(keeper, false).await;
            let vault = house.opened().await;
            let killed = Killed {
                inner: Box::pin(change.make(&vault)),
                polls,
            };
            finished = killed.await;
            drop(vault);
            house
                .check_settled(&format!("{change:?} killed after {polls} steps"))
                .await;
            polls += 1;
        }
        assert_eq!(finished, Some(true), "{change:?} comes to its end");
        assert!(polls > 5, "{change:?} was stopped {polls} times");
    }
}

#[tokio::test]
async fn s39_a_rotation_on_top_of_a_killed_one_loses_nothing() {
    let house = House::with(Keeper::Keychain, false).await;
    for polls in 0..60 {
        let vault = house.opened().await;
        let killed = Killed {
            inner: Box::pin(Change::Rotate.make(&vault)),
            polls,
        };
        // Most are not finished; what counts is what they leave.
        let _ = killed.await;
        house
            .check(&house.opened().await, &format!("after {polls} steps"))
            .await;
    }
    house.check_settled("after all").await;
}

#[tokio::test]
async fn s39_a_keychain_that_fails_at_any_call_changes_nothing_or_all() {
    for late in [false, true] {
        for (keeper, change) in CHANGES {
            for number in 0.. {
                let house = House::with(keeper, late).await;
                let vault = house.opened().await;
                house.keychain.fail_at(number);
                let made = change.make(&vault).await;
                let when = format!("{change:?}, call {number} fails, late: {late}, made: {made}");
                house.check(&vault, &when).await;
                let failed = house.keychain.has_failed();
                house.keychain.fail_at(usize::MAX);
                house.check_settled(&when).await;
                if !failed {
                    assert!(made, "{when}: nothing was in its way");
                    break;
                }
            }
        }
    }
}

#[tokio::test]
async fn after_a_rotation_the_old_keys_open_nothing() {
    for keeper in [Keeper::Keychain, Keeper::Passphrase] {
        let house = House::with(keeper, false).await;
        let vault = house.opened().await;
        let old = vault.ring().expect("it is open").current().clone();
        let (wrapped, held) = (
            WrappedKey::read(&house.store).await.expect("it reads"),
            house.keychain.inner.held(),
        );
        let endings = house.count_of_endings().await;
        assert!(Change::Rotate.make(&vault).await, "it rotates");
        house.check(&vault, "after the rotation").await;
        for (column, row, sealed) in house.cells().await {
            assert!(
                old.unseal(column.cell(&row), &sealed).is_err(),
                "{row} is not under the old key"
            );
        }
        assert!(
            house.keychain.inner.held() != held || keeper == Keeper::Passphrase,
            "the keychain has another key"
        );
        let now = WrappedKey::read(&house.store).await.expect("it reads");
        let (before, now) = (wrapped.expect("a row"), now.expect("a row"));
        assert!(before.wrapped() != now.wrapped(), "the data key is wrapped anew");
        assert!(
            house.count_of_endings().await > endings,
            "S43: backups that hold the old keys go"
        );
        assert_eq!(
            house.count("retired_keys").await,
            1,
            "it is kept for what is on its way"
        );
        let vault = house.opened().await;
        house.check(&vault, "at the next start").await;
        assert_eq!(
            house.count("retired_keys").await,
            0,
            "and goes with the next start"
        );
    }
}

impl House {
    async fn count_of_endings(&self) -> i64 {
        sqlx::query_scalar("SELECT count FROM endings")
            .fetch_one(self.store.reader())
            .await
            .expect("the count can be read")
    }
}

#[tokio::test]
async fn a_wrong_passphrase_rotates_nothing() {
    let house = House::with(Keeper::Passphrase, false).await;
    let vault = house.opened().await;
    let before = house.cells().await.into_iter().map(|(.., sealed)| sealed);
    let before: Vec<_> = before.collect();
    for wrong in [None, Some(passphrase(OTHER))] {
        let refused = vault.rotate(wrong.as_ref()).await;
        assert!(matches!(refused, Err(ChangeError::Wrong)), "{refused:?}");
    }
    let refused = vault
        .change_passphrase(&passphrase(OTHER), &passphrase(OTHER))
        .await;
    assert!(matches!(refused, Err(ChangeError::Wrong)), "{refused:?}");
    let after = house.cells().await.into_iter().map(|(.., sealed)| sealed);
    assert_eq!(before, after.collect::<Vec<_>>(), "every cell is as it was");
}

#[tokio::test]
async fn a_cell_that_does_not_open_costs_itself_alone() {
    let house = House::with(Keeper::Keychain, false).await;
    let vault = house.opened().await;
    let mut transaction = house.store.write().await.expect("a transaction begins");
    sqlx::query("UPDATE registrations SET sealed = substr(sealed, 1, 40) WHERE redirect_uri = '3'")
        .execute(&mut *transaction)
        .await
        .expect("the row is damaged");
    transaction.commit().await.expect("and stays so");
    assert!(Change::Rotate.make(&vault).await, "it rotates all the same");
    let vault = house.opened().await;
    let broken: Vec<_> = house
        .cells()
        .await
        .into_iter()
        .filter(|(column, row, sealed)| vault.unseal(column.cell(row), sealed).is_err())
        .map(|(_, row, _)| row)
        .collect();
    assert_eq!(broken, ["https://as.example 3"], "the others are readable");
    assert_eq!(house.count("retired_keys").await, 0, "it keeps no key alive");
}

#[tokio::test]
async fn what_is_written_during_a_rotation_stays() {
    let house = House::with(Keeper::Keychain, false).await;
    let vault = house.opened().await;
    let writes = async {
        for number in (0..ROWS).rev() {
            let row = format!("https://as.example {number}");
            let sealed = vault.seal(REGISTRATIONS.cell(&row), row.as_bytes());
            // It is on its way for a while, and the rotation goes on.
            yield_now().await;
            let mut transaction = house.store.write().await.expect("a transaction begins");
            sqlx::query("UPDATE registrations SET sealed = ?, client_id = 'new' WHERE redirect_uri = ?")
                .bind(sealed.expect("the vault is open"))
                .bind(number.to_string())
                .execute(&mut *transaction)
                .await
                .expect("the row is written");
            transaction.commit().await.expect("the row is committed");
        }
    };
    let ((), rotated) = tokio::join!(writes, Change::Rotate.make(&vault));
    assert!(rotated, "it rotates");
    house.check(&vault, "after both").await;
    house.check_settled("after two starts").await;
}

#[tokio::test]
async fn s38_a_key_of_somebody_elses_in_the_keychain_stays() {
    let foreign = Some(Secret::new([9; KEY_LENGTH]));
    let house = House::with(Keeper::Passphrase, false).await;
    house.keychain.inner.hold(foreign.clone());
    let vault = house.opened().await;
    vault.use_keychain().await.expect("a good key is used as it is");
    assert!(house.keychain.inner.held() == foreign, "it is not overwritten");
    house.check(&house.opened().await, "with that key").await;

    let house = House::with(Keeper::Keychain, false).await;
    let vault = house.opened().await;
    house.keychain.inner.hold(foreign.clone());
    let refused = vault.rotate(None).await;
    assert!(
        matches!(refused, Err(ChangeError::Keychain(KeychainError::NotAKey))),
        "something else has our key's place: {refused:?}"
    );
    vault
        .choose_passphrase(&passphrase(LONG))
        .await
        .expect("the vault is open");
    assert!(house.keychain.inner.held() == foreign, "it is not deleted either");
    house.check(&house.opened().await, "with the passphrase").await;
}

#[tokio::test]
async fn a_retired_key_is_sealed_anew_like_every_cell() {
    let house = House::with(Keeper::Keychain, false).await;
    let vault = house.opened().await;
    for _ in 0..3 {
        assert!(Change::Rotate.make(&vault).await, "it rotates");
    }
    let ring = vault.ring().expect("it is open");
    let kept: Vec<(String, Vec<u8>)> = sqlx::query_as("SELECT id, wrapped FROM retired_keys")
        .fetch_all(house.store.reader())
        .await
        .expect("the table can be read");
    assert_eq!(kept.len(), 3, "each may have sealed what is on its way");
    for (id, wrapped) in kept {
        let opened = ring.current().unwrap_key(RETIRED.cell(&id), &wrapped);
        assert!(opened.is_ok(), "the current key opens it without another");
    }
    house.check_settled("after two starts").await;
}

#[tokio::test]
async fn a_vault_that_is_being_locked_takes_and_does_not_give() {
    let house = House::with(Keeper::Passphrase, false).await;
    let vault = house.opened().await;
    let sealed = vault.seal(CELL, b"token").expect("the vault is open");
    let locking = vault
        .begin_lock()
        .await
        .expect("a passphrase opens it")
        .expect("it is open");
    assert_eq!(vault.state(), VaultState::PassphraseNeeded { wrong: false });
    assert_eq!(
        reads(&vault, &sealed),
        Err(UnsealError::Closed),
        "nothing is opened"
    );
    let late = vault
        .seal(CELL, b"token")
        .expect("what is under way is still sealed");
    drop(locking);
    assert_eq!(
        vault.state(),
        VaultState::Open(Keeper::Passphrase),
        "given up, it is open"
    );
    assert_eq!(reads(&vault, &late), Ok(()), "and opens everything");

    let locking = vault
        .begin_lock()
        .await
        .expect("a passphrase opens it")
        .expect("it is open");
    locking.finish();
    assert_eq!(vault.state(), VaultState::PassphraseNeeded { wrong: false });
    assert_eq!(vault.seal(CELL, b"token"), Err(VaultClosed), "the key is gone");
    assert!(
        vault.begin_lock().await.expect("a passphrase opens it").is_none(),
        "it is locked already"
    );
    vault
        .unlock(&passphrase(LONG))
        .await
        .expect("it is the right one");
    assert_eq!(reads(&vault, &late), Ok(()), "nothing is lost");
}

#[tokio::test]
async fn what_is_on_its_way_through_a_rotation_and_a_lock_stays_readable() {
    let house = House::with(Keeper::Passphrase, false).await;
    let vault = house.opened().await;
    let on_its_way = vault.seal(CELL, b"token").expect("the vault is open");
    assert!(Change::Rotate.make(&vault).await, "it rotates");
    let locking = vault.begin_lock().await.expect("a passphrase opens it");
    locking.expect("it is open").finish();
    vault
        .unlock(&passphrase(LONG))
        .await
        .expect("it is the right one");
    assert_eq!(reads(&vault, &on_its_way), Ok(()), "the old key is kept for it");
}

#[tokio::test]
async fn the_system_locks_what_its_keychain_keeps() {
    let house = House::with(Keeper::Keychain, false).await;
    let vault = house.opened().await;
    let refused = vault.begin_lock().await.map(|_| ());
    assert!(matches!(refused, Err(LockError::KeptBySystem)), "{refused:?}");
    assert_eq!(vault.state(), VaultState::Open(Keeper::Keychain), "it stays open");
}
