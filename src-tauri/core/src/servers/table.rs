//! The rows behind the servers: the table `servers` here, those that hang on it beside.

pub mod headers;
pub mod methods;
pub mod tools;

use std::num::NonZeroU16;

use serde_json::Value;
use sqlx::{FromRow, SqliteConnection, SqlitePool};

use super::{Agreed, Era, Provider, Server, ServersError, WayBack};
use crate::{
    base::{AuthKind, ClientId, Exceptions, Issuer, Reach, Scopes, ServerId, Timestamp},
    store::{StoreError, Write},
};

/// Selects the open columns, with a rest of the query.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, url, reach, auth_kind, overridden, wanted, client_id,
                    client_secret IS NOT NULL AS has_client_secret, issuer, token_host, offered_issuers, client_issuer,
                    way_back, loopback_port, exceptions, offered_scopes, chosen_scopes, era, created_at
             FROM servers ",
            $rest
        )
    };
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    url: String,
    reach: String,
    auth_kind: Option<String>,
    overridden: bool,
    wanted: bool,
    client_id: Option<String>,
    has_client_secret: bool,
    issuer: Option<String>,
    token_host: Option<String>,
    offered_issuers: Option<String>,
    client_issuer: Option<String>,
    way_back: String,
    loopback_port: Option<i64>,
    exceptions: Option<String>,
    offered_scopes: Option<String>,
    chosen_scopes: Option<String>,
    era: Option<String>,
    created_at: i64,
}

/// Reads all servers; a row that makes no sense is left out, so that it cannot blank the list.
pub async fn list(connection: &mut SqliteConnection) -> Result<Vec<Server>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(select!("ORDER BY created_at, rowid"))
        .fetch_all(&mut *connection)
        .await?;
    let mut names = headers::all_names(connection).await?;
    let mut servers = Vec::with_capacity(rows.len());
    for row in rows {
        let headers = names.remove(&row.id).unwrap_or_default();
        match row.read(headers) {
            Some(server) => servers.push(server),
            None => tracing::warn!("a stored server makes no sense and is left out"),
        }
    }
    Ok(servers)
}

pub async fn get(connection: &mut SqliteConnection, id: ServerId) -> Result<Option<Server>, ServersError> {
    let row: Option<Row> = sqlx::query_as(select!("WHERE id = ?"))
        .bind(id.to_string())
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::from)?;
    let Some(row) = row else { return Ok(None) };
    let headers = headers::names(connection, &row.id).await?;
    row.read(headers).map(Some).ok_or(ServersError::Broken)
}

/// Inserts the open columns.
pub async fn insert(transaction: &mut Write, server: &Server) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO servers (id, name, url, reach, overridden, wanted, created_at) VALUES (?, '', '', '', 0, ?, ?)")
        .bind(server.id.to_string())
        .bind(server.wanted)
        .bind(server.created_at.seconds())
        .execute(&mut **transaction)
        .await?;
    update(transaction, server).await
}

/// Writes the open columns that an edit may change.
pub async fn update(transaction: &mut Write, server: &Server) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE servers SET name = ?, url = ?, reach = ?, auth_kind = ?, overridden = ?, client_id = ?,
                client_issuer = ?, era = ?, offered_scopes = ?, chosen_scopes = ?
         WHERE id = ?",
    )
    .bind(&server.name)
    .bind(server.url.as_str())
    .bind(reach_text(server.reach))
    .bind(server.auth_kind.map(kind_text))
    .bind(server.overridden)
    .bind(server.client_id.as_ref().map(ClientId::as_str))
    .bind(server.provider.client_issuer.as_ref().map(Issuer::as_str))
    .bind(server.era.map(era_text))
    .bind(server.offered_scopes.as_ref().map(Scopes::to_string))
    .bind(server.chosen_scopes.as_ref().map(Scopes::to_string))
    .bind(server.id.to_string())
    .execute(&mut **transaction)
    .await?;
    set_agreed(transaction, server.id, server.provider.agreed.as_ref()).await?;
    set_exceptions(transaction, server.id, &server.exceptions).await?;
    set_offered(transaction, server.id, &server.provider.offered).await
}

pub async fn delete(transaction: &mut Write, id: ServerId) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM servers WHERE id = ?")
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(done.rows_affected() > 0)
}

