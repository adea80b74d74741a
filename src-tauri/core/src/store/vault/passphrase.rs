//! From a passphrase to a key: Argon2id (RFC 9106). What was chosen is stored beside the wrapped key, so that
//! it can grow later.

use aes_gcm::aead::Generate;
use argon2::{Algorithm, Argon2, Params, Version};

use crate::{
    base::Secret,
    ports::{KEY_LENGTH, VaultKey},
};

/// Bytes of a salt (RFC 9106 §3.1).
pub const SALT: usize = 16;
/// The most memory a stored derivation may ask for, in KiB; more is no work of ours.
const MOST_MEMORY: u32 = 1024 * 1024;

/// What one derivation costs, the owner and an attacker alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes that could be filled at the same time.
    pub lanes: u32,
}

impl Cost {
    /// The second recommended choice of RFC 9106 §4, on one lane: 64 MiB, three passes.
    pub const STRONG: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };
}

/// How a passphrase became the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derivation {
    /// What it cost.
    pub cost: Cost,
    /// The salt, drawn anew for each passphrase.
    pub salt: [u8; SALT],
}

impl Derivation {
    /// Draws a salt.
    pub fn fresh(cost: Cost) -> Self {
        Self {
            cost,
            salt: Generate::generate(),
        }
    }

    /// Derives the key, off the asynchronous threads; `None` if the stored numbers are no sensible ones.
    pub async fn derive(self, passphrase: &Secret<String>) -> Option<VaultKey> {
        let passphrase = passphrase.clone();
        tokio::task::spawn_blocking(move || self.derive_now(&passphrase))
            .await
            .expect("the derivation does not panic and is not cancelled")
    }

    fn derive_now(&self, passphrase: &Secret<String>) -> Option<VaultKey> {
        let Cost {
            memory_kib,
            passes,
            lanes,
        } = self.cost;
        if memory_kib > MOST_MEMORY {
            return None;
        }
        let params = Params::new(memory_kib, passes, lanes, Some(KEY_LENGTH)).ok()?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let mut key = [0; KEY_LENGTH];
        // EXPOSE: the passphrase is what the key is derived from.
        let typed = passphrase.expose().as_bytes();
        argon.hash_password_into(typed, &self.salt, &mut key).ok()?;
        Some(Secret::new(key))
    }
}
