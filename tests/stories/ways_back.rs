//! The way back as the person chooses it, and as a provider wants to have it registered (R11, RFC 8252 §7.3).

use std::net::Ipv4Addr;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use usher_core::sign_in::DeepLink;
use usher_tests::{
    Arrival, AuthorizationServer, Decision, Door, Furniture, Home, McpServer, Person, Registrations, Ways,
};

use super::parameter;

/// Gives the redirect URI of the page that was opened last.
fn way_back(home: &Home) -> String {
    let opened = home.person().opened().pop().expect("a page was opened");
    parameter(opened.as_str(), "redirect_uri").expect("the page is asked with a redirect URI")
}

async fn choose(home: &Home, id: &str, choice: &str, port: Option<u16>) -> Value {
    let way = json!({ "id": id, "choice": choice, "port": port });
    home.good("chooseWayBack", way).await["wayBack"].clone()
}

async fn free_port() -> TcpListener {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
    listener.expect("a free port on the loopback address")
}

fn port(listener: &TcpListener) -> u16 {
    listener
        .local_addr()
        .expect("a bound socket has an address")
        .port()
}

#[tokio::test]
async fn r11_the_chosen_way_back_is_taken_and_costs_no_sign_in() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    home.sign_in(&id).await;
    home.state(&id, "ready").await;
    assert!(way_back(&home).starts_with("dev.usher.desktop:"));

    let chosen = choose(&home, &id, "loopbackName", None).await;
    assert_eq!(chosen["choice"], "loopbackName");
    authorization.expire_access();
    home.echo(&id, "hello")
        .await
        .expect("the grant renews itself as before");
    home.good("signIn", json!({ "id": id })).await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
    assert!(
        way_back(&home).starts_with("http://localhost:"),
        "{}",
        way_back(&home)
    );
}

#[tokio::test]
async fn r11_a_chosen_way_back_is_not_left_for_another() {
    let authorization = AuthorizationServer::open(Ways {
        registrations: Registrations::HttpOnly,
        ..Ways::default()
    })
    .await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    choose(&home, &id, "deepLink", None).await;
    assert_eq!(home.sign_in(&id).await["kind"], "registrationRefused");
    assert!(home.person().opened().is_empty(), "no page in vain");
}

/// A home with a server that has a client of the person's own.
async fn with_own_client(decision: Decision) -> (Home, String, (AuthorizationServer, McpServer)) {
    let authorization = AuthorizationServer::open(Ways {
        registrations: Registrations::Absent,
        known_client: Some(("my-client", "my-secret")),
        ..Ways::default()
    })
    .await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(decision).await;
    let id = home.add(&server.url()).await;
    let edit = json!({ "id": id, "clientId": "my-client", "clientSecret": { "kind": "keep" } });
    home.good("editServer", edit).await;
    (home, id, (authorization, server))
}

#[tokio::test]
async fn r11_the_redirect_address_to_register_is_the_one_the_page_is_told() {
    let (mut home, id, _world) = with_own_client(Decision::Allow).await;
    let shown = home.server(&id).await["wayBack"]["redirectUri"].clone();
    assert_eq!(shown, "dev.usher.desktop://oauth/callback");

    let port = port(&free_port().await);
    let shown = choose(&home, &id, "loopbackAddress", Some(port)).await["redirectUri"].clone();
    assert_eq!(shown, format!("http://127.0.0.1:{port}/callback/{id}"));
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    assert_eq!(way_back(&home), shown);
    home.restart().await;
    home.good("signIn", json!({ "id": id })).await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
    assert_eq!(way_back(&home), shown, "it stays the same");

    let shown = choose(&home, &id, "loopbackAddress", None).await["redirectUri"].clone();
    assert_eq!(
        shown,
        format!("http://127.0.0.1/callback/{id}"),
        "the provider must take any port (RFC 8252 §7.3)"
    );
    home.good("signIn", json!({ "id": id })).await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
    assert!(
        way_back(&home).ends_with(&format!("/callback/{id}")),
        "with the same path"
    );
}

#[tokio::test]
async fn s22_a_fixed_port_that_is_taken_is_told() {
    let (home, id, _world) = with_own_client(Decision::Allow).await;
    let taken = free_port().await;
    choose(&home, &id, "loopbackAddress", Some(port(&taken))).await;
    let told = json!({ "kind": "noPort", "port": port(&taken) });
    assert_eq!(home.sign_in(&id).await, told);
    drop(taken);
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
}

#[tokio::test]
async fn s22_a_second_click_gets_the_fixed_port_of_the_first() {
    let (home, id, _world) = with_own_client(Decision::Nothing).await;
    let port = port(&free_port().await);
    choose(&home, &id, "loopbackName", Some(port)).await;
    for clicks in 1..=5 {
        home.connect(&id).await;
        home.at_the_page(&id).await;
        assert_eq!(home.person().opened().len(), clicks);
    }
    let page = home.person().opened().pop().expect("a page was opened");
    Person::follow(page, Decision::Allow).await.expect("a page");
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
}

#[tokio::test]
async fn s23_the_address_of_a_dead_page_on_another_machine_can_be_pasted() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::with(Furniture {
        decision: Decision::NoBrowser,
        deep_link: DeepLink::Unavailable,
        ..Furniture::default()
    })
    .await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let shown = home
        .until(&id, |server| server["signIn"]["stage"]["opened"] == false)
        .await;
    let link = home
        .good("signInLink", json!({ "id": shown["signIn"]["id"] }))
        .await;
    let page = link["url"].as_str().expect("an address").parse().expect("a URL");
    let end = Person::elsewhere(page, Decision::Allow).await.expect("a page");
    let Arrival::Link(address) = end else {
        panic!("the browser there is sent to our door: {end:?}")
    };
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    home.good("pasteAnswer", json!({ "address": address })).await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
    let again = home.call("pasteAnswer", json!({ "address": address })).await;
    assert!(again.is_err(), "an answer counts once");
}
