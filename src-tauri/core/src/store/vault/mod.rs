//! The vault: the one key that seals every secret cell, and whether it can be had now.
//!
//! A random data key seals the cells. It lies on disk wrapped by a key of the operating system's keychain or,
//! where there is none, by a key derived from a passphrase. A keychain that is locked, absent or silent is
//! waited for: nothing is cleared, nothing is made anew. A key in the keychain is used as it is or, if it is
//! lost, replaced once the person says so.
//!
//! Never here: a secret stored without a key, a key replaced in silence.

mod passphrase;
mod state;
mod table;

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Mutex, watch};

pub use self::state::{ChoosePassphraseError, Keeper, Loss, UnlockError, VaultError, VaultState};
use self::{
    passphrase::{Cost, Derivation},
    table::{Lock, Opened, WrappedKey},
};
use super::{
    Cell, Store, StoreError, UnsealError, VaultClosed,
    seal::{Key, random_key},
};
use crate::{
    base::Secret,
    ports::{Keychain, KeychainError},
};

/// The fewest characters of a passphrase.
const SHORTEST_PASSPHRASE: usize = 12;

/// Seals and unseals cells while it is open. Clones are the same vault.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    store: Store,
    keychain: Arc<dyn Keychain>,
    /// What a new passphrase will cost.
    cost: Cost,
    /// Changes of state come one after another.
    turn: Mutex<()>,
    /// Present exactly while the state is open.
    key: RwLock<Option<Key>>,
    state: watch::Sender<VaultState>,
}

/// What came of looking for the key.
enum Found {
    Key(Key, Keeper),
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

/// What happens to something under our name in the keychain that is not a key.
#[derive(PartialEq, Eq)]
enum Foreign {
    Keep,
    Overwrite,
}

impl Vault {
    /// Looks for the key. A vault that stays closed is a state, not an error.
    ///
    /// On the very first start with a keychain that answers, a key is made.
    pub async fn open(store: Store, keychain: Arc<dyn Keychain>) -> Result<Self, StoreError> {
        Self::open_at_cost(store, keychain, Cost::STRONG).await
    }

