//! What one can be asked to allow at a server, and what the person wants to be asked for.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The permissions of sign-ins to one server (MCP authorization, scope selection).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PermissionsView {
    /// The scopes the server named last, in its order; empty if it named none.
    pub offered: Vec<String>,
    /// The scopes the person chose, in order; `None` for whatever the server names.
    pub chosen: Option<Vec<String>>,
}

/// A choice of scopes; it counts from the next sign-in on.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScopesChoice {
    /// Which server.
    pub id: String,
    /// The scopes to ask for; `None` for whatever the server names.
    pub scopes: Option<Vec<String>>,
}
