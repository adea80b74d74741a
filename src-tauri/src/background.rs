//! Whether the app lives on without its window, and how it is told to end.

use tauri::{AppHandle, Manager};

use crate::{core::Core, tray};

/// Returns whether the app goes on when its window is closed: only if there is something to keep alive, and a
/// way back to the window.
pub fn is_wanted(app: &AppHandle) -> bool {
    let core = app.state::<Core>();
    (tray::is_there(app) || core.can_be_visited()) && !core.has_failed()
}

/// Ends the app in order when the system asks it to.
pub fn listen_for_signals(app: &AppHandle) {
    #[cfg(unix)]
    tauri::async_runtime::spawn(end_when_told(app.clone()));
    #[cfg(not(unix))]
    let _ = app;
}

#[cfg(unix)]
async fn end_when_told(app: AppHandle) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut term), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return tracing::warn!("signals cannot be heard; quit from the tray instead");
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
    app.exit(0);
}
