//! The tables `sign_in_methods` and `sign_in_secrets`.

use std::path::PathBuf;

use serde_json::Value;
use sqlx::{FromRow, SqliteConnection, SqlitePool};

use crate::{
    base::{ClientId, Issuer, ServerId},
    servers::{IdentityProvider, SecretName, ServersError, SignInMethod, TokenPlace},
    store::{StoreError, Write},
};

/// A method as it is stored, without its secrets.
pub struct Stored {
    pub method: SignInMethod<()>,
    /// The secrets that are there.
    pub names: Vec<SecretName>,
    /// The issuer that they belong to.
    pub issuer: Option<Issuer>,
}

#[derive(FromRow)]
struct Row {
    kind: String,
    client_id: String,
    key_id: Option<String>,
    idp_issuer: Option<String>,
    idp_client_id: Option<String>,
    token_file: Option<String>,
    issuer: Option<String>,
}

impl Row {
    /// Reads the row; `None` if it makes no sense.
    fn read(self, names: &[SecretName]) -> Option<(SignInMethod<()>, Option<Issuer>)> {
        let client_id = ClientId::new(self.client_id);
        let has = |name| names.contains(&name).then_some(());
        let file = self.token_file.map(PathBuf::from);
        let token = file.map_or(TokenPlace::Pasted(()), TokenPlace::File);
        let method = match self.kind.as_str() {
            "clientSecret" => SignInMethod::ClientSecret {
                client_id,
                secret: (),
            },
            "privateKey" => SignInMethod::PrivateKey {
                client_id,
                key_id: self.key_id,
                key: (),
            },
            "company" => SignInMethod::Company {
                client_id,
                secret: has(SecretName::Secret),
                idp: IdentityProvider {
                    issuer: Issuer::new(self.idp_issuer?),
                    client_id: ClientId::new(self.idp_client_id?),
                    secret: has(SecretName::IdpSecret),
                },
                token,
            },
            "platformToken" => SignInMethod::PlatformToken { client_id, token },
            _ => return None,
        };
        Some((method, self.issuer.map(Issuer::new)))
    }
}

/// Reads a server's method; `None` if a person signs in.
pub async fn read(connection: &mut SqliteConnection, id: ServerId) -> Result<Option<Stored>, ServersError> {
    let id = id.to_string();
    let row: Option<Row> = sqlx::query_as("SELECT * FROM sign_in_methods WHERE server = ?")
        .bind(&id)
        .fetch_optional(&mut *connection)
        .await
        .map_err(StoreError::from)?;
    let Some(row) = row else { return Ok(None) };
    let words: Vec<String> = sqlx::query_scalar("SELECT name FROM sign_in_secrets WHERE server = ?")
        .bind(&id)
        .fetch_all(connection)
        .await
        .map_err(StoreError::from)?;
    let names: Vec<_> = words.iter().filter_map(|word| SecretName::of(word)).collect();
    let (method, issuer) = row.read(&names).ok_or(ServersError::Broken)?;
    Ok(Some(Stored {
        method,
        names,
        issuer,
    }))
}

/// Writes a method, in place of an earlier one, and keeps of its secrets those that are named.
pub async fn put(
    transaction: &mut Write,
    id: ServerId,
    (method, issuer): (&SignInMethod<()>, Option<&Issuer>),
    kept: &[SecretName],
) -> Result<(), StoreError> {
    let (key_id, idp, file) = parts(method);
    sqlx::query(
        "INSERT INTO sign_in_methods (server, kind, client_id, key_id, idp_issuer, idp_client_id, token_file, issuer)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (server) DO UPDATE SET kind = excluded.kind, client_id = excluded.client_id,
             key_id = excluded.key_id, idp_issuer = excluded.idp_issuer, idp_client_id = excluded.idp_client_id,
             token_file = excluded.token_file, issuer = excluded.issuer",
    )
    .bind(id.to_string())
    .bind(method.kind())
    .bind(method.client_id().as_str())
    .bind(key_id)
    .bind(idp.map(|idp| idp.issuer.as_str()))
    .bind(idp.map(|idp| idp.client_id.as_str()))
    .bind(file)
    .bind(issuer.map(Issuer::as_str))
    .execute(&mut **transaction)
    .await?;
    let kept: Value = kept.iter().map(|name| name.word()).collect();
    sqlx::query(
        "DELETE FROM sign_in_secrets WHERE server = ? AND name NOT IN (SELECT value FROM json_each(?))",
    )
    .bind(id.to_string())
    .bind(kept.to_string())
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

type Parts<'a> = (Option<&'a str>, Option<&'a IdentityProvider<()>>, Option<String>);

/// Gives the key's name, the identity provider and the token's file, as far as a method has them.
fn parts(method: &SignInMethod<()>) -> Parts<'_> {
    let file = |token: &TokenPlace<()>| match token {
        TokenPlace::Pasted(()) => None,
        TokenPlace::File(path) => Some(path.to_string_lossy().into_owned()),
    };
    match method {
        SignInMethod::ClientSecret { .. } => (None, None, None),
        SignInMethod::PrivateKey { key_id, .. } => (key_id.as_deref(), None, None),
        SignInMethod::Company { idp, token, .. } => (None, Some(idp), file(token)),
        SignInMethod::PlatformToken { token, .. } => (None, None, file(token)),
    }
}

/// Writes one sealed secret, in place of an earlier one with that name.
pub async fn put_secret(
    transaction: &mut Write,
    id: ServerId,
    name: SecretName,
    sealed: &[u8],
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sign_in_secrets (server, name, value) VALUES (?, ?, ?)
         ON CONFLICT (server, name) DO UPDATE SET value = excluded.value",
    )
    .bind(id.to_string())
    .bind(name.word())
    .bind(sealed)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Reads the sealed secrets.
pub async fn secrets(pool: &SqlitePool, id: ServerId) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    Ok(
        sqlx::query_as("SELECT name, value FROM sign_in_secrets WHERE server = ?")
            .bind(id.to_string())
            .fetch_all(pool)
            .await?,
    )
}

/// Removes the method with its secrets; tells whether there was one.
pub async fn delete(transaction: &mut Write, id: ServerId) -> Result<bool, StoreError> {
    let gone = sqlx::query("DELETE FROM sign_in_methods WHERE server = ?")
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(gone.rows_affected() > 0)
}

/// Ties the secrets to an issuer, unless they belong to one already.
pub async fn tie(transaction: &mut Write, id: ServerId, issuer: &Issuer) -> Result<(), StoreError> {
    sqlx::query("UPDATE sign_in_methods SET issuer = ? WHERE server = ? AND issuer IS NULL")
        .bind(issuer.as_str())
        .bind(id.to_string())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
