//! How one signs in to a server without a person (R23), as the person has chosen it.
//!
//! A method is written once for three purposes: with what happens to its secrets ([`SecretChange`]), with the secrets
//! themselves, and with neither, for showing.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::SecretChange;
use crate::base::{ClientId, Issuer, Secret};

/// A way to sign in that needs no browser; `S` stands where a secret is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum SignInMethod<S> {
    /// The client's own secret (RFC 6749 §4.4).
    ClientSecret {
        /// What the issuer calls the client.
        client_id: ClientId,
        /// The secret.
        secret: S,
    },
    /// A private key (RFC 7523 §2.2).
    PrivateKey {
        /// What the issuer calls the client.
        client_id: ClientId,
        /// What the issuer calls the key, if it has a name.
        key_id: Option<String>,
        /// The key in PEM.
        key: S,
    },
    /// A company's identity provider vouches for the client (RFC 8693, RFC 7523 §2.1).
    Company {
        /// What the issuer calls the client.
        client_id: ClientId,
        /// Its secret there, if it has one.
        secret: Option<S>,
        /// Who vouches.
        idp: IdentityProvider<S>,
        /// The ID token that says for whom.
        token: TokenPlace<S>,
    },
    /// A token of the platform that this machine runs on (RFC 7523 §2.1).
    PlatformToken {
        /// What the issuer calls the client.
        client_id: ClientId,
        /// The token.
        token: TokenPlace<S>,
    },
}

/// A company's identity provider, and who asks there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentityProvider<S> {
    /// Its issuer, raw.
    pub issuer: Issuer,
    /// What it calls the client.
    pub client_id: ClientId,
    /// The client's secret there, if it has one.
    pub secret: Option<S>,
}

/// Where a token comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TokenPlace<S> {
    /// The person pasted it.
    Pasted(S),
    /// It is in a file that somebody else keeps fresh.
    File(PathBuf),
}

/// The method's secrets, with what else is needed to use them.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The method.
    pub method: SignInMethod<Secret<String>>,
    /// The issuer that they belong to; `None` until they were used.
    pub issuer: Option<Issuer>,
}

/// Which of a method's secrets one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretName {
    /// The client's secret at the issuer.
    Secret,
    /// The private key.
    Key,
    /// The client's secret at the identity provider.
    IdpSecret,
    /// A pasted token.
    Token,
}

impl SecretName {
    const ALL: [Self; 4] = [Self::Secret, Self::Key, Self::IdpSecret, Self::Token];

    /// Gives the word under which it is stored.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Key => "key",
            Self::IdpSecret => "idpSecret",
            Self::Token => "token",
        }
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.word() == word)
    }
}

impl<S> SignInMethod<S> {
    /// Gives the word under which it is stored.
    pub(super) const fn kind(&self) -> &'static str {
        match self {
            Self::ClientSecret { .. } => "clientSecret",
            Self::PrivateKey { .. } => "privateKey",
            Self::Company { .. } => "company",
            Self::PlatformToken { .. } => "platformToken",
        }
    }

    /// Gives what the issuer calls the client.
    pub const fn client_id(&self) -> &ClientId {
        match self {
            Self::ClientSecret { client_id, .. }
            | Self::PrivateKey { client_id, .. }
            | Self::Company { client_id, .. }
            | Self::PlatformToken { client_id, .. } => client_id,
        }
    }

    /// Gives the issuer of the identity provider that vouches, if one does.
    pub(super) const fn idp_issuer(&self) -> Option<&Issuer> {
        match self {
            Self::Company { idp, .. } => Some(&idp.issuer),
            Self::ClientSecret { .. } | Self::PrivateKey { .. } | Self::PlatformToken { .. } => None,
        }
    }

    /// Puts something else where the secrets are. What becomes of one that the method can do without may be nothing.
    pub fn try_map<T, E>(
        self,
        mut each: impl FnMut(SecretName, S) -> Result<Option<T>, E>,
        missing: impl Fn(SecretName) -> E,
    ) -> Result<SignInMethod<T>, E> {
        use SecretName::{IdpSecret, Key, Secret, Token};
        let mut needed = |name, value| each(name, value)?.ok_or_else(|| missing(name));
        Ok(match self {
            Self::ClientSecret { client_id, secret } => SignInMethod::ClientSecret {
                client_id,
                secret: needed(Secret, secret)?,
            },
            Self::PrivateKey {
                client_id,
                key_id,
                key,
            } => SignInMethod::PrivateKey {
                client_id,
                key_id,
                key: needed(Key, key)?,
            },
            Self::PlatformToken { client_id, token } => SignInMethod::PlatformToken {
                client_id,
                token: token.try_map(|value| needed(Token, value))?,
            },
            Self::Company {
                client_id,
                secret,
                idp,
                token,
            } => SignInMethod::Company {
                token: token.try_map(|value| needed(Token, value))?,
                client_id,
                secret: secret.map(|value| each(Secret, value)).transpose()?.flatten(),
                idp: IdentityProvider {
                    issuer: idp.issuer,
                    client_id: idp.client_id,
                    secret: idp
                        .secret
                        .map(|value| each(IdpSecret, value))
                        .transpose()?
                        .flatten(),
                },
            },
        })
    }
}

impl<S> TokenPlace<S> {
    fn try_map<T, E>(self, each: impl FnOnce(S) -> Result<T, E>) -> Result<TokenPlace<T>, E> {
        match self {
            Self::Pasted(value) => each(value).map(TokenPlace::Pasted),
            Self::File(path) => Ok(TokenPlace::File(path)),
        }
    }
}

/// A method with what happens to its secrets.
pub type NewSignInMethod = SignInMethod<SecretChange>;

/// A method that came in a file, with those of its secrets that came with it.
pub type BroughtSignInMethod = SignInMethod<Option<Secret<String>>>;
