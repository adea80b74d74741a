//! What an account is called: by the provider, by the person, and never by the name of somebody else.

use super::world::{Provider, World, granted_to, without_refresh};
use crate::{
    base::{AccountId, ServerId},
    grants::{Account, Wish},
    oauth::Granted,
};

/// A server that is used as Ada, whom the person calls “Work”.
struct Named {
    provider: Provider,
    world: World,
    server: ServerId,
    ada: AccountId,
}

impl Named {
    async fn new() -> Self {
        let (provider, world) = (Provider::start().await, World::new().await);
        let server = world.server().await;
        let ada = world.keep(server, granted_to(&provider, "ada")).await;
        let named = world.grants.rename(server, ada, Some("Work")).await;
        named.expect("she is there");
        Self {
            provider,
            world,
            server,
            ada,
        }
    }

    /// Keeps what a sign-in brings; gives the account that it went to.
    async fn keep(&self, granted: Granted, wish: Wish) -> Account {
        let kept = self.world.keep_as(self.server, granted, wish).await;
        let accounts = self.world.grants.accounts(self.server).await;
        let accounts = accounts.expect("the store works");
        let mut found = accounts.into_iter().filter(|account| account.id == kept);
        found.next().expect("it was kept")
    }
}

/// What an account is called: by the provider, and by the person.
fn called(account: &Account) -> (Option<&str>, Option<&str>) {
    (account.label.as_deref(), account.own_label.as_deref())
}

#[tokio::test]
async fn the_persons_own_name_for_an_account_wins_and_stays() {
    let it = Named::new().await;
    let ada = it.keep(granted_to(&it.provider, "ada"), Wish::Switch).await;
    assert_eq!(ada.id, it.ada);
    assert_eq!(
        called(&ada),
        (Some("ada@example.com"), Some("Work")),
        "the provider's word is kept beside it"
    );
    let renamed = it.world.grants.rename(it.server, it.ada, None).await;
    renamed.expect("she is there");
    let ada = it.keep(granted_to(&it.provider, "ada"), Wish::Add).await;
    assert_eq!(called(&ada), (Some("ada@example.com"), None), "and shows again");
}

#[tokio::test]
async fn what_was_said_before_stays_where_the_provider_says_nothing_about_the_account_that_is_meant() {
    let it = Named::new().await;
    let ada = it.keep(without_refresh(&it.provider), Wish::Again(it.ada)).await;
    assert_eq!(called(&ada), (Some("ada@example.com"), Some("Work")));
    assert_eq!(ada.login.as_deref(), Some("ada@example.com"));
}

#[tokio::test]
async fn a_switch_that_names_nobody_keeps_no_name_of_whoever_was_there() {
    for wish in [Wish::Switch, Wish::Connect] {
        let it = Named::new().await;
        let somebody = it.keep(without_refresh(&it.provider), wish).await;
        assert_eq!(somebody.id, it.ada, "it is the account in use");
        assert_eq!(called(&somebody), (None, None), "perhaps it is not Ada any more");
        assert_eq!(somebody.login, None, "and nobody is hinted at as Ada");
        let ada = it.keep(granted_to(&it.provider, "ada"), Wish::Add).await;
        assert_ne!(ada.id, somebody.id, "nor is Ada taken for that somebody");
    }
}

#[tokio::test]
async fn a_switch_from_a_nameless_account_does_not_hand_its_own_name_to_whoever_is_named() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.server().await;
    let ada = world.keep(server, without_refresh(&provider)).await;
    let named = world.grants.rename(server, ada, Some("Work")).await;
    named.expect("it is there");
    let it = Named {
        provider,
        world,
        server,
        ada,
    };
    let bob = it.keep(granted_to(&it.provider, "bob"), Wish::Switch).await;
    assert_eq!(called(&bob), (Some("bob@example.com"), None));
}

#[tokio::test]
async fn an_account_that_moves_to_another_issuer_keeps_the_persons_name_alone() {
    let it = Named::new().await;
    let elsewhere = Provider::start().await;
    let ada = it.keep(without_refresh(&elsewhere), Wish::Again(it.ada)).await;
    assert_eq!(called(&ada), (None, Some("Work")));
}
