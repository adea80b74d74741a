//! What of a request or an answer may be shown: what is known to be harmless, and of that nothing that was hidden
//! elsewhere in the same run. Everything else is named, and its value is left out.

use std::borrow::Cow;

use http::{HeaderMap, header};
use reqwest::Url;
use serde_json::{Map, Value};

use super::Param;
use crate::{
    base::Secret,
    oauth::{
        challenge::{Challenge, Scheme, challenges},
        strict::without_mark,
    },
};

/// The most characters that are kept of one value.
const VALUE_LIMIT: usize = 500;
/// The most characters that are kept of one name.
const NAME_LIMIT: usize = 100;
/// The most parameters or members that are kept of one request or answer.
const PARAM_LIMIT: usize = 50;
/// What is shorter is not searched for in other texts: it would be found by chance.
const SHORTEST_SECRET: usize = 8;
/// What stands in the place of a secret.
const HIDDEN: &str = "…";

/// Names of parameters and members whose values are harmless in any request or answer of OAuth.
const HARMLESS: [&str; 49] = [
    "algs",
    "application_type",
    "audience",
    "authorization_endpoint",
    "authorization_response_iss_parameter_supported",
    "authorization_servers",
    "client_assertion_type",
    "client_id",
    "client_id_metadata_document_supported",
    "client_name",
    "client_secret_expires_at",
    "code_challenge",
    "code_challenge_method",
    "code_challenge_methods_supported",
    "dpop_jkt",
    "dpop_signing_alg_values_supported",
    "error",
    "error_description",
    "error_uri",
    "expires_in",
    "grant_type",
    "grant_types",
    "grant_types_supported",
    "introspection_endpoint",
    "iss",
    "issued_token_type",
    "issuer",
    "jwks_uri",
    "prompt",
    "redirect_uri",
    "redirect_uris",
    "registration_client_uri",
    "registration_endpoint",
    "requested_token_type",
    "resource",
    "resource_metadata",
    "response_type",
    "response_types",
    "revocation_endpoint",
    "scope",
    "scopes_supported",
    "subject_token_type",
    "token_endpoint",
    "token_endpoint_auth_method",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "token_type",
    "token_type_hint",
    "userinfo_endpoint",
];

/// Names of members whose values are secrets when an answer brings them.
const SECRET: [&str; 16] = [
    "access_token",
    "actor_token",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "id_token",
    "nonce",
    "password",
    "refresh_token",
    "registration_access_token",
    "state",
    "subject_token",
    "token",
];

/// Gives a parameter or member with its value only if that is harmless.
pub(super) fn param(name: &str, value: &str) -> Param {
    let harmless = HARMLESS.contains(&name);
    let value = match name {
        "redirect_uri" => without_guess(value),
        _ => value.to_owned(),
    };
    Param {
        name: shortened(name, NAME_LIMIT),
        value: harmless.then_some(value),
    }
}

/// Gives the members of a JSON object.
pub(super) fn members(json: &[u8]) -> Vec<Param> {
    let object = object(json);
    let members = object.iter().map(|(name, value)| member(name, value));
    members.take(PARAM_LIMIT).collect()
}

/// Shows a member that is a value or a list of values; what is nested deeper is only named.
fn member(name: &str, value: &Value) -> Param {
    let text = match value {
        Value::Array(items) => items.iter().map(plain).collect::<Option<Vec<_>>>(),
        value => plain(value).map(|text| vec![text]),
    };
    let Some(text) = text else {
        return Param {
            name: shortened(name, NAME_LIMIT),
            value: None,
        };
    };
    let each = |text: String| match name {
        "redirect_uris" => without_guess(&text),
        _ => without_query(&text),
    };
    param(name, &text.into_iter().map(each).collect::<Vec<_>>().join(", "))
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
        other => Some(other.to_string()),
    }
}

/// Gives the pairs of a query or a form.
pub(super) fn pairs<'a>(pairs: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>) -> Vec<Param> {
    pairs
        .map(|(name, value)| param(&name, &value))
        .take(PARAM_LIMIT)
        .collect()
}

