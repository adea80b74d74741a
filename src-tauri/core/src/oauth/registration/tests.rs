//! Registration answers, good and hostile.

use url::Url;

use super::{super::authorize::tests::discovered, *};

const REDIRECT: &str = "dev.usher.desktop://oauth/callback";

fn document(json: &Value) -> Document {
    let url = Url::parse("https://as.example.com/register").expect("a URL");
    let document = Document::read(KIND, &url, json.to_string().as_bytes());
    document.expect("the test's document is an object")
}

fn answer(json: &Value) -> Result<Registration, &'static str> {
    read(&document(json), &discovered(), &RedirectUri::new(REDIRECT)).map_err(|error| match error {
        RegisterError::BadDocument(flawed) => flawed.flaw.member().map_or("no member", Member::name),
        _ => "redirect",
    })
}

#[test]
fn r09_we_ask_for_one_redirect_uri_and_no_scope() {
    let ask = ask(&RedirectUri::new(REDIRECT), AuthMethod::Public);
    assert_eq!(ask["redirect_uris"], json!([REDIRECT]));
    assert_eq!(ask.get("scope"), None, "a scope here would break a later step-up");
    assert_eq!(ask["application_type"], "native");
    assert_eq!(ask["token_endpoint_auth_method"], "none");
}

#[test]
fn r09_the_answer_decides_method_secret_and_expiry() {
    let got = answer(&json!({ "client_id": "c", "client_secret": "s", "client_secret_expires_at": 50 }))
        .expect("good");
    assert_eq!(
        got.method(),
        AuthMethod::Basic,
        "RFC 7591's default for a client with a secret"
    );
    assert!(got.is_usable(&RedirectUri::new(REDIRECT), Timestamp::from_seconds(49)));
    assert!(
        !got.is_usable(&RedirectUri::new(REDIRECT), Timestamp::from_seconds(50)),
        "the secret ran out"
    );
    assert!(
        !got.is_usable(
            &RedirectUri::new("http://127.0.0.1:1/"),
            Timestamp::from_seconds(1)
        ),
        "another way back"
    );
    let got = answer(&json!({ "client_id": "c", "token_endpoint_auth_method": "none" })).expect("good");
    assert_eq!(got.method(), AuthMethod::Public);
}

#[test]
fn s09_surprises_in_the_answer_are_refused() {
    assert_eq!(answer(&json!({})).err(), Some("client_id"));
    for id in ["", "a\nb", "ü", &"x".repeat(3000)] {
        assert_eq!(
            answer(&json!({ "client_id": id })).err(),
            Some("client_id"),
            "{} bytes",
            id.len()
        );
    }
    let elsewhere = json!({ "client_id": "c", "redirect_uris": ["https://evil.example/"] });
    assert_eq!(answer(&elsewhere).err(), Some("redirect"));
    let unknown =
        json!({ "client_id": "c", "client_secret": "s", "token_endpoint_auth_method": "tls_client_auth" });
    assert_eq!(answer(&unknown).err(), Some("token_endpoint_auth_method"));
}

#[test]
fn r11_a_refused_redirect_uri_is_told_from_other_refusals() {
    assert_eq!(
        refusal(&document(&json!({ "error": "invalid_redirect_uri" }))),
        RegisterError::RedirectRefused
    );
    let worded =
        json!({ "error": "invalid_client_metadata", "error_description": "redirect_uris must be https" });
    assert_eq!(refusal(&document(&worded)), RegisterError::RedirectRefused);
    let other = RegisterError::Refused {
        error: Some("access_denied".to_owned()),
    };
    assert_eq!(refusal(&document(&json!({ "error": "access_denied" }))), other);
}

#[test]
fn a_registration_survives_sealing_and_shows_no_secret() {
    let got = answer(&json!({ "client_id": "c", "client_secret": "hush" })).expect("good");
    let back = Registration::from_secret_json(&got.to_secret_json()).expect("readable");
    assert!(back.secret() == got.secret() && back.client_id() == got.client_id());
    assert!(!format!("{got:?}").contains("hush"), "Debug is redacted");
}

