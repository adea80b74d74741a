//! Tokens without a person: what is asked, and what answers come to.

use std::time::Duration;

use serde_json::json;

use super::Place;
use crate::{
    base::{AuthMethod, ClientId, Exceptions, Issuer, Reach, Secret, Timestamp},
    oauth::{
        Client, ClientAuth, GrantClient, Granted, Hints, MachineError, MachineGrant, RefreshError,
        TokenPlace, TokenSource, find_signpost,
    },
};

const NOW: Timestamp = Timestamp::from_seconds(1_000);
const GOOD: &str =
    r#"{"access_token":"a","token_type":"bearer","refresh_token":"not-wanted","expires_in":60}"#;

/// Opens a place whose authorization server has no page and promises no PKCE.
async fn place() -> Place {
    let place = Place::complete().await;
    let mut resource = place.resource();
    resource["scopes_supported"] = json!(["read", "offline_access"]);
    place.says("/.well-known/oauth-protected-resource/mcp", &resource);
    let metadata = json!({
        "issuer": place.origin, "token_endpoint": place.at("/token"), "revocation_endpoint": place.at("/revoke"),
    });
    place.says("/.well-known/oauth-authorization-server", &metadata);
    place.replies("/token", 200, GOOD);
    place
}

async fn found(place: &Place) -> TokenPlace {
    found_excepting(place, &Exceptions::default()).await
}

async fn found_excepting(place: &Place, exceptions: &Exceptions) -> TokenPlace {
    let hints = Hints::default();
    let signpost = find_signpost(&place.http, &place.server(), Reach::Loopback, &hints).await;
    let issuer = Issuer::new(&place.origin);
    let found = signpost
        .expect("a document")
        .follow_for_tokens(&place.http, &issuer, exceptions)
        .await;
    found.expect("neither a page nor PKCE is needed")
}

fn client(secret: Option<&str>) -> Client {
    let secret = secret.map(|secret| Secret::new(secret.to_owned()));
    Client {
        id: ClientId::new("me"),
        auth: secret.map_or(ClientAuth::Public, ClientAuth::Secret),
    }
}

async fn ask(place: &Place, grant: MachineGrant) -> Result<Granted, MachineError> {
    let at = found(place).await;
    at.obtain(&place.asking(NOW), client(Some("s")), grant).await
}

fn pasted(token: &str) -> TokenSource {
    TokenSource::pasted(Secret::new(token.to_owned())).expect("a token")
}

#[tokio::test]
async fn r23_a_client_asks_for_this_resource_and_its_scopes_and_takes_no_refresh_token() {
    let place = place().await;
    let granted = ask(&place, MachineGrant::client_credentials())
        .await
        .expect("granted");
    assert!(
        granted.tokens.refresh.is_none(),
        "what it could bring can be asked for"
    );
    assert_eq!(
        granted.scopes.to_string(),
        "read",
        "nothing has to stay alive by itself"
    );
    let sealed = granted.client.to_secret_json();
    let client = GrantClient::from_secret_json(&sealed).expect("it survives sealing");
    let asker = client.machine().expect("it can be asked again");
    asker.ask_again(&place.asking(NOW)).await.expect("granted again");
    let asked: Vec<_> = place
        .seen()
        .into_iter()
        .filter(|seen| seen.path == "/token")
        .collect();
    assert_eq!(asked.len(), 2);
    for seen in asked {
        assert_eq!(seen.form("grant_type"), ["client_credentials"]);
        assert_eq!(seen.form("resource"), [place.at("/mcp")]);
        assert_eq!(seen.form("scope"), ["read"]);
        assert_eq!(seen.form("client_id"), ["me"]);
        assert!(seen.headers.contains_key("authorization"), "Basic");
    }
}

