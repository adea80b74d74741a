//! Why there is no bearer, told apart by what the caller does next.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    oauth::RefreshError,
    store::{StoreError, UnsealError, VaultClosed},
};

/// Why only the person can bring a bearer back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReauthReason {
    /// The authorization server no longer accepts the grant, or the server none of its tokens.
    #[error("the sign-in is no longer accepted")]
    Rejected,
    /// The access token ran out and there is nothing to renew it with.
    #[error("the sign-in has run out")]
    Expired,
    /// What is stored cannot be decrypted.
    #[error("the stored sign-in cannot be decrypted")]
    Undecryptable,
    /// The account went to another computer.
    #[error("the account is another computer's now")]
    HandedOver,
}

/// How a renewal ended that brought nothing, as it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RenewalEnd {
    /// The authorization server no longer accepts the grant.
    Rejected,
    /// The authorization server no longer knows this app.
    InvalidClient,
    /// It could not be asked now; the grant is kept.
    Unreachable,
    /// Something on the network answered in its place; the grant is kept.
    Portal,
    /// Its answer was lost or could not be used; the grant is kept.
    Unknown,
}

impl RenewalEnd {
    /// Gives what is written down; nothing where nobody was asked.
    pub(super) const fn of(error: &RefreshError) -> Option<Self> {
        Some(match error {
            RefreshError::Offline => return None,
            RefreshError::Rejected => Self::Rejected,
            RefreshError::InvalidClient => Self::InvalidClient,
            RefreshError::Unreachable { .. } => Self::Unreachable,
            RefreshError::Portal => Self::Portal,
            RefreshError::Unknown => Self::Unknown,
        })
    }
}

/// Why there is no bearer.
#[derive(Debug, thiserror::Error)]
pub enum BearerError {
    /// Nobody has signed in to this server.
    #[error("nobody has signed in")]
    None,
    /// The person has to sign in again.
    #[error("a new sign-in is needed")]
    Reauth(#[source] ReauthReason),
    /// The authorization server could not be asked, or gave no usable answer; the grant is kept.
    #[error("the sign-in could not be renewed now")]
    Unreachable {
        /// How long to leave the authorization server alone.
        retry_after: Option<Duration>,
    },
    /// There is no network; the grant is kept, and nothing has failed.
    #[error("there is no network")]
    Offline,
    /// Something on the network answers in the place of the authorization server; the grant is kept.
    #[error("the network answers in the place of {host}")]
    Portal {
        /// Host and port of the authorization server's tokens, in ASCII.
        host: String,
        /// How long to leave it alone.
        retry_after: Duration,
    },
    /// The key to the stored sign-ins is not there; nothing is lost.
    #[error("the vault is closed")]
    VaultClosed,
    /// The store failed; a pair that was already received is kept in memory and written with the next call.
    #[error("the grant could not be read or written")]
    Store(#[from] StoreError),
}

impl From<UnsealError> for BearerError {
    fn from(error: UnsealError) -> Self {
        match error {
            UnsealError::Closed => Self::VaultClosed,
            UnsealError::Broken => Self::Reauth(ReauthReason::Undecryptable),
        }
    }
}

impl From<VaultClosed> for BearerError {
    fn from(_: VaultClosed) -> Self {
        Self::VaultClosed
    }
}

/// Why a grant could not be kept, shown or ended.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// The key to the stored sign-ins is not there, so nothing can be sealed.
    #[error("the vault is closed")]
    VaultClosed,
    /// The server was deleted meanwhile; there is nothing to keep a grant for.
    #[error("the server is gone")]
    ServerGone,
    /// The store failed.
    #[error("the grant could not be read or written")]
    Store(#[from] StoreError),
}

/// Why nothing was changed about an account.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The server does not have it (any more).
    #[error("the account is gone")]
    Gone,
    /// The store failed.
    #[error("the account could not be written")]
    Store(#[from] StoreError),
}

impl From<VaultClosed> for GrantError {
    fn from(_: VaultClosed) -> Self {
        Self::VaultClosed
    }
}
