//! OAuth 2.1 as written: challenge → metadata → registration → PKCE → authorize → exchange, refresh, revoke.
//!
//! A sign-in is four values, each of which consumes the one before: [`Discovered`] → [`Registered`] → [`Awaiting`] →
//! [`Returned`] → [`Granted`]. The verifier, the state and the code are neither `Clone` nor printable.
//!
//! Where no person signs in, a [`TokenPlace`] leads to [`Granted`] at once (`machine`).
//!
//! Never here: the store, our servers, anything a window shows. Sections: OAuth 2.1 draft 13, RFC 6749, 6750, 7009,
//! 7523, 7591, 7636, 8252, 8414, 8693, 8707, 9207, 9449, 9700, 9728, and the MCP specification's authorization page.

mod authorize;
mod callback;
mod challenge;
mod client;
mod discover;
mod document;
mod dpop;
mod exceptions;
mod flaw;
mod identity;
mod jws;
mod machine;
mod refresh;
mod registration;
mod resource_metadata;
mod revoke;
mod sealing;
mod server_metadata;
mod strict;
#[cfg(test)]
mod tests;
mod token;
mod token_endpoint;
mod told;
mod trace;

pub use authorize::{Ask, AuthorizeError, Awaiting, Registered, StateHash};
pub use callback::{Callback, CallbackError, ReceiveError, Returned};
pub use challenge::{Challenge, Hints, Scheme, challenges, insufficient_scope};
pub use client::GrantClient;
pub use discover::{DiscoverError, Discovered, Signpost, discover, find_signpost, look_for_documents};
pub use dpop::{Nonces, Occasion, ProofKey, asks_for_nonce};
pub use flaw::{DocumentKind, Expected, Flaw, Flawed, JsonType, Member, NotAllowed};
pub use identity::Identity;
pub use machine::{
    Client, ClientAuth, ClientKey, MachineAsker, MachineError, MachineGrant, NoKey, TokenPlace, TokenSource,
};
pub use refresh::{RefreshError, refresh};
pub use registration::{Deregistration, RegisterError, Registration, RegistrationKind, deregister, register};
pub use revoke::{Revocation, revoke};
pub use sealing::{Unreadable, is_token};
pub use token::{ExchangeError, Granted, TokenType, Tokens};
pub use token_endpoint::Asking;
pub use trace::{Arrival, Decision, MetadataPlace, Param, ScopeSource, Step, Trace, TracedHttp, What};
