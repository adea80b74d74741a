//! Where showing a notification with actions is one call that returns when the person has decided: a thread waits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use notify_rust::{Notification, NotificationResponse};
use tokio::sync::{Notify, mpsc::UnboundedSender};

use super::{Click, Notice, SNOOZE, system};

/// Shows our notifications, and tells of clicks on the one that a thread waits for. Here the system takes none of them
/// down for us, and replaces none.
pub struct Notifier {
    clicks: UnboundedSender<Click>,
    unheard: Arc<Notify>,
    waits: Arc<AtomicBool>,
}

impl Notifier {
    /// Asks nothing of the system yet. `unheard` is told when a notification could not be shown; the log says why.
    pub fn new(clicks: UnboundedSender<Click>, unheard: Arc<Notify>) -> Self {
        Self {
            clicks,
            unheard,
            waits: Arc::default(),
        }
    }

    /// Returns whether there is one that could be replaced or taken down: never, here.
    pub async fn is_shown(&self) -> bool {
        false
    }

    /// Shows a notification. While a thread waits for an earlier one, without actions: one thread waits, not one for
    /// each loss.
    pub async fn show(&self, notice: &Notice) {
        let mut notification = Notification::new();
        notification.summary(&notice.title);
        system::prepare(&mut notification);
        let alone = self.waits.swap(true, Ordering::SeqCst);
        if alone {
            notification.body(&notice.body_alone);
        } else {
            notification.body(&notice.body);
            if let Some(deeds) = &notice.labels.deeds {
                notification
                    .action(&notice.reconnect(), &deeds.reconnect)
                    .action(SNOOZE, &deeds.snooze);
            }
        }
        let (clicks, waits) = (self.clicks.clone(), Arc::clone(&self.waits));
        let unheard = Arc::clone(&self.unheard);
        let started = thread::Builder::new()
            .name("notification".to_owned())
            .spawn(move || {
                let shown = if alone {
                    // Letting go of what was shown leaves it where it is.
                    notification.show().map(drop)
                } else {
                    wait(&notification, &clicks)
                };
                if !alone {
                    waits.store(false, Ordering::SeqCst);
                }
                if let Err(error) = shown {
                    tracing::warn!(%error, "the notification could not be shown");
                    unheard.notify_one();
                }
            });
        if let Err(error) = started {
            tracing::warn!(%error, "no thread could wait for the notification");
            if !alone {
                self.waits.store(false, Ordering::SeqCst);
            }
            self.unheard.notify_one();
        }
    }

    /// Does nothing: no notification can be taken down.
    pub async fn close(&self) {}
}

/// Shows a notification and waits until the person has decided, or the system has put it away.
fn wait(notification: &Notification, clicks: &UnboundedSender<Click>) -> notify_rust::error::Result<()> {
    let shown = notification.show()?;
    let waited = shown.wait_for_response(|response: &NotificationResponse| {
        let click = match response {
            NotificationResponse::Default => Some(Click::Open),
            NotificationResponse::Action(action) => Click::on(action),
            NotificationResponse::Reply(_) | NotificationResponse::Closed(_) => None,
        };
        if let Some(click) = click {
            // Nobody who hears clicks is there only at the end.
            let _ = clicks.send(click);
        }
    });
    if system::SHOWN_BY_WAITING { waited } else { Ok(()) }
}
