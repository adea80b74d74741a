//! Tools that only the person can let in: the call waits for a click, and its answer comes by itself (R20, S16).

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use usher_core::api::contract::{AppError, ErrorCode};
use usher_tests::{
    Asks, AuthorizationServer, Decision, Door, Furniture, HandClock, Home, McpServer, Requirements, Rules,
    Ways,
};

use super::{machines, parameter};

/// A home with a server that asks for more than its door does.
struct Scene {
    authorization: AuthorizationServer,
    server: McpServer,
    home: Home,
    id: String,
}

/// How a server of these stories is.
struct Plan {
    ways: Ways,
    asks: (&'static str, Asks),
    /// Whether its door is open.
    open: bool,
    older: bool,
    clock: HandClock,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            ways: Ways::default(),
            asks: ("echo", Asks::Scope("echo:say")),
            open: false,
            older: false,
            clock: HandClock::default(),
        }
    }
}

impl Scene {
    /// Adds the server; nobody has connected it yet.
    async fn set(plan: Plan) -> Self {
        let authorization = AuthorizationServer::open(plan.ways).await;
        let server = McpServer::open(Rules {
            door: if plan.open {
                Door::Open
            } else {
                Door::Bearer(&authorization)
            },
            scopes: "tools",
            requirements: Some(Requirements {
                authorization: &authorization,
                of: vec![plan.asks],
            }),
            older: plan.older,
        })
        .await;
        let home = Home::with(Furniture {
            clock: Arc::new(plan.clock),
            ..Furniture::default()
        })
        .await;
        let id = home.add(&server.url()).await;
        Self {
            authorization,
            server,
            home,
            id,
        }
    }

    /// Signs in and waits until the server is connected.
    async fn connected(plan: Plan) -> Self {
        let scene = Self::set(plan).await;
        scene.home.connect(&scene.id).await;
        scene.home.state(&scene.id, "ready").await;
        scene
    }

    /// Runs the tool, as the window does, and goes on with the story meanwhile.
    fn run(&self) -> JoinHandle<Result<Value, AppError>> {
        let call = json!({ "server": self.id, "tool": "echo", "arguments": { "message": "hello" } });
        let app = self.home.app();
        tokio::spawn(async move { app.call(json!({ "name": "callTool", "argument": call })).await })
    }

    /// Waits until the person is asked to allow more.
    async fn asked(&self) -> Value {
        let asked = |server: &Value| !server["consent"].is_null() && server["signIn"].is_null();
        self.home.until(&self.id, asked).await
    }

    async fn press(&self, button: &str) {
        self.home.good(button, json!({ "id": self.id })).await;
    }

    /// Gives the scopes of every visit to the provider's page.
    fn visits(&self) -> Vec<String> {
        let opened = self.home.person().opened();
        let scopes = opened.iter().map(|page| parameter(page.as_str(), "scope"));
        scopes.map(Option::unwrap_or_default).collect()
    }
}

fn said(answer: &Value) -> &Value {
    &answer["content"][0]["text"]
}

async fn refused(call: JoinHandle<Result<Value, AppError>>) -> AppError {
    let ended = call.await.expect("the app does not panic");
    ended.expect_err("the tool was not let in")
}

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
