//! What the person's exceptions let pass, and that it is no more than that.

use serde_json::{Value, json};

use super::{Place, sign_in::come_back, trace};
use crate::{
    base::{AuthMethod, ClientId, Exceptions, ExtraParameter, Issuer, RedirectUri, Secret, Timestamp},
    oauth::{
        Ask, AuthorizeError, Awaiting, Callback, Decision, DiscoverError, Member, ReceiveError,
        RegisterError, Registered, Registration, TracedHttp, What, refresh, register,
    },
    ports::{Http, network},
};

const SERVER: &str = "/.well-known/oauth-authorization-server";
const REDIRECT: &str = "dev.usher.desktop://oauth/callback";
const NAMED: &str = "https://login.example.com";
const NOW: Timestamp = Timestamp::from_seconds(1_000);

fn accepting(issuer: &str) -> Exceptions {
    Exceptions {
        accepted_issuer: Some(Issuer::new(issuer)),
        ..Exceptions::default()
    }
}

fn without_pkce_metadata() -> Exceptions {
    Exceptions {
        without_pkce_metadata: true,
        ..Exceptions::default()
    }
}

fn adding(pairs: &[(&str, &str)]) -> Exceptions {
    let one = |(name, value): &(&str, &str)| ExtraParameter {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
    };
    let all: Vec<_> = pairs.iter().map(one).collect();
    Exceptions {
        extra_parameters: all.try_into().expect("the test's parameters are well-formed"),
        ..Exceptions::default()
    }
}

fn proving(method: AuthMethod) -> Exceptions {
    Exceptions {
        token_auth_method: Some(method),
        ..Exceptions::default()
    }
}

/// Opens a place whose authorization server calls itself something else.
async fn alias() -> Place {
    let place = Place::complete().await;
    let mut metadata = place.metadata();
    metadata["issuer"] = json!(NAMED);
    metadata["authorization_response_iss_parameter_supported"] = json!(true);
    place.says(SERVER, &metadata);
    place
}

async fn registered(place: &Place, exceptions: &Exceptions) -> Registered {
    let at = place.discover_excepting(exceptions).await.expect("discovered");
    let secret = Some(Secret::new("hush".to_owned()));
    let redirect = RedirectUri::new(REDIRECT);
    let registration = Registration::pre_registered(&at, ClientId::new("client"), secret, redirect);
    at.with(registration)
}

async fn awaiting(place: &Place, exceptions: &Exceptions) -> Awaiting {
    let registered = registered(place, exceptions).await;
    registered.authorize(Ask::default()).expect("a page")
}

/// Gives a parameter of the page's address; one that is sent twice would be a defect.
fn parameter(awaiting: &Awaiting, name: &str) -> Option<String> {
    let mut values = awaiting.url().query_pairs().filter(|(own, _)| own == name);
    let value = values.next().map(|(_, value)| value.into_owned());
    assert!(values.next().is_none(), "{name} is sent once");
    value
}

/// Signs in and renews once; gives what both requests said under a name.
async fn told(place: &Place, exceptions: &Exceptions, name: &str) -> Vec<Vec<String>> {
    place.says(
        "/token",
        &json!({ "access_token": "a", "token_type": "bearer", "refresh_token": "r" }),
    );
    let returned = come_back(&awaiting(place, exceptions).await);
    let granted = returned.exchange(&place.asking(NOW)).await.expect("granted");
    let old = Secret::new("r".to_owned());
    let renewed = refresh(&place.asking(NOW), &granted.client, &old).await;
    renewed.expect("renewed");
    let asked = place.seen().into_iter().filter(|seen| seen.path == "/token");
    asked.map(|seen| seen.form(name)).collect()
}

#[tokio::test]
async fn r05_s03_another_issuer_is_taken_only_if_it_is_byte_for_byte_the_accepted_one() {
    let place = alias().await;
    let found = place
        .discover_excepting(&accepting(NAMED))
        .await
        .expect("accepted");
    assert_eq!(
        found.issuer().as_str(),
        place.origin,
        "who is asked is who it was"
    );
    for other in [
        "https://login.example.com/",
        "https://LOGIN.example.com",
        "https://third.example",
    ] {
        let expected = DiscoverError::IssuerMismatch {
            expected: place.origin.clone(),
            found: Some(NAMED.to_owned()),
        };
        let refused = place.discover_excepting(&accepting(other)).await.err();
        assert_eq!(refused, Some(expected), "{other}");
    }
    let mut nameless = place.metadata();
    nameless["issuer"] = Value::Null;
    place.says(SERVER, &nameless);
    let refused = place.discover_excepting(&accepting(NAMED)).await;
    assert!(matches!(
        refused,
        Err(DiscoverError::IssuerMismatch { found: None, .. })
    ));
}

