//! One sign-in from discovery to revocation, as the authorization server sees it.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::{Place, Seen, trace};
use crate::{
    base::{ClientId, RedirectUri, Secret, Timestamp},
    oauth::{
        Ask, Awaiting, Callback, Discovered, DocumentKind, ExchangeError, Expected, Flaw, Flawed, JsonType,
        Member, RegisterError, Registration, Returned, Revocation, register, revoke,
    },
};

const REDIRECT: &str = "dev.usher.desktop://oauth/callback";
const NOW: Timestamp = Timestamp::from_seconds(1_000);

pub(super) fn redirect() -> RedirectUri {
    RedirectUri::new(REDIRECT)
}

async fn discovered(place: &Place) -> Discovered {
    place.discover().await.expect("discovered")
}

pub(super) async fn awaiting(place: &Place, secret: Option<&str>) -> Awaiting {
    let at = discovered(place).await;
    let secret = secret.map(|secret| Secret::new(secret.to_owned()));
    let registration = Registration::pre_registered(&at, ClientId::new("client"), secret, redirect());
    at.with(registration).authorize(Ask::default()).expect("a page")
}

fn parameter(url: &Url, name: &str) -> String {
    let mut values = url.query_pairs().filter(|(own, _)| own == name);
    let value = values.next().map(|(_, value)| value.into_owned());
    assert!(values.next().is_none(), "{name} is sent once");
    value.unwrap_or_default()
}

pub(super) fn come_back(awaiting: &Awaiting) -> Returned {
    let state = parameter(awaiting.url(), "state");
    let url = format!("{REDIRECT}?code=the-code&state={state}")
        .parse()
        .expect("a URL");
    let Ok(returned) = awaiting.receive(Callback::parse(&url).expect("an answer"), &trace()) else {
        panic!("the answer belongs to this sign-in");
    };
    returned
}

fn last(place: &Place) -> Seen {
    place.seen().pop().expect("a request")
}

