//! Who is signed in, without anything secret.

use super::{
    error::ReauthReason,
    grant::{self, Dead},
    table::Row,
};
use crate::{
    base::{AccountId, Issuer, Scopes, Timestamp},
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
    /// The provider's name for the person, if it told one.
    pub label: Option<String>,
    /// Who granted it.
    pub issuer: Issuer,
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
            standing: standing(&row, vault, now),
            client_refused: row.dead == Some(Dead::ClientRefused),
            label: row.label,
            issuer: row.issuer,
            scopes: row.scopes,
            signed_in_at: row.signed_in_at,
            expires_at: row.expires_at,
            renews: row.renews,
        }
    }
}

/// Judges a row. While the vault is closed only the clear columns can be seen.
fn standing(row: &Row, vault: &Vault, now: Timestamp) -> Standing {
    match row.open(vault) {
        Ok(grant) => match grant.standing(now) {
            grant::Standing::Live(_) => Standing::Live,
            grant::Standing::Stale { .. } => Standing::Stale,
            grant::Standing::Spent(reason) => Standing::Spent(reason),
        },
        Err(UnsealError::Broken) => Standing::Spent(ReauthReason::Undecryptable),
        Err(UnsealError::Closed) if row.dead.is_some() => Standing::Spent(ReauthReason::Rejected),
        Err(UnsealError::Closed) => Standing::Stale,
    }
}
