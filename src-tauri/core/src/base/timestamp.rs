//! Wall-clock time in whole seconds.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A moment as seconds since 1970-01-01 00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Takes seconds since the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Gives seconds since the epoch.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// Gives the moment `duration` later, in whole seconds, never past the end of time.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        Self(
            self.0
                .saturating_add(i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)),
        )
    }

    /// Gives how long it is until `later`; nothing if that is past.
    pub fn until(self, later: Self) -> Duration {
        Duration::from_secs(u64::try_from(later.0.saturating_sub(self.0)).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_until_the_past_is_nothing() {
        let (early, late) = (Timestamp::from_seconds(5), Timestamp::from_seconds(9));
        assert_eq!(
            early.until(late),
            Duration::from_secs(4),
            "four seconds lie between"
        );
        assert_eq!(late.until(early), Duration::ZERO, "the past is not a wait");
    }

    #[test]
    fn the_end_of_time_is_not_passed() {
        let end = Timestamp::from_seconds(i64::MAX);
        assert_eq!(
            end.after(Duration::from_secs(1)),
            end,
            "saturates instead of wrapping"
        );
    }
}
