//! Proofs, read back by a verifier that reads the published ones too.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::Value;

use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_562_262_616);

fn decoded(part: &str) -> Vec<u8> {
    BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64url")
}

/// Checks a proof with the key that it carries and gives its header and claims.
fn verified(proof: &str) -> (Value, Value) {
    let (signed, signature) = proof.rsplit_once('.').expect("three parts");
    let (header, claims) = signed.split_once('.').expect("three parts");
    let json = |part: &str| serde_json::from_slice::<Value>(&decoded(part)).expect("JSON");
    let (header, claims) = (json(header), json(claims));
    let coordinate = |name: &str| decoded(header["jwk"][name].as_str().expect("a coordinate"));
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .verify(signed.as_bytes(), &decoded(signature))
        .expect("the signature is that of the key inside");
    (header, claims)
}

fn request(url: &str) -> Request {
    Request::new(Method::POST, Url::parse(url).expect("a URL"))
}

fn proven(key: &ProofKey, url: &str, token: Option<&Secret<String>>, nonces: &Nonces) -> (Value, Value) {
    let mut request = request(url);
    let now = NOW;
    key.prove(&mut request, &Occasion { token, nonces, now });
    verified(request.headers()[PROOF].to_str().expect("ASCII"))
}

fn nonce(text: &'static str) -> HeaderMap {
    [(NONCE, HeaderValue::from_static(text))].into_iter().collect()
}

#[test]
fn r23_the_published_proof_is_read_as_ours_are() {
    let (header, claims) = verified(
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRn\
         MiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRt\
         IjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMU\
         vwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg",
    );
    assert_eq!(header["typ"], "dpop+jwt", "RFC 9449 §4.1");
    assert_eq!(claims["htu"], "https://server.example.com/token");
}

#[test]
fn r23_a_proof_names_the_request_and_nothing_that_is_secret() {
    let key = ProofKey::generate();
    let (header, claims) = proven(
        &key,
        "https://as.example.com/token?x=1#f",
        None,
        &Nonces::default(),
    );
    assert_eq!(header["typ"], "dpop+jwt");
    assert_eq!(header["alg"], "ES256");
    let members: Vec<_> = header["jwk"].as_object().expect("a key").keys().collect();
    assert_eq!(members, ["crv", "kty", "x", "y"], "the public half alone");
    assert_eq!(claims["htm"], "POST");
    assert_eq!(
        claims["htu"], "https://as.example.com/token",
        "without query and fragment"
    );
    assert_eq!(claims["iat"], NOW.seconds());
    assert!(
        claims.get("ath").is_none() && claims.get("nonce").is_none(),
        "{claims}"
    );
}

#[test]
fn r23_every_request_has_a_proof_of_its_own() {
    let (key, nonces) = (ProofKey::generate(), Nonces::default());
    let id = || proven(&key, "https://as.example.com/token", None, &nonces).1["jti"].clone();
    let (one, two) = (id(), id());
    assert_ne!(one, two);
    assert!(
        one.as_str().is_some_and(|id| id.len() >= 16),
        "at least 96 bits (RFC 9449 §4.2)"
    );
}

#[test]
fn r23_at_the_resource_a_proof_carries_the_tokens_hash() {
    let token = Secret::new("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU".to_owned());
    let (_, claims) = proven(
        &ProofKey::generate(),
        "https://mcp.example.com/mcp",
        Some(&token),
        &Nonces::default(),
    );
    assert_eq!(
        claims["ath"], "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo",
        "RFC 9449 §7.1"
    );
}

#[test]
fn r23_a_nonce_goes_to_the_origin_that_gave_it_and_the_last_one_counts() {
    let (key, nonces) = (ProofKey::generate(), Nonces::default());
    let there = Url::parse("https://mcp.example.com/mcp").expect("a URL");
    assert!(!nonces.hear(&there, &HeaderMap::new()), "there was none");
    assert!(nonces.hear(&there, &nonce("first")));
    assert!(nonces.hear(&there, &nonce("second")));
    let of = |url: &str| proven(&key, url, None, &nonces).1["nonce"].clone();
    assert_eq!(of("https://mcp.example.com/other"), "second");
    assert_eq!(of("https://as.example.com/mcp"), Value::Null);
    assert_eq!(of("https://mcp.example.com:444/mcp"), Value::Null);
    for odd in ["", "a b", "a\"b", "a\\b"] {
        assert!(!nonces.hear(&there, &nonce(odd)), "{odd:?} is no nonce");
    }
    assert_eq!(of("https://mcp.example.com/mcp"), "second");
}

#[test]
fn r23_only_a_dpop_challenge_asks_for_a_nonce() {
    let asks = |text: &'static str| {
        let line = (http::header::WWW_AUTHENTICATE, HeaderValue::from_static(text));
        asks_for_nonce(&[line].into_iter().collect())
    };
    assert!(asks("Bearer, DPoP error=\"use_dpop_nonce\""));
    assert!(!asks("DPoP error=\"invalid_token\""));
    assert!(!asks("Bearer error=\"use_dpop_nonce\""));
}

#[test]
fn a_key_shows_nothing_of_itself() {
    assert_eq!(format!("{:?}", ProofKey::generate()), "ProofKey(…)");
}

#[derive(Serialize)]
struct Sealed(#[serde(with = "super")] Option<ProofKey>);

#[test]
fn r23_a_key_is_written_in_the_form_that_the_search_for_leaks_knows() {
    let json = serde_json::to_string(&Sealed(Some(ProofKey::generate()))).expect("JSON");
    let form = "\"MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";
    assert!(json.starts_with(form), "PKCS#8 in base64");
}
