//! Who signed in, as the token and userinfo endpoints tell it.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::header::AUTHORIZATION;
use serde_json::{Value, json};

use super::{Place, sign_in};
use crate::{base::Timestamp, oauth::Identity};

const NOW: Timestamp = Timestamp::from_seconds(1_000);

/// Signs in where the provider has a userinfo endpoint; gives whom it named.
async fn signed_in(place: &Place, scope: &str, id_token: Option<Value>) -> Option<Identity> {
    let mut metadata = place.metadata();
    metadata["userinfo_endpoint"] = json!(place.at("/userinfo"));
    place.says("/.well-known/oauth-authorization-server", &metadata);
    let mut answer = json!({ "access_token": "a", "token_type": "Bearer", "scope": scope });
    if let Some(claims) = id_token {
        let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
        answer["id_token"] = json!(format!("h.{claims}.s"));
    }
    place.says("/token", &answer);
    let returned = sign_in::come_back(&sign_in::awaiting(place, None).await);
    let granted = returned.exchange(&place.asking(NOW)).await;
    granted.expect("the tokens are good").identity
}

fn claims(place: &Place, more: Value) -> Value {
    let mut claims = json!({ "iss": place.origin, "aud": "client", "exp": 1_060, "sub": "ada" });
    if let (Some(claims), Value::Object(more)) = (claims.as_object_mut(), more) {
        claims.extend(more);
    }
    claims
}

fn userinfo_asked(place: &Place) -> usize {
    place.asked().iter().filter(|path| *path == "/userinfo").count()
}

#[tokio::test]
async fn an_id_token_with_a_name_is_enough() {
    let place = Place::complete().await;
    let claims = claims(&place, json!({ "email": "ada@example.com" }));
    let identity = signed_in(&place, "openid read", Some(claims))
        .await
        .expect("named");
    assert_eq!(identity.subject.as_str(), "ada");
    assert_eq!(identity.label.as_deref(), Some("ada@example.com"));
    assert_eq!(userinfo_asked(&place), 0, "there is nothing left to ask");
}

#[tokio::test]
async fn the_userinfo_endpoint_is_asked_once_for_the_name_that_is_missing() {
    let place = Place::complete().await;
    place.says("/userinfo", &json!({ "sub": "ada", "preferred_username": "ada" }));
    for id_token in [None, Some(claims(&place, json!({})))] {
        let before = userinfo_asked(&place);
        let identity = signed_in(&place, "openid", id_token).await.expect("named");
        assert_eq!(identity.label.as_deref(), Some("ada"));
        assert_eq!(userinfo_asked(&place), before + 1);
    }
    let asked = place.seen().pop().expect("a request");
    let shown = asked.headers.get(AUTHORIZATION).expect("the token is shown");
    assert_eq!(shown, "Bearer a", "in the header, as at any resource");
}

#[tokio::test]
async fn userinfo_about_somebody_else_is_not_used() {
    let place = Place::complete().await;
    place.says("/userinfo", &json!({ "sub": "eve", "email": "eve@example.com" }));
    let claims = claims(&place, json!({}));
    let identity = signed_in(&place, "openid", Some(claims)).await.expect("named");
    assert_eq!((identity.subject.as_str(), identity.label), ("ada", None));
}

#[tokio::test]
async fn nobody_is_asked_who_signed_in_where_openid_was_not_granted() {
    let place = Place::complete().await;
    place.says("/userinfo", &json!({ "sub": "ada", "name": "Ada" }));
    let claims = claims(&place, json!({ "name": "Ada" }));
    assert_eq!(signed_in(&place, "read", Some(claims)).await, None);
    assert_eq!(userinfo_asked(&place), 0);
}

#[tokio::test]
async fn trouble_with_the_name_costs_no_tokens() {
    let place = Place::complete().await;
    for (status, body) in [
        (200, "<html>"),
        (403, r#"{"sub":"ada"}"#),
        (500, ""),
        (302, ""),
        (200, r#"{"sub":"ada","sub":"eve"}"#),
    ] {
        place.replies_with(
            "/userinfo",
            status,
            vec![("location", place.at("/elsewhere"))],
            body,
        );
        assert_eq!(signed_in(&place, "openid", None).await, None, "{status} {body}");
    }
    let elsewhere = place.asked().contains(&"/elsewhere".to_owned());
    assert!(!elsewhere, "a token follows no redirect");
}

#[tokio::test]
async fn r21_a_userinfo_endpoint_is_checked_as_every_endpoint() {
    let place = Place::complete().await;
    let mut metadata = place.metadata();
    metadata["userinfo_endpoint"] = json!("http://as.example.com/userinfo");
    place.says("/.well-known/oauth-authorization-server", &metadata);
    assert!(place.discover().await.is_err(), "plain http beyond this machine");
}

#[tokio::test]
async fn r14_we_never_ask_for_openid_by_ourselves() {
    let place = Place::complete().await;
    let mut metadata = place.metadata();
    metadata["scopes_supported"] = json!(["openid", "profile", "email"]);
    metadata["userinfo_endpoint"] = json!(place.at("/userinfo"));
    place.says("/.well-known/oauth-authorization-server", &metadata);
    let awaiting = sign_in::awaiting(&place, None).await;
    assert_eq!(
        awaiting.scopes(),
        None,
        "the provider's list is not what the server asks for"
    );
}
