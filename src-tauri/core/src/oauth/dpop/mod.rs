//! Demonstrating Proof of Possession (RFC 9449): tokens that are worth nothing without the key they are bound to.
//!
//! A grant has one key, made when its sign-in begins and sealed wherever the grant is. Each request carries a new proof.
//! Nonces are remembered by origin for as long as the app runs; what is forgotten costs one more request.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue};
use reqwest::Request;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    challenge::{Scheme, challenges},
    jws::{self, Jwk},
};
use crate::base::{Secret, Timestamp};

/// The algorithm of our proofs, as metadata names it.
pub(super) const ALGORITHM: &str = "ES256";
/// The error that asks for the same request with a nonce (RFC 9449 §8, §9).
pub(super) const USE_NONCE: &str = "use_dpop_nonce";

const PROOF: HeaderName = HeaderName::from_static("dpop");
const NONCE: HeaderName = HeaderName::from_static("dpop-nonce");
/// The longest nonce that is repeated.
const NONCE_LIMIT: usize = 1024;

/// The key that the tokens of one grant are bound to. Clones are the same key.
#[derive(Clone)]
pub struct ProofKey(EcdsaKeyPair);

/// What a proof says beside the request that it is for.
pub struct Occasion<'a> {
    /// The token that the request carries; `None` where tokens are asked for.
    pub token: Option<&'a Secret<String>>,
    /// The nonces that are known.
    pub nonces: &'a Nonces,
    /// When the request is sent.
    pub now: Timestamp,
}

impl ProofKey {
    /// Makes a new key.
    pub(super) fn generate() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
        Self(pair.expect("keys can be made as long as the system has randomness"))
    }

    /// Gives the thumbprint that tokens name the key by (RFC 9449 §6, §10).
    pub(super) fn thumbprint(&self) -> String {
        Jwk::of_es256(&self.0).thumbprint()
    }

    /// Puts a new proof into a request (RFC 9449 §4.2).
    pub fn prove(&self, request: &mut Request, occasion: &Occasion<'_>) {
        let header = json!({ "typ": "dpop+jwt", "alg": ALGORITHM, "jwk": Jwk::of_es256(&self.0) });
        let mut claims = json!({
            "jti": jws::fresh_id(),
            "htm": request.method().as_str(),
            "htu": bare(request.url()).as_str(),
            "iat": occasion.now.seconds(),
        });
        if let Some(token) = occasion.token {
            // EXPOSE: only its hash leaves (RFC 9449 §4.2).
            claims["ath"] = jws::base64url(Sha256::digest(token.expose())).into();
        }
        if let Some(nonce) = occasion.nonces.of(request.url()) {
            claims["nonce"] = nonce.into();
        }
        let proof = jws::compact(&header, &claims, |text| jws::es256(&self.0, text));
        let proof = HeaderValue::try_from(proof).expect("base64url is always a header value");
        request.headers_mut().insert(PROOF, proof);
    }
}

impl fmt::Debug for ProofKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProofKey(…)")
    }
}

/// Gives the address without query and fragment, as `htu` has it.
fn bare(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url
}

/// The nonces that servers asked for last (RFC 9449 §8, §9), by origin. Clones are the same nonces.
#[derive(Debug, Clone, Default)]
pub struct Nonces(Arc<Mutex<HashMap<String, String>>>);

impl Nonces {
    /// Takes note of the nonce that an answer of `url` gives; tells whether there was one.
    pub fn hear(&self, url: &Url, headers: &HeaderMap) -> bool {
        let nonce = headers.get(NONCE).and_then(|nonce| nonce.to_str().ok());
        let Some(nonce) = nonce.filter(|nonce| is_nonce(nonce)) else {
            return false;
        };
        self.known().insert(origin(url), nonce.to_owned());
        true
    }

    fn of(&self, url: &Url) -> Option<String> {
        self.known().get(&origin(url)).cloned()
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, String>> {
        // Each use is one operation, so a panic elsewhere leaves nothing half-done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells whether a text may be a nonce (RFC 9449 §8.1: NQCHAR).
fn is_nonce(text: &str) -> bool {
    let nqchar = |byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    (1..=NONCE_LIMIT).contains(&text.len()) && text.bytes().all(nqchar)
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// Tells whether a 401 only asks for the same request with a nonce (RFC 9449 §9).
pub fn asks_for_nonce(headers: &HeaderMap) -> bool {
    challenges(headers)
        .iter()
        .any(|challenge| challenge.scheme == Scheme::Dpop && challenge.param("error") == Some(USE_NONCE))
}

/// Writes a key that may be missing into the bytes to seal: its PKCS#8 form in base64.
pub(super) fn serialize<S: Serializer>(key: &Option<ProofKey>, to: S) -> Result<S::Ok, S::Error> {
    let text = key.as_ref().map(|key| {
        let document = key.0.to_pkcs8v1().expect("a key on P-256 has a PKCS#8 form");
        Secret::new(BASE64_STANDARD.encode(document))
    });
    // EXPOSE: the bytes are sealed before they reach the disk.
    text.as_ref().map(Secret::expose).serialize(to)
}

/// Reads a key that may be missing from the bytes of an opened seal.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<ProofKey>, D::Error> {
    let Some(text) = Option::<Secret<String>>::deserialize(from)? else {
        return Ok(None);
    };
    // EXPOSE: read back into a key at once.
    let document = BASE64_STANDARD.decode(text.expose()).map(Secret::new);
    let document = document.map_err(|_| D::Error::custom("no key"))?;
    // EXPOSE: as above.
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.expose());
    pair.map(|pair| Some(ProofKey(pair)))
        .map_err(|_| D::Error::custom("no key"))
}

#[cfg(test)]
mod tests;
