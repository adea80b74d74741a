//! Telling authorization servers what they are owed, for as long as anything is: when it is due, when the vault is opened, and
//! when the network is back.

use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::{
    base::{Debt, Timestamp},
    ports::{Clock, Http, network::SPREAD},
    store::{StoreError, Vault, VaultState},
};

/// The shortest wait: whatever goes wrong, the loop does not spin.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait between two looks.
pub const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// What makes it worth looking for something that is owed.
pub struct Prompts<'a> {
    /// Without its key there is nothing to ask with.
    pub vault: &'a Vault,
    /// Whether there is a network.
    pub http: &'a Http,
    /// Time.
    pub clock: &'a dyn Clock,
    /// Something is owed anew.
    pub owing: &'a Notify,
}

impl Prompts<'_> {
    /// Calls `settle` again and again, until it is dropped; it says how long to wait for the next time.
    pub async fn keep<Settling>(&self, settle: impl Fn() -> Settling)
    where
        Settling: Future<Output = Result<Duration, StoreError>>,
    {
        let mut vault = self.vault.watch();
        let mut way_out = self.http.way_out().watch();
        loop {
            way_out.mark_unchanged();
            let wait = match self.vault.state() {
                VaultState::Open(_) => settle().await.unwrap_or_else(|error| {
                    tracing::warn!(%error, "what is owed to authorization servers could not be read");
                    LONGEST_WAIT
                }),
                // No attempt is counted; the key's return ends the wait.
                _ => LONGEST_WAIT,
            };
            tokio::select! {
                () = self.owing.notified() => {}
                () = self.clock.sleep(wait.clamp(SHORTEST_WAIT, LONGEST_WAIT)) => {}
                Ok(()) = vault.changed() => {}
                () = self.back(&mut way_out) => {}
            }
        }
    }

    /// Returns some time after the network has come back, so that not everybody goes out at once.
    async fn back(&self, way_out: &mut watch::Receiver<bool>) {
        let mut is_back = false;
        while !is_back {
            if way_out.changed().await.is_err() {
                // The sender lives as long as the network's door, so this is never reached; waiting is the harmless answer.
                return std::future::pending().await;
            }
            is_back = *way_out.borrow_and_update();
        }
        self.clock.sleep(SPREAD.mul_f64(rand::random())).await;
    }
}

/// Gives how long it is until the first of them is due.
pub fn next(debts: impl Iterator<Item = Debt>, now: Timestamp) -> Duration {
    let waits = debts.map(|debt| now.until(debt.next_at));
    waits.min().unwrap_or(LONGEST_WAIT)
}
