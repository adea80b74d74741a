//! The table of grants: its row, its reads and its writes. Nobody else touches it.
//!
//! Each write of tokens moves `version` by one and happens only if nobody else moved it (S29). A server's rows are in the
//! order in which its accounts came: a new sign-in to an account keeps its row, and with it its place.

pub(super) mod moves;

use sqlx::{
    Row as _, Sqlite, SqliteConnection, query,
    query::Query,
    sqlite::{SqliteArguments, SqliteRow},
};

use super::{
    OurClient,
    error::GrantError,
    grant::Dead,
    owed_table::{self, Owed},
};
use crate::{
    base::{AccountId, ClientId, Issuer, Scopes, ServerId, Subject, Timestamp},
    store::{Store, StoreError},
};

const OF_SERVER: &str = "SELECT * FROM grants WHERE server = ? ORDER BY rowid";

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

/// Gives the row of the server's default account; one that cannot be read is none.
pub(super) async fn default_of(store: &Store, server: ServerId) -> Result<Option<Row>, StoreError> {
    let row = query("SELECT * FROM grants WHERE server = ? AND is_default = 1")
        .bind(server.to_string())
        .fetch_optional(store.reader())
        .await?;
    Ok(row.and_then(|row| read(&row).ok()))
}

/// Gives the server's rows that can be read, the oldest account first.
pub(super) async fn of_server(store: &Store, server: ServerId) -> Result<Vec<Row>, StoreError> {
    let rows = query(OF_SERVER)
        .bind(server.to_string())
        .fetch_all(store.reader())
        .await?;
    Ok(readable(&rows))
}

/// Gives the account's row; one that cannot be read is none.
pub(super) async fn of_account(store: &Store, account: AccountId) -> Result<Option<Row>, StoreError> {
    let row = query("SELECT * FROM grants WHERE account = ?")
        .bind(account.to_string())
        .fetch_optional(store.reader())
        .await?;
    Ok(row.and_then(|row| read(&row).ok()))
}

/// Gives all rows that can be read; one bad row costs itself only.
pub(super) async fn all(store: &Store) -> Result<Vec<Row>, StoreError> {
    let rows = query("SELECT * FROM grants").fetch_all(store.reader()).await?;
    Ok(readable(&rows))
}

