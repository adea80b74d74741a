//! Which pages are opened, what their addresses carry and what they must not.

use super::*;
use crate::base::{ExtraParameter, ExtraParameters, ExtraParametersError};

/// A verified issuer as discovery would give it.
pub(in crate::oauth) fn discovered() -> Discovered {
    let json = serde_json::json!({
        "resource": "https://mcp.example.com", "scopes": "read",
        "server": {
            "issuer": "https://as.example.com", "authorization_endpoint": "https://as.example.com/authorize?tenant=1",
            "token_endpoint": "https://as.example.com/token", "registration_endpoint": null,
            "revocation_endpoint": "https://as.example.com/revoke", "sends_iss": true,
            "takes_metadata_documents": false, "offers_offline_access": false, "auth_methods": [], "takes_proofs": false,
            "reach": "public",
        },
    });
    serde_json::from_value(json).expect("the test's discovery is well-formed")
}

pub(in crate::oauth) fn awaiting() -> Awaiting {
    registered(discovered())
        .authorize(Ask::default())
        .expect("a page to open")
}

fn registered(at: Discovered) -> Registered {
    let redirect = RedirectUri::new("dev.usher.desktop://oauth/callback");
    let registration = Registration::pre_registered(&at, ClientId::new("client"), None, redirect);
    at.with(registration)
}

fn param(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(own, _)| own == name)
        .map(|(_, value)| value.into_owned())
}

#[test]
fn r12_r13_r15_the_page_carries_s256_the_raw_resource_and_a_fresh_state() {
    let (one, two) = (awaiting(), awaiting());
    assert_eq!(param(one.url(), "code_challenge_method").as_deref(), Some("S256"));
    assert_eq!(
        param(one.url(), "resource").as_deref(),
        Some("https://mcp.example.com"),
        "no slash is added"
    );
    assert_eq!(param(one.url(), "scope").as_deref(), Some("read"));
    assert_eq!(
        param(one.url(), "tenant").as_deref(),
        Some("1"),
        "the endpoint's own query stays (RFC 6749 §3.1)"
    );
    let state = param(one.url(), "state").expect("a state");
    assert!(state.len() >= 22, "at least 128 bits");
    assert_ne!(
        param(two.url(), "state"),
        Some(state),
        "every attempt has its own"
    );
    assert_ne!(
        param(two.url(), "code_challenge"),
        param(one.url(), "code_challenge"),
        "S13"
    );
}

#[test]
fn s11_a_page_that_carries_a_parameter_of_ours_is_refused() {
    let ours = "response_type client_id redirect_uri state code_challenge code_challenge_method scope resource \
                prompt login_hint dpop_jkt request request_uri";
    for name in ours.split_whitespace() {
        let mut at = discovered();
        at.server
            .authorization_endpoint
            .set_query(Some(&format!("{name}=x")));
        assert_eq!(
            registered(at).authorize(Ask::default()).err(),
            Some(AuthorizeError::PresetParameter),
            "{name}"
        );
    }
}

#[test]
fn r21_what_is_ours_to_set_is_not_the_persons_to_add() {
    // A prompt is: it says what the page does, not who asks.
    for name in OURS.into_iter().filter(|name| *name != "prompt") {
        let own = ExtraParameter {
            name: name.to_owned(),
            value: "x".to_owned(),
        };
        let refused = ExtraParameters::try_from(vec![own]);
        assert_eq!(refused, Err(ExtraParametersError::Reserved { at: 0 }), "{name}");
    }
}

#[test]
fn s10_only_pages_that_may_be_opened_are() {
    for page in [
        "http://as.example.com/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://127.0.0.1/",
    ] {
        let mut at = discovered();
        at.server.authorization_endpoint = Url::parse(page).expect("a URL");
        assert_eq!(
            registered(at).authorize(Ask::default()).err(),
            Some(AuthorizeError::InsecureUrl),
            "{page}"
        );
    }
    let ask = Ask {
        login_hint: Some("x".repeat(9000)),
        ..Ask::default()
    };
    assert_eq!(
        registered(discovered()).authorize(ask).err(),
        Some(AuthorizeError::InsecureUrl),
        "over-long"
    );
}

#[test]
fn a_sign_in_survives_sealing_and_is_not_printable() {
    let one = awaiting();
    let back = Awaiting::from_secret_json(&one.to_secret_json()).expect("readable");
    assert_eq!(back.state_hash(), one.state_hash());
    assert_eq!(format!("{one:?}"), "Awaiting(…)");
}

#[test]
fn a_forced_page_asks_only_for_what_the_server_knows() {
    let prompt_of = |known: Option<&[&str]>, scopes: &str| {
        let known: Option<Vec<String>> =
            known.map(|known| known.iter().map(|&value| value.to_owned()).collect());
        let ask = Ask {
            force_page: true,
            ..Ask::default()
        };
        prompt(&ask, scopes.parse().ok().as_ref(), known.as_deref())
    };
    assert_eq!(prompt_of(None, "read").as_deref(), Some("consent"));
    assert_eq!(
        prompt_of(Some(&["none", "login", "consent"]), "read").as_deref(),
        Some("login")
    );
    assert_eq!(
        prompt_of(Some(&["login", "select_account"]), "read").as_deref(),
        Some("select_account")
    );
    assert_eq!(
        prompt_of(Some(&["login", "consent"]), "offline_access").as_deref(),
        Some("login consent")
    );
    assert_eq!(
        prompt_of(Some(&[]), "offline_access"),
        None,
        "it says that it knows none"
    );
    let quiet = prompt(&Ask::default(), "read".parse().ok().as_ref(), None);
    assert_eq!(quiet, None, "nobody is bothered without a reason");
}

#[test]
#[should_panic(expected = "shown to no other")]
fn r08_a_registration_is_never_shown_to_another_issuer() {
    let at = discovered();
    let redirect = RedirectUri::new("dev.usher.desktop://oauth/callback");
    let registration = Registration::pre_registered(&at, ClientId::new("client"), None, redirect);
    let mut other = at;
    other.server.issuer = Issuer::new("https://as.example.com/");
    drop(other.with(registration));
}
