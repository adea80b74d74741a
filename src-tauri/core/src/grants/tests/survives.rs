//! What a failing or refusing authorization server does to a grant (S29, S32).

use std::time::Duration;

use tokio::sync::broadcast::error::TryRecvError;

use super::world::{Answers, LIFE, Provider, World};
use crate::{
    base::ServerId,
    grants::{BearerError, ReauthReason, Standing, grant::Dead},
};

async fn assert_rejected(world: &World, server: ServerId) {
    let error = world.token(server).await.expect_err("the grant is over");
    assert!(
        matches!(error, BearerError::Reauth(ReauthReason::Rejected)),
        "{error:?}"
    );
}

#[tokio::test]
async fn s32_trouble_at_the_provider_keeps_the_grant() {
    for status in [408, 425, 429, 500, 502, 503] {
        let (provider, world) = (Provider::start().await, World::new().await);
        let server = world.granted(&provider).await;
        provider.answer(Answers::Page(status, None));
        world.clock.advance(LIFE);
        let error = world.token(server).await.expect_err("there is no new token");
        assert!(
            matches!(error, BearerError::Unreachable { .. }),
            "{status}: {error:?}"
        );
        provider.answer(Answers::NewPair);
        world.clock.advance(Duration::from_secs(10));
        assert_eq!(
            world.token(server).await.expect("it recovers"),
            "access-2",
            "{status}"
        );
    }
}

#[tokio::test]
async fn s32_a_provider_that_is_gone_keeps_the_grant() {
    let world = World::new().await;
    let server = world.granted(&Provider::nowhere()).await;
    world.clock.advance(LIFE);
    let error = world.token(server).await.expect_err("nobody answers");
    assert!(matches!(error, BearerError::Unreachable { .. }), "{error:?}");
    let account = world
        .grants
        .account(server)
        .await
        .expect("the store works")
        .expect("it is kept");
    assert_eq!(account.standing, Standing::Stale, "nothing was said against it");
}

#[tokio::test]
async fn s32_a_pause_is_kept_by_all_callers_and_honours_retry_after() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.answer(Answers::Page(429, Some(600)));
    world.clock.advance(LIFE);
    for _ in 0..5 {
        let error = world
            .token(server)
            .await
            .expect_err("the provider wants to be left alone");
        let BearerError::Unreachable {
            retry_after: Some(left),
        } = error
        else {
            panic!("{error:?}")
        };
        assert_eq!(left, Duration::from_secs(600), "what the provider asked for");
    }
    assert_eq!(provider.requests(), 1, "it is left alone");
    world.clock.advance(Duration::from_secs(599));
    assert!(world.token(server).await.is_err(), "one second is left");
    provider.answer(Answers::NewPair);
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(world.token(server).await.expect("the pause is over"), "access-2");
}

#[tokio::test]
async fn an_old_token_is_lent_while_no_new_one_can_be_had() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.answer(Answers::Page(503, None));
    world.clock.advance(LIFE - Duration::from_secs(20));
    assert_eq!(world.token(server).await.expect("20 s are left"), "access-0");
    assert_eq!(provider.requests(), 1, "a new one was asked for");
}

#[tokio::test]
async fn s32_a_rejected_grant_dies_once_and_stays_in_sight() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.answer(Answers::Error("invalid_grant"));
    world.clock.advance(LIFE);
    let mut news = world.grants.news();
    for _ in 0..3 {
        assert_rejected(&world, server).await;
    }
    assert_eq!(provider.requests(), 1, "a dead grant is not tried again");
    assert_eq!(news.try_recv().expect("it was said"), server);
    assert_eq!(news.try_recv(), Err(TryRecvError::Empty), "and only once");
    let account = world
        .grants
        .account(server)
        .await
        .expect("the store works")
        .expect("it is in sight");
    assert_eq!(account.standing, Standing::Spent(ReauthReason::Rejected));
    assert_eq!(account.scopes.to_string(), "read write", "with all that is shown");
    assert!(!account.client_refused, "the client is still good");
}

#[tokio::test]
async fn s32_a_client_that_is_no_longer_known_is_told_apart() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.answer(Answers::Error("invalid_client"));
    world.clock.advance(LIFE);
    assert_rejected(&world, server).await;
    let account = world
        .grants
        .account(server)
        .await
        .expect("the store works")
        .expect("it is in sight");
    assert!(
        account.client_refused,
        "the next sign-in has to register anew (R9)"
    );
}

