//! The vault: the one key that seals every secret cell, and whether it can be had now.
//!
//! A random data key seals the cells. It lies on disk wrapped by a key of the operating system's keychain or,
//! where there is none, by a key derived from a passphrase. A keychain that is locked, absent or silent is
//! waited for: nothing is cleared, nothing is made anew. A key in the keychain is used as it is or, if it is
//! lost, replaced once the person says so.
//!
//! Both keys can be changed while the vault is open, and so can what keeps them. A data key that was replaced is kept, sealed
//! under the new one, until every cell that it sealed is sealed anew.
//!
//! Never here: a secret stored without a key, a key replaced in silence.

mod change;
mod keychain;
mod locking;
mod moving;
mod passphrase;
mod retired;
mod ring;
mod state;
mod sweep;
mod table;

use std::{
    mem,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::{Mutex, watch};

use self::{
    keychain::Arrival,
    ring::Ring,
    table::{Lock, Opened, WrappedKey},
};
pub use self::{
    locking::Locking,
    passphrase::{Cost, Derivation, SALT},
    state::{
        ChangeError, ChoosePassphraseError, Keeper, LockError, Loss, UnlockError, VaultError, VaultState,
    },
};
use super::{Cell, SealedColumn, Store, StoreError, UnsealError, VaultClosed, seal::Key};
use crate::{
    base::Secret,
    ports::{Keychain, KeychainError},
};

/// The fewest characters of a passphrase.
pub const SHORTEST_PASSPHRASE: usize = 12;

/// Seals and unseals cells while it is open. Clones are the same vault.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    store: Store,
    keychain: Arc<dyn Keychain>,
    /// Where sealed cells stand.
    columns: Vec<SealedColumn>,
    /// What a new passphrase will cost.
    cost: Cost,
    /// Changes of state come one after another.
    turn: Arc<Mutex<()>>,
    keys: RwLock<Keys>,
    /// Nobody has used the keys since the process started.
    untouched: AtomicBool,
    state: watch::Sender<VaultState>,
}

/// The keys in memory.
enum Keys {
    /// The vault is not open.
    None,
    /// It is open.
    Open(Ring),
    /// It is being locked: what is under way can still be sealed, and nothing is opened any more.
    Leaving(Ring),
}

/// What came of looking for the key.
enum Found {
    Keys(Ring, Keeper),
    Nothing(VaultState),
}

impl Found {
    const fn without_answer(error: KeychainError, awaited: bool) -> Self {
        Self::Nothing(VaultState::without_answer(error, awaited))
    }

    const fn lost(loss: Loss) -> Self {
        Self::Nothing(VaultState::KeyLost(loss))
    }
}

impl Vault {
    /// Looks for the key. A vault that stays closed is a state, not an error. `columns` are all that hold sealed cells, but
    /// for the vault's own.
    ///
    /// On the very first start with a keychain that answers, a key is made.
    pub async fn open(
        store: Store,
        keychain: Arc<dyn Keychain>,
        columns: Vec<SealedColumn>,
    ) -> Result<Self, StoreError> {
        Self::open_at_cost(store, keychain, (columns, Cost::STRONG)).await
    }

    async fn open_at_cost(
        store: Store,
        keychain: Arc<dyn Keychain>,
        (columns, cost): (Vec<SealedColumn>, Cost),
    ) -> Result<Self, StoreError> {
        let vault = Self(Arc::new(Inner {
            store,
            keychain,
            columns,
            cost,
            turn: Arc::default(),
            keys: RwLock::new(Keys::None),
            untouched: AtomicBool::new(true),
            state: watch::Sender::new(VaultState::KeychainNoAnswer),
        }));
        vault.settle(vault.look().await?);
        Ok(vault)
    }

    /// Tells whether the key is there, and if not, why.
    pub fn state(&self) -> VaultState {
        *self.0.state.borrow()
    }

    /// Follows the state.
    pub fn watch(&self) -> watch::Receiver<VaultState> {
        self.0.state.subscribe()
    }

    /// Seals a plain text for its place.
    pub fn seal(&self, cell: Cell<'_>, plain: &[u8]) -> Result<Vec<u8>, VaultClosed> {
        match &*self.0.keys.read().unwrap_or_else(PoisonError::into_inner) {
            Keys::Open(ring) | Keys::Leaving(ring) => Ok(ring.seal(cell, plain)),
            Keys::None => Err(VaultClosed),
        }
    }

