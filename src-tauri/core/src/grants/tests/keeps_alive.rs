//! The background loop: renews in time, says so, and leaves providers alone.

use std::time::Duration;

use tokio::{sync::broadcast::error::TryRecvError, task::JoinHandle};

use super::world::{Answers, LIFE, Provider, START, World, guarded};
use crate::{
    grants::{ReauthReason, Standing, Wish},
    ports::Clock,
};

/// Longer than the loop ever sleeps at a time.
const LONG: Duration = Duration::from_secs(3600);

/// Runs the loop until it is dropped.
struct Background(JoinHandle<()>);

impl Background {
    fn of(world: &World) -> Self {
        let grants = world.grants.clone();
        Self(tokio::spawn(async move { grants.keep_alive().await }))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[tokio::test]
async fn a_grant_is_renewed_before_it_runs_out_without_any_caller() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let _background = Background::of(&world);
    for round in 1..=3 {
        world.clock.somebody_sleeps_at_most(LONG).await;
        world.clock.advance(LIFE - Duration::from_secs(40));
        world.clock.somebody_sleeps_at_most(LONG).await;
        assert_eq!(
            provider.requests(),
            round - 1,
            "40 s before the end it is too early"
        );
        let mut news = world.grants.news();
        world.clock.advance(Duration::from_secs(30));
        assert_eq!(guarded(news.recv()).await.expect("it is said"), server);
        assert_eq!(provider.requests(), round, "renewed ten seconds before the end");
    }
}

#[tokio::test]
async fn a_new_grant_wakes_the_loop() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let _background = Background::of(&world);
    world.clock.somebody_sleeps_at_most(LONG).await;
    let server = world.server().await;
    let mut granted = super::world::granted(&provider);
    granted.tokens.expires_at = Some(START.after(Duration::from_secs(60)));
    world.keep(server, granted).await;
    let mut news = world.grants.news();
    world.clock.somebody_sleeps_at_most(Duration::from_secs(45)).await;
    world.clock.advance(Duration::from_secs(45));
    assert_eq!(guarded(news.recv()).await.expect("it is said"), server);
    assert_eq!(provider.requests(), 1, "the loop did not oversleep");
}

#[tokio::test]
async fn s32_the_loop_backs_off_and_recovers() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.answer(Answers::Page(503, Some(300)));
    let _background = Background::of(&world);
    world.clock.somebody_sleeps_at_most(LONG).await;
    world.clock.advance(LIFE);
    provider.answered(1).await;
    world
        .clock
        .somebody_sleeps_at_most(Duration::from_secs(300))
        .await;
    assert_eq!(provider.requests(), 1, "it was asked once");
    let mut news = world.grants.news();
    provider.answer(Answers::NewPair);
    world.clock.advance(Duration::from_secs(300));
    assert_eq!(guarded(news.recv()).await.expect("it is said"), server);
    assert_eq!(provider.requests(), 2, "and again after five minutes");
}

#[tokio::test]
async fn the_end_of_a_grant_that_cannot_be_renewed_is_said() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.server().await;
    world.keep(server, super::world::without_refresh(&provider)).await;
    let mut news = world.grants.news();
    let _background = Background::of(&world);
    world.clock.somebody_sleeps_at_most(LONG).await;
    world.clock.advance(LIFE);
    assert_eq!(guarded(news.recv()).await.expect("it is said"), server);
    let account = world
        .grants
        .account(server)
        .await
        .expect("the store works")
        .expect("it is in sight");
    assert_eq!(account.standing, Standing::Spent(ReauthReason::Expired));
    assert_eq!(provider.requests(), 0, "nobody was asked");
    for _ in 0..3 {
        world.clock.somebody_sleeps_at_most(LONG).await;
        world.clock.advance(LONG);
    }
    world.clock.somebody_sleeps_at_most(LONG).await;
    assert_eq!(news.try_recv(), Err(TryRecvError::Empty), "it is said once");
}

#[tokio::test]
async fn the_end_of_each_grant_of_an_account_is_said() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.server().await;
    let first = world.keep(server, super::world::without_refresh(&provider)).await;
    let mut news = world.grants.news();
    let _background = Background::of(&world);
    world.clock.somebody_sleeps_at_most(LONG).await;
    world.clock.advance(LIFE);
    assert_eq!(guarded(news.recv()).await.expect("the first end is said"), server);

    let mut granted = super::world::without_refresh(&provider);
    granted.tokens.expires_at = Some(world.clock.now().after(LIFE));
    let again = world.keep_as(server, granted, Wish::Again(first)).await;
    assert_eq!(again, first, "it is the same account");
    assert_eq!(guarded(news.recv()).await.expect("the sign-in is said"), server);
    world.clock.somebody_sleeps_at_most(LONG).await;
    world.clock.advance(LIFE);
    assert_eq!(
        guarded(news.recv()).await.expect("the second end is said"),
        server
    );
}

#[tokio::test]
async fn s33_a_wake_after_a_night_renews_all() {
    let (provider, world) = (Provider::start().await, World::new().await);
    provider.answer(Answers::AccessOnly);
    for _ in 0..20 {
        world.granted(&provider).await;
    }
    let _background = Background::of(&world);
    world.clock.somebody_sleeps_at_most(LONG).await;
    world.clock.advance(Duration::from_secs(10 * 3600));
    provider.answered(20).await;
    world.grants.settle().await;
    assert_eq!(provider.requests(), 20, "each was renewed once");
}

#[tokio::test]
async fn an_opened_vault_wakes_the_loop() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let world = world.restart_with_locked_keychain().await;
    world.clock.advance(LIFE);
    let mut news = world.grants.news();
    let _background = Background::of(&world);
    world.clock.somebody_sleeps_at_most(LONG).await;
    assert_eq!(provider.requests(), 0, "nothing can be asked with a closed vault");
    world.keychain.lock(false);
    world.vault.retry().await.expect("the keychain is open again");
    assert_eq!(guarded(news.recv()).await.expect("it is renewed"), server);
}
