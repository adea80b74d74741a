//! The front door to the kept servers.

mod arrival;
mod methods;

use std::sync::Arc;

use http::HeaderName;
use serde_json::Value;

use super::{
    Agreed, EditServer, Edited, Era, NewServer, Provider, SecretChange, Server, WayBack,
    change::Meaning,
    table::{self, headers, tools},
};
use crate::{
    base::{AuthKind, Exceptions, Issuer, Reach, Scopes, Secret, ServerId, Timestamp},
    ports::Clock,
    store::{Cell, SealedColumn, Store, StoreError, UnsealError, Vault, VaultClosed, Write},
};

pub use arrival::Arrival;
pub use methods::MethodError;

/// Why a server could not be read or changed. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ServersError {
    /// A secret is concerned, and the vault is closed.
    #[error("the vault is closed")]
    VaultClosed,
    /// What is stored cannot be read: a secret that does not decrypt, or a row that makes no sense.
    #[error("the stored server cannot be read")]
    Broken,
    /// The file could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The servers the person keeps. Clones are the same servers.
#[derive(Clone)]
pub struct Servers {
    store: Store,
    vault: Vault,
    clock: Arc<dyn Clock>,
}

impl Servers {
    /// Takes what it works with.
    pub fn new(store: Store, vault: Vault, clock: Arc<dyn Clock>) -> Self {
        Self { store, vault, clock }
    }

    /// Lists the servers in the order in which they were added. A row that makes no sense is left out.
    pub async fn list(&self) -> Result<Vec<Server>, ServersError> {
        let mut connection = self.store.reader().acquire().await.map_err(StoreError::from)?;
        Ok(table::list(&mut connection).await?)
    }

    /// Reads one server; `None` if it is not there.
    pub async fn get(&self, id: ServerId) -> Result<Option<Server>, ServersError> {
        let mut connection = self.store.reader().acquire().await.map_err(StoreError::from)?;
        table::get(&mut connection, id).await
    }

    /// Adds a server, not wanted yet: adding is not connecting.
    pub async fn add(&self, new: NewServer) -> Result<Server, ServersError> {
        let mut transaction = self.store.write().await?;
        let id = self.insert(&mut transaction, new).await?;
        let added = table::get(&mut transaction, id).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        added.ok_or(ServersError::Broken)
    }

    async fn insert(&self, transaction: &mut Write, new: NewServer) -> Result<ServerId, ServersError> {
        let id = ServerId::random();
        let server = Server {
            id,
            name: new.name,
            url: new.url,
            reach: new.reach,
            auth_kind: new.auth_kind,
            overridden: new.overridden,
            wanted: false,
            header_names: Vec::new(),
            client_id: None,
            has_client_secret: false,
            provider: Provider::default(),
            way_back: WayBack::default(),
            exceptions: Exceptions::default(),
            offered_scopes: new.offered_scopes,
            chosen_scopes: None,
            era: None,
            created_at: self.clock.now(),
        };
        table::insert(transaction, &server).await?;
        for (position, (name, value)) in new.headers.iter().enumerate() {
            let sealed = self.seal_header(id, name, value)?;
            headers::put(transaction, id, name, (position, &sealed)).await?;
        }
        Ok(id)
    }

    /// Changes a server; `None` if it is not there. Stored secrets stay untouched unless the edit says otherwise.
    ///
    /// With a new address what was learnt about the old one is forgotten: the detected kind, the scopes, the handshake, the
    /// tools, and the exceptions that were made for it.
    pub async fn edit(&self, id: ServerId, edit: EditServer) -> Result<Option<Edited>, ServersError> {
        let mut transaction = self.store.write().await?;
        let Some(mut server) = table::get(&mut transaction, id).await? else {
            return Ok(None);
        };
        let meaning = Meaning::of(&edit, &server);
        if meaning.moves {
            tools::delete(&mut transaction, id).await?;
        }
        let (headers, mut client_secret) = (edit.headers.clone(), edit.client_secret.clone());
        let before = server.provider.client_issuer.clone();
        server.apply(edit, meaning.moves);
        if before.is_some_and(|before| !server.provider.client_fits(&before)) {
            client_secret = client_secret.of_another_issuer();
        }
        table::update(&mut transaction, &server).await?;
        if let Some(headers) = headers {
            self.edit_headers(&mut transaction, id, &headers).await?;
        }
        self.edit_client_secret(&mut transaction, id, &client_secret)
            .await?;
        let server = table::get(&mut transaction, id)
            .await?
            .ok_or(ServersError::Broken)?;
        transaction.commit().await.map_err(StoreError::from)?;
        let Meaning {
            ends_grants,
            reconnect,
            ..
        } = meaning;
        Ok(Some(Edited {
            server,
            ends_grants,
            reconnect,
        }))
    }