#[tokio::test]
async fn s29_a_late_rejection_does_not_touch_a_newer_pair() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.answer(Answers::Error("invalid_grant"));
    provider.close();
    world.clock.advance(LIFE);
    let grants = world.grants.clone();
    let loser = tokio::spawn(async move { grants.bearer(server).await });
    provider.requested(1).await;
    world.renew_from_elsewhere(server, "access-newer").await;
    provider.open();
    let bearer = loser
        .await
        .expect("no panic")
        .expect("the loser gets what the winner brought");
    // EXPOSE: the test compares it.
    assert_eq!(bearer.token().expose(), "access-newer");
    let row = world.row(server).await;
    assert_eq!((row.version, row.dead), (1, None), "the newer pair lives");
}

#[tokio::test]
async fn a_new_sign_in_replaces_the_old_grant_and_its_late_answer() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.close();
    world.clock.advance(LIFE);
    let grants = world.grants.clone();
    let late = tokio::spawn(async move { grants.bearer(server).await });
    provider.requested(1).await;
    let mut again = super::world::granted(&provider);
    again.tokens.access = "access-again".to_owned().into();
    again.tokens.expires_at = None;
    let account = world.keep(server, again).await;
    provider.open();
    let late = late.await.expect("no panic").expect("whoever waited goes on");
    // EXPOSE: the test compares it.
    assert_eq!(late.token().expose(), "access-again", "with the new grant");
    assert_eq!(
        world.token(server).await.expect("the new one is live"),
        "access-again"
    );
    let shown = world
        .grants
        .account(server)
        .await
        .expect("the store works")
        .expect("there is one");
    assert_eq!(
        (shown.id, shown.expires_at),
        (account, None),
        "one account, the new one"
    );
    assert!(
        provider.revoked().is_empty(),
        "revoking the late pair could end the new one"
    );
}

#[tokio::test]
async fn a_pair_that_cannot_be_written_is_not_shown_and_not_lost() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    world.refuse_new_pairs().await;
    world.clock.advance(LIFE);
    for _ in 0..2 {
        let error = world
            .token(server)
            .await
            .expect_err("a pair that is not durable is not shown (S30)");
        assert!(matches!(error, BearerError::Store(_)), "{error:?}");
    }
    world.sql("DROP TRIGGER broken").await;
    assert_eq!(
        world.token(server).await.expect("it was kept in memory"),
        "access-1"
    );
    assert_eq!(
        provider.requests(),
        1,
        "the spent refresh token was not sent again"
    );
    assert_eq!(
        world.row(server).await.refreshing_since,
        None,
        "the mark went with the write"
    );
}

#[tokio::test]
async fn s30_an_answer_that_cannot_be_read_counts_as_lost() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.answer(Answers::Page(200, None));
    world.clock.advance(LIFE);
    let error = world.token(server).await.expect_err("a page is no token");
    assert!(matches!(error, BearerError::Unreachable { .. }), "{error:?}");
    provider.answer(Answers::Page(503, None));
    world.clock.advance(Duration::from_secs(10));
    world.token(server).await.expect_err("trouble comes on top");
    assert!(
        world.row(server).await.refreshing_since.is_some(),
        "the mark of the lost answer stays"
    );
    provider.answer(Answers::Error("invalid_grant"));
    world.clock.advance(Duration::from_secs(20));
    assert_rejected(&world, server).await;
    assert_eq!(
        world.row(server).await.dead,
        Some(Dead::AnswerLost),
        "told from a revoked grant"
    );
}

#[tokio::test]
async fn a_refusal_without_trouble_before_is_a_revoked_grant() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.answer(Answers::Page(503, None));
    world.clock.advance(LIFE);
    world
        .token(server)
        .await
        .expect_err("it was answered, with trouble");
    assert_eq!(world.row(server).await.refreshing_since, None, "nothing is open");
    provider.answer(Answers::Error("invalid_grant"));
    world.clock.advance(Duration::from_secs(10));
    assert_rejected(&world, server).await;
    assert_eq!(world.row(server).await.dead, Some(Dead::Rejected));
}
