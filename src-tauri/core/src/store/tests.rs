//! Test keychains, and a store in a directory of its own.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use tempfile::TempDir;

use super::Store;
use crate::ports::{Keychain, KeychainError, VaultKey};

/// A keychain in memory that does as it is told.
#[derive(Default)]
pub struct TestKeychain(Mutex<Told>);

#[derive(Default)]
struct Told {
    key: Option<VaultKey>,
    failure: Option<KeychainError>,
    forgetful: bool,
    writes: usize,
}

impl TestKeychain {
    /// Answers, and holds nothing yet.
    pub fn empty() -> Arc<Self> {
        Arc::default()
    }

    /// Fails every question with `error`.
    pub fn failing(error: KeychainError) -> Arc<Self> {
        let keychain = Self::empty();
        keychain.fail(Some(error));
        keychain
    }

    /// Acknowledges what it is given and forgets it.
    pub fn forgetful() -> Arc<Self> {
        let keychain = Self::empty();
        keychain.with(|told| told.forgetful = true);
        keychain
    }

    /// Fails from now on, or no longer.
    pub fn fail(&self, error: Option<KeychainError>) {
        self.with(|told| told.failure = error);
    }

    /// Puts a key in, or takes it out, behind the vault's back.
    pub fn hold(&self, key: Option<VaultKey>) {
        self.with(|told| told.key = key);
    }

    /// Shows what it holds.
    pub fn held(&self) -> Option<VaultKey> {
        self.with(|told| told.key.clone())
    }

    /// Counts how often a key was written.
    pub fn writes(&self) -> usize {
        self.with(|told| told.writes)
    }

    fn with<T>(&self, what: impl FnOnce(&mut Told) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer<T>(&self, what: impl FnOnce(&mut Told) -> T) -> Result<T, KeychainError> {
        self.with(|told| told.failure.map_or_else(|| Ok(what(told)), Err))
    }
}

#[async_trait]
impl Keychain for TestKeychain {
    async fn read(&self) -> Result<Option<VaultKey>, KeychainError> {
        self.answer(|told| told.key.clone())
    }

    async fn write(&self, key: &VaultKey) -> Result<(), KeychainError> {
        // A foreign entry is found by reading; writing over it works.
        if self.with(|told| told.failure == Some(KeychainError::NotAKey)) {
            self.fail(None);
        }
        self.answer(|told| {
            told.writes += 1;
            told.key = (!told.forgetful).then(|| key.clone());
        })
    }

    async fn delete(&self) -> Result<(), KeychainError> {
        self.answer(|told| told.key = None)
    }
}

/// Opens a store in a directory that lasts as long as the guard.
pub async fn new_store() -> (TempDir, Store) {
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let store = Store::open(directory.path()).await.expect("a new store opens");
    (directory, store)
}
