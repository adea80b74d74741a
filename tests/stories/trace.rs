//! What a sign-in tells of itself afterwards, and while it goes on.

use axum::{
    Form, Json, Router,
    http::StatusCode,
    routing::{get, post},
};
use serde_json::{Value, json};
use usher_core::api::contract::{ErrorCode, EventBody};
use usher_tests::{
    AuthorizationServer, Decision, Door, Furniture, Home, Iss, Listening, McpServer, RefreshMood,
    Registrations, Ways,
};

use super::replaced;

/// Gives the runs at a server as the window hears of them.
async fn runs(home: &Home, server: &str) -> Vec<Value> {
    let told = home.good("signInRuns", json!({ "id": server })).await;
    told["runs"].as_array().cloned().unwrap_or_default()
}

/// Gives the steps of a run.
async fn steps(home: &Home, run: &Value) -> Vec<Value> {
    let told = home.good("signInRun", json!({ "id": run["id"] })).await;
    told["steps"].as_array().cloned().unwrap_or_default()
}

/// Gives the decisions of a run: what was decided, by which rule.
async fn decisions(home: &Home, run: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let decided = |step: &Value| {
        let what = &step["what"];
        (what["kind"] == "decided").then(|| (text(&what["decision"]["kind"]), text(&what["rule"])))
    };
    steps(home, run).await.iter().filter_map(decided).collect()
}

async fn signed_in(ways: Ways) -> (Home, String, AuthorizationServer, McpServer) {
    let authorization = AuthorizationServer::open(ways).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    home.sign_in(&id).await;
    (home, id, authorization, server)
}

