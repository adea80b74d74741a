//! What is owed to an authorization server is made good: after trouble, after a restart, after a crash (S43, RFC 7009).

use std::{sync::Arc, time::Duration};

use tokio::task::JoinHandle;

use super::world::{Provider, World, guarded};
use crate::{
    base::ServerId,
    grants::{Ended, Settled},
    oauth::Revocation,
};

/// Longer than the loop ever sleeps at a time.
const LONG: Duration = Duration::from_secs(2 * 60 * 60);
const MINUTE: Duration = Duration::from_secs(60);

/// Runs the loop until it is dropped.
struct Background(JoinHandle<()>);

impl Background {
    fn of(world: &World) -> Self {
        let grants = world.grants.clone();
        Self(tokio::spawn(async move { grants.keep_promises().await }))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn end(world: &World, server: ServerId) -> Ended {
    let ended = world.grants.end(server).await.expect("the store works");
    ended.expect("there was a grant")
}

async fn owing(world: &World) -> Vec<ServerId> {
    world.grants.owing().await.expect("the store works")
}

/// Begins the next life on what is on disk.
async fn restarted(world: World) -> World {
    world.store.close().await;
    let World {
        directory,
        clock,
        keychain,
        ..
    } = world;
    World::open(directory, clock, keychain).await
}

#[tokio::test]
async fn s43_a_revocation_that_reached_nobody_is_made_good_after_a_restart() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.revokes(503);
    assert_eq!(end(&world, server).await.revocation, Revocation::Unreachable);
    assert!(
        !world.has_row(server).await,
        "the sign-in is over here all the same"
    );
    assert_eq!(owing(&world).await, [server]);

    let world = restarted(world).await;
    provider.revokes(200);
    let mut settled = world.grants.settled();
    let _background = Background::of(&world);
    world.clock.somebody_sleeps_at_most(LONG).await;
    assert_eq!(provider.revoked().len(), 2, "it is not hammered");
    world.clock.advance(MINUTE);
    let Settled {
        server: whose,
        revocation,
        client,
    } = guarded(settled.recv()).await.expect("it is said");
    assert_eq!((whose, revocation), (server, Some(Revocation::Revoked)));
    assert!(client.is_some(), "and whose client may go now");
    assert_eq!(provider.revoked()[2..], ["refresh-0", "access-0"]);
    assert!(owing(&world).await.is_empty());
}

#[tokio::test]
async fn s43_a_crash_between_the_end_and_the_revocation_loses_neither() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.close();
    let (grants, mut news) = (world.grants.clone(), world.grants.news());
    let ending = tokio::spawn(async move { grants.end(server).await });
    guarded(news.recv()).await.expect("the row is wiped");
    // As a crash would: what was asked for is on disk, and nothing more of this life.
    let directory = tempfile::tempdir().expect("the system has room");
    for file in ["usher.db", "usher.db-wal"] {
        let (from, to) = (world.directory.path().join(file), directory.path().join(file));
        std::fs::copy(from, to).expect("it is there");
    }
    let next = World::open(Arc::new(directory), world.clock.clone(), world.keychain.clone()).await;
    assert!(!next.has_row(server).await, "it is over");
    assert_eq!(owing(&next).await, [server], "and not forgotten");
    provider.open();
    ending.await.expect("no panic").expect("the store works");
    let _background = Background::of(&next);
    next.clock.somebody_sleeps_at_most(LONG).await;
    next.clock.advance(MINUTE);
    while !owing(&next).await.is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn s43_with_a_closed_vault_it_waits_for_the_key() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let world = world.restart_with_locked_keychain().await;
    assert_eq!(end(&world, server).await.revocation, Revocation::Unreachable);
    let _background = Background::of(&world);
    world.clock.somebody_sleeps_at_most(LONG).await;
    world.clock.advance(Duration::from_secs(30 * 24 * 60 * 60));
    world.clock.somebody_sleeps_at_most(LONG).await;
    assert!(provider.revoked().is_empty(), "there is nothing to ask with");
    assert_eq!(owing(&world).await, [server], "and nothing is given up untried");
    world.keychain.lock(false);
    world.vault.retry().await.expect("the keychain answers");
    provider.has_revoked("access-0").await;
}

#[tokio::test]
async fn s43_a_provider_that_is_away_for_a_week_is_given_up_and_said_to_be() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.revokes(503);
    end(&world, server).await;
    let mut settled = world.grants.settled();
    let _background = Background::of(&world);
    for attempts in 1..=8 {
        world.clock.somebody_sleeps_at_most(LONG).await;
        assert_eq!(provider.revoked().len(), 2 * attempts, "once a day");
        assert!(settled.try_recv().is_err(), "it is not given up yet");
        world.clock.advance(Duration::from_secs(24 * 60 * 60));
    }
    let given_up = guarded(settled.recv()).await.expect("it is said");
    assert_eq!(given_up.revocation, Some(Revocation::Failed));
    assert!(owing(&world).await.is_empty(), "nothing is kept for it");
}

