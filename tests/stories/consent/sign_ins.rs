//! Calls that turn out to need a sign-in, at servers that let everybody in so far.

use serde_json::json;
use usher_core::api::contract::ErrorCode;
use usher_tests::{Asks, Decision};

use super::scene::{Plan, Scene, refused, said};

#[tokio::test]
async fn a_server_that_turns_out_to_want_a_sign_in_is_signed_in_to_and_the_call_goes_on() {
    for older in [false, true] {
        let scene = Scene::connected(Plan {
            open: true,
            older,
            asks: ("tools/call", Asks::Token),
            ..Plan::default()
        })
        .await;
        assert_eq!(scene.home.server(&scene.id).await["authKind"], "open");
        let call = scene.run();
        let needed = scene.home.state(&scene.id, "signInNeeded").await;
        assert_eq!(needed["state"]["reason"], "never");
        assert!(scene.visits().is_empty(), "no browser without a click");
        scene.press("connect").await;
        let answer = call.await.expect("the app does not panic");
        assert_eq!(said(&answer.expect("it was let in")), "hello");
        assert_eq!(scene.visits(), ["tools"], "as the challenge said");
        let after = scene.home.state(&scene.id, "ready").await;
        assert_eq!(after["authKind"], "oauth", "found later, kept all the same");
        let document = "GET /.well-known/oauth-protected-resource/mcp";
        assert!(
            scene.server.seen().count(document) > 0,
            "the challenge said where to look"
        );
    }
}

#[tokio::test]
async fn a_sign_in_that_a_call_wants_and_the_person_does_not_ends_the_call() {
    let scene = Scene::connected(Plan {
        open: true,
        asks: ("tools/call", Asks::Token),
        ..Plan::default()
    })
    .await;
    let call = scene.run();
    scene.home.state(&scene.id, "signInNeeded").await;
    let mut events = scene.home.app().events();
    while !call.is_finished() {
        // The call may learn of its refusal a moment after the connection did.
        scene.press("declineConsent").await;
        tokio::select! {
            _ = events.recv() => {}
            () = tokio::task::yield_now() => {}
        }
    }
    assert_eq!(refused(call).await.code, ErrorCode::ReauthRequired);
}

#[tokio::test]
async fn a_tool_whose_sign_in_is_declined_closes_no_other_tool() {
    for older in [false, true] {
        let scene = Scene::connected(Plan {
            open: true,
            older,
            asks: ("echo", Asks::Token),
            ..Plan::default()
        })
        .await;
        let call = scene.run();
        scene.home.state(&scene.id, "signInNeeded").await;
        let mut events = scene.home.app().events();
        while !call.is_finished() {
            // The call may learn of its refusal a moment after the connection did.
            scene.press("declineConsent").await;
            tokio::select! {
                _ = events.recv() => {}
                () = tokio::task::yield_now() => {}
            }
        }
        assert_eq!(refused(call).await.code, ErrorCode::ReauthRequired);
        scene.home.state(&scene.id, "ready").await;
        let other = scene.home.run(&scene.id, "picture", json!({})).await;
        other.expect("it never wanted a sign-in");
        assert!(scene.visits().is_empty(), "and no browser opened");
    }
}

#[tokio::test]
async fn a_sign_in_for_a_tool_that_comes_to_nothing_ends_the_call() {
    for older in [false, true] {
        let scene = Scene::connected(Plan {
            open: true,
            older,
            asks: ("echo", Asks::Token),
            ..Plan::default()
        })
        .await;
        scene.home.person().decides(Decision::Deny);
        let call = scene.run();
        scene.home.state(&scene.id, "signInNeeded").await;
        let mut events = scene.home.app().events();
        while !call.is_finished() {
            if scene.home.server(&scene.id).await["signIn"].is_null() {
                scene.press("connect").await;
            }
            tokio::select! {
                _ = events.recv() => {}
                () = tokio::task::yield_now() => {}
            }
        }
        assert_eq!(refused(call).await.code, ErrorCode::ReauthRequired);
        let calls = scene.server.seen().all().into_iter().filter(|seen| {
            seen.params
                .get("method")
                .is_some_and(|method| method == "tools/call")
        });
        assert!(older || calls.count() == 1, "it is not sent again");
    }
}
