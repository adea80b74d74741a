//! How a server wants to be asked.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a server wants to be asked; detected, and the person may override it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AuthKind {
    /// Anybody may ask.
    Open,
    /// An API key or another static header that the person types in.
    Header,
    /// OAuth 2.1: the person signs in in the browser.
    Oauth,
}
