//! Which of two moves came last: what is counted decides, and no clock.

use serde_json::json;

use super::{super::world::granted_to, *};

impl World {
    /// Gives what is counted of a server's account.
    async fn moves(&self, server: ServerId) -> u32 {
        self.row(server).await.moves
    }
}

/// Gives the same with another number of moves.
fn counted(traveller: &Traveller, moves: u32) -> Traveller {
    forged(traveller, "moves", json!(moves))
}

/// Gives the same with another value of a member, as somebody could have written it.
pub(super) fn forged(traveller: &Traveller, member: &str, value: serde_json::Value) -> Traveller {
    let mut json = serde_json::to_value(traveller).expect("it can be written");
    json[member] = value;
    serde_json::from_value(json).expect("it can be read")
}

#[tokio::test]
async fn s31_no_clock_decides_which_move_came_last() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    here.clock.advance(DAY);
    let (server, other) = (here.granted(&provider).await, there.server().await);
    let first = here.hand_over(server).await;
    assert_eq!(there.admit(other, &first).await, 1);
    let back = there.hand_over(other).await;
    assert_eq!(there.admit(other, &first).await, 0, "its tokens are spent");
    assert_eq!(here.admit(server, &back).await, 1, "it moved back");
    let again = here.hand_over(server).await;
    assert_eq!(there.admit(other, &again).await, 1);
    there.keep(other, granted(&provider)).await;
    let back = there.hand_over(other).await;
    assert_eq!(
        here.admit(server, &back).await,
        1,
        "so it is after a new sign-in, whose clock is a day behind"
    );
}

#[tokio::test]
async fn s31_a_new_sign_in_is_further_on_than_every_file_from_before() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.granted(&provider).await, there.server().await);
    let first = here.hand_over(server).await;
    assert_eq!(there.admit(other, &first).await, 1);
    let back = there.hand_over(other).await;
    here.keep(server, granted(&provider)).await;
    let second = here.hand_over(server).await;
    assert_eq!(here.moves(server).await, 3, "two moves and a sign-in");
    assert_eq!(
        here.admit(server, &back).await,
        0,
        "it is from before the sign-in"
    );
    assert_eq!(there.admit(other, &second).await, 1, "and this from after it");
    let known = there.admit_all(other, &first, Takes::Any).await;
    assert_eq!(
        (known.arrived.len(), known.known),
        (0, 1),
        "a tie is not further on"
    );
}

#[tokio::test]
async fn s31_an_account_that_took_the_place_of_another_is_known_under_both_names() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.server().await, there.server().await);
    let ada = || {
        let mut ada = granted_to(&provider, "ada");
        ada.tokens.refresh = granted(&provider).tokens.refresh;
        ada
    };
    here.keep(server, ada()).await;
    there.keep(other, granted_to(&provider, "ada")).await;
    there.clock.advance(LIFE);
    let first = here.hand_over(server).await;
    assert_eq!(there.admit(other, &first).await, 1, "hers there has run out");
    let back = there.hand_over(other).await;
    assert_eq!(there.admit(other, &first).await, 0, "spent");
    assert_eq!(here.admit(server, &back).await, 1, "it moved back");
    assert_eq!(here.admit(server, &back).await, 0, "once");
    for (world, server) in [(&there, other), (&here, server)] {
        world.grants.end(server).await.expect("the store works");
        for file in [&first, &back] {
            assert_eq!(world.admit(server, file).await, 0, "nor after it has ended");
        }
    }
}

#[tokio::test]
async fn what_no_account_ever_counts_is_refused_and_the_end_of_counting_is_an_end() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.granted(&provider).await, there.server().await);
    let gone = here.hand_over(server).await.remove(0);
    for moves in [u32::MAX, 1_000_001] {
        let refused = there.admit_all(other, &[counted(&gone, moves)], Takes::Any).await;
        assert_eq!((refused.arrived.len(), refused.damaged), (0, 1), "{moves}");
    }
    assert_eq!(there.admit(other, &[counted(&gone, 1_000_000)]).await, 1);
    assert_eq!(there.staying(other).await, 1, "it moves no more");
    assert_eq!(there.token(other).await.expect("but can be used"), "access-0");
    there.keep(other, granted(&provider)).await;
    assert_eq!(there.moves(other).await, 1_000_000, "and signed in to");
}
