//! The table of grants: its row, its reads and its writes. Nobody else touches it.
//!
//! Each write of tokens moves `version` by one and happens only if nobody else moved it (S29). A server's rows are in the
//! order in which its accounts came: a new sign-in to an account keeps its row, and with it its place.

mod accounts;
mod ends;
pub(super) mod moves;
mod reads;
mod tokens;

use sqlx::{Sqlite, query::Query, sqlite::SqliteArguments};

pub(super) use self::{
    accounts::{put, set_default, set_own_label},
    ends::{Ending, Gone, remove, wipe},
    reads::{all, default_of, of_account, of_server, parsed, uses},
    tokens::{Renewal, bury, mark, renew, unmark},
};
use super::grant::Dead;
use crate::{
    base::{AccountId, ClientId, Issuer, Scopes, ServerId, Subject, Timestamp},
    store::{Store, StoreError},
};

/// One row. Only `sealed` is secret; the clear columns are for showing and decide nothing.
pub(super) struct Row {
    pub(super) account: AccountId,
    pub(super) server: ServerId,
    pub(super) is_default: bool,
    pub(super) issuer: Issuer,
    pub(super) client_id: Option<ClientId>,
    pub(super) sealed: Vec<u8>,
    pub(super) scopes: Scopes,
    pub(super) who: Who,
    pub(super) signed_in_at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) renews: bool,
    pub(super) refreshing_since: Option<Timestamp>,
    pub(super) dead: Option<Dead>,
    /// How far the account has come: each move to another computer counts, and each new sign-in.
    pub(super) moves: u32,
    /// It came from another computer and was not used here yet.
    pub(super) resting: bool,
    pub(super) version: i64,
}

impl Row {
    /// Tells whether the account is another computer's now: nothing is asked in its name from here.
    pub(super) fn is_handed_over(&self) -> bool {
        self.dead == Some(Dead::HandedOver)
    }
}

/// Who an account is.
#[derive(Debug, Clone, Default)]
pub(super) struct Who {
    pub(super) subject: Option<Subject>,
    /// What the provider calls the person.
    pub(super) label: Option<String>,
    /// What the person signs in with there.
    pub(super) login: Option<String>,
    /// What the person calls the account.
    pub(super) own_label: Option<String>,
}

/// A row as it was read: which one, and at which version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) account: AccountId,
    pub(super) version: i64,
}

/// Whether a conditional write happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub(super) enum Swap {
    Done,
    /// The row is gone or has another version.
    Changed,
}

async fn swap(store: &Store, update: Query<'_, Sqlite, SqliteArguments>) -> Result<Swap, StoreError> {
    let mut transaction = store.write().await?;
    let rows = update.execute(&mut *transaction).await?.rows_affected();
    transaction.commit().await?;
    Ok(if rows == 1 { Swap::Done } else { Swap::Changed })
}
