//! What is written down while requests are made: every step, and nothing secret whatever anybody says.

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderValue, Method, header};
use reqwest::Request;
use serde_json::{Value, json};
use url::Url;

use super::{Place, trace};
use crate::{
    base::Reach,
    oauth::{Decision, Step, Trace, TracedHttp, What, discover},
    ports::{Http, HttpError, network},
};

const CANARY: &str = "canary-5c1d";

/// Every kind of secret that travels in OAuth, by the name it travels under.
const SECRETS: [&str; 18] = [
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
    "request",
    "nobody_knows_what",
];

fn traced() -> (Trace, TracedHttp) {
    let trace = trace();
    let http = Http::new("usher-test", network::hand::always()).expect("a client");
    (trace.clone(), TracedHttp::new(http, trace))
}

/// Says a secret wherever an answer can say something.
fn parrot(place: &Place, name: &str, status: u16) {
    let secret = format!("{CANARY}-{name}");
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        (
            "location",
            format!("https://{secret}@elsewhere.example/?{name}={secret}#{secret}"),
        ),
        (
            "www-authenticate",
            format!("Bearer realm=\"{secret}\", {name}=\"{secret}\", error_description=\"{secret}\""),
        ),
        ("dpop-nonce", secret.clone()),
        ("set-cookie", secret.clone()),
        ("retry-after", secret.clone()),
    ];
    let body = json!({
        name: secret, "error": format!("no {secret}"), "error_description": format!("what is {secret}?"),
        "issuer": format!("https://me:{secret}@as.example/?{name}={secret}"), "scope": { "hidden": secret },
        "redirect_uris": [format!("http://127.0.0.1:1/callback/{secret}")], "scopes_supported": [secret, [secret]],
        "unknown": secret, "jwks": { "keys": [{ "k": secret }] },
    });
    place.replies_with("/ask", status, headers, &body.to_string());
}

fn requests(place: &Place, name: &str) -> [Request; 3] {
    let secret = format!("{CANARY}-{name}");
    let url = |query: &str| Url::parse(&place.at(&format!("/ask{query}"))).expect("a URL");
    let mut form = Request::new(Method::POST, url(""));
    let mut credentials = HeaderValue::from_str(&format!("Basic {secret}")).expect("a value");
    credentials.set_sensitive(true);
    form.headers_mut().insert(header::AUTHORIZATION, credentials);
    *form.body_mut() = Some(format!("{name}={secret}").into());
    let mut body = Request::new(Method::POST, url(""));
    let kind = HeaderValue::from_static("application/json");
    body.headers_mut().insert(header::CONTENT_TYPE, kind);
    *body.body_mut() = Some(
        json!({ name: secret, "deep": [{ name: secret }] })
            .to_string()
            .into(),
    );
    [
        Request::new(Method::GET, url(&format!("?{name}={secret}"))),
        form,
        body,
    ]
}

#[tokio::test]
async fn s42_no_kind_of_secret_gets_into_a_trace_by_any_way() {
    let place = Place::open().await;
    for name in SECRETS {
        let (trace, http) = traced();
        for status in [200, 401] {
            parrot(&place, name, status);
            for request in requests(&place, name) {
                http.send(request, Reach::Loopback).await.expect("an answer");
            }
        }
        let echoed = Some(format!("so {CANARY}-{name} is wrong"));
        http.decided(Decision::CodeRefused { error: echoed });
        let shown = serde_json::to_string(&trace.steps()).expect("steps have a JSON form");
        assert_eq!(trace.steps().len(), 13, "{name}: every step is there");
        assert!(shown.contains("/ask"), "{name}: and says something");
        assert!(!shown.contains(CANARY), "{name}: {shown}");
    }
}

fn kinds(steps: &[Step]) -> Vec<Value> {
    let kind = |step: &Step| {
        let what = serde_json::to_value(&step.what).expect("a step has a JSON form");
        what.pointer("/decision/kind").unwrap_or(&what["kind"]).clone()
    };
    steps.iter().map(kind).collect()
}

#[tokio::test]
async fn discovery_says_what_it_asked_heard_and_decided_in_order() {
    let place = Place::complete().await;
    let (trace, http) = traced();
    discover(&http, &place.server(), Reach::Loopback, &Default::default())
        .await
        .expect("discovered");
    let expected = [
        "challengeAbsent",
        "asked",
        "answered",
        "resourceMetadataFound",
        "resourceAccepted",
        "issuerChosen",
        "asked",
        "answered",
        "issuerConfirmed",
        "pkcePromised",
        "scopesChosen",
    ];
    assert_eq!(kinds(&trace.steps()), expected);
}

#[tokio::test]
async fn r22_every_hop_of_a_document_is_a_step() {
    let place = Place::complete().await;
    let path = "/.well-known/oauth-protected-resource/mcp";
    for (from, to) in [(path, "/a"), ("/a", "/b?secret=x")] {
        place.replies_with(from, 302, vec![("location", to.to_owned())], "");
    }
    place.says("/b", &place.resource());
    let (trace, http) = traced();
    discover(&http, &place.server(), Reach::Loopback, &Default::default())
        .await
        .expect("two hops are few");
    let asked: Vec<_> = trace
        .steps()
        .into_iter()
        .filter_map(|step| match step.what {
            What::Asked { url, .. } => Some(url),
            _ => None,
        })
        .collect();
    assert_eq!(asked[..3], [place.at(path), place.at("/a"), place.at("/b")]);

    place.replies_with("/a", 302, vec![("location", "http://10.0.0.1/".to_owned())], "");
    let (trace, http) = traced();
    let refused = discover(&http, &place.server(), Reach::Loopback, &Default::default()).await;
    assert!(refused.is_err(), "S6: each hop is checked as the first");
    let last = trace.steps().pop().map(|step| step.what);
    assert!(
        matches!(
            last,
            Some(What::Failed {
                why: HttpError::UnsafeUrl
            })
        ),
        "{last:?}"
    );
}

#[tokio::test]
async fn s42_a_client_secret_in_a_header_is_shown_to_nobody_who_hears_it_back() {
    let place = Place::open().await;
    let refusal = json!({ "error": "invalid_client", "error_description": format!("{CANARY} is wrong") });
    place.replies("/ask", 401, &refusal.to_string());
    let (trace, http) = traced();
    let mut request = Request::new(Method::POST, Url::parse(&place.at("/ask")).expect("a URL"));
    let pair = BASE64_STANDARD.encode(format!("me:{}", CANARY.replace('-', "%2D")));
    let mut credentials = HeaderValue::from_str(&format!("Basic {pair}")).expect("a value");
    credentials.set_sensitive(true);
    request.headers_mut().insert(header::AUTHORIZATION, credentials);
    http.send(request, Reach::Loopback).await.expect("an answer");
    let told = format!("{:?}", trace.steps());
    assert!(told.contains("… is wrong"), "the rest of it is shown: {told}");
    assert!(!told.contains(CANARY));
}
