//! The background loop: renews grants before they run out, and says when one has run out for good.
//!
//! Never here: an authorization, a browser. All it can do is what a caller of [`Grants::bearer`] causes.

use std::{
    collections::{HashMap, HashSet},
    hash::BuildHasher,
    time::Duration,
};

use futures::{StreamExt, future::BoxFuture, stream::FuturesUnordered};

use super::{Grants, grant::Standing, refresh::Wanted, table, table::Row};
use crate::{
    base::{AccountId, Timestamp},
    ports::network::{OFFLINE_WAIT, SPREAD},
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
    /// Accounts of which it was told that they have run out, as their rows were then.
    told: HashMap<AccountId, i64>,
    /// Since when there has been a network; `None` while there is none.
    online_since: Option<Timestamp>,
    /// Makes each account's jitter its own.
    jitter: std::hash::RandomState,
}

impl Round {
    /// Takes note of whether there is a network.
    fn sees_network(&mut self, is_there: bool, now: Timestamp) {
        // A moment that is still to come is from before the clock was set back (S33).
        let since = self.online_since.filter(|since| *since <= now);
        self.online_since = is_there.then(|| since.unwrap_or(now));
    }

    /// Gives how long an account is left alone that found no network: until that is back, and all that waited for it
    /// have their turns; or for some minutes, because its host may be within reach without a way out.
    fn left_offline(&self, account: AccountId, (since, now): (Timestamp, Timestamp)) -> Duration {
        let again = if since <= now {
            now.until(since.after(OFFLINE_WAIT))
        } else {
            Duration::ZERO
        };
        let turn = SPREAD.mul_f64(jitter(&self.jitter, account));
        let back = self.online_since.map(|since| now.until(since.after(turn)));
        back.map_or(again, |back| back.min(again))
    }
}

impl Grants {
    /// Keeps grants alive until it is dropped. One loop is enough; more do no harm.
    pub async fn keep_alive(&self) {
        let mut round = Round::default();
        let mut refreshes: FuturesUnordered<BoxFuture<'_, AccountId>> = FuturesUnordered::new();
        let mut vault = self.inner.vault.watch();
        let mut way_out = self.inner.http.way_out().watch();
        loop {
            round.sees_network(*way_out.borrow_and_update(), self.now());
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
            let cut_off = lane
                .cut_off_since
                .map(|since| round.left_offline(row.account, (since, now)));
            return Some(wait.max(cut_off.unwrap_or_default()));
        }
        let ends_at = grant.ends_at()?;
        if matches!(grant.standing(now), Standing::Spent(_)) {
            // Whoever has signed in again since has another grant, whose end is news.
            if round.told.insert(row.account, row.version) != Some(row.version) {
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

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);
    const YEAR: Duration = Duration::from_secs(365 * 24 * 3600);

    #[test]
    fn s33_a_clock_set_back_takes_no_turn_away() {
        let (mut round, account) = (Round::default(), AccountId::random());
        round.sees_network(true, NOW.after(YEAR));
        assert!(round.left_offline(account, (NOW, NOW)) <= OFFLINE_WAIT);
        round.sees_network(true, NOW);
        assert!(
            round.left_offline(account, (NOW, NOW)) <= SPREAD,
            "it is back now"
        );
        round.sees_network(false, NOW);
        assert_eq!(round.left_offline(account, (NOW, NOW)), OFFLINE_WAIT);
        let late = NOW.after(YEAR);
        assert_eq!(round.left_offline(account, (late, NOW)), Duration::ZERO);
    }
}
