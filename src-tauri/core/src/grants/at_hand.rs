//! Bearers that are lent once more without a look at the disk: as long as nobody has written since they were read.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    Bearer, Grants,
    grant::{Fresh, Grant},
};
use crate::{
    base::{AccountId, Timestamp},
    store::{Edition, Store, VaultState},
};

/// What was read of one edition of the data file.
#[derive(Default)]
pub(super) struct AtHand(Mutex<Shelf>);

#[derive(Default)]
struct Shelf {
    edition: Option<Edition>,
    bearers: HashMap<AccountId, Fresh>,
}

impl AtHand {
    /// Gives an account's bearer if it is live; everything goes if somebody has written.
    fn get(&self, account: AccountId, store: &Store, now: Timestamp) -> Option<Bearer> {
        let mut shelf = self.shelf();
        if !shelf.edition.is_some_and(|edition| store.is_at(edition)) {
            *shelf = Shelf::default();
        }
        shelf.bearers.get(&account)?.live(now).cloned()
    }

    /// Puts what was read of an edition in place of what was read of others.
    fn put(&self, account: AccountId, edition: Edition, fresh: Fresh) {
        let mut shelf = self.shelf();
        if shelf.edition != Some(edition) {
            *shelf = Shelf::default();
            shelf.edition = Some(edition);
        }
        shelf.bearers.insert(account, fresh);
    }

    /// Wipes everything.
    pub(super) fn clear(&self) {
        *self.shelf() = Shelf::default();
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // A panic while it was held cannot have mixed editions: what is of another one goes first.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Grants {
    /// Gives a bearer that was read before, if the row is as it was then, and the vault open.
    pub(super) fn at_hand(&self, account: AccountId) -> Option<Bearer> {
        let at_hand = &self.inner.at_hand;
        self.is_open()
            .then(|| at_hand.get(account, &self.inner.store, self.now()))?
    }

    /// Keeps a live bearer at hand that was read after the store was seen at `edition`; at none if somebody was writing.
    pub(super) fn keep_at_hand(&self, edition: Option<Edition>, grant: &Grant) {
        let (Some(edition), Some(fresh)) = (edition, grant.fresh(self.now())) else {
            return;
        };
        self.inner.at_hand.put(grant.as_read().account, edition, fresh);
        // A lock that has begun meanwhile may have wiped everything already.
        if !self.is_open() {
            self.inner.at_hand.clear();
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.inner.vault.state(), VaultState::Open(_))
    }
}