    /// Removes a server with everything that hangs on it; tells whether it was there.
    pub async fn delete(&self, id: ServerId) -> Result<bool, ServersError> {
        let mut transaction = self.store.write().await?;
        let deleted = table::delete(&mut transaction, id).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(deleted)
    }

    /// Remembers whether the person wants it connected.
    pub async fn set_wanted(&self, id: ServerId, wanted: bool) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        table::set_wanted(&mut transaction, id, wanted).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Remembers the kind that detection found; what the person chose by hand stays.
    pub async fn set_auth_kind(&self, id: ServerId, kind: AuthKind) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        table::set_detected_kind(&mut transaction, id, kind).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Remembers where the server's address leads, once its name could be resolved.
    pub async fn set_reach(&self, id: ServerId, reach: Reach) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        table::set_reach(&mut transaction, id, reach).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Remembers where the person has agreed to sign in. Exceptions were made for the issuer that a sign-in went to before;
    /// another one has none.
    pub async fn agree(&self, id: ServerId, agreed: &Agreed) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        let before = leads_to(&mut transaction, id).await?;
        table::set_agreed(&mut transaction, id, Some(agreed)).await?;
        end_exceptions_of(&mut transaction, id, before).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Remembers which issuers the server names. Before the first consent that can make sign-ins lead to another one than
    /// exceptions were made for, which has none.
    pub async fn set_offered(&self, id: ServerId, offered: &[Issuer]) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        let before = leads_to(&mut transaction, id).await?;
        table::set_offered(&mut transaction, id, offered).await?;
        end_exceptions_of(&mut transaction, id, before).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Ties the client that the person typed in to the issuer at which it is used first.
    pub async fn tie_client(&self, id: ServerId, issuer: &Issuer) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        table::tie_client(&mut transaction, id, issuer).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Remembers which way back from the browser the person wants. Grants do not know it: a refresh sends no redirect
    /// URI (RFC 6749 §6).
    pub async fn set_way_back(&self, id: ServerId, way_back: WayBack) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        table::set_way_back(&mut transaction, id, way_back).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Remembers what the person lets pass at a server, or adds to its sign-ins. Grants stay as they are: each holds what
    /// it was obtained with.
    pub async fn set_exceptions(&self, id: ServerId, exceptions: &Exceptions) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        table::set_exceptions(&mut transaction, id, exceptions).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Remembers which scopes the server named.
    pub async fn set_offered_scopes(&self, id: ServerId, scopes: &Scopes) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        table::set_offered_scopes(&mut transaction, id, scopes).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Remembers which scopes the person wants to be asked for; `None` for whatever the server names.
    pub async fn choose_scopes(&self, id: ServerId, scopes: Option<&Scopes>) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        table::set_chosen_scopes(&mut transaction, id, scopes).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Remembers which handshake the server answered.
    pub async fn set_era(&self, id: ServerId, era: Era) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        table::set_era(&mut transaction, id, era).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    /// Reads the configured headers with their values, in their order.
    pub async fn headers(&self, id: ServerId) -> Result<Vec<(HeaderName, Secret<String>)>, ServersError> {
        let rows = headers::read(self.store.reader(), id).await?;
        rows.into_iter()
            .map(|(name, sealed)| {
                let row = header_row(id, &name);
                let value = self.unseal(HEADERS.cell(&row), &sealed)?;
                let name = name.parse().map_err(|_| ServersError::Broken)?;
                Ok((name, value))
            })
            .collect()
    }

    /// Reads the secret of the pre-registered client, if one is stored.
    pub async fn client_secret(&self, id: ServerId) -> Result<Option<Secret<String>>, ServersError> {
        let sealed = table::client_secret(self.store.reader(), id).await?;
        sealed
            .map(|sealed| self.unseal(CLIENT_SECRETS.cell(&id.to_string()), &sealed))
            .transpose()
    }

    /// Reads the tools of the last good answer and when it came; `None` if there never was one.
    pub async fn tools(&self, id: ServerId) -> Result<Option<(Value, Timestamp)>, ServersError> {
        Ok(tools::read(self.store.reader(), id).await?)
    }

