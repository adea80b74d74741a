//! The end of a grant: wiped here first, then revoked where it came from.

use super::{GrantError, Grants, OurClient, grant::Contents, table, table::Row};
use crate::{
    base::{AccountId, ServerId},
    oauth::{self, Revocation},
    record::Kind,
};

/// What ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// What became of the tokens.
    pub revocation: Revocation,
    /// The clients that the accounts had.
    pub clients: Vec<OurClient>,
}

impl Grants {
    /// Ends all grants of a server. The rows are durably gone before the authorization server is asked to revoke
    /// the tokens (RFC 7009), which happens in a task of its own and may fail; `None` if there was no grant.
    ///
    /// While the vault is closed, or if a row cannot be decrypted, it is wiped and nothing can be revoked.
    pub async fn end(&self, server: ServerId) -> Result<Option<Ended>, GrantError> {
        let gone = table::wipe(&self.inner.store, server).await?;
        if gone.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.revoke_rows(server, gone).await))
    }

    /// Ends one account in the same way. If its server was used as it, the oldest of the others that can be used takes its
    /// place; if none can, the oldest. `None` if the server does not have it.
    pub async fn end_account(
        &self,
        server: ServerId,
        account: AccountId,
    ) -> Result<Option<Ended>, GrantError> {
        let heir = |rest: &[Row]| self.heir(rest);
        match table::remove(&self.inner.store, server, account, heir).await? {
            Some(gone) => Ok(Some(self.revoke_rows(server, vec![gone]).await)),
            None => Ok(None),
        }
    }

    fn heir(&self, rest: &[Row]) -> Option<AccountId> {
        let usable = |row: &&Row| row.standing(&self.inner.vault, self.now()).is_usable();
        let heir = rest.iter().find(usable).or_else(|| rest.first());
        heir.map(|row| row.account)
    }

    async fn revoke_rows(&self, server: ServerId, gone: Vec<Option<Row>>) -> Ended {
        let mut clients: Vec<OurClient> = Vec::new();
        for client in gone.iter().flatten().filter_map(|row| self.client_of(row)) {
            if !clients.contains(&client) {
                clients.push(client);
            }
        }
        let pairs = gone.into_iter().map(|row| self.take_pair(row?)).collect();
        self.tell(server);
        // In a task of its own: a caller who goes away does not stop it.
        let revocation = tokio::spawn(self.clone().revoke(pairs)).await;
        Ended {
            revocation: revocation.unwrap_or(Revocation::Failed),
            clients,
        }
    }

    /// Gives the client that a row's grant was given to. A row that an older version wrote says so only inside.
    pub(super) fn client_of(&self, row: &Row) -> Option<OurClient> {
        let inside = || {
            let grant = row.open(&self.inner.vault).ok()?;
            Some(grant.contents().client().client_id().clone())
        };
        Some(OurClient {
            issuer: row.issuer.clone(),
            client_id: row.client_id.clone().or_else(inside)?,
        })
    }

    /// Takes what is to be revoked of a row that is gone: the newest pair that is known of it.
    pub(super) fn take_pair(&self, row: Row) -> Option<Contents> {
        let stored = || Some(row.open(&self.inner.vault).ok()?.into_contents());
        self.forget_lane(row.account).or_else(stored)
    }

    /// Revokes pairs one after the other; one failing never skips another. `None` is a pair that is not known.
    pub(super) async fn revoke(self, pairs: Vec<Option<Contents>>) -> Revocation {
        let mut outcome = Revocation::Revoked;
        for pair in pairs {
            let revocation = match pair {
                Some(pair) => self.revoke_pair(&pair).await,
                None => Revocation::Failed,
            };
            if revocation != Revocation::Revoked {
                outcome = revocation;
            }
        }
        outcome
    }

    async fn revoke_pair(&self, pair: &Contents) -> Revocation {
        let entry = self.inner.record.aside(pair.server(), Kind::SignOut);
        let revocation =
            oauth::revoke((&self.traced(&entry), self.now()), pair.client(), &pair.tokens()).await;
        entry.ended(&revocation);
        entry.save().await;
        revocation
    }
}
