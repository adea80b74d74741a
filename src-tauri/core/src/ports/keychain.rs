//! The door to the operating system's keychain.

use async_trait::async_trait;

use crate::base::Secret;

/// Bytes of the one key that the keychain keeps.
pub const KEY_LENGTH: usize = 32;

/// The one key that the keychain keeps; it wraps the vault's data key.
pub type VaultKey = Secret<[u8; KEY_LENGTH]>;

/// Why the keychain gave no answer. None of them means that there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// The keychain is locked and the person has not unlocked it.
    #[error("the keychain is locked")]
    Locked,
    /// This machine offers no keychain, or it refuses to store.
    #[error("there is no keychain on this machine")]
    Absent,
    /// What the keychain takes is gone with the session, or at once.
    #[error("the keychain keeps nothing")]
    Forgets,
    /// The keychain did not answer in time.
    #[error("the keychain did not answer")]
    NoAnswer,
    /// The keychain holds something under our name that is not a key of ours.
    #[error("the keychain holds something else under this name")]
    NotAKey,
}

/// Keeps one 32-byte key in the operating system's keychain.
///
/// Implementations ask the system off the asynchronous threads and give up after 10 seconds.
#[async_trait]
pub trait Keychain: Send + Sync {
    /// Reads the key; `None` only if the keychain answered that there is none.
    async fn read(&self) -> Result<Option<VaultKey>, KeychainError>;

    /// Stores the key and reads it back; success means that it is there.
    async fn write(&self, key: &VaultKey) -> Result<(), KeychainError>;

    /// Removes the key; success if there was none.
    async fn delete(&self) -> Result<(), KeychainError>;
}
