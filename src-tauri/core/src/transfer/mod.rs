//! The file that carries servers and accounts from one computer to another.
//!
//! It is always sealed under a passphrase. Without accounts nothing secret is in it. With them everything is: what is typed in
//! and what was granted; an account with a refresh token then moves, it is not copied (`grants::Grants::hand_over`).
//!
//! What a file brings may be forged by somebody who tells the person its passphrase: it is taken as if it had been typed in,
//! and nobody whom it names is asked for anything before the person wants the server connected.
//!
//! Never here: the network, the window.

mod arrive;
mod check;
mod contents;
mod file;
mod leave;
mod name;
#[cfg(test)]
mod tests;

use std::{path::PathBuf, sync::Arc};

use crate::{
    base::{ServerId, ServerUrl, Timestamp},
    grants::{Admitted, Away, GrantError, Grants, MoveError},
    ports::{Clock, NewFileError},
    servers::{Servers, ServersError},
    store::{Cost, Store, StoreError},
};

pub use check::MOST_ACCOUNTS;

/// What goes with the servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Luggage {
    /// Nothing secret.
    None,
    /// The accounts, and every other secret.
    Accounts,
}

/// What was written into a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Where it is.
    pub path: PathBuf,
    /// How many servers are in it.
    pub servers: usize,
    /// How many accounts.
    pub accounts: usize,
    /// How many accounts were to go along and stay: of no use without a new sign-in, or none that can be used elsewhere.
    pub staying: usize,
}

/// What a file brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// When it was made.
    pub made_at: Timestamp,
    /// Its servers, in its order.
    pub servers: Vec<OpenedServer>,
}

/// A server in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedServer {
    /// What it is called.
    pub name: String,
    /// Its address.
    pub url: ServerUrl,
    /// How many accounts come with it.
    pub accounts: usize,
    /// Whether something secret that was typed in comes with it.
    pub secret: bool,
    /// Whether a server with this address is here.
    pub known: bool,
}

/// What came of a file.
#[derive(Debug, Default)]
pub struct Imported {
    /// The servers that are new here.
    pub added: Vec<ServerId>,
    /// How many were here before.
    pub known: usize,
    /// What came of the accounts.
    pub accounts: Admitted,
    /// How many of the new servers nobody is signed in to, although they want that.
    pub needs_sign_in: usize,
}

/// Why nothing was exported or imported. Nothing was changed here; where accounts are says [`Undone`].
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The passphrase has fewer than 12 characters.
    #[error("the passphrase is too short")]
    ShortPassphrase,
    /// It is no file of ours.
    #[error("the file is of another kind")]
    Foreign,
    /// It was made by a newer version.
    #[error("the file was made by a newer version")]
    Newer,
    /// Something is missing in it, or makes no sense.
    #[error("the file is damaged")]
    Damaged,
    /// It is larger than 16 MiB.
    #[error("the file is too large")]
    TooLarge,
    /// It has more accounts than [`MOST_ACCOUNTS`].
    #[error("there are too many accounts for one file")]
    ManyAccounts,
    /// The passphrase is another one, or the file was changed.
    #[error("the passphrase does not open the file")]
    Locked,
    /// The vault is closed, so nothing secret can be read or kept.
    #[error("the vault is closed")]
    VaultClosed,
    /// The file could not be made.
    #[error("no file can be made in {}", .folder.display())]
    Unwritten {
        /// In this folder.
        folder: PathBuf,
        /// Why.
        source: NewFileError,
    },
    /// What is stored could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ServersError> for TransferError {
    fn from(error: ServersError) -> Self {
        match error {
            ServersError::VaultClosed => Self::VaultClosed,
            ServersError::Broken => Self::Damaged,
            ServersError::Store(error) => Self::Store(error),
        }
    }
}

impl From<GrantError> for TransferError {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::VaultClosed => Self::VaultClosed,
            GrantError::ServerGone => Self::Damaged,
            GrantError::Store(error) => Self::Store(error),
        }
    }
}

impl From<MoveError> for TransferError {
    fn from(error: MoveError) -> Self {
        match error {
            MoveError::VaultClosed => Self::VaultClosed,
            MoveError::Store(error) => Self::Store(error),
        }
    }
}

/// An export that was undone.
#[derive(Debug)]
pub struct Undone {
    /// Why.
    pub error: TransferError,
    /// The servers whose accounts were handed over for a moment.
    pub servers: Vec<ServerId>,
    /// The accounts that could not be taken back: they count as handed over although no file has them.
    pub away: Vec<Away>,
}

impl From<TransferError> for Undone {
    fn from(error: TransferError) -> Self {
        Self {
            error,
            servers: Vec::new(),
            away: Vec::new(),
        }
    }
}

/// What a transfer works with.
pub struct Surroundings {
    /// The data file.
    pub store: Store,
    /// The servers.
    pub servers: Servers,
    /// Their accounts.
    pub grants: Grants,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Where files for the person are put.
    pub folder: PathBuf,
}

/// Makes files and takes them in.
pub struct Transfer {
    around: Surroundings,
    /// What a passphrase costs.
    cost: Cost,
}

impl Transfer {
    /// Takes what it works with.
    pub const fn new(around: Surroundings) -> Self {
        Self::at_cost(around, Cost::STRONG)
    }

    const fn at_cost(around: Surroundings, cost: Cost) -> Self {
        Self { around, cost }
    }
}
