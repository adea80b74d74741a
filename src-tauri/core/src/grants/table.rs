//! The table of grants: its row, its reads and its writes. Nobody else touches it.
//!
//! Each write of tokens moves `version` by one and happens only if nobody else moved it (S29).

use sqlx::{
    Row as _, Sqlite, SqliteConnection, query,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::{error::GrantError, grant::Dead};
use crate::{
    base::{AccountId, Issuer, Scopes, ServerId, Timestamp},
    store::{Store, StoreError},
};

/// One row. Only `sealed` is secret; the clear columns are for showing and decide nothing.
pub(super) struct Row {
    pub(super) account: AccountId,
    pub(super) server: ServerId,
    pub(super) issuer: Issuer,
    pub(super) sealed: Vec<u8>,
    pub(super) scopes: Scopes,
    pub(super) label: Option<String>,
    pub(super) signed_in_at: Timestamp,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) renews: bool,
    pub(super) refreshing_since: Option<Timestamp>,
    pub(super) dead: Option<Dead>,
    pub(super) version: i64,
}

/// What a refresh writes.
pub(super) struct Renewal {
    pub(super) sealed: Vec<u8>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) renews: bool,
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

/// Gives the server's row.
pub(super) async fn of_server(store: &Store, server: ServerId) -> Result<Option<Row>, StoreError> {
    let row = query("SELECT * FROM grants WHERE server = ? ORDER BY signed_in_at DESC LIMIT 1")
        .bind(server.to_string())
        .fetch_optional(store.reader())
        .await?;
    Ok(row.as_ref().map(read).transpose()?)
}

/// Gives the account's row.
pub(super) async fn of_account(store: &Store, account: AccountId) -> Result<Option<Row>, StoreError> {
    let row = query("SELECT * FROM grants WHERE account = ?")
        .bind(account.to_string())
        .fetch_optional(store.reader())
        .await?;
    Ok(row.as_ref().map(read).transpose()?)
}

/// Gives all rows that can be read; one bad row costs itself only.
pub(super) async fn all(store: &Store) -> Result<Vec<Row>, StoreError> {
    let rows = query("SELECT * FROM grants").fetch_all(store.reader()).await?;
    Ok(rows.iter().filter_map(|row| read(row).ok()).collect())
}

/// Writes a new row in place of all of its server's; gives the accounts that were replaced.
pub(super) async fn put(store: &Store, row: &Row) -> Result<Vec<AccountId>, GrantError> {
    let mut transaction = store.write().await?;
    let replaced = delete_of_server(&mut transaction, row.server)
        .await
        .map_err(StoreError::from)?;
    let replaced = replaced
        .iter()
        .filter_map(|row| parsed(row, "account").ok())
        .collect();
    insert(&mut transaction, row)
        .await
        .map_err(|error| match &error {
            sqlx::Error::Database(cause) if cause.is_foreign_key_violation() => GrantError::ServerGone,
            _ => GrantError::Store(error.into()),
        })?;
    transaction.commit().await.map_err(StoreError::from)?;
    Ok(replaced)
}

/// Marks that a refresh is about to be sent; the mark of an earlier one that was never answered stays.
pub(super) async fn mark(store: &Store, read: Read, now: Timestamp) -> Result<Swap, StoreError> {
    let set = query("UPDATE grants SET refreshing_since = coalesce(refreshing_since, ?) WHERE account = ? AND version = ?")
        .bind(now.seconds())
        .bind(read.account.to_string())
        .bind(read.version);
    swap(store, set).await
}

/// Clears the mark: the refresh was not sent, or was answered without touching the pair.
pub(super) async fn unmark(store: &Store, read: Read) -> Result<Swap, StoreError> {
    let set = query("UPDATE grants SET refreshing_since = NULL WHERE account = ? AND version = ?")
        .bind(read.account.to_string())
        .bind(read.version);
    swap(store, set).await
}

/// Writes the new pair and clears the mark. It is durable on return.
pub(super) async fn renew(store: &Store, read: Read, renewal: &Renewal) -> Result<Swap, StoreError> {
    let set = query(
        "UPDATE grants SET sealed = ?, expires_at = ?, renews = ?, refreshing_since = NULL, version = version + 1 \
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
pub(super) async fn bury(store: &Store, read: Read, dead: Dead) -> Result<Swap, StoreError> {
    let set = query(
        "UPDATE grants SET dead_reason = ?, refreshing_since = NULL, version = version + 1 \
         WHERE account = ? AND version = ?",
    )
    .bind(dead.code())
    .bind(read.account.to_string())
    .bind(read.version);
    swap(store, set).await
}

/// Deletes all of the server's rows; gives them as they were at that moment, `None` for a damaged one.
pub(super) async fn wipe(store: &Store, server: ServerId) -> Result<Vec<Option<Row>>, StoreError> {
    let mut transaction = store.write().await?;
    let gone = delete_of_server(&mut transaction, server).await?;
    transaction.commit().await?;
    Ok(gone.iter().map(|row| read(row).ok()).collect())
}

async fn swap(store: &Store, update: Query<'_, Sqlite, SqliteArguments>) -> Result<Swap, StoreError> {
    let mut transaction = store.write().await?;
    let rows = update.execute(&mut *transaction).await?.rows_affected();
    transaction.commit().await?;
    Ok(if rows == 1 { Swap::Done } else { Swap::Changed })
}

async fn delete_of_server(
    connection: &mut SqliteConnection,
    server: ServerId,
) -> Result<Vec<SqliteRow>, sqlx::Error> {
    query("DELETE FROM grants WHERE server = ? RETURNING *")
        .bind(server.to_string())
        .fetch_all(connection)
        .await
}

async fn insert(connection: &mut SqliteConnection, row: &Row) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO grants (account, server, issuer, sealed, scopes, label, signed_in_at, expires_at, renews, \
         refreshing_since, dead_reason, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(row.account.to_string())
    .bind(row.server.to_string())
    .bind(row.issuer.as_str())
    .bind(row.sealed.as_slice())
    .bind(row.scopes.to_string())
    .bind(row.label.as_deref())
    .bind(row.signed_in_at.seconds())
    .bind(row.expires_at.map(Timestamp::seconds))
    .bind(row.renews)
    .bind(row.refreshing_since.map(Timestamp::seconds))
    .bind(row.dead.map(Dead::code))
    .bind(row.version)
    .execute(connection)
    .await?;
    Ok(())
}

fn read(row: &SqliteRow) -> Result<Row, sqlx::Error> {
    let seconds = |column| {
        row.try_get::<Option<i64>, _>(column)
            .map(|at| at.map(Timestamp::from_seconds))
    };
    Ok(Row {
        account: parsed(row, "account")?,
        server: parsed(row, "server")?,
        issuer: Issuer::new(row.try_get::<&str, _>("issuer")?),
        sealed: row.try_get("sealed")?,
        scopes: parsed(row, "scopes")?,
        label: row.try_get("label")?,
        signed_in_at: Timestamp::from_seconds(row.try_get("signed_in_at")?),
        expires_at: seconds("expires_at")?,
        renews: row.try_get("renews")?,
        refreshing_since: seconds("refreshing_since")?,
        dead: row
            .try_get::<Option<&str>, _>("dead_reason")?
            .map(Dead::from_code),
        version: row.try_get("version")?,
    })
}

fn parsed<T>(row: &SqliteRow, column: &str) -> Result<T, sqlx::Error>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.try_get::<&str, _>(column)?
        .parse()
        .map_err(|error| sqlx::Error::Decode(Box::new(error)))
}
