//! The end of a grant: wiped here first, then revoked where it came from.

use super::{
    GrantError, Grants, OurClient,
    owed_table::Owed,
    table::{self, Ending, Gone, Row},
};
use crate::{
    base::{AccountId, Debt, RevocationId, ServerId},
    oauth::Revocation,
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
    /// the tokens (RFC 7009), which happens in a task of its own; `None` if there was no grant.
    ///
    /// If the authorization server cannot be reached, or the vault is closed, that stays owed and is made good later. A row
    /// that cannot be decrypted is wiped, and nothing can be revoked. One that was handed over is wiped, and nothing is asked for:
    /// it is another computer's.
    pub async fn end(&self, server: ServerId) -> Result<Option<Ended>, GrantError> {
        let gone = table::wipe(&self.inner.store, server, |row| self.owed_at_end(row)).await?;
        if gone.is_empty() {
            return Ok(None);
        }
        Ok(self.settle_rows(server, gone).await)
    }

    /// Ends one account in the same way. If its server was used as it, the oldest of the others that can be used takes its
    /// place; if none can, the oldest. `None` if the server does not have it.
    pub async fn end_account(
        &self,
        server: ServerId,
        account: AccountId,
    ) -> Result<Option<Ended>, GrantError> {
        let ending = Ending {
            heir: |rest: &[Row]| self.heir(rest),
            owed: |row: &Row| self.owed_at_end(row),
        };
        match table::remove(&self.inner.store, server, account, ending).await? {
            Some(gone) => Ok(self.settle_rows(server, vec![gone]).await),
            None => Ok(None),
        }
    }

    fn heir(&self, rest: &[Row]) -> Option<AccountId> {
        let usable = |row: &&Row| row.standing(&self.inner.vault, self.now()).is_usable();
        let heir = rest.iter().find(usable).or_else(|| rest.first());
        heir.map(|row| row.account)
    }

    async fn settle_rows(&self, server: ServerId, gone: Vec<Option<Gone>>) -> Option<Ended> {
        let mut clients: Vec<OurClient> = Vec::new();
        for gone in gone.iter().flatten() {
            self.forget_lane(gone.row.account);
            let client = gone.owed.as_ref().and_then(|owed| owed.client.clone());
            clients.extend(client.filter(|client| !clients.contains(client)));
        }
        self.tell(server);
        let damaged = gone.iter().any(Option::is_none);
        let owed: Vec<_> = gone.into_iter().flatten().filter_map(|gone| gone.owed).collect();
        if owed.is_empty() && !damaged {
            return None;
        }
        // In a task of its own: a caller who goes away does not stop it.
        let settling = tokio::spawn(self.clone().settle_now(owed)).await;
        let revocation = settling.unwrap_or(Revocation::Unreachable);
        Some(Ended {
            revocation: if damaged { Revocation::Failed } else { revocation },
            clients,
        })
    }

    /// Gives what is owed for a row that ends here: nothing if it is another computer's.
    fn owed_at_end(&self, row: &Row) -> Option<Owed> {
        (!row.is_handed_over()).then(|| self.owed(row))
    }

    /// Gives what is owed for a row from the moment it goes: the newest pair that is known of it.
    fn owed(&self, row: &Row) -> Owed {
        Owed {
            id: RevocationId::random(),
            account: row.account,
            server: row.server,
            issuer: row.issuer.clone(),
            subject: row.who.subject.clone(),
            client: self.client_of(row),
            sealed: self
                .seal_unwritten(row.account)
                .unwrap_or_else(|| row.sealed.clone()),
            debt: Debt::new(self.now()),
        }
    }

    /// Revokes what was in a row that another issuer's grant has replaced: the newest pair that is known of it.
    pub(super) async fn take_back_row(&self, row: &Row) {
        let owed = self.owed(row);
        self.forget_lane(row.account);
        self.take_back_owed(owed).await;
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
}
