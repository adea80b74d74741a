//! The end of a grant: wiped first, then revoked (S43, RFC 7009).

use super::world::{Answers, LIFE, Provider, World, guarded};
use crate::{
    grants::{GrantError, Wish},
    oauth::Revocation,
};

#[tokio::test]
async fn s43_a_grant_is_wiped_before_it_is_revoked() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let mut news = world.grants.news();
    provider.close();
    let grants = world.grants.clone();
    let end = tokio::spawn(async move { grants.end(server).await });
    assert_eq!(guarded(news.recv()).await.expect("it is said"), server);
    assert!(
        !world.has_row(server).await,
        "the row is gone while the provider still thinks"
    );
    provider.open();
    let outcome = end.await.expect("no panic").expect("the store works");
    assert_eq!(outcome.map(|ended| ended.revocation), Some(Revocation::Revoked));
    assert_eq!(
        provider.revoked(),
        ["refresh-0", "access-0"],
        "refresh token first"
    );
}

#[tokio::test]
async fn a_caller_who_goes_away_does_not_stop_the_revocation() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let mut news = world.grants.news();
    provider.close();
    let grants = world.grants.clone();
    let end = tokio::spawn(async move { grants.end(server).await });
    guarded(news.recv()).await.expect("it is said");
    tokio::task::yield_now().await;
    end.abort();
    provider.open();
    provider.has_revoked("access-0").await;
}

#[tokio::test]
async fn s43_nothing_of_the_grant_is_left_in_the_files() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let sealed = world.row(server).await.sealed;
    assert!(world.files_hold(&sealed), "it was there");
    world.grants.end(server).await.expect("the store works");
    world.store.close().await;
    assert!(
        !world.files_hold(&sealed),
        "deleted bytes are overwritten, not only forgotten"
    );
}

#[tokio::test]
async fn a_server_without_grant_has_nothing_to_end() {
    let world = World::new().await;
    let server = world.server().await;
    assert_eq!(world.grants.end(server).await.expect("the store works"), None);
}

#[tokio::test]
async fn a_provider_that_is_gone_does_not_keep_the_grant_here() {
    let world = World::new().await;
    let server = world.granted(&Provider::nowhere()).await;
    let outcome = world.grants.end(server).await.expect("the store works");
    assert_eq!(
        outcome.map(|ended| ended.revocation),
        Some(Revocation::Unreachable),
        "said as it is"
    );
    assert!(!world.has_row(server).await, "wiped all the same");
}

#[tokio::test]
async fn a_pair_that_arrives_after_the_end_is_revoked() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.answer(Answers::NewPair);
    provider.close();
    world.clock.advance(LIFE);
    let grants = world.grants.clone();
    let late = tokio::spawn(async move { grants.bearer(server).await });
    provider.requested(1).await;
    let (grants, mut news) = (world.grants.clone(), world.grants.news());
    let end = tokio::spawn(async move { grants.end(server).await });
    guarded(news.recv()).await.expect("the row is wiped");
    provider.open();
    late.await.expect("no panic").expect_err("the grant has ended");
    end.await.expect("no panic").expect("the store works");
    provider.has_revoked("access-1").await;
    assert!(!world.has_row(server).await, "the late pair was not kept");
}

#[tokio::test]
async fn a_pair_that_was_never_written_is_the_one_that_is_revoked() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    world.refuse_new_pairs().await;
    world.clock.advance(LIFE);
    world.token(server).await.expect_err("the pair cannot be written");
    world.grants.end(server).await.expect("the store works");
    assert_eq!(
        provider.revoked(),
        ["refresh-1", "access-1"],
        "the old pair is spent already"
    );
}

#[tokio::test]
async fn a_grant_for_a_server_that_is_gone_is_refused() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.server().await;
    world.sql("DELETE FROM servers").await;
    let error = world
        .grants
        .keep(server, super::world::granted(&provider), Wish::Connect)
        .await;
    assert!(matches!(error, Err(GrantError::ServerGone)), "{error:?}");
}
