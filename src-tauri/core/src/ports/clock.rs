//! The door to time.

use std::{
    sync::LazyLock,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;

use crate::base::Timestamp;

/// Tells the time and waits.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Tells the wall-clock time.
    fn now(&self) -> Timestamp;

    /// Tells how long ago a moment was that never moves: for durations, which a clock that is set must not change.
    fn monotonic(&self) -> Duration;

    /// Returns once `duration` has passed, time asleep included.
    async fn sleep(&self, duration: Duration);
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// The longest single wait: timers stand still while a laptop sleeps, so a long wait is taken in slices and
/// the wall clock is asked in between.
const SLICE: Duration = Duration::from_secs(15);

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn now(&self) -> Timestamp {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_seconds(i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    fn monotonic(&self) -> Duration {
        static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGIN.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    async fn sleep(&self, duration: Duration) {
        let end = self.now().after(duration);
        let mut left = duration;
        while left > SLICE {
            tokio::time::sleep(SLICE).await;
            left = self.now().until(end).min(left.saturating_sub(SLICE));
        }
        tokio::time::sleep(left).await;
    }
}
