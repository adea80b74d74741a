//! The Secret Service of the desktop: GNOME's keyring, KDE's wallet, KeePassXC.

use std::{sync::Arc, thread};

use keyring_core::{Entry, Error, api::CredentialStoreApi};
use secret_service::{EncryptionType, Error as ServiceError, blocking::SecretService};
use usher_core::ports::KeychainError;
use zbus_secret_service_keyring_store::Store;

use super::Trouble;

/// The collection that is gone at logout.
const SESSION: &str = "/org/freedesktop/secrets/collection/session";

/// A connection to the service.
pub struct System {
    store: Arc<Store>,
    service: SecretService<'static>,
}

impl System {
    /// Connects; without a session bus or a service on it, there is no keychain.
    pub fn connect() -> Result<Self, KeychainError> {
        let service = SecretService::connect(EncryptionType::Dh).map_err(|_| KeychainError::Absent)?;
        let store = Store::new().map_err(|_| KeychainError::Absent)?;
        Ok(Self { store, service })
    }

    /// Makes sure that there is a collection that lasts, and that it is open. Without one, reading would answer
    /// "no entry", which looks like an empty keychain and is not.
    ///
    /// A locked collection is said to be locked at once, while the system asks the person to unlock it.
    pub fn check(&self) -> Result<(), Trouble> {
        let collection = self.service.get_default_collection().map_err(trouble)?;
        if collection.collection_path.as_str() == SESSION {
            return Err(Trouble::Known(KeychainError::Forgets));
        }
        if collection.is_locked().map_err(trouble)? {
            ask_to_unlock();
            return Err(Trouble::Known(KeychainError::Locked));
        }
        Ok(())
    }

    /// Names our entry.
    pub fn entry(&self, service: &str, name: &str) -> Result<Entry, Error> {
        self.store.build(service, name, None)
    }
}

/// Lets the system ask the person; on a connection and a thread of its own, because that takes as long as it
/// takes. What comes of it is seen when the keychain is asked again.
fn ask_to_unlock() {
    static ASKING: std::sync::Mutex<()> = std::sync::Mutex::new(());
    thread::spawn(|| {
        let Ok(_asking) = ASKING.try_lock() else {
            return;
        };
        let unlocked = SecretService::connect(EncryptionType::Dh).and_then(|service| {
            service
                .get_default_collection()
                .and_then(|collection| collection.unlock())
        });
        if let Err(error) = unlocked {
            tracing::info!(%error, "the keychain was not unlocked");
        }
    });
}

fn trouble(error: ServiceError) -> Trouble {
    match error {
        ServiceError::Locked | ServiceError::Prompt => Trouble::Known(KeychainError::Locked),
        ServiceError::NoResult | ServiceError::Unavailable => Trouble::Known(KeychainError::Absent),
        _ => Trouble::Broken(KeychainError::NoAnswer),
    }
}
