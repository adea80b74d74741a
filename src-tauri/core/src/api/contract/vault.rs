//! Where the key to the stored sign-ins is.

use serde::Serialize;
use ts_rs::TS;

/// What keeps the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum VaultKind {
    /// The operating system's keychain.
    Keychain,
    /// A passphrase that the person types at each start.
    Passphrase,
    /// Nothing: the keychain has lost it. The app has it until it ends; choose a passphrase before.
    Nobody,
}

/// Whether secrets can be read and written now, and what to do if not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum VaultView {
    /// The key is there.
    Open {
        /// What keeps it.
        keeper: VaultKind,
        /// After how many minutes without the person it locks itself, where a passphrase opens it; `null` for never.
        lock_after: Option<u32>,
    },
    /// The keychain is locked: unlock it and try again.
    KeychainLocked,
    /// There is no keychain: start one and try again, or choose a passphrase. Nothing is stored until then.
    KeychainAbsent {
        /// Whether stored sign-ins wait for their key: a passphrase can only be chosen once they are given up.
        awaited: bool,
    },
    /// There is a keychain in which nothing lasts: as if there were none.
    KeychainForgets {
        /// As of `keychainAbsent`.
        awaited: bool,
    },
    /// The keychain does not answer: try again.
    KeychainNoAnswer,
    /// The vault waits for its passphrase.
    PassphraseNeeded {
        /// Whether one was just tried and was wrong.
        wrong: bool,
    },
    /// The key cannot be had: stored sign-ins cannot be read and need new sign-ins. The person confirms before
    /// a new key replaces the old.
    KeyLost {
        /// What is in its place.
        loss: KeyLoss,
    },
}

/// What is in a lost key's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum KeyLoss {
    /// The keychain has no key.
    Missing,
    /// The keychain has another key.
    OtherKey,
    /// The keychain has something that is no key.
    NotAKey,
    /// The key is there, but what it opens is damaged.
    Damaged,
}
