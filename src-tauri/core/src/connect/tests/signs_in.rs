//! What a refusal leads to.

use axum::{http::StatusCode, response::IntoResponse};

use super::world::{Asked, Peer, World, challenge, modern, provider};
use crate::{
    base::AuthKind,
    connect::{CallError, ConnectError, Connection, SignInNeed},
};

const CHALLENGE: &str = r#"Bearer resource_metadata="https://a.example/prm", scope="tools""#;

fn wants(token: &'static str) -> impl Fn(&Asked) -> axum::response::Response + Clone {
    move |asked| {
        if asked.bearer() == Some(token) {
            modern(asked)
        } else {
            challenge(401, CHALLENGE)
        }
    }
}

fn resource(peer: &Peer) -> String {
    format!("{}/mcp", peer.address)
}

#[tokio::test]
async fn a_401_before_anybody_signed_in_asks_the_person_and_keeps_the_challenge() {
    let (world, peer) = (World::new().await, Peer::serving(wants("access-0")).await);
    let id = world.add(&peer, None).await;
    assert_eq!(world.connect(id).await, Connection::SignIn(SignInNeed::Never));
    assert_eq!(peer.posts(), ["server/discover"], "one request, no retry");
    let hints = world.connections.hints(id).expect("the challenge is kept");
    assert_eq!(
        hints.scope.map(|scope| scope.to_string()).as_deref(),
        Some("tools")
    );
    let called = world
        .connections
        .call_tool(id, "echo", serde_json::Map::new())
        .await;
    assert_eq!(called, Err(CallError::Reauth(SignInNeed::Never)));
}

#[tokio::test]
async fn the_bearer_goes_along_with_every_request() {
    let (world, peer) = (World::new().await, Peer::serving(wants("access-0")).await);
    let id = world.add(&peer, Some(AuthKind::Oauth)).await;
    world.sign_in(id, &resource(&peer), "http://127.0.0.1:1").await;
    assert_eq!(world.connect(id).await, Connection::Ready);
    assert_eq!(
        peer.posts(),
        ["server/discover", "tools/list"],
        "no request without it"
    );
}

#[tokio::test]
async fn a_session_is_one_accounts_to_its_end() {
    let (world, peer) = (World::new().await, Peer::serving(modern).await);
    let id = world.add(&peer, Some(AuthKind::Oauth)).await;
    world.sign_in(id, &resource(&peer), "http://127.0.0.1:1").await;
    world.connect(id).await;
    world.switch(id, &resource(&peer), "access-other").await;
    let call = || world.connections.call_tool(id, "echo", serde_json::Map::new());
    call().await.expect("the session stands");
    let shown = |peer: &Peer| {
        peer.asked()
            .last()
            .and_then(|asked| asked.bearer().map(str::to_owned))
    };
    assert_eq!(shown(&peer).as_deref(), Some("access-0"), "as it was opened");
    world.connections.close(id).await;
    world.connect(id).await;
    call().await.expect("the new session stands");
    assert_eq!(shown(&peer).as_deref(), Some("access-other"));
}

#[tokio::test]
async fn s34_a_401_is_answered_by_one_renewal_and_one_retry() {
    let (world, peer) = (World::new().await, Peer::serving(wants("access-1")).await);
    let provider = provider().await;
    let id = world.add(&peer, Some(AuthKind::Oauth)).await;
    world.sign_in(id, &resource(&peer), &provider.address).await;
    assert_eq!(world.connect(id).await, Connection::Ready);
    assert_eq!(peer.posts(), ["server/discover", "server/discover", "tools/list"]);
    assert_eq!(provider.asked().len(), 1, "one refresh");
}

#[tokio::test]
async fn s34_a_server_that_refuses_every_token_is_not_hammered() {
    let peer = Peer::serving(wants("no token is ever good enough")).await;
    let (world, provider) = (World::new().await, provider().await);
    let id = world.add(&peer, Some(AuthKind::Oauth)).await;
    world.sign_in(id, &resource(&peer), &provider.address).await;
    assert_eq!(world.connect(id).await, Connection::SignIn(SignInNeed::Rejected));
    assert_eq!((peer.asked().len(), provider.asked().len()), (2, 1));
}

#[tokio::test]
async fn s27_a_token_for_another_resource_is_not_sent() {
    let (world, peer) = (World::new().await, Peer::serving(wants("access-0")).await);
    let id = world.add(&peer, Some(AuthKind::Oauth)).await;
    world
        .sign_in(id, "https://another.example/mcp", "http://127.0.0.1:1")
        .await;
    assert_eq!(world.connect(id).await, Connection::SignIn(SignInNeed::Never));
    assert!(peer.asked().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn s24_a_redirect_is_not_followed_and_takes_no_token_along() {
    let world = World::new().await;
    let thief = Peer::serving(modern).await;
    let location = format!("{}/mcp", thief.address);
    let peer = Peer::serving(move |_| {
        (StatusCode::TEMPORARY_REDIRECT, [("location", location.clone())]).into_response()
    })
    .await;
    let id = world.add(&peer, Some(AuthKind::Oauth)).await;
    world.sign_in(id, &resource(&peer), "http://127.0.0.1:1").await;
    let state = world.connect(id).await;
    let error = ConnectError::Status(307);
    assert!(
        matches!(&state, Connection::Waiting { error: found, .. } if *found == error),
        "a captive portal may be all it is: {state:?}"
    );
    world.connections.close(id).await;
    assert!(thief.asked().is_empty(), "nothing went there");
}

#[tokio::test]
async fn configured_headers_go_along_and_a_refusal_is_about_them() {
    let world = World::new().await;
    let peer = Peer::serving(|asked| match asked.header("x-api-key") {
        Some("good") => modern(asked),
        _ => StatusCode::FORBIDDEN.into_response(),
    })
    .await;
    let good = world
        .add_with(&peer, Some(AuthKind::Header), &[("x-api-key", "good")])
        .await;
    assert_eq!(world.connect(good).await, Connection::Ready);
    let bad = world
        .add_with(&peer, Some(AuthKind::Header), &[("x-api-key", "bad")])
        .await;
    let refused = Connection::SignIn(SignInNeed::HeaderRefused);
    assert_eq!(world.connect(bad).await, refused);
}

#[tokio::test]
async fn a_configured_authorization_is_never_replaced_by_a_bearer() {
    let (world, peer) = (World::new().await, Peer::serving(wants("mine")).await);
    let id = world
        .add_with(&peer, Some(AuthKind::Oauth), &[("authorization", "Bearer mine")])
        .await;
    world.sign_in(id, &resource(&peer), "http://127.0.0.1:1").await;
    assert_eq!(world.connect(id).await, Connection::Ready);
    assert!(peer.asked().iter().all(|asked| asked.bearer() == Some("mine")));
}

#[tokio::test]
async fn a_grant_that_dies_in_the_background_shows_at_once() {
    let (world, peer) = (World::new().await, Peer::serving(wants("access-0")).await);
    let provider =
        Peer::serving(|_| super::world::json_answer(400, &serde_json::json!({ "error": "invalid_grant" })))
            .await;
    let id = world.add(&peer, Some(AuthKind::Oauth)).await;
    world.sign_in(id, &resource(&peer), &provider.address).await;
    world.connect(id).await;
    let refused = world.grants.bearer(id).await.expect("it is live");
    world
        .grants
        .renew(id, &refused)
        .await
        .expect_err("the provider has revoked it");
    let rejected = Connection::SignIn(SignInNeed::Rejected);
    world.until(id, |state| *state == rejected).await;
}
