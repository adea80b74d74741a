//! A keychain that can be locked.

use std::sync::Mutex;

use async_trait::async_trait;

use crate::ports::{Keychain, KeychainError, VaultKey};

/// A keychain in memory that can be locked.
#[derive(Default)]
pub struct MemoryKeychain {
    key: Mutex<Option<VaultKey>>,
    locked: Mutex<bool>,
}

impl MemoryKeychain {
    pub fn lock(&self, locked: bool) {
        *self.locked.lock().expect("no test panics while holding it") = locked;
    }

    fn key(&self) -> Result<std::sync::MutexGuard<'_, Option<VaultKey>>, KeychainError> {
        if *self.locked.lock().expect("no test panics while holding it") {
            return Err(KeychainError::Locked);
        }
        Ok(self.key.lock().expect("no test panics while holding it"))
    }
}

#[async_trait]
impl Keychain for MemoryKeychain {
    async fn read(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(self.key()?.clone())
    }

    async fn write(&self, key: &VaultKey) -> Result<(), KeychainError> {
        *self.key()? = Some(key.clone());
        Ok(())
    }

    async fn delete(&self) -> Result<(), KeychainError> {
        *self.key()? = None;
        Ok(())
    }
}
