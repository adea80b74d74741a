//! The writes of accounts: a sign-in to one, which of them is the default, and what the person calls it.

use sqlx::{SqliteConnection, query};

use super::{Row, Swap, reads::locked_rows, swap};
use crate::{
    base::{AccountId, ClientId, ServerId, Subject, Timestamp},
    grants::{error::GrantError, grant::Dead, owed_table},
    store::{Store, StoreError},
};

/// Writes the row that `make` makes of the server's rows: a new one, or one in place of its account's. Nobody writes
/// between the look and the write. Gives the row that was replaced and the new one.
pub(in crate::grants) async fn put(
    store: &Store,
    server: ServerId,
    make: impl FnOnce(&[Row]) -> Result<Row, GrantError>,
) -> Result<(Option<Row>, Row), GrantError> {
    let mut transaction = store.write().await?;
    let mut known = locked_rows(&mut transaction, server).await?;
    let row = make(&known)?;
    if row.is_default {
        clear_default(&mut transaction, server).await?;
    }
    upsert(&mut transaction, &row)
        .await
        .map_err(|error| match &error {
            sqlx::Error::Database(cause) if cause.is_foreign_key_violation() => GrantError::ServerGone,
            _ => GrantError::Store(error.into()),
        })?;
    owed_table::precede(&mut transaction, &row).await?;
    transaction.commit().await.map_err(StoreError::from)?;
    let replaced = known.iter().position(|known| known.account == row.account);
    Ok((replaced.map(|at| known.swap_remove(at)), row))
}

/// Makes an account the server's default; tells whether the server has it.
pub(in crate::grants) async fn set_default(
    store: &Store,
    server: ServerId,
    account: AccountId,
) -> Result<bool, StoreError> {
    let mut transaction = store.write().await?;
    clear_default(&mut transaction, server).await?;
    let found = mark_default(&mut transaction, server, account).await?;
    if found {
        transaction.commit().await?;
    }
    Ok(found)
}

/// Writes the person's own name for an account; tells whether the server has it.
pub(in crate::grants) async fn set_own_label(
    store: &Store,
    server: ServerId,
    account: AccountId,
    label: Option<&str>,
) -> Result<bool, StoreError> {
    let set = query("UPDATE grants SET own_label = ? WHERE account = ? AND server = ?")
        .bind(label)
        .bind(account.to_string())
        .bind(server.to_string());
    Ok(swap(store, set).await? == Swap::Done)
}

async fn clear_default(connection: &mut SqliteConnection, server: ServerId) -> Result<(), StoreError> {
    query("UPDATE grants SET is_default = 0 WHERE server = ? AND is_default = 1")
        .bind(server.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

pub(super) async fn mark_default(
    connection: &mut SqliteConnection,
    server: ServerId,
    account: AccountId,
) -> Result<bool, StoreError> {
    let marked = query("UPDATE grants SET is_default = 1 WHERE account = ? AND server = ?")
        .bind(account.to_string())
        .bind(server.to_string())
        .execute(connection)
        .await?;
    Ok(marked.rows_affected() == 1)
}

pub(super) async fn upsert(connection: &mut SqliteConnection, row: &Row) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO grants (account, server, is_default, issuer, client_id, sealed, scopes, subject, label, login, \
         own_label, signed_in_at, expires_at, renews, refreshing_since, dead_reason, moves, resting, version) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (account) DO UPDATE SET is_default = excluded.is_default, issuer = excluded.issuer, \
         client_id = excluded.client_id, sealed = excluded.sealed, scopes = excluded.scopes, \
         subject = excluded.subject, label = excluded.label, login = excluded.login, own_label = excluded.own_label, \
         signed_in_at = excluded.signed_in_at, expires_at = excluded.expires_at, renews = excluded.renews, \
         refreshing_since = excluded.refreshing_since, dead_reason = excluded.dead_reason, moves = excluded.moves, \
         resting = excluded.resting, version = excluded.version",
    )
    .bind(row.account.to_string())
    .bind(row.server.to_string())
    .bind(row.is_default)
    .bind(row.issuer.as_str())
    .bind(row.client_id.as_ref().map(ClientId::as_str))
    .bind(row.sealed.as_slice())
    .bind(row.scopes.to_string())
    .bind(row.who.subject.as_ref().map(Subject::as_str))
    .bind(row.who.label.as_deref())
    .bind(row.who.login.as_deref())
    .bind(row.who.own_label.as_deref())
    .bind(row.signed_in_at.seconds())
    .bind(row.expires_at.map(Timestamp::seconds))
    .bind(row.renews)
    .bind(row.refreshing_since.map(Timestamp::seconds))
    .bind(row.dead.map(Dead::code))
    .bind(row.moves)
    .bind(row.resting)
    .bind(row.version)
    .execute(connection)
    .await?;
    Ok(())
}
