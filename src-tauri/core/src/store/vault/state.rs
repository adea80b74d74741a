//! Whether secrets can be read and written now, and what can go wrong on the way there.

use crate::{ports::KeychainError, store::StoreError};

/// What keeps the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// The operating system's keychain.
    Keychain,
    /// A passphrase that the person types at each start.
    Passphrase,
    /// Nothing: the keychain has lost it while the vault was open. It ends with this process, unless the keychain keeps it again
    /// or a passphrase is chosen.
    Nobody,
}

/// Whether the key is there, and if not, why. None of the closed states has lost anything by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VaultState {
    /// The key is there.
    Open(Keeper),
    /// The keychain is locked.
    KeychainLocked,
    /// There is no keychain.
    KeychainAbsent {
        /// Whether what is stored waits for its key. Without it, a passphrase can be chosen at once.
        awaited: bool,
    },
    /// There is a keychain, and nothing lasts in it.
    KeychainForgets {
        /// As of [`VaultState::KeychainAbsent`].
        awaited: bool,
    },
    /// The keychain did not answer in time.
    KeychainNoAnswer,
    /// The passphrase has to be typed.
    PassphraseNeeded {
        /// Whether one was just tried and was wrong.
        wrong: bool,
    },
    /// The key cannot be had, and waiting does not bring it; the person decides.
    KeyLost(Loss),
}

/// What is in the key's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// The keychain answers that it has no key.
    Missing,
    /// The keychain has another key than the one that sealed what is stored.
    OtherKey,
    /// The keychain has something under our name that is no key.
    NotAKey,
    /// The key is the right one, but the wrapped data key on disk is damaged, or its row is not understood.
    Damaged,
}

impl VaultState {
    /// Tells what a keychain without an answer means; `awaited` as of [`VaultState::KeychainAbsent`].
    pub(super) const fn without_answer(error: KeychainError, awaited: bool) -> Self {
        match error {
            KeychainError::Locked => Self::KeychainLocked,
            KeychainError::Absent => Self::KeychainAbsent { awaited },
            KeychainError::Forgets => Self::KeychainForgets { awaited },
            KeychainError::NoAnswer => Self::KeychainNoAnswer,
            KeychainError::NotAKey => Self::KeyLost(Loss::NotAKey),
        }
    }
}

/// Why the vault's state could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// There is no lost key: the vault is open, or its keychain may still answer.
    #[error("the key is not lost")]
    NotLost,
    /// The file could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a passphrase did not open the vault.
#[derive(Debug, thiserror::Error)]
pub enum UnlockError {
    /// It is another passphrase.
    #[error("the passphrase is wrong")]
    Wrong,
    /// The vault does not wait for a passphrase.
    #[error("no passphrase is asked for")]
    NotAsked,
    /// The wrapped key on disk is damaged: no passphrase will open it.
    #[error("the key is lost")]
    KeyLost,
    /// The file could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a passphrase could not be chosen.
#[derive(Debug, thiserror::Error)]
pub enum ChoosePassphraseError {
    /// It has fewer than 12 characters.
    #[error("the passphrase is too short")]
    Short,
    /// There is one already; it is changed with itself.
    #[error("a passphrase is chosen already")]
    Chosen,
    /// There is a key that cannot be read now and would be lost.
    #[error("an existing key is out of reach")]
    KeyOutOfReach,
    /// The file could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the keys, or what keeps them, could not be changed. What opened the vault before still does, but after
/// [`ChangeError::KeyLost`].
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// The vault is not open.
    #[error("the vault is closed")]
    Closed,
    /// It is another passphrase, or none.
    #[error("the passphrase is wrong")]
    Wrong,
    /// The new one has fewer than 12 characters.
    #[error("the passphrase is too short")]
    Short,
    /// The system's keychain keeps the key: there is no passphrase.
    #[error("the keychain keeps the key")]
    KeptBySystem,
    /// The keychain does not take a key.
    #[error(transparent)]
    Keychain(KeychainError),
    /// It took none, and has lost the one that it had: [`Keeper::Nobody`] keeps it now.
    #[error("the keychain has lost its key")]
    KeyLost,
    /// The file could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why the vault cannot be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The system's keychain keeps the key, and the system locks it.
    #[error("the keychain keeps the key")]
    KeptBySystem,
}
