//! Reminders of lost sign-ins: until when the person wants none, and which losses they were told about.
//!
//! Never here: deciding who needs the person, and showing anything.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use tokio::sync::{Mutex, watch};

use crate::{
    base::Timestamp,
    ports::Clock,
    store::{Setting, Store, StoreError},
};

/// How long reminders stay away, and the longest that they may, whatever is remembered and however the clock is set.
const SNOOZE: Duration = Duration::from_secs(24 * 60 * 60);

/// What is remembered about reminders. Cheap to clone.
#[derive(Clone)]
pub struct Reminders {
    store: Store,
    clock: Arc<dyn Clock>,
    snooze: Arc<watch::Sender<Option<Timestamp>>>,
    /// Held by whoever changes it, until that is written.
    turn: Arc<Mutex<()>>,
}

impl Reminders {
    /// Takes up what an earlier start remembered.
    pub async fn open(store: Store, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let remembered = store.setting(Setting::SnoozedUntil).await?;
        let remembered = remembered.and_then(|seconds| seconds.parse().ok());
        let remembered = remembered.map(Timestamp::from_seconds);
        let until = remembered.and_then(|until| ahead(until, clock.now()));
        let snooze = Arc::new(watch::Sender::new(until));
        let reminders = Self {
            store,
            clock,
            snooze,
            turn: Arc::default(),
        };
        if until != remembered {
            // What was capped stays capped: else it would be capped anew at each start, and never end.
            reminders.write(until).await?;
        }
        Ok(reminders)
    }

    /// Tells until when nobody is reminded; at most a day from now.
    pub fn snoozed_until(&self) -> Option<Timestamp> {
        let until = *self.snooze.borrow();
        until.and_then(|until| ahead(until, self.clock.now()))
    }

    /// Tells of every change.
    pub fn watch(&self) -> watch::Receiver<Option<Timestamp>> {
        self.snooze.subscribe()
    }

    /// Reminds nobody for a day.
    pub async fn snooze(&self) -> Result<(), StoreError> {
        self.set(Some(self.clock.now().after(SNOOZE))).await
    }

    /// Reminds again from now on.
    pub async fn wake(&self) -> Result<(), StoreError> {
        self.set(None).await
    }

    /// Ends each snooze in its time; runs until it is dropped.
    pub async fn keep_time(&self) {
        let mut snooze = self.watch();
        loop {
            let until = *snooze.borrow_and_update();
            let over = async {
                match until {
                    Some(until) => self.clock.sleep(self.clock.now().until(until).min(SNOOZE)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                changed = snooze.changed() => if changed.is_err() { return },
                () = over => self.end(until).await,
            }
        }
    }

    /// Gives the servers whose lost sign-in the person was told about, by their identifiers.
    pub async fn told(&self) -> Result<BTreeSet<String>, StoreError> {
        let remembered = self.store.setting(Setting::Told).await?;
        let told = remembered.and_then(|text| serde_json::from_str(&text).ok());
        Ok(told.unwrap_or_default())
    }

    /// Remembers them.
    pub async fn remember_told(&self, told: &BTreeSet<String>) -> Result<(), StoreError> {
        let text = serde_json::Value::from_iter(told.iter().map(String::as_str)).to_string();
        let told = (!told.is_empty()).then_some(text.as_str());
        self.store.remember(Setting::Told, told).await
    }

    /// Tells whether the person was told that the app goes on without its window.
    pub async fn told_of_going_on(&self) -> Result<bool, StoreError> {
        let told = self.store.setting(Setting::ToldOfGoingOn).await?;
        Ok(told.is_some())
    }

    /// Remembers that they were.
    pub async fn remember_told_of_going_on(&self) -> Result<(), StoreError> {
        self.store.remember(Setting::ToldOfGoingOn, Some("yes")).await
    }

    /// Ends this snooze, and none that the person has begun meanwhile.
    async fn end(&self, until: Option<Timestamp>) {
        let _turn = self.turn.lock().await;
        if *self.snooze.borrow() != until {
            return;
        }
        if let Err(error) = self.write(None).await {
            tracing::warn!(%error, "that reminders are wanted again could not be written down");
        }
        self.snooze.send_replace(None);
    }

    async fn set(&self, until: Option<Timestamp>) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        self.write(until).await?;
        self.snooze.send_replace(until);
        Ok(())
    }

    async fn write(&self, until: Option<Timestamp>) -> Result<(), StoreError> {
        let seconds = until.map(|until| until.seconds().to_string());
        self.store
            .remember(Setting::SnoozedUntil, seconds.as_deref())
            .await
    }
}

/// Gives the end of a snooze that is not over, at most a day from now: the clock may have been set back since.
fn ahead(until: Timestamp, now: Timestamp) -> Option<Timestamp> {
    (now < until).then(|| until.min(now.after(SNOOZE)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::SystemClock;

    const DAY: i64 = 24 * 60 * 60;

    #[test]
    fn a_snooze_lasts_a_day_at_most_however_the_clock_is_set() {
        let left = |until, now| {
            let (until, now) = (Timestamp::from_seconds(until), Timestamp::from_seconds(now));
            ahead(until, now).map(Timestamp::seconds)
        };
        let until = 2_000_000_000;
        assert_eq!(left(until, until - DAY), Some(until), "just begun");
        assert_eq!(left(until, until - 1), Some(until), "almost over");
        assert_eq!(left(until, until), None, "over");
        assert_eq!(left(until, i64::MAX), None, "the clock was set on by years");
        let years_ago = until - 4000 * DAY;
        assert_eq!(
            left(until, years_ago),
            Some(years_ago + DAY),
            "the clock was set back by years"
        );
    }

    #[tokio::test]
    async fn the_end_of_a_snooze_ends_no_other_that_began_meanwhile() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path()).await.expect("a store");
        let reminders = Reminders::open(store, Arc::new(SystemClock)).await;
        let reminders = reminders.expect("the store can be read");
        reminders.snooze().await.expect("the store can be written");
        let until = reminders.snoozed_until().expect("it has begun");
        let earlier = Timestamp::from_seconds(until.seconds() - 1);
        reminders.end(Some(earlier)).await;
        assert_eq!(reminders.snoozed_until(), Some(until), "another one has begun");
        reminders.end(Some(until)).await;
        assert_eq!(reminders.snoozed_until(), None, "its own time is over");
    }
}
