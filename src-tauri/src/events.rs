//! What the core says unasked, carried to the page, the tray and the notifications.

use tauri::{AppHandle, Emitter};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use usher_core::api::{App, contract::Event};

use crate::{attention::Attention, notify::Notifications, tray::Tray};

/// The one event the page hears.
const EVENT: &str = "usher://event";

/// Follows the core from now on.
pub fn follow(desktop: &AppHandle, app: &App) {
    tauri::async_runtime::spawn(to_page(desktop.clone(), app.events()));
    tauri::async_runtime::spawn(to_desktop(desktop.clone(), app.clone(), app.events()));
}

/// Carries every event to the page. What got lost in a rush shows in the numbers, and the page asks anew.
async fn to_page(desktop: AppHandle, mut events: Receiver<Event>) {
    while let Some(heard) = next(&mut events).await {
        if let Some(event) = heard
            && let Err(error) = desktop.emit(EVENT, event)
        {
            tracing::warn!(%error, "the page could not be told");
        }
    }
}

/// Keeps the tray and the notifications true.
async fn to_desktop(desktop: AppHandle, app: App, mut events: Receiver<Event>) {
    let (mut attention, mut tray) = (Attention::default(), Tray::default());
    let notifications = Notifications::start(&desktop, &app);
    if let Some(now) = look(&app).await {
        attention = now;
        tray.show(&desktop, &attention).await;
        notifications.tell(attention.clone());
    }
    while let Some(heard) = next(&mut events).await {
        let changed = match heard {
            Some(event) => attention.hear(&event.body),
            // Who cannot be seen now has not got well by that.
            None => look(&app).await.is_some_and(|now| attention.replace(now)),
        };
        if changed {
            tray.show(&desktop, &attention).await;
            notifications.tell(attention.clone());
        }
    }
}

/// Sees who needs the person, from the whole picture.
async fn look(app: &App) -> Option<Attention> {
    match app.snapshot().await {
        Ok(now) => Some(Attention::of(&now.servers, now.reminders_snoozed_until.is_some())),
        Err(error) => {
            tracing::warn!(%error, "it could not be seen who needs the person");
            None
        }
    }
}

/// Waits for an event: `Some(None)` if some were lost, `None` at the end.
async fn next(events: &mut Receiver<Event>) -> Option<Option<Event>> {
    match events.recv().await {
        Ok(event) => Some(Some(event)),
        Err(RecvError::Lagged(_)) => Some(None),
        Err(RecvError::Closed) => None,
    }
}