    /// Opens what was sealed for this place.
    pub fn unseal(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<Secret<Vec<u8>>, UnsealError> {
        match &*self.0.keys.read().unwrap_or_else(PoisonError::into_inner) {
            Keys::Open(ring) => ring.unseal(cell, sealed).map_err(|_| UnsealError::Broken),
            Keys::Leaving(_) | Keys::None => Err(UnsealError::Closed),
        }
    }

    /// Looks for the key once more; the state tells what came of it. An open vault stays as it is, but that a keychain which has
    /// lost the key is asked to keep it again.
    pub async fn retry(&self) -> Result<(), VaultError> {
        let _turn = self.0.turn.lock().await;
        if self.is_lost() {
            if let Err(ChangeError::Store(error)) = self.keep_again().await {
                return Err(error.into());
            }
        } else if !self.is_open() {
            self.settle(self.look().await?);
        }
        Ok(())
    }

    /// Opens the vault with its passphrase.
    pub async fn unlock(&self, passphrase: &Secret<String>) -> Result<(), UnlockError> {
        let _turn = self.0.turn.lock().await;
        if self.is_open() {
            return Ok(());
        }
        let Some(wrapped) = WrappedKey::read(&self.0.store).await? else {
            return Err(UnlockError::NotAsked);
        };
        let Lock::Passphrase(derivation) = wrapped.lock else {
            return Err(UnlockError::NotAsked);
        };
        let Some(key) = derivation.derive(passphrase).await else {
            return Err(self.lost());
        };
        match wrapped.open(&Key::wrapping(key)) {
            Opened::Key(key) => {
                self.leave_keychain().await.unwrap_or_else(put_off);
                let ring = self.completed(Ring::of(key)).await?;
                self.settle(Found::Keys(ring, Keeper::Passphrase));
                Ok(())
            }
            Opened::WrongKey => {
                self.settle(Found::Nothing(VaultState::PassphraseNeeded { wrong: true }));
                Err(UnlockError::Wrong)
            }
            Opened::Damaged => Err(self.lost()),
        }
    }

    /// Makes good, after the vault was opened, what something came in between of: the end of a rotation, and the end of a
    /// key of ours in a keychain that is not used any more.
    pub async fn catch_up(&self) -> Result<(), StoreError> {
        let _turn = self.0.turn.lock().await;
        let Some(ring) = self.ring() else {
            return Ok(());
        };
        self.delete_left().await?;
        sweep::sweep(&self.0.store, &self.0.columns, &ring).await
    }

    /// Gives up a data key that cannot be read, as the person confirmed, and begins anew.
    ///
    /// Rows sealed under it stay, and stay unreadable. A good key in the keychain is kept and used. Without a
    /// keychain the vault is as on a first start, and a passphrase can be chosen.
    pub async fn replace_lost_key(&self) -> Result<(), VaultError> {
        let _turn = self.0.turn.lock().await;
        match self.state() {
            VaultState::KeyLost(_)
            | VaultState::KeychainAbsent { .. }
            | VaultState::KeychainForgets { .. }
            | VaultState::PassphraseNeeded { .. } => {}
            VaultState::Open(_) | VaultState::KeychainLocked | VaultState::KeychainNoAnswer => {
                return Err(VaultError::NotLost);
            }
        }
        if let found @ Found::Keys(..) = self.look().await? {
            self.settle(found);
            return Ok(());
        }
        let found = match self.wrapping_key(keychain::Foreign::Overwrite).await {
            Ok(wrapping) => self.begin(wrapping).await?,
            Err(error @ (KeychainError::Absent | KeychainError::Forgets)) => {
                table::clear(&self.0.store).await?;
                Found::without_answer(error, false)
            }
            Err(error) => Found::without_answer(error, true),
        };
        self.settle(found);
        Ok(())
    }

    /// Looks for the key where the row says it is; makes one if there never was one.
    async fn look(&self) -> Result<Found, StoreError> {
        let Some(wrapped) = WrappedKey::read(&self.0.store).await? else {
            return match self.wrapping_key(keychain::Foreign::Keep).await {
                Ok(wrapping) => self.begin(wrapping).await,
                Err(error) => Ok(Found::without_answer(error, false)),
            };
        };
        let arrival = self.arrival(&wrapped).await?;
        // What cannot be written down now is true all the same, and is found out again.
        arrival.write(&self.0.store).await.unwrap_or_else(put_off);
        match (arrival, &wrapped.lock) {
            (Arrival::Came(_, ring), _) => {
                return Ok(Found::Keys(self.completed(ring).await?, Keeper::Keychain));
            }
            (Arrival::Unknown(error), Lock::Keychain) => return Ok(Found::without_answer(error, true)),
            (Arrival::Unknown(_) | Arrival::Failed | Arrival::None, _) => {}
        }
        match wrapped.lock {
            Lock::Keychain => self.ask_keychain(&wrapped).await,
            Lock::Passphrase(_) => Ok(Found::Nothing(VaultState::PassphraseNeeded { wrong: false })),
            Lock::Unknown => Ok(Found::lost(Loss::Damaged)),
        }
    }

    /// Adds to the data keys those before them that are still needed.
    async fn completed(&self, ring: Ring) -> Result<Ring, StoreError> {
        let ring = retired::complete(&self.0.store, ring).await?;
        // Later in this process, what was sealed under a retired key may still be on its way to the file.
        if self.0.untouched.swap(false, Ordering::AcqRel) {
            let discarded = sweep::discard(&self.0.store, &self.0.columns, ring.clone()).await;
            Ok(discarded.unwrap_or_else(|error| {
                tracing::warn!(%error, "keys that no cell needs stay for now");
                ring
            }))
        } else {
            Ok(ring)
        }
    }

    fn settle(&self, found: Found) {
        let (keys, state) = match found {
            Found::Keys(ring, keeper) => (Keys::Open(ring), VaultState::Open(keeper)),
            Found::Nothing(state) => (Keys::None, state),
        };
        *self.0.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        self.0
            .state
            .send_if_modified(|now| mem::replace(now, state) != state);
    }

    fn lost(&self) -> UnlockError {
        self.settle(Found::lost(Loss::Damaged));
        UnlockError::KeyLost
    }

    fn is_open(&self) -> bool {
        matches!(self.state(), VaultState::Open(_))
    }

    /// Tells whether the keychain has lost the key of an open vault.
    fn is_lost(&self) -> bool {
        self.state() == VaultState::Open(Keeper::Nobody)
    }

    /// Gives the keys of an open vault.
    fn ring(&self) -> Option<Ring> {
        match &*self.0.keys.read().unwrap_or_else(PoisonError::into_inner) {
            Keys::Open(ring) => Some(ring.clone()),
            Keys::Leaving(_) | Keys::None => None,
        }
    }
}

/// Leaves the rest of a change for the next time the vault is opened: which keys count is known already.
fn put_off(error: StoreError) {
    tracing::warn!(%error, "a change of keys is not finished yet");
}

#[cfg(test)]
mod tests;
