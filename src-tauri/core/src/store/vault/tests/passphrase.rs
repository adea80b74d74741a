use super::*;
use crate::store::vault::passphrase::Derivation;

const LONG: &str = "correct horse battery";

fn passphrase(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

#[tokio::test]
async fn a_passphrase_keeps_the_key_where_there_is_no_keychain() {
    let start = Start::with(TestKeychain::failing(KeychainError::Absent)).await;
    let vault = start.vault().await;
    vault
        .choose_passphrase(&passphrase(LONG))
        .await
        .expect("it is long enough");
    assert_eq!(
        vault.state(),
        VaultState::Open(Keeper::Passphrase),
        "S37: the mode is visible"
    );
    let sealed = vault.seal(CELL, b"token").expect("the vault is open");
    let vault = start.vault().await;
    assert_eq!(
        vault.state(),
        VaultState::PassphraseNeeded { wrong: false },
        "each start asks"
    );
    let wrong = vault.unlock(&passphrase("correct horse batterz")).await;
    assert!(
        matches!(wrong, Err(UnlockError::Wrong)),
        "another passphrase is wrong: {wrong:?}"
    );
    assert_eq!(
        vault.state(),
        VaultState::PassphraseNeeded { wrong: true },
        "and the state says so"
    );
    vault
        .unlock(&passphrase(LONG))
        .await
        .expect("it is the right one");
    assert_eq!(reads(&vault, &sealed), Ok(()), "everything is readable again");
}

#[tokio::test]
async fn a_short_passphrase_is_refused() {
    let start = Start::with(TestKeychain::failing(KeychainError::Absent)).await;
    let vault = start.vault().await;
    for text in ["", "elevenchars", "ääääääääää1"] {
        let refused = vault.choose_passphrase(&passphrase(text)).await;
        assert!(
            matches!(refused, Err(ChoosePassphraseError::Short)),
            "{text:?} has fewer than 12 characters"
        );
    }
    assert_eq!(
        vault.state(),
        VaultState::KeychainAbsent { awaited: false },
        "nothing has changed"
    );
    let twelve = vault.choose_passphrase(&passphrase("twelve chars")).await;
    twelve.expect("twelve characters are enough");
}

#[tokio::test]
async fn choosing_a_passphrase_keeps_what_was_sealed() {
    let start = Start::with(TestKeychain::empty()).await;
    let sealed = start.sealed().await;
    let vault = start.vault().await;
    let chosen = vault.choose_passphrase(&passphrase(LONG)).await;
    chosen.expect("the vault is open");
    assert_eq!(reads(&vault, &sealed), Ok(()), "the data key is the same");
    let again = vault
        .choose_passphrase(&passphrase("another good passphrase"))
        .await;
    assert!(
        matches!(again, Err(ChoosePassphraseError::Chosen)),
        "the old one is not asked for here: {again:?}"
    );
    let changed = vault
        .change_passphrase(&passphrase(LONG), &passphrase("another good passphrase"))
        .await;
    changed.expect("the old one is right");
    assert_eq!(reads(&vault, &sealed), Ok(()), "the data key is the same");
    let vault = start.vault().await;
    let old = vault.unlock(&passphrase(LONG)).await;
    assert!(
        matches!(old, Err(UnlockError::Wrong)),
        "the old passphrase no longer opens it"
    );
    let new = vault.unlock(&passphrase("another good passphrase")).await;
    new.expect("the new one does");
    assert_eq!(reads(&vault, &sealed), Ok(()), "and nothing was lost");
}

#[tokio::test]
async fn a_passphrase_does_not_replace_a_key_that_is_out_of_reach() {
    let start = Start::with(TestKeychain::empty()).await;
    let sealed = start.sealed().await;
    start.keychain.fail(Some(KeychainError::Absent));
    let vault = start.vault().await;
    let refused = vault.choose_passphrase(&passphrase(LONG)).await;
    assert!(
        matches!(refused, Err(ChoosePassphraseError::KeyOutOfReach)),
        "it would lose the key: {refused:?}"
    );
    start.keychain.fail(None);
    vault.retry().await.expect("asking again is possible");
    assert_eq!(reads(&vault, &sealed), Ok(()), "nothing was lost");
}

#[tokio::test]
async fn a_keychain_that_is_gone_for_good_can_be_given_up_for_a_passphrase() {
    let start = Start::with(TestKeychain::empty()).await;
    start.sealed().await;
    start.keychain.fail(Some(KeychainError::Absent));
    let vault = start.vault().await;
    vault.replace_lost_key().await.expect("the person confirmed");
    assert_eq!(
        vault.state(),
        VaultState::KeychainAbsent { awaited: false },
        "as on a first start"
    );
    let chosen = vault.choose_passphrase(&passphrase(LONG)).await;
    chosen.expect("nothing is in the way any more");
}

#[tokio::test]
async fn unlocking_is_refused_where_no_passphrase_is_asked_for() {
    let start = Start::with(TestKeychain::empty()).await;
    start.sealed().await;
    start.keychain.fail(Some(KeychainError::Locked));
    let vault = start.vault().await;
    let refused = vault.unlock(&passphrase(LONG)).await;
    assert!(
        matches!(refused, Err(UnlockError::NotAsked)),
        "the keychain has the key"
    );
    assert_eq!(vault.state(), VaultState::KeychainLocked, "the state stays");
}

#[tokio::test]
async fn a_broken_wrapped_key_is_not_called_a_wrong_passphrase() {
    let start = Start::with(TestKeychain::failing(KeychainError::Absent)).await;
    let vault = start.vault().await;
    vault
        .choose_passphrase(&passphrase(LONG))
        .await
        .expect("it is long enough");
    let mut transaction = start.store.write().await.expect("a transaction begins");
    sqlx::query("UPDATE vault SET wrapped_key = zeroblob(length(wrapped_key))")
        .execute(&mut *transaction)
        .await
        .expect("the row is broken");
    transaction.commit().await.expect("and stays so");
    let vault = start.vault().await;
    let lost = vault.unlock(&passphrase(LONG)).await;
    assert!(
        matches!(lost, Err(UnlockError::KeyLost)),
        "the canary tells: {lost:?}"
    );
    assert_eq!(
        vault.state(),
        VaultState::KeyLost(Loss::Damaged),
        "and the state says so"
    );
}

#[tokio::test]
async fn the_strong_cost_is_stored_beside_the_key() {
    let start = Start::with(TestKeychain::empty()).await;
    let derivation = Derivation::fresh(Cost::STRONG);
    let key = Key::random();
    let wrapped = WrappedKey::new(Lock::Passphrase(derivation), &key, &key);
    wrapped.write(&start.store).await.expect("the row is written");
    let row: (String, i64, i64, i64) = sqlx::query_as("SELECT keeper, memory_kib, passes, lanes FROM vault")
        .fetch_one(start.store.reader())
        .await
        .expect("the row is there");
    assert_eq!(
        row,
        ("passphrase".to_owned(), 65_536, 3, 1),
        "64 MiB, three passes, one lane"
    );
}

#[tokio::test]
async fn the_salt_makes_one_passphrase_two_keys() {
    let derive = |derivation: Derivation| async move { derivation.derive(&passphrase(LONG)).await };
    let (one, other) = (Derivation::fresh(WEAK), Derivation::fresh(WEAK));
    let key = derive(one).await;
    assert!(key.is_some() && key == derive(one).await, "one salt, one key");
    assert!(key != derive(other).await, "another salt, another key");
}

#[tokio::test]
async fn stored_numbers_that_make_no_sense_give_no_key() {
    for cost in [
        Cost { passes: 0, ..WEAK },
        Cost { lanes: 0, ..WEAK },
        Cost {
            memory_kib: u32::MAX,
            ..WEAK
        },
    ] {
        let key = Derivation::fresh(cost).derive(&passphrase(LONG)).await;
        assert!(key.is_none(), "{cost:?} is refused instead of tried");
    }
}
