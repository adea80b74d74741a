//! The data keys of an open vault: the one that seals, and those before it that some cells still need.

use std::iter;

use crate::{
    base::Secret,
    store::{
        Cell,
        seal::{Broken, Key, KeyId, sealed_under},
    },
};

/// All data keys that are known.
#[derive(Clone)]
pub struct Ring {
    current: Key,
    retired: Vec<Key>,
}

impl Ring {
    /// Begins with the key that seals.
    pub const fn of(current: Key) -> Self {
        Self {
            current,
            retired: Vec::new(),
        }
    }

    /// Gives the key that seals.
    pub const fn current(&self) -> &Key {
        &self.current
    }

    /// Gives those before it.
    pub fn retired(&self) -> &[Key] {
        &self.retired
    }

    /// Seals under the current key.
    pub fn seal(&self, cell: Cell<'_>, plain: &[u8]) -> Vec<u8> {
        self.current.seal(cell, plain)
    }

    /// Opens with the key that the sealed text names.
    pub fn unseal(&self, cell: Cell<'_>, sealed: &[u8]) -> Result<Secret<Vec<u8>>, Broken> {
        self.named_by(sealed)?.unseal(cell, sealed)
    }

    /// Opens a wrapped key likewise.
    pub fn unwrap_key(&self, cell: Cell<'_>, wrapped: &[u8]) -> Result<Key, Broken> {
        self.named_by(wrapped)?.unwrap_key(cell, wrapped)
    }

    /// Adds a key from before, if it is not there.
    pub fn add(&mut self, key: Key) {
        if self.keys().all(|known| known.id() != key.id()) {
            self.retired.push(key);
        }
    }

    /// Forgets a key that no cell needs.
    pub fn forget(&mut self, id: KeyId) {
        self.retired.retain(|key| key.id() != id);
    }

    /// Gives the ring in which another key seals.
    pub fn turned_to(&self, next: Key) -> Self {
        let mut ring = Self::of(next);
        self.keys().for_each(|key| ring.add(key.clone()));
        ring
    }

    fn named_by(&self, sealed: &[u8]) -> Result<&Key, Broken> {
        let id = sealed_under(sealed).ok_or(Broken)?;
        self.keys().find(|key| key.id() == id).ok_or(Broken)
    }

    fn keys(&self) -> impl Iterator<Item = &Key> {
        iter::once(&self.current).chain(&self.retired)
    }
}
