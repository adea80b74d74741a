//! What the person lets pass at one server, or adds to its sign-ins, although the protocol says otherwise.

use serde::{Deserialize, Serialize};

use super::{AuthMethod, ExtraParameters, Issuer};

/// The exceptions of one server; by default there are none. Each is about how its authorization server behaves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Exceptions {
    /// What the authorization server may call itself in place of the issuer that was asked for (RFC 8414 §3.3),
    /// byte for byte.
    pub accepted_issuer: Option<Issuer>,
    /// Its metadata need not say anything about PKCE (RFC 7636). A challenge with S256 is sent all the same.
    pub without_pkce_metadata: bool,
    /// What is added to the authorization request (RFC 6749 §3.1).
    pub extra_parameters: ExtraParameters,
    /// The resource is not named in any request (RFC 8707 §2).
    pub omit_resource: bool,
    /// How we prove at the token endpoint who we are, whatever metadata and registration say (RFC 7591 §2).
    pub token_auth_method: Option<AuthMethod>,
}

impl Exceptions {
    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
