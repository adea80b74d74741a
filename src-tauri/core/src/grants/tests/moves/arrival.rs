//! What an account meets that comes: others of the same name, of the same person, of the same server.

use serde_json::json;

use super::{super::world::granted_to, order::forged, *};
use crate::{grants::Wish, oauth::Granted, ports::Clock};

/// What a sign-in of Ada brings that renews itself.
fn ada(provider: &Provider) -> Granted {
    let mut ada = granted(provider);
    ada.identity = granted_to(provider, "ada").identity;
    ada
}

#[tokio::test]
async fn an_account_that_is_here_is_known_by_its_person() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.server().await, there.server().await);
    for person in ["ada", "bob"] {
        here.keep_as(server, granted_to(&provider, person), Wish::Add)
            .await;
    }
    there
        .keep_as(other, granted_to(&provider, "ada"), Wish::Add)
        .await;
    let gone = here.hand_over(server).await;
    assert_eq!(there.admit(other, &gone).await, 1, "Ada is there already");
    assert_eq!(there.admit(other, &gone).await, 0);
    let accounts = there.grants.accounts(other).await.expect("the store works");
    assert_eq!(accounts.len(), 2);
    assert!(
        accounts[0].is_default && !accounts[1].is_default,
        "hers stays in use"
    );

    let nameless = here.granted(&provider).await;
    let gone = here.hand_over(nameless).await;
    let refused = there.admit_all(other, &gone, Takes::Any).await;
    let counts = (refused.arrived.len(), refused.left_out);
    assert_eq!(counts, (0, 1), "it could be anybody's");
}

#[tokio::test]
async fn an_account_of_no_use_makes_room_whatever_made_it_so() {
    let (provider, here) = (Provider::start().await, World::new().await);
    for is_broken in [false, true] {
        let there = World::new().await;
        let (server, other) = (here.server().await, there.server().await);
        here.keep(server, ada(&provider)).await;
        there.keep(other, granted_to(&provider, "ada")).await;
        if is_broken {
            there.overwrite_sealed(other, b"broken").await;
        } else {
            there.clock.advance(LIFE);
        }
        let gone = here.hand_over(server).await;
        assert_eq!(there.admit(other, &gone).await, 1, "broken: {is_broken}");
        assert!(there.standing(other).await.is_usable());
    }
}

#[tokio::test]
async fn s33_what_is_owed_does_not_end_an_account_that_has_moved_in() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.granted(&provider).await, there.server().await);
    there.keep(other, granted(&provider)).await;
    there.clock.advance(LIFE / 2);
    provider.revokes(503);
    there.grants.end(other).await.expect("the store works");
    let asked = provider.revoked().len();
    assert_eq!(there.grants.owing().await.expect("the store works"), [other]);
    provider.revokes(200);
    assert_eq!(there.admit(other, &here.hand_over(server).await).await, 1);
    let mut settled = there.grants.settled();
    let grants = there.grants.clone();
    let background = tokio::spawn(async move { grants.keep_promises().await });
    there.clock.somebody_sleeps_at_most(DAY).await;
    there.clock.advance(LIFE / 4);
    let settled = settled.recv().await.expect("it is settled");
    assert_eq!(settled.revocation, None, "without a word to the provider");
    assert_eq!(provider.revoked().len(), asked, "which could have ended both");
    background.abort();
}

#[tokio::test]
async fn what_is_owed_for_somebody_else_stays_owed() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.server().await, there.server().await);
    here.keep(server, ada(&provider)).await;
    there.keep(other, granted_to(&provider, "bob")).await;
    there.clock.advance(LIFE / 2);
    provider.revokes(503);
    there.grants.end(other).await.expect("the store works");
    assert_eq!(there.admit(other, &here.hand_over(server).await).await, 1);
    let ended_at: i64 = sqlx::query_scalar("SELECT ended_at FROM revocations")
        .fetch_one(there.store.reader())
        .await
        .expect("it is owed");
    let now = there.clock.now().seconds();
    assert_eq!(ended_at, now, "and is given up no sooner");
}

