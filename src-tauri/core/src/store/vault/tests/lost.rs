//! A keychain that loses the key while the vault is open.

use super::{
    house::{Change, House, LONG, Mood, passphrase},
    *,
};

/// A vault whose keychain has just lost its key in a rotation, and takes none.
async fn lost() -> (House, Vault) {
    let house = House::with(Keeper::Keychain, Mood::Loses).await;
    let vault = house.opened().await;
    house.keychain.fail_at(0);
    let refused = vault.rotate(None).await;
    assert!(matches!(refused, Err(ChangeError::KeyLost)), "{refused:?}");
    assert_eq!(
        vault.state(),
        VaultState::Open(Keeper::Nobody),
        "it is said that nothing keeps the key"
    );
    assert!(house.keychain.inner.held().is_none(), "nothing does");
    (house, vault)
}

#[tokio::test]
async fn s39_a_keychain_keeps_again_what_it_has_lost() {
    let (house, vault) = lost().await;
    house.check(&vault, "without a keeper").await;
    let endings = house.count_of_endings().await;
    vault.retry().await.expect("the file can be read");
    assert_eq!(vault.state(), VaultState::Open(Keeper::Nobody), "not yet");
    assert_eq!(
        house.count_of_endings().await,
        endings,
        "nothing is written down for the asking"
    );
    house.keychain.fail_at(usize::MAX);
    vault.retry().await.expect("the file can be read");
    assert_eq!(vault.state(), VaultState::Open(Keeper::Keychain), "again");
    house.check_settled("with a key of the keychain again").await;
}

#[tokio::test]
async fn s39_without_a_keychain_a_passphrase_keeps_what_was_lost() {
    let (house, vault) = lost().await;
    let chosen = vault.choose_passphrase(&passphrase(LONG)).await;
    chosen.expect("the vault is open");
    assert_eq!(vault.state(), VaultState::Open(Keeper::Passphrase));
    house.keychain.fail_at(usize::MAX);
    house.check_settled("with a passphrase").await;
}

#[tokio::test]
async fn s39_new_keys_can_be_made_when_the_keychain_takes_some_again() {
    let (house, vault) = lost().await;
    let refused = vault.rotate(None).await;
    assert!(matches!(refused, Err(ChangeError::KeyLost)), "{refused:?}");
    house.keychain.fail_at(usize::MAX);
    assert!(Change::Rotate.make(&vault).await, "now it takes one");
    house.check_settled("with new keys").await;
}

#[tokio::test]
async fn s38_what_lies_in_the_lost_keys_place_is_not_overwritten() {
    let (house, vault) = lost().await;
    let other = Some(Secret::new([9; KEY_LENGTH]));
    house.keychain.fail_at(usize::MAX);
    house.keychain.inner.hold(other.clone());
    vault.retry().await.expect("the file can be read");
    assert_eq!(
        vault.state(),
        VaultState::Open(Keeper::Keychain),
        "a good key serves"
    );
    assert!(house.keychain.inner.held() == other, "it is used as it is");
    house.check_settled("with that key").await;
}

#[tokio::test]
async fn a_keychain_that_has_the_lost_key_after_all_keeps_it() {
    let house = House::with(Keeper::Keychain, Mood::Loses).await;
    let key = house.keychain.inner.held();
    let vault = house.opened().await;
    house.keychain.fail_at(0);
    let refused = vault.rotate(None).await;
    assert!(matches!(refused, Err(ChangeError::KeyLost)), "{refused:?}");
    house.keychain.inner.hold(key.clone());
    vault.retry().await.expect("the file can be read");
    assert_eq!(vault.state(), VaultState::Open(Keeper::Keychain), "it is back");
    assert!(house.keychain.inner.held() == key, "and stays");
    house.keychain.fail_at(usize::MAX);
    house.check_settled("with the key that came back").await;
}

#[tokio::test]
async fn the_system_locks_no_vault_whose_key_it_has_lost() {
    let (_house, vault) = lost().await;
    let refused = vault.begin_lock().await.map(|_| ());
    assert!(
        matches!(refused, Err(LockError::KeptBySystem)),
        "the key would be gone"
    );
}
