//! Keychains of every mood.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use usher_core::{
    base::Secret,
    ports::{KEY_LENGTH, Keychain, KeychainError, VaultKey},
};

/// A keychain that works and forgets at the end of the test. Cheap to clone: a restarted app finds its key.
#[derive(Debug, Clone, Default)]
pub struct MemoryKeychain(Arc<Mutex<Option<[u8; KEY_LENGTH]>>>);

impl MemoryKeychain {
    /// Holds a key that was written down in hexadecimal digits.
    pub fn holding(digits: &str) -> Self {
        let byte = |at: usize| {
            digits
                .get(2 * at..2 * at + 2)
                .and_then(|two| u8::from_str_radix(two, 16).ok())
        };
        let key = std::array::from_fn(|at| byte(at).expect("a key in hexadecimal digits"));
        Self(Arc::new(Mutex::new(Some(key))))
    }

    /// Loses the key.
    pub fn lose(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[async_trait]
impl Keychain for MemoryKeychain {
    async fn read(&self) -> Result<Option<VaultKey>, KeychainError> {
        Ok(self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .map(Secret::new))
    }

    async fn write(&self, key: &VaultKey) -> Result<(), KeychainError> {
        // EXPOSE: this is the keychain.
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(*key.expose());
        Ok(())
    }

    async fn delete(&self) -> Result<(), KeychainError> {
        self.lose();
        Ok(())
    }
}

/// A keychain that fails in one way until it is mended; then it is the one inside.
#[derive(Debug, Clone)]
pub struct FailingKeychain {
    inner: MemoryKeychain,
    failure: Arc<Mutex<Option<KeychainError>>>,
}

impl FailingKeychain {
    /// Fails with `failure` from the start.
    pub fn new(failure: KeychainError, inner: MemoryKeychain) -> Self {
        Self {
            inner,
            failure: Arc::new(Mutex::new(Some(failure))),
        }
    }

    /// Makes it fail from now on.
    pub fn fail(&self, failure: KeychainError) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(failure);
    }

    /// Makes it work from now on.
    pub fn mend(&self) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn check(&self) -> Result<(), KeychainError> {
        self.failure
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .map_or(Ok(()), Err)
    }
}

#[async_trait]
impl Keychain for FailingKeychain {
    async fn read(&self) -> Result<Option<VaultKey>, KeychainError> {
        self.check()?;
        self.inner.read().await
    }

    async fn write(&self, key: &VaultKey) -> Result<(), KeychainError> {
        self.check()?;
        self.inner.write(key).await
    }

    async fn delete(&self) -> Result<(), KeychainError> {
        self.check()?;
        self.inner.delete().await
    }
}
