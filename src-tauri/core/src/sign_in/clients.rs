//! What becomes of a client of ours that nobody uses any more: it is deleted at its issuer (RFC 7592 §2.3).
//!
//! Somebody uses it for as long as an account has a grant of it, a sign-in waits that shows it, or a sign-in has it in hand:
//! between finding it and writing itself down, and again between its answer and the grant. What was typed in or is a
//! document's address is not in the table of registrations, so it never comes to that.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use super::{
    SignIns,
    owed::{self, Owed},
    registrations,
    table::{self, Pending, TableError},
};
use crate::{
    base::{Issuer, ServerId},
    grants::{
        OurClient,
        promises::{self, Prompts},
    },
    oauth::{self, Deregistration, Registration, TracedHttp},
    ports::network::OFFLINE_WAIT,
    record::Kind,
    store::{StoreError, UnsealError},
};

/// Who has a client in hand, by issuer: sign-ins share them, and who takes one out of use has them alone.
#[derive(Default)]
pub(super) struct InHand(Mutex<HashMap<Issuer, Arc<RwLock<()>>>>);

impl InHand {
    /// Takes the clients at an issuer in hand: none of them goes until this is dropped.
    pub(super) async fn share(&self, issuer: &Issuer) -> OwnedRwLockReadGuard<()> {
        self.of(issuer).read_owned().await
    }

    /// Waits until no sign-in has a client at this issuer in hand, and lets none take one until this is dropped.
    async fn alone(&self, issuer: &Issuer) -> OwnedRwLockWriteGuard<()> {
        self.of(issuer).write_owned().await
    }

    fn of(&self, issuer: &Issuer) -> Arc<RwLock<()>> {
        // Each use is one operation, so a panic elsewhere leaves nothing half-done.
        let mut issuers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        issuers.retain(|_, hands| Arc::strong_count(hands) > 1);
        Arc::clone(issuers.entry(issuer.clone()).or_default())
    }
}

impl SignIns {
    /// Deletes the clients that accounts have left, those that nobody else uses. Returns at once; what cannot be told to an
    /// issuer now stays owed. `server` is where it is written down.
    pub fn let_go(&self, server: ServerId, clients: Vec<OurClient>) {
        for client in clients {
            let this = self.clone();
            self.0.tasks.spawn(async move {
                match this.take_unused(server, &client).await {
                    Ok(owed) => this.delete_now(owed).await,
                    Err(error) => tracing::warn!(%error, "a client that nobody uses stays registered"),
                }
            });
        }
    }

    /// Asks issuers again to delete clients of ours, those that could not be reached, until it is dropped. One loop is enough.
    pub async fn keep_promises(&self) {
        let around = &self.0.around;
        let prompts = Prompts {
            vault: &around.vault,
            http: &around.http,
            clock: &*around.clock,
            owing: &self.0.owing,
        };
        prompts.keep(|| self.delete_due()).await;
    }

    /// Takes a client out of the table, if nobody uses it: a sign-in that begins now registers anew.
    async fn take_unused(&self, server: ServerId, client: &OurClient) -> Result<Vec<Owed>, TableError> {
        let around = &self.0.around;
        let _alone = self.0.in_hand.alone(&client.issuer).await;
        if self.is_used(client).await? {
            return Ok(Vec::new());
        }
        let now = around.clock.now();
        registrations::take((&around.store, &around.vault), client, (server, now)).await
    }

    /// Tells whether an account has a client, or a sign-in that waits shows it.
    async fn is_used(&self, client: &OurClient) -> Result<bool, TableError> {
        let around = &self.0.around;
        let waiting = table::all(&around.store, &around.vault, around.clock.now()).await?;
        let shows = |waiting: &Pending| {
            let shown = &waiting.awaiting;
            *shown.issuer() == client.issuer && *shown.client_id() == client.client_id
        };
        Ok(waiting.iter().any(shows) || around.grants.uses(client).await?)
    }

    async fn delete_now(&self, owed: Vec<Owed>) {
        for owed in owed {
            self.delete_logged(&owed).await;
        }
        self.0.owing.notify_one();
    }

    /// Deletes what is due; says how long to wait for the next.
    async fn delete_due(&self) -> Result<Duration, StoreError> {
        let around = &self.0.around;
        let now = around.clock.now();
        let mut at_least = Duration::ZERO;
        for owed in owed::all(&around.store).await? {
            if !owed.debt.is_due(now) {
                continue;
            }
            let this = self.clone();
            // An issuer that was asked is listened to, also at the end of the app.
            let asking = self.0.tasks.spawn(async move { this.delete_logged(&owed).await });
            at_least = at_least.max(asking.await.unwrap_or(promises::LONGEST_WAIT));
        }
        let later = owed::all(&around.store).await?;
        let next = promises::next(later.iter().map(|owed| owed.debt), around.clock.now());
        Ok(next.max(at_least))
    }

    /// Makes an attempt; says how long to make none after one that is written down nowhere, so that it is due still.
    async fn delete_logged(&self, owed: &Owed) -> Duration {
        match self.delete(owed).await {
            Ok(Some(Deregistration::Offline)) => OFFLINE_WAIT,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::warn!(%error, "what became of a client that nobody uses could not be written down");
                promises::LONGEST_WAIT
            }
        }
    }

    /// Asks once, and writes down what came of it: the debt goes, or waits for the next attempt. `None` if it went because
    /// the client is in use again, as its issuer may give the same name twice.
    async fn delete(&self, owed: &Owed) -> Result<Option<Deregistration>, TableError> {
        let around = &self.0.around;
        if self.is_back(&owed.client).await? {
            owed::settle(&around.store, owed).await?;
            return Ok(None);
        }
        let end = match owed.open(&around.vault) {
            Ok(registration) => self.deregister(owed.server, &registration).await,
            // The key may come back; until then there is nothing to ask with, so no attempt is counted.
            Err(UnsealError::Closed) => return Ok(None),
            Err(UnsealError::Broken) => Deregistration::Failed,
        };
        match (end, owed.debt.put_off(around.clock.now())) {
            (Deregistration::Offline, _) => {}
            (Deregistration::Unreachable, Some(debt)) => owed::put_off(&around.store, owed, debt).await?,
            (Deregistration::Unreachable, None) | (Deregistration::Deleted | Deregistration::Failed, _) => {
                owed::settle(&around.store, owed).await?;
            }
        }
        Ok(Some(end))
    }

    async fn is_back(&self, client: &OurClient) -> Result<bool, TableError> {
        let _alone = self.0.in_hand.alone(&client.issuer).await;
        Ok(registrations::has(&self.0.around.store, client).await? || self.is_used(client).await?)
    }

    async fn deregister(&self, server: ServerId, registration: &Registration) -> Deregistration {
        let around = &self.0.around;
        let entry = around.record.aside(server, Kind::Deregistration);
        let http = TracedHttp::new(around.http.clone(), entry.trace().clone());
        let end = oauth::deregister(&http, registration).await;
        let end = end.unwrap_or(Deregistration::Failed);
        if end != Deregistration::Offline {
            entry.ended(&end);
            entry.save().await;
        }
        end
    }
}
