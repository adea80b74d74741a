//! The rows of pending sign-ins: the only code that reads or writes them.
//!
//! A row is found by the SHA-256 of its state and by nothing else, so the lookup is the check against forged
//! answers (RFC 6749 §10.12), and removing it is what makes state single-use.

use serde::{Deserialize, Serialize};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::Wish;
use crate::{
    base::{Issuer, Secret, ServerId, SignInId, Timestamp},
    oauth::{Awaiting, StateHash},
    store::{SealedColumn, Store, StoreError, UnsealError, Vault, VaultClosed},
};

/// A sign-in that waits for its answer.
pub(super) struct Pending {
    pub(super) id: SignInId,
    pub(super) server: ServerId,
    pub(super) wish: Wish,
    pub(super) expires_at: Timestamp,
    pub(super) registered_anew: bool,
    /// The issuer as the server names it; `None` in rows of an older version.
    pub(super) issuer: Option<Issuer>,
    pub(super) awaiting: Awaiting,
}

/// What is sealed, on its way in.
#[derive(Serialize)]
struct Closing<'a> {
    wish: Wish,
    registered_anew: bool,
    issuer: Option<&'a Issuer>,
    awaiting: &'a str,
}

/// What is sealed, on its way out.
#[derive(Deserialize)]
struct Opened {
    wish: Wish,
    #[serde(default)]
    registered_anew: bool,
    #[serde(default)]
    issuer: Option<Issuer>,
    awaiting: Secret<String>,
}

/// Why a pending sign-in could not be written or read.
#[derive(Debug, thiserror::Error)]
pub(super) enum TableError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Closed(#[from] VaultClosed),
    #[error("the pending sign-in cannot be decrypted")]
    Broken,
}

impl From<sqlx::Error> for TableError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Room for everything beside the sign-in, so that the buffer never moves and leaves no copy behind.
const FRAME: usize = 256;

/// Where pending sign-ins are sealed.
pub(super) const SIGN_INS: SealedColumn = SealedColumn {
    table: "sign_ins",
    bound_to: "sign_ins",
    row: "id",
    column: "sealed",
};

/// Writes a sign-in, in place of one that waited at the same server with the same wish: a second click supersedes the
/// first.
pub(super) async fn put(
    store: &Store,
    vault: &Vault,
    pending: &Pending,
    now: Timestamp,
) -> Result<(), TableError> {
    let id = pending.id.to_string();
    let json = to_json(pending);
    // EXPOSE: the verifier and the state are sealed here, on their way to disk.
    let sealed = vault.seal(SIGN_INS.cell(&id), json.expose())?;
    let mut write = store.write().await?;
    sqlx::query("DELETE FROM sign_ins WHERE expires_at <= ?")
        .bind(now.seconds())
        .execute(&mut *write)
        .await?;
    delete_wish(&mut write, vault, pending.server, pending.wish).await?;
    sqlx::query(
        "INSERT INTO sign_ins (state_hash, id, server, sealed, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(pending.awaiting.state_hash().as_bytes().as_slice())
    .bind(&id)
    .bind(pending.server.to_string())
    .bind(sealed)
    .bind(now.seconds())
    .bind(pending.expires_at.seconds())
    .execute(&mut *write)
    .await?;
    write.commit().await?;
    Ok(())
}

/// Finds the sign-in that an answer belongs to, without taking it.
pub(super) async fn find(
    store: &Store,
    vault: &Vault,
    state: &StateHash,
    now: Timestamp,
) -> Result<Option<Pending>, TableError> {
    let row = sqlx::query(
        "SELECT id, server, sealed, expires_at FROM sign_ins WHERE state_hash = ? AND expires_at > ?",
    )
    .bind(state.as_bytes().as_slice())
    .bind(now.seconds())
    .fetch_optional(store.reader())
    .await?;
    row.map(|row| read(vault, &row)).transpose()
}

/// Gives all sign-ins that still wait; those that cannot be decrypted are left out.
pub(super) async fn all(store: &Store, vault: &Vault, now: Timestamp) -> Result<Vec<Pending>, TableError> {
    let rows = sqlx::query("SELECT id, server, sealed, expires_at FROM sign_ins WHERE expires_at > ?")
        .bind(now.seconds())
        .fetch_all(store.reader())
        .await?;
    Ok(rows.iter().filter_map(|row| read(vault, row).ok()).collect())
}

/// Burns a state; true for exactly one of all who try.
pub(super) async fn burn(store: &Store, state: &StateHash) -> Result<bool, StoreError> {
    let mut write = store.write().await?;
    let burnt = sqlx::query("DELETE FROM sign_ins WHERE state_hash = ?")
        .bind(state.as_bytes().as_slice())
        .execute(&mut *write);
    let burnt = burnt.await?.rows_affected() == 1;
    write.commit().await?;
    Ok(burnt)
}

/// Withdraws a sign-in that waits; true if it did, and its answer is nobody's from now on.
pub(super) async fn withdraw(store: &Store, id: SignInId) -> Result<bool, StoreError> {
    let mut write = store.write().await?;
    let withdrawn = sqlx::query("DELETE FROM sign_ins WHERE id = ?")
        .bind(id.to_string())
        .execute(&mut *write);
    let withdrawn = withdrawn.await?.rows_affected() == 1;
    write.commit().await?;
    Ok(withdrawn)
}

/// Removes what waits at a server with a wish, or whatever waits there.
pub(super) async fn forget(
    store: &Store,
    vault: &Vault,
    server: ServerId,
    wish: Option<Wish>,
) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    match wish {
        Some(wish) => delete_wish(&mut write, vault, server, wish).await?,
        None => {
            sqlx::query("DELETE FROM sign_ins WHERE server = ?")
                .bind(server.to_string())
                .execute(&mut *write)
                .await?;
        }
    }
    write.commit().await?;
    Ok(())
}