    /// Keeps the tools of a good answer; news of a server that is gone is dropped.
    pub async fn save_tools(
        &self,
        id: ServerId,
        tools: &Value,
        listed_at: Timestamp,
    ) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        tools::save(&mut transaction, id, tools, listed_at).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }

    async fn edit_headers(
        &self,
        transaction: &mut Write,
        id: ServerId,
        headers: &[(HeaderName, SecretChange)],
    ) -> Result<(), ServersError> {
        headers::keep_only(transaction, id, headers.iter().map(|(name, _)| name)).await?;
        for (position, (name, change)) in headers.iter().enumerate() {
            match change {
                SecretChange::Keep => headers::put_at(transaction, id, name, position).await?,
                SecretChange::Set(value) => {
                    let sealed = self.seal_header(id, name, value)?;
                    headers::put(transaction, id, name, (position, &sealed)).await?;
                }
                SecretChange::Clear => headers::delete(transaction, id, name).await?,
            }
        }
        Ok(())
    }

    async fn edit_client_secret(
        &self,
        transaction: &mut Write,
        id: ServerId,
        change: &SecretChange,
    ) -> Result<(), ServersError> {
        let sealed = match change {
            SecretChange::Keep => return Ok(()),
            SecretChange::Set(secret) => Some(self.seal(CLIENT_SECRETS.cell(&id.to_string()), secret)?),
            SecretChange::Clear => None,
        };
        Ok(table::set_client_secret(transaction, id, sealed).await?)
    }

    fn seal_header(
        &self,
        id: ServerId,
        name: &HeaderName,
        value: &Secret<String>,
    ) -> Result<Vec<u8>, VaultClosed> {
        self.seal(HEADERS.cell(&header_row(id, name.as_str())), value)
    }

    fn seal(&self, cell: Cell<'_>, value: &Secret<String>) -> Result<Vec<u8>, VaultClosed> {
        // EXPOSE: the value goes to disk, sealed.
        self.vault.seal(cell, value.expose().as_bytes())
    }

    fn unseal(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<Secret<String>, ServersError> {
        let plain = self.vault.unseal(cell, sealed)?;
        // EXPOSE: bytes that were sealed as text become text again.
        let text = str::from_utf8(plain.expose()).map_err(|_| ServersError::Broken)?;
        Ok(Secret::new(text.to_owned()))
    }
}

impl Server {
    /// Takes over what an edit says about the open columns.
    fn apply(&mut self, edit: EditServer, moves: bool) {
        if moves {
            self.provider.agreed = None;
            self.provider.offered.clear();
            self.era = None;
            self.exceptions = Exceptions::default();
            (self.offered_scopes, self.chosen_scopes) = (None, None);
            self.auth_kind = self.auth_kind.filter(|_| self.overridden);
        }
        if let Some((url, reach)) = edit.url {
            (self.url, self.reach) = (url, reach);
        }
        if let Some(kind) = edit.auth_kind {
            (self.auth_kind, self.overridden) = (Some(kind), true);
        }
        if let Some(name) = edit.name {
            self.name = name;
        }
        if let Some(client_id) = edit.client_id {
            let agreed = self.provider.agreed.as_ref().filter(|_| client_id.is_some());
            self.provider.client_issuer = agreed.map(|agreed| agreed.issuer.clone());
            self.client_id = client_id;
        }
    }
}

/// Gives the issuer that sign-ins to a server lead to, if there is one yet.
async fn leads_to(transaction: &mut Write, id: ServerId) -> Result<Option<Issuer>, ServersError> {
    let server = table::get(transaction, id).await?;
    Ok(server.and_then(|server| server.provider.leads_to().cloned()))
}

/// Takes the exceptions away that were made for an issuer, if sign-ins lead to another one now (S4).
async fn end_exceptions_of(
    transaction: &mut Write,
    id: ServerId,
    before: Option<Issuer>,
) -> Result<(), ServersError> {
    if before.is_some() && before != leads_to(transaction, id).await? {
        table::set_exceptions(transaction, id, &Exceptions::default()).await?;
    }
    Ok(())
}

fn header_row(id: ServerId, name: &str) -> String {
    format!("{id}/{name}")
}

/// Where header values are sealed.
const HEADERS: SealedColumn = SealedColumn {
    table: "server_headers",
    bound_to: "server_headers",
    row: "server || '/' || name",
    column: "value",
};

/// Where client secrets are sealed.
const CLIENT_SECRETS: SealedColumn = SealedColumn {
    table: "servers",
    bound_to: "servers",
    row: "id",
    column: "client_secret",
};

/// The columns of this room that hold sealed cells.
pub const SEALED: [SealedColumn; 3] = [HEADERS, CLIENT_SECRETS, methods::SIGN_IN_SECRETS];

impl From<VaultClosed> for ServersError {
    fn from(VaultClosed: VaultClosed) -> Self {
        Self::VaultClosed
    }
}

impl From<UnsealError> for ServersError {
    fn from(error: UnsealError) -> Self {
        match error {
            UnsealError::Closed => Self::VaultClosed,
            UnsealError::Broken => Self::Broken,
        }
    }
}

#[cfg(test)]
mod tests;
