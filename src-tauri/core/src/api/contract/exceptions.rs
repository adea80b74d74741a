//! What the person lets pass at one server, or adds to its sign-ins, although the protocol says otherwise.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::base::AuthMethod;

/// The exceptions of one server. The auth kind that was chosen by hand is another one, and has its own place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionsView {
    /// What the provider may call itself in place of the issuer that was asked for, raw; `None` for nothing else.
    pub accepted_issuer: Option<String>,
    /// Whether the provider's metadata need not say anything about PKCE.
    pub without_pkce_metadata: bool,
    /// What is added to the address of the provider's page, in order; at most eight.
    pub extra_parameters: Vec<ParameterView>,
    /// Whether no request names the resource.
    pub omit_resource: bool,
    /// How the app proves at the token endpoint who it is; `None` for as the provider says.
    pub token_auth_method: Option<AuthMethod>,
}

/// A parameter of an authorization request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ParameterView {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The exceptions of a server from its next sign-in on, in place of those it had.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetExceptions {
    /// Which server.
    pub id: String,
    /// All of them.
    pub exceptions: ExceptionsView,
}
