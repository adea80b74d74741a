//! The background loop: renews grants before they run out, and says when one has run out for good.
//!
//! Never here: an authorization, a browser. All it can do is what a caller of [`Grants::bearer`] causes.

use std::{collections::HashSet, hash::BuildHasher, time::Duration};

use futures::{StreamExt, future::BoxFuture, stream::FuturesUnordered};

use super::{Grants, grant::Standing, refresh::Wanted, table, table::Row};
use crate::{
    base::{AccountId, Timestamp},
    ports::network::SPREAD,
};

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
    /// Since when there has been a network; `None` while there is none.
    online_since: Option<Timestamp>,
    /// Makes each account's jitter its own.
    jitter: std::hash::RandomState,
}

impl Grants {
    /// Keeps grants alive until it is dropped. One loop is enough; more do no harm.
    pub async fn keep_alive(&self) {
        let mut round = Round::default();
        let mut refreshes: FuturesUnordered<BoxFuture<'_, AccountId>> = FuturesUnordered::new();
        let mut vault = self.inner.vault.watch();
        let mut way_out = self.inner.http.way_out().watch();
        loop {
            round.online_since = match (*way_out.borrow_and_update(), round.online_since) {
                (true, since) => since.or_else(|| Some(self.now())),
                (false, _) => None,
            };
            let (due, wait) = self.plan(&mut round).await;
            refreshes.extend(due.into_iter().map(|account| self.refresh_in_background(account)));
            tokio::select! {
                Some(account) = refreshes.next() => { round.running.remove(&account); }
                () = self.inner.changed.notified() => {}
                () = self.inner.clock.sleep(wait) => {}
                Ok(()) = vault.changed() => {}
                Ok(()) = way_out.changed() => {}
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
            let lane = self.lane(row.account);
            let Ok(lane) = lane.try_lock() else {
                return Some(now.until(at).max(SHORTEST_WAIT));
            };
            let wait = now.until(at).max(lane.pause.left(now));
            if !lane.is_cut_off {
                return Some(wait);
            }
            // Only the network's return brings it on; then all that waited for that are spread out.
            let turn = SPREAD.mul_f64(jitter(&round.jitter, row.account));
            return Some(wait.max(now.until(round.online_since?.after(turn))));
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
