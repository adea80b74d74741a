//! Tokens without a person (R23): a client asks in its own name, or with what somebody else says of it.
//!
//! Four ways, none of which knows a page, a state or a refresh token. When a token has run out, the same is asked again:
//!
//! - client credentials with a secret (RFC 6749 §4.4), or with a signed assertion in its place (RFC 7523 §2.2);
//! - a company's identity provider exchanges an ID token for leave to ask (RFC 8693), which the issuer takes as an
//!   authorization grant (RFC 7523 §2.1; MCP enterprise-managed authorization);
//! - the platform's own token is the authorization grant (RFC 7523 §2.1; MCP workload identity).

mod key;
mod obtain;
mod place;
mod source;

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Flawed, GrantClient, RefreshError, client, refresh};
use crate::{
    base::{ClientId, Reach, Scopes, Secret},
    ports::HttpError,
};

pub use key::{ClientKey, NoKey};
pub use obtain::MachineAsker;
pub use place::TokenPlace;
pub(super) use place::TokenServer;
use source::Source;
pub use source::TokenSource;

/// Who asks: a client that was registered by hand.
#[derive(Debug, Clone)]
pub struct Client {
    /// What the issuer calls it.
    pub id: ClientId,
    /// How it proves that.
    pub auth: ClientAuth,
}

/// How a client proves who it is (RFC 7591 §2, `token_endpoint_auth_method`).
#[derive(Debug, Clone)]
pub enum ClientAuth {
    /// Not at all.
    Public,
    /// With a secret, in the header or in the body as the issuer wants it.
    Secret(Secret<String>),
    /// With a signed assertion.
    Key(ClientKey),
}

/// What a client asks with (RFC 6749 §1.3).
#[derive(Debug, Clone)]
pub struct MachineGrant(Grant);

#[derive(Debug, Clone, Serialize, Deserialize)]
enum Grant {
    ClientCredentials,
    Company { idp: Box<client::Parts>, token: Source },
    PlatformToken(Source),
}

impl MachineGrant {
    /// Asks in the client's own name (RFC 6749 §4.4).
    pub const fn client_credentials() -> Self {
        Self(Grant::ClientCredentials)
    }

    /// Asks with what a company's identity provider gives in exchange for an ID token; `idp` comes from
    /// [`TokenPlace::identity_provider`].
    pub fn company(idp: GrantClient, token: TokenSource) -> Self {
        let idp = Box::new(idp.0);
        Self(Grant::Company { idp, token: token.0 })
    }

    /// Asks with a token of the platform that this machine runs on.
    pub fn platform_token(token: TokenSource) -> Self {
        Self(Grant::PlatformToken(token.0))
    }
}

/// How a grant's tokens were asked for without a person, so that it can be done again. Sealed with the grant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Machine {
    grant: Grant,
    scopes: Option<Scopes>,
}

/// Why there are no tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MachineError {
    /// It was refused.
    #[error("{host} refuses: {error}")]
    Refused {
        /// Who refused.
        host: String,
        /// The error code (RFC 6749 §5.2).
        error: String,
        /// How long to wait, if that was said.
        retry_after: Option<Duration>,
    },
    /// The client is not known, or not with this secret or key.
    #[error("{host} does not know this client")]
    InvalidClient {
        /// Who does not know it.
        host: String,
    },
    /// It was refused, and the reason cannot be read.
    #[error("a refusal has no readable reason: {flawed}")]
    NoReason {
        /// What is wrong with the answer.
        flawed: Flawed,
        /// How long to wait, if that was said.
        retry_after: Option<Duration>,
    },
    /// There is neither a token nor a refusal in the answer.
    #[error("{host} has no answer now")]
    NoAnswer {
        /// Who was asked.
        host: String,
        /// How long to wait, if that was said.
        retry_after: Option<Duration>,
    },
    /// Something on the network answers in the place of whoever was asked.
    #[error("the network answers in the place of {host}")]
    Portal {
        /// Who was asked.
        host: String,
    },
    /// The answer breaks the specification.
    #[error(transparent)]
    BadAnswer(Flawed),
    /// Nobody could be asked.
    #[error("{host} could not be asked")]
    Http {
        /// Who was to be asked.
        host: String,
        /// Why.
        source: HttpError,
    },
    /// The issuer does not take what this kind of key signs. Nothing was sent.
    #[error("{host} takes nothing that is signed with {algorithm}")]
    AlgorithmNotTaken {
        /// The issuer's host.
        host: String,
        /// The key's algorithm (RFC 7518 §3.1).
        algorithm: &'static str,
    },
    /// There is no token in the file. Nothing was sent.
    #[error("there is no token in {path:?}")]
    NoToken {
        /// The file.
        path: PathBuf,
    },
}

/// Errors that the same request meets again (RFC 6749 §5.2, RFC 8707 §2, RFC 8693 §2.2.2).
const DEFINITE: [&str; 7] = [
    "access_denied",
    "invalid_grant",
    "invalid_request",
    "invalid_scope",
    "invalid_target",
    "unauthorized_client",
    "unsupported_grant_type",
];

impl MachineError {
    /// Tells a rejection, after which only the person can help, from trouble, which passes (S32). Whoever was asked is of
    /// `reach`, and gave tokens before.
    fn verdict(self, reach: Reach) -> RefreshError {
        match self {
            Self::Refused { error, .. } if DEFINITE.contains(&error.as_str()) => RefreshError::Rejected,
            Self::AlgorithmNotTaken { .. } => RefreshError::Rejected,
            Self::InvalidClient { .. } => RefreshError::InvalidClient,
            Self::Refused { retry_after, .. }
            | Self::NoReason { retry_after, .. }
            | Self::NoAnswer { retry_after, .. } => RefreshError::Unreachable { retry_after },
            Self::Portal { .. } => RefreshError::Portal,
            Self::NoToken { .. } => RefreshError::Unreachable { retry_after: None },
            Self::BadAnswer(_) => RefreshError::Unknown,
            Self::Http { source, .. } => refresh::of_http(source, reach),
        }
    }
}
