//! Tools that only the person can let in: the call waits for a click, and its answer comes by itself (R20, S16).

mod scene;
mod sign_ins;

use std::time::Duration;

use serde_json::{Value, json};
use usher_core::api::contract::ErrorCode;
use usher_tests::{Asks, Decision, HandClock, Ways};

use self::scene::{Plan, Scene, refused, said};
use super::machines;

#[tokio::test]
async fn r20_a_tool_that_needs_more_is_allowed_in_the_app_and_its_answer_comes_by_itself() {
    for older in [false, true] {
        let scene = Scene::connected(Plan {
            older,
            ..Plan::default()
        })
        .await;
        let call = scene.run();
        let asked = scene.asked().await;
        let consent = json!({ "scopes": ["echo:say"], "tool": "echo", "attempt": 1 });
        assert_eq!(asked["consent"], consent);
        assert_eq!(
            asked["state"]["kind"], "ready",
            "a missing scope is no missing sign-in"
        );
        assert_eq!(scene.visits(), ["tools"], "no browser without a click");
        let account = asked["account"]["id"].clone();
        scene.press("allowConsent").await;
        let answer = call.await.expect("the app does not panic");
        assert_eq!(said(&answer.expect("it was let in")), "hello");
        assert_eq!(scene.visits(), ["tools", "tools echo:say"], "the union (R20)");
        let after = scene.home.state(&scene.id, "ready").await;
        assert_eq!(after["consent"], Value::Null, "nothing is asked any more");
        assert_eq!(after["account"]["id"], account, "it is the same account");
        scene
            .home
            .echo(&scene.id, "again")
            .await
            .expect("it stays allowed");
    }
}

#[tokio::test]
async fn r20_not_now_ends_the_call_and_opens_nothing() {
    let scene = Scene::connected(Plan::default()).await;
    let call = scene.run();
    scene.asked().await;
    scene.press("declineConsent").await;
    let error = refused(call).await;
    assert_eq!(error.code, ErrorCode::ScopeRequired, "never called expired");
    assert_eq!(error.args["scopes"], "echo:say");
    assert_eq!(scene.visits().len(), 1, "only the sign-in of before");
    assert_eq!(scene.home.server(&scene.id).await["state"]["kind"], "ready");
}

#[tokio::test]
async fn r20_a_step_up_that_is_cancelled_or_declined_ends_the_call_and_keeps_the_sign_in() {
    for decision in [Decision::Nothing, Decision::Deny] {
        let scene = Scene::connected(Plan::default()).await;
        let call = scene.run();
        scene.asked().await;
        scene.home.person().decides(decision);
        scene.press("allowConsent").await;
        if decision == Decision::Nothing {
            let shown = scene.home.at_the_page(&scene.id).await;
            let sign_in = json!({ "id": shown["signIn"]["id"] });
            scene.home.good("cancelSignIn", sign_in).await;
        }
        let error = refused(call).await;
        assert_eq!(error.code, ErrorCode::ScopeRequired, "{decision:?}");
        let after = scene.home.server(&scene.id).await;
        assert_eq!(after["state"]["kind"], "ready", "{decision:?}");
        assert_eq!(scene.authorization.living_grants(), 1, "the old sign-in is kept");
    }
}

#[tokio::test]
async fn r20_s16_a_scope_that_is_granted_three_times_and_still_refused_ends_for_good() {
    let scene = Scene::connected(Plan {
        asks: ("echo", Asks::Never("echo:say")),
        ..Plan::default()
    })
    .await;
    let call = scene.run();
    for attempt in 1..=3 {
        let again = |server: &Value| server["consent"]["attempt"] == attempt;
        scene.home.until(&scene.id, again).await;
        scene.press("allowConsent").await;
    }
    let error = refused(call).await;
    assert_eq!(error.code, ErrorCode::ScopeRefused, "the provider has granted it");
    let error = refused(scene.run()).await;
    assert_eq!(error.code, ErrorCode::ScopeRefused, "it stays so");
    assert_eq!(
        scene.visits().len(),
        4,
        "the sign-in, and three authorizations for the tool"
    );
    assert_eq!(scene.home.server(&scene.id).await["state"]["kind"], "ready");
}

