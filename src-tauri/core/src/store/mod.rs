//! The file on disk and the key to it: opens and migrates the SQLite database, hands out reading and
//! writing, seals and unseals the cells that hold secrets.
//!
//! One process owns the data directory. Whatever is acknowledged is on the disk (WAL, `synchronous=FULL`);
//! whatever is deleted is gone from the file's pages (`secure_delete`) and from its backups. A file that is damaged is
//! moved aside, and the newest good backup put in its place.
//!
//! Never here: knowing what a room's rows mean, the network, a secret in plain text on disk.

mod backup;
mod database;
mod directory;
mod error;
mod inspect;
mod restore;
mod seal;
mod sealed_column;
mod settings;
mod vault;

pub use database::{Edition, Store, Write};
pub use error::{OpenError, StoreError};
pub use restore::Restoration;
pub use seal::{Cell, Key, UnsealError, VaultClosed};
pub use sealed_column::SealedColumn;
pub use settings::Setting;
pub use vault::{
    ChangeError, ChoosePassphraseError, Cost, Derivation, Keeper, LockError, Locking, Loss, SALT,
    SHORTEST_PASSPHRASE, UnlockError, Vault, VaultError, VaultState,
};

#[cfg(test)]
pub(crate) mod tests;
