//! The writes of tokens: a refresh from its mark to its pair or its end.

use sqlx::query;

use super::{Read, Swap, swap};
use crate::{
    base::Timestamp,
    grants::grant::Dead,
    store::{Store, StoreError},
};

/// What a refresh writes.
pub(in crate::grants) struct Renewal {
    pub(in crate::grants) sealed: Vec<u8>,
    pub(in crate::grants) expires_at: Option<Timestamp>,
    pub(in crate::grants) renews: bool,
}

/// Marks that a refresh is about to be sent; the mark of an earlier one that was never answered stays.
pub(in crate::grants) async fn mark(store: &Store, read: Read, now: Timestamp) -> Result<Swap, StoreError> {
    let set = query("UPDATE grants SET refreshing_since = coalesce(refreshing_since, ?) WHERE account = ? AND version = ?")
        .bind(now.seconds())
        .bind(read.account.to_string())
        .bind(read.version);
    swap(store, set).await
}

/// Clears the mark: the refresh was not sent, or was answered without touching the pair.
pub(in crate::grants) async fn unmark(store: &Store, read: Read) -> Result<Swap, StoreError> {
    let set = query("UPDATE grants SET refreshing_since = NULL WHERE account = ? AND version = ?")
        .bind(read.account.to_string())
        .bind(read.version);
    swap(store, set).await
}

/// Writes the new pair and clears the mark. It is durable on return.
pub(in crate::grants) async fn renew(
    store: &Store,
    read: Read,
    renewal: &Renewal,
) -> Result<Swap, StoreError> {
    let set = query(
        "UPDATE grants SET sealed = ?, expires_at = ?, renews = ?, refreshing_since = NULL, resting = 0, version = version + 1 \
         WHERE account = ? AND version = ?",
    )
    .bind(renewal.sealed.as_slice())
    .bind(renewal.expires_at.map(Timestamp::seconds))
    .bind(renewal.renews)
    .bind(read.account.to_string())
    .bind(read.version);
    swap(store, set).await
}

/// Marks the grant as over. The row stays, so that the account stays in sight.
pub(in crate::grants) async fn bury(store: &Store, read: Read, dead: Dead) -> Result<Swap, StoreError> {
    let set = query(
        "UPDATE grants SET dead_reason = ?, refreshing_since = NULL, version = version + 1 \
         WHERE account = ? AND version = ?",
    )
    .bind(dead.code())
    .bind(read.account.to_string())
    .bind(read.version);
    swap(store, set).await
}
