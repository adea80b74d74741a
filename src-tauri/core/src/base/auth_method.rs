//! How a client proves at the token endpoint who it is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How we prove at the token endpoint who we are (RFC 7591 §2, `token_endpoint_auth_method`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum AuthMethod {
    /// Not at all: the client is a public one.
    #[serde(rename = "none")]
    Public,
    /// With the secret in the `Authorization` header (RFC 6749 §2.3.1).
    #[serde(rename = "client_secret_basic")]
    Basic,
    /// With the secret in the form.
    #[serde(rename = "client_secret_post")]
    Post,
}

impl AuthMethod {
    /// Gives its name in the protocol.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "none",
            Self::Basic => "client_secret_basic",
            Self::Post => "client_secret_post",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_stored_and_shown_under_its_name_in_the_protocol() {
        for method in [AuthMethod::Public, AuthMethod::Basic, AuthMethod::Post] {
            let stored = serde_json::to_value(method).expect("a method has a JSON form");
            assert_eq!(stored, method.as_str());
        }
    }
}
