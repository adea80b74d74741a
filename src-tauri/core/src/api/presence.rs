//! When the person was here last.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::Notify;

use crate::{base::Timestamp, ports::Clock};

/// When the person asked for something last, and after how long without them the vault is locked.
pub(super) struct Presence {
    seen: Mutex<Seen>,
    changed: Notify,
}

struct Seen {
    last: Timestamp,
    under_way: usize,
    limit: Option<u32>,
}

/// Something that the person asked for is under way. Its end is when they were here last.
pub(super) struct Present<'a> {
    presence: &'a Presence,
    clock: &'a dyn Clock,
}

impl Drop for Present<'_> {
    fn drop(&mut self) {
        let mut seen = self.presence.seen();
        seen.under_way -= 1;
        seen.last = self.clock.now();
        drop(seen);
        self.presence.changed.notify_one();
    }
}

impl Presence {
    /// Begins now, without a limit.
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            seen: Mutex::new(Seen {
                last: now,
                under_way: 0,
                limit: None,
            }),
            changed: Notify::new(),
        }
    }

    /// Notes that the person asks for something.
    pub(super) fn enter<'a>(&'a self, clock: &'a dyn Clock) -> Present<'a> {
        self.seen().under_way += 1;
        Present {
            presence: self,
            clock,
        }
    }

    /// Notes that the person was here then, though they asked for nothing.
    pub(super) fn note(&self, then: Timestamp) {
        let mut seen = self.seen();
        seen.last = seen.last.max(then);
    }

    /// Sets the limit, in minutes.
    pub(super) fn lock_after(&self, minutes: Option<u32>) {
        self.seen().limit = minutes;
        self.changed.notify_one();
    }

    /// Gives the limit, in minutes.
    pub(super) fn limit(&self) -> Option<u32> {
        self.seen().limit
    }

    /// Tells how long until the limit, if nobody comes; `None` if there is none or something is under way. A clock that was
    /// set back begins anew.
    pub(super) fn left(&self, now: Timestamp) -> Option<Duration> {
        let mut seen = self.seen();
        seen.last = seen.last.min(now);
        let limit = Duration::from_secs(60 * u64::from(seen.limit?));
        (seen.under_way == 0).then(|| limit.saturating_sub(seen.last.until(now)))
    }

    /// Returns when it has to be looked at again.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // Each use sets whole fields, so a panic elsewhere leaves nothing half-changed.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SystemClock;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);
    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn the_time_without_the_person_is_counted_from_when_they_were_here_last() {
        let presence = Presence::new(NOW);
        assert_eq!(
            presence.left(NOW.after(1000 * MINUTE)),
            None,
            "never, unless chosen"
        );
        presence.lock_after(Some(15));
        assert_eq!(presence.left(NOW.after(10 * MINUTE)), Some(5 * MINUTE));
        assert_eq!(presence.left(NOW.after(15 * MINUTE)), Some(Duration::ZERO));
        assert_eq!(
            presence.left(NOW.after(1000 * MINUTE)),
            Some(Duration::ZERO),
            "after sleep"
        );
    }

    #[test]
    fn nobody_is_away_while_something_is_under_way() {
        let presence = Presence::new(NOW);
        presence.lock_after(Some(15));
        let present = presence.enter(&SystemClock);
        assert_eq!(presence.left(NOW.after(1000 * MINUTE)), None, "a call runs");
        drop(present);
        let ended = presence.left(SystemClock.now());
        assert!(ended > Some(14 * MINUTE), "its end counts as well: {ended:?}");
    }

    #[test]
    fn s33_a_clock_set_back_does_not_keep_the_vault_open() {
        let presence = Presence::new(NOW.after(1000 * MINUTE));
        presence.lock_after(Some(15));
        assert_eq!(presence.left(NOW), Some(15 * MINUTE), "it is counted from there");
        assert_eq!(presence.left(NOW.after(15 * MINUTE)), Some(Duration::ZERO));
    }
}
