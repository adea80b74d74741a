//! The reads of grants, and how a row is read: one that makes no sense is left out.

use sqlx::{Row as _, SqliteConnection, query, sqlite::SqliteRow};

use super::{Row, Who};
use crate::{
    base::{AccountId, ClientId, Issuer, ServerId, Subject, Timestamp},
    grants::{OurClient, grant::Dead},
    store::{Store, StoreError},
};

const OF_SERVER: &str = "SELECT * FROM grants WHERE server = ? ORDER BY rowid";

/// Gives the row of the server's default account; one that cannot be read is none.
pub(in crate::grants) async fn default_of(
    store: &Store,
    server: ServerId,
) -> Result<Option<Row>, StoreError> {
    let row = query("SELECT * FROM grants WHERE server = ? AND is_default = 1")
        .bind(server.to_string())
        .fetch_optional(store.reader())
        .await?;
    Ok(row.and_then(|row| read(&row).ok()))
}

/// Gives the server's rows that can be read, the oldest account first.
pub(in crate::grants) async fn of_server(store: &Store, server: ServerId) -> Result<Vec<Row>, StoreError> {
    let rows = query(OF_SERVER)
        .bind(server.to_string())
        .fetch_all(store.reader())
        .await?;
    Ok(readable(&rows))
}

/// Gives the account's row; one that cannot be read is none.
pub(in crate::grants) async fn of_account(
    store: &Store,
    account: AccountId,
) -> Result<Option<Row>, StoreError> {
    let row = query("SELECT * FROM grants WHERE account = ?")
        .bind(account.to_string())
        .fetch_optional(store.reader())
        .await?;
    Ok(row.and_then(|row| read(&row).ok()))
}

/// Gives all rows that can be read; one bad row costs itself only.
pub(in crate::grants) async fn all(store: &Store) -> Result<Vec<Row>, StoreError> {
    let rows = query("SELECT * FROM grants").fetch_all(store.reader()).await?;
    Ok(readable(&rows))
}

/// Tells whether any account uses a client, or may: a row that an older version wrote does not say which. A revocation that is
/// owed needs its client too, and so does an account that went to another computer.
pub(in crate::grants) async fn uses(store: &Store, client: &OurClient) -> Result<bool, StoreError> {
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

/// Gives the server's rows as the transaction sees them.
pub(super) async fn locked_rows(
    connection: &mut SqliteConnection,
    server: ServerId,
) -> Result<Vec<Row>, StoreError> {
    let rows = query(OF_SERVER)
        .bind(server.to_string())
        .fetch_all(connection)
        .await?;
    Ok(readable(&rows))
}

/// Gives the rows that can be read; one bad row costs itself only.
fn readable(rows: &[SqliteRow]) -> Vec<Row> {
    rows.iter().filter_map(|row| read(row).ok()).collect()
}

pub(super) fn read(row: &SqliteRow) -> Result<Row, sqlx::Error> {
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
pub(in crate::grants) fn parsed<T>(row: &SqliteRow, column: &str) -> Result<T, sqlx::Error>
where
    T: std::str::FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.try_get::<&str, _>(column)?
        .parse()
        .map_err(|error| sqlx::Error::Decode(Box::new(error)))
}
