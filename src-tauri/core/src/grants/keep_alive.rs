//! The background loop: renews grants before they run out, and says when one has run out for good.
//!
//! Never here: an authorization, a browser. All it can do is what a caller of [`Grants::bearer`] causes.

use std::{collections::HashSet, hash::BuildHasher, time::Duration};

use futures::{StreamExt, future::BoxFuture, stream::FuturesUnordered};

use super::{Grants, grant::Standing, refresh::Wanted, table, table::Row};
use crate::base::{AccountId, Timestamp};

/// How many refreshes the background runs side by side: a wake after a night is spread out (S33).
const SIDE_BY_SIDE: usize = 8;
/// The shortest wait: whatever goes wrong, the loop does not spin.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait, and the wait if the table cannot be read.
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// What the loop carries from one round to the next.
#[derive(Default)]
struct Round {
    /// Accounts whose refresh the loop has started and not seen end.
    running: HashSet<AccountId>,
    /// Accounts of which it was told that they have run out.
    told: HashSet<AccountId>,
    /// Makes each account's jitter its own.
    jitter: std::hash::RandomState,
}

impl Grants {
    /// Keeps grants alive until it is dropped. One loop is enough; more do no harm.
    pub async fn keep_alive(&self) {
        let mut round = Round::default();
        let mut refreshes: FuturesUnordered<BoxFuture<'_, AccountId>> = FuturesUnordered::new();
        let mut vault = self.inner.vault.watch();
        loop {
            let (due, wait) = self.plan(&mut round).await;
            refreshes.extend(due.into_iter().map(|account| self.refresh_in_background(account)));
            tokio::select! {
                Some(account) = refreshes.next() => { round.running.remove(&account); }
                () = self.inner.changed.notified() => {}
                () = self.inner.clock.sleep(wait) => {}
                Ok(()) = vault.changed() => {}
            }
        }
    }

    fn refresh_in_background(&self, account: AccountId) -> BoxFuture<'_, AccountId> {
        Box::pin(async move {
            if let Err(error) = self.refreshed(account, Wanted::Live).await {
                tracing::debug!(%account, %error, "a background refresh did not succeed");
            }
            account
        })
    }

    /// Tells which accounts to refresh now, and how long to wait before looking again.
    async fn plan(&self, round: &mut Round) -> (Vec<AccountId>, Duration) {
        let rows = match table::all(&self.inner.store).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::warn!(%error, "the grants could not be read");
                return (Vec::new(), LONGEST_WAIT);
            }
        };
        let (now, mut due, mut wait) = (self.now(), Vec::new(), LONGEST_WAIT);
        for row in &rows {
            let left = match self.until_due(row, round, now) {
                Some(left) if !round.running.contains(&row.account) => left,
                _ => continue,
            };
            if left.is_zero() && round.running.len() + due.len() < SIDE_BY_SIDE {
                due.push(row.account);
            } else {
                wait = wait.min(left);
            }
        }
        round.running.extend(&due);
        (due, wait.max(SHORTEST_WAIT))
    }

    /// Gives how long until the row needs the loop's attention, `None` if time alone will not bring that.
    fn until_due(&self, row: &Row, round: &mut Round, now: Timestamp) -> Option<Duration> {
        // No provider that a file names is asked before the person has used the account here.
        let grant = row.open(&self.inner.vault).ok().filter(|_| !row.resting)?;
        if let Some(at) = grant.renewal_due(jitter(&round.jitter, row.account)) {
            let paused = self
                .lane(row.account)
                .try_lock()
                .map_or(SHORTEST_WAIT, |lane| lane.pause.left(now));
            return Some(now.until(at).max(paused));
        }
        let ends_at = grant.ends_at()?;
        if matches!(grant.standing(now), Standing::Spent(_)) {
            if round.told.insert(row.account) {
                self.tell(row.server);
            }
            return None;
        }
        Some(now.until(ends_at))
    }
}

/// Gives the account's own number between 0 and 1.
fn jitter(state: &std::hash::RandomState, account: AccountId) -> f64 {
    f64::from(state.hash_one(account) as u32) / f64::from(u32::MAX)
}
