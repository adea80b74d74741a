//! How one signs in to a server without a person: what is chosen, and what proves it.

use super::{Servers, ServersError};
use crate::{
    base::{Issuer, ServerId},
    servers::{
        Credentials, NewSignInMethod, SecretChange, SecretName, SignInMethod,
        table::{
            self,
            methods::{self, Stored},
        },
    },
    store::{SealedColumn, StoreError, Write},
};

/// Why a method was not taken. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum MethodError {
    /// The method cannot do without this secret, and there is none that may be kept.
    #[error("the method needs its {}", .0.word())]
    Missing(SecretName),
    /// It could not be read or written.
    #[error(transparent)]
    Servers(#[from] ServersError),
}

impl From<StoreError> for MethodError {
    fn from(error: StoreError) -> Self {
        Self::Servers(error.into())
    }
}

impl Servers {
    /// Tells how one signs in to a server without a person; `None` where a person does.
    pub async fn sign_in_method(&self, id: ServerId) -> Result<Option<SignInMethod<()>>, ServersError> {
        let mut connection = self.store.reader().acquire().await.map_err(StoreError::from)?;
        let stored = methods::read(&mut connection, id).await?;
        Ok(stored.map(|stored| stored.method))
    }

    /// Reads the same with the secrets.
    pub async fn credentials(&self, id: ServerId) -> Result<Option<Credentials>, ServersError> {
        let mut connection = self.store.reader().acquire().await.map_err(StoreError::from)?;
        let Some(Stored { method, issuer, .. }) = methods::read(&mut connection, id).await? else {
            return Ok(None);
        };
        drop(connection);
        let sealed = methods::secrets(self.store.reader(), id).await?;
        let open = |name: SecretName, ()| {
            let Some((_, value)) = sealed.iter().find(|(own, _)| own == name.word()) else {
                return Ok(None);
            };
            self.unseal(SIGN_IN_SECRETS.cell(&row(id, name)), value).map(Some)
        };
        let method = method.try_map(open, |_| ServersError::Broken)?;
        Ok(Some(Credentials { method, issuer }))
    }

    /// Chooses how one signs in to a server; `None` for a person in the browser. Tells whether that is a change.
    ///
    /// A stored secret is kept only by the same kind of method, and never for another issuer than it was given for. What
    /// was given for one identity provider is not kept for another.
    pub async fn set_sign_in_method(
        &self,
        id: ServerId,
        new: Option<NewSignInMethod>,
    ) -> Result<bool, MethodError> {
        let mut transaction = self.store.write().await?;
        let changed = match new {
            Some(new) => self.put_method(&mut transaction, id, new).await?,
            None => methods::delete(&mut transaction, id).await?,
        };
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(changed)
    }

    async fn put_method(
        &self,
        transaction: &mut Write,
        id: ServerId,
        new: NewSignInMethod,
    ) -> Result<bool, MethodError> {
        let server = table::get(transaction, id).await?;
        let server = server.ok_or(MethodError::Servers(ServersError::Broken))?;
        let agreed = server.provider.agreed.map(|agreed| agreed.issuer);
        let stored = methods::read(transaction, id).await?;
        let stored = stored.filter(|stored| stored.serves(&new, agreed.as_ref()));
        let known = stored.as_ref().map(|stored| stored.serving(&new));
        let (mut kept, mut sealed) = (Vec::new(), Vec::new());
        let each = |name: SecretName, change: SecretChange| -> Result<Option<()>, MethodError> {
            match change {
                SecretChange::Set(value) => {
                    let value = self.seal(SIGN_IN_SECRETS.cell(&row(id, name)), &value);
                    sealed.push((name, value.map_err(ServersError::from)?));
                    Ok(Some(()))
                }
                SecretChange::Keep if known.as_ref().is_some_and(|known| known.contains(&name)) => {
                    kept.push(name);
                    Ok(Some(()))
                }
                SecretChange::Keep | SecretChange::Clear => Ok(None),
            }
        };
        let method = new.try_map(each, MethodError::Missing)?;
        let before = stored
            .and_then(|stored| stored.issuer)
            .filter(|_| !kept.is_empty());
        let issuer = before.or(agreed);
        methods::put(transaction, id, (&method, issuer.as_ref()), &kept).await?;
        for (name, value) in sealed {
            methods::put_secret(transaction, id, name, &value).await?;
        }
        Ok(true)
    }

    /// Ties a method's secrets to the issuer at which they are used first.
    pub async fn tie_method(&self, id: ServerId, issuer: &Issuer) -> Result<(), ServersError> {
        let mut transaction = self.store.write().await?;
        methods::tie(&mut transaction, id, issuer).await?;
        Ok(transaction.commit().await.map_err(StoreError::from)?)
    }
}

impl Stored {
    /// Tells whether a new method may keep secrets of this one.
    fn serves(&self, new: &NewSignInMethod, agreed: Option<&Issuer>) -> bool {
        let other = |own: &Issuer| agreed.is_some_and(|agreed| agreed != own);
        self.method.kind() == new.kind() && !self.issuer.as_ref().is_some_and(other)
    }

    /// Gives the secrets that such a method may keep: those that an identity provider is shown stay with it.
    fn serving(&self, new: &NewSignInMethod) -> Vec<SecretName> {
        let same_idp = self.method.idp_issuer() == new.idp_issuer();
        let for_idp = |name| matches!(name, SecretName::IdpSecret | SecretName::Token);
        let names = self.names.iter().copied();
        names.filter(|name| same_idp || !for_idp(*name)).collect()
    }
}

pub(super) fn row(id: ServerId, name: SecretName) -> String {
    format!("{id}/{}", name.word())
}

/// Where the secrets of sign-in methods are sealed.
pub const SIGN_IN_SECRETS: SealedColumn = SealedColumn {
    table: "sign_in_secrets",
    bound_to: "sign_in_secrets",
    row: "server || '/' || name",
    column: "value",
};

#[cfg(test)]
mod tests;
