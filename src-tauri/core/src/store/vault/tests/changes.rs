//! Rotation, and moving between the keychain and a passphrase.

use tokio::task::yield_now;

use super::{
    house::{Change, House, LONG, Mood, OTHER, REGISTRATIONS, REVOCATIONS, ROWS, passphrase},
    *,
};
use crate::store::vault::retired::RETIRED;

#[tokio::test]
async fn after_a_rotation_the_old_keys_open_nothing() {
    for keeper in [Keeper::Keychain, Keeper::Passphrase] {
        let house = House::with(keeper, Mood::Once).await;
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

#[tokio::test]
async fn a_wrong_passphrase_changes_nothing() {
    let house = House::with(Keeper::Passphrase, Mood::Once).await;
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
    let refused = vault.use_keychain(&passphrase(OTHER)).await;
    assert!(matches!(refused, Err(ChangeError::Wrong)), "{refused:?}");
    assert_eq!(
        vault.state(),
        VaultState::Open(Keeper::Passphrase),
        "it protects them still"
    );
    let after = house.cells().await.into_iter().map(|(.., sealed)| sealed);
    assert_eq!(before, after.collect::<Vec<_>>(), "every cell is as it was");
}

#[tokio::test]
async fn a_cell_that_does_not_open_costs_itself_alone() {
    let house = House::with(Keeper::Keychain, Mood::Once).await;
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
    let house = House::with(Keeper::Keychain, Mood::Once).await;
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
    let house = House::with(Keeper::Passphrase, Mood::Once).await;
    house.keychain.inner.hold(foreign.clone());
    let vault = house.opened().await;
    assert!(
        Change::ToKeychain.make(&vault).await,
        "a good key is used as it is"
    );
    assert!(house.keychain.inner.held() == foreign, "it is not overwritten");
    house.check(&house.opened().await, "with that key").await;

    let house = House::with(Keeper::Keychain, Mood::Once).await;
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
async fn s43_sealing_anew_counts_as_one_ending() {
    let house = House::with(Keeper::Keychain, Mood::Once).await;
    let vault = house.opened().await;
    let ring = vault.ring().expect("it is open").turned_to(Key::random());
    let before = house.count_of_endings().await;
    for _ in 0..2 {
        let swept = sweep::sweep(&house.store, &[REGISTRATIONS, REVOCATIONS], &ring).await;
        swept.expect("the file can be written");
        assert_eq!(
            house.count_of_endings().await,
            before + 1,
            "of all cells, and of none the second time"
        );
    }
}

#[tokio::test]
async fn a_retired_key_is_sealed_anew_like_every_cell() {
    let house = House::with(Keeper::Keychain, Mood::Once).await;
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
