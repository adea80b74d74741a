//! The form in which a grant's contents are sealed and opened.
//!
//! The server is part of what is sealed: whoever can write to the file cannot hand one server's token to
//! another by exchanging clear columns (S27, S35).

use serde::{Deserialize, Serialize};

use super::{Contents, Grant, Life, RefreshToken, bound_to};
use crate::{
    base::{AccountId, Resource, Secret, ServerId, ServerUrl, Timestamp},
    grants::{Bearer, owed_table::Owed, table::Row},
    oauth::{GrantClient, TokenType, is_token},
    store::{SealedColumn, UnsealError, Vault, VaultClosed},
};

/// Room for everything beside the secrets, so that the buffer never moves and leaves no copy behind.
const FRAME: usize = 4096;

#[derive(Serialize)]
struct Closing<'a> {
    server: ServerId,
    resource: &'a Resource,
    token_type: TokenType,
    access: &'a str,
    refresh: Option<&'a str>,
    obtained_at: Timestamp,
    expires_at: Option<Timestamp>,
    client: &'a str,
}

#[derive(Deserialize)]
struct Opened {
    server: ServerId,
    resource: Resource,
    #[serde(default)]
    token_type: TokenType,
    access: Secret<String>,
    refresh: Option<Secret<String>>,
    obtained_at: Timestamp,
    expires_at: Option<Timestamp>,
    client: Secret<String>,
}

/// Where grants are sealed.
pub(in crate::grants) const GRANTS: SealedColumn = SealedColumn {
    table: "grants",
    bound_to: "grants",
    row: "account",
    column: "sealed",
};

/// Where grants lie that have ended and are not revoked yet: as they were in the table of grants.
pub(in crate::grants) const REVOCATIONS: SealedColumn = SealedColumn {
    table: "revocations",
    ..GRANTS
};

impl Contents {
    /// Seals the contents for the row of `account`; they open in no other row.
    pub(in crate::grants) fn seal(&self, vault: &Vault, account: AccountId) -> Result<Vec<u8>, VaultClosed> {
        let plain = self.to_json();
        // EXPOSE: the vault encrypts it.
        vault.seal(GRANTS.cell(&account.to_string()), plain.expose())
    }

    /// Gives everything in the plain.
    pub(in crate::grants) fn to_json(&self) -> Secret<Vec<u8>> {
        let client = self.client.to_secret_json();
        let closing = Closing {
            server: self.server,
            resource: self.bearer.resource(),
            token_type: self.token_type(),
            // EXPOSE: written into a buffer that is wiped, to be sealed.
            access: self.bearer.token().expose(),
            // EXPOSE: as above.
            refresh: self.refresh.as_ref().map(|refresh| refresh.0.expose().as_str()),
            obtained_at: self.life.obtained_at,
            expires_at: self.life.expires_at,
            // EXPOSE: as above.
            client: std::str::from_utf8(client.expose()).expect("JSON is UTF-8"),
        };
        // Text at most doubles in JSON here: token characters that need an escape take two bytes (RFC 6749 A).
        let secrets = closing.access.len() + closing.refresh.map_or(0, str::len) + closing.client.len();
        let mut plain = Vec::with_capacity(FRAME + 2 * secrets + closing.resource.as_str().len());
        serde_json::to_writer(&mut plain, &closing).expect("strings and numbers always fit into JSON");
        Secret::new(plain)
    }

    /// Reads what [`Contents::to_json`] wrote here.
    pub(in crate::grants) fn from_json(plain: &Secret<Vec<u8>>) -> Option<Self> {
        let opened = Opened::read(plain)?;
        let client = GrantClient::from_secret_json(&opened.client_json()).ok()?;
        Some(opened.with(client))
    }

    /// Reads what another machine wrote, as a grant of a server that is kept here; `None` if no sign-in could have brought it.
    pub(in crate::grants) fn from_elsewhere(
        plain: &Secret<Vec<u8>>,
        (server, url): (ServerId, &ServerUrl),
    ) -> Option<Self> {
        let opened = Opened::read(plain)?;
        let client = GrantClient::from_elsewhere(&opened.client_json(), url).ok()?;
        let contents = Self {
            server,
            ..opened.with(client)
        };
        contents.is_sound().then_some(contents)
    }

    /// Gives the same as a grant of another server.
    pub(in crate::grants) fn at(self, server: ServerId) -> Self {
        Self { server, ..self }
    }

    /// Tells whether its tokens can be sent (S25).
    fn is_sound(&self) -> bool {
        let refresh = self.refresh.as_ref().map(|refresh| &refresh.0);
        let mut tokens = refresh.into_iter().chain([self.bearer.token()]);
        // EXPOSE: only their form is looked at.
        tokens.all(|token| is_token(token.expose()))
    }
}

impl Opened {
    fn read(plain: &Secret<Vec<u8>>) -> Option<Self> {
        // EXPOSE: read into values that are secret again.
        serde_json::from_slice(plain.expose()).ok()
    }

    fn client_json(&self) -> Secret<Vec<u8>> {
        // EXPOSE: as above.
        Secret::new(self.client.expose().as_bytes().to_vec())
    }

    fn with(self, client: GrantClient) -> Contents {
        let key = bound_to(self.token_type, &client);
        Contents {
            server: self.server,
            bearer: Bearer::new(self.access, self.resource, key),
            refresh: self.refresh.map(RefreshToken),
            life: Life {
                obtained_at: self.obtained_at,
                expires_at: self.expires_at,
            },
            client,
        }
    }
}

impl Owed {
    /// Opens what is owed; the same that opens the row it was taken from.
    pub(in crate::grants) fn open(&self, vault: &Vault) -> Result<Contents, UnsealError> {
        open(vault, self.account, self.server, &self.sealed)
    }
}

fn open(vault: &Vault, account: AccountId, server: ServerId, sealed: &[u8]) -> Result<Contents, UnsealError> {
    let plain = vault.unseal(GRANTS.cell(&account.to_string()), sealed)?;
    Contents::from_json(&plain)
        .filter(|contents| contents.server == server)
        .ok_or(UnsealError::Broken)
}

impl Row {
    /// Opens the row. Bytes from another row, altered ones, and a row moved to another server are broken.
    pub(in crate::grants) fn open(&self, vault: &Vault) -> Result<Grant, UnsealError> {
        let contents = open(vault, self.account, self.server, &self.sealed)?;
        Ok(Grant {
            account: self.account,
            version: self.version,
            dead: self.dead,
            unanswered: self.refreshing_since.is_some(),
            contents,
        })
    }
}
