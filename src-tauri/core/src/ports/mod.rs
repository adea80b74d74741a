//! The doors to the outside: time, the system browser, the keychain and the network.
//!
//! The first three are traits, because the desktop and the tests open them differently. The network is a
//! struct, because there must be one policy and tests use real sockets.
//!
//! Never here: OAuth or MCP.

mod browser;
mod clock;
pub mod http;
mod keychain;

pub use browser::{Browser, BrowserError};
pub use clock::{Clock, SystemClock};
pub use http::{Http, HttpError};
pub use keychain::{KEY_LENGTH, Keychain, KeychainError, VaultKey};
