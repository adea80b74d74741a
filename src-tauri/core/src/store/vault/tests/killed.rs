//! S39: whatever stops a change of keys, and wherever, nothing is lost.

use super::{
    house::{Change, House, Mood},
    *,
};
use crate::store::tests::Stopped;

const CHANGES: [(Keeper, Change); 5] = [
    (Keeper::Keychain, Change::Rotate),
    (Keeper::Passphrase, Change::Rotate),
    (Keeper::Keychain, Change::ToPassphrase),
    (Keeper::Passphrase, Change::OtherPassphrase),
    (Keeper::Passphrase, Change::ToKeychain),
];

#[tokio::test]
async fn s39_a_change_of_keys_that_is_killed_anywhere_loses_nothing() {
    for (keeper, change) in CHANGES {
        let mut finished = None;
        let mut polls = 0;
        while finished.is_none() {
            let house = House::with(keeper, Mood::Once).await;
            let vault = house.opened().await;
            finished = Stopped::after(polls, change.make(&vault)).await;
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
async fn s39_a_start_that_can_write_nothing_opens_what_a_killed_change_left() {
    for (keeper, change) in [
        (Keeper::Keychain, Change::Rotate),
        (Keeper::Passphrase, Change::ToKeychain),
    ] {
        let mut finished = None;
        let mut polls = 0;
        while finished.is_none() {
            let house = House::with(keeper, Mood::Once).await;
            let vault = house.opened().await;
            finished = Stopped::after(polls, change.make(&vault)).await;
            drop(vault);
            let when = format!("{change:?} killed after {polls} steps");
            house.let_write(false).await;
            house.check(&house.opened().await, &when).await;
            house.let_write(true).await;
            house.check_settled(&when).await;
            polls += 1;
        }
    }
}

#[tokio::test]
async fn s39_a_rotation_on_top_of_a_killed_one_loses_nothing() {
    let house = House::with(Keeper::Keychain, Mood::Once).await;
    for polls in 0..60 {
        let vault = house.opened().await;
        // Most are not finished; what counts is what they leave.
        let _ = Stopped::after(polls, Change::Rotate.make(&vault)).await;
        house
            .check(&house.opened().await, &format!("after {polls} steps"))
            .await;
    }
    house.check_settled("after all").await;
}

#[tokio::test]
async fn s39_a_keychain_that_fails_at_any_call_changes_nothing_or_all() {
    for mood in [Mood::Once, Mood::Late, Mood::Gone, Mood::Mangles] {
        for (keeper, change) in CHANGES {
            for number in 0.. {
                let house = House::with(keeper, mood).await;
                let vault = house.opened().await;
                house.keychain.fail_at(number);
                let made = change.make(&vault).await;
                let when = format!("{change:?}, call {number} fails, {mood:?}, made: {made}");
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
