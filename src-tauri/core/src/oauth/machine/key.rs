//! The private key that a client proves itself with in the place of a secret (RFC 7523 §2.2), in the PEM form that
//! whoever registered its public half handed over.

use std::{fmt, sync::Arc, time::Duration};

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
    },
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    base::{ClientId, Issuer, Secret, Timestamp},
    oauth::{jws, sealing},
};

/// How long an assertion is good for: long enough for clocks that differ, too short to be worth stealing.
const LIFE: Duration = Duration::from_secs(120);

/// A text in which there is no private key that can sign here: P-256, RSA or Ed25519, not encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no private key on P-256, of RSA or of Ed25519 in it")]
pub struct NoKey;

/// A client's private key. Clones are the same key.
#[derive(Clone, Serialize, Deserialize)]
#[serde(into = "Pem", try_from = "Pem")]
pub struct ClientKey {
    pem: Pem,
    pair: Arc<Pair>,
}

/// What a key is kept as.
#[derive(Clone, Serialize, Deserialize)]
struct Pem {
    #[serde(serialize_with = "sealing::text")]
    pem: Secret<String>,
    id: Option<String>,
}

enum Pair {
    P256(EcdsaKeyPair),
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl ClientKey {
    /// Reads a key in PEM (RFC 7468): PKCS #8, or the older forms for RSA and elliptic curves. `id` is what the issuer calls
    /// it (RFC 7515 §4.1.4), if it gave a name.
    pub fn read(pem: Secret<String>, id: Option<String>) -> Result<Self, NoKey> {
        Pem { pem, id }.try_into()
    }

    /// Names how it signs (RFC 7518 §3.1, RFC 8037 §3.1).
    pub(super) fn algorithm(&self) -> &'static str {
        match *self.pair {
            Pair::P256(_) => "ES256",
            Pair::Rsa(_) => "RS256",
            Pair::Ed25519(_) => "EdDSA",
        }
    }

    /// Signs that this client asks this issuer, now (RFC 7523 §3).
    pub(in crate::oauth) fn assertion(
        &self,
        client: &ClientId,
        audience: &Issuer,
        now: Timestamp,
    ) -> Secret<String> {
        let mut header = json!({ "typ": "JWT", "alg": self.algorithm() });
        if let Some(id) = &self.pem.id {
            header["kid"] = id.as_str().into();
        }
        let claims = json!({
            "iss": client,
            "sub": client,
            "aud": audience,
            "jti": jws::fresh_id(),
            "iat": now.seconds(),
            "exp": now.after(LIFE).seconds(),
        });
        Secret::new(jws::compact(&header, &claims, |text| self.pair.sign(text)))
    }
}

impl Pair {
    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::P256(key) => jws::es256(key, message),
            Self::Ed25519(key) => key.sign(message).as_ref().to_vec(),
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .expect("a valid key signs into as many bytes as its modulus has");
                signature
            }
        }
    }

    fn of(der: &Secret<Vec<u8>>) -> Option<Self> {
        // EXPOSE: read into a key at once.
        let der = der.expose();
        let curve = || EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, der);
        let rsa = || RsaKeyPair::from_pkcs8(der).or_else(|_| RsaKeyPair::from_der(der));
        let edwards = || Ed25519KeyPair::from_pkcs8(der);
        let found = curve().map(Self::P256);
        let found = found.or_else(|_| rsa().map(Self::Rsa));
        found.or_else(|_| edwards().map(Self::Ed25519)).ok()
    }
}

impl TryFrom<Pem> for ClientKey {
    type Error = NoKey;

    fn try_from(pem: Pem) -> Result<Self, NoKey> {
        let pair = der(&pem.pem).as_ref().and_then(Pair::of).ok_or(NoKey)?;
        Ok(Self {
            pem,
            pair: Arc::new(pair),
        })
    }
}

impl From<ClientKey> for Pem {
    fn from(key: ClientKey) -> Self {
        key.pem
    }
}

impl fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientKey(…)")
    }
}