#[test]
fn s09_members_that_are_used_must_be_right_and_others_do_not_matter() {
    let with = |member: &str, value: Value| {
        let mut document = json!({ "client_id": "c", "client_secret": "s" });
        document[member] = value;
        answer(&document)
    };
    assert_eq!(with("redirect_uris", json!("x")).err(), Some("redirect_uris"));
    assert_eq!(with("client_secret", json!("a\nb")).err(), Some("client_secret"));
    assert_eq!(
        with("client_secret_expires_at", json!("soon")).err(),
        Some("client_secret_expires_at")
    );
    assert!(
        with("registration_access_token", json!("a\nb")).is_ok(),
        "nothing relies on it"
    );
    assert!(with("client_name", json!(["odd"])).is_ok(), "not used");
    let past = with("client_secret_expires_at", json!(-1)).expect("well-formed");
    assert!(!past.is_usable(&RedirectUri::new(REDIRECT), Timestamp::from_seconds(0)));
    let secretless =
        answer(&json!({ "client_id": "c", "token_endpoint_auth_method": "client_secret_basic" }));
    assert_eq!(
        secretless.err(),
        Some("client_secret"),
        "it wants a secret and gives none"
    );
}

#[test]
fn r09_a_public_client_outlives_a_secret_that_it_does_not_use() {
    let got = answer(&json!({
        "client_id": "c", "token_endpoint_auth_method": "none", "client_secret": "s", "client_secret_expires_at": 5,
    }));
    let got = got.expect("good");
    assert!(got.is_usable(&RedirectUri::new(REDIRECT), Timestamp::from_seconds(6)));
}

#[test]
fn r09_a_secret_goes_where_the_server_takes_it() {
    let method = |methods: &[&str]| {
        let mut at = discovered();
        at.server.auth_methods = methods.iter().map(|&method| method.to_owned()).collect();
        let secret = Some(Secret::new("s".to_owned()));
        Registration::pre_registered(&at, ClientId::new("c"), secret, RedirectUri::new(REDIRECT)).method()
    };
    assert_eq!(method(&[]), AuthMethod::Basic, "RFC 8414's default");
    assert_eq!(method(&["none", "client_secret_post"]), AuthMethod::Post);
    assert_eq!(
        method(&["client_secret_post", "client_secret_basic"]),
        AuthMethod::Basic
    );
    assert_eq!(
        method(&["private_key_jwt"]),
        AuthMethod::Basic,
        "what we cannot do is not the body"
    );
}

/// A registration whose answer names this place and this token for its management.
fn managed(uri: &Value, token: &Value) -> Option<Management> {
    let document =
        json!({ "client_id": "c", "registration_client_uri": uri, "registration_access_token": token });
    answer(&document).expect("nothing relies on them").0.management
}

#[test]
fn s04_a_registration_is_managed_where_the_issuer_is_and_nowhere_else() {
    let token = json!("hush");
    for home in [
        "https://as.example.com/register/c",
        "https://as.example.com/register?client=c",
    ] {
        assert!(managed(&json!(home), &token).is_some(), "{home}");
    }
    for elsewhere in [
        json!("https://evil.example/register/c"),
        json!("https://as.example.com:8443/register/c"),
        json!("http://as.example.com/register/c"),
        json!("https://u:p@as.example.com/register/c"),
        json!("https://as.example.com/register/c#x"),
        json!("https://as.example.com.evil.example/register/c"),
        json!("javascript:alert(1)"),
        json!("/register/c"),
        json!(7),
        Value::Null,
    ] {
        assert!(managed(&elsewhere, &token).is_none(), "{elsewhere}");
    }
    let home = json!("https://as.example.com/register/c");
    for odd in [json!("a\nb"), json!(""), json!(7), Value::Null] {
        assert!(managed(&home, &odd).is_none(), "{odd}");
    }
}

#[test]
fn s04_an_endpoint_on_another_host_is_the_issuers_too() {
    let mut at = discovered();
    at.server.registration_endpoint = Url::parse("https://clients.example.com/register").ok();
    let answer = json!({
        "registration_client_uri": "https://clients.example.com/c", "registration_access_token": "hush",
    });
    assert!(Management::read(&document(&answer), &at).is_some());
}

#[test]
fn a_registration_of_an_older_app_still_opens_and_is_managed_nowhere() {
    let got = answer(&json!({ "client_id": "c" })).expect("good");
    // EXPOSE: written anew as the first version did.
    let mut json: Value = serde_json::from_slice(got.to_secret_json().expose()).expect("JSON");
    let members = json.as_object_mut().expect("an object");
    members.remove("management");
    members.insert("management_uri".to_owned(), json!("https://evil.example/c"));
    members.insert("management_token".to_owned(), json!("hush"));
    let old = Secret::new(json.to_string().into_bytes());
    let back = Registration::from_secret_json(&old).expect("it opens");
    assert!(back.0.management.is_none(), "nobody looked at that address");
}
