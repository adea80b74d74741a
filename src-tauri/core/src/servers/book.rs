//! The front door to the kept servers.

mod arrival;
mod methods;
mod remembered;
mod sealed;

use super::{
    EditServer, Edited, NewServer, Provider, Server, WayBack,
    change::Meaning,
    table::{self, headers, tools},
};
use crate::{
    base::{Exceptions, ServerId},
    ports::Clock,
    store::{Store, StoreError, Vault, Write},
};
use std::sync::Arc;

pub use arrival::Arrival;
pub use methods::MethodError;
pub use sealed::SEALED;

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

#[cfg(test)]
mod tests;
