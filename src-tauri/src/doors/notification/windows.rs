//! Windows: toasts. Clicks are told while a toast is in sight, and no more once it lies in the notification centre.

use notify_rust::Notification;

pub use super::waiting::Notifier;

/// The app's user model identifier, as the installer registers it (`tauri.conf.json`).
const APP: &str = "dev.usher.desktop";

/// Whether a failure to wait means that nothing was shown: the toast is there before that.
pub(super) const SHOWN_BY_WAITING: bool = false;

/// Lets the notification be the app's; of one that is not installed the system would show none.
pub(super) fn prepare(notification: &mut Notification) {
    if !cfg!(debug_assertions) {
        notification.app_id(APP);
    }
}
