//! Changing the keys of an open vault, and what keeps them. Whatever stops a change in between, either the old keys open
//! everything or the new ones do.

use super::{
    ChangeError, ChoosePassphraseError, Found, Keeper, SHORTEST_PASSPHRASE, Vault, VaultState,
    keychain::Arrival,
    moving::{self, Coming},
    passphrase::Derivation,
    put_off,
    retired::Retired,
    ring::Ring,
    sweep,
    table::{Lock, Opened, Replacement, WrappedKey},
};
use crate::{
    base::Secret,
    ports::{KeychainError, VaultKey},
    store::{
        StoreError,
        seal::{Key, random_key},
    },
};

/// An open vault, as it is before a change.
struct Before {
    row: WrappedKey,
    ring: Ring,
}

impl Before {
    /// Gives the keys after the change: the same, or those in which another one seals.
    fn ring_with(&self, next: Option<Key>) -> Ring {
        next.map_or_else(|| self.ring.clone(), |next| self.ring.turned_to(next))
    }
}

impl Vault {
    /// Protects the data key with a passphrase from now on, and opens the vault.
    ///
    /// An open vault keeps its data key, so everything sealed stays readable, and its key in the keychain is deleted; a vault
    /// that never had one gets one. Refused while there is a data key that cannot be read, because it would be lost.
    pub async fn choose_passphrase(&self, passphrase: &Secret<String>) -> Result<(), ChoosePassphraseError> {
        if is_short(passphrase) {
            return Err(ChoosePassphraseError::Short);
        }
        let _turn = self.0.turn.lock().await;
        if self.state() == VaultState::Open(Keeper::Passphrase) {
            return Err(ChoosePassphraseError::Chosen);
        }
        if let Some(before) = self.before().await? {
            self.wrap_by_passphrase(&before, passphrase, None).await?;
            self.delete_left().await.unwrap_or_else(put_off);
            return Ok(());
        }
        if WrappedKey::read(&self.0.store).await?.is_some() {
            return Err(ChoosePassphraseError::KeyOutOfReach);
        }
        let data = Key::random();
        self.wrapped_by(passphrase, &data)
            .await
            .write(&self.0.store)
            .await?;
        self.settle(Found::Keys(Ring::of(data), Keeper::Passphrase));
        Ok(())
    }

    /// Puts a new passphrase in place of the old one, which is checked.
    pub async fn change_passphrase(
        &self,
        old: &Secret<String>,
        new: &Secret<String>,
    ) -> Result<(), ChangeError> {
        if is_short(new) {
            return Err(ChangeError::Short);
        }
        let _turn = self.0.turn.lock().await;
        let before = self.before().await?.ok_or(ChangeError::Closed)?;
        check(&before.row, old).await?;
        Ok(self.wrap_by_passphrase(&before, new, None).await?)
    }

    /// Lets the keychain keep the key of an open vault from now on, in place of a passphrase, which is checked. A good key that
    /// is in the keychain is used as it is (S38).
    pub async fn use_keychain(&self, passphrase: &Secret<String>) -> Result<(), ChangeError> {
        let _turn = self.0.turn.lock().await;
        let before = self.before().await?.ok_or(ChangeError::Closed)?;
        if matches!(before.row.lock, Lock::Keychain) {
            return if self.is_lost() {
                self.keep_again().await
            } else {
                Ok(())
            };
        }
        check(&before.row, passphrase).await?;
        self.wrap_by_keychain(&before, None).await
    }

    /// Lets the keychain keep the key again that it has lost, under a new one. A keychain that has the old one after all keeps it.
    pub(super) async fn keep_again(&self) -> Result<(), ChangeError> {
        let before = self.before().await?.ok_or(ChangeError::Closed)?;
        match self.place(&before.row).await? {
            Place::Ours(_) => {
                self.settle(Found::Keys(before.ring, Keeper::Keychain));
                return Ok(());
            }
            // Before anything is written down: this is asked often, and may fail each time.
            Place::Free => self.entrust(&random_key()).await.map_err(ChangeError::Keychain)?,
            Place::Others(_) => {}
        }
        self.wrap_by_keychain(&before, None).await
    }

    /// Puts new keys in place of the data key and of the one that wraps it, and seals every cell anew.
    ///
    /// A passphrase stays the same, with a new salt; it is needed and checked. What cannot be sealed anew at once is when the
    /// vault is opened the next time.
    pub async fn rotate(&self, passphrase: Option<&Secret<String>>) -> Result<(), ChangeError> {
        let _turn = self.0.turn.lock().await;
        let before = self.before().await?.ok_or(ChangeError::Closed)?;
        let next = Some(Key::random());
        match before.row.lock {
            Lock::Keychain => self.wrap_by_keychain(&before, next).await?,
            Lock::Passphrase(_) => {
                let passphrase = passphrase.ok_or(ChangeError::Wrong)?;
                check(&before.row, passphrase).await?;
                self.wrap_by_passphrase(&before, passphrase, next).await?;
            }
            Lock::Unknown => return Err(ChangeError::Closed),
        }
        let ring = self.ring().ok_or(ChangeError::Closed)?;
        let swept = sweep::sweep(&self.0.store, &self.0.columns, &ring).await;
        swept.unwrap_or_else(put_off);
        Ok(())
    }

