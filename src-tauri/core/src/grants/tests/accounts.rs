//! Several accounts of one server: none is lost to another, one is used, and each ends by itself.

use sqlx::{Connection, Row, SqliteConnection};

use super::world::{LIFE, Provider, World, granted, granted_to, guarded, without_refresh};
use crate::{
    base::{AccountId, ClientId, Issuer, ServerId},
    grants::{Account, AccountError, BearerError, Ended, GrantError, OurClient, Wish},
    oauth::Revocation,
};

/// A server that is used as Ada, with Bob beside her.
struct Two {
    provider: Provider,
    world: World,
    server: ServerId,
    ada: AccountId,
    bob: AccountId,
}

impl Two {
    async fn new() -> Self {
        let (provider, world) = (Provider::start().await, World::new().await);
        let server = world.server().await;
        let ada = world.keep(server, granted_to(&provider, "ada")).await;
        let bob = world
            .keep_as(server, granted_to(&provider, "bob"), Wish::Add)
            .await;
        Self {
            provider,
            world,
            server,
            ada,
            bob,
        }
    }

    async fn accounts(&self) -> Vec<Account> {
        let accounts = self.world.grants.accounts(self.server).await;
        accounts.expect("the store works")
    }

    async fn token(&self) -> Result<String, BearerError> {
        self.world.token(self.server).await
    }

    async fn ids(&self) -> Vec<AccountId> {
        self.accounts().await.iter().map(|account| account.id).collect()
    }
}

fn revocation(ended: Result<Option<Ended>, GrantError>) -> Option<Revocation> {
    ended.expect("the store works").map(|ended| ended.revocation)
}

#[tokio::test]
async fn two_accounts_of_one_server_do_not_overwrite_each_other() {
    let two = Two::new().await;
    assert_eq!(
        two.ids().await,
        [two.ada, two.bob],
        "both are there, the first first"
    );
    assert_eq!(
        two.token().await.expect("it lives"),
        "access-ada",
        "the first is the default"
    );
    assert!(two.provider.revoked().is_empty(), "nobody was signed out");
}

#[tokio::test]
async fn the_same_person_twice_is_one_account() {
    let two = Two::new().await;
    let mut again = granted_to(&two.provider, "bob");
    again.scopes = "read".parse().expect("a scope");
    let kept = two.world.keep_as(two.server, again, Wish::Add).await;
    assert_eq!(kept, two.bob, "the account keeps its identifier");
    let accounts = two.accounts().await;
    assert_eq!(accounts.len(), 2);
    assert_eq!(accounts[1].scopes.to_string(), "read", "the new grant is kept");
}

#[tokio::test]
async fn another_person_than_the_wanted_one_gets_an_account_of_their_own() {
    let two = Two::new().await;
    let eve = granted_to(&two.provider, "eve");
    let kept = two.world.keep_as(two.server, eve, Wish::Again(two.bob)).await;
    assert_eq!(two.ids().await, [two.ada, two.bob, kept], "Bob's stays Bob's");
    assert_eq!(
        two.token().await.expect("it lives"),
        "access-ada",
        "and Ada stays the default"
    );
}

#[tokio::test]
async fn a_provider_that_names_nobody_leaves_it_to_the_wish() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.server().await;
    let first = world.keep(server, without_refresh(&provider)).await;
    let beside = world.keep_as(server, without_refresh(&provider), Wish::Add).await;
    assert_ne!(first, beside, "another account was asked for");
    for (wish, account) in [
        (Wish::Again(beside), beside),
        (Wish::Again(first), first),
        (Wish::Switch, first),
    ] {
        let kept = world.keep_as(server, without_refresh(&provider), wish).await;
        assert_eq!(kept, account, "{wish:?}");
    }
    let accounts = world.grants.accounts(server).await.expect("the store works");
    assert_eq!(accounts.len(), 2);
}

#[tokio::test]
async fn two_defaults_of_one_server_cannot_be_written() {
    let two = Two::new().await;
    let mut transaction = two.world.store.write().await.expect("the writer is free");
    let written = sqlx::query("UPDATE grants SET is_default = 1")
        .execute(&mut *transaction)
        .await;
    let error = written.expect_err("the schema refuses it");
    assert!(error.to_string().contains("UNIQUE"), "{error}");
}

