//! What is remembered of a server: what the person wants of it, and what it told about itself.

use serde_json::Value;

use super::{Servers, ServersError};
use crate::{
    base::{AuthKind, Exceptions, Issuer, Reach, Scopes, ServerId, Timestamp},
    servers::{
        Agreed, Era, WayBack,
        table::{self, tools},
    },
    store::{StoreError, Write},
};

impl Servers {
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
