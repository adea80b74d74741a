//! The operating system's keychain, which keeps one 32-byte key (S36).
//!
//! Asked on a thread of its own, one question at a time, for 10 seconds at most. Never here: stores that forget
//! at logout, and stores for tests.

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(target_os = "macos", path = "macos.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod system;
mod turn;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use keyring_core::{Entry, Error};
use usher_core::{
    base::Secret,
    ports::{KEY_LENGTH, Keychain, KeychainError, VaultKey},
};

use self::{system::System, turn::Turn};

const SERVICE: &str = "dev.usher.desktop";
const LIMIT: Duration = Duration::from_secs(10);

/// The keychain of this system.
pub struct SystemKeychain {
    name: Arc<str>,
    /// The connection that is kept, and the queue of those who ask.
    system: Turn<Option<System>>,
}

impl SystemKeychain {
    /// Keeps the key under `name`; asks nothing yet.
    pub fn new(name: String) -> Self {
        Self {
            name: name.into(),
            system: Turn::new(None),
        }
    }

    /// Does something with our entry, off the asynchronous threads.
    async fn ask<T: Send + 'static>(
        &self,
        deed: impl Fn(&Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let name = self.name.clone();
        let asked = self
            .system
            .take(LIMIT, move |system| perform(system, &name, &deed));
        asked.await.unwrap_or(Err(KeychainError::NoAnswer))
    }
}

#[async_trait]
impl Keychain for SystemKeychain {
    async fn read(&self) -> Result<Option<VaultKey>, KeychainError> {
        let found = self.ask(|entry| match entry.get_password() {
            Ok(text) => Ok(Some(Secret::new(text))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        });
        found.await?.as_ref().map(decode).transpose()
    }

    async fn write(&self, key: &VaultKey) -> Result<(), KeychainError> {
        let text = encode(key);
        let there = self.ask(move |entry| {
            // EXPOSE: the keychain is where this key belongs.
            entry.set_password(text.expose())?;
            Ok(Secret::new(entry.get_password()?) == text)
        });
        if there.await? {
            Ok(())
        } else {
            Err(KeychainError::Forgets)
        }
    }

    async fn delete(&self) -> Result<(), KeychainError> {
        let deleted = self.ask(|entry| match entry.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            other => other,
        });
        deleted.await
    }
}

/// Does something with our entry. A connection that broke, as when the keychain's daemon was started anew, is
/// made once more.
fn perform<T>(
    system: &mut Option<System>,
    name: &str,
    deed: &dyn Fn(&Entry) -> Result<T, Error>,
) -> Result<T, KeychainError> {
    let mut attempt = || {
        let connected = match system.take() {
            Some(kept) => kept,
            None => System::connect().map_err(Trouble::Broken)?,
        };
        connected.check()?;
        let done = connected
            .entry(SERVICE, name)
            .and_then(|entry| deed(&entry))
            .map_err(Trouble::of)?;
        *system = Some(connected);
        Ok(done)
    };
    match attempt() {
        Err(Trouble::Broken(_)) => attempt().map_err(Trouble::last),
        first => first.map_err(Trouble::last),
    }
}

/// What stands between us and the key.
enum Trouble {
    /// The keychain said what is wrong.
    Known(KeychainError),
    /// The connection does not work, and this is what it means if a new one works no better.
    Broken(KeychainError),
}

impl Trouble {
    fn of(error: Error) -> Self {
        // What the system says may name paths, and never the key.
        tracing::debug!(%error, "the keychain refused");
        match error {
            Error::NoStorageAccess(_) => Self::Known(KeychainError::Locked),
            Error::PlatformFailure(_) => Self::Broken(KeychainError::NoAnswer),
            Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::Ambiguous(_) => {
                Self::Known(KeychainError::NotAKey)
            }
            _ => Self::Known(KeychainError::Absent),
        }
    }

    fn last(self) -> KeychainError {
        match self {
            Self::Known(error) | Self::Broken(error) => error,
        }
    }
}

/// Writes the key as text: some keychains take nothing else.
fn encode(key: &VaultKey) -> Secret<String> {
    // EXPOSE: the text is as secret as the key, and as well kept.
    Secret::new(STANDARD.encode(key.expose()))
}

fn decode(text: &Secret<String>) -> Result<VaultKey, KeychainError> {
    // EXPOSE: the text is turned back into the key.
    let bytes = STANDARD
        .decode(text.expose())
        .map(Secret::new)
        .map_err(|_| KeychainError::NotAKey)?;
    // EXPOSE: the key is moved into its own type.
    let key: [u8; KEY_LENGTH] = bytes
        .expose()
        .as_slice()
        .try_into()
        .map_err(|_| KeychainError::NotAKey)?;
    Ok(Secret::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_survives_the_way_through_text() {
        let key = Secret::new([7; KEY_LENGTH]);
        let back = decode(&encode(&key)).expect("it is a key");
        assert!(back == key, "it is the same key");
    }

    #[test]
    fn something_else_under_our_name_is_no_key() {
        for text in ["", "not base64!", "c2hvcnQ="] {
            let decoded = decode(&Secret::new(text.to_owned()));
            assert_eq!(decoded.err(), Some(KeychainError::NotAKey), "{text:?} is no key");
        }
    }
}
