//! Answers that come while the vault is closed: they are held in memory until it is open, and looked at then.

use std::{
    collections::VecDeque,
    mem,
    sync::{Mutex, PoisonError},
};

use url::Url;

use super::SignIns;
use crate::{base::Secret, oauth::Arrival, store::VaultState};

/// How many are held; the oldest gives way. Each belongs to a sign-in that waits, so that no page can push one out (S18).
const MOST: usize = 8;

/// The answers that are held.
#[derive(Default)]
pub(super) struct Late(Mutex<VecDeque<(Secret<String>, Arrival)>>);

impl Late {
    fn hold(&self, url: &Url, by: Arrival) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() == MOST {
            held.pop_front();
        }
        held.push_back((Secret::new(url.to_string()), by));
    }

    fn take(&self) -> VecDeque<(Secret<String>, Arrival)> {
        mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl SignIns {
    /// Holds an answer until the vault is open.
    pub(super) fn hold(&self, url: &Url, by: Arrival) {
        self.0.late.hold(url, by);
        // It may have been opened while the answer was looked at.
        if matches!(self.0.around.vault.state(), VaultState::Open(_)) {
            self.take_late();
        }
    }

    /// Takes the answers that were held, now that the vault is open.
    pub(super) fn take_late(&self) {
        for (url, by) in self.0.late.take() {
            // EXPOSE: it is taken as if it came now.
            let Ok(url) = Url::parse(url.expose()) else {
                continue;
            };
            let this = self.clone();
            self.0.tasks.spawn(async move { this.take(&url, by).await });
        }
    }
}
