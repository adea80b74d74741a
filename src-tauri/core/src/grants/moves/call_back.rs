//! Accounts that are ours again: their file was not made, or the person says that it never arrived.

use super::Traveller;
use crate::{
    base::{AccountId, ServerId},
    grants::{
        AccountError, Grants,
        grant::Contents,
        table::{self, Swap},
    },
    store::StoreError,
};

/// An account that still counts as handed over although nobody has it, because that could not be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Away {
    /// The server that it is of.
    pub server: ServerId,
    account: AccountId,
    /// The move that is undone, and no other.
    moves: u32,
}

impl Grants {
    /// Makes accounts ours again whose file was not made; gives those for which that could not be written down. What the
    /// person disconnected meanwhile is revoked: nobody has it.
    pub async fn call_back(&self, server: ServerId, gone: &[Traveller]) -> Vec<Away> {
        let mut away = Vec::new();
        for traveller in gone {
            // What has no refresh token was only copied.
            let Some(contents) = traveller.taken().filter(Contents::renews) else {
                continue;
            };
            let one = Away {
                server,
                account: traveller.id,
                moves: traveller.moves,
            };
            if let Err(error) = self.call_back_one(one, traveller, contents).await {
                tracing::warn!(%server, %error, "an account stays handed over although nobody has it");
                away.push(one);
            }
        }
        away
    }

    /// Tries again to make an account ours whose file was not made; tells whether that changed anything. Nothing secret is kept
    /// for it: one that the person has disconnected meanwhile is wiped, and lives at its provider until it runs out.
    pub async fn bring_back(&self, away: Away) -> Result<bool, StoreError> {
        let lane = self.lane(away.account);
        let _turn = lane.lock().await;
        let swap = table::moves::call_back(&self.inner.store, away.account, away.moves).await?;
        if swap == Swap::Done {
            self.tell(away.server);
        }
        Ok(swap == Swap::Done)
    }

    async fn call_back_one(
        &self,
        away: Away,
        traveller: &Traveller,
        contents: Contents,
    ) -> Result<(), StoreError> {
        if self.bring_back(away).await?
            || table::of_account(&self.inner.store, away.account)
                .await?
                .is_some()
        {
            return Ok(());
        }
        self.forget_lane(away.account);
        let subject = traveller.subject.clone();
        self.clone().take_back(away.account, subject, contents).await;
        Ok(())
    }

    /// Makes a handed-over account ours again, as the person says that it is nowhere else; any other stays as it is.
    pub async fn use_here(&self, server: ServerId, account: AccountId) -> Result<(), AccountError> {
        let lane = self.lane(account);
        let _turn = lane.lock().await;
        if table::moves::use_here(&self.inner.store, server, account).await? == Swap::Done {
            self.tell(server);
        }
        Ok(())
    }
}
