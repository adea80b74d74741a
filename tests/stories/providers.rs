//! Where the person signs in: the choice among several, and what happens when a server changes its mind (R6, S4).

use serde_json::{Value, json};
use usher_tests::{AuthorizationServer, Decision, Door, Home, McpServer, Registrations, Ways};

fn host(server: &AuthorizationServer) -> String {
    server.issuer().trim_start_matches("http://").to_owned()
}

/// Gives the host of the page that was opened last.
fn page_host(home: &Home) -> String {
    let page = home.person().opened().pop().expect("a page was opened");
    page.authority().to_owned()
}

async fn agree(home: &Home, id: &str, issuer: &str, token_host: Option<&str>) {
    let agreed = json!({ "id": id, "issuer": issuer, "tokenHost": token_host });
    home.good("agreeIssuer", agreed).await;
}

async fn sign_in_anew(home: &Home, id: &str) -> Value {
    home.good("signIn", json!({ "id": id })).await;
    home.outcome(id).await
}

#[tokio::test]
async fn r06_of_several_the_first_is_taken_until_the_person_chooses_and_the_choice_stays() {
    let (one, two) = (
        AuthorizationServer::open(Ways::default()).await,
        AuthorizationServer::open(Ways::default()).await,
    );
    let server = McpServer::open(Door::AnyOf(&[&one, &two])).await;
    let mut home = Home::new(Decision::Nothing).await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let shown = home.at_the_page(&id).await;
    assert_eq!(page_host(&home), host(&one));
    let offered = json!([
        { "issuer": one.issuer(), "host": host(&one) },
        { "issuer": two.issuer(), "host": host(&two) },
    ]);
    assert_eq!(shown["provider"]["offered"], offered);

    agree(&home, &id, two.issuer(), None).await;
    home.person().decides(Decision::Allow);
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    assert_eq!(page_host(&home), host(&two));
    home.state(&id, "ready").await;

    home.restart().await;
    server.names(&[&one, &two]);
    assert_eq!(sign_in_anew(&home, &id).await, json!({ "kind": "authorized" }));
    assert_eq!(page_host(&home), host(&two), "wherever it stands");
    assert_eq!((one.living_grants(), two.living_grants()), (0, 2));
}

#[tokio::test]
async fn s04_another_issuer_is_asked_for_before_anything_goes_there() {
    let (one, two) = (
        AuthorizationServer::open(Ways::default()).await,
        AuthorizationServer::open(Ways::default()).await,
    );
    let server = McpServer::open(Door::AnyOf(&[&one, &two])).await;
    server.names(&[&one]);
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    home.state(&id, "ready").await;

    server.names(&[&two]);
    one.expire_access();
    home.echo(&id, "hello")
        .await
        .expect("a refresh goes where the grant is from");
    let told = json!({
        "kind": "issuerChanged", "from": one.issuer(), "fromHost": host(&one),
        "to": two.issuer(), "toHost": host(&two),
    });
    assert_eq!(sign_in_anew(&home, &id).await, told);
    assert_eq!(home.person().opened().len(), 1, "no page");
    assert!(two.wire().exchanges().is_empty(), "and no question");

    agree(&home, &id, two.issuer(), None).await;
    assert_eq!(sign_in_anew(&home, &id).await, json!({ "kind": "authorized" }));
    assert_eq!(page_host(&home), host(&two));
    let told = format!("{:?}", two.wire().exchanges());
    let leaked = one.secrets().into_iter().find(|secret| told.contains(secret));
    assert_eq!(leaked, None, "nothing of the first issuer goes to the second");
}

#[tokio::test]
async fn s04_tokens_that_are_had_at_another_host_are_asked_for_first() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    home.state(&id, "ready").await;

    let moved = host(&authorization).replace("127.0.0.1", "localhost");
    authorization.moves_token_endpoint(&format!("http://{moved}/token"));
    let told = json!({
        "kind": "issuerChanged", "from": authorization.issuer(), "fromHost": host(&authorization),
        "to": authorization.issuer(), "toHost": moved,
    });
    assert_eq!(sign_in_anew(&home, &id).await, told);
    assert_eq!(home.person().opened().len(), 1, "no page");
    authorization.expire_access();
    home.echo(&id, "hello")
        .await
        .expect("a refresh goes where the grant is from");

    agree(&home, &id, authorization.issuer(), Some(&moved)).await;
    assert_eq!(sign_in_anew(&home, &id).await, json!({ "kind": "authorized" }));
}

#[tokio::test]
async fn s04_a_client_typed_in_for_one_issuer_is_not_shown_to_another() {
    let (one, two) = (
        AuthorizationServer::open(Ways {
            known_client: Some(("my-client", "my-secret")),
            ..Ways::default()
        })
        .await,
        AuthorizationServer::open(Ways {
            registrations: Registrations::Absent,
            known_client: Some(("my-client", "another-secret")),
            ..Ways::default()
        })
        .await,
    );
    let server = McpServer::open(Door::AnyOf(&[&one, &two])).await;
    server.names(&[&one]);
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    let secret = json!({ "kind": "set", "value": "my-secret" });
    let edit = json!({ "id": id, "clientId": "my-client", "clientSecret": secret });
    home.good("editServer", edit).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    let own = home.server(&id).await["provider"]["clientIssuer"].clone();
    assert_eq!(own, one.issuer());

    server.names(&[&two]);
    agree(&home, &id, two.issuer(), None).await;
    let told = json!({ "kind": "noRegistration", "host": host(&two) });
    assert_eq!(
        sign_in_anew(&home, &id).await,
        told,
        "a client for this one is asked for"
    );
    let keep = json!({ "id": id, "clientId": "my-client", "clientSecret": { "kind": "keep" } });
    let edited = home.good("editServer", keep).await;
    assert_eq!(edited["provider"]["clientIssuer"], two.issuer());
    assert_eq!(
        edited["hasClientSecret"], false,
        "the secret was the first issuer's"
    );
    assert_eq!(sign_in_anew(&home, &id).await, json!({ "kind": "authorized" }));
    assert!(!format!("{:?}", two.wire().exchanges()).contains("my-secret"));
}
