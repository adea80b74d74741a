//! What we are called at an issuer, and what happens when it no longer knows that name (R8, R9, S9).

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use usher_tests::{AuthorizationServer, Door, Furniture, HandClock, Home, McpServer, Registrations, Ways};

use super::parameter;

/// A home whose links the story delivers by hand, with a server of these ways.
async fn by_hand(ways: Ways) -> (Home, String, (AuthorizationServer, McpServer)) {
    let authorization = AuthorizationServer::open(ways).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::with(Furniture {
        delivers: false,
        ..Furniture::default()
    })
    .await;
    let id = home.add(&server.url()).await;
    (home, id, (authorization, server))
}

/// Gives the clients that the opened pages were asked as.
fn clients(home: &Home) -> Vec<Option<String>> {
    let pages = home.person().opened();
    let clients = pages.iter().map(|page| parameter(page.as_str(), "client_id"));
    clients.collect()
}

fn host(authorization: &AuthorizationServer) -> String {
    authorization.issuer().trim_start_matches("http://").to_owned()
}

#[tokio::test]
async fn r09_a_client_forgotten_before_the_exchange_is_registered_anew_in_the_same_sign_in() {
    let (home, id, (authorization, _server)) = by_hand(Ways::default()).await;
    home.connect(&id).await;
    let (shown, link) = (home.at_the_page(&id).await, home.link(1).await);
    authorization.forget_clients();
    home.app().deep_link(&link).await;
    let is_asked = |server: &Value| server["signIn"]["stage"]["way"]["again"] == "clientForgotten";
    let again = home.until(&id, is_asked).await;
    assert_eq!(again["signIn"]["id"], shown["signIn"]["id"], "the same sign-in");
    home.app().deep_link(&home.link(2).await).await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
    let clients = clients(&home);
    assert_ne!(clients[0], clients[1], "the old client is not shown again");
    assert_eq!(authorization.seen().count("POST /register"), 2);
}

#[tokio::test]
async fn r09_a_second_refusal_asks_for_a_client_id_also_after_a_restart() {
    let (mut home, id, (authorization, _server)) = by_hand(Ways {
        exchange_error: Some("invalid_client"),
        ..Ways::default()
    })
    .await;
    home.connect(&id).await;
    home.app().deep_link(&home.link(1).await).await;
    let second = home.link(2).await;
    home.at_the_page(&id).await;
    home.restart().await;
    home.at_the_page(&id).await;
    home.app().deep_link(&second).await;
    let told = json!({ "kind": "clientRefused", "host": host(&authorization) });
    assert_eq!(home.outcome(&id).await, told);
    assert_eq!(
        authorization.seen().count("POST /register"),
        2,
        "once anew and no loop"
    );
    assert_eq!(home.person().opened().len(), 2);
}

#[tokio::test]
async fn r08_a_refused_client_of_ones_own_is_the_persons_to_change() {
    let (home, id, (authorization, _server)) = by_hand(Ways {
        known_client: Some(("my-client", "my-secret")),
        wants_auth: Some("client_secret_basic"),
        ..Ways::default()
    })
    .await;
    let edit = json!({ "id": id, "clientId": "my-client", "clientSecret": { "kind": "keep" } });
    home.good("editServer", edit).await;
    home.connect(&id).await;
    home.app().deep_link(&home.link(1).await).await;
    let told = json!({ "kind": "clientRefused", "host": host(&authorization) });
    assert_eq!(home.outcome(&id).await, told);
    assert_eq!(
        authorization.seen().count("POST /register"),
        0,
        "nobody else is registered"
    );

    let secret = json!({ "kind": "set", "value": "my-secret" });
    let edit = json!({ "id": id, "clientId": "my-client", "clientSecret": secret });
    home.good("editServer", edit).await;
    home.good("signIn", json!({ "id": id })).await;
    home.app().deep_link(&home.link(2).await).await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
}

#[tokio::test]
async fn s09_a_secret_that_has_run_out_means_a_new_registration() {
    let clock = HandClock::default();
    let authorization = AuthorizationServer::open(Ways {
        registrations: Registrations::Offered,
        secret_expires_at: Some(1_767_225_600 + 3600),
        ..Ways::default()
    })
    .await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::with(Furniture {
        clock: Arc::new(clock.clone()),
        ..Furniture::default()
    })
    .await;
    let id = home.add(&server.url()).await;
    for (hours, registered) in [(0, 1), (0, 1), (2, 2)] {
        clock.advance(Duration::from_secs(hours * 3600));
        home.good("signIn", json!({ "id": id })).await;
        assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
        assert_eq!(authorization.seen().count("POST /register"), registered);
    }
}