/// Writes the row that `make` makes of the server's rows: a new one, or one in place of its account's. Nobody writes
/// between the look and the write. Gives the row that was replaced and the new one.
pub(super) async fn put(
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
pub(super) async fn set_default(
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
pub(super) async fn set_own_label(
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

/// Tells whether any account uses a client, or may: a row that an older version wrote does not say which. A revocation that is
/// owed needs its client too, and so does an account that went to another computer.
pub(super) async fn uses(store: &Store, client: &OurClient) -> Result<bool, StoreError> {
    let uses = sqlx::query_scalar(
        "SELECT EXISTS (SELECT issuer, client_id FROM grants WHERE issuer = ?1 AND (client_id IS NULL OR client_id = ?2) \
         UNION ALL \
         SELECT issuer, client_id FROM revocations WHERE issuer = ?1 AND (client_id IS NULL OR client_id = ?2) \
         UNION ALL \
         SELECT issuer, client_id FROM shared_clients WHERE issuer = ?1 AND client_id = ?2)",
    );
    let uses = uses
        .bind(client.issuer.as_str())
        .bind(client.client_id.as_str())
        .fetch_one(store.reader());
    Ok(uses.await?)
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

/// A row that was deleted, and what is owed for it from that moment on.
pub(super) struct Gone {
    pub(super) row: Row,
    /// `None` if nothing is: it is another computer's.
    pub(super) owed: Option<Owed>,
}

/// What the end of a row depends on.
pub(super) struct Ending<H, O> {
    /// Chooses among the rest which one takes the place of a default that goes.
    pub(super) heir: H,
    /// Makes what is owed to the authorization server.
    pub(super) owed: O,
}

/// Deletes an account's row; if it was the default, its heir takes its place. Gives the row as it was at that moment: the
/// outer `None` if the server does not have it, the inner one if it is damaged.
pub(super) async fn remove(
    store: &Store,
    server: ServerId,
    account: AccountId,
    ending: Ending<impl FnOnce(&[Row]) -> Option<AccountId>, impl Fn(&Row) -> Option<Owed>>,
) -> Result<Option<Option<Gone>>, StoreError> {
    let mut transaction = store.write().await?;
    let gone = query("DELETE FROM grants WHERE account = ? AND server = ? RETURNING *")
        .bind(account.to_string())
        .bind(server.to_string())
        .fetch_optional(&mut *transaction)
        .await?;
    let Some(gone) = gone else {
        return Ok(None);
    };
    if gone.try_get("is_default")? {
        let rest = locked_rows(&mut transaction, server).await?;
        if let Some(heir) = (ending.heir)(&rest) {
            mark_default(&mut transaction, server, heir).await?;
        }
    }
    let gone = owe(&mut transaction, &gone, &ending.owed).await?;
    transaction.commit().await?;
    Ok(Some(gone))
}

/// Deletes all of the server's rows; gives them as they were at that moment, `None` for a damaged one.
pub(super) async fn wipe(
    store: &Store,
    server: ServerId,
    owed: impl Fn(&Row) -> Option<Owed>,
) -> Result<Vec<Option<Gone>>, StoreError> {
    let mut transaction = store.write().await?;
    let gone = query("DELETE FROM grants WHERE server = ? RETURNING *")
        .bind(server.to_string())
        .fetch_all(&mut *transaction)
        .await?;
    let mut owing = Vec::new();
    for row in &gone {
        owing.push(owe(&mut transaction, row, &owed).await?);
    }
    transaction.commit().await?;
    Ok(owing)
}

/// Writes down what is owed for a row that was deleted; nothing for one that is damaged.
async fn owe(
    connection: &mut SqliteConnection,
    row: &SqliteRow,
    owed: impl Fn(&Row) -> Option<Owed>,
) -> Result<Option<Gone>, StoreError> {
    let Ok(row) = read(row) else {
        return Ok(None);
    };
    let owed = owed(&row);
    if let Some(owed) = &owed {
        owed_table::owe(connection, owed).await?;
    }
    Ok(Some(Gone { row, owed }))
}

async fn swap(store: &Store, update: Query<'_, Sqlite, SqliteArguments>) -> Result<Swap, StoreError> {
    let mut transaction = store.write().await?;
    let rows = update.execute(&mut *transaction).await?.rows_affected();
    transaction.commit().await?;
    Ok(if rows == 1 { Swap::Done } else { Swap::Changed })
}

/// Gives the server's rows as the transaction sees them.
async fn locked_rows(connection: &mut SqliteConnection, server: ServerId) -> Result<Vec<Row>, StoreError> {
    let rows = query(OF_SERVER)
        .bind(server.to_string())
        .fetch_all(connection)
        .await?;
    Ok(readable(&rows))
}

async fn clear_default(connection: &mut SqliteConnection, server: ServerId) -> Result<(), StoreError> {
    query("UPDATE grants SET is_default = 0 WHERE server = ? AND is_default = 1")
        .bind(server.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

async fn mark_default(
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

async fn upsert(connection: &mut SqliteConnection, row: &Row) -> Result<(), sqlx::Error> {
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

/// Gives the rows that can be read; one bad row costs itself only.
fn readable(rows: &[SqliteRow]) -> Vec<Row> {
    rows.iter().filter_map(|row| read(row).ok()).collect()
}

fn read(row: &SqliteRow) -> Result<Row, sqlx::Error> {
    let seconds = |column| {
        row.try_get::<Option<i64>, _>(column)
            .map(|at| at.map(Timestamp::from_seconds))
    };
    Ok(Row {
        account: parsed(row, "account")?,
        server: parsed(row, "server")?,
        is_default: row.try_get("is_default")?,
        issuer: Issuer::new(row.try_get::<&str, _>("issuer")?),
        client_id: row.try_get::<Option<String>, _>("client_id")?.map(ClientId::new),
        sealed: row.try_get("sealed")?,
        scopes: parsed(row, "scopes")?,
        who: Who {
            subject: row.try_get::<Option<String>, _>("subject")?.map(Subject::new),
            label: row.try_get("label")?,
            login: row.try_get("login")?,
            own_label: row.try_get("own_label")?,
        },
        signed_in_at: Timestamp::from_seconds(row.try_get("signed_in_at")?),
        expires_at: seconds("expires_at")?,
        renews: row.try_get("renews")?,
        refreshing_since: seconds("refreshing_since")?,
        dead: row
            .try_get::<Option<&str>, _>("dead_reason")?
            .map(Dead::from_code),
        moves: row.try_get("moves")?,
        resting: row.try_get("resting")?,
        version: row.try_get("version")?,
    })
}

/// Reads a column whose text is the value's own form.
pub(super) fn parsed<T>(row: &SqliteRow, column: &str) -> Result<T, sqlx::Error>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.try_get::<&str, _>(column)?
        .parse()
        .map_err(|error| sqlx::Error::Decode(Box::new(error)))
}
