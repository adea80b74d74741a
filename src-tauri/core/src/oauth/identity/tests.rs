use serde_json::json;

use super::*;
use crate::{
    base::{ClientId, RedirectUri},
    oauth::{Registration, authorize::tests::discovered},
};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const ISSUER: &str = "https://as.example.com";

fn client() -> GrantClient {
    let at = discovered();
    let registration =
        Registration::pre_registered(&at, ClientId::new("client"), None, RedirectUri::new("x:/"));
    GrantClient::new(&at, &registration)
}

/// An ID token with these claims beside the right ones; nobody looks at its header or its signature.
fn id_token(change: &Value) -> Secret<String> {
    let mut claims = json!({ "iss": ISSUER, "aud": "client", "exp": NOW.seconds() + 60, "sub": "ada" });
    if let (Some(claims), Value::Object(change)) = (claims.as_object_mut(), change) {
        claims.extend(change.clone());
    }
    let encoded = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
    Secret::new(format!("header.{encoded}.signature"))
}

fn read(change: &Value) -> Option<Identity> {
    of_id_token(&id_token(change), &client(), NOW).ok()
}

fn named(claims: Value) -> Identity {
    read(&claims).expect("the token fits")
}

#[test]
fn an_id_token_that_is_not_ours_names_nobody() {
    assert!(read(&json!({})).is_some(), "the right one does");
    for wrong in [
        json!({ "iss": "https://as.example.com/" }),
        json!({ "iss": null }),
        json!({ "aud": "another" }),
        json!({ "aud": ["another", "third"] }),
        json!({ "aud": [] }),
        json!({ "aud": null }),
        json!({ "aud": ["client", "another"], "azp": "another" }),
        json!({ "exp": NOW.seconds() - 301 }),
        json!({ "exp": null }),
        json!({ "exp": "soon" }),
        json!({ "sub": null }),
        json!({ "sub": "" }),
        json!({ "sub": 7 }),
        json!({ "sub": "x".repeat(256) }),
    ] {
        assert_eq!(read(&wrong), None, "{wrong}");
    }
    for right in [
        json!({ "aud": ["another", "client"], "azp": "client" }),
        json!({ "exp": NOW.seconds() - 299 }),
        json!({ "sub": "x".repeat(255) }),
    ] {
        assert!(read(&right).is_some(), "{right}");
    }
}

#[test]
fn s25_a_text_that_is_no_id_token_names_nobody() {
    let twice = BASE64_URL_SAFE_NO_PAD.encode(format!(
        r#"{{"iss":"{ISSUER}","aud":"client","exp":9999999999,"sub":"ada","sub":"eve"}}"#
    ));
    for text in [
        "",
        "token",
        "a.b",
        "a.!.c",
        "....",
        "a.WzFd.c",
        &format!("a.{twice}.c"),
    ] {
        let token = Secret::new(text.to_owned());
        let told = of_id_token(&token, &client(), NOW);
        assert!(matches!(told, Err(Aside::Flawed(_))), "{text}: {told:?}");
    }
}

#[test]
fn the_address_goes_before_the_user_name_and_that_before_the_name() {
    let all = json!({ "email": "ada@example.com", "preferred_username": "ada", "name": "Ada L." });
    assert_eq!(named(all).label.as_deref(), Some("ada@example.com"));
    let two = named(json!({ "preferred_username": "ada", "name": "Ada L." }));
    assert_eq!(two.label.as_deref(), Some("ada"));
    assert_eq!(two.login.as_deref(), Some("ada"));
    let one = named(json!({ "email": "  ", "name": "Ada L." }));
    assert_eq!(one.label.as_deref(), Some("Ada L."));
    assert_eq!(one.login, None, "nobody signs in with a display name");
    assert_eq!(named(json!({ "email": 7 })).label, None, "no text, no name");
}

#[test]
fn s52_what_hides_in_a_name_is_made_visible_and_never_sent_back() {
    let odd = named(json!({ "email": "ada\u{202e}moc.live@example.com\u{7}" }));
    assert_eq!(
        odd.label.as_deref(),
        Some("ada\u{fffd}moc.live@example.com\u{fffd}")
    );
    assert_eq!(odd.login, None, "it is not what would be sent");
    let long = named(json!({ "email": "ä".repeat(1000) }));
    let label = long.label.expect("a name");
    assert_eq!(label.chars().count(), LABEL_LIMIT);
    assert!(label.ends_with('…'), "it says that it is cut");
    assert_eq!(long.login, None);
    assert_eq!(
        named(json!({ "name": "דנה" })).label.as_deref(),
        Some("דנה"),
        "a script is not a trick"
    );
}
