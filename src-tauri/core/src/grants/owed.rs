//! What is owed to authorization servers: revocations of sign-ins that have ended here and could not be told yet.
//!
//! A row is written in the transaction that wipes the grant, so a crash between the two loses neither; it goes when the
//! authorization server was told, when it refused, when it could not be reached for a week, or when somebody who may be the same
//! person has signed in there since: some authorization servers end all of a person's sign-ins with one. Nothing else is ever
//! done with its tokens: there is no way from here to a bearer.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use futures::{StreamExt, stream};

use super::{
    GrantError, Grants, OurClient,
    grant::Contents,
    owed_table::{self, Owed},
    promises::{self, Prompts},
};
use crate::{
    base::{AccountId, Debt, RevocationId, ServerId, Subject},
    oauth::{self, Revocation},
    ports::network::OFFLINE_WAIT,
    record::Kind,
    store::{StoreError, UnsealError, VaultClosed},
};

/// How many attempts run side by side.
const SIDE_BY_SIDE: usize = 4;

/// A debt that is settled, or given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// The server whose account had ended. It may be gone.
    pub server: ServerId,
    /// What became of the tokens; `None` if there is nothing to say about it at the server.
    pub revocation: Option<Revocation>,
    /// The client that the account had.
    pub client: Option<OurClient>,
}

impl Grants {
    /// Asks authorization servers again that could not be reached, until it is dropped. One loop is enough.
    pub async fn keep_promises(&self) {
        let prompts = Prompts {
            vault: &self.inner.vault,
            http: &self.inner.http,
            clock: &*self.inner.clock,
            owing: &self.inner.owing,
        };
        prompts.keep(|| self.settle_due()).await;
    }

    /// Tells of every debt that the background settled or gave up.
    pub fn settled(&self) -> tokio::sync::broadcast::Receiver<Settled> {
        self.inner.settled.subscribe()
    }

    /// Gives the servers at whose authorization servers a revocation is owed.
    pub async fn owing(&self) -> Result<Vec<ServerId>, GrantError> {
        let owed = owed_table::all(&self.inner.store).await?;
        Ok(owed.into_iter().map(|owed| owed.server).collect())
    }

    /// Makes the first attempt for a sign-in that has just ended.
    pub(super) async fn settle_now(self, owed: Vec<Owed>) -> Revocation {
        let mut worst = Revocation::Revoked;
        for owed in owed {
            let revocation = match self.attempt(&owed).await {
                Ok(revocation) => revocation.unwrap_or(Revocation::Revoked),
                // It stays written down, so it is made good later.
                Err(error) => {
                    tracing::warn!(%error, "what became of a revocation could not be written down");
                    Revocation::Unreachable
                }
            };
            worst = worst.max(revocation);
        }
        self.inner.owing.notify_one();
        worst
    }

    /// Settles what is due; says how long to wait for the next.
    async fn settle_due(&self) -> Result<Duration, StoreError> {
        let now = self.now();
        let due = owed_table::all(&self.inner.store).await?.into_iter();
        let at_least = AtomicU64::new(0);
        stream::iter(due.filter(|owed| owed.debt.is_due(now)))
            .for_each_concurrent(SIDE_BY_SIDE, |owed| async {
                let wait = self.settle_in_background(owed).await;
                at_least.fetch_max(wait.as_secs(), Ordering::Relaxed);
            })
            .await;
        let later = owed_table::all(&self.inner.store).await?;
        let next = promises::next(later.iter().map(|owed| owed.debt), self.now());
        Ok(next.max(Duration::from_secs(at_least.into_inner())))
    }

    /// Makes an attempt; says how long to make none after one that is written down nowhere, so that it is due still.
    async fn settle_in_background(&self, owed: Owed) -> Duration {
        let revocation = match self.attempt(&owed).await {
            Ok(revocation) => revocation,
            Err(error) => {
                tracing::warn!(%error, "a revocation could not be written down");
                return promises::LONGEST_WAIT;
            }
        };
        if revocation == Some(Revocation::Offline) {
            return OFFLINE_WAIT;
        }
        if !revocation.is_some_and(stays_owed) {
            self.tell_settled(owed, revocation);
        }
        Duration::ZERO
    }