#[tokio::test]
async fn a_good_sign_in_tells_each_decision_with_its_rule() {
    let (home, id, ..) = signed_in(Ways::default()).await;
    let runs = runs(&home, &id).await;
    assert_eq!(runs.len(), 1);
    assert_eq!(
        runs[0]["standing"],
        json!({ "kind": "signIn", "outcome": { "kind": "authorized" } })
    );
    assert!(runs[0]["endedAt"].as_i64() >= runs[0]["begunAt"].as_i64());
    let told = decisions(&home, &runs[0]).await;
    let told: Vec<_> = told
        .iter()
        .map(|(kind, rule)| (kind.as_str(), rule.as_str()))
        .collect();
    let expected = [
        ("challengeRead", "RFC 9728 §5.1"),
        ("resourceMetadataFound", "RFC 9728 §3.1"),
        ("resourceAccepted", "RFC 9728 §3.3"),
        ("issuerChosen", "RFC 9728 §7.6"),
        ("issuerConfirmed", "RFC 8414 §3.3"),
        ("pkcePromised", "RFC 7636 §4.2"),
        ("scopesChosen", "MCP authorization, scope selection strategy"),
        ("clientRegistered", "RFC 7591 §3.2.1"),
        ("wayBackChosen", "RFC 8252 §7"),
        ("pageOpened", "RFC 6749 §4.1.1"),
        ("answerArrived", "RFC 6749 §4.1.2"),
        ("stateMatched", "RFC 6749 §10.12"),
        ("answerIssuerMatched", "RFC 9207 §2.4"),
        ("stateBurnt", "RFC 9700 §4.7.1"),
        ("codeExchanged", "RFC 6749 §4.1.4"),
        ("tokensKept", "RFC 6749 §5.1"),
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_sign_in_that_fails_tells_where() {
    let ways = Ways {
        false_issuer: Some("https://evil.example"),
        ..Ways::default()
    };
    let (home, id, authorization, _server) = signed_in(ways).await;
    let runs = runs(&home, &id).await;
    assert_eq!(runs[0]["standing"]["outcome"]["kind"], "issuerMismatch");
    let steps = steps(&home, &runs[0]).await;
    let last = &steps.last().expect("a step")["what"];
    assert_eq!(last["refusal"], true, "it is marked");
    assert_eq!(last["decision"]["expected"], authorization.issuer());
    assert_eq!(last["decision"]["found"], "https://evil.example");
}

#[tokio::test]
async fn a_way_back_that_is_refused_and_the_next_one_are_both_told() {
    let ways = Ways {
        registrations: Registrations::HttpOnly,
        ..Ways::default()
    };
    let (home, id, ..) = signed_in(ways).await;
    let run = &runs(&home, &id).await[0];
    let ways: Vec<_> = steps(&home, run)
        .await
        .iter()
        .filter(|step| step["what"]["decision"]["way"].is_string())
        .map(|step| step["what"]["decision"].clone())
        .collect();
    let expected = [
        json!({ "kind": "wayBackRefused", "way": "deepLink" }),
        json!({ "kind": "wayBackChosen", "way": "loopbackAddress", "remembered": false }),
    ];
    assert_eq!(ways, expected);
    let told = decisions(&home, run).await;
    assert!(told.iter().any(|(kind, _)| kind == "answerArrived"), "{told:?}");
    assert!(!home.heard().contains("/callback/") || home.heard().contains("/callback/…"));
}

#[tokio::test]
async fn a_run_goes_on_where_it_was_after_a_restart() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = Home::with(Furniture {
        delivers: false,
        ..Furniture::default()
    })
    .await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let link = home.link(1).await;
    let before = runs(&home, &id).await;
    assert_eq!(before[0]["standing"]["kind"], "underWay");
    home.restart().await;
    assert_eq!(
        runs(&home, &id).await[0]["standing"]["kind"],
        "underWay",
        "it still waits"
    );
    home.app().deep_link(&link).await;
    home.outcome(&id).await;
    let after = runs(&home, &id).await;
    assert_eq!(after.len(), 1, "it is the same run");
    assert_eq!(after[0]["id"], before[0]["id"]);
    let told: Vec<_> = decisions(&home, &after[0])
        .await
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(
        told.first().map(String::as_str),
        Some("challengeRead"),
        "what was before the restart"
    );
    assert_eq!(
        told.last().map(String::as_str),
        Some("tokensKept"),
        "and what came after"
    );
}

#[tokio::test]
async fn s17_an_answer_of_another_issuer_is_told_and_ends_nothing() {
    let authorization = AuthorizationServer::open(Ways {
        iss: Iss::Absent,
        ..Ways::default()
    })
    .await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::with(Furniture {
        delivers: false,
        ..Furniture::default()
    })
    .await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let link = home.link(1).await;
    home.app()
        .deep_link(&replaced(&link, "iss", Some("https://evil.example")))
        .await;
    home.app()
        .deep_link(&replaced(&link, "state", Some("forged")))
        .await;
    let run = runs(&home, &id).await.remove(0);
    assert_eq!(run["standing"]["kind"], "underWay");
    let told: Vec<_> = decisions(&home, &run)
        .await
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert_eq!(
        told[told.len() - 3..],
        ["answerArrived", "stateMatched", "answerIssuerDiffers"]
    );
    home.app().deep_link(&link).await;
    home.outcome(&id).await;
    let told: Vec<_> = decisions(&home, &run)
        .await
        .into_iter()
        .map(|(kind, _)| kind)
        .collect();
    assert!(told.contains(&"answerIssuerUnnamed".to_owned()), "{told:?}");
}

#[tokio::test]
async fn a_sign_in_that_another_took_the_place_of_is_told_as_unfinished() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::with(Furniture {
        decision: Decision::Nothing,
        ..Furniture::default()
    })
    .await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    home.at_the_page(&id).await;
    home.connect(&id).await;
    home.at_the_page(&id).await;
    let standings: Vec<_> = runs(&home, &id)
        .await
        .iter()
        .map(|run| run["standing"]["kind"].clone())
        .collect();
    assert!(
        standings.contains(&json!("unfinished")) && standings.contains(&json!("underWay")),
        "{standings:?}"
    );
    let waiting = home.server(&id).await["signIn"]["id"].clone();
    home.good("cancelSignIn", json!({ "id": waiting })).await;
    let cancelled = runs(&home, &id)
        .await
        .into_iter()
        .find(|run| run["id"] == waiting);
    let standing = cancelled.map(|run| run["standing"].clone());
    assert_eq!(
        standing,
        Some(json!({ "kind": "signIn", "outcome": { "kind": "cancelled" } }))
    );
}

#[tokio::test]
async fn a_renewal_that_fails_and_a_sign_out_are_runs_of_their_own() {
    let (home, id, authorization, _server) = signed_in(Ways::default()).await;
    home.state(&id, "ready").await;
    authorization.refresh_mood(RefreshMood::Status(503));
    authorization.expire_access();
    home.echo(&id, "hello").await.expect_err("no bearer is to be had");
    let renewal = runs(&home, &id)
        .await
        .into_iter()
        .find(|run| run["standing"]["kind"] == "renewal");
    let renewal = renewal.expect("the renewal is told");
    assert_eq!(renewal["standing"]["end"], "unreachable");
    let told = steps(&home, &renewal).await;
    assert_eq!(told[0]["what"]["method"], "POST");
    assert_eq!(told[1]["what"]["status"], 503);

    home.good("disconnect", json!({ "id": id })).await;
    let told = runs(&home, &id).await;
    let sign_out = told.iter().find(|run| run["standing"]["kind"] == "signOut");
    let standing = sign_out.map(|run| run["standing"].clone());
    assert_eq!(
        standing,
        Some(json!({ "kind": "signOut", "revocation": "revoked" }))
    );
}