#[tokio::test]
async fn r07_the_same_counts_for_a_server_that_is_its_own_authorization_server() {
    let place = Place::open().await;
    let mut metadata = place.metadata();
    metadata["issuer"] = json!(NAMED);
    metadata["code_challenge_methods_supported"] = Value::Null;
    place.says(SERVER, &metadata);
    let both = Exceptions {
        without_pkce_metadata: true,
        ..accepting(NAMED)
    };
    assert!(place.discover_excepting(&accepting(NAMED)).await.is_err());
    assert!(place.discover_excepting(&both).await.is_ok());
}

#[tokio::test]
async fn r16_s17_answers_must_then_name_the_accepted_issuer_and_no_other() {
    let place = alias().await;
    let awaiting = awaiting(&place, &accepting(NAMED)).await;
    let awaiting = Awaiting::from_secret_json(&awaiting.to_secret_json()).expect("it survives sealing");
    let state = parameter(&awaiting, "state").expect("a state");
    let answer = |iss: &str| {
        let url = format!("{REDIRECT}?code=c&state={state}{iss}");
        let callback = Callback::parse(&url.parse().expect("a URL")).expect("an answer");
        awaiting.receive(callback, &trace()).err()
    };
    assert_eq!(answer(&format!("&iss={NAMED}")), None);
    for wrong in [
        &format!("&iss={}", place.origin),
        "&iss=https://third.example",
        "",
    ] {
        let refused = answer(wrong);
        assert!(
            matches!(refused, Some(ReceiveError::IssuerMismatch { .. })),
            "{wrong}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn r12_s08_only_silence_about_pkce_can_be_excepted() {
    let place = Place::complete().await;
    for (methods, excepted) in [
        (json!(null), true),
        (json!([]), true),
        (json!(["plain"]), false),
        (json!(["s256"]), false),
        (json!(["S512", "plain"]), false),
        (json!("S256"), false),
    ] {
        let mut metadata = place.metadata();
        metadata["code_challenge_methods_supported"] = methods.clone();
        place.says(SERVER, &metadata);
        let found = place.discover_excepting(&without_pkce_metadata()).await;
        assert_eq!(found.is_ok(), excepted, "{methods}");
    }
    place.says(SERVER, &json!({ "code_challenge_methods_supported": null }));
    let refused = place.discover_excepting(&without_pkce_metadata()).await;
    assert!(refused.is_err(), "nothing else is let pass");
}

#[tokio::test]
async fn r12_a_challenge_with_s256_is_sent_all_the_same() {
    let place = Place::complete().await;
    let mut metadata = place.metadata();
    metadata["code_challenge_methods_supported"] = Value::Null;
    place.says(SERVER, &metadata);
    let awaiting = awaiting(&place, &without_pkce_metadata()).await;
    assert_eq!(
        parameter(&awaiting, "code_challenge_method").as_deref(),
        Some("S256")
    );
    assert!(parameter(&awaiting, "code_challenge").is_some());
}

#[tokio::test]
async fn r13_the_resource_is_left_out_of_every_request_only_where_the_person_says_so() {
    let place = Place::complete().await;
    let omitting = Exceptions {
        omit_resource: true,
        ..Exceptions::default()
    };
    let page = awaiting(&place, &omitting).await;
    assert_eq!(parameter(&page, "resource"), None);
    assert_eq!(told(&place, &omitting, "resource").await, [[""; 0], [""; 0]]);
    let place = Place::complete().await;
    let mcp = place.at("/mcp");
    let page = awaiting(&place, &Exceptions::default()).await;
    assert_eq!(parameter(&page, "resource").as_deref(), Some(mcp.as_str()));
    let all = told(&place, &Exceptions::default(), "resource").await;
    assert_eq!(all, [[mcp.clone()], [mcp]]);
}

#[tokio::test]
async fn added_parameters_are_in_the_pages_address_beside_ours() {
    let place = Place::complete().await;
    let page = awaiting(&place, &adding(&[("access_type", "offline"), ("hd", "a&b c")])).await;
    assert_eq!(parameter(&page, "access_type").as_deref(), Some("offline"));
    assert_eq!(parameter(&page, "hd").as_deref(), Some("a&b c"), "well encoded");
    assert_eq!(parameter(&page, "client_id").as_deref(), Some("client"));
    assert_eq!(
        told(&place, &adding(&[("hd", "x")]), "hd").await,
        [[""; 0], [""; 0]],
        "and nowhere else"
    );
}

#[tokio::test]
async fn an_own_prompt_takes_the_place_of_ours_and_still_lets_the_person_choose() {
    let place = Place::complete().await;
    let mut metadata = place.metadata();
    metadata["prompt_values_supported"] = json!(["select_account", "consent"]);
    place.says(SERVER, &metadata);
    let asked = async |own: &str, force_page: bool| {
        let registered = registered(&place, &adding(&[("prompt", own)])).await;
        let ask = Ask {
            force_page,
            ..Ask::default()
        };
        parameter(&registered.authorize(ask).expect("a page"), "prompt")
    };
    assert_eq!(asked("consent", false).await.as_deref(), Some("consent"));
    assert_eq!(
        asked("consent", true).await.as_deref(),
        Some("select_account consent")
    );
    assert_eq!(
        asked("select_account", true).await.as_deref(),
        Some("select_account")
    );
}

#[tokio::test]
async fn s11_a_page_that_carries_an_added_parameter_already_is_refused() {
    let place = Place::complete().await;
    let mut metadata = place.metadata();
    metadata["authorization_endpoint"] = json!(place.at("/authorize?access_type=online"));
    place.says(SERVER, &metadata);
    let registered = registered(&place, &adding(&[("access_type", "offline")])).await;
    assert_eq!(
        registered.authorize(Ask::default()).err(),
        Some(AuthorizeError::PresetParameter)
    );
}

#[tokio::test]
async fn r09_the_persons_method_goes_before_that_of_the_registration() {
    for (method, in_body, in_header) in [
        (AuthMethod::Public, false, false),
        (AuthMethod::Basic, false, true),
        (AuthMethod::Post, true, false),
    ] {
        let place = Place::complete().await;
        let secrets = told(&place, &proving(method), "client_secret").await;
        assert!(
            secrets.iter().all(|secret| secret.is_empty() != in_body),
            "{method:?}"
        );
        let asked: Vec<_> = place
            .seen()
            .into_iter()
            .filter(|seen| seen.path == "/token")
            .collect();
        assert_eq!(asked.len(), 2);
        let shown = |headers: &http::HeaderMap| headers.contains_key(http::header::AUTHORIZATION);
        assert!(
            asked.iter().all(|seen| shown(&seen.headers) == in_header),
            "{method:?}"
        );
    }
}

#[tokio::test]
async fn r09_we_ask_to_be_registered_with_the_persons_method() {
    let place = Place::complete().await;
    place.replies("/register", 201, r#"{"client_id":"c"}"#);
    let redirect = RedirectUri::new(REDIRECT);
    let at = place
        .discover_excepting(&proving(AuthMethod::Post))
        .await
        .expect("discovered");
    let secretless = register(&place.http, &at, &redirect).await;
    let asked: Value = serde_json::from_slice(&place.seen().pop().expect("asked").body).expect("JSON");
    assert_eq!(asked["token_endpoint_auth_method"], "client_secret_post");
    let Err(RegisterError::BadDocument(flawed)) = secretless else {
        panic!("without a secret there is nothing to show");
    };
    assert_eq!(flawed.flaw.member(), Some(Member::ClientSecret));
    let plain = place.discover().await.expect("discovered");
    let public = register(&place.http, &plain, &redirect)
        .await
        .expect("registered");
    assert!(public.can_prove(&plain));
    assert!(!public.can_prove(&at), "nor with what is known from before");
}

#[tokio::test]
async fn what_is_done_otherwise_is_written_down_as_an_exception() {
    let place = Place::complete().await;
    let every = Exceptions {
        omit_resource: true,
        token_auth_method: Some(AuthMethod::Post),
        ..adding(&[("access_type", "offline"), ("hd", "a")])
    };
    let noted = async |exceptions: &Exceptions| {
        let trace = trace();
        let http = TracedHttp::new(
            Http::new("usher-test", network::hand::always()).expect("a client"),
            trace.clone(),
        );
        registered(&place, exceptions).await.note_exceptions(&http);
        let decided = trace.steps().into_iter().map(|step| step.what);
        let decided = decided.filter_map(|what| match what {
            What::Decided { decision } => Some(decision),
            _ => None,
        });
        decided.collect::<Vec<_>>()
    };
    let expected = [
        Decision::ParametersAdded {
            names: "access_type, hd".to_owned(),
        },
        Decision::ResourceOmitted {
            resource: place.at("/mcp"),
        },
        Decision::AuthMethodChosen {
            method: "client_secret_post".to_owned(),
        },
    ];
    let told = noted(&every).await;
    assert_eq!(told, expected);
    assert!(told.iter().all(Decision::is_exception));
    assert_eq!(noted(&Exceptions::default()).await, []);
    assert_eq!(
        noted(&proving(AuthMethod::Basic)).await,
        [],
        "it would be Basic anyway"
    );
}