#[tokio::test]
async fn switching_the_default_costs_no_request() {
    let two = Two::new().await;
    let grants = &two.world.grants;
    let mut news = grants.news();
    grants
        .use_account(two.server, two.bob)
        .await
        .expect("Bob is there");
    assert_eq!(guarded(news.recv()).await.expect("it is said"), two.server);
    assert_eq!(two.token().await.expect("it lives"), "access-bob");
    assert_eq!(two.provider.requests(), 0, "no refresh");
    let stranger = grants.use_account(two.server, AccountId::random()).await;
    assert!(matches!(stranger, Err(AccountError::Gone)), "{stranger:?}");
    assert_eq!(
        two.token().await.expect("it lives"),
        "access-bob",
        "a stranger changes nothing"
    );
}

#[tokio::test]
async fn an_account_of_another_server_is_a_stranger() {
    let two = Two::new().await;
    let other = two.world.granted(&two.provider).await;
    let grants = &two.world.grants;
    let used = grants.use_account(other, two.bob).await;
    assert!(matches!(used, Err(AccountError::Gone)), "{used:?}");
    let renamed = grants.rename(other, two.bob, Some("Mine")).await;
    assert!(matches!(renamed, Err(AccountError::Gone)), "{renamed:?}");
    let ended = grants.end_account(other, two.bob).await.expect("the store works");
    assert_eq!(ended, None, "and is not ended");
    assert_eq!(two.ids().await, [two.ada, two.bob]);
}

#[tokio::test]
async fn an_account_that_ran_out_beside_the_default_stays_in_sight_and_disturbs_nobody() {
    let two = Two::new().await;
    let mut lasting = granted_to(&two.provider, "ada");
    lasting.tokens.expires_at = None;
    two.world.keep_as(two.server, lasting, Wish::Again(two.ada)).await;
    two.world.clock.advance(LIFE);
    assert_eq!(two.token().await.expect("Ada lives"), "access-ada");
    let standings: Vec<_> = two
        .accounts()
        .await
        .iter()
        .map(|account| account.standing.is_usable())
        .collect();
    assert_eq!(standings, [true, false], "Bob's has run out");
}

#[tokio::test]
async fn the_oldest_usable_account_takes_the_place_of_a_default_that_goes() {
    let two = Two::new().await;
    let mut lasting = granted_to(&two.provider, "eve");
    lasting.tokens.expires_at = None;
    let eve = two.world.keep_as(two.server, lasting, Wish::Add).await;
    two.world.clock.advance(LIFE);
    let grants = &two.world.grants;
    let ended = grants.end_account(two.server, two.ada).await;
    assert_eq!(revocation(ended), Some(Revocation::Revoked));
    assert_eq!(two.provider.revoked(), ["access-ada"], "hers alone");
    let heir = grants
        .account(two.server)
        .await
        .expect("the store works")
        .expect("there is one");
    assert_eq!(heir.id, eve, "Bob is older, and has run out");
    grants
        .end_account(two.server, eve)
        .await
        .expect("the store works");
    let last = grants.account(two.server).await.expect("the store works");
    assert_eq!(
        last.map(|account| account.id),
        Some(two.bob),
        "better than none: it says what it needs"
    );
}

#[tokio::test]
async fn removing_another_account_leaves_the_default() {
    let two = Two::new().await;
    let ended = two.world.grants.end_account(two.server, two.bob).await;
    ended.expect("the store works");
    assert_eq!(two.ids().await, [two.ada]);
    assert_eq!(two.token().await.expect("it lives"), "access-ada");
}

#[tokio::test]
async fn the_end_of_a_server_ends_all_its_accounts() {
    let two = Two::new().await;
    let ended = two.world.grants.end(two.server).await;
    assert_eq!(revocation(ended), Some(Revocation::Revoked));
    assert_eq!(two.provider.revoked(), ["access-ada", "access-bob"]);
    assert!(two.ids().await.is_empty());
}

#[tokio::test]
async fn s4_a_grant_of_another_issuer_replaces_and_revokes_the_old_one() {
    let two = Two::new().await;
    let elsewhere = Provider::start().await;
    let moved = granted_to(&elsewhere, "somebody");
    let kept = two.world.keep_as(two.server, moved, Wish::Again(two.ada)).await;
    assert_eq!(kept, two.ada, "the account goes on");
    two.provider.has_revoked("access-ada").await;
    let ada = two.accounts().await.remove(0);
    assert_eq!(
        ada.label.as_deref(),
        Some("somebody@example.com"),
        "the old issuer's word is gone"
    );
}

