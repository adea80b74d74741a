use tempfile::TempDir;

use super::*;
use crate::{
    ports::KEY_LENGTH,
    store::tests::{TestKeychain, new_store},
};

mod changes;
mod house;
mod killed;
mod locking;
mod lost;
mod passphrase;

/// Fast enough for a test; the strong cost is the same code with other numbers.
const WEAK: Cost = Cost {
    memory_kib: 64,
    passes: 1,
    lanes: 1,
};
const CELL: Cell<'_> = Cell {
    table: "grants",
    row: "r",
    column: "sealed",
};

/// A store on which vaults are opened again and again, as at each start of the app.
struct Start {
    directory: TempDir,
    store: Store,
    keychain: Arc<TestKeychain>,
}

impl Start {
    async fn with(keychain: Arc<TestKeychain>) -> Self {
        let (directory, store) = new_store().await;
        Self {
            directory,
            store,
            keychain,
        }
    }

    async fn vault(&self) -> Vault {
        Vault::open_at_cost(self.store.clone(), self.keychain.clone(), (Vec::new(), WEAK))
            .await
            .expect("the vault's row can be read")
    }

    /// Seals a text at a first start.
    async fn sealed(&self) -> Vec<u8> {
        self.vault()
            .await
            .seal(CELL, b"token")
            .expect("the vault is open")
    }
}

fn reads(vault: &Vault, sealed: &[u8]) -> Result<(), UnsealError> {
    let plain = vault.unseal(CELL, sealed)?;
    // EXPOSE: the test compares it with what was sealed.
    assert_eq!(plain.expose(), b"token", "what was sealed comes back");
    Ok(())
}

#[tokio::test]
async fn a_first_start_makes_one_key_and_later_starts_use_it() {
    let start = Start::with(TestKeychain::empty()).await;
    let sealed = start.sealed().await;
    let vault = start.vault().await;
    assert_eq!(
        vault.state(),
        VaultState::Open(Keeper::Keychain),
        "the keychain keeps the key"
    );
    assert_eq!(
        reads(&vault, &sealed),
        Ok(()),
        "the second start reads the first one's cells"
    );
    assert_eq!(start.keychain.writes(), 1, "the keychain was written once");
}

#[tokio::test]
async fn a_key_that_is_already_in_the_keychain_is_used_and_not_replaced() {
    let start = Start::with(TestKeychain::empty()).await;
    start.keychain.hold(Some(Secret::new([7; KEY_LENGTH])));
    let vault = start.vault().await;
    assert_eq!(
        vault.state(),
        VaultState::Open(Keeper::Keychain),
        "the key serves"
    );
    assert_eq!(start.keychain.writes(), 0, "nothing was written over it");
}

#[tokio::test]
async fn a_keychain_that_forgets_is_none() {
    let start = Start::with(TestKeychain::forgetful()).await;
    let vault = start.vault().await;
    assert_eq!(
        vault.state(),
        VaultState::KeychainForgets { awaited: false },
        "nothing lasts in it"
    );
    assert_eq!(
        vault.seal(CELL, b"token"),
        Err(VaultClosed),
        "nothing is sealed with it"
    );
}

#[tokio::test]
async fn a_keychain_that_gives_no_answer_is_waited_for() {
    for (error, state) in [
        (KeychainError::Locked, VaultState::KeychainLocked),
        (
            KeychainError::Absent,
            VaultState::KeychainAbsent { awaited: true },
        ),
        (
            KeychainError::Forgets,
            VaultState::KeychainForgets { awaited: true },
        ),
        (KeychainError::NoAnswer, VaultState::KeychainNoAnswer),
    ] {
        let start = Start::with(TestKeychain::empty()).await;
        let sealed = start.sealed().await;
        start.keychain.fail(Some(error));
        let vault = start.vault().await;
        assert_eq!(vault.state(), state, "{error:?} has its own state");
        assert_eq!(
            reads(&vault, &sealed),
            Err(UnsealError::Closed),
            "closed is not broken"
        );
        let mut news = vault.watch();
        vault.retry().await.expect("asking again is possible");
        assert_eq!(vault.state(), state, "asking again changes nothing by itself");
        start.keychain.fail(None);
        vault.retry().await.expect("asking again is possible");
        assert_eq!(reads(&vault, &sealed), Ok(()), "nothing was lost");
        assert!(
            news.has_changed().expect("the vault is alive") && *news.borrow_and_update() == vault.state(),
            "watchers are told"
        );
    }
}

#[tokio::test]
async fn a_first_start_without_an_answer_makes_no_key() {
    for error in [
        KeychainError::Locked,
        KeychainError::Absent,
        KeychainError::Forgets,
        KeychainError::NoAnswer,
        KeychainError::NotAKey,
    ] {
        let start = Start::with(TestKeychain::failing(error)).await;
        let vault = start.vault().await;
        let closed = VaultState::without_answer(error, false);
        assert_eq!(vault.state(), closed, "the state says why");
        assert_eq!(
            vault.seal(CELL, b"token"),
            Err(VaultClosed),
            "S37: no plaintext, no stand-in"
        );
        assert_eq!(start.keychain.writes(), 0, "nothing is written");
    }
}

