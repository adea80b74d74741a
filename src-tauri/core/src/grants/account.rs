//! Who is signed in, without anything secret.

use super::{
    error::ReauthReason,
    grant::{self, Dead},
    table::Row,
};
use crate::{
    base::{AccountId, ClientId, Issuer, Scopes, Timestamp},
    store::{UnsealError, Vault},
};

/// What an account is good for, without anything secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its access token can be used.
    Live,
    /// A new pair will be fetched with the next use.
    Stale,
    /// Only the person can help, by signing in again.
    Spent(ReauthReason),
}

impl Standing {
    /// Tells whether it can be used without the person.
    pub const fn is_usable(self) -> bool {
        matches!(self, Self::Live | Self::Stale)
    }
}

/// One account of one server, as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Identifier.
    pub id: AccountId,
    /// Whether it is the one that its server is used as.
    pub is_default: bool,
    /// What the provider calls the person, if it said so.
    pub label: Option<String>,
    /// What the person signs in with at the provider, if it said so.
    pub login: Option<String>,
    /// What the person calls the account; it goes before the provider's word.
    pub own_label: Option<String>,
    /// Who granted it.
    pub issuer: Issuer,
    /// Our client there; `None` where an older version did not write it down.
    pub client_id: Option<ClientId>,
    /// What was granted.
    pub scopes: Scopes,
    /// When the person signed in.
    pub signed_in_at: Timestamp,
    /// When the access token runs out, if the provider said so.
    pub expires_at: Option<Timestamp>,
    /// Whether there is a refresh token.
    pub renews: bool,
    /// Whether it can still be used.
    pub standing: Standing,
    /// Whether the provider no longer knows our client; the next sign-in has to register anew (R9).
    pub client_refused: bool,
}

impl Account {
    /// Shows a row. A row that cannot be decrypted is still shown, with its own standing.
    pub(super) fn of(row: Row, vault: &Vault, now: Timestamp) -> Self {
        Self {
            id: row.account,
            standing: row.standing(vault, now),
            client_refused: row.dead == Some(Dead::ClientRefused),
            is_default: row.is_default,
            label: row.who.label,
            login: row.who.login,
            own_label: row.who.own_label,
            issuer: row.issuer,
            client_id: row.client_id,
            scopes: row.scopes,
            signed_in_at: row.signed_in_at,
            expires_at: row.expires_at,
            renews: row.renews,
        }
    }
}

impl Row {
    /// Judges the row. While the vault is closed only the clear columns can be seen.
    pub(super) fn standing(&self, vault: &Vault, now: Timestamp) -> Standing {
        if self.is_handed_over() {
            return Standing::Spent(ReauthReason::HandedOver);
        }
        match self.open(vault) {
            Ok(grant) => match grant.standing(now) {
                grant::Standing::Live(_) => Standing::Live,
                grant::Standing::Stale { .. } => Standing::Stale,
                grant::Standing::Spent(reason) => Standing::Spent(reason),
            },
            Err(UnsealError::Broken) => Standing::Spent(ReauthReason::Undecryptable),
            Err(UnsealError::Closed) => match self.dead {
                Some(dead) => Standing::Spent(dead.reason()),
                None => Standing::Stale,
            },
        }
    }
}
