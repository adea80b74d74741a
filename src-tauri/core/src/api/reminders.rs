//! Reminders of lost sign-ins, and who was told. The desktop decides when it reminds; what it goes by is kept here.

use std::collections::BTreeSet;

use super::{
    App,
    contract::{AppError, EventBody},
    errors,
};
use crate::base::Timestamp;

impl App {
    /// Gives the servers whose lost sign-in the person was told about, also before a restart, by their identifiers.
    pub async fn told_of_loss(&self) -> Result<BTreeSet<String>, AppError> {
        self.0.reminders.told().await.map_err(errors::of_store)
    }

    /// Remembers the servers whose lost sign-in the person was told about; all of them, the others are forgotten.
    pub async fn remember_told_of_loss(&self, servers: &BTreeSet<String>) -> Result<(), AppError> {
        let kept = self.0.reminders.remember_told(servers).await;
        kept.map_err(errors::of_store)
    }

    /// Tells whether the person was told before that the app goes on without its window.
    pub async fn told_of_going_on(&self) -> Result<bool, AppError> {
        let told = self.0.reminders.told_of_going_on().await;
        told.map_err(errors::of_store)
    }

    /// Remembers that the person was told that the app goes on without its window.
    pub async fn remember_told_of_going_on(&self) -> Result<(), AppError> {
        let kept = self.0.reminders.remember_told_of_going_on().await;
        kept.map_err(errors::of_store)
    }

    pub(super) async fn snooze_reminders(&self) -> Result<(), AppError> {
        self.0.reminders.snooze().await.map_err(errors::of_store)
    }

    pub(super) async fn wake_reminders(&self) -> Result<(), AppError> {
        self.0.reminders.wake().await.map_err(errors::of_store)
    }

    pub(super) fn reminders_snoozed_until(&self) -> Option<i64> {
        self.0.reminders.snoozed_until().map(Timestamp::seconds)
    }

    pub(super) fn follow_reminders(&self) {
        let reminders = self.0.reminders.clone();
        self.run(async move { reminders.keep_time().await });
        let (app, mut snooze) = (self.clone(), self.0.reminders.watch());
        self.run(async move {
            while snooze.changed().await.is_ok() {
                app.0.events.send(EventBody::Reminders {
                    snoozed_until: app.reminders_snoozed_until(),
                });
            }
        });
    }
}
