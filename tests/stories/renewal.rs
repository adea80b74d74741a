//! Grants that renew themselves, grants that wait out trouble, and grants that die.

use std::{sync::Arc, time::Duration};

use serde_json::json;
use usher_core::{
    api::contract::ErrorCode,
    ports::{Clock, SystemClock},
};
use usher_tests::{AuthorizationServer, Door, Furniture, HandClock, Home, McpServer, RefreshMood, Ways};

/// A home signed in to one server.
struct SignedIn {
    authorization: AuthorizationServer,
    server: McpServer,
    home: Home,
    id: String,
}

impl SignedIn {
    async fn with(ways: Ways) -> Self {
        Self::at(ways, Arc::new(SystemClock)).await
    }

    async fn at(ways: Ways, clock: Arc<dyn Clock>) -> Self {
        let authorization = AuthorizationServer::open(ways).await;
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let home = Home::with(Furniture {
            clock,
            ..Furniture::default()
        })
        .await;
        let id = home.add(&server.url()).await;
        home.sign_in(&id).await;
        home.state(&id, "ready").await;
        Self {
            authorization,
            server,
            home,
            id,
        }
    }

    fn exchanges(&self) -> usize {
        self.authorization.seen().count("POST /token")
    }
}

#[tokio::test]
async fn s29_an_access_token_that_ran_out_is_renewed_once_for_all_callers() {
    let it = SignedIn::with(Ways::default()).await;
    it.authorization.expire_access();
    let calls = (0..5).map(|_| it.home.echo(&it.id, "hello"));
    for answer in futures::future::join_all(calls).await {
        answer.expect("the tool answers after one renewal");
    }
    assert_eq!(it.exchanges(), 2, "one sign-in and one renewal");
    assert_eq!(it.home.person().opened().len(), 1, "no browser");
    assert_eq!(it.home.server(&it.id).await["state"]["kind"], "ready");
}

#[tokio::test]
async fn r18_tokens_are_renewed_before_their_time_is_up_and_nobody_notices() {
    let clock = HandClock::default();
    let it = SignedIn::at(Ways::default(), Arc::new(clock.clone())).await;
    clock.advance(Duration::from_secs(3600 - 31));
    it.home.echo(&it.id, "hello").await.expect("it is still good");
    assert_eq!(it.exchanges(), 1, "and used as it is");
    clock.advance(Duration::from_secs(30));
    it.home.until(&it.id, |_| it.exchanges() == 2).await;
    it.home.echo(&it.id, "hello").await.expect("the new one is good");
    assert_eq!(it.exchanges(), 2, "once");
    let server = it.home.server(&it.id).await;
    assert_eq!(server["state"]["kind"], "ready", "the connection stays");
    assert_eq!(it.home.person().opened().len(), 1, "no browser");
}

#[tokio::test]
async fn s14_a_storm_of_refusals_opens_no_browser() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let mut servers = Vec::new();
    let home = Home::with(Furniture::default()).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let id = home.add(&server.url()).await;
        home.sign_in(&id).await;
        home.state(&id, "ready").await;
        servers.push(server);
        ids.push(id);
    }
    authorization.revoke_all();
    let calls = ids.iter().cycle().take(50).map(|id| home.echo(id, "hello"));
    for answer in futures::future::join_all(calls).await {
        assert_eq!(answer.expect_err("it is over").code, ErrorCode::ReauthRequired);
    }
    for id in &ids {
        home.state(id, "signInNeeded").await;
    }
    assert_eq!(
        home.person().opened().len(),
        5,
        "one page for each click, none for the storm"
    );
    let renewals = authorization.seen().count("POST /token") - 5;
    assert_eq!(renewals, 5, "one refusal for each grant");
}

