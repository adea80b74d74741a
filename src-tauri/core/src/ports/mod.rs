//! The doors to the outside: time, the system browser, the keychain, whether there is a network, files that others write
//! or that are for the person, and the network itself.
//!
//! The first four are traits, because the desktop and the tests open them differently. The network itself is a
//! struct, because there must be one policy and tests use real sockets; so is the file system.
//!
//! Never here: OAuth or MCP.

mod browser;
mod clock;
pub mod files;
pub mod http;
mod keychain;
pub mod network;
mod new_file;

pub use browser::{Browser, BrowserError};
pub use clock::{Clock, SystemClock};
pub use http::{Http, HttpError};
pub use keychain::{KEY_LENGTH, Keychain, KeychainError, VaultKey};
pub use network::{Network, SystemNetwork, WayOut};
pub use new_file::{NewFile, NewFileError};
