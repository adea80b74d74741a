//! A provider that goes by another name with the person's leave. That is for one issuer alone, and opens nothing that
//! belongs to the bearer of the name (S3, S4).

use serde_json::{Value, json};
use usher_tests::{AuthorizationServer, Decision, Home, Signpost, Ways};

use super::exceptions::with_defaults;

/// What the authorization servers call themselves.
const NAMED: &str = "https://login.example.com";

async fn calls_itself_otherwise() -> AuthorizationServer {
    let ways = Ways {
        false_issuer: Some(NAMED),
        ..Ways::default()
    };
    AuthorizationServer::open(ways).await
}

async fn accept(home: &Home, id: &str) {
    let exceptions = with_defaults(json!({ "acceptedIssuer": NAMED }));
    let set = json!({ "id": id, "exceptions": exceptions });
    home.good("setExceptions", set).await;
}

async fn sign_in_anew(home: &Home, id: &str) -> Value {
    home.good("signIn", json!({ "id": id })).await;
    home.outcome(id).await
}

#[tokio::test]
async fn s04_a_name_accepted_of_one_issuer_is_not_taken_from_the_next_that_the_server_names() {
    let (one, evil) = (calls_itself_otherwise().await, calls_itself_otherwise().await);
    let server = Signpost::to(&[one.issuer()]).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    let mismatch = |issuer: &str| json!({ "kind": "issuerMismatch", "expected": issuer, "found": NAMED });
    assert_eq!(home.sign_in(&id).await, mismatch(one.issuer()));
    accept(&home, &id).await;

    server.points_to(&[evil.issuer(), one.issuer()]);
    for time in ["at once", "and later"] {
        assert_eq!(sign_in_anew(&home, &id).await, mismatch(evil.issuer()), "{time}");
    }
    assert_eq!(home.server(&id).await["exceptions"], with_defaults(json!({})));
    assert_eq!(
        evil.seen().count("POST /register"),
        0,
        "nothing but its metadata is asked for"
    );
    assert!(home.person().opened().is_empty(), "no page is opened");

    server.points_to(&[one.issuer()]);
    assert_eq!(
        sign_in_anew(&home, &id).await,
        mismatch(one.issuer()),
        "what was taken away does not come back"
    );
    accept(&home, &id).await;
    assert_eq!(sign_in_anew(&home, &id).await, json!({ "kind": "authorized" }));
}
