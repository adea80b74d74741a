//! What we are called at each issuer, and which way back worked there: the only code that reads or writes
//! those rows. Keyed by issuer, so one issuer's client is never shown to another (R8).

use sqlx::Row;

use super::{
    Rung,
    owed::{self, Owed},
    table::TableError,
};
use crate::{
    base::{ClientId, Debt, Issuer, RedirectUri, ServerId, Timestamp},
    grants::OurClient,
    oauth::Registration,
    store::{SealedColumn, Store, StoreError, Vault},
};

/// Names the row that a registration is sealed for.
pub(super) fn row_name(issuer: &Issuer, redirect: &str) -> String {
    format!("{issuer} {redirect}")
}

/// Where registrations are sealed.
pub(super) const REGISTRATIONS: SealedColumn = SealedColumn {
    table: "registrations",
    bound_to: "registrations",
    row: "issuer || ' ' || redirect_uri",
    column: "sealed",
};

/// Keeps a registration in place of the one for the same issuer and redirect URI.
pub(super) async fn keep(
    store: &Store,
    vault: &Vault,
    registration: &Registration,
    now: Timestamp,
) -> Result<(), TableError> {
    let (issuer, redirect) = (registration.issuer(), registration.redirect_uri());
    let json = registration.to_secret_json();
    // EXPOSE: the client secret is sealed here, on its way to disk.
    let sealed = vault.seal(
        REGISTRATIONS.cell(&row_name(issuer, redirect.as_str())),
        json.expose(),
    )?;
    let mut write = store.write().await?;
    sqlx::query(
        "INSERT OR REPLACE INTO registrations (issuer, redirect_uri, client_id, sealed, created_at) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(issuer.as_str())
    .bind(redirect.as_str())
    .bind(registration.client_id().as_str())
    .bind(sealed)
    .bind(now.seconds())
    .execute(&mut *write)
    .await?;
    write.commit().await?;
    Ok(())
}

/// Finds the newest registration at an issuer whose redirect URI fits. One that cannot be decrypted is as good as none:
/// registering anew costs nobody anything.
pub(super) async fn find(
    store: &Store,
    vault: &Vault,
    issuer: &Issuer,
    fits: impl Fn(&RedirectUri) -> bool,
) -> Result<Option<Registration>, StoreError> {
    let rows = sqlx::query(
        "SELECT redirect_uri, sealed FROM registrations WHERE issuer = ? ORDER BY created_at DESC",
    )
    .bind(issuer.as_str())
    .fetch_all(store.reader())
    .await?;
    Ok(rows.iter().find_map(|row| {
        let redirect: String = row.try_get("redirect_uri").ok()?;
        let sealed: Vec<u8> = row.try_get("sealed").ok()?;
        if !fits(&RedirectUri::new(&redirect)) {
            return None;
        }
        let json = vault
            .unseal(REGISTRATIONS.cell(&row_name(issuer, &redirect)), &sealed)
            .ok()?;
        Registration::from_secret_json(&json).ok()
    }))
}

/// Discards a client of ours that its issuer does not know any more; tells whether it was one of ours.
pub(super) async fn discard(store: &Store, issuer: &Issuer, client: &ClientId) -> Result<bool, StoreError> {
    let mut write = store.write().await?;
    let discarded = sqlx::query("DELETE FROM registrations WHERE issuer = ? AND client_id = ?")
        .bind(issuer.as_str())
        .bind(client.as_str())
        .execute(&mut *write);
    let discarded = discarded.await?.rows_affected() > 0;
    write.commit().await?;
    Ok(discarded)
}

/// Takes out of use, for good, what a client of ours is registered as where that can be ended, and owes its end instead. What
/// cannot be ended there is good for the next sign-in. While the vault is closed nothing can be read, and everything stays.
pub(super) async fn take(
    (store, vault): (&Store, &Vault),
    client: &OurClient,
    (server, now): (ServerId, Timestamp),
) -> Result<Vec<Owed>, TableError> {
    let mut write = store.write().await?;
    let rows =
        sqlx::query("SELECT redirect_uri, sealed FROM registrations WHERE issuer = ? AND client_id = ?")
            .bind(client.issuer.as_str())
            .bind(client.client_id.as_str())
            .fetch_all(&mut *write)
            .await?;
    let mut taken = Vec::new();
    for row in rows {
        let owed = Owed {
            client: client.clone(),
            redirect: row.try_get("redirect_uri")?,
            server,
            sealed: row.try_get("sealed")?,
            debt: Debt::new(now),
        };
        if !owed
            .open(vault)
            .is_ok_and(|registration| registration.can_be_ended())
        {
            continue;
        }
        sqlx::query("DELETE FROM registrations WHERE issuer = ? AND redirect_uri = ?")
            .bind(client.issuer.as_str())
            .bind(&owed.redirect)
            .execute(&mut *write)
            .await?;
        owed::owe(&mut write, &owed).await?;
        taken.push(owed);
    }
    write.commit().await?;
    Ok(taken)
}

/// Tells whether a sign-in would use a client of ours.
pub(super) async fn has(store: &Store, client: &OurClient) -> Result<bool, StoreError> {
    let has =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM registrations WHERE issuer = ? AND client_id = ?)")
            .bind(client.issuer.as_str())
            .bind(client.client_id.as_str())
            .fetch_one(store.reader());
    Ok(has.await?)
}

/// Who asks at which issuer: a client that the person typed in, or what we are called there. What a provider takes from
/// the one it may refuse from the other.
pub(super) type Asker<'a> = (&'a Issuer, Option<&'a ClientId>);

/// Remembers which way back worked.
pub(super) async fn remember_rung(store: &Store, asker: Asker<'_>, rung: Rung) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    sqlx::query("INSERT OR REPLACE INTO redirects (issuer, client_id, ladder) VALUES (?, ?, ?)")
        .bind(asker.0.as_str())
        .bind(asker.1.map_or("", ClientId::as_str))
        .bind(rung.word())
        .execute(&mut *write)
        .await?;
    write.commit().await?;
    Ok(())
}

/// Tells which way back worked, if any ever did.
pub(super) async fn remembered_rung(store: &Store, asker: Asker<'_>) -> Result<Option<Rung>, StoreError> {
    let word: Option<String> =
        sqlx::query_scalar("SELECT ladder FROM redirects WHERE issuer = ? AND client_id = ?")
            .bind(asker.0.as_str())
            .bind(asker.1.map_or("", ClientId::as_str))
            .fetch_optional(store.reader())
            .await?;
    Ok(word.as_deref().and_then(Rung::from_word))
}