    async fn open_at_cost(store: Store, keychain: Arc<dyn Keychain>, cost: Cost) -> Result<Self, StoreError> {
        let vault = Self(Arc::new(Inner {
            store,
            keychain,
            cost,
            turn: Mutex::default(),
            key: RwLock::default(),
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
        let key = self.0.key.read().unwrap_or_else(PoisonError::into_inner);
        Ok(key.as_ref().ok_or(VaultClosed)?.seal(cell, plain))
    }

    /// Opens what was sealed for this place.
    pub fn unseal(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<Secret<Vec<u8>>, UnsealError> {
        let key = self.0.key.read().unwrap_or_else(PoisonError::into_inner);
        let key = key.as_ref().ok_or(UnsealError::Closed)?;
        key.unseal(cell, sealed).map_err(|_| UnsealError::Broken)
    }

    /// Looks for the key once more; the state tells what came of it. An open vault stays as it is.
    pub async fn retry(&self) -> Result<(), VaultError> {
        let _turn = self.0.turn.lock().await;
        if !self.is_open() {
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
                self.settle(Found::Key(key, Keeper::Passphrase));
                Ok(())
            }
            Opened::WrongKey => {
                self.settle(Found::Nothing(VaultState::PassphraseNeeded { wrong: true }));
                Err(UnlockError::Wrong)
            }
            Opened::Damaged => Err(self.lost()),
        }
    }

    /// Protects the data key with a passphrase from now on, and opens the vault.
    ///
    /// An open vault keeps its data key, so everything sealed stays readable; a vault that never had one gets
    /// one. Refused while there is a data key that cannot be read, because it would be lost.
    pub async fn choose_passphrase(&self, passphrase: &Secret<String>) -> Result<(), ChoosePassphraseError> {
        // EXPOSE: the length is looked at.
        if passphrase.expose().chars().count() < SHORTEST_PASSPHRASE {
            return Err(ChoosePassphraseError::Short);
        }
        let _turn = self.0.turn.lock().await;
        if !self.is_open() && WrappedKey::read(&self.0.store).await?.is_some() {
            return Err(ChoosePassphraseError::KeyOutOfReach);
        }
        let derivation = Derivation::fresh(self.0.cost);
        let key = derivation.derive(passphrase).await;
        let wrapping = Key::wrapping(key.expect("our own numbers are sensible ones"));
        let data = self.key().unwrap_or_else(Key::random);
        let wrapped = WrappedKey::new(Lock::Passphrase(derivation), &wrapping, &data);
        wrapped.write(&self.0.store).await?;
        self.settle(Found::Key(data, Keeper::Passphrase));
        Ok(())
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
        let found = match self.wrapping_key(Foreign::Overwrite).await {
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
            return match self.wrapping_key(Foreign::Keep).await {
                Ok(wrapping) => self.begin(wrapping).await,
                Err(error) => Ok(Found::without_answer(error, false)),
            };
        };
        Ok(match wrapped.lock {
            Lock::Keychain => self.ask_keychain(&wrapped).await,
            Lock::Passphrase(_) => Found::Nothing(VaultState::PassphraseNeeded { wrong: false }),
            Lock::Unknown => Found::lost(Loss::Damaged),
        })
    }

    async fn ask_keychain(&self, wrapped: &WrappedKey) -> Found {
        let wrapping = match self.0.keychain.read().await {
            Ok(Some(key)) => Key::wrapping(key),
            Ok(None) => return Found::lost(Loss::Missing),
            Err(error) => return Found::without_answer(error, true),
        };
        match wrapped.open(&wrapping) {
            Opened::Key(key) => Found::Key(key, Keeper::Keychain),
            Opened::WrongKey => Found::lost(Loss::OtherKey),
            Opened::Damaged => Found::lost(Loss::Damaged),
        }
    }

    /// Takes the keychain's key or, if it has none, stores a new one there.
    async fn wrapping_key(&self, foreign: Foreign) -> Result<Key, KeychainError> {
        let keychain = &self.0.keychain;
        match keychain.read().await {
            Ok(Some(key)) => return Ok(Key::wrapping(key)),
            Ok(None) => {}
            Err(KeychainError::NotAKey) if foreign == Foreign::Overwrite => {}
            Err(error) => return Err(error),
        }
        let key = random_key();
        keychain.write(&key).await?;
        match keychain.read().await? {
            Some(stored) if stored == key => Ok(Key::wrapping(key)),
            // What does not come back would be lost at the next start.
            Some(_) | None => Err(KeychainError::Forgets),
        }
    }

    /// Makes a data key and stores it wrapped.
    async fn begin(&self, wrapping: Key) -> Result<Found, StoreError> {
        let data = Key::random();
        let wrapped = WrappedKey::new(Lock::Keychain, &wrapping, &data);
        wrapped.write(&self.0.store).await?;
        Ok(Found::Key(data, Keeper::Keychain))
    }

    fn settle(&self, found: Found) {
        let (key, state) = match found {
            Found::Key(key, keeper) => (Some(key), VaultState::Open(keeper)),
            Found::Nothing(state) => (None, state),
        };
        *self.0.key.write().unwrap_or_else(PoisonError::into_inner) = key;
        self.0.state.send_replace(state);
    }

    fn lost(&self) -> UnlockError {
        self.settle(Found::lost(Loss::Damaged));
        UnlockError::KeyLost
    }

    fn is_open(&self) -> bool {
        matches!(self.state(), VaultState::Open(_))
    }

    fn key(&self) -> Option<Key> {
        let key = self.0.key.read().unwrap_or_else(PoisonError::into_inner);
        key.clone()
    }
}

#[cfg(test)]
mod tests;
