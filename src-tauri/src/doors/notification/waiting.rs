//! Where showing a notification with actions is one call that returns when the person has decided: a thread waits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use notify_rust::{Notification, NotificationResponse};
use tokio::sync::mpsc::UnboundedSender;

use super::{Click, NotShown, Notice, RECONNECT, SNOOZE, system};

/// Shows our notifications, and tells of clicks on the one that a thread waits for. Here the system takes none of them
/// down for us, and replaces none.
pub struct Notifier {
    clicks: UnboundedSender<Click>,
    waits: Arc<AtomicBool>,
}

impl Notifier {
    /// Asks nothing of the system yet.
    pub fn new(clicks: UnboundedSender<Click>) -> Self {
        Self {
            clicks,
            waits: Arc::default(),
        }
    }

    /// Returns whether there is one that could be replaced or taken down: never, here.
    pub async fn is_shown(&self) -> bool {
        false
    }

    /// Shows a notification. While a thread waits for an earlier one, without actions: one thread waits, not one for
    /// each loss.
    pub async fn show(&self, notice: &Notice) -> Result<(), NotShown> {
        let mut notification = Notification::new();
        notification.summary(&notice.title);
        system::prepare(&mut notification);
        let alone = self.waits.swap(true, Ordering::SeqCst);
        if alone {
            notification.body(&notice.body_alone);
        } else {
            notification
                .body(&notice.body)
                .action(RECONNECT, &notice.labels.reconnect)
                .action(SNOOZE, &notice.labels.snooze);
        }
        let (clicks, waits) = (self.clicks.clone(), Arc::clone(&self.waits));
        let started = thread::Builder::new()
            .name("notification".to_owned())
            .spawn(move || {
                if alone {
                    // Letting go of what was shown leaves it where it is.
                    return noted(notification.show().map(drop));
                }
                noted(wait(&notification, &clicks));
                waits.store(false, Ordering::SeqCst);
            });
        if started.is_err() && !alone {
            self.waits.store(false, Ordering::SeqCst);
        }
        started.map(drop).map_err(|_| NotShown)
    }

    /// Does nothing: no notification can be taken down.
    pub async fn close(&self) {}
}

/// Shows a notification and waits until the person has decided, or the system has put it away.
fn wait(notification: &Notification, clicks: &UnboundedSender<Click>) -> notify_rust::error::Result<()> {
    let shown = notification.show()?;
    shown.wait_for_response(|response: &NotificationResponse| {
        let click = match response {
            NotificationResponse::Default => Some(Click::Open),
            NotificationResponse::Action(action) => Click::on(action),
            NotificationResponse::Reply(_) | NotificationResponse::Closed(_) => None,
        };
        if let Some(click) = click {
            // Nobody who hears clicks is there only at the end.
            let _ = clicks.send(click);
        }
    })
}

fn noted(shown: notify_rust::error::Result<()>) {
    if let Err(error) = shown {
        tracing::warn!(%error, "the notification could not be shown");
    }
}