#[tokio::test]
async fn a_lost_key_is_not_replaced_in_silence() {
    let other = Secret::new([9; KEY_LENGTH]);
    for (held, loss) in [(None, Loss::Missing), (Some(other), Loss::OtherKey)] {
        let start = Start::with(TestKeychain::empty()).await;
        let sealed = start.sealed().await;
        let real = start.keychain.held();
        start.keychain.hold(held.clone());
        let vault = start.vault().await;
        assert_eq!(vault.state(), VaultState::KeyLost(loss), "the person decides");
        vault.retry().await.expect("asking again is possible");
        assert!(start.keychain.held() == held, "S38: the keychain is as it was");
        start.keychain.hold(real);
        vault.retry().await.expect("asking again is possible");
        assert_eq!(
            reads(&vault, &sealed),
            Ok(()),
            "a key that comes back opens everything"
        );
    }
}

#[tokio::test]
async fn s36_other_bytes_in_the_keys_place_have_a_state_of_their_own() {
    let start = Start::with(TestKeychain::empty()).await;
    let sealed = start.sealed().await;
    start.keychain.fail(Some(KeychainError::NotAKey));
    let vault = start.vault().await;
    assert_eq!(
        vault.state(),
        VaultState::KeyLost(Loss::NotAKey),
        "it is no key of ours"
    );
    start.keychain.fail(None);
    vault.retry().await.expect("asking again is possible");
    assert_eq!(reads(&vault, &sealed), Ok(()), "nothing was lost");
}

#[tokio::test]
async fn a_row_that_is_not_understood_is_not_called_a_missing_key() {
    let start = Start::with(TestKeychain::empty()).await;
    start.sealed().await;
    for damage in [
        "UPDATE vault SET wrapped_key = zeroblob(length(wrapped_key))",
        "UPDATE vault SET keeper = 'smartcard'",
    ] {
        let mut transaction = start.store.write().await.expect("a transaction begins");
        sqlx::query(damage)
            .execute(&mut *transaction)
            .await
            .expect("the row is damaged");
        transaction.commit().await.expect("and stays so");
        let vault = start.vault().await;
        assert_eq!(
            vault.state(),
            VaultState::KeyLost(Loss::Damaged),
            "the keychain is not to blame: {damage}"
        );
    }
}

#[tokio::test]
async fn replacing_a_lost_key_breaks_old_cells_and_seals_new_ones() {
    let start = Start::with(TestKeychain::empty()).await;
    let old = start.sealed().await;
    start.keychain.hold(None);
    let vault = start.vault().await;
    vault.replace_lost_key().await.expect("the person confirmed");
    assert_eq!(
        vault.state(),
        VaultState::Open(Keeper::Keychain),
        "a new key is there"
    );
    assert_eq!(
        reads(&vault, &old),
        Err(UnsealError::Broken),
        "what the old key sealed is broken"
    );
    let new = start.sealed().await;
    assert_eq!(reads(&vault, &new), Ok(()), "the next start has the new key");
}

#[tokio::test]
async fn replacing_a_lost_key_keeps_another_good_key_in_the_keychain() {
    let start = Start::with(TestKeychain::empty()).await;
    start.sealed().await;
    let other = Secret::new([9; KEY_LENGTH]);
    start.keychain.hold(Some(other.clone()));
    let vault = start.vault().await;
    vault.replace_lost_key().await.expect("the person confirmed");
    assert!(
        start.keychain.held() == Some(other),
        "it may still open something else"
    );
    start.sealed().await;
}

#[tokio::test]
async fn only_a_confirmed_replacement_writes_over_a_foreign_entry() {
    let start = Start::with(TestKeychain::failing(KeychainError::NotAKey)).await;
    let vault = start.vault().await;
    vault.retry().await.expect("asking again is possible");
    assert_eq!(start.keychain.writes(), 0, "it is not ours to overwrite");
    vault.replace_lost_key().await.expect("the person confirmed");
    assert_eq!(vault.state(), VaultState::Open(Keeper::Keychain), "now it is");
}

#[tokio::test]
async fn a_key_that_is_not_lost_is_not_replaced() {
    let start = Start::with(TestKeychain::empty()).await;
    let sealed = start.sealed().await;
    let vault = start.vault().await;
    let refused = vault.replace_lost_key().await;
    assert!(matches!(refused, Err(VaultError::NotLost)), "the vault is open");
    start.keychain.fail(Some(KeychainError::Locked));
    let vault = start.vault().await;
    let refused = vault.replace_lost_key().await;
    assert!(
        matches!(refused, Err(VaultError::NotLost)),
        "the keychain may still answer"
    );
    start.keychain.fail(None);
    vault.retry().await.expect("asking again is possible");
    assert_eq!(reads(&vault, &sealed), Ok(()), "nothing was lost");
}

#[tokio::test]
async fn neither_key_nor_text_lies_in_the_files() {
    let start = Start::with(TestKeychain::empty()).await;
    let vault = start.vault().await;
    let sealed = vault.seal(CELL, b"canary-51c2").expect("the vault is open");
    let mut transaction = start.store.write().await.expect("a transaction begins");
    sqlx::query("INSERT INTO registrations VALUES ('i', 'r', 'c', ?, 0)")
        .bind(sealed)
        .execute(&mut *transaction)
        .await
        .expect("the row is written");
    transaction.commit().await.expect("the row is committed");
    let held = start.keychain.held().expect("the keychain has the key");
    // EXPOSE: the test searches the files for it.
    let searched: [&[u8]; 2] = [held.expose(), b"canary-51c2"];
    for entry in std::fs::read_dir(start.directory.path()).expect("the directory can be read") {
        let path = entry.expect("the entry can be read").path();
        let content = std::fs::read(&path).expect("the file can be read");
        for secret in searched {
            let found = content.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "S42: {} holds a secret in the clear", path.display());
        }
    }
}
