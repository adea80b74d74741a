//! Where one signs in to a server, as far as the person has a say in it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where one signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProviderView {
    /// The issuer the person has agreed to, raw; `None` before the first consent.
    pub issuer: Option<String>,
    /// The issuers that the server named last, in its order. Without a choice, the first is signed in at.
    pub offered: Vec<IssuerView>,
    /// The issuer that the typed-in client belongs to, raw; `None` until that was used.
    pub client_issuer: Option<String>,
}

/// One issuer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IssuerView {
    /// The issuer, raw.
    pub issuer: String,
    /// Its host and port, in ASCII.
    pub host: String,
}

/// Agrees to sign in to a server at an issuer.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgreeIssuer {
    /// Which server.
    pub id: String,
    /// The issuer, raw, as the server names it.
    pub issuer: String,
    /// The host of its tokens, where the person was asked about that.
    pub token_host: Option<String>,
}
