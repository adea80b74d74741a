//! The table of clients of ours that their issuers are to delete (RFC 7592 §2.3). Nobody else touches it.

use sqlx::{Row as _, SqliteConnection, query, sqlite::SqliteRow};

use super::registrations::row_name;
use crate::{
    base::{ClientId, Debt, Issuer, ServerId, Timestamp},
    grants::OurClient,
    oauth::Registration,
    store::{SealedColumn, Store, StoreError, UnsealError, Vault},
};

/// Where they are sealed: as they were among the registrations.
pub(super) const DEREGISTRATIONS: SealedColumn = SealedColumn {
    table: "deregistrations",
    bound_to: "registrations",
    row: "issuer || ' ' || redirect_uri",
    column: "sealed",
};

/// A client that its issuer is to delete.
pub(super) struct Owed {
    pub(super) client: OurClient,
    pub(super) redirect: String,
    /// Where it is written down how that went. It may be gone.
    pub(super) server: ServerId,
    pub(super) sealed: Vec<u8>,
    pub(super) debt: Debt,
}

impl Owed {
    /// Opens what it is deleted with.
    pub(super) fn open(&self, vault: &Vault) -> Result<Registration, UnsealError> {
        let cell = row_name(&self.client.issuer, &self.redirect);
        let json = vault.unseal(DEREGISTRATIONS.cell(&cell), &self.sealed)?;
        Registration::from_secret_json(&json).map_err(|_| UnsealError::Broken)
    }
}

/// Writes down what is owed, in the transaction that takes the registration out of use.
pub(super) async fn owe(connection: &mut SqliteConnection, owed: &Owed) -> Result<(), StoreError> {
    query(
        "INSERT OR REPLACE INTO deregistrations \
         (issuer, client_id, redirect_uri, server, sealed, ended_at, tries, next_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(owed.client.issuer.as_str())
    .bind(owed.client.client_id.as_str())
    .bind(&owed.redirect)
    .bind(owed.server.to_string())
    .bind(owed.sealed.as_slice())
    .bind(owed.debt.since.seconds())
    .bind(owed.debt.tries)
    .bind(owed.debt.next_at.seconds())
    .execute(connection)
    .await?;
    Ok(())
}

/// Gives everything that is owed and can be read.
pub(super) async fn all(store: &Store) -> Result<Vec<Owed>, StoreError> {
    let rows = query("SELECT * FROM deregistrations")
        .fetch_all(store.reader())
        .await?;
    Ok(rows.iter().filter_map(|row| read(row).ok()).collect())
}

/// Removes what is not owed any more.
pub(super) async fn settle(store: &Store, owed: &Owed) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    query("DELETE FROM deregistrations WHERE issuer = ? AND client_id = ? AND redirect_uri = ?")
        .bind(owed.client.issuer.as_str())
        .bind(owed.client.client_id.as_str())
        .bind(&owed.redirect)
        .execute(&mut *transaction)
        .await?;
    Ok(transaction.commit().await?)
}

/// Writes down that an attempt reached nobody, and when the next one is due.
pub(super) async fn put_off(store: &Store, owed: &Owed, debt: Debt) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    query(
        "UPDATE deregistrations SET tries = ?, next_at = ? \
         WHERE issuer = ? AND client_id = ? AND redirect_uri = ?",
    )
    .bind(debt.tries)
    .bind(debt.next_at.seconds())
    .bind(owed.client.issuer.as_str())
    .bind(owed.client.client_id.as_str())
    .bind(&owed.redirect)
    .execute(&mut *transaction)
    .await?;
    Ok(transaction.commit().await?)
}

fn read(row: &SqliteRow) -> Result<Owed, sqlx::Error> {
    let server: String = row.try_get("server")?;
    Ok(Owed {
        client: OurClient {
            issuer: Issuer::new(row.try_get::<&str, _>("issuer")?),
            client_id: ClientId::new(row.try_get::<String, _>("client_id")?),
        },
        redirect: row.try_get("redirect_uri")?,
        server: server
            .parse()
            .map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
        sealed: row.try_get("sealed")?,
        debt: Debt {
            since: Timestamp::from_seconds(row.try_get("ended_at")?),
            tries: row.try_get("tries")?,
            next_at: Timestamp::from_seconds(row.try_get("next_at")?),
        },
    })
}
