//! Without a network nothing counts; a network that answers in the provider's place ends nothing (S32).

use std::time::Duration;

use tokio::task::JoinHandle;

use super::world::{Answers, LIFE, Provider, World, guarded};
use crate::{
    base::ServerId,
    grants::{BearerError, Standing, owed_table},
    oauth::Revocation,
    ports::network::{OFFLINE_WAIT, SPREAD},
};

const HOUR: Duration = Duration::from_secs(3600);

/// Runs both loops until it is dropped.
struct Background(JoinHandle<()>);

impl Background {
    fn of(world: &World) -> Self {
        let grants = world.grants.clone();
        Self(tokio::spawn(async move {
            tokio::join!(grants.keep_alive(), grants.keep_promises());
        }))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Waits until the background has found out for so many accounts that there is no network.
async fn cut_off(world: &World, count: usize) {
    loop {
        let lanes: Vec<_> = world.grants.lanes().values().cloned().collect();
        let cut_off = |lane: &&std::sync::Arc<tokio::sync::Mutex<crate::grants::lane::Lane>>| {
            lane.try_lock().is_ok_and(|lane| lane.cut_off_since.is_some())
        };
        if lanes.iter().filter(cut_off).count() == count {
            return;
        }
        tokio::task::yield_now().await;
    }
}

async fn is_kept(world: &World, server: ServerId) -> bool {
    let account = world.grants.account(server).await.expect("the store works");
    account.is_some_and(|account| !matches!(account.standing, Standing::Spent(_)))
}

#[tokio::test]
async fn s32_without_a_network_callers_hear_so_at_once_and_no_pause_begins() {
    let (provider, world) = (Provider::absent().await, World::new().await);
    let server = world.granted(&provider).await;
    world.clock.advance(LIFE);
    world.network.goes();
    for _ in 0..20 {
        let told = world.token(server).await;
        assert!(matches!(told, Err(BearerError::Offline)), "{told:?}");
    }
    assert!(
        world.row(server).await.refreshing_since.is_none(),
        "nothing was sent, so no answer is missing"
    );
    world.network.comes_back();
    provider.arrives().await;
    assert_eq!(world.token(server).await.expect("at once"), "access-1");
}

#[tokio::test]
async fn s32_a_provider_that_is_down_while_there_is_a_network_has_failed() {
    let (provider, world) = (Provider::absent().await, World::new().await);
    let server = world.granted(&provider).await;
    world.clock.advance(LIFE);
    let told = world.token(server).await;
    assert!(matches!(told, Err(BearerError::Unreachable { .. })), "{told:?}");
}

#[tokio::test]
async fn s32_what_answers_is_used_whatever_is_said_of_the_network() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    world.clock.advance(LIFE);
    world.network.goes();
    assert_eq!(world.token(server).await.expect("it answers"), "access-1");
}

#[tokio::test]
async fn s32_the_background_waits_for_the_network_and_then_goes_out_one_after_the_other() {
    let (provider, world) = (Provider::absent().await, World::new().await);
    provider.answer(Answers::AccessOnly);
    for _ in 0..20 {
        world.granted(&provider).await;
    }
    world.network.goes();
    world.clock.advance(LIFE);
    let _background = Background::of(&world);
    cut_off(&world, 20).await;
    world.clock.somebody_sleeps_at_most(OFFLINE_WAIT).await;
    provider.arrives().await;
    assert_eq!(provider.requests(), 0, "nobody goes out before it is back");
    world.network.comes_back();
    world.clock.somebody_sleeps_at_most(SPREAD).await;
    assert!(provider.requests() < 20, "not all at once");
    // No more than their turns take: what is renewed meanwhile must not run out again.
    for _ in 0..=SPREAD.as_secs() {
        world.clock.advance(Duration::from_secs(1));
        world.clock.somebody_sleeps_at_most(HOUR).await;
        tokio::task::yield_now().await;
    }
    provider.answered(20).await;
    world.grants.settle().await;
    assert_eq!(provider.requests(), 20, "each once");
}

#[tokio::test]
async fn s32_a_provider_within_reach_is_found_although_the_network_leads_nowhere() {
    let (provider, world) = (Provider::absent().await, World::new().await);
    world.granted(&provider).await;
    world.network.goes();
    world.clock.advance(LIFE);
    let _background = Background::of(&world);
    cut_off(&world, 1).await;
    world.clock.somebody_sleeps_at_most(OFFLINE_WAIT).await;
    provider.arrives().await;
    world.clock.advance(OFFLINE_WAIT - Duration::from_secs(1));
    world.clock.somebody_sleeps_at_most(Duration::from_secs(1)).await;
    assert_eq!(provider.requests(), 0, "not a second early");
    world.clock.advance(Duration::from_secs(1));
    provider.answered(1).await;
}

#[tokio::test]
async fn s43_a_provider_within_reach_is_told_although_the_network_leads_nowhere() {
    let (provider, world) = (Provider::absent().await, World::new().await);
    let server = world.granted(&provider).await;
    world.network.goes();
    world.grants.end(server).await.expect("the store works");
    provider.arrives().await;
    let mut settled = world.grants.settled();
    world.clock.advance(HOUR);
    let _background = Background::of(&world);
    let settled = guarded(settled.recv()).await.expect("it is said");
    assert_eq!(settled.revocation, Some(Revocation::Revoked));
}

#[tokio::test]
async fn s43_without_a_network_no_attempt_to_revoke_is_counted() {
    let (provider, world) = (Provider::absent().await, World::new().await);
    let server = world.granted(&provider).await;
    world.network.goes();
    let ended = world.grants.end(server).await.expect("the store works");
    assert_eq!(ended.expect("there was one").revocation, Revocation::Offline);
    let background = Background::of(&world);
    for _ in 0..30 {
        world.clock.somebody_sleeps_at_most(HOUR * 2).await;
        world.clock.advance(HOUR * 24);
    }
    world.clock.somebody_sleeps_at_most(HOUR * 2).await;
    let owed = owed_table::all(&world.store).await.expect("the store works");
    assert_eq!(owed.len(), 1, "a month later it is still owed");
    assert_eq!(owed[0].debt.tries, 0);
    let mut settled = world.grants.settled();
    provider.arrives().await;
    world.network.comes_back();
    while provider.revoked().is_empty() {
        world.clock.somebody_sleeps_at_most(HOUR * 2).await;
        world.clock.advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
    }
    let settled = guarded(settled.recv()).await.expect("it is said");
    assert_eq!(settled.revocation, Some(Revocation::Revoked));
    drop(background);
}

#[tokio::test]
async fn s32_a_portal_keeps_the_grant_and_is_asked_gently() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.answer(Answers::Page(511, Some(900)));
    world.clock.advance(LIFE);
    for round in 1..=5 {
        for _ in 0..3 {
            let told = world.token(server).await;
            let Err(BearerError::Portal { host, retry_after }) = told else {
                panic!("{told:?}")
            };
            assert_eq!(format!("http://{host}"), provider.address);
            assert!(retry_after <= Duration::from_secs(60), "{retry_after:?}");
        }
        assert_eq!(provider.requests(), round, "once a minute at most");
        assert!(is_kept(&world, server).await, "nobody is asked to sign in");
        world.clock.advance(Duration::from_secs(60));
    }
    let told = world.token(server).await;
    assert!(
        matches!(told, Err(BearerError::Unreachable { .. })),
        "it stays for too long: {told:?}"
    );
    provider.answer(Answers::NewPair);
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(world.token(server).await.expect("it goes on"), "access-7");
}

#[tokio::test]
async fn s32_a_page_or_a_redirect_of_the_host_itself_keeps_the_grant_and_is_a_failure() {
    for odd in [
        Answers::Page(302, None),
        Answers::Page(307, None),
        Answers::Portal,
    ] {
        let (provider, world) = (Provider::start().await, World::new().await);
        let server = world.granted(&provider).await;
        provider.answer(odd);
        world.clock.advance(LIFE);
        let told = world.token(server).await;
        assert!(
            matches!(told, Err(BearerError::Unreachable { .. })),
            "{odd:?}: {told:?}"
        );
        assert!(
            is_kept(&world, server).await,
            "{odd:?}: nobody is asked to sign in"
        );
        world.clock.advance(Duration::from_secs(4));
        provider.answer(Answers::NewPair);
        let renewed = world.token(server).await.expect("it goes on");
        assert_eq!(renewed, "access-2", "{odd:?}");
    }
}
