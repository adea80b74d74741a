//! A clock turned by hand.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use tokio::sync::watch;
use usher_core::{base::Timestamp, ports::Clock};

/// 2026-01-01.
const START: Timestamp = Timestamp::from_seconds(1_767_225_600);

/// Stands still until somebody turns it; turning it wakes whoever has waited long enough. Cheap to clone.
#[derive(Debug, Clone)]
pub struct HandClock {
    dial: Arc<watch::Sender<Dial>>,
    sleepers: Arc<Mutex<usize>>,
}

/// What it shows.
#[derive(Debug, Clone, Copy)]
struct Dial {
    /// The wall-clock time, which may be set.
    now: Timestamp,
    /// How much time has passed.
    passed: Duration,
}

impl Default for HandClock {
    /// Starts at the beginning of 2026.
    fn default() -> Self {
        let dial = Arc::new(watch::Sender::new(Dial {
            now: START,
            passed: Duration::ZERO,
        }));
        Self {
            dial,
            sleepers: Arc::default(),
        }
    }
}

impl HandClock {
    /// Turns the clock on.
    pub fn advance(&self, by: Duration) {
        self.dial.send_modify(|dial| {
            dial.now = dial.now.after(by);
            dial.passed += by;
        });
    }

    /// Sets the clock, forwards or back, as after a sleep: no time has passed for whoever waits.
    pub fn set(&self, to: Timestamp) {
        self.dial.send_modify(|dial| dial.now = to);
    }

    /// Tells how many are asleep.
    pub fn sleepers(&self) -> usize {
        *self.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, change: isize) {
        let mut sleepers = self.sleepers.lock().unwrap_or_else(PoisonError::into_inner);
        *sleepers = sleepers.saturating_add_signed(change);
    }
}

/// Counts one sleeper for as long as it lives.
struct Asleep<'a>(&'a HandClock);

impl Drop for Asleep<'_> {
    fn drop(&mut self) {
        self.0.count(-1);
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        self.dial.borrow().now
    }

    fn monotonic(&self) -> Duration {
        self.dial.borrow().passed
    }

    async fn sleep(&self, duration: Duration) {
        let mut dial = self.dial.subscribe();
        let begin = *dial.borrow();
        // As the real one does: whichever comes first, so that a clock that is set back makes no wait longer.
        let (end, passed) = (begin.now.after(duration), begin.passed + duration);
        self.count(1);
        let _asleep = Asleep(self);
        // The sender lives in this very clock, so the wait can only end well.
        let _ = dial
            .wait_for(|dial| dial.now >= end || dial.passed >= passed)
            .await;
    }
}
