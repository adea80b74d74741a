//! What becomes of a sign-in without a person: it renews itself, waits out trouble, dies with a reason, and never leaves
//! the issuer that it was agreed for (R23, S4, S32).

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use usher_core::api::contract::ErrorCode;
use usher_tests::{AuthorizationServer, Furniture, HandClock, Home, RefreshMood, Signer, Signpost, Ways};

use crate::machines::{CLIENT, Machine, SECRET, by_secret, by_token, pasted, platform_token, ways};

async fn connected() -> Machine {
    let clock = HandClock::default();
    let it = Machine::at(ways(&clock), clock).await;
    it.connected(by_secret(SECRET)).await
}

#[tokio::test]
async fn r23_a_token_that_runs_out_is_asked_for_anew_and_nobody_notices() {
    let it = connected().await;
    it.clock.advance(Duration::from_secs(3600 - 31));
    it.home.echo(&it.id, "hello").await.expect("it is still good");
    assert_eq!(it.asked(), 1, "and used as it is");
    it.clock.advance(Duration::from_secs(30));
    it.home.until(&it.id, |_| it.asked() == 2).await;
    it.home.echo(&it.id, "hello").await.expect("the new one is good");
    assert_eq!(it.home.server(&it.id).await["state"]["kind"], "ready");
    it.no_page();
}

#[tokio::test]
async fn r23_s34_a_refused_token_is_asked_for_anew_once_for_all_callers() {
    let it = connected().await;
    it.authorization.expire_access();
    let calls = (0..5).map(|_| it.home.echo(&it.id, "hello"));
    for answer in futures::future::join_all(calls).await {
        answer.expect("the tool answers after one request");
    }
    assert_eq!(it.asked(), 2, "once at first and once again");
    it.no_page();
}

#[tokio::test]
async fn r23_s32_a_rejection_needs_the_person_and_is_not_tried_again() {
    let mut it = connected().await;
    it.authorization.forget_clients();
    it.authorization.expire_access();
    let error = it
        .home
        .echo(&it.id, "hello")
        .await
        .expect_err("the client is gone");
    assert_eq!(error.code, ErrorCode::ReauthRequired);
    let needed = it.home.state(&it.id, "signInNeeded").await;
    assert_eq!(needed["state"]["reason"], "rejected");
    it.home.restart().await;
    it.home.state(&it.id, "signInNeeded").await;
    it.home.echo(&it.id, "hello").await.expect_err("nor now");
    assert_eq!(it.asked(), 2, "once, and not again by itself");

    let outcome = it.home.sign_in(&it.id).await;
    assert_eq!(
        outcome["kind"], "credentialsRefused",
        "a click asks once more, and says why not"
    );
    assert_eq!(it.asked(), 3);
    it.no_page();
}

#[tokio::test]
async fn r23_s32_every_definite_error_ends_it_and_trouble_does_not() {
    for (code, ends) in [
        ("invalid_grant", true),
        ("invalid_scope", true),
        ("unauthorized_client", true),
        ("temporarily_unavailable", false),
    ] {
        let it = connected().await;
        it.authorization.refresh_mood(RefreshMood::Refusing(code));
        it.authorization.expire_access();
        let error = it.home.echo(&it.id, "hello").await.expect_err(code);
        assert_eq!(error.code == ErrorCode::ReauthRequired, ends, "{code}");
        it.home.echo(&it.id, "hello").await.expect_err(code);
        assert_eq!(
            it.asked(),
            2,
            "{code}: asked once, and the provider is left alone"
        );
    }
}

#[tokio::test]
async fn r23_s32_trouble_keeps_it_and_passes() {
    let it = connected().await;
    it.authorization.expire_access();
    it.authorization.refresh_mood(RefreshMood::Status(503));
    let error = it.home.echo(&it.id, "hello").await.expect_err("not now");
    assert_ne!(
        error.code,
        ErrorCode::ReauthRequired,
        "that is no reason to ask the person"
    );
    it.authorization.refresh_mood(RefreshMood::Well);
    it.clock.advance(Duration::from_secs(300));
    it.home.state(&it.id, "ready").await;
    it.home
        .echo(&it.id, "hello")
        .await
        .expect("it is asked for again");
    it.no_page();
}

#[tokio::test]
async fn r23_it_survives_a_restart() {
    let mut it = connected().await;
    it.home.restart().await;
    it.home.state(&it.id, "ready").await;
    assert_eq!(it.asked(), 1, "the token is still good");
    assert_eq!(it.home.server(&it.id).await["signInMethod"]["clientId"], CLIENT);
    it.authorization.expire_access();
    it.home
        .echo(&it.id, "hello")
        .await
        .expect("what is needed to ask again is kept");
    assert_eq!(it.asked(), 2);
    it.no_page();
}

#[tokio::test]
async fn s04_s14_nothing_is_shown_to_an_issuer_that_only_the_server_names() {
    let clock = HandClock::default();
    let it = Machine::at(ways(&clock), clock).await;
    it.choose(by_secret(SECRET)).await;
    let outcome = it.home.sign_in(&it.id).await;
    let host = it.authorization.issuer().trim_start_matches("http://");
    let asked = json!({ "kind": "issuerNotAgreed", "issuer": it.authorization.issuer(), "host": host });
    assert_eq!(outcome, asked);
    assert_eq!(it.asked(), 0);
    let told = format!("{:?}", it.authorization.wire().exchanges());
    assert!(!told.contains(CLIENT), "not even who would ask");
    it.agree().await;
    it.home.connect(&it.id).await;
    it.home.state(&it.id, "ready").await;
}