pub async fn set_wanted(transaction: &mut Write, id: ServerId, wanted: bool) -> Result<(), StoreError> {
    sqlx::query("UPDATE servers SET wanted = ? WHERE id = ?")
        .bind(wanted)
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub async fn set_detected_kind(
    transaction: &mut Write,
    id: ServerId,
    kind: AuthKind,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE servers SET auth_kind = ? WHERE id = ? AND overridden = 0")
        .bind(kind_text(kind))
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub async fn set_reach(transaction: &mut Write, id: ServerId, reach: Reach) -> Result<(), StoreError> {
    sqlx::query("UPDATE servers SET reach = ? WHERE id = ?")
        .bind(reach_text(reach))
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub async fn set_agreed(
    transaction: &mut Write,
    id: ServerId,
    agreed: Option<&Agreed>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE servers SET issuer = ?, token_host = ? WHERE id = ?")
        .bind(agreed.map(|agreed| agreed.issuer.as_str()))
        .bind(agreed.and_then(|agreed| agreed.token_host.as_deref()))
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub async fn set_offered(
    transaction: &mut Write,
    id: ServerId,
    offered: &[Issuer],
) -> Result<(), StoreError> {
    let list: Value = offered.iter().map(Issuer::as_str).collect();
    sqlx::query("UPDATE servers SET offered_issuers = ? WHERE id = ?")
        .bind(list.to_string())
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Ties the client to an issuer, unless it belongs to one already.
pub async fn tie_client(transaction: &mut Write, id: ServerId, issuer: &Issuer) -> Result<(), StoreError> {
    sqlx::query("UPDATE servers SET client_issuer = ? WHERE id = ? AND client_id IS NOT NULL AND client_issuer IS NULL")
        .bind(issuer.as_str())
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub async fn set_way_back(
    transaction: &mut Write,
    id: ServerId,
    way_back: WayBack,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE servers SET way_back = ?, loopback_port = ? WHERE id = ?")
        .bind(way_back.word())
        .bind(way_back.port().map(NonZeroU16::get))
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Writes the exceptions; none are no text.
pub async fn set_exceptions(
    transaction: &mut Write,
    id: ServerId,
    exceptions: &Exceptions,
) -> Result<(), StoreError> {
    let json = serde_json::to_string(exceptions).ok();
    sqlx::query("UPDATE servers SET exceptions = ? WHERE id = ?")
        .bind(json.filter(|_| !exceptions.is_empty()))
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub async fn set_era(transaction: &mut Write, id: ServerId, era: Era) -> Result<(), StoreError> {
    sqlx::query("UPDATE servers SET era = ? WHERE id = ?")
        .bind(era_text(era))
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub async fn set_offered_scopes(
    transaction: &mut Write,
    id: ServerId,
    scopes: &Scopes,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE servers SET offered_scopes = ? WHERE id = ?")
        .bind(scopes.to_string())
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub async fn set_chosen_scopes(
    transaction: &mut Write,
    id: ServerId,
    scopes: Option<&Scopes>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE servers SET chosen_scopes = ? WHERE id = ?")
        .bind(scopes.map(Scopes::to_string))
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

pub async fn client_secret(pool: &SqlitePool, id: ServerId) -> Result<Option<Vec<u8>>, StoreError> {
    let found: Option<Option<Vec<u8>>> = sqlx::query_scalar("SELECT client_secret FROM servers WHERE id = ?")
        .bind(id.to_string())
        .fetch_optional(pool)
        .await?;
    Ok(found.flatten())
}

pub async fn set_client_secret(
    transaction: &mut Write,
    id: ServerId,
    sealed: Option<Vec<u8>>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE servers SET client_secret = ? WHERE id = ?")
        .bind(sealed)
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

impl Row {
    fn read(self, header_names: Vec<String>) -> Option<Server> {
        Some(Server {
            id: self.id.parse().ok()?,
            name: self.name,
            url: self.url.parse().ok()?,
            reach: reach_of(&self.reach)?,
            auth_kind: match self.auth_kind {
                Some(text) => Some(kind_of(&text)?),
                None => None,
            },
            overridden: self.overridden,
            wanted: self.wanted,
            header_names,
            client_id: self.client_id.map(ClientId::new),
            has_client_secret: self.has_client_secret,
            provider: Provider::read(
                (self.issuer, self.token_host),
                self.offered_issuers.as_deref(),
                self.client_issuer,
            ),
            way_back: WayBack::read(&self.way_back, self.loopback_port),
            exceptions: exceptions_of(self.exceptions),
            offered_scopes: scopes_of(self.offered_scopes),
            chosen_scopes: scopes_of(self.chosen_scopes),
            era: self.era.as_deref().and_then(era_of),
            created_at: Timestamp::from_seconds(self.created_at),
        })
    }
}

/// Reads scopes; a text that is none is no wish of the person's and no word of the server's.
fn scopes_of(text: Option<String>) -> Option<Scopes> {
    text.and_then(|text| text.parse().ok())
}

/// Reads exceptions; a text that makes no sense excepts nothing.
fn exceptions_of(text: Option<String>) -> Exceptions {
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

const fn reach_text(reach: Reach) -> &'static str {
    match reach {
        Reach::Public => "public",
        Reach::Private => "private",
        Reach::Loopback => "loopback",
    }
}

fn reach_of(text: &str) -> Option<Reach> {
    [Reach::Public, Reach::Private, Reach::Loopback]
        .into_iter()
        .find(|reach| reach_text(*reach) == text)
}

const fn kind_text(kind: AuthKind) -> &'static str {
    match kind {
        AuthKind::Open => "open",
        AuthKind::Header => "header",
        AuthKind::Oauth => "oauth",
    }
}

fn kind_of(text: &str) -> Option<AuthKind> {
    [AuthKind::Open, AuthKind::Header, AuthKind::Oauth]
        .into_iter()
        .find(|kind| kind_text(*kind) == text)
}

const fn era_text(era: Era) -> &'static str {
    match era {
        Era::Modern => "modern",
        Era::Initialize => "initialize",
    }
}

fn era_of(text: &str) -> Option<Era> {
    [Era::Modern, Era::Initialize]
        .into_iter()
        .find(|era| era_text(*era) == text)
}
