//! The other side of proofs (RFC 9449): a server that checks every one of them for real.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;
use sha2::{Digest, Sha256};
use usher_core::ports::{Clock, SystemClock};

use crate::tokens::fresh;

/// How many seconds a proof is good for, before and after it was made.
const LEEWAY: i64 = 300;

/// What an authorization server and the servers behind it do about proofs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proofs {
    /// They know nothing of them.
    Unknown,
    /// The metadata lists them, and the tokens are plain all the same.
    Ignored,
    /// Tokens are bound and every request is checked.
    Checked,
    /// The same, each proof with a nonce of the server; the authorization server takes each of its nonces once.
    CheckedWithNonce,
}

impl Proofs {
    /// Tells whether proofs are checked at all.
    pub(crate) fn are_checked(self) -> bool {
        matches!(self, Self::Checked | Self::CheckedWithNonce)
    }
}

/// What a request says that a proof must be for.
pub(crate) struct Proven<'a> {
    pub(crate) headers: &'a HeaderMap,
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    pub(crate) token: Option<&'a str>,
}

/// Why a proof is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is good but for the nonce; this is the one to use.
    Nonce(String),
    /// It is none, or for another request, or was seen before.
    Bad(&'static str),
}

/// Remembers the proofs and the nonces of one server. Clones are the same server.
#[derive(Debug, Clone)]
pub(crate) struct Verifier {
    nonces: bool,
    each_nonce_once: bool,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    seen: BTreeSet<String>,
    nonces: BTreeSet<String>,
    refused: usize,
}

impl Verifier {
    pub(crate) fn new(proofs: Proofs, each_nonce_once: bool) -> Self {
        Self {
            nonces: proofs == Proofs::CheckedWithNonce,
            each_nonce_once,
            state: Arc::default(),
        }
    }

    /// Checks the proof of a request and gives its key's thumbprint, with a new nonce for the answer.
    pub(crate) fn check(&self, proven: &Proven<'_>) -> Result<(String, Option<String>), Flaw> {
        let checked = self.checked(proven);
        if checked.is_err() {
            self.state().refused += 1;
        }
        checked
    }

    /// Counts the proofs that were refused.
    pub(crate) fn refused(&self) -> usize {
        self.state().refused
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn checked(&self, proven: &Proven<'_>) -> Result<(String, Option<String>), Flaw> {
        let mut lines = proven.headers.get_all("dpop").iter();
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(Flaw::Bad("not exactly one proof"));
        };
        let proof = line.to_str().map_err(|_| Flaw::Bad("not ASCII"))?;
        let (thumbprint, claims) = read(proof).ok_or(Flaw::Bad("the form or the signature"))?;
        fits(&claims, proven)?;
        // Where there are nonces, they say when a proof was made, whatever the client's clock says (RFC 9449 §8).
        if !self.nonces && !is_recent(&claims) {
            return Err(Flaw::Bad("iat"));
        }
        let id = claims["jti"].as_str().ok_or(Flaw::Bad("jti"))?;
        if !self.state().seen.insert(id.to_owned()) {
            return Err(Flaw::Bad("a replay"));
        }
        Ok((thumbprint, self.next_nonce(claims["nonce"].as_str())?))
    }

    fn next_nonce(&self, given: Option<&str>) -> Result<Option<String>, Flaw> {
        if !self.nonces {
            return Ok(None);
        }
        let mut state = self.state();
        let known = given.is_some_and(|given| state.nonces.contains(given));
        if self.each_nonce_once {
            state.nonces.clear();
        }
        let next = fresh("nonce-");
        state.nonces.insert(next.clone());
        drop(state);
        if known {
            Ok(Some(next))
        } else {
            Err(Flaw::Nonce(next))
        }
    }
}

/// Reads a proof and checks its signature with the key inside; gives the key's thumbprint and the claims.
fn read(proof: &str) -> Option<(String, Value)> {
    let (signed, signature) = proof.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let header: Value = serde_json::from_slice(&decoded(header)?).ok()?;
    let key = header["jwk"].as_object()?;
    let text = |name: &str| key.get(name).and_then(Value::as_str);
    let right = header["typ"] == "dpop+jwt"
        && header["alg"] == "ES256"
        && text("kty") == Some("EC")
        && text("crv") == Some("P-256")
        && !key.contains_key("d");
    let (x, y) = (text("x").filter(|_| right)?, text("y")?);
    let point = [vec![4], decoded(x)?, decoded(y)?].concat();
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .verify(signed.as_bytes(), &decoded(signature)?)
        .ok()?;
    let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    let claims = serde_json::from_slice(&decoded(claims)?).ok()?;
    Some((hash(&members), claims))
}

/// Tells whether a proof was made just now.
fn is_recent(claims: &Value) -> bool {
    let age = |made_at| SystemClock.now().seconds() - made_at;
    claims["iat"]
        .as_i64()
        .map(age)
        .is_some_and(|age| age.abs() <= LEEWAY)
}

/// Checks that the claims are about this very request.
fn fits(claims: &Value, proven: &Proven<'_>) -> Result<(), Flaw> {
    if claims["htm"] != proven.method {
        return Err(Flaw::Bad("htm"));
    }
    if claims["htu"] != proven.url {
        return Err(Flaw::Bad("htu"));
    }
    match proven.token.map(hash) {
        Some(expected) if claims["ath"] != expected => Err(Flaw::Bad("ath")),
        _ => Ok(()),
    }
}

fn decoded(part: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(part).ok()
}

fn hash(text: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

/// Puts the nonce for the next proof into an answer.
pub(crate) fn with_nonce(mut answer: Response, nonce: Option<String>) -> Response {
    let nonce = nonce.and_then(|nonce| HeaderValue::try_from(nonce).ok());
    answer
        .headers_mut()
        .extend(nonce.map(|nonce| (HeaderName::from_static("dpop-nonce"), nonce)));
    answer
}

/// Refuses a request to a server for nothing but the nonce (RFC 9449 §9).
pub(crate) fn asking_for(nonce: String) -> Response {
    let challenge = [(header::WWW_AUTHENTICATE, "DPoP error=\"use_dpop_nonce\"")];
    with_nonce((StatusCode::UNAUTHORIZED, challenge).into_response(), Some(nonce))
}
