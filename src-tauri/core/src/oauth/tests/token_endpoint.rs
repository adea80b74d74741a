//! Refreshes, as real answers and real silence decide them.

use std::time::Duration;

use serde_json::json;
use tokio::{io::AsyncReadExt, net::TcpListener};

use super::Place;
use crate::{
    base::{ClientId, RedirectUri, Secret, Timestamp},
    oauth::{GrantClient, RefreshError, Registration, Tokens, refresh},
};

const NOW: Timestamp = Timestamp::from_seconds(1_000);

/// Gives the client of a grant whose token endpoint is at `token_endpoint`.
async fn client(place: &Place, token_endpoint: &str) -> GrantClient {
    let mut metadata = place.metadata();
    metadata["token_endpoint"] = json!(token_endpoint);
    place.says("/.well-known/oauth-authorization-server", &metadata);
    let at = place.discover().await.expect("discovered");
    let redirect = RedirectUri::new("dev.usher.desktop://oauth/callback");
    let registration = Registration::pre_registered(&at, ClientId::new("client"), None, redirect);
    let client = GrantClient::new(&at, &registration);
    GrantClient::from_secret_json(&client.to_secret_json()).expect("survives sealing")
}

async fn renew(place: &Place, client: &GrantClient) -> Result<Tokens, RefreshError> {
    refresh(&place.asking(NOW), client, &Secret::new("old".to_owned())).await
}

#[tokio::test]
async fn r13_r18_a_refresh_names_client_and_resource_and_no_scope() {
    let place = Place::complete().await;
    place.replies(
        "/token",
        200,
        r#"{"access_token":"new","token_type":"bearer","refresh_token":"next"}"#,
    );
    let tokens = renew(&place, &client(&place, &place.at("/token")).await)
        .await
        .expect("renewed");
    assert!(tokens.access == Secret::new("new".to_owned()));
    assert!(tokens.refresh == Some(Secret::new("next".to_owned())));
    let seen = place.seen().pop().expect("a request");
    assert_eq!(seen.form("grant_type"), ["refresh_token"]);
    assert_eq!(seen.form("refresh_token"), ["old"]);
    assert_eq!(seen.form("client_id"), ["client"]);
    assert_eq!(seen.form("resource"), [place.at("/mcp")]);
    assert!(seen.form("scope").is_empty(), "all scopes stay (RFC 6749 §6)");
    assert!(
        seen.form("redirect_uri").is_empty(),
        "a changed port never costs a grant (R11)"
    );
}

#[tokio::test]
async fn s31_without_a_new_refresh_token_the_old_one_stays() {
    let place = Place::complete().await;
    place.replies("/token", 200, r#"{"access_token":"new","token_type":"bearer"}"#);
    let tokens = renew(&place, &client(&place, &place.at("/token")).await)
        .await
        .expect("renewed");
    assert!(tokens.refresh == Some(Secret::new("old".to_owned())));
    assert_eq!(tokens.expires_at, None, "a 401 will tell");
}

#[tokio::test]
async fn s32_answers_decide_between_dead_and_a_bad_day() {
    let place = Place::complete().await;
    let client = client(&place, &place.at("/token")).await;
    let later = RefreshError::Unreachable { retry_after: None };
    let cases = [
        (400, r#"{"error":"invalid_grant"}"#, RefreshError::Rejected),
        (401, r#"{"error":"invalid_grant"}"#, RefreshError::Rejected),
        (400, r#"{"error":"unauthorized_client"}"#, RefreshError::Rejected),
        (401, r#"{"error":"invalid_client"}"#, RefreshError::InvalidClient),
        (400, r#"{"error":"temporarily_unavailable"}"#, later.clone()),
        (400, r#"{"error":"invalid_grant","error":"x"}"#, later.clone()),
        (400, "", later.clone()),
        (401, "", later.clone()),
        (302, "", later.clone()),
        (511, "<html>", RefreshError::Portal),
        (503, "<html>invalid_grant", later),
        (200, "<html>", RefreshError::Unknown),
        (
            200,
            r#"{"access_token":"a b","token_type":"bearer"}"#,
            RefreshError::Unknown,
        ),
        (
            200,
            r#"{"access_token":"a","token_type":"DPoP"}"#,
            RefreshError::Unknown,
        ),
    ];
    for (status, body, expected) in cases {
        place.replies("/token", status, body);
        assert_eq!(
            renew(&place, &client).await.err(),
            Some(expected),
            "{status} {body}"
        );
    }
}

#[tokio::test]
async fn s32_a_server_that_asks_for_patience_gets_it_up_to_an_hour() {
    let place = Place::complete().await;
    let client = client(&place, &place.at("/token")).await;
    let far = "Fri, 01 Jan 2100 00:00:00 GMT";
    for (value, seconds) in [("7", 7), ("999999", 3600), (far, 3600)] {
        place.replies_with("/token", 429, vec![("retry-after", value.to_owned())], "");
        let retry_after = Some(Duration::from_secs(seconds));
        assert_eq!(
            renew(&place, &client).await.err(),
            Some(RefreshError::Unreachable { retry_after }),
            "{value}"
        );
    }
}

#[tokio::test]
async fn s32_nobody_there_is_a_bad_day_and_a_broken_answer_is_unknown() {
    let place = Place::complete().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let client = client(&place, &format!("http://{address}/token")).await;
    let hangs_up = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let read = stream.read(&mut [0; 64]).await.expect("a request");
        assert!(read > 0, "the request arrived");
    });
    assert_eq!(
        renew(&place, &client).await.err(),
        Some(RefreshError::Unknown),
        "it may have been served"
    );
    hangs_up.await.expect("the listener is gone with its task");
    let later = RefreshError::Unreachable { retry_after: None };
    assert_eq!(
        renew(&place, &client).await.err(),
        Some(later),
        "nothing was sent"
    );
}