    fn tell_settled(&self, owed: Owed, revocation: Option<Revocation>) {
        let settled = Settled {
            server: owed.server,
            revocation,
            client: owed.client,
        };
        // Nobody listening is no fault: the next snapshot shows that nothing is owed.
        let _ = self.inner.settled.send(settled);
    }

    /// Asks once, and writes down what came of it: the debt goes, or waits for the next attempt. `None` if it went because
    /// a later sign-in could have been ended with it.
    async fn attempt(&self, owed: &Owed) -> Result<Option<Revocation>, StoreError> {
        if owed_table::is_overtaken(&self.inner.store, owed).await? {
            owed_table::settle(&self.inner.store, owed.id).await?;
            return Ok(None);
        }
        let revocation = match owed.open(&self.inner.vault) {
            Ok(contents) => self.revoke_pair(owed.account, &contents).await,
            // The key may come back; until then there is nothing to ask with.
            Err(UnsealError::Closed) => return Ok(Some(Revocation::Unreachable)),
            Err(UnsealError::Broken) => Revocation::Failed,
        };
        if revocation == Revocation::Offline {
            // Nobody was asked, so no attempt is counted.
            return Ok(Some(revocation));
        }
        if revocation != Revocation::Unreachable {
            owed_table::settle(&self.inner.store, owed.id).await?;
            return Ok(Some(revocation));
        }
        let Some(later) = owed.debt.put_off(self.now()) else {
            owed_table::settle(&self.inner.store, owed.id).await?;
            return Ok(Some(Revocation::Failed));
        };
        owed_table::put_off(&self.inner.store, owed.id, later).await?;
        Ok(Some(Revocation::Unreachable))
    }

    /// Revokes a pair that is in no row, and owes that until it is done; `subject` is the person, if that is known.
    pub(super) async fn take_back(self, account: AccountId, subject: Option<Subject>, contents: Contents) {
        match self.owed_for(account, &contents) {
            Ok(owed) => self.take_back_owed(Owed { subject, ..owed }).await,
            Err(_) => {
                tracing::warn!("the vault is closed: a revocation is tried once and not owed");
                self.revoke_pair(account, &contents).await;
            }
        }
    }

    /// Writes down what is owed for tokens that are in no row any more, and makes the first attempt in the background.
    pub(super) async fn take_back_owed(&self, owed: Owed) {
        let written = async {
            let mut transaction = self.inner.store.write().await?;
            owed_table::owe(&mut transaction, &owed).await?;
            transaction.commit().await.map_err(StoreError::from)
        };
        if let Err(error) = written.await {
            tracing::warn!(%error, "a revocation could not be written down");
        }
        let grants = self.clone();
        drop(tokio::spawn(async move {
            match grants.attempt(&owed).await {
                Ok(Some(revocation)) if stays_owed(revocation) => grants.inner.owing.notify_one(),
                // Nothing is shown of it: the server's account is another one.
                Ok(_) => grants.tell_settled(owed, None),
                Err(error) => tracing::warn!(%error, "a revocation could not be written down"),
            }
        }));
    }

    fn owed_for(&self, account: AccountId, contents: &Contents) -> Result<Owed, VaultClosed> {
        let client = contents.client();
        Ok(Owed {
            id: RevocationId::random(),
            account,
            server: contents.server(),
            issuer: client.issuer().clone(),
            subject: None,
            client: Some(OurClient {
                issuer: client.issuer().clone(),
                client_id: client.client_id().clone(),
            }),
            sealed: contents.seal(&self.inner.vault, account)?,
            debt: Debt::new(self.now()),
        })
    }

    /// Revokes one pair (RFC 7009), and writes down how that went.
    pub(super) async fn revoke_pair(&self, account: AccountId, pair: &Contents) -> Revocation {
        let entry = self.inner.record.aside(pair.server(), Kind::SignOut);
        entry.about(account);
        let revocation =
            oauth::revoke((&self.traced(&entry), self.now()), pair.client(), &pair.tokens()).await;
        entry.ended(&revocation);
        entry.save().await;
        revocation
    }
}

/// Tells whether an attempt settled nothing.
const fn stays_owed(revocation: Revocation) -> bool {
    matches!(revocation, Revocation::Unreachable | Revocation::Offline)
}
