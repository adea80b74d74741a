//! The desktop's doors: the core's, as the desktop opens them, and the system's notifications.

mod browser;
mod keychain;
mod notification;

pub use browser::SystemBrowser;
pub use keychain::SystemKeychain;
pub use notification::{Click, Deeds, Labels, Notice, Notifier};