#[tokio::test]
async fn s32_trouble_at_the_provider_keeps_the_sign_in() {
    let clock = HandClock::default();
    let it = SignedIn::at(Ways::default(), Arc::new(clock.clone())).await;
    it.authorization.expire_access();
    it.authorization.refresh_mood(RefreshMood::Status(503));
    let error = it
        .home
        .echo(&it.id, "hello")
        .await
        .expect_err("it cannot be renewed now");
    assert_ne!(
        error.code,
        ErrorCode::ReauthRequired,
        "that is no reason to ask the person"
    );
    assert!(
        !it.home.server(&it.id).await["account"].is_null(),
        "the account stays"
    );
    it.home.echo(&it.id, "hello").await.expect_err("nor at once");
    assert_eq!(it.exchanges(), 2, "the provider is not hammered");

    it.authorization.refresh_mood(RefreshMood::Well);
    clock.advance(Duration::from_secs(300));
    it.home.state(&it.id, "ready").await;
    it.home.echo(&it.id, "hello").await.expect("it is renewed now");
    assert_eq!(it.home.person().opened().len(), 1, "no browser");
}

#[tokio::test]
async fn a_grant_that_is_over_says_so_opens_nothing_and_is_mended_by_a_click() {
    let mut it = SignedIn::with(Ways::default()).await;
    it.authorization.revoke_all();
    let error = it
        .home
        .echo(&it.id, "hello")
        .await
        .expect_err("the grant is over");
    assert_eq!(error.code, ErrorCode::ReauthRequired);
    assert_eq!(error.server.as_deref(), Some(it.id.as_str()));
    let needed = it.home.state(&it.id, "signInNeeded").await;
    assert_eq!(needed["state"]["reason"], "rejected");
    let (asked, renewals) = (it.server.seen().lines().len(), it.exchanges());
    it.home.restart().await;
    let needed = it.home.state(&it.id, "signInNeeded").await;
    assert_eq!(needed["state"]["reason"], "rejected", "also after a restart");
    assert_eq!(
        it.home.person().opened().len(),
        1,
        "nothing opens a browser unasked"
    );
    assert_eq!(it.exchanges(), renewals, "a dead grant is not tried again");
    assert_eq!(
        it.server.seen().lines().len(),
        asked,
        "nor is the server asked with it"
    );

    it.home.connect(&it.id).await;
    it.home.state(&it.id, "ready").await;
    it.home
        .echo(&it.id, "hello")
        .await
        .expect("the tool answers again");
    assert_eq!(it.home.person().opened().len(), 2, "the person clicked");
}

#[tokio::test]
async fn r19_without_a_refresh_token_the_end_is_told_as_an_end() {
    let it = SignedIn::with(Ways {
        refresh_tokens: false,
        ..Ways::default()
    })
    .await;
    assert_eq!(it.home.server(&it.id).await["account"]["renews"], false);
    it.authorization.expire_access();
    let error = it
        .home
        .echo(&it.id, "hello")
        .await
        .expect_err("the token ran out");
    assert_eq!(error.code, ErrorCode::ReauthRequired);
    it.home.state(&it.id, "signInNeeded").await;
}

#[tokio::test]
async fn r18_without_a_lifetime_a_token_is_good_until_it_is_refused() {
    let it = SignedIn::with(Ways {
        token_life: None,
        ..Ways::default()
    })
    .await;
    it.home.echo(&it.id, "hello").await.expect("the tool answers");
    assert_eq!(it.exchanges(), 1, "no renewal without a reason");
}

#[tokio::test]
async fn s43_leaving_says_what_became_of_the_tokens() {
    let it = SignedIn::with(Ways {
        revocation: false,
        ..Ways::default()
    })
    .await;
    let gone = it.home.good("disconnect", json!({ "id": it.id })).await;
    assert_eq!(gone["lastRevocation"], "notOffered");
    assert_eq!(gone["account"], json!(null));
}

#[tokio::test]
async fn a_rename_keeps_the_sign_in_and_a_new_address_ends_it() {
    let it = SignedIn::with(Ways::default()).await;
    let rename = json!({ "id": it.id, "name": "Mine", "clientSecret": { "kind": "keep" } });
    let renamed = it.home.good("editServer", rename).await;
    assert_eq!(renamed["name"], "Mine");
    assert_eq!(it.authorization.living_grants(), 1);
    it.home.echo(&it.id, "hello").await.expect("the tool answers");

    let other = McpServer::open(Door::Open).await;
    let moved = json!({ "id": it.id, "url": other.url(), "clientSecret": { "kind": "keep" } });
    let moved = it.home.good("editServer", moved).await;
    assert_eq!(moved["account"], json!(null));
    assert_eq!(it.authorization.living_grants(), 0, "and it is revoked");
}