#[tokio::test]
async fn r09_a_registration_asks_for_what_we_are_and_nothing_more() {
    let place = Place::complete().await;
    place.replies("/register", 201, r#"{"client_id":"c"}"#);
    let at = discovered(&place).await;
    let registration = register(&place.http, &at, &redirect()).await.expect("registered");
    assert_eq!(registration.client_id().as_str(), "c");
    let asked: Value = serde_json::from_slice(&last(&place).body).expect("JSON");
    let expected = json!({
        "client_name": "Usher", "application_type": "native", "redirect_uris": [REDIRECT],
        "grant_types": ["authorization_code", "refresh_token"], "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    });
    assert_eq!(asked, expected);
}

#[tokio::test]
async fn r09_refusals_are_told_apart() {
    let place = Place::complete().await;
    let at = discovered(&place).await;
    let refused = |error: Option<&str>| RegisterError::Refused {
        error: error.map(str::to_owned),
    };
    let worded = r#"{"error":"invalid_client_metadata","error_description":"bad redirect_uris"}"#;
    let cases = [
        (
            400,
            r#"{"error":"invalid_redirect_uri"}"#,
            RegisterError::RedirectRefused,
        ),
        (400, worded, RegisterError::RedirectRefused),
        (
            403,
            r#"{"error":"access_denied"}"#,
            refused(Some("access_denied")),
        ),
        (400, r#"{"error":"a\nb"}"#, refused(None)),
        (500, "<html>", refused(None)),
        (
            200,
            r#"{"error":"invalid_request"}"#,
            refused(Some("invalid_request")),
        ),
    ];
    for (status, body, expected) in cases {
        place.replies("/register", status, body);
        assert_eq!(
            register(&place.http, &at, &redirect()).await.err(),
            Some(expected),
            "{status} {body}"
        );
    }
    let member = Member::ClientId;
    let repeated = Flaw::Repeated {
        member: Some(member),
        line: 1,
        column: 28,
    };
    for (body, flaw) in [
        ("<html>", Flaw::WebPage),
        ("{}", Flaw::Missing { member }),
        (r#"{"client_id":"a","client_id":"b"}"#, repeated),
    ] {
        place.replies("/register", 201, body);
        let expected = RegisterError::BadDocument(Flawed {
            document: DocumentKind::Registration,
            url: place.at("/register"),
            flaw,
        });
        assert_eq!(
            register(&place.http, &at, &redirect()).await.err(),
            Some(expected),
            "{body}"
        );
    }
}

#[tokio::test]
async fn r09_where_nobody_registers_nobody_is_asked() {
    let place = Place::complete().await;
    let mut metadata = place.metadata();
    metadata["registration_endpoint"] = json!(null);
    place.says("/.well-known/oauth-authorization-server", &metadata);
    let at = discovered(&place).await;
    assert_eq!(
        register(&place.http, &at, &redirect()).await.err(),
        Some(RegisterError::NotOffered)
    );
}

#[tokio::test]
async fn r13_r18_the_exchange_proves_who_began_and_names_client_and_resource() {
    let place = Place::complete().await;
    place.replies(
        "/token",
        200,
        r#"{"access_token":"a","token_type":"Bearer","expires_in":60,"refresh_token":"r"}"#,
    );
    let waiting = awaiting(&place, None).await;
    let restarted = Awaiting::from_secret_json(&waiting.to_secret_json()).expect("readable");
    let granted = come_back(&restarted)
        .exchange(&place.asking(NOW))
        .await
        .expect("granted");
    let seen = last(&place);
    assert_eq!(seen.method, Method::POST);
    assert_eq!(seen.form("grant_type"), ["authorization_code"]);
    assert_eq!(seen.form("code"), ["the-code"]);
    assert_eq!(seen.form("redirect_uri"), [REDIRECT]);
    assert_eq!(seen.form("client_id"), ["client"]);
    assert_eq!(seen.form("resource"), [place.at("/mcp")]);
    let verifier = seen.form("code_verifier");
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier[0]));
    assert_eq!(
        challenge,
        parameter(waiting.url(), "code_challenge"),
        "RFC 7636 §4.6"
    );
    assert!(
        !waiting.url().as_str().contains(&verifier[0]),
        "the browser never sees the verifier"
    );
    assert!(granted.tokens.access == Secret::new("a".to_owned()));
    assert_eq!(granted.tokens.expires_at, Some(Timestamp::from_seconds(1_060)));
    let shown = format!("{granted:?}");
    assert!(
        !shown.contains("\"a\"") && !shown.contains("\"r\""),
        "no secret is printed: {shown}"
    );
}

#[tokio::test]
async fn r18_a_secret_is_shown_as_the_server_wants_it() {
    let place = Place::complete().await;
    let _ = come_back(&awaiting(&place, Some("hush")).await)
        .exchange(&place.asking(NOW))
        .await;
    let seen = last(&place);
    assert!(
        seen.headers.contains_key("authorization"),
        "in the header by default"
    );
    assert_eq!(
        (seen.form("client_id").len(), seen.form("client_secret").len()),
        (1, 0)
    );
    let mut metadata = place.metadata();
    metadata["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
    place.says("/.well-known/oauth-authorization-server", &metadata);
    let _ = come_back(&awaiting(&place, Some("hush")).await)
        .exchange(&place.asking(NOW))
        .await;
    let seen = last(&place);
    assert!(
        !seen.headers.contains_key("authorization"),
        "not in both places (RFC 6749 §2.3)"
    );
    assert_eq!(seen.form("client_secret"), ["hush"]);
}

#[tokio::test]
async fn r18_a_refused_code_says_why() {
    let place = Place::complete().await;
    let refused = |error: Option<&str>| ExchangeError::Refused {
        error: error.map(str::to_owned),
    };
    let flawed = |document, flaw| {
        let url = place.at("/token");
        ExchangeError::BadDocument(Flawed { document, url, flaw })
    };
    let cases = [
        (
            401,
            r#"{"error":"invalid_grant"}"#,
            refused(Some("invalid_grant")),
        ),
        (
            200,
            r#"{"error":"bad_verification_code"}"#,
            refused(Some("bad_verification_code")),
        ),
        (401, r#"{"error":"invalid_client"}"#, ExchangeError::InvalidClient),
        (502, "<html>", refused(None)),
        (403, "<html>", flawed(DocumentKind::Refusal, Flaw::WebPage)),
        (200, "<html>", flawed(DocumentKind::Tokens, Flaw::WebPage)),
        (
            200,
            r#"{"access_token":7,"token_type":"bearer"}"#,
            flawed(
                DocumentKind::Tokens,
                Flaw::WrongType {
                    member: Member::AccessToken,
                    expected: Expected::String,
                    found: JsonType::Number,
                },
            ),
        ),
    ];
    for (status, body, expected) in cases {
        place.replies("/token", status, body);
        let error = come_back(&awaiting(&place, None).await)
            .exchange(&place.asking(NOW))
            .await
            .err();
        assert_eq!(error, Some(expected), "{status} {body}");
    }
}

#[tokio::test]
async fn r22_s24_no_post_follows_a_redirect() {
    let place = Place::complete().await;
    place.replies(
        "/elsewhere",
        200,
        r#"{"access_token":"a","token_type":"bearer","client_id":"c"}"#,
    );
    for status in [301, 302, 303, 307, 308] {
        for path in ["/register", "/token", "/revoke"] {
            place.replies_with(path, status, vec![("location", "/elsewhere".to_owned())], "");
        }
        let at = discovered(&place).await;
        let refused = RegisterError::Refused { error: None };
        assert_eq!(
            register(&place.http, &at, &redirect()).await.err(),
            Some(refused),
            "{status}"
        );
        let error = come_back(&awaiting(&place, None).await)
            .exchange(&place.asking(NOW))
            .await
            .err();
        assert_eq!(error, Some(ExchangeError::Refused { error: None }), "{status}");
    }
    assert!(
        !place.asked().contains(&"/elsewhere".to_owned()),
        "nothing leaves for there"
    );
}

#[tokio::test]
async fn revocation_ends_the_refresh_token_first_and_one_failing_skips_nothing() {
    let place = Place::complete().await;
    place.replies(
        "/token",
        200,
        r#"{"access_token":"a","token_type":"bearer","refresh_token":"r"}"#,
    );
    let granted = come_back(&awaiting(&place, None).await)
        .exchange(&place.asking(NOW))
        .await
        .expect("granted");
    for (status, outcome) in [
        (200, Revocation::Revoked),
        (400, Revocation::Failed),
        (503, Revocation::Unreachable),
        (429, Revocation::Unreachable),
        (302, Revocation::Unreachable),
    ] {
        place.replies("/revoke", status, "");
        assert_eq!(
            revoke((&place.http, NOW), &granted.client, &granted.tokens).await,
            outcome,
            "{status}"
        );
        let seen: Vec<_> = place
            .seen()
            .into_iter()
            .rev()
            .take(2)
            .map(|seen| seen.form("token"))
            .collect();
        assert_eq!(seen, [["a"], ["r"]], "the last two requests, newest first");
        assert_eq!(last(&place).form("token_type_hint"), ["access_token"]);
        assert_eq!(last(&place).form("client_id"), ["client"]);
    }
}
