//! A crash between the answer and the write (S30): what the next start makes of the mark.

use std::sync::Arc;

use tokio::runtime::Runtime;

use super::world::{Answers, LIFE, Provider, World};
use crate::{
    base::ServerId,
    grants::{BearerError, ReauthReason, grant::Dead},
};

/// Lives until the refresh has been sent, dies before its answer is written, and gives the next life.
fn crash_in_a_refresh(outside: &Runtime, provider: &Provider) -> (World, ServerId) {
    let life = Runtime::new().expect("the system has threads");
    let (world, server) = life.block_on(async {
        let world = World::new().await;
        let server = world.granted(provider).await;
        provider.close();
        world.clock.advance(LIFE);
        let grants = world.grants.clone();
        drop(tokio::spawn(async move { grants.bearer(server).await }));
        provider.requested(1).await;
        (world, server)
    });
    let (directory, clock, keychain) = (
        Arc::clone(&world.directory),
        world.clock.clone(),
        world.keychain.clone(),
    );
    drop(world);
    drop(life);
    provider.open();
    let next = outside.block_on(async {
        provider.answered(1).await;
        World::open(directory, clock, keychain).await
    });
    (next, server)
}

#[test]
fn s30_a_lost_answer_is_told_from_a_revoked_grant() {
    let outside = Runtime::new().expect("the system has threads");
    let provider = outside.block_on(Provider::start());
    let (world, server) = crash_in_a_refresh(&outside, &provider);
    outside.block_on(async {
        assert!(
            world.row(server).await.refreshing_since.is_some(),
            "the mark outlived the crash"
        );
        let error = world
            .token(server)
            .await
            .expect_err("the token was rotated and the pair never arrived");
        assert!(
            matches!(error, BearerError::Reauth(ReauthReason::Rejected)),
            "{error:?}"
        );
        assert_eq!(
            world.row(server).await.dead,
            Some(Dead::AnswerLost),
            "nobody revoked it"
        );
    });
}

#[test]
fn s30_after_a_lost_answer_the_next_start_asks_again_at_once() {
    let outside = Runtime::new().expect("the system has threads");
    let provider = outside.block_on(Provider::start());
    provider.answer(Answers::AccessOnly);
    let (world, server) = crash_in_a_refresh(&outside, &provider);
    outside.block_on(async {
        assert_eq!(
            world
                .token(server)
                .await
                .expect("the refresh token is still good"),
            "access-2"
        );
        let row = world.row(server).await;
        assert_eq!(
            (row.refreshing_since, row.dead),
            (None, None),
            "all is well again"
        );
    });
}
