//! The person's login keychain on macOS.

use std::sync::Arc;

use apple_native_keyring_store::keychain::Store;
use keyring_core::{Entry, Error, api::CredentialStoreApi};
use usher_core::ports::KeychainError;

use super::Trouble;

/// The login keychain.
pub struct System(Arc<Store>);

impl System {
    /// Takes the login keychain.
    pub fn connect() -> Result<Self, KeychainError> {
        Store::new().map(Self).map_err(|_| KeychainError::Absent)
    }

    /// Nothing to make sure of: the system unlocks it with the login, or asks the person.
    pub fn check(&self) -> Result<(), Trouble> {
        Ok(())
    }

    /// Names our entry.
    pub fn entry(&self, service: &str, name: &str) -> Result<Entry, Error> {
        self.0.build(service, name, None)
    }
}
