//! The core's doors as the desktop opens them.

mod browser;
mod keychain;

pub use browser::SystemBrowser;
pub use keychain::SystemKeychain;
