//! Servers that come from another machine, in a file.

use super::{Servers, ServersError, methods, sealed::CLIENT_SECRETS};
use crate::{
    base::{ClientId, Exceptions, Issuer, Scopes, Secret, ServerId},
    servers::{
        BroughtSignInMethod, NewServer, Provider, SecretName, Server, WayBack,
        table::{self, methods as rows},
    },
    store::Write,
};

/// A server that came, checked as if it had been typed in, with the secrets that came with it.
#[derive(Debug)]
pub struct Arrival {
    /// What any new server has.
    pub new: NewServer,
    /// The client that the person typed in for it, and its secret.
    pub client: Option<(ClientId, Option<Secret<String>>)>,
    /// Where one signs in to it.
    pub provider: Provider,
    /// How the browser comes back.
    pub way_back: WayBack,
    /// What the person lets pass.
    pub exceptions: Exceptions,
    /// What the person wants to be asked for.
    pub chosen_scopes: Option<Scopes>,
    /// How one signs in without a person, and the issuer that its secrets belong to. One that did not come is entered anew.
    pub method: Option<(BroughtSignInMethod, Option<Issuer>)>,
}

impl Servers {
    /// Lists the servers as a transaction sees them.
    pub async fn list_within(&self, transaction: &mut Write) -> Result<Vec<Server>, ServersError> {
        Ok(table::list(transaction).await?)
    }

    /// Adds a server that came, not wanted yet, within the caller's transaction.
    pub async fn admit(&self, within: &mut Write, arrival: Arrival) -> Result<ServerId, ServersError> {
        let id = self.insert(within, arrival.new).await?;
        let mut server = table::get(within, id).await?.ok_or(ServersError::Broken)?;
        let (client_id, client_secret) = arrival.client.unzip();
        server.client_id = client_id;
        server.provider = arrival.provider;
        server.exceptions = arrival.exceptions;
        server.chosen_scopes = arrival.chosen_scopes;
        table::update(within, &server).await?;
        table::set_way_back(within, id, arrival.way_back).await?;
        if let Some(secret) = client_secret.flatten() {
            let sealed = self.seal(CLIENT_SECRETS.cell(&id.to_string()), &secret)?;
            table::set_client_secret(within, id, Some(sealed)).await?;
        }
        if let Some((method, issuer)) = arrival.method {
            self.admit_method(within, id, (method, issuer.as_ref())).await?;
        }
        Ok(id)
    }

    /// Notes within the caller's transaction that the person does not want a server connected now.
    pub async fn rest(&self, within: &mut Write, id: ServerId) -> Result<(), ServersError> {
        Ok(table::set_wanted(within, id, false).await?)
    }

    async fn admit_method(
        &self,
        within: &mut Write,
        id: ServerId,
        (method, issuer): (BroughtSignInMethod, Option<&Issuer>),
    ) -> Result<(), ServersError> {
        let mut sealed = Vec::new();
        let each = |name: SecretName, secret: Option<Secret<String>>| -> Result<Option<()>, ServersError> {
            if let Some(secret) = secret {
                let cell = methods::row(id, name);
                let value = self.seal(methods::SIGN_IN_SECRETS.cell(&cell), &secret)?;
                sealed.push((name, value));
            }
            Ok(Some(()))
        };
        let method = method.try_map(each, |_| ServersError::Broken)?;
        rows::put(within, id, (&method, issuer), &[]).await?;
        for (name, value) in sealed {
            rows::put_secret(within, id, name, &value).await?;
        }
        Ok(())
    }
}
