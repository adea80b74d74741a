//! Who causes a refresh, and how many (S29, S30, S31, S34).

use std::time::Duration;

use futures::future::join_all;

use super::world::{Answers, LIFE, Provider, World, guarded};
use crate::grants::{Bearer, BearerError, ReauthReason};

async fn bearer(world: &World, server: crate::base::ServerId) -> Bearer {
    world.grants.bearer(server).await.expect("there is a bearer")
}

#[tokio::test]
async fn a_live_bearer_costs_no_request() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    world.clock.advance(LIFE - Duration::from_secs(31));
    assert_eq!(world.token(server).await.expect("it is live"), "access-0");
    assert_eq!(provider.requests(), 0, "31 s before expiry nothing is due");
}

#[tokio::test]
async fn a_token_is_renewed_thirty_seconds_before_it_runs_out() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    world.clock.advance(LIFE - Duration::from_secs(30));
    assert_eq!(world.token(server).await.expect("it is renewed"), "access-1");
    assert_eq!(
        bearer(&world, server).await.resource().as_str(),
        "http://127.0.0.1:1/mcp",
        "S27"
    );
    assert_eq!(provider.requests(), 1, "the new one is live");
}

#[tokio::test(flavor = "multi_thread")]
async fn s29_a_hundred_callers_at_expiry_cause_one_request() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    world.clock.advance(LIFE);
    let callers = (0..100).map(|_| {
        let grants = world.grants.clone();
        tokio::spawn(async move { grants.bearer(server).await })
    });
    for outcome in join_all(callers).await {
        let bearer = outcome
            .expect("no caller panics")
            .expect("every caller gets a bearer");
        // EXPOSE: the test compares it.
        assert_eq!(bearer.token().expose(), "access-1", "all get the same new token");
    }
    assert_eq!(provider.requests(), 1, "one refresh serves all");
}

#[tokio::test]
async fn s30_a_caller_who_goes_away_loses_nothing() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    world.clock.advance(LIFE);
    let mut news = world.grants.news();
    provider.close();
    let grants = world.grants.clone();
    let caller = tokio::spawn(async move { grants.bearer(server).await });
    provider.requested(1).await;
    caller.abort();
    assert!(
        caller.await.expect_err("it was aborted").is_cancelled(),
        "the caller is gone"
    );
    provider.open();
    assert_eq!(guarded(news.recv()).await.expect("the refresh ends"), server);
    assert_eq!(world.token(server).await.expect("the pair was kept"), "access-1");
    assert_eq!(provider.requests(), 1, "the first refresh was not lost");
}

#[tokio::test]
async fn settle_waits_for_the_refresh_that_is_under_way() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    world.clock.advance(LIFE);
    provider.close();
    let grants = world.grants.clone();
    drop(tokio::spawn(async move { grants.bearer(server).await }));
    provider.requested(1).await;
    let grants = world.grants.clone();
    let settled = tokio::spawn(async move { grants.settle().await });
    tokio::task::yield_now().await;
    assert!(!settled.is_finished(), "the answer is still out");
    provider.open();
    settled.await.expect("it ends");
    let row = world.row(server).await;
    assert_eq!(
        (row.version, row.refreshing_since),
        (1, None),
        "the pair is in the file"
    );
}

#[tokio::test]
async fn s31_without_a_new_refresh_token_the_old_one_stays() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.answer(Answers::AccessOnly);
    for round in 1..=2 {
        world.clock.advance(LIFE);
        let token = world.token(server).await.expect("refresh-0 is good for ever");
        assert_eq!(token, format!("access-{round}"));
    }
}

#[tokio::test]
async fn s33_a_401_beats_the_clock_and_a_newer_token_is_not_refreshed_again() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let refused = bearer(&world, server).await;
    let callers = (0..10).map(|_| world.grants.renew(server, &refused));
    for outcome in join_all(callers).await {
        // EXPOSE: the test compares it.
        assert_eq!(outcome.expect("it is renewed").token().expose(), "access-1");
    }
    assert_eq!(provider.requests(), 1, "ten callers were refused the same token");
}

#[tokio::test]
async fn s34_a_token_that_comes_back_unchanged_is_not_fetched_twice() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.answer(Answers::SameAccess);
    let refused = bearer(&world, server).await;
    world
        .grants
        .renew(server, &refused)
        .await
        .expect("the provider says that it is good");
    for _ in 0..3 {
        let error = world
            .grants
            .renew(server, &refused)
            .await
            .expect_err("the server does not");
        assert!(
            matches!(error, BearerError::Reauth(ReauthReason::Rejected)),
            "{error:?}"
        );
    }
    assert_eq!(provider.requests(), 1, "one refresh for each refused token");
}

#[tokio::test]
async fn without_a_refresh_token_a_refused_bearer_needs_the_person() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.server().await;
    world.keep(server, super::world::without_refresh(&provider)).await;
    let refused = bearer(&world, server).await;
    let error = world
        .grants
        .renew(server, &refused)
        .await
        .expect_err("nothing can renew it");
    assert!(
        matches!(error, BearerError::Reauth(ReauthReason::Rejected)),
        "{error:?}"
    );
    assert_eq!(provider.requests(), 0, "there is nothing to ask with");
}

#[tokio::test]
async fn r19_a_grant_without_refresh_token_lives_until_it_expires() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.server().await;
    world.keep(server, super::world::without_refresh(&provider)).await;
    world.clock.advance(LIFE - Duration::from_secs(1));
    assert_eq!(world.token(server).await.expect("one second is left"), "access-0");
    world.clock.advance(Duration::from_secs(1));
    let error = world.token(server).await.expect_err("it has run out");
    assert!(
        matches!(error, BearerError::Reauth(ReauthReason::Expired)),
        "{error:?}"
    );
}

#[tokio::test]
async fn nobody_signed_in_is_its_own_answer() {
    let world = World::new().await;
    let server = world.server().await;
    assert!(matches!(world.token(server).await, Err(BearerError::None)));
}