#[tokio::test]
async fn a_sign_in_that_is_turned_away_ends_nobody_elses() {
    let two = Two::new().await;
    let grants = &two.world.grants;
    grants
        .turn_away(two.server, granted_to(&two.provider, "eve"))
        .await;
    two.provider.has_revoked("access-eve").await;
    let mut same = granted_to(&two.provider, "bob");
    same.tokens.access = "access-bob-again".to_owned().into();
    grants.turn_away(two.server, same).await;
    grants.turn_away(two.server, without_refresh(&two.provider)).await;
    let ended = grants.end(two.server).await;
    assert_eq!(revocation(ended), Some(Revocation::Revoked));
    assert_eq!(
        two.provider.revoked(),
        ["access-eve", "access-ada", "access-bob"],
        "who may be Bob could end Bob's grant"
    );
}

#[tokio::test]
async fn s29_a_pair_that_arrives_after_a_new_sign_in_does_not_overwrite_it() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    provider.close();
    world.clock.advance(LIFE);
    let grants = world.grants.clone();
    let late = tokio::spawn(async move { grants.bearer(server).await });
    provider.requested(1).await;
    let mut again = granted(&provider);
    again.tokens.access = "access-again".to_owned().into();
    again.tokens.expires_at = None;
    world.keep(server, again).await;
    provider.open();
    late.await.expect("no panic").expect("whoever waited goes on");
    let token = world.token(server).await.expect("it lives");
    assert_eq!(token, "access-again", "the refresh of the old grant lost");
}

#[tokio::test]
async fn the_grant_of_an_older_app_is_its_servers_default() {
    let mut old = SqliteConnection::connect("sqlite::memory:")
        .await
        .expect("a database in memory");
    let run = |sql: &'static str| sqlx::raw_sql(sql);
    run(include_str!("../../../migrations/2026112401_first.sql"))
        .execute(&mut old)
        .await
        .expect("the first schema");
    run(
        "INSERT INTO servers (id, name, url, reach, overridden, wanted, created_at) \
         VALUES ('s', 's', 'u', 'public', 0, 1, 0), ('t', 't', 'u', 'public', 0, 1, 0); \
         INSERT INTO grants (account, server, issuer, sealed, scopes, signed_in_at, renews, version) \
         VALUES ('a', 's', 'i', x'00', '', 0, 0, 0), ('b', 't', 'i', x'00', '', 0, 0, 0)",
    )
    .execute(&mut old)
    .await
    .expect("two signed-in servers");
    run(include_str!("../../../migrations/2026112501_accounts.sql"))
        .execute(&mut old)
        .await
        .expect("the new schema");
    let rows = sqlx::query("SELECT is_default FROM grants")
        .fetch_all(&mut old)
        .await
        .expect("the rows are there");
    let defaults: Vec<bool> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(defaults, [true, true]);
}

#[tokio::test]
async fn a_client_is_in_use_as_long_as_any_account_has_it() {
    let two = Two::new().await;
    let elsewhere = two.world.server().await;
    two.world.keep(elsewhere, granted_to(&two.provider, "ada")).await;
    let client = OurClient {
        issuer: Issuer::new(&two.provider.address),
        client_id: ClientId::new("usher"),
    };
    let grants = &two.world.grants;
    let uses = async || grants.uses(&client).await.expect("the store works");
    let ended = grants.end(two.server).await.expect("the store works");
    let clients = ended.map(|ended| ended.clients);
    assert_eq!(clients, Some(vec![client.clone()]), "named once");
    assert!(uses().await, "another server's account has it");
    grants.end(elsewhere).await.expect("the store works");
    assert!(!uses().await);
}

#[tokio::test]
async fn a_grant_of_an_older_app_may_be_any_clients() {
    let two = Two::new().await;
    two.world.sql("UPDATE grants SET client_id = NULL").await;
    let client = OurClient {
        issuer: Issuer::new(&two.provider.address),
        client_id: ClientId::new("another"),
    };
    let grants = &two.world.grants;
    assert!(grants.uses(&client).await.expect("the store works"));
    let ended = grants.end(two.server).await.expect("the store works");
    let named = ended.expect("two ended").clients;
    assert_eq!(
        named[0].client_id.as_str(),
        "usher",
        "what is sealed says which it was"
    );
}

#[tokio::test]
async fn an_account_that_changes_its_client_says_which_one_it_left() {
    let (provider, elsewhere, world) = (
        Provider::start().await,
        Provider::start().await,
        World::new().await,
    );
    let server = world.server().await;
    let keep = async |granted| {
        let kept = world.grants.keep(server, granted, Wish::Switch).await;
        kept.expect("it can be kept").left
    };
    assert_eq!(keep(granted(&provider)).await, None, "there was none");
    assert_eq!(keep(granted(&provider)).await, None, "the same again");
    let left = keep(granted(&elsewhere)).await.expect("another issuer");
    assert_eq!(left.issuer.as_str(), provider.address);
}
