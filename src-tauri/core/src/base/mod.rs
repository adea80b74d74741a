//! The nouns every room shares: identifiers, secrets, times, and the strings of the protocol that must
//! never be mistaken for one another or altered on the way.
//!
//! Never here: input, output, clocks, anything asynchronous.

mod auth_kind;
mod auth_method;
mod debt;
mod exceptions;
mod extra_parameters;
pub mod foreign;
mod id;
pub mod plain;
mod scopes;
mod secret;
mod server_url;
mod text;
mod timestamp;

pub use auth_kind::AuthKind;
pub use auth_method::AuthMethod;
pub use debt::Debt;
pub use exceptions::Exceptions;
pub use extra_parameters::{ExtraParameter, ExtraParameters, ExtraParametersError};
pub use id::{AccountId, ParseIdError, QuestionId, RevocationId, RunId, ServerId, SignInId};
pub use scopes::{ParseScopesError, Scopes};
pub use secret::Secret;
pub use server_url::{Reach, ServerUrl, ServerUrlError};
pub use text::{ClientId, Issuer, RedirectUri, Resource, Subject};
pub use timestamp::Timestamp;