/// Deletes a server's rows with a wish, and those whose wish cannot be read: they might have it.
async fn delete_wish(
    write: &mut SqliteConnection,
    vault: &Vault,
    server: ServerId,
    wish: Wish,
) -> Result<(), StoreError> {
    let rows = sqlx::query("SELECT id, server, sealed, expires_at FROM sign_ins WHERE server = ?")
        .bind(server.to_string())
        .fetch_all(&mut *write)
        .await?;
    for row in rows {
        if read(vault, &row).is_ok_and(|other| other.wish != wish) {
            continue;
        }
        sqlx::query("DELETE FROM sign_ins WHERE id = ?")
            .bind(row.try_get::<String, _>("id")?)
            .execute(&mut *write)
            .await?;
    }
    Ok(())
}

fn to_json(pending: &Pending) -> Secret<Vec<u8>> {
    let awaiting = pending.awaiting.to_secret_json();
    let closing = Closing {
        wish: pending.wish,
        registered_anew: pending.registered_anew,
        issuer: pending.issuer.as_ref(),
        // EXPOSE: written into a buffer that is wiped, to be sealed.
        awaiting: std::str::from_utf8(awaiting.expose()).expect("JSON is UTF-8"),
    };
    // JSON in a JSON string at most doubles: what needs an escape takes two bytes.
    let issuer = closing.issuer.map_or(0, |issuer| issuer.as_str().len());
    let mut plain = Vec::with_capacity(FRAME + 2 * (closing.awaiting.len() + issuer));
    serde_json::to_writer(&mut plain, &closing).expect("strings always fit into JSON");
    Secret::new(plain)
}

/// What is told beside the waiting page.
#[derive(Default)]
struct Told {
    wish: Wish,
    registered_anew: bool,
    issuer: Option<Issuer>,
}

/// Reads what [`to_json`] wrote. A sign-in that an older version wrote down tells no wish: it was for the server.
fn from_json(plain: &Secret<Vec<u8>>) -> Option<(Told, Awaiting)> {
    // EXPOSE: read into values that are secret again.
    match serde_json::from_slice(plain.expose()) {
        Ok(Opened {
            wish,
            registered_anew,
            issuer,
            awaiting,
        }) => {
            // EXPOSE: as above.
            let awaiting = Secret::new(awaiting.expose().as_bytes().to_vec());
            let told = Told {
                wish,
                registered_anew,
                issuer,
            };
            Some((told, Awaiting::from_secret_json(&awaiting).ok()?))
        }
        Err(_) => Some((Told::default(), Awaiting::from_secret_json(plain).ok()?)),
    }
}

fn read(vault: &Vault, row: &SqliteRow) -> Result<Pending, TableError> {
    let id: String = row.try_get("id")?;
    let sealed: Vec<u8> = row.try_get("sealed")?;
    let json: Secret<Vec<u8>> = vault
        .unseal(SIGN_INS.cell(&id), &sealed)
        .map_err(|error| match error {
            UnsealError::Closed => TableError::Closed(VaultClosed),
            UnsealError::Broken => TableError::Broken,
        })?;
    let (told, awaiting) = from_json(&json).ok_or(TableError::Broken)?;
    Ok(Pending {
        id: id.parse().map_err(|_| TableError::Broken)?,
        server: row
            .try_get::<String, _>("server")?
            .parse()
            .map_err(|_| TableError::Broken)?,
        wish: told.wish,
        expires_at: Timestamp::from_seconds(row.try_get("expires_at")?),
        registered_anew: told.registered_anew,
        issuer: told.issuer,
        awaiting,
    })
}

#[cfg(test)]
mod tests;
