//! Accounts that go to another computer: never in two places, never back by accident.

mod arrival;
mod order;

use std::time::Duration;

use super::world::{LIFE, Provider, World, client, granted, without_refresh};
use crate::{
    base::{ClientId, Issuer, ServerId, ServerUrl},
    grants::{
        Admitted, Arriving, BearerError, Namesake, OurClient, ReauthReason, Standing, Takes, Traveller,
        refresh::Wanted,
    },
    oauth::Revocation,
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn url() -> ServerUrl {
    "http://127.0.0.1:1/mcp".parse().expect("an address")
}

impl World {
    async fn hand_over(&self, server: ServerId) -> Vec<Traveller> {
        let handed = self.grants.hand_over(server, &url()).await;
        handed.expect("the store works").gone
    }

    /// Tells how many accounts of a server stay that were to go.
    async fn staying(&self, server: ServerId) -> usize {
        let handed = self.grants.hand_over(server, &url()).await;
        handed.expect("the store works").staying
    }

    /// Takes accounts in and tells how many came.
    async fn admit(&self, server: ServerId, travellers: &[Traveller]) -> usize {
        self.admit_if(server, travellers, Takes::Any).await
    }

    async fn admit_if(&self, server: ServerId, travellers: &[Traveller], takes: Takes) -> usize {
        self.admit_all(server, travellers, takes).await.arrived.len()
    }

    async fn admit_all(&self, server: ServerId, travellers: &[Traveller], takes: Takes) -> Admitted {
        let mut within = self.store.write().await.expect("the writer is free");
        let at = Arriving {
            server,
            url: &url(),
            namesakes: &[Namesake { server, takes }],
        };
        let admitted = self.grants.admit(&mut within, at, travellers.to_vec()).await;
        let admitted = admitted.expect("the store works");
        within.commit().await.expect("it commits");
        self.grants.arrived(&admitted.arrived);
        admitted
    }

    async fn standing(&self, server: ServerId) -> Standing {
        let account = self.grants.account(server).await.expect("the store works");
        account.expect("there is one").standing
    }

    async fn is_handed_over(&self, server: ServerId) -> bool {
        let error = self.token(server).await;
        matches!(error, Err(BearerError::Reauth(ReauthReason::HandedOver)))
    }
}

#[tokio::test]
async fn s31_a_refresh_token_is_never_in_two_places() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.granted(&provider).await, there.server().await);
    let gone = here.hand_over(server).await;
    assert!(here.is_handed_over(server).await, "it is another computer's");
    assert_eq!(
        here.standing(server).await,
        Standing::Spent(ReauthReason::HandedOver),
        "and stays in sight"
    );
    assert_eq!(there.admit(other, &gone).await, 1);
    assert_eq!(there.token(other).await.expect("it works there"), "access-0");
    for world in [&here, &there] {
        world.clock.advance(LIFE);
    }
    assert_eq!(there.token(other).await.expect("it renews there"), "access-1");
    assert!(here.is_handed_over(server).await);
    let account = here.row(server).await.account;
    let refreshed = here.grants.refreshed(account, Wanted::Live).await;
    refreshed.expect_err("whoever asks");
    assert_eq!(provider.requests(), 1, "only one of them asked");
    assert!(here.hand_over(server).await.is_empty(), "it does not leave twice");
}

#[tokio::test]
async fn what_was_handed_over_is_wiped_here_and_nothing_is_asked_of_the_provider() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    world.hand_over(server).await;
    let ended = world.grants.end(server).await.expect("the store works");
    assert_eq!(ended, None, "nothing became of any token");
    assert!(!world.has_row(server).await);
    assert!(provider.revoked().is_empty());
    assert!(world.grants.owing().await.expect("the store works").is_empty());
    let ours = OurClient {
        issuer: Issuer::new(&provider.address),
        client_id: ClientId::new("usher"),
    };
    assert!(
        world.grants.uses(&ours).await.expect("the store works"),
        "its client is not ours alone: it is not deleted"
    );

    let elsewhere = Provider::start().await;
    let server = world.granted(&provider).await;
    world.hand_over(server).await;
    world.keep(server, granted(&elsewhere)).await;
    assert_eq!(world.token(server).await.expect("a new sign-in"), "access-0");
    let ended = world.grants.end(server).await.expect("the store works");
    assert_eq!(ended.expect("it ended").revocation, Revocation::Revoked);
    assert!(provider.revoked().is_empty(), "what it replaced was not ours");
}

#[tokio::test]
async fn a_refresh_under_way_goes_first_and_its_pair_goes_along() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.granted(&provider).await, there.server().await);
    here.clock.advance(LIFE);
    provider.close();
    let caller = {
        let grants = here.grants.clone();
        tokio::spawn(async move { grants.bearer(server).await.map(|_| ()) })
    };
    provider.requested(1).await;
    let leaving = {
        let grants = here.grants.clone();
        tokio::spawn(async move { grants.hand_over(server, &url()).await })
    };
    tokio::task::yield_now().await;
    assert!(!leaving.is_finished(), "the lane is taken");
    provider.open();
    caller.await.expect("no panic").expect("it was renewed");
    let gone = leaving.await.expect("no panic").expect("the store works").gone;
    assert_eq!(there.admit(other, &gone).await, 1);
    assert_eq!(there.token(other).await.expect("the new pair"), "access-1");
}

