//! How one signs in to a server, as the person chooses it. Secrets travel inwards only.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::SecretEdit;
use crate::base::Secret;

/// How one signs in to a server, without anything secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SignInMethodView {
    /// A person, in the browser.
    Person,
    /// A client with its secret, which is stored.
    ClientSecret {
        /// What the provider calls the client.
        client_id: String,
    },
    /// A client with its private key, which is stored.
    PrivateKey {
        /// What the provider calls the client.
        client_id: String,
        /// What the provider calls the key, if it has a name.
        key_id: Option<String>,
    },
    /// A company's identity provider vouches for the client.
    Company {
        /// What the provider calls the client.
        client_id: String,
        /// Whether a secret is stored for it there.
        has_secret: bool,
        /// The identity provider's issuer, raw.
        idp_issuer: String,
        /// What the identity provider calls the client.
        idp_client_id: String,
        /// Whether a secret is stored for it there.
        has_idp_secret: bool,
        /// The file the ID token is read from; `None` if it was pasted and is stored.
        token_file: Option<String>,
    },
    /// A token of the platform that this machine runs on.
    PlatformToken {
        /// What the provider calls the client.
        client_id: String,
        /// The file the token is read from; `None` if it was pasted and is stored.
        token_file: Option<String>,
    },
}

/// How one signs in to a server from now on; ends its sign-in.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetSignInMethod {
    /// Which server.
    pub id: String,
    /// How.
    pub method: NewSignInMethod,
}

/// A method to choose. A secret that is to stay must have been stored by the same kind of method for the same provider.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum NewSignInMethod {
    /// A person, in the browser.
    Person,
    /// A client with its secret (RFC 6749 §4.4).
    ClientSecret {
        /// What the provider calls the client.
        client_id: String,
        /// The secret.
        secret: SecretEdit,
    },
    /// A client with its private key (RFC 7523 §2.2).
    PrivateKey {
        /// What the provider calls the client.
        client_id: String,
        /// What the provider calls the key, if it has a name.
        key_id: Option<String>,
        /// The key in PEM: P-256, RSA or Ed25519, not encrypted.
        key: SecretEdit,
    },
    /// A company's identity provider vouches for the client (RFC 8693, RFC 7523 §2.1).
    Company {
        /// What the provider calls the client.
        client_id: String,
        /// Its secret there; it may have none.
        secret: SecretEdit,
        /// The identity provider's issuer: the https address that its metadata names.
        idp_issuer: String,
        /// What the identity provider calls the client.
        idp_client_id: String,
        /// Its secret there; it may have none.
        idp_secret: SecretEdit,
        /// The ID token.
        token: TokenEdit,
    },
    /// A token of the platform that this machine runs on (RFC 7523 §2.1).
    PlatformToken {
        /// What the provider calls the client.
        client_id: String,
        /// The token.
        token: TokenEdit,
    },
}

/// Where a token comes from.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum TokenEdit {
    /// The pasted one stays.
    Keep,
    /// It is pasted.
    Paste {
        /// The token.
        #[ts(type = "string")]
        value: Secret<String>,
    },
    /// It is read from a file, each time anew.
    File {
        /// The file's whole path.
        path: String,
    },
}
