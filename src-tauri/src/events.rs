//! What the core says unasked, carried to the page, the tray and the notifications.

use tauri::{AppHandle, Emitter};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use usher_core::api::{
    App,
    contract::{Event, EventBody},
};

use crate::{attention::Attention, guard::Guard, hints, notify::Notifications, tray::Tray};

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
    let (mut attention, mut guard, mut tray) = (Attention::default(), Guard::default(), Tray::default());
    let notifications = Notifications::start(&desktop, &app);
    if let Some(now) = look(&app).await {
        (attention, guard) = now;
        tray.show(&desktop, &attention, guard).await;
        notifications.tell(attention.clone());
    }
    while let Some(heard) = next(&mut events).await {
        let before = guard;
        let changed = match heard {
            Some(Event {
                body: EventBody::Vault { vault },
                ..
            }) => {
                guard = Guard::of(vault);
                false
            }
            Some(event) => attention.hear(&event.body),
            // Who cannot be seen now has not got well by that.
            None => look(&app).await.is_some_and(|(now, guarded)| {
                guard = guarded;
                attention.replace(now)
            }),
        };
        if changed || guard != before {
            tray.show(&desktop, &attention, guard).await;
        }
        if changed {
            notifications.tell(attention.clone());
        }
        if guard != before {
            hints::guard_changed(&desktop, before, guard).await;
        }
    }
}

/// Sees who needs the person and how the vault stands, from the whole picture.
async fn look(app: &App) -> Option<(Attention, Guard)> {
    match app.snapshot().await {
        Ok(now) => {
            let attention = Attention::of(&now.servers, now.reminders_snoozed_until.is_some());
            Some((attention, Guard::of(now.vault)))
        }
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