#[tokio::test]
async fn a_pair_that_could_not_be_written_goes_along_and_not_the_spent_one() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.granted(&provider).await, there.server().await);
    here.refuse_new_pairs().await;
    here.clock.advance(LIFE);
    here.token(server).await.expect_err("the pair cannot be written");
    let refused = here.grants.hand_over(server, &url()).await;
    refused.expect_err("nor can it leave");
    here.sql("DROP TRIGGER broken").await;
    let gone = here.hand_over(server).await;
    assert_eq!(there.admit(other, &gone).await, 1);
    assert_eq!(there.token(other).await.expect("the new pair"), "access-1");
}

#[tokio::test]
async fn what_has_no_refresh_token_is_copied() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.server().await, there.server().await);
    here.keep(server, without_refresh(&provider)).await;
    let gone = here.hand_over(server).await;
    assert_eq!(there.admit(other, &gone).await, 1);
    for (world, server) in [(&here, server), (&there, other)] {
        assert_eq!(world.token(server).await.expect("it is good"), "access-0");
    }
}

#[tokio::test]
async fn an_account_comes_back_by_moving_back_or_by_the_persons_word() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.granted(&provider).await, there.server().await);
    let first = here.hand_over(server).await;
    assert_eq!(
        here.admit(server, &first).await,
        0,
        "its own file brings nothing back"
    );
    there.admit(other, &first).await;
    let back = there.hand_over(other).await;
    assert_eq!(there.admit(other, &first).await, 0, "what is spent stays spent");
    assert_eq!(here.admit(server, &back).await, 1, "it moved back");
    assert_eq!(here.token(server).await.expect("it is ours again"), "access-0");
    assert!(there.is_handed_over(other).await);
    let account = there.row(other).await.account;
    let taken = there.grants.use_here(other, account).await;
    taken.expect("the store works");
    assert_eq!(there.token(other).await.expect("as the person says"), "access-0");
}

#[tokio::test]
async fn nobody_is_asked_for_an_account_that_was_not_used_here_yet() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.granted(&provider).await, there.server().await);
    there.admit(other, &here.hand_over(server).await).await;
    let busy = Provider::start().await;
    let used = there.granted(&busy).await;
    let grants = there.grants.clone();
    let background = tokio::spawn(async move { grants.keep_alive().await });
    for round in 1..=3 {
        there.clock.somebody_sleeps_at_most(DAY).await;
        there.clock.advance(LIFE);
        busy.answered(round).await;
        let token = there.token(used).await.expect("it is kept alive");
        assert_eq!(token, format!("access-{round}"), "the background works");
    }
    assert_eq!(provider.requests(), 0, "the background leaves it alone");
    assert_eq!(there.token(other).await.expect("it is used"), "access-1");
    there.clock.advance(LIFE);
    provider.requested(2).await;
    background.abort();
}

#[tokio::test]
async fn s31_an_account_that_ended_here_does_not_come_back_with_an_older_file() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.granted(&provider).await, there.server().await);
    let first = here.hand_over(server).await;
    assert_eq!(there.admit(other, &first).await, 1);
    for (world, server) in [(&there, other), (&here, server)] {
        world.grants.end(server).await.expect("the store works");
        assert_eq!(world.admit(server, &first).await, 0, "its tokens may be spent");
    }
}

#[tokio::test]
async fn s04_a_server_that_is_here_takes_accounts_of_the_agreed_issuer_only() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.granted(&provider).await, there.server().await);
    let gone = here.hand_over(server).await;
    let evil = Takes::Agreed(Issuer::new("https://other.example"));
    let ours = Takes::Agreed(Issuer::new(&provider.address));
    let refused = there.admit_all(other, &gone, evil.clone()).await;
    assert_eq!(
        (refused.arrived.len(), refused.left_out),
        (0, 1),
        "and it is told"
    );
    let nobody = Takes::Known;
    assert_eq!(
        there.admit_if(other, &gone, nobody.clone()).await,
        0,
        "nobody yet"
    );
    assert_eq!(there.admit_if(other, &gone, ours).await, 1);
    let back = there.hand_over(other).await;
    assert_eq!(
        here.admit_if(server, &back, evil).await,
        0,
        "nor over one of no use"
    );
    assert_eq!(here.admit_if(server, &back, nobody).await, 1, "back where it was");
}

#[tokio::test]
async fn what_ended_while_its_file_was_not_made_is_revoked() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let gone = world.hand_over(server).await;
    world.grants.end(server).await.expect("the store works");
    assert!(provider.revoked().is_empty(), "it could be another computer's");
    let mut settled = world.grants.settled();
    let away = world.grants.call_back(server, &gone).await;
    assert_eq!(away, []);
    settled.recv().await.expect("it is revoked");
    assert!(!provider.revoked().is_empty(), "nobody has it");
}

#[tokio::test]
async fn only_the_move_whose_file_was_not_made_is_undone() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let first = world.hand_over(server).await;
    let account = world.row(server).await.account;
    let taken = world.grants.use_here(server, account).await;
    taken.expect("the store works");
    let second = world.hand_over(server).await;
    assert_eq!(world.grants.call_back(server, &first).await, []);
    assert!(world.is_handed_over(server).await, "that file is made");
    assert_eq!(world.grants.call_back(server, &second).await, []);
    assert_eq!(world.token(server).await.expect("it is ours"), "access-0");
}

#[tokio::test]
async fn a_client_of_the_world_could_have_come_from_elsewhere() {
    let json = client("http://127.0.0.1:1").to_secret_json();
    let read = crate::oauth::GrantClient::from_elsewhere(&json, &url());
    read.expect("the other tests rest on it");
}
