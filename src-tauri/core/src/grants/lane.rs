//! What one account's refreshes remember from one to the next. Whoever holds the lane may refresh.

use std::time::Duration;

use rand::Rng;

use super::{Bearer, grant::Contents, table::Read};
use crate::base::Timestamp;

/// The first pause after a failure; each further failure doubles it.
const FIRST_PAUSE: Duration = Duration::from_secs(4);
/// The longest pause that we choose ourselves.
const LONGEST_PAUSE: Duration = Duration::from_secs(128);
/// The pause where something on the network answers in the authorization server's place: the person may be about to sign in to it.
const PORTAL_PAUSE: Duration = Duration::from_secs(60);
/// How often in a row that is taken for a portal, before it counts as a failure: a host may have a wrong certificate for good.
const MOST_PORTALS: u32 = 5;
/// The longest pause that an authorization server can ask for (S32).
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(60 * 60);

/// The state of one account's lane.
#[derive(Default)]
pub(super) struct Lane {
    /// How long to leave the authorization server alone.
    pub(super) pause: Pause,
    /// Since when there has been no network, if there was none when the authorization server was last to be asked.
    pub(super) cut_off_since: Option<Timestamp>,
    /// A pair that was received and could not be written yet.
    pub(super) unwritten: Option<Unwritten>,
    /// The refused token in whose place a refresh brought the same one again (S34).
    pub(super) refused: Option<Bearer>,
}

/// A pair that was received for a row as it was read, and is not on disk.
pub(super) struct Unwritten {
    pub(super) read: Read,
    pub(super) contents: Contents,
}

/// A pause that grows with each failure.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Pause {
    failures: u32,
    since: Option<Timestamp>,
    length: Duration,
    portals: u32,
    at_portal: bool,
}

impl Pause {
    /// Gives what is left of the pause. A clock that was set back ends it.
    pub(super) fn left(&self, now: Timestamp) -> Duration {
        self.since
            .filter(|since| *since <= now)
            .map_or(Duration::ZERO, |since| {
                self.length.saturating_sub(since.until(now))
            })
    }

    /// Begins the next pause: ours with jitter, or the authorization server's if that is longer.
    pub(super) fn begin(&mut self, now: Timestamp, retry_after: Option<Duration>) {
        let own = FIRST_PAUSE
            .saturating_mul(1 << self.failures.min(5))
            .min(LONGEST_PAUSE);
        let jittered = own.mul_f64(rand::rng().random_range(0.5..=1.0));
        let asked = retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER);
        self.failures = self.failures.saturating_add(1);
        self.since = Some(now);
        self.length = jittered.max(asked);
        self.at_portal = false;
    }

    /// Begins a pause that counts for nothing, because nobody has failed; after some of them it is a failure all the same.
    pub(super) fn begin_at_portal(&mut self, now: Timestamp) {
        if self.portals >= MOST_PORTALS {
            return self.begin(now, Some(PORTAL_PAUSE));
        }
        self.portals += 1;
        self.since = Some(now);
        self.length = PORTAL_PAUSE.mul_f64(rand::rng().random_range(0.5..=1.0));
        self.at_portal = true;
    }

    /// Tells whether it was a network that answered in the authorization server's place.
    pub(super) const fn is_at_portal(&self) -> bool {
        self.at_portal
    }

    /// Forgets all failures.
    pub(super) fn end(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn after_failures(count: u32) -> Pause {
        let mut pause = Pause::default();
        (0..count).for_each(|_| pause.begin(NOW, None));
        pause
    }

    #[test]
    fn pauses_grow_up_to_a_limit_and_end_with_time() {
        assert_eq!(Pause::default().left(NOW), Duration::ZERO, "no failure, no pause");
        for (failures, own) in [(1, 4), (2, 8), (3, 16), (6, 128), (60, 128)] {
            let left = after_failures(failures).left(NOW);
            let own = Duration::from_secs(own);
            assert!(
                (own / 2..=own).contains(&left),
                "{failures} failures: {left:?} is not {own:?} with jitter"
            );
        }
        let later = NOW.after(Duration::from_secs(4));
        assert_eq!(
            after_failures(1).left(later),
            Duration::ZERO,
            "four seconds later it is over"
        );
    }

    #[test]
    fn s32_retry_after_is_honoured_up_to_an_hour() {
        let asked = |seconds| {
            let mut pause = Pause::default();
            pause.begin(NOW, Some(Duration::from_secs(seconds)));
            pause.left(NOW)
        };
        assert_eq!(asked(600), Duration::from_secs(600), "ten minutes are fine");
        assert_eq!(asked(86_400), Duration::from_secs(3600), "a day is too long");
        assert!(
            asked(0) >= Duration::from_secs(2),
            "our own pause holds in any case"
        );
    }

    #[test]
    fn s33_a_clock_set_back_ends_the_pause() {
        let earlier = Timestamp::from_seconds(NOW.seconds() - 86_400);
        assert_eq!(
            after_failures(3).left(earlier),
            Duration::ZERO,
            "else it would last a day"
        );
    }

    #[test]
    fn s32_a_pause_at_a_portal_is_gentle_and_counts_for_nothing() {
        let mut pause = after_failures(1);
        for _ in 0..MOST_PORTALS {
            pause.begin_at_portal(NOW);
            let left = pause.left(NOW);
            assert!((PORTAL_PAUSE / 2..=PORTAL_PAUSE).contains(&left), "{left:?}");
            assert!(pause.is_at_portal());
        }
        pause.begin(NOW, None);
        let left = pause.left(NOW);
        assert!(left <= FIRST_PAUSE * 2, "the second failure in a row: {left:?}");
        assert!(!pause.is_at_portal(), "and one of the authorization server");
    }

    #[test]
    fn s32_a_portal_that_stays_is_a_failure_and_left_alone_for_longer_and_longer() {
        let mut pause = Pause::default();
        (0..MOST_PORTALS).for_each(|_| pause.begin_at_portal(NOW));
        assert!(pause.is_at_portal(), "it may be one");
        for _ in 0..10 {
            pause.begin_at_portal(NOW);
            assert!(!pause.is_at_portal(), "and no more");
            assert!(pause.left(NOW) >= PORTAL_PAUSE, "no sooner than before");
        }
        assert!(pause.left(NOW) > PORTAL_PAUSE, "it has grown");
        pause.end();
        pause.begin_at_portal(NOW);
        assert!(pause.is_at_portal(), "who has answered since is believed again");
    }

    #[test]
    fn success_forgets_the_failures() {
        let mut pause = after_failures(5);
        pause.end();
        assert_eq!(pause.left(NOW), Duration::ZERO, "the pause is over");
        pause.begin(NOW, None);
        assert!(pause.left(NOW) <= FIRST_PAUSE, "the next pause is a first one");
    }
}