#[tokio::test]
async fn an_account_that_could_not_be_called_back_is_brought_back_later() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let gone = world.hand_over(server).await;
    world
        .sql(
            "CREATE TRIGGER full BEFORE UPDATE OF dead_reason ON grants WHEN new.dead_reason IS NULL \
             BEGIN SELECT RAISE(ABORT, 'full'); END",
        )
        .await;
    let away = world.grants.call_back(server, &gone).await;
    assert_eq!(
        away.iter().map(|away| away.server).collect::<Vec<_>>(),
        [server],
        "it is told"
    );
    world.grants.bring_back(away[0]).await.expect_err("not yet");
    assert!(world.is_handed_over(server).await);
    world.sql("DROP TRIGGER full").await;
    assert!(world.grants.bring_back(away[0]).await.expect("the store works"));
    assert_eq!(world.token(server).await.expect("it is ours"), "access-0");
    assert!(
        !world.grants.bring_back(away[0]).await.expect("the store works"),
        "once"
    );
}

#[tokio::test]
async fn s04_a_server_that_nobody_uses_takes_accounts_of_the_issuers_that_it_has_named() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, other) = (here.granted(&provider).await, there.server().await);
    let gone = here.hand_over(server).await;
    let named = |issuer: &str| Takes::Unused(vec![Issuer::new(issuer)]);
    let refused = there
        .admit_all(other, &gone, named("https://other.example"))
        .await;
    assert_eq!((refused.arrived.len(), refused.left_out), (0, 1));
    assert_eq!(there.admit_if(other, &gone, named(&provider.address)).await, 1);

    let (elsewhere, third) = (Provider::start().await, there.server().await);
    let (server, another) = (here.server().await, here.server().await);
    here.keep(server, ada(&provider)).await;
    here.keep(another, granted_to(&elsewhere, "eve")).await;
    let both = [here.hand_over(server).await, here.hand_over(another).await].concat();
    let admitted = there.admit_all(third, &both, Takes::Unused(Vec::new())).await;
    assert_eq!(
        (admitted.arrived.len(), admitted.left_out),
        (1, 1),
        "the first of them decides whose it takes"
    );
}

#[tokio::test]
async fn s31_an_account_under_the_name_of_another_changes_nothing_about_that() {
    let (provider, here, there) = (Provider::start().await, World::new().await, World::new().await);
    let (server, victim, other) = (
        here.granted(&provider).await,
        there.granted(&provider).await,
        there.server().await,
    );
    let gone = here.hand_over(server).await.remove(0);
    let name = there.row(victim).await.account;
    let away = there.hand_over(victim).await;
    let alias = forged(&forged(&gone, "id", json!(name)), "moves", json!(999_999));
    let refused = there.admit_all(other, &[alias], Takes::Any).await;
    assert_eq!((refused.arrived.len(), refused.left_out), (0, 1));
    let third = here.server().await;
    assert_eq!(here.admit(third, &away).await, 1);
    let back = here.hand_over(third).await;
    assert_eq!(there.admit(victim, &back).await, 1, "it moves on as before");
}

#[tokio::test]
async fn who_cannot_travel_stays_and_is_counted() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    world
        .keep_as(server, granted_to(&provider, "ada"), Wish::Add)
        .await;
    world.clock.advance(LIFE);
    let handed = world
        .grants
        .hand_over(server, &url())
        .await
        .expect("the store works");
    assert_eq!((handed.gone.len(), handed.staying), (1, 1), "hers has run out");
    assert_eq!(
        world.staying(server).await,
        1,
        "what is handed over is not ours to count"
    );
    let foreign: ServerUrl = "https://mcp.example.com/mcp".parse().expect("an address");
    let near = world.granted(&provider).await;
    let handed = world
        .grants
        .hand_over(near, &foreign)
        .await
        .expect("the store works");
    assert_eq!(
        (handed.gone.len(), handed.staying),
        (0, 1),
        "nobody far away leads to this machine"
    );
}
