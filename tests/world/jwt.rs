//! Tokens that one signs and another checks (RFC 7519), all of them with ES256.

use std::{fmt, sync::Arc};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
    },
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::{Value, json};

/// Who signs. Clones have the same key.
#[derive(Clone)]
pub struct Signer(Arc<EcdsaKeyPair>);

impl Signer {
    /// Makes a key.
    pub fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
        Self(Arc::new(pair.expect("the system has randomness")))
    }

    /// Gives the private key in PEM, as it is handed to whoever runs the client.
    pub fn pem(&self) -> String {
        let document = self.0.to_pkcs8v1().expect("a key on P-256 has a PKCS#8 form");
        let body = BASE64_STANDARD.encode(document);
        format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n")
    }

    /// Signs claims into a token of a type.
    pub fn sign(&self, kind: &str, claims: &Value) -> String {
        let header = json!({ "typ": kind, "alg": "ES256" });
        let part = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(claims));
        let signature = self.0.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = signature.expect("a valid key signs");
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }

    /// Reads a token's type and claims, if this key has signed it.
    pub(crate) fn read(&self, token: &str) -> Option<(String, Value)> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.0.public_key().as_ref())
            .verify(signed.as_bytes(), &decoded(signature)?)
            .ok()?;
        let header: Value = serde_json::from_slice(&decoded(header)?).ok()?;
        let kind = header["typ"].as_str().unwrap_or_default().to_owned();
        let claims = serde_json::from_slice(&decoded(claims)?).ok()?;
        (header["alg"] == "ES256").then_some((kind, claims))
    }
}

impl Default for Signer {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

fn decoded(part: &str) -> Option<Vec<u8>> {
    BASE64_URL_SAFE_NO_PAD.decode(part).ok()
}

/// Tells whether claims are for somebody, and neither run out nor good for more than a day at a moment.
pub(crate) fn is_for(claims: &Value, audience: &str, now: i64) -> bool {
    let ends = claims["exp"].as_i64().unwrap_or_default();
    claims["aud"] == audience && (now + 1..=now + 24 * 3600).contains(&ends)
}
