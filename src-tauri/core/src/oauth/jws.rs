//! JSON Web Signatures in their compact form (RFC 7515 §3.1), and the public keys that check them (RFC 7517, RFC 7638).
//!
//! Private keys lie in memory that AWS-LC wipes when it is freed. Only ES256 (RFC 7518 §3.4) is made here.

use std::collections::BTreeMap;

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{EcdsaKeyPair, KeyPair},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rand::Rng;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Gives the compact serialisation: header, claims and signature, each in base64url.
pub(super) fn compact(header: &Value, claims: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
    let signed = format!(
        "{}.{}",
        base64url(header.to_string()),
        base64url(claims.to_string())
    );
    let signature = base64url(sign(signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// Signs with ES256: the signature's two numbers, one after the other (RFC 7518 §3.4).
pub(super) fn es256(key: &EcdsaKeyPair, message: &[u8]) -> Vec<u8> {
    let signature = key.sign(&SystemRandom::new(), message);
    let signature = signature.expect("a valid key signs as long as the system has randomness");
    signature.as_ref().to_vec()
}

/// Draws the identifier of one token (RFC 7519 §4.1.7): 128 random bits.
pub(super) fn fresh_id() -> String {
    base64url(rand::rng().random::<[u8; 16]>())
}

/// Gives bytes in base64url without padding (RFC 7515 §2).
pub(super) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A public key as RFC 7517 writes it: exactly the members that its thumbprint covers, in their order (RFC 7638 §3.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Jwk(BTreeMap<&'static str, String>);

impl Jwk {
    /// Gives the public half of a key on P-256 (RFC 7518 §6.2.1).
    pub(super) fn of_es256(key: &EcdsaKeyPair) -> Self {
        // An uncompressed point: a byte that says so, then both coordinates (SEC 1 §2.3.3).
        let point = key.public_key().as_ref();
        let (x, y) = point[1..].split_at(32);
        let members = [
            ("crv", "P-256".to_owned()),
            ("kty", "EC".to_owned()),
            ("x", base64url(x)),
            ("y", base64url(y)),
        ];
        Self(members.into())
    }

    /// Gives the SHA-256 thumbprint (RFC 7638 §3).
    pub(super) fn thumbprint(&self) -> String {
        let json = serde_json::to_string(&self.0).expect("string-keyed structures always have a JSON form");
        base64url(Sha256::digest(json))
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, UnparsedPublicKey};
    use serde_json::json;

    use super::*;

    fn jwk(members: &[(&'static str, &str)]) -> Jwk {
        Jwk(members
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect())
    }

    #[test]
    fn r23_thumbprints_are_those_of_the_published_examples() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs\
                 tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n\
                 91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let rsa = jwk(&[("kty", "RSA"), ("n", n), ("e", "AQAB")]);
        assert_eq!(
            rsa.thumbprint(),
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            "RFC 7638 §3.1"
        );
        let ec = jwk(&[
            ("kty", "EC"),
            ("x", "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs"),
            ("y", "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA"),
            ("crv", "P-256"),
        ]);
        assert_eq!(
            ec.thumbprint(),
            "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
            "RFC 9449 §6.1"
        );
    }

    #[test]
    fn r23_what_is_signed_is_what_is_sent() {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("randomness");
        let token = compact(&json!({ "alg": "ES256" }), &json!({ "sub": "a" }), |text| {
            es256(&key, text)
        });
        let (signed, signature) = token.rsplit_once('.').expect("three parts");
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).expect("base64url");
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key().as_ref());
        public
            .verify(signed.as_bytes(), &signature)
            .expect("the signature is the key's");
        assert!(
            public.verify(b"something else", &signature).is_err(),
            "and of this text alone"
        );
        assert_eq!(signed, "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0");
    }
}
