//! A provider that goes by another name with the person's leave. That is for one issuer alone, and opens nothing that
//! belongs to the bearer of the name (S3, S4).

use serde_json::{Value, json};
use usher_tests::{AuthorizationServer, Decision, HandClock, Home, Signer, Signpost, Ways};

use super::{
    exceptions::with_defaults,
    machines::{Machine, by_company, by_key, company, pasted, ways},
};

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

/// Signs in to a server whose authorization server has taken the name with the person's leave, as the client that it knows.
async fn connected(ways: Ways, clock: HandClock, method: Value) -> Machine {
    let ways = Ways {
        false_issuer: Some(NAMED),
        ..ways
    };
    let it = Machine::at(ways, clock).await;
    accept(&it.home, &it.id).await;
    it.connected(method).await
}

#[tokio::test]
async fn r23_s04_what_a_key_signs_is_for_who_is_asked_and_never_for_the_bearer_of_the_name() {
    let (clock, signer) = (HandClock::default(), Signer::new());
    let mut ways = ways(&clock);
    ways.wants_auth = Some("private_key_jwt");
    ways.machines.key = Some(signer.clone());
    let it = connected(ways, clock, by_key(&signer)).await;
    it.authorization.expire_access();
    it.home.echo(&it.id, "hello").await.expect("it is asked again");
    assert_eq!(it.asked(), 2, "and takes only what is signed for it");
}

#[tokio::test]
async fn r23_s04_a_company_is_asked_for_leave_at_who_is_asked_and_never_at_the_bearer_of_the_name() {
    let clock = HandClock::default();
    let (idp, ways) = company(&clock).await;
    let method = by_company(&idp, pasted(&idp.id_token()));
    let it = connected(ways, clock, method).await;
    let exchange = idp.seen().all().pop().expect("the identity provider was asked");
    assert_eq!(exchange.params["audience"], it.authorization.issuer());
}
