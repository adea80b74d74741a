//! Locking: what is under way can still be sealed.

use super::{
    house::{Change, House, LONG, Mood, passphrase},
    *,
};

#[tokio::test]
async fn a_vault_that_is_being_locked_takes_and_does_not_give() {
    let house = House::with(Keeper::Passphrase, Mood::Once).await;
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
    let house = House::with(Keeper::Passphrase, Mood::Once).await;
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
    let house = House::with(Keeper::Keychain, Mood::Once).await;
    let vault = house.opened().await;
    let refused = vault.begin_lock().await.map(|_| ());
    assert!(matches!(refused, Err(LockError::KeptBySystem)), "{refused:?}");
    assert_eq!(vault.state(), VaultState::Open(Keeper::Keychain), "it stays open");
}
