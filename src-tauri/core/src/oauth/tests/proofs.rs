//! Proofs at the token endpoint (RFC 9449 §5, §8).

use serde_json::{Value, json};

use super::{Place, trace};
use crate::{
    base::{ClientId, RedirectUri, Timestamp},
    oauth::{Ask, Awaiting, Callback, ExchangeError, Registration},
};

const REDIRECT: &str = "dev.usher.desktop://oauth/callback";
const NOW: Timestamp = Timestamp::from_seconds(1_000);

/// Gives a sign-in at an issuer that takes proofs signed in these ways.
async fn awaiting(place: &Place, algorithms: Option<Value>) -> Awaiting {
    let mut metadata = place.metadata();
    if let Some(algorithms) = algorithms {
        metadata["dpop_signing_alg_values_supported"] = algorithms;
    }
    place.says("/.well-known/oauth-authorization-server", &metadata);
    let at = place.discover().await.expect("discovered");
    let redirect = RedirectUri::new(REDIRECT);
    let registration = Registration::pre_registered(&at, ClientId::new("client"), None, redirect);
    at.with(registration).authorize(Ask::default()).expect("a page")
}

fn parameter(awaiting: &Awaiting, name: &str) -> Option<String> {
    let mut pairs = awaiting.url().query_pairs();
    pairs
        .find(|(own, _)| own == name)
        .map(|(_, value)| value.into_owned())
}

/// Exchanges a code; tells how it failed, if it did, and how many requests carried how many proofs.
async fn exchange(place: &Place, awaiting: &Awaiting) -> (Option<ExchangeError>, Vec<usize>) {
    let state = parameter(awaiting, "state").expect("a state");
    let url = format!("{REDIRECT}?code=the-code&state={state}");
    let callback = Callback::parse(&url.parse().expect("a URL")).expect("an answer");
    let Ok(returned) = awaiting.receive(callback, &trace()) else {
        panic!("the answer belongs to this sign-in");
    };
    let failed = returned.exchange(&place.asking(NOW)).await.err();
    let asked = place.seen().into_iter().filter(|seen| seen.path == "/token");
    let proofs = asked.map(|seen| seen.headers.get_all("dpop").iter().count());
    (failed, proofs.collect())
}

#[tokio::test]
async fn r23_there_is_a_key_exactly_where_es256_is_taken() {
    for (algorithms, proofs) in [
        (None, 0),
        (Some(json!([])), 0),
        (Some(json!(["RS256", "none"])), 0),
        (Some(json!(["RS256", "ES256"])), 1),
    ] {
        let place = Place::complete().await;
        place.replies("/token", 200, r#"{"access_token":"a","token_type":"Bearer"}"#);
        let waiting = awaiting(&place, algorithms.clone()).await;
        assert_eq!(
            parameter(&waiting, "dpop_jkt").is_some(),
            proofs == 1,
            "{algorithms:?}"
        );
        let restarted = Awaiting::from_secret_json(&waiting.to_secret_json()).expect("readable");
        assert_eq!(
            exchange(&place, &restarted).await,
            (None, vec![proofs]),
            "{algorithms:?}"
        );
    }
}

#[tokio::test]
async fn r23_a_nonce_is_taken_up_once_and_only_where_one_is_given() {
    let refused = Some(ExchangeError::Refused {
        error: Some("use_dpop_nonce".to_owned()),
    });
    let nonce = vec![("dpop-nonce", "n-1".to_owned())];
    for (headers, expected) in [(nonce, vec![1, 1]), (Vec::new(), vec![1])] {
        let place = Place::complete().await;
        place.replies_with("/token", 400, headers, r#"{"error":"use_dpop_nonce"}"#);
        let waiting = awaiting(&place, Some(json!(["ES256"]))).await;
        assert_eq!(exchange(&place, &waiting).await, (refused.clone(), expected));
    }
}