async fn choose(home: &Home, id: &str, method: Value) {
    home.good("setSignInMethod", json!({ "id": id, "method": method }))
        .await;
}

async fn agree(home: &Home, id: &str, issuer: &str) {
    let agreed = json!({ "id": id, "issuer": issuer, "tokenHost": null });
    home.good("agreeIssuer", agreed).await;
}

#[tokio::test]
async fn r08_s04_a_secret_for_one_issuer_is_not_shown_to_the_next() {
    let clock = HandClock::default();
    let one = AuthorizationServer::open(ways(&clock)).await;
    let two = AuthorizationServer::open(Ways {
        known_client: Some((CLIENT, "canary-other-secret")),
        ..ways(&clock)
    })
    .await;
    let server = Signpost::to(&[one.issuer()]).await;
    let home = Home::with(Furniture {
        clock: Arc::new(clock),
        ..Furniture::default()
    })
    .await;
    let id = home.add(&server.url()).await;
    choose(&home, &id, by_secret(SECRET)).await;
    agree(&home, &id, one.issuer()).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));

    server.points_to(&[two.issuer()]);
    home.good("signIn", json!({ "id": id })).await;
    assert_eq!(home.outcome(&id).await["kind"], "issuerChanged");
    assert!(
        two.wire().exchanges().is_empty(),
        "nothing is asked of an issuer nobody agreed to"
    );

    agree(&home, &id, two.issuer()).await;
    home.good("signIn", json!({ "id": id })).await;
    let elsewhere = home
        .until(&id, |server| {
            server["lastOutcome"]["kind"] == "credentialsElsewhere"
        })
        .await;
    let host = |server: &AuthorizationServer| server.issuer().trim_start_matches("http://").to_owned();
    assert_eq!(elsewhere["lastOutcome"]["givenFor"], host(&one));
    assert_eq!(elsewhere["lastOutcome"]["host"], host(&two));
    let keep = json!({ "kind": "clientSecret", "clientId": CLIENT, "secret": { "kind": "keep" } });
    let kept = home
        .call("setSignInMethod", json!({ "id": id, "method": keep }))
        .await;
    assert_eq!(
        kept.expect_err("it is the other's").code,
        ErrorCode::MethodIncomplete
    );
    assert_eq!(two.seen().count("POST /token"), 0);

    choose(&home, &id, by_secret("canary-other-secret")).await;
    home.good("signIn", json!({ "id": id })).await;
    home.until(&id, |server| server["lastOutcome"]["kind"] == "authorized")
        .await;
    let told = format!("{:?}", two.wire().exchanges());
    for secret in one.secrets().iter().map(String::as_str).chain([SECRET]) {
        assert!(
            !told.contains(secret),
            "a secret of the first issuer went to the second"
        );
    }
}

#[tokio::test]
async fn s43_another_method_ends_the_sign_in_and_the_person_can_have_the_browser_back() {
    let clock = HandClock::default();
    let ways = Ways {
        has_page: true,
        pkce: true,
        ..ways(&clock)
    };
    let it = Machine::at(ways, clock).await.connected(by_secret(SECRET)).await;
    let changed = it.choose(by_secret(SECRET)).await;
    assert_eq!(changed["account"], json!(null));
    assert_eq!(it.authorization.living_grants(), 0, "it is revoked");
    it.no_page();
    it.choose(json!({ "kind": "person" })).await;
    it.home.connect(&it.id).await;
    it.home.state(&it.id, "ready").await;
    assert_eq!(it.home.person().opened().len(), 1, "a person signs in again");
}

#[tokio::test]
async fn r23_a_file_that_is_gone_for_a_while_ends_nothing() {
    let (clock, signer) = (HandClock::default(), Signer::new());
    let mut ways = ways(&clock);
    ways.machines.trusts = Some(("https://platform.example".to_owned(), signer.clone()));
    let it = Machine::at(ways, clock).await;
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("token");
    let token = platform_token(&signer, it.authorization.issuer(), &it.clock);
    std::fs::write(&path, &token).expect("a file");
    let it = it
        .connected(by_token(json!({ "kind": "file", "path": path })))
        .await;
    std::fs::remove_file(&path).expect("it was there");
    it.authorization.expire_access();
    let error = it
        .home
        .echo(&it.id, "hello")
        .await
        .expect_err("there is nothing to ask with");
    assert_ne!(error.code, ErrorCode::ReauthRequired);
    std::fs::write(&path, &token).expect("a file");
    it.clock.advance(Duration::from_secs(300));
    it.home.state(&it.id, "ready").await;
    it.home.echo(&it.id, "hello").await.expect("it is there again");
}

#[tokio::test]
async fn a_method_that_lacks_something_is_refused_and_changes_nothing() {
    let clock = HandClock::default();
    let it = Machine::at(ways(&clock), clock).await;
    let no_key = json!({ "kind": "privateKey", "clientId": CLIENT, "keyId": null,
                         "key": { "kind": "set", "value": "canary-no-key" } });
    for (method, code) in [
        (by_secret(" "), ErrorCode::MethodIncomplete),
        (no_key, ErrorCode::KeyInvalid),
        (by_token(pasted("two words")), ErrorCode::TokenInvalid),
        (
            by_token(json!({ "kind": "file", "path": "token" })),
            ErrorCode::PathInvalid,
        ),
    ] {
        let refused = it
            .home
            .call("setSignInMethod", json!({ "id": it.id, "method": method }))
            .await;
        assert_eq!(refused.expect_err("it is refused").code, code);
    }
    assert_eq!(it.home.server(&it.id).await["signInMethod"]["kind"], "person");
}
