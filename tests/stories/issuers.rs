//! Servers that name one authorization server after another: what one issuer knows or holds never reaches the next
//! (R6, R8, S4).

use serde_json::{Value, json};
use usher_tests::{AuthorizationServer, Decision, Home, Signpost, Ways};

use super::parameter;

/// Gives the client that the last page was opened for.
fn client(home: &Home) -> String {
    let page = home.person().opened().pop().expect("a page was opened");
    parameter(page.as_str(), "client_id").expect("the page is asked for a client")
}

async fn agree(home: &Home, id: &str, server: &AuthorizationServer) {
    let agreed = json!({ "id": id, "issuer": server.issuer(), "tokenHost": null });
    home.good("agreeIssuer", agreed).await;
}

async fn sign_in_anew(home: &Home, id: &str) -> Value {
    home.good("signIn", json!({ "id": id })).await;
    home.outcome(id).await
}

#[tokio::test]
async fn r06_r08_every_issuer_has_a_client_of_its_own_and_never_sees_anothers() {
    let (one, two) = (
        AuthorizationServer::open(Ways::default()).await,
        AuthorizationServer::open(Ways::default()).await,
    );
    let server = Signpost::to(&[one.issuer()]).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    let first = client(&home);

    server.points_to(&[two.issuer(), one.issuer()]);
    agree(&home, &id, &two).await;
    assert_eq!(sign_in_anew(&home, &id).await, json!({ "kind": "authorized" }));
    let second = client(&home);
    assert_ne!(first, second, "a client is one issuer's");
    assert_eq!(
        two.seen().count("POST /register"),
        1,
        "the second issuer is told anew"
    );
    let told = format!("{:?}", two.wire().exchanges());
    for (what, secret) in one
        .secrets()
        .iter()
        .map(|secret| ("a secret", secret))
        .chain([("the client", &first)])
    {
        assert!(
            !told.contains(secret.as_str()),
            "{what} of the first issuer went to the second"
        );
    }

    server.points_to(&[one.issuer()]);
    agree(&home, &id, &one).await;
    assert_eq!(sign_in_anew(&home, &id).await, json!({ "kind": "authorized" }));
    assert_eq!(client(&home), first, "and the first one's is still known");
    assert_eq!(one.seen().count("POST /register"), 1, "nobody registers twice");
}

#[tokio::test]
async fn s04_a_server_that_names_another_issuer_gets_nothing_of_the_grant() {
    let (one, evil) = (
        AuthorizationServer::open(Ways::default()).await,
        AuthorizationServer::open(Ways::default()).await,
    );
    let server = Signpost::to(&[one.issuer()]).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    // The server refuses the token, as one would that wants it refreshed somewhere else.
    home.state(&id, "signInNeeded").await;
    server.points_to(&[evil.issuer()]);
    home.echo(&id, "hello").await.expect_err("it lets nobody in");
    home.good("disconnect", json!({ "id": id })).await;
    assert_eq!(one.living_grants(), 0, "revoked where it came from");
    assert!(
        evil.wire().exchanges().is_empty(),
        "nothing is asked of an issuer that nobody consented to"
    );
    assert_eq!(home.person().opened().len(), 1, "and no page is opened");
}

#[tokio::test]
async fn r04_a_document_that_speaks_for_another_server_opens_no_page() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = Signpost::to(&[]).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    let elsewhere = ["https://victim.example/mcp", "http://127.0.0.1:9/mcp", ""];
    for foreign in elsewhere {
        server.says(json!({ "resource": foreign, "authorization_servers": [authorization.issuer()] }));
        let outcome = sign_in_anew(&home, &id).await;
        let flaw = json!({ "kind": "notAllowed", "member": "resource", "why": "foreign" });
        assert_eq!(
            (&outcome["kind"], &outcome["flaw"]),
            (&json!("badDocument"), &flaw),
            "{foreign}"
        );
    }
    server.says(json!({ "authorization_servers": [authorization.issuer()] }));
    assert_eq!(
        sign_in_anew(&home, &id).await["kind"],
        "badDocument",
        "none at all"
    );
    assert!(authorization.wire().exchanges().is_empty(), "nobody was asked");
    assert!(home.person().opened().is_empty(), "no page");
}

#[tokio::test]
async fn s06_r21_a_server_on_this_machine_cannot_send_the_app_elsewhere() {
    let server = Signpost::to(&[]).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    for forbidden in [
        "http://169.254.169.254/latest",
        "https://169.254.169.254",
        "https://10.0.0.1",
        "https://[fd00::1]",
        "https://[::ffff:10.0.0.1]",
        "https://0x0a000001",
        "http://as.example.com",
        "https://me@as.example.com",
        "ftp://as.example.com",
    ] {
        server.points_to(&[forbidden]);
        let outcome = sign_in_anew(&home, &id).await;
        assert_eq!(outcome, json!({ "kind": "insecureUrl", "url": forbidden }));
    }
    assert!(home.person().opened().is_empty(), "no page");
}
