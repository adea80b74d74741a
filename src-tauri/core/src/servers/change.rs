//! What an edit means for the grants and for the connection. Pure.

use http::HeaderName;

use super::{EditServer, SecretChange, Server};
use crate::base::AuthKind;

/// What an edit changes beyond its own columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// The address becomes another one: what was learnt about the old one is forgotten.
    pub moves: bool,
    /// The grants no longer belong to the server.
    pub ends_grants: bool,
    /// An open connection no longer is what it should be.
    pub reconnect: bool,
}

impl Meaning {
    /// Compares the edit with the server as it is.
    pub fn of(edit: &EditServer, server: &Server) -> Self {
        let moves = edit.url.as_ref().is_some_and(|(url, _)| *url != server.url);
        let client = edit.client_id.as_ref().is_some_and(|id| *id != server.client_id)
            || changes_secret(&edit.client_secret, server.has_client_secret);
        let kind = edit.auth_kind.is_some_and(|kind| Some(kind) != server.auth_kind);
        let leaves_oauth = kind && server.auth_kind == Some(AuthKind::Oauth);
        let headers = edit
            .headers
            .as_ref()
            .is_some_and(|headers| changes_headers(headers, &server.header_names));
        Self {
            moves,
            ends_grants: moves || client || leaves_oauth,
            reconnect: moves || client || kind || headers,
        }
    }
}

const fn changes_secret(change: &SecretChange, stored: bool) -> bool {
    match change {
        SecretChange::Keep => false,
        SecretChange::Set(_) => true,
        SecretChange::Clear => stored,
    }
}

fn changes_headers(headers: &[(HeaderName, SecretChange)], stored: &[String]) -> bool {
    let is_stored = |name: &HeaderName| stored.iter().any(|own| own == name.as_str());
    let is_kept = |own: &String| headers.iter().any(|(name, _)| name.as_str() == own);
    let changed = headers
        .iter()
        .any(|(name, change)| changes_secret(change, is_stored(name)));
    changed || !stored.iter().all(is_kept)
}

#[cfg(test)]
mod tests;