#[tokio::test]
async fn r20_s16_a_scope_that_the_provider_never_grants_is_told_as_such() {
    let scene = Scene::connected(Plan {
        ways: Ways {
            grants: Some("tools"),
            ..Ways::default()
        },
        ..Plan::default()
    })
    .await;
    let call = scene.run();
    for attempt in 1..=3 {
        let again = |server: &Value| server["consent"]["attempt"] == attempt;
        scene.home.until(&scene.id, again).await;
        scene.press("allowConsent").await;
    }
    assert_eq!(refused(call).await.code, ErrorCode::ScopeWithheld);
}

#[tokio::test]
async fn r20_more_than_the_sign_in_allows_may_be_asked_for_even_to_connect() {
    let scene = Scene::set(Plan {
        asks: ("tools/list", Asks::Scope("list")),
        ..Plan::default()
    })
    .await;
    scene.home.connect(&scene.id).await;
    let asked = scene.asked().await;
    assert_eq!(
        asked["state"],
        json!({ "kind": "signInNeeded", "reason": "scope" }),
        "neither stopped nor expired"
    );
    assert_eq!(asked["consent"]["scopes"], json!(["list"]));
    assert_eq!(asked["consent"]["tool"], Value::Null);
    scene.press("allowConsent").await;
    scene.home.state(&scene.id, "ready").await;
    assert_eq!(scene.visits(), ["tools", "tools list"]);
}

#[tokio::test]
async fn r20_a_consent_that_nobody_gives_in_ten_minutes_ends_the_call() {
    let clock = HandClock::default();
    let scene = Scene::connected(Plan {
        clock: clock.clone(),
        ..Plan::default()
    })
    .await;
    let call = scene.run();
    scene.asked().await;
    let mut events = scene.home.app().events();
    while !call.is_finished() {
        // The call may begin its wait a moment after it has told the window.
        clock.advance(Duration::from_secs(600));
        tokio::select! {
            _ = events.recv() => {}
            () = tokio::task::yield_now() => {}
        }
    }
    assert_eq!(refused(call).await.code, ErrorCode::ScopeRequired);
    let after = scene.home.server(&scene.id).await;
    assert_eq!(after["consent"], Value::Null, "nothing is asked any more");
    assert_eq!(scene.visits().len(), 1);
}

#[tokio::test]
async fn r20_nothing_can_be_allowed_that_nobody_asks_for() {
    let scene = Scene::connected(Plan::default()).await;
    let refused = scene.home.call("allowConsent", json!({ "id": scene.id })).await;
    assert_eq!(refused.expect_err("nothing waits").code, ErrorCode::NoSignIn);
    assert_eq!(scene.visits().len(), 1, "and no browser opens");
}

#[tokio::test]
async fn r20_r23_where_no_person_signs_in_more_is_asked_for_by_a_click_and_without_a_page() {
    let clock = HandClock::default();
    let plan = Plan {
        ways: machines::ways(&clock),
        clock,
        ..Plan::default()
    };
    let scene = Scene::set(plan).await;
    let method = json!({ "id": scene.id, "method": machines::by_secret(machines::SECRET) });
    scene.home.good("setSignInMethod", method).await;
    let agreed = json!({ "id": scene.id, "issuer": scene.authorization.issuer(), "tokenHost": null });
    scene.home.good("agreeIssuer", agreed).await;
    scene.press("connect").await;
    scene.home.state(&scene.id, "ready").await;
    let call = scene.run();
    scene.asked().await;
    assert_eq!(
        scene.authorization.seen().count("POST /token"),
        1,
        "not before a click"
    );
    scene.press("allowConsent").await;
    let answer = call.await.expect("the call ends").expect("it is let in");
    assert_eq!(said(&answer), "hello");
    let asked = scene.authorization.seen().all();
    let scopes = asked.iter().rev().find_map(|seen| seen.params.get("scope"));
    assert_eq!(scopes.map(String::as_str), Some("tools echo:say"));
    assert!(scene.visits().is_empty(), "no page");
}
