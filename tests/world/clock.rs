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
    now: Arc<watch::Sender<Timestamp>>,
    sleepers: Arc<Mutex<usize>>,
}

impl Default for HandClock {
    /// Starts at the beginning of 2026.
    fn default() -> Self {
        let now = Arc::new(watch::Sender::new(START));
        Self {
            now,
            sleepers: Arc::default(),
        }
    }
}

impl HandClock {
    /// Turns the clock on.
    pub fn advance(&self, by: Duration) {
        self.now.send_modify(|now| *now = now.after(by));
    }

    /// Sets the clock, forwards or back.
    pub fn set(&self, to: Timestamp) {
        self.now.send_replace(to);
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
        *self.now.borrow()
    }

    fn monotonic(&self) -> Duration {
        START.until(self.now())
    }

    async fn sleep(&self, duration: Duration) {
        let mut now = self.now.subscribe();
        let end = self.now().after(duration);
        self.count(1);
        let _asleep = Asleep(self);
        // The sender lives in this very clock, so the wait can only end well.
        let _ = now.wait_for(|now| *now >= end).await;
    }
}
