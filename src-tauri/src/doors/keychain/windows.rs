//! The Credential Manager of Windows.

use std::{collections::HashMap, sync::Arc};

use keyring_core::{Entry, Error, api::CredentialStoreApi};
use usher_core::ports::KeychainError;
use windows_native_keyring_store::Store;

use super::Trouble;

/// The person's credentials.
pub struct System(Arc<Store>);

impl System {
    /// Takes the person's credentials.
    pub fn connect() -> Result<Self, KeychainError> {
        Store::new().map(Self).map_err(|_| KeychainError::Absent)
    }

    /// Nothing to make sure of: it is open while the person is logged in.
    pub fn check(&self) -> Result<(), Trouble> {
        Ok(())
    }

    /// Names our entry, which stays on this machine.
    pub fn entry(&self, service: &str, name: &str) -> Result<Entry, Error> {
        self.0
            .build(service, name, Some(&HashMap::from([("persistence", "Local")])))
    }
}