#[tokio::test]
async fn waits_double_from_a_minute() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.revokes(503);
    end(&world, server).await;
    let _background = Background::of(&world);
    for (attempts, wait) in [(1, MINUTE), (2, MINUTE * 2), (3, MINUTE * 4)] {
        world.clock.somebody_sleeps_at_most(wait).await;
        world.clock.advance(wait - Duration::from_secs(1));
        world.clock.somebody_sleeps_at_most(Duration::from_secs(1)).await;
        assert_eq!(provider.revoked().len(), 2 * attempts, "not a second early");
        world.clock.advance(Duration::from_secs(1));
        while provider.revoked().len() < 2 * (attempts + 1) {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn s29_a_sign_in_that_came_later_is_not_ended_with_the_one_before() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.revokes(503);
    end(&world, server).await;
    world.clock.advance(Duration::from_secs(10));
    world.keep(server, super::world::granted(&provider)).await;
    provider.revokes(200);
    let mut settled = world.grants.settled();
    let _background = Background::of(&world);
    world.clock.somebody_sleeps_at_most(LONG).await;
    world.clock.advance(MINUTE);
    let gone = guarded(settled.recv()).await.expect("it is said");
    assert_eq!(gone.revocation, None, "there is nothing to say");
    assert_eq!(provider.revoked().len(), 2, "nothing was asked again");
    assert!(owing(&world).await.is_empty());
}

#[tokio::test]
async fn s29_a_sign_in_in_the_same_second_came_later() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.revokes(503);
    end(&world, server).await;
    world.keep(server, super::world::granted(&provider)).await;
    provider.revokes(200);
    let mut settled = world.grants.settled();
    let _background = Background::of(&world);
    world.clock.somebody_sleeps_at_most(LONG).await;
    world.clock.advance(MINUTE);
    let gone = guarded(settled.recv()).await.expect("it is said");
    assert_eq!(gone.revocation, None, "there is nothing to say");
    assert_eq!(provider.revoked().len(), 2, "nothing was asked again");
}

#[tokio::test]
async fn s43_what_cannot_be_written_down_is_not_asked_again_and_again() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.revokes(503);
    end(&world, server).await;
    world
        .sql("CREATE TRIGGER full BEFORE UPDATE ON revocations BEGIN SELECT RAISE(ABORT, 'full'); END")
        .await;
    let _background = Background::of(&world);
    world.clock.somebody_sleeps_at_most(LONG).await;
    world.clock.advance(MINUTE);
    while provider.revoked().len() < 4 {
        tokio::task::yield_now().await;
    }
    for _ in 0..20 {
        world.clock.somebody_sleeps_at_most(LONG).await;
        world.clock.advance(MINUTE);
    }
    world.clock.somebody_sleeps_at_most(LONG).await;
    assert_eq!(
        provider.revoked().len(),
        4,
        "in twenty minutes it is not tried again"
    );
    world.sql("DROP TRIGGER full").await;
    provider.revokes(200);
    world.clock.advance(LONG);
    while !owing(&world).await.is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_refusal_is_final() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.revokes(400);
    assert_eq!(end(&world, server).await.revocation, Revocation::Failed);
    assert!(owing(&world).await.is_empty());
}

#[tokio::test]
async fn a_client_is_in_use_for_as_long_as_its_revocation_is_owed() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.revokes(503);
    let client = end(&world, server).await.clients.pop().expect("it had a client");
    assert!(
        world.grants.uses(&client).await.expect("the store works"),
        "it must not go before"
    );
}

#[tokio::test]
async fn s43_nothing_is_left_in_the_files_of_what_was_owed() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let sealed = world.row(server).await.sealed;
    provider.revokes(503);
    end(&world, server).await;
    assert!(
        world.files_hold(&sealed),
        "it is kept, sealed, for the next attempt"
    );
    provider.revokes(200);
    let mut settled = world.grants.settled();
    let background = Background::of(&world);
    world.clock.somebody_sleeps_at_most(LONG).await;
    world.clock.advance(MINUTE);
    guarded(settled.recv()).await.expect("it is said");
    drop(background);
    world.store.close().await;
    assert!(!world.files_hold(&sealed), "now it is gone");
}

#[tokio::test]
async fn s33_a_clock_that_was_wrong_puts_nothing_off_for_years() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.revokes(503);
    end(&world, server).await;
    provider.revokes(200);
    // As if the clock had been ten years fast at the first attempt.
    world
        .sql("UPDATE revocations SET next_at = next_at + 315360000")
        .await;
    let mut settled = world.grants.settled();
    let _background = Background::of(&world);
    let settled = guarded(settled.recv()).await.expect("it is said");
    assert_eq!(settled.revocation, Some(Revocation::Revoked));
}
