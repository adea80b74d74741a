//! What we are called at an issuer, in the order in which the names are tried (R8, R9, R10), and where tokens go (R17).

use std::collections::BTreeSet;

use serde_json::json;
use usher_core::base::ClientId;
use usher_tests::{AuthorizationServer, Decision, Door, Furniture, Home, McpServer, Registrations, Ways};

use super::parameter;

/// Where our metadata document would lie. Nobody fetches it in these stories.
const DOCUMENT: &str = "https://usher.example/oauth/client.json";

async fn home_with_a_document() -> Home {
    Home::with(Furniture {
        client_metadata: Some(ClientId::new(DOCUMENT)),
        ..Furniture::default()
    })
    .await
}

fn client(home: &Home) -> String {
    let page = home.person().opened().pop().expect("a page was opened");
    parameter(page.as_str(), "client_id").expect("the page is asked for a client")
}

#[tokio::test]
async fn r10_where_documents_are_taken_the_documents_address_is_our_name_and_nobody_registers() {
    let authorization = AuthorizationServer::open(Ways {
        takes_documents: true,
        ..Ways::default()
    })
    .await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = home_with_a_document().await;
    let id = home.add(&server.url()).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    home.state(&id, "ready").await;
    assert_eq!(client(&home), DOCUMENT, "byte for byte");
    assert_eq!(authorization.seen().count("POST /register"), 0);
    authorization.expire_access();
    home.echo(&id, "hello")
        .await
        .expect("renewing works under that name too");
}

#[tokio::test]
async fn r08_r10_where_documents_are_not_taken_we_register() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = home_with_a_document().await;
    let id = home.add(&server.url()).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    assert_ne!(client(&home), DOCUMENT);
    assert_eq!(authorization.seen().count("POST /register"), 1);
}

#[tokio::test]
async fn r08_a_client_that_was_typed_in_goes_before_a_document_and_before_registering() {
    let authorization = AuthorizationServer::open(Ways {
        takes_documents: true,
        known_client: Some(("my-client", "my-secret")),
        ..Ways::default()
    })
    .await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = home_with_a_document().await;
    let id = home.add(&server.url()).await;
    let secret = json!({ "kind": "set", "value": "my-secret" });
    let edit = json!({ "id": id, "clientId": "my-client", "clientSecret": secret });
    home.good("editServer", edit).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    assert_eq!(client(&home), "my-client");
    assert_eq!(authorization.seen().count("POST /register"), 0);
}

#[tokio::test]
async fn r09_a_client_that_was_forgotten_registers_once_more_and_no_oftener() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    home.sign_in(&id).await;
    home.state(&id, "ready").await;
    let before = client(&home);
    authorization.forget_clients();
    authorization.expire_access();
    home.echo(&id, "hello")
        .await
        .expect_err("nobody knows us there any more");
    home.state(&id, "signInNeeded").await;
    assert_eq!(
        authorization.seen().count("POST /register"),
        1,
        "nothing without a click"
    );
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    home.state(&id, "ready").await;
    assert_eq!(
        authorization.seen().count("POST /register"),
        2,
        "one click, one registration"
    );
    assert_ne!(client(&home), before);
}

#[tokio::test]
async fn r09_where_registering_is_refused_it_is_not_tried_again_by_itself() {
    let authorization = AuthorizationServer::open(Ways {
        registrations: Registrations::Refused,
        ..Ways::default()
    })
    .await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    assert_eq!(home.sign_in(&id).await["kind"], "registrationRefused");
    assert_eq!(authorization.seen().count("POST /register"), 1);
    assert!(home.person().opened().is_empty(), "no page");
}

#[tokio::test]
async fn r17_s27_a_token_travels_in_the_header_to_its_own_server_and_nowhere_else() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let servers = [
        McpServer::open(Door::Bearer(&authorization)).await,
        McpServer::open(Door::Bearer(&authorization)).await,
        McpServer::open(Door::Open).await,
    ];
    let home = Home::new(Decision::Allow).await;
    for server in &servers {
        let id = home.add(&server.url()).await;
        home.connect(&id).await;
        home.state(&id, "ready").await;
        home.echo(&id, "hello").await.expect("the tool answers");
    }
    for server in &servers {
        for exchange in server.wire().exchanges() {
            let place = format!("{} {:?} {:?}", exchange.path, exchange.query, exchange.body);
            assert!(!place.contains("canary-"), "only in the header: {place}");
        }
    }
    let [one, two, open] = servers.each_ref().map(shown);
    assert_eq!((one.len(), two.len()), (1, 1), "each is shown one token");
    assert!(one.is_disjoint(&two), "its own");
    assert!(open.is_empty(), "an open server is shown none");
}

/// Gives all that was shown to a server to be let in.
fn shown(server: &McpServer) -> BTreeSet<String> {
    let exchanges = server.wire().exchanges();
    let shown = exchanges
        .iter()
        .filter_map(|exchange| exchange.header("authorization"));
    shown.map(str::to_owned).collect()
}
