//! The table of revocations that are owed. Nobody else touches it.

use sqlx::{Row as _, SqliteConnection, query, sqlite::SqliteRow};

use super::{
    OurClient,
    table::{Row, parsed},
};
use crate::{
    base::{AccountId, ClientId, Debt, Issuer, RevocationId, ServerId, Subject, Timestamp},
    store::{Store, StoreError},
};

/// A revocation that is owed.
pub(super) struct Owed {
    pub(super) id: RevocationId,
    pub(super) account: AccountId,
    pub(super) server: ServerId,
    pub(super) issuer: Issuer,
    pub(super) subject: Option<Subject>,
    pub(super) client: Option<OurClient>,
    pub(super) sealed: Vec<u8>,
    pub(super) debt: Debt,
}

/// Writes down what is owed, in the transaction that ends the sign-in.
pub(super) async fn owe(connection: &mut SqliteConnection, owed: &Owed) -> Result<(), StoreError> {
    let client_id = owed.client.as_ref().map(|client| client.client_id.as_str());
    query(
        "INSERT INTO revocations (id, account, server, issuer, subject, client_id, sealed, ended_at, tries, next_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(owed.id.to_string())
    .bind(owed.account.to_string())
    .bind(owed.server.to_string())
    .bind(owed.issuer.as_str())
    .bind(owed.subject.as_ref().map(Subject::as_str))
    .bind(client_id)
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
    let rows = query("SELECT * FROM revocations")
        .fetch_all(store.reader())
        .await?;
    Ok(rows.iter().filter_map(|row| read(row).ok()).collect())
}

/// Tells whether a grant came later that may be the same person's: revoking the old one could end that as well.
pub(super) async fn is_overtaken(store: &Store, owed: &Owed) -> Result<bool, StoreError> {
    let later = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM grants WHERE issuer = ?1 \
         AND signed_in_at > COALESCE((SELECT ended_at FROM revocations WHERE id = ?4), ?2) \
         AND (subject IS NULL OR ?3 IS NULL OR subject = ?3))",
    );
    let later = later
        .bind(owed.issuer.as_str())
        .bind(owed.debt.since.seconds())
        .bind(owed.subject.as_ref().map(Subject::as_str))
        .bind(owed.id.to_string())
        .fetch_one(store.reader());
    Ok(later.await?)
}

/// Makes sure that what is owed for somebody who may be the same person ended before a sign-in, in the transaction that writes
/// this one: both may fall into one second, the clock may have been set back in between (S33), and an account that comes from
/// another computer was signed in long ago.
pub(super) async fn precede(connection: &mut SqliteConnection, row: &Row) -> Result<(), StoreError> {
    query(
        "UPDATE revocations SET ended_at = ?1 - 1 WHERE issuer = ?2 AND ended_at >= ?1 \
         AND (subject IS NULL OR ?3 IS NULL OR subject = ?3)",
    )
    .bind(row.signed_in_at.seconds())
    .bind(row.issuer.as_str())
    .bind(row.who.subject.as_ref().map(Subject::as_str))
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes what is not owed any more.
pub(super) async fn settle(store: &Store, id: RevocationId) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    query("DELETE FROM revocations WHERE id = ?")
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
    Ok(transaction.commit().await?)
}

/// Writes down that an attempt reached nobody, and when the next one is due.
pub(super) async fn put_off(store: &Store, id: RevocationId, debt: Debt) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    query("UPDATE revocations SET tries = ?, next_at = ? WHERE id = ?")
        .bind(debt.tries)
        .bind(debt.next_at.seconds())
        .bind(id.to_string())
        .execute(&mut *transaction)
        .await?;
    Ok(transaction.commit().await?)
}

fn read(row: &SqliteRow) -> Result<Owed, sqlx::Error> {
    let issuer = Issuer::new(row.try_get::<&str, _>("issuer")?);
    let client_id = row.try_get::<Option<String>, _>("client_id")?.map(ClientId::new);
    Ok(Owed {
        id: parsed(row, "id")?,
        account: parsed(row, "account")?,
        server: parsed(row, "server")?,
        client: client_id.map(|client_id| OurClient {
            issuer: issuer.clone(),
            client_id,
        }),
        issuer,
        subject: row.try_get::<Option<String>, _>("subject")?.map(Subject::new),
        sealed: row.try_get("sealed")?,
        debt: Debt {
            since: Timestamp::from_seconds(row.try_get("ended_at")?),
            tries: row.try_get("tries")?,
            next_at: Timestamp::from_seconds(row.try_get("next_at")?),
        },
    })
}