#[tokio::test]
async fn r23_what_comes_in_exchange_is_shown_only_if_it_is_what_was_asked_for() {
    let idp = Place::complete().await;
    let place = place().await;
    for (kind, good) in [
        ("urn:ietf:params:oauth:token-type:id-jag", true),
        ("urn:ietf:params:oauth:token-type:access_token", false),
    ] {
        let given = json!({ "access_token": "jag", "token_type": "N_A", "issued_token_type": kind });
        idp.replies("/token", 200, &given.to_string());
        let at = found(&place).await;
        let issuer = Issuer::new(&idp.origin);
        let provider = at.identity_provider(&place.http, &issuer, client(None)).await;
        let grant = MachineGrant::company(provider.expect("its metadata names it"), pasted("id"));
        let asked = at.obtain(&place.asking(NOW), client(Some("s")), grant).await;
        assert_eq!(asked.is_ok(), good, "{kind}");
    }
    let exchange = idp.seen().pop().expect("it was asked");
    assert_eq!(exchange.form("audience"), [place.at("")]);
    assert_eq!(exchange.form("resource"), [place.at("/mcp")]);
    assert_eq!(exchange.form("subject_token"), ["id"]);
    let shown: Vec<_> = place
        .seen()
        .into_iter()
        .filter(|seen| seen.path == "/token")
        .collect();
    assert_eq!(shown.len(), 1, "the other one went nowhere");
    assert_eq!(shown[0].form("assertion"), ["jag"]);
    assert!(
        shown[0].form("subject_token").is_empty(),
        "the ID token is the provider's alone"
    );
}

#[tokio::test]
async fn r23_s32_answers_decide_between_dead_and_a_bad_day() {
    let place = place().await;
    let granted = ask(&place, MachineGrant::platform_token(pasted("jwt"))).await;
    let client = granted.expect("granted").client;
    let later = RefreshError::Unreachable { retry_after: None };
    for (status, body, expected) in [
        (400, r#"{"error":"invalid_grant"}"#, RefreshError::Rejected),
        (400, r#"{"error":"invalid_scope"}"#, RefreshError::Rejected),
        (403, r#"{"error":"unauthorized_client"}"#, RefreshError::Rejected),
        (401, r#"{"error":"invalid_client"}"#, RefreshError::InvalidClient),
        (400, r#"{"error":"temporarily_unavailable"}"#, later.clone()),
        (503, "<html>", later),
        (200, "<html>", RefreshError::Unknown),
        (
            200,
            r#"{"access_token":"a b","token_type":"bearer"}"#,
            RefreshError::Unknown,
        ),
    ] {
        place.replies("/token", status, body);
        let asker = client.machine().expect("it can be asked again");
        let asked = asker.ask_again(&place.asking(NOW)).await;
        assert_eq!(asked.err(), Some(expected), "{status} {body}");
    }
    place.replies_with("/token", 429, vec![("retry-after", "7".to_owned())], "");
    let asked = client
        .machine()
        .expect("a machine")
        .ask_again(&place.asking(NOW))
        .await;
    let retry_after = Some(Duration::from_secs(7));
    assert_eq!(asked.err(), Some(RefreshError::Unreachable { retry_after }));
}

#[tokio::test]
async fn r23_the_persons_exceptions_count_without_a_person_too_and_are_pinned() {
    let place = place().await;
    let named = "https://login.example.com";
    let metadata = json!({ "issuer": named, "token_endpoint": place.at("/token") });
    place.says("/.well-known/oauth-authorization-server", &metadata);
    let exceptions = Exceptions {
        accepted_issuer: Some(Issuer::new(named)),
        omit_resource: true,
        token_auth_method: Some(AuthMethod::Post),
        ..Exceptions::default()
    };
    let at = found_excepting(&place, &exceptions).await;
    let client = client(Some("s"));
    let granted = at
        .obtain(&place.asking(NOW), client, MachineGrant::client_credentials())
        .await;
    let granted = granted.expect("granted");
    assert_eq!(
        granted.issuer.as_str(),
        place.origin,
        "who was asked is who it is"
    );
    let asker = granted.client.machine().expect("it asks by itself");
    asker.ask_again(&place.asking(NOW)).await.expect("renewed");
    let asked: Vec<_> = place
        .seen()
        .into_iter()
        .filter(|seen| seen.path == "/token")
        .collect();
    assert_eq!(asked.len(), 2);
    for seen in asked {
        assert!(seen.form("resource").is_empty(), "it is not named");
        assert_eq!(seen.form("client_secret"), ["s"], "in the form");
    }
}