/// Gives what of an answer's headers says something about OAuth.
pub(super) fn headers(headers: &HeaderMap) -> Vec<Param> {
    let text = |name: header::HeaderName| {
        let value = headers.get(&name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    };
    let shown = |name: &str, value: Option<String>| Param {
        name: name.to_owned(),
        value,
    };
    let challenges = challenges(headers);
    let challenges = challenges.iter().take(PARAM_LIMIT);
    let location = text(header::LOCATION);
    let retry_after = text(header::RETRY_AFTER);
    let nonce = headers.contains_key("dpop-nonce");
    challenges
        .map(|challenge| shown("www-authenticate", Some(challenge_text(challenge))))
        .chain(location.map(|(name, value)| shown(&name, Some(before_query(&value).to_owned()))))
        .chain(retry_after.map(|(name, value)| shown(&name, Some(value))))
        .chain(nonce.then(|| shown("dpop-nonce", None)))
        .collect()
}

fn challenge_text(challenge: &Challenge) -> String {
    let scheme = match &challenge.scheme {
        Scheme::Bearer => "Bearer",
        Scheme::Dpop => "DPoP",
        Scheme::Other(name) => name,
    };
    let params = challenge.params().take(PARAM_LIMIT).map(|(name, value)| {
        let value = Some(without_query(value)).filter(|_| HARMLESS.contains(&name));
        format!("{name}=\"{}\"", value.as_deref().unwrap_or(HIDDEN))
    });
    format!("{scheme} {}", params.collect::<Vec<_>>().join(", "))
        .trim_end()
        .to_owned()
}

/// Gives the media type without its parameters.
pub(super) fn media_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let bare = text.split(';').next().unwrap_or_default().trim();
    Some(shortened(&bare.to_ascii_lowercase(), NAME_LIMIT))
}

/// Gives what an address carries and we do not show, of as many parameters as would be. Others may have chosen them.
pub(super) fn unshown_query(url: &Url) -> Vec<Secret<String>> {
    unshown(url.query_pairs().take(PARAM_LIMIT))
}

/// Gives what we send and do not show.
pub(super) fn unshown<'a>(values: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>) -> Vec<Secret<String>> {
    chosen(values, |name| !HARMLESS.contains(&name))
}

/// Gives what we send in a JSON object and do not show.
pub(super) fn unshown_members(json: &[u8]) -> Vec<Secret<String>> {
    chosen(texts(&object(json)), |name| !HARMLESS.contains(&name))
}

/// Gives the secrets that an answer brings. Its other values may well be in another place what is shown there.
pub(super) fn secret_members(json: &[u8]) -> Vec<Secret<String>> {
    chosen(texts(&object(json)), |name| SECRET.contains(&name))
}

fn chosen<'a>(
    values: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
    is_chosen: impl Fn(&str) -> bool,
) -> Vec<Secret<String>> {
    values
        .filter(|(name, _)| is_chosen(name))
        .map(|(_, value)| Secret::new(value.into_owned()))
        .collect()
}

fn object(json: &[u8]) -> Map<String, Value> {
    serde_json::from_slice(without_mark(json)).unwrap_or_default()
}

fn texts(object: &Map<String, Value>) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    object
        .iter()
        .filter_map(|(name, value)| Some((name.into(), value.as_str()?.into())))
}

/// Makes a text fit to show: no query, nothing that is secret in this run, not too long.
pub(super) fn cleaned<'a>(text: &str, hidden: impl IntoIterator<Item = &'a Secret<String>>) -> String {
    let mut text = without_query(text);
    for secret in hidden {
        // EXPOSE: it is searched for, to be taken out.
        let secret = secret.expose();
        if secret.len() >= SHORTEST_SECRET && text.contains(secret.as_str()) {
            text = text.replace(secret.as_str(), HIDDEN);
        }
    }
    shortened(&text, VALUE_LIMIT)
}

/// Gives an address fit to show.
pub(in crate::oauth) fn address(url: &Url) -> String {
    cleaned(url.as_str(), &[])
}

/// Takes query, fragment and credentials from a URL; another text stays as it is, byte for byte.
fn without_query(text: &str) -> String {
    let Ok(mut url) = Url::parse(text) else {
        return text.to_owned();
    };
    if !url.has_authority() {
        return text.to_owned();
    }
    if !url.username().is_empty() || url.password().is_some() {
        // A URL with a host always takes these.
        let _ = (url.set_username(""), url.set_password(None));
        return without_query(url.as_str());
    }
    match before_query(text) {
        bare if bare.len() == text.len() => text.to_owned(),
        bare => format!("{bare}?{HIDDEN}"),
    }
}

fn before_query(text: &str) -> &str {
    text.split(['?', '#']).next().unwrap_or_default()
}

