//! Locking a vault that a passphrase opens, without losing what is under way.

use std::{
    mem,
    sync::{Arc, PoisonError},
};

use tokio::sync::OwnedMutexGuard;

use super::{Found, Keeper, Keys, LockError, Vault, VaultState};

/// A vault that is being locked. It opens nothing any more, and still seals, so that what is under way can be written.
/// Dropped before its end, it is open again.
#[must_use]
pub struct Locking {
    vault: Vault,
    _turn: OwnedMutexGuard<()>,
}

impl Vault {
    /// Begins to lock the vault; `None` if it is not open. A keychain that keeps the key is locked by the system.
    pub async fn begin_lock(&self) -> Result<Option<Locking>, LockError> {
        let turn = Arc::clone(&self.0.turn).lock_owned().await;
        match self.state() {
            VaultState::Open(Keeper::Passphrase) => {}
            VaultState::Open(Keeper::Keychain | Keeper::Nobody) => return Err(LockError::KeptBySystem),
            _ => return Ok(None),
        }
        self.turn_keys(|keys| match keys {
            Keys::Open(ring) => Keys::Leaving(ring),
            other => other,
        });
        self.0
            .state
            .send_replace(VaultState::PassphraseNeeded { wrong: false });
        Ok(Some(Locking {
            vault: self.clone(),
            _turn: turn,
        }))
    }

    fn turn_keys(&self, turn: impl FnOnce(Keys) -> Keys) {
        let mut keys = self.0.keys.write().unwrap_or_else(PoisonError::into_inner);
        *keys = turn(mem::replace(&mut *keys, Keys::None));
    }
}

impl Locking {
    /// Drops the keys, which wipes them: the vault is locked.
    pub fn finish(self) {
        self.vault
            .settle(Found::Nothing(VaultState::PassphraseNeeded { wrong: false }));
    }
}

impl Drop for Locking {
    fn drop(&mut self) {
        let mut reopened = false;
        self.vault.turn_keys(|keys| match keys {
            Keys::Leaving(ring) => {
                reopened = true;
                Keys::Open(ring)
            }
            other => other,
        });
        if reopened {
            self.vault
                .0
                .state
                .send_replace(VaultState::Open(Keeper::Passphrase));
        }
    }
}
