//! What becomes of a client of ours that nobody uses any more: it is deleted at its issuer (RFC 7592 §2.3).
//!
//! Somebody uses it for as long as an account has a grant of it, a sign-in waits that shows it, or a sign-in has it in hand:
//! between finding it and writing itself down, and again between its answer and the grant. What was typed in or is a
//! document's address is not in the table of registrations, so it never comes to that.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};

use super::{
    SignIns, registrations,
    table::{self, Pending, TableError},
};
use crate::{
    base::{Issuer, ServerId},
    grants::OurClient,
    oauth::{self, Registration, TracedHttp},
    record::Kind,
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
    /// Deletes the clients that accounts have left, those that nobody else uses. Returns at once: nothing waits for it, and
    /// its failing costs nothing here. `server` is where it is written down.
    pub fn let_go(&self, server: ServerId, clients: Vec<OurClient>) {
        for client in clients {
            let this = self.clone();
            self.0.tasks.spawn(async move {
                match this.take_unused(&client).await {
                    Ok(gone) => this.deregister(server, gone).await,
                    Err(error) => tracing::warn!(%error, "a client that nobody uses stays registered"),
                }
            });
        }
    }

    /// Takes a client out of the table, if nobody uses it: a sign-in that begins now registers anew.
    async fn take_unused(&self, client: &OurClient) -> Result<Vec<Registration>, TableError> {
        let around = &self.0.around;
        let _alone = self.0.in_hand.alone(&client.issuer).await;
        let waiting = table::all(&around.store, &around.vault, around.clock.now()).await?;
        let shows = |waiting: &Pending| {
            let shown = &waiting.awaiting;
            *shown.issuer() == client.issuer && *shown.client_id() == client.client_id
        };
        if waiting.iter().any(shows) || around.grants.uses(client).await? {
            return Ok(Vec::new());
        }
        registrations::take(&around.store, &around.vault, client).await
    }

    async fn deregister(&self, server: ServerId, gone: Vec<Registration>) {
        let around = &self.0.around;
        for registration in gone {
            let entry = around.record.aside(server, Kind::Deregistration);
            let http = TracedHttp::new(around.http.clone(), entry.trace().clone());
            if let Some(end) = oauth::deregister(&http, &registration).await {
                entry.ended(&end);
                entry.save().await;
            }
        }
    }
}