/// Takes the part that nobody can guess from the address of a loopback listener (S21).
fn without_guess(redirect: &str) -> String {
    match redirect.split_once("/callback/") {
        Some((door, _)) if door.starts_with("http://") => format!("{door}/callback/{HIDDEN}"),
        _ => redirect.to_owned(),
    }
}

fn shortened(text: &str, limit: usize) -> String {
    if text.chars().nth(limit).is_none() {
        return text.to_owned();
    }
    let kept: String = text.chars().take(limit).collect();
    format!("{kept}{HIDDEN}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(params: &[Param], name: &str) -> Option<String> {
        let found = params.iter().find(|param| param.name == name);
        found.and_then(|param| param.value.clone())
    }

    #[test]
    fn s42_only_what_is_known_to_be_harmless_is_shown() {
        let answer = br#"{"access_token":"canary","refresh_token":"canary","id_token":"canary","token_type":"Bearer","expires_in":60,"new":"canary","scope":{"deep":"canary"}}"#;
        let shown = members(answer);
        assert!(!format!("{shown:?}").contains("canary"), "{shown:?}");
        assert_eq!(value(&shown, "token_type").as_deref(), Some("Bearer"));
        assert_eq!(value(&shown, "expires_in").as_deref(), Some("60"));
        assert_eq!(shown.len(), 7, "what is hidden is still named");
    }

    #[test]
    fn s42_an_address_is_shown_without_what_may_be_secret_in_it() {
        for (address, shown) in [
            ("https://a.example/mcp", "https://a.example/mcp"),
            ("https://a.example", "https://a.example"),
            ("https://a.example/mcp?key=canary", "https://a.example/mcp?…"),
            ("https://a.example/#canary", "https://a.example/?…"),
            ("https://canary@a.example/x", "https://a.example/x"),
            ("https://me:canary@a.example/x?y", "https://a.example/x?…"),
            ("app.example://cb?code=canary", "app.example://cb?…"),
            ("no address?", "no address?"),
        ] {
            assert_eq!(cleaned(address, &[]), shown);
        }
        let list = json!({ "authorization_servers": ["https://a.example?canary", "https://b.example"] });
        let shown = members(list.to_string().as_bytes());
        assert_eq!(
            value(&shown, "authorization_servers").as_deref(),
            Some("https://a.example?…, https://b.example")
        );
        let door = param("redirect_uri", "http://127.0.0.1:7777/callback/canary");
        assert_eq!(door.value.as_deref(), Some("http://127.0.0.1:7777/callback/…"));
    }

    #[test]
    fn s42_what_is_secret_in_a_run_is_taken_out_of_every_text() {
        let hidden = [Secret::new("canary-1".to_owned()), Secret::new("a".to_owned())];
        assert_eq!(
            cleaned("bad token canary-1, again", &hidden),
            "bad token …, again"
        );
    }

    #[test]
    fn headers_say_what_oauth_needs_and_nothing_more() {
        let given: HeaderMap = [
            (
                header::WWW_AUTHENTICATE,
                "Bearer realm=\"canary\", scope=\"read\", resource_metadata=\"https://a.example/m?canary\"",
            ),
            (header::LOCATION, "/next?code=canary"),
            (header::RETRY_AFTER, "7"),
            (header::SET_COOKIE, "canary"),
            (header::HeaderName::from_static("dpop-nonce"), "canary"),
        ]
        .map(|(name, value)| (name, value.parse().expect("a value")))
        .into_iter()
        .collect();
        let shown = headers(&given);
        assert!(!format!("{shown:?}").contains("canary"), "{shown:?}");
        let challenge = "Bearer realm=\"…\", scope=\"read\", resource_metadata=\"https://a.example/m?…\"";
        assert_eq!(value(&shown, "www-authenticate").as_deref(), Some(challenge));
        assert_eq!(value(&shown, "location").as_deref(), Some("/next"));
        assert_eq!(value(&shown, "retry-after").as_deref(), Some("7"));
        let names: Vec<_> = shown.iter().map(|param| param.name.as_str()).collect();
        assert_eq!(
            names,
            ["www-authenticate", "location", "retry-after", "dpop-nonce"]
        );
    }

    #[test]
    fn what_is_long_is_shortened_and_says_so() {
        let shown = cleaned(&"ä".repeat(600), &[]);
        assert_eq!(shown.chars().count(), VALUE_LIMIT + 1);
        let many: Map<String, Value> = (0..99).map(|at| (at.to_string(), Value::Null)).collect();
        assert_eq!(members(json!(many).to_string().as_bytes()).len(), PARAM_LIMIT);
    }
}