/// Gives the bytes of the first private key in a text of PEM blocks; others, such as certificates, may stand beside it.
fn der(pem: &Secret<String>) -> Option<Secret<Vec<u8>>> {
    // EXPOSE: read into a key at once.
    pem.expose().split("-----BEGIN ").skip(1).find_map(|block| {
        let (label, rest) = block.split_once("-----")?;
        let (body, _) = rest.split_once("-----END ")?;
        let body = label.ends_with("PRIVATE KEY").then_some(body)?;
        let body = Secret::new(body.split_whitespace().collect::<String>());
        // EXPOSE: as above.
        BASE64_STANDARD.decode(body.expose()).ok().map(Secret::new)
    })
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::{
        encoding::AsDer,
        rsa::KeySize,
        signature::{
            ECDSA_P256_SHA256_FIXED, ED25519, KeyPair, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
        },
    };
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    use serde_json::Value;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn pem(label: &str, der: &[u8]) -> Secret<String> {
        let body = BASE64_STANDARD.encode(der);
        let lines: Vec<_> = body.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
        Secret::new(format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            lines.join("\n")
        ))
    }

    fn p256() -> EcdsaKeyPair {
        EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("randomness")
    }

    fn assertion(key: &ClientKey) -> String {
        let (client, issuer) = (ClientId::new("me"), Issuer::new("https://as.example/"));
        key.assertion(&client, &issuer, NOW).expose().clone()
    }

    fn part(token: &str, at: usize) -> Value {
        let part = token.split('.').nth(at).expect("three parts");
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).expect("base64url")).expect("JSON")
    }

    #[test]
    fn r23_each_kind_of_key_signs_as_its_kind_does() {
        let (curve, edwards) = (p256(), Ed25519KeyPair::generate().expect("randomness"));
        let rsa = RsaKeyPair::generate(KeySize::Rsa2048).expect("randomness");
        let pkcs8 = |der: &[u8]| pem("PRIVATE KEY", der);
        let keys = [
            (
                pkcs8(curve.to_pkcs8v1().expect("DER").as_ref()),
                "ES256",
                UnparsedPublicKey::new(
                    &ECDSA_P256_SHA256_FIXED as &dyn aws_lc_rs::signature::VerificationAlgorithm,
                    curve.public_key().as_ref().to_vec(),
                ),
            ),
            (
                pkcs8(rsa.as_der().expect("DER").as_ref()),
                "RS256",
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, rsa.public_key().as_ref().to_vec()),
            ),
            (
                pkcs8(edwards.to_pkcs8().expect("DER").as_ref()),
                "EdDSA",
                UnparsedPublicKey::new(&ED25519, edwards.public_key().as_ref().to_vec()),
            ),
        ];
        for (pem, algorithm, public) in keys {
            let key = ClientKey::read(pem, None).expect(algorithm);
            let token = assertion(&key);
            assert_eq!(part(&token, 0), json!({ "typ": "JWT", "alg": algorithm }));
            let (signed, signature) = token.rsplit_once('.').expect("three parts");
            let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).expect("base64url");
            public
                .verify(signed.as_bytes(), &signature)
                .expect("the signature is the key's");
        }
    }

    #[test]
    fn r23_an_assertion_says_who_asks_whom_and_for_how_long() {
        let document = p256().to_pkcs8v1().expect("DER");
        let text = pem("PRIVATE KEY", document.as_ref());
        let key = ClientKey::read(text, Some("k1".to_owned())).expect("a key");
        let (one, two) = (assertion(&key), assertion(&key));
        assert_eq!(part(&one, 0)["kid"], "k1");
        let claims = part(&one, 1);
        let id = claims["jti"].as_str().expect("a text");
        assert!(id.len() >= 22, "at least 128 bits");
        assert_ne!(part(&two, 1)["jti"], id, "each is used once");
        let expected = json!({
            "iss": "me", "sub": "me", "aud": "https://as.example/", "jti": id, "iat": 1_000, "exp": 1_120,
        });
        assert_eq!(claims, expected, "the issuer byte for byte, and nothing more");
    }

    #[test]
    fn a_key_is_found_in_the_older_form_and_beside_other_blocks() {
        // RFC 5915: version, the number, and the curve's name.
        let number = aws_lc_rs::rand::generate::<[u8; 32]>(&SystemRandom::new()).expect("randomness");
        let oid = [
            0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
        ];
        let inner = [&[0x02, 0x01, 0x01, 0x04, 0x20][..], &number.expose(), &oid].concat();
        let sec1 = [&[0x30, u8::try_from(inner.len()).expect("short")][..], &inner].concat();
        let older = pem("EC PRIVATE KEY", &sec1);
        let beside = format!("{}\r\n{}", pem("CERTIFICATE", b"no key").expose(), older.expose());
        for text in [older, Secret::new(beside)] {
            let key = ClientKey::read(text, None).expect("a key");
            assert_eq!(key.algorithm(), "ES256");
        }
    }

    #[test]
    fn s42_what_is_no_key_is_refused_and_a_key_shows_nothing_of_itself() {
        let document = p256().to_pkcs8v1().expect("DER");
        let good = pem("PRIVATE KEY", document.as_ref());
        for odd in [
            Secret::new(String::new()),
            Secret::new("a secret".to_owned()),
            pem("PUBLIC KEY", p256().public_key().as_ref()),
            pem("ENCRYPTED PRIVATE KEY", b"cipher"),
            pem("PRIVATE KEY", b"0"),
        ] {
            assert_eq!(ClientKey::read(odd, None).err(), Some(NoKey));
        }
        let key = ClientKey::read(good, None).expect("a key");
        assert_eq!(format!("{key:?}"), "ClientKey(…)");
        let json = serde_json::to_vec(&key).expect("JSON");
        let back: ClientKey = serde_json::from_slice(&json).expect("it opens");
        assert_eq!(back.algorithm(), key.algorithm());
    }
}
