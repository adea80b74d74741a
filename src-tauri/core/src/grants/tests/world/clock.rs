//! A clock that only the test moves.

use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::watch;

use super::{START, guarded};
use crate::{base::Timestamp, ports::Clock};

/// A clock that moves only by hand, wakes its sleepers and knows until when they sleep.
pub struct HandClock {
    now: watch::Sender<Timestamp>,
    sleepers: watch::Sender<Vec<Timestamp>>,
}

impl HandClock {
    pub fn new() -> Self {
        Self {
            now: watch::Sender::new(START),
            sleepers: watch::Sender::default(),
        }
    }

    pub fn advance(&self, duration: Duration) {
        self.now.send_modify(|now| *now = now.after(duration));
    }

    /// Sets it forward or back.
    pub fn set(&self, to: Timestamp) {
        self.now.send_replace(to);
    }

    /// Waits until somebody sleeps whom time has not woken yet, and who will wake within `duration`.
    pub async fn somebody_sleeps_at_most(&self, duration: Duration) {
        let (now, latest) = (self.now(), self.now().after(duration));
        let mut sleepers = self.sleepers.subscribe();
        let found = |ends: &Vec<Timestamp>| ends.iter().any(|end| *end > now && *end <= latest);
        guarded(sleepers.wait_for(found)).await.expect("the clock lives");
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
        let sleeper = Sleeper {
            end: self.now().after(duration),
            clock: self,
        };
        self.sleepers.send_modify(|ends| ends.push(sleeper.end));
        let mut now = self.now.subscribe();
        now.wait_for(|now| *now >= sleeper.end)
            .await
            .expect("the sleeper holds the clock");
    }
}

/// Leaves the list of sleepers when it wakes or is dropped.
struct Sleeper<'a> {
    end: Timestamp,
    clock: &'a HandClock,
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.clock.sleepers.send_modify(|ends| {
            let own = ends
                .iter()
                .position(|end| *end == self.end)
                .expect("it is listed while it lives");
            ends.swap_remove(own);
        });
    }
}
