//! The keychain's part: putting a key in, finding out what is in it, and deleting a key that is left there.

use super::{
    Found, Keeper, Loss, Vault,
    moving::{self, Coming},
    ring::Ring,
    table::{Lock, Opened, WrappedKey},
};
use crate::{
    ports::{KeychainError, VaultKey},
    store::{
        Store, StoreError,
        seal::{Key, random_key},
    },
};

/// What happens to something under our name in the keychain that is not a key.
#[derive(PartialEq, Eq)]
pub enum Foreign {
    /// It stays.
    Keep,
    /// The person said that a key takes its place.
    Overwrite,
}

/// What became of a key that was coming into the keychain.
pub enum Arrival {
    /// None was, or nothing says that it came.
    None,
    /// It came, with these data keys.
    Came(Coming, Ring),
    /// It certainly did not: what was there before still is.
    Failed,
    /// The keychain does not say.
    Unknown(KeychainError),
}

impl Arrival {
    /// Writes it down, durably: what was to come with the key becomes true, or nothing comes any more. As long as neither is
    /// known both stay possible.
    pub async fn write(&self, store: &Store) -> Result<(), StoreError> {
        match self {
            Self::Came(coming, _) => coming.arrive(store).await,
            Self::Failed => moving::withdraw(store).await,
            Self::None | Self::Unknown(_) => Ok(()),
        }
    }
}

impl Vault {
    /// Takes the keychain's key or, if it has none, stores a new one there.
    pub(super) async fn wrapping_key(&self, foreign: Foreign) -> Result<Key, KeychainError> {
        match self.0.keychain.read().await {
            Ok(Some(key)) => return Ok(Key::wrapping(key)),
            Ok(None) => {}
            Err(KeychainError::NotAKey) if foreign == Foreign::Overwrite => {}
            Err(error) => return Err(error),
        }
        let key = random_key();
        self.entrust(&key).await?;
        Ok(Key::wrapping(key))
    }

    /// Stores a key in the keychain, in place of what was there.
    pub(super) async fn entrust(&self, key: &VaultKey) -> Result<(), KeychainError> {
        let keychain = &self.0.keychain;
        keychain.write(key).await?;
        match keychain.read().await? {
            Some(stored) if stored == *key => Ok(()),
            // What does not come back would be lost at the next start.
            Some(_) | None => Err(KeychainError::Forgets),
        }
    }

    /// Asks the keychain for the key that wraps the data key.
    pub(super) async fn ask_keychain(&self, wrapped: &WrappedKey) -> Result<Found, StoreError> {
        let wrapping = match self.0.keychain.read().await {
            Ok(Some(key)) => Key::wrapping(key),
            Ok(None) => return Ok(Found::lost(Loss::Missing)),
            Err(error) => return Ok(Found::without_answer(error, true)),
        };
        Ok(match wrapped.open(&wrapping) {
            Opened::Key(key) => Found::Keys(self.completed(Ring::of(key)).await?, Keeper::Keychain),
            Opened::WrongKey => Found::lost(Loss::OtherKey),
            Opened::Damaged => Found::lost(Loss::Damaged),
        })
    }

    /// Makes a data key and stores it wrapped.
    pub(super) async fn begin(&self, wrapping: Key) -> Result<Found, StoreError> {
        let data = Key::random();
        let wrapped = WrappedKey::new(Lock::Keychain, &wrapping, &data);
        wrapped.write(&self.0.store).await?;
        Ok(Found::Keys(Ring::of(data), Keeper::Keychain))
    }

    /// Finds out whether a key that was coming is in the keychain; changes nothing.
    pub(super) async fn arrival(&self, row: &WrappedKey) -> Result<Arrival, StoreError> {
        let Some(coming) = Coming::read(&self.0.store).await? else {
            return Ok(Arrival::None);
        };
        let found = match self.0.keychain.read().await {
            Ok(Some(found)) => Key::wrapping(found),
            Ok(None) => return Ok(Arrival::None),
            Err(error) => return Ok(Arrival::Unknown(error)),
        };
        Ok(match coming.open(&found) {
            Some(ring) => Arrival::Came(coming, ring),
            None if row.is_opened_by(&found) => Arrival::Failed,
            None => Arrival::None,
        })
    }

    /// Finds it out and writes it down.
    pub(super) async fn settle_coming(&self, row: &WrappedKey) -> Result<Arrival, StoreError> {
        let arrival = self.arrival(row).await?;
        arrival.write(&self.0.store).await?;
        Ok(arrival)
    }

    /// Tells whether the keychain, which had a key of ours until now, certainly has neither that one nor the one that was
    /// coming: whatever is in its place, it made itself of what it was given.
    pub(super) async fn has_lost_ours(&self, row: &WrappedKey) -> Result<bool, StoreError> {
        let found = match self.0.keychain.read().await {
            Ok(Some(found)) => Key::wrapping(found),
            Ok(None) | Err(KeychainError::NotAKey) => return Ok(true),
            Err(_) => return Ok(false),
        };
        let coming = Coming::read(&self.0.store).await?;
        let is_coming = coming.is_some_and(|coming| coming.open(&found).is_some());
        Ok(!is_coming && !row.is_opened_by(&found))
    }

    /// Makes a backup, before the keychain gives up a key without which none of the earlier ones opens. A file that turns out
    /// to be damaged keeps its keys; whatever else is in the way is no reason to keep them.
    pub(super) async fn keep_copy(&self) -> Result<(), StoreError> {
        match self.0.store.back_up_now().await {
            Err(StoreError::Damaged) => Err(StoreError::Damaged),
            Err(error) => {
                tracing::warn!(%error, "no backup could be made before the keys change");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Notes that a vault which was opened with its passphrase has no use for a key that was coming.
    pub(super) async fn leave_keychain(&self) -> Result<(), StoreError> {
        if Coming::read(&self.0.store).await?.is_none() {
            return Ok(());
        }
        let mut transaction = self.0.store.write().await?;
        moving::leave(&mut transaction, None).await?;
        Ok(transaction.commit().await?)
    }

    /// Deletes a key of ours from a keychain that is not used any more. What is not ours stays (S38). A keychain without an
    /// answer is asked again when the vault is opened the next time.
    pub(super) async fn delete_left(&self) -> Result<(), StoreError> {
        let left = moving::left(&self.0.store).await?;
        if left.is_empty() {
            return Ok(());
        }
        let row = WrappedKey::read(&self.0.store).await?;
        let is_used = row.is_none_or(|row| matches!(row.lock, Lock::Keychain));
        let gone = match self.0.keychain.read().await {
            Ok(Some(key)) => {
                let key = Key::wrapping(key);
                let is_ours = left.iter().any(|canary| canary.knows(&key));
                !is_ours || is_used || self.delete_key().await?
            }
            Ok(None) | Err(KeychainError::NotAKey) => true,
            Err(_) => false,
        };
        if gone {
            moving::forget_left(&self.0.store).await?;
        }
        Ok(())
    }

    /// Deletes the keychain's key; tells whether it is gone.
    async fn delete_key(&self) -> Result<bool, StoreError> {
        self.keep_copy().await?;
        Ok(self.0.keychain.delete().await.is_ok())
    }
}