    /// Gives how things are in a vault, once it is known what became of an earlier change; `None` if it is not open.
    async fn before(&self) -> Result<Option<Before>, StoreError> {
        let Some(ring) = self.ring() else {
            return Ok(None);
        };
        let Some(row) = WrappedKey::read(&self.0.store).await? else {
            return Ok(None);
        };
        let Arrival::Came(_, arrived) = self.settle_coming(&row).await? else {
            return Ok(Some(Before { row, ring }));
        };
        let ring = ring.turned_to(arrived.current().clone());
        self.settle(Found::Keys(ring.clone(), Keeper::Keychain));
        let row = WrappedKey::read(&self.0.store).await?;
        Ok(row.map(|row| Before { row, ring }))
    }

    /// Wraps the data key, or the one in its place, by a passphrase.
    async fn wrap_by_passphrase(
        &self,
        before: &Before,
        passphrase: &Secret<String>,
        next: Option<Key>,
    ) -> Result<(), StoreError> {
        let data = next.as_ref().unwrap_or_else(|| before.ring.current());
        let retired = next
            .as_ref()
            .map(|next| Retired::new(before.ring.current(), next));
        let replacement = Replacement {
            row: &self.wrapped_by(passphrase, data).await,
            retired: retired.as_ref(),
            before: &before.row,
        };
        replacement.write(&self.0.store).await?;
        self.settle(Found::Keys(before.ring_with(next), Keeper::Passphrase));
        Ok(())
    }

    /// Wraps the data key, or the one in its place, by a key of the keychain: first it is durable what is to come, then the
    /// keychain gets its key, then it comes.
    async fn wrap_by_keychain(&self, before: &Before, next: Option<Key>) -> Result<(), ChangeError> {
        let place = self.place(&before.row).await?;
        let wrapping = match &place {
            Place::Others(key) if next.is_none() => key.clone(),
            Place::Others(_) => return Err(ChangeError::Keychain(KeychainError::NotAKey)),
            Place::Free | Place::Ours(_) => random_key(),
        };
        let data = next.as_ref().unwrap_or_else(|| before.ring.current());
        let coming = Coming {
            row: WrappedKey::new(Lock::Keychain, &Key::wrapping(wrapping.clone()), data),
            retired: next
                .as_ref()
                .map(|next| Retired::new(before.ring.current(), next)),
        };
        coming.announce(&self.0.store).await?;
        let entrusted = match &place {
            Place::Others(_) => Ok(()),
            Place::Free => self.entrust(&wrapping).await,
            Place::Ours(_) => {
                self.keep_copy().await?;
                self.entrust(&wrapping).await
            }
        };
        match entrusted {
            Ok(()) => coming.arrive(&self.0.store).await?,
            Err(error) => self.put_back(before, place, error).await?,
        }
        self.settle(Found::Keys(before.ring_with(next), Keeper::Keychain));
        Ok(())
    }

    /// Goes back after the keychain did not take a key, unless it turns out that it has it after all.
    async fn put_back(
        &self,
        Before { row, ring }: &Before,
        place: Place,
        error: KeychainError,
    ) -> Result<(), ChangeError> {
        if self.has_lost_ours(row).await? {
            let restored = match place {
                Place::Ours(key) => self.entrust(&key).await,
                // What is there instead came from us as well.
                Place::Free => self.0.keychain.delete().await,
                Place::Others(_) => Ok(()),
            };
            if let Err(error) = restored {
                tracing::warn!(%error, "the keychain is not as it was");
            }
        }
        if let Arrival::Came(..) = self.settle_coming(row).await? {
            return Ok(());
        }
        if !matches!(row.lock, Lock::Keychain) {
            self.leave_keychain().await?;
            self.delete_left().await?;
        } else if self.has_lost_ours(row).await? {
            self.settle(Found::Keys(ring.clone(), Keeper::Nobody));
            return Err(ChangeError::KeyLost);
        }
        Err(ChangeError::Keychain(error))
    }

    /// Tells what is in the keychain, where a key is to go.
    async fn place(&self, row: &WrappedKey) -> Result<Place, ChangeError> {
        let found = self.0.keychain.read().await.map_err(ChangeError::Keychain)?;
        let Some(key) = found else {
            return Ok(Place::Free);
        };
        let wrapping = Key::wrapping(key.clone());
        let is_used = row.is_opened_by(&wrapping);
        let left = moving::left(&self.0.store).await?;
        let is_ours = is_used || left.iter().any(|canary| canary.knows(&wrapping));
        Ok(if is_ours {
            Place::Ours(key)
        } else {
            Place::Others(key)
        })
    }

    async fn wrapped_by(&self, passphrase: &Secret<String>, data: &Key) -> WrappedKey {
        let derivation = Derivation::fresh(self.0.cost);
        let key = derivation.derive(passphrase).await;
        let wrapping = Key::wrapping(key.expect("our own numbers are sensible ones"));
        WrappedKey::new(Lock::Passphrase(derivation), &wrapping, data)
    }
}

/// What is in the keychain before a change.
enum Place {
    /// Nothing.
    Free,
    /// A key of this vault, which may be replaced.
    Ours(VaultKey),
    /// A key that may serve something else.
    Others(VaultKey),
}

fn is_short(passphrase: &Secret<String>) -> bool {
    // EXPOSE: the length is looked at.
    passphrase.expose().chars().count() < SHORTEST_PASSPHRASE
}

/// Checks that a passphrase is the vault's.
async fn check(row: &WrappedKey, passphrase: &Secret<String>) -> Result<(), ChangeError> {
    let Lock::Passphrase(derivation) = row.lock else {
        return Err(ChangeError::KeptBySystem);
    };
    let key = derivation.derive(passphrase).await.ok_or(ChangeError::Closed)?;
    match row.open(&Key::wrapping(key)) {
        Opened::Key(_) => Ok(()),
        Opened::WrongKey => Err(ChangeError::Wrong),
        Opened::Damaged => Err(ChangeError::Closed),
    }
}
