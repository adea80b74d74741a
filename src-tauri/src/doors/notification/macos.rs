//! macOS: the user notification centre. The main run loop, which the window's toolkit turns, brings the clicks.

use notify_rust::Notification;

pub use super::waiting::Notifier;

/// The bundle's identifier, as in `tauri.conf.json`.
const BUNDLE: &str = "dev.usher.desktop";

/// Whether a failure to wait means that nothing was shown: only waiting hands the notification over.
pub(super) const SHOWN_BY_WAITING: bool = true;

/// Lets the notification be the app's; one that is not installed shows it as the terminal's.
pub(super) fn prepare(_notification: &mut Notification) {
    let bundle = if cfg!(debug_assertions) {
        "com.apple.Terminal"
    } else {
        BUNDLE
    };
    // Every time but the first it is refused, because it is set.
    let _ = notify_rust::set_application(bundle);
}
