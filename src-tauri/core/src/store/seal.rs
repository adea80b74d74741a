//! Sealing one cell: AES-256-GCM, bound to the place where the cell stands.
//!
//! A sealed cell is version ‖ key id ‖ nonce ‖ ciphertext and tag. The associated data are the version, the
//! key id, and table, row and column, each behind its length: a cell that was flipped, truncated, or moved to
//! another place does not open. The nonce is drawn anew for each write; 96 random bits last for 2³² writes
//! under one key (NIST SP 800-38D §8.3).

use aes_gcm::{
    Aes256Gcm,
    aead::{Aead, Generate, KeyInit, Nonce, Payload},
};
use zeroize::Zeroizing;

use crate::{
    base::Secret,
    ports::{KEY_LENGTH, VaultKey},
};

/// The layout described above.
const VERSION: u8 = 1;
/// Bytes of a key id.
const ID: usize = 8;
/// Bytes of a nonce.
const NONCE: usize = 12;
/// Bytes before the ciphertext.
const HEAD: usize = 1 + ID + NONCE;

/// The name of a data key, as it stands in what it sealed.
pub type KeyId = [u8; ID];

/// The place of a sealed cell. Moved elsewhere, it does not open.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    /// Name of the table.
    pub table: &'static str,
    /// The row's primary key, as text.
    pub row: &'a str,
    /// Name of the column.
    pub column: &'static str,
}

/// The vault is closed, so nothing can be sealed; its state says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the vault is closed")]
pub struct VaultClosed;

/// Why a sealed cell gave nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnsealError {
    /// The vault is closed; the cell may well be good.
    #[error("the vault is closed")]
    Closed,
    /// The cell was altered, moved, or sealed under a key that is gone. It stays unreadable.
    #[error("the sealed value cannot be read")]
    Broken,
}

/// The sealed value does not open with this key at this place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken;

/// A key with a name, so that a cell says which key it wants.
#[derive(Clone)]
pub struct Key {
    id: KeyId,
    key: VaultKey,
}

impl Key {
    /// Draws a data key and its id.
    pub fn random() -> Self {
        let id = Generate::generate();
        Self {
            id,
            key: random_key(),
        }
    }

    /// Takes the keychain's or the passphrase's key, which only ever wraps data keys and has no id.
    pub const fn wrapping(key: VaultKey) -> Self {
        Self { id: [0; ID], key }
    }

    /// Gives its name.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// Seals the plain text for its place.
    pub fn seal(&self, cell: Cell<'_>, plain: &[u8]) -> Vec<u8> {
        let nonce = Nonce::<Aes256Gcm>::generate();
        let aad = self.associated_data(cell);
        let payload = Payload {
            msg: plain,
            aad: &aad,
        };
        let sealed = self.cipher().encrypt(&nonce, payload);
        let sealed = sealed.expect("AES-GCM refuses only texts beyond 64 GiB");
        [&[VERSION], self.id.as_slice(), nonce.as_slice(), &sealed].concat()
    }

    /// Opens what was sealed under this key for this place.
    pub fn unseal(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<Secret<Vec<u8>>, Broken> {
        let (head, text) = sealed.split_at_checked(HEAD).ok_or(Broken)?;
        let (name, nonce) = head.split_at(1 + ID);
        if name[0] != VERSION || name[1..] != self.id {
            return Err(Broken);
        }
        let nonce = Nonce::<Aes256Gcm>::try_from(nonce).map_err(|_| Broken)?;
        let aad = self.associated_data(cell);
        let payload = Payload { msg: text, aad: &aad };
        let plain = self.cipher().decrypt(&nonce, payload).map_err(|_| Broken)?;
        Ok(Secret::new(plain))
    }

    /// Seals another key for its place: its id and its bytes.
    pub fn wrap(&self, cell: Cell<'_>, key: &Self) -> Vec<u8> {
        // EXPOSE: the data key is written to disk under the wrapping key.
        let plain = Zeroizing::new([key.id.as_slice(), key.key.expose().as_slice()].concat());
        self.seal(cell, &plain)
    }

    /// Opens what [`Key::wrap`] sealed.
    pub fn unwrap_key(&self, cell: Cell<'_>, wrapped: &[u8]) -> Result<Self, Broken> {
        let plain = self.unseal(cell, wrapped)?;
        // EXPOSE: the data key is taken apart into id and bytes.
        let (id, key) = plain.expose().split_at_checked(ID).ok_or(Broken)?;
        let id = id.try_into().map_err(|_| Broken)?;
        let key = key.try_into().map_err(|_| Broken)?;
        Ok(Self {
            id,
            key: Secret::new(key),
        })
    }

    fn cipher(&self) -> Aes256Gcm {
        // EXPOSE: the cipher needs the key; it wipes its own copy.
        Aes256Gcm::new(self.key.expose().into())
    }

    fn associated_data(&self, cell: Cell<'_>) -> Vec<u8> {
        let mut data = vec![VERSION];
        data.extend(self.id);
        for part in [cell.table, cell.row, cell.column] {
            data.extend((part.len() as u64).to_be_bytes());
            data.extend(part.as_bytes());
        }
        data
    }
}

/// Tells which key sealed something; `None` if it is too short to say.
pub fn sealed_under(sealed: &[u8]) -> Option<KeyId> {
    sealed.get(1..=ID)?.try_into().ok()
}

/// Draws 32 bytes from the operating system.
pub fn random_key() -> VaultKey {
    Secret::new(<[u8; KEY_LENGTH]>::generate())
}

#[cfg(test)]
mod tests;
