//! A sign-in without a person that is left on its way, for another or for good: whatever still comes for it counts no more
//! (R23).

use std::time::Duration;

use serde_json::{Value, json};
use usher_tests::{HandClock, RefreshMood};

use crate::machines::{Machine, SECRET, by_secret, ways};

/// A server whose method is chosen and whose issuer is agreed.
async fn chosen() -> Machine {
    let clock = HandClock::default();
    let it = Machine::at(ways(&clock), clock).await;
    it.choose(by_secret(SECRET)).await;
    it.agree().await;
    it
}

/// Tells how the sign-ins ended, as soon as none is under way.
async fn endings(it: &Machine) -> Vec<Value> {
    loop {
        let told = it.home.good("signInRuns", json!({ "id": it.id })).await;
        let runs = told["runs"].as_array().cloned().unwrap_or_default();
        let standings: Vec<_> = runs.iter().map(|run| run["standing"].clone()).collect();
        if standings.iter().all(|standing| standing["kind"] != "underWay") {
            return standings;
        }
        tokio::task::yield_now().await;
    }
}

/// Waits for something that the window is not told of.
async fn passed(is: impl Fn() -> bool) {
    let waiting = async {
        while !is() {
            tokio::task::yield_now().await;
        }
    };
    let came = tokio::time::timeout(Duration::from_secs(30), waiting).await;
    came.expect("it never came to that");
}

#[tokio::test]
async fn what_is_taken_back_while_tokens_are_on_their_way_is_not_kept() {
    let it = chosen().await;
    let held = it.authorization.hold_tokens().await;
    it.home.connect(&it.id).await;
    passed(|| it.asked() == 1).await;
    it.home.good("disconnect", json!({ "id": it.id })).await;
    drop(held);
    passed(|| it.authorization.seen().count("POST /revoke") == 1 && it.authorization.living_grants() == 0)
        .await;
    assert_eq!(it.home.server(&it.id).await["account"], json!(null));
}

#[tokio::test]
async fn r23_what_comes_for_a_sign_in_that_was_left_is_not_kept() {
    let it = chosen().await;
    let first = it.authorization.hold_next();
    it.home.connect(&it.id).await;
    passed(|| it.asked() == 1).await;
    let second = it.authorization.hold_next();
    it.home.connect(&it.id).await;
    passed(|| it.asked() == 2).await;
    drop(first);
    passed(|| it.authorization.seen().count("POST /revoke") == 1 && it.authorization.living_grants() == 0)
        .await;
    assert_eq!(it.home.server(&it.id).await["account"], json!(null));
    drop(second);
    it.home.state(&it.id, "ready").await;
    it.home
        .echo(&it.id, "hello")
        .await
        .expect("the newer one is good");
    assert_eq!((it.asked(), it.authorization.living_grants()), (2, 1));
}

#[tokio::test]
async fn r23_how_a_sign_in_that_was_left_ended_is_not_told() {
    let it = chosen().await;
    let first = it.authorization.hold_next();
    it.home.connect(&it.id).await;
    passed(|| it.asked() == 1).await;
    it.home.connect(&it.id).await;
    it.home.state(&it.id, "ready").await;
    it.authorization
        .refresh_mood(RefreshMood::Refusing("invalid_grant"));
    drop(first);
    let endings = endings(&it).await;
    let authorized = json!({ "kind": "signIn", "outcome": { "kind": "authorized" } });
    assert_eq!(endings.len(), 2);
    assert!(endings.contains(&authorized) && endings.contains(&json!({ "kind": "unfinished" })));
    assert_eq!(it.home.outcome(&it.id).await["kind"], "authorized");
    it.home.state(&it.id, "ready").await;
}
