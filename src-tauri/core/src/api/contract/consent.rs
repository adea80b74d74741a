//! What a person is asked to allow beyond what a sign-in allows.

use serde::Serialize;
use ts_rs::TS;

/// More permissions that a server wants (RFC 6750 §3.1). Nothing happens until the person allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConsentView {
    /// The missing scopes, in the server's order; empty if it named none.
    pub scopes: Vec<String>,
    /// Name of the tool that waits for them; `None` if connecting itself does.
    pub tool: Option<String>,
    /// Which authorization for the same operation this would be, from 1; after the third the refusal is final.
    pub attempt: u8,
}
