//! What an authorization server is to be told, for as long as it cannot be reached.

use std::time::Duration;

use super::Timestamp;

/// How long the first attempt has, before the background makes one of its own.
const FIRST_WAIT: Duration = Duration::from_secs(60);
/// The longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);
/// How long an authorization server that cannot be reached is asked again.
const LIFE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How often it is asked at least before it is given up: a machine that was off for a week has not asked.
const LEAST_TRIES: u32 = 8;

/// When something that is owed is tried again, and when it is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Debt {
    /// Since when it is owed.
    pub since: Timestamp,
    /// How many attempts reached nobody.
    pub tries: u32,
    /// When the next attempt is due.
    pub next_at: Timestamp,
}

impl Debt {
    /// Begins one: whoever begins it makes the first attempt.
    pub fn new(now: Timestamp) -> Self {
        Self {
            since: now,
            tries: 0,
            next_at: now.after(FIRST_WAIT),
        }
    }

    /// Tells whether it is time. A moment that lies further off than any wait comes from a clock that was wrong (S33).
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.next_at <= now || now.until(self.next_at) > LONGEST_WAIT
    }

    /// Counts an attempt that reached nobody; `None` if there have been enough of them.
    ///
    /// The wait is a minute, doubled each time, an hour at most.
    pub fn put_off(self, now: Timestamp) -> Option<Self> {
        if self.tries >= LEAST_TRIES && self.since.until(now) >= LIFE {
            return None;
        }
        let wait = FIRST_WAIT
            .saturating_mul(1 << self.tries.min(6))
            .min(LONGEST_WAIT);
        Some(Self {
            tries: self.tries.saturating_add(1),
            next_at: now.after(wait),
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    #[test]
    fn waits_double_up_to_an_hour() {
        let mut debt = Debt::new(NOW);
        let mut waits = Vec::new();
        for _ in 0..8 {
            debt = debt.put_off(NOW).expect("a week has not passed");
            waits.push(NOW.until(debt.next_at).as_secs() / 60);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn a_week_and_eight_attempts_are_enough_and_either_alone_is_not() {
        let (soon, late) = (NOW.after(LIFE / 2), NOW.after(LIFE));
        let tried = |tries| Debt {
            tries,
            ..Debt::new(NOW)
        };
        assert!(tried(100).put_off(soon).is_some(), "half a week has passed");
        assert!(tried(7).put_off(late).is_some(), "the machine was off for a week");
        assert_eq!(tried(8).put_off(late), None);
    }

    #[test]
    fn s33_a_wait_that_no_clock_of_ours_can_have_begun_is_over() {
        let debt = Debt::new(NOW);
        assert!(!debt.is_due(NOW));
        assert!(debt.is_due(NOW.after(FIRST_WAIT)));
        let far_off = Debt {
            next_at: NOW.after(LIFE),
            ..debt
        };
        assert!(far_off.is_due(NOW));
    }
}
