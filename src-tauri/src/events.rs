//! What the core says unasked, carried to the page, the tray and the notifications.

use tauri::{AppHandle, Emitter};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use usher_core::api::{App, contract::Event};

use crate::{attention::Attention, notify, tray};

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
    let mut attention = look(&app).await;
    let bell = notify::Bell::start(desktop.clone());
    tell(&desktop, &bell, &attention);
    while let Some(heard) = next(&mut events).await {
        let changed = match heard {
            Some(event) => attention.hear(&event.body),
            None => attention.replace(look(&app).await),
        };
        if changed {
            tell(&desktop, &bell, &attention);
        }
    }
}

fn tell(desktop: &AppHandle, bell: &notify::Bell, attention: &Attention) {
    tray::show(desktop, attention);
    bell.tell(attention.clone());
}

/// Sees who needs the person, from the whole picture.
async fn look(app: &App) -> Attention {
    match app.snapshot().await {
        Ok(snapshot) => Attention::of(&snapshot.servers),
        Err(error) => {
            tracing::warn!(%error, "it could not be seen who needs the person");
            Attention::default()
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