#[tokio::test]
async fn what_happened_goes_with_its_server_and_unknown_runs_are_none() {
    let (home, id, ..) = signed_in(Ways::default()).await;
    let run = runs(&home, &id).await.remove(0);
    home.good("deleteServer", json!({ "id": id })).await;
    for id in [&run["id"], &json!(""), &json!("nonsense")] {
        let gone = home.call("signInRun", json!({ "id": id })).await;
        assert_eq!(gone.expect_err("it is gone").code, ErrorCode::RunGone);
    }
}

#[tokio::test]
async fn the_window_hears_of_each_step_while_a_sign_in_goes_on() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    let mut events = home.app().events();
    home.sign_in(&id).await;
    let run = runs(&home, &id).await.remove(0);
    let mut heard = 0;
    while let Ok(event) = events.try_recv() {
        if let EventBody::Trace { run: of, server } = event.body {
            assert_eq!((json!(of), &server), (run["id"].clone(), &id));
            heard += 1;
        }
    }
    let steps = steps(&home, &run).await.len();
    assert!(heard >= steps, "{heard} of {steps} steps were heard of");
}

/// Adds whatever is secret by its name, and different each time, to what an answer says.
fn swollen(at: usize, mut answer: Value) -> Json<Value> {
    for name in [
        "access_token",
        "actor_token",
        "assertion",
        "client_assertion",
        "client_secret",
        "code",
        "code_verifier",
        "device_code",
        "id_token",
        "nonce",
        "password",
        "refresh_token",
        "registration_access_token",
        "state",
        "subject_token",
        "token",
    ] {
        if answer[name].is_null() {
            answer[name] = json!(format!("{name}-of-answer-{at}"));
        }
    }
    Json(answer)
}

/// An authorization server and MCP server with many secrets of its own that repeats in its errors whatever it is told.
async fn parrot() -> Listening {
    let repeat = |Form(form): Form<std::collections::BTreeMap<String, String>>| async move {
        let said = form.values().cloned().collect::<Vec<_>>().join(" ");
        let body = json!({ "error": "invalid_grant", "error_description": said, "error_uri": format!("https://a.example/?{said}") });
        (
            StatusCode::BAD_REQUEST,
            [("www-authenticate", format!("Bearer error_description=\"{said}\""))],
            Json(body),
        )
    };
    Listening::serve(|base| {
        let metadata = json!({
            "issuer": base, "authorization_endpoint": format!("{base}/authorize"), "token_endpoint": format!("{base}/token"),
            "registration_endpoint": format!("{base}/register"), "code_challenge_methods_supported": ["S256"],
        });
        let resource = json!({ "resource": format!("{base}/mcp"), "authorization_servers": [base] });
        let client = json!({ "client_id": "parrot", "client_secret": "canary-secret-of-the-client", "token_endpoint_auth_method": "client_secret_post" });
        let challenge = [("www-authenticate", "Bearer")];
        Router::new()
            .route("/.well-known/oauth-authorization-server", get(move || async move { swollen(1, metadata) }))
            .route("/.well-known/oauth-protected-resource/mcp", get(move || async move { (StatusCode::FOUND, [("location", "/2")], swollen(2, json!({}))) }))
            .route("/2", get(move || async move { (StatusCode::FOUND, [("location", "/3")], swollen(3, json!({}))) }))
            .route("/3", get(move || async move { swollen(4, resource) }))
            .route("/mcp", post(move || async move { (StatusCode::UNAUTHORIZED, challenge, swollen(5, json!({}))) }))
            .route("/register", post(move || async move { (StatusCode::CREATED, swollen(6, client)) }))
            .route("/authorize", get(|| async { "Sign in" }))
            .route("/token", post(repeat))
    })
    .await
}

#[tokio::test]
async fn s42_what_a_provider_repeats_of_our_secrets_is_not_repeated_by_us() {
    let parrot = parrot().await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&format!("{}/mcp", parrot.base)).await;
    home.connect(&id).await;
    home.at_the_page(&id).await;
    let page = home.person().opened().pop().expect("a page");
    let state = super::parameter(page.as_str(), "state").expect("a state");
    let link = format!("dev.usher.desktop://oauth/callback?code=canary-code-of-the-story&state={state}");
    home.app().deep_link(&link).await;
    assert_eq!(home.outcome(&id).await["kind"], "exchangeFailed");
    let run = runs(&home, &id).await.remove(0);
    let told = Value::from(steps(&home, &run).await).to_string();
    assert!(told.contains("error_description"), "its answer is told");
    home.app().shutdown().await;
    let file = std::fs::read(home.data().join("usher.db")).expect("the data file");
    let file = String::from_utf8_lossy(&file);
    assert!(
        file.contains("error_description"),
        "the search would find something"
    );
    for secret in ["canary-secret", "canary-code", &state] {
        assert!(!told.contains(secret), "{told}");
        assert!(!home.heard().contains(secret), "nothing else tells the window");
        assert!(!file.contains(secret), "nor is it in the file");
    }
}
