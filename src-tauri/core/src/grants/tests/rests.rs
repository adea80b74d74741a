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
