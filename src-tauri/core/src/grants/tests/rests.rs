//! What is under way when the vault is locked.

use super::world::{LIFE, Provider, World};
use crate::grants::BearerError;

#[tokio::test]
async fn before_the_keys_go_a_pair_that_could_not_be_written_is() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    world.refuse_new_pairs().await;
    world.clock.advance(LIFE);
    let error = world.token(server).await.expect_err("it cannot be written");
    assert!(matches!(error, BearerError::Store(_)), "{error:?}");
    let refused = world.grants.rest().await;
    assert!(refused.is_err(), "as long as that is so, the keys must stay");
    let refused = world.grants.rest().await;
    assert!(refused.is_err(), "and the pair is still there the next time");

    world.sql("DROP TRIGGER broken").await;
    world.grants.rest().await.expect("it can be written now");
    assert_eq!(
        world.row(server).await.refreshing_since,
        None,
        "it is in the file: the mark went with the write"
    );
    assert_eq!(world.token(server).await.expect("it was written"), "access-1");
    assert_eq!(provider.requests(), 1, "the provider was asked once");
}

#[tokio::test]
async fn s30_a_pair_that_waits_to_be_written_waits_for_no_other_refresh() {
    let world = World::new().await;
    let (first, slow) = (
        Provider::start().await,
        [Provider::start().await, Provider::start().await],
    );
    let server = world.granted(&first).await;
    let mut others = Vec::new();
    for provider in &slow {
        others.push(world.granted(provider).await);
        provider.close();
    }
    world.refuse_new_pairs().await;
    world.clock.advance(LIFE);
    world.token(server).await.expect_err("it cannot be written");
    let renewals = others.into_iter().map(|other| {
        let grants = world.grants.clone();
        tokio::spawn(async move { grants.bearer(other).await })
    });
    let renewals: Vec<_> = renewals.collect();
    for provider in &slow {
        provider.requested(1).await;
    }
    world.sql("DROP TRIGGER broken").await;
    let grants = world.grants.clone();
    let resting = tokio::spawn(async move { grants.rest().await });
    while world.row(server).await.refreshing_since.is_some() {
        tokio::task::yield_now().await;
    }
    assert!(!resting.is_finished(), "the others are waited for");
    slow.iter().for_each(Provider::open);
    resting
        .await
        .expect("it comes to its end")
        .expect("all can be written");
    for renewal in renewals {
        renewal
            .await
            .expect("it comes to its end")
            .expect("it has its token");
    }
}
