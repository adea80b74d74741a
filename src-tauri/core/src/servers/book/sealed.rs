//! What is secret about a server: the values of its headers, and the secret of its pre-registered client.

use http::HeaderName;

use super::{Servers, ServersError, methods};
use crate::{
    base::{Secret, ServerId},
    servers::{
        SecretChange,
        table::{self, headers},
    },
    store::{Cell, SealedColumn, UnsealError, VaultClosed, Write},
};

impl Servers {
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

    pub(super) async fn edit_headers(
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

    pub(super) async fn edit_client_secret(
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

    pub(super) fn seal_header(
        &self,
        id: ServerId,
        name: &HeaderName,
        value: &Secret<String>,
    ) -> Result<Vec<u8>, VaultClosed> {
        self.seal(HEADERS.cell(&header_row(id, name.as_str())), value)
    }

    pub(super) fn seal(&self, cell: Cell<'_>, value: &Secret<String>) -> Result<Vec<u8>, VaultClosed> {
        // EXPOSE: the value goes to disk, sealed.
        self.vault.seal(cell, value.expose().as_bytes())
    }

    pub(super) fn unseal(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<Secret<String>, ServersError> {
        let plain = self.vault.unseal(cell, sealed)?;
        // EXPOSE: bytes that were sealed as text become text again.
        let text = str::from_utf8(plain.expose()).map_err(|_| ServersError::Broken)?;
        Ok(Secret::new(text.to_owned()))
    }
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
pub(super) const CLIENT_SECRETS: SealedColumn = SealedColumn {
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
