//! The notification that some servers need the person, and what a click on it does.

use std::{collections::BTreeSet, future, sync::Arc, time::Duration};

use serde_json::{Value, json};
use tauri::{AppHandle, Manager, async_runtime};
use tokio::sync::{
    Notify,
    mpsc::{UnboundedReceiver, unbounded_channel},
    watch,
};
use usher_core::{
    api::{App, contract::AppError},
    ports::{Clock, SystemClock},
};

use crate::{
    attention::{Attention, Loss},
    bell::{Bell, Deed, Moment},
    core::Core,
    doors::{Click, Deeds, Labels, Notice, Notifier},
    hints, window,
    words::Words,
};

/// How long news is gathered before it is told, so that many servers make one notification.
const GATHER: Duration = Duration::from_secs(2);
/// How long quitting waits for the notification to be taken down.
const FAREWELL: Duration = Duration::from_secs(1);

/// Tells the notification how things are.
pub struct Notifications(watch::Sender<Attention>);

impl Notifications {
    /// Begins to notify the person.
    pub fn start(desktop: &AppHandle, app: &App) -> Self {
        let (told, attention) = watch::channel(Attention::default());
        let (clicked, clicks) = unbounded_channel();
        let unheard = Arc::new(Notify::new());
        let notifier = Arc::new(Notifier::new(clicked, Arc::clone(&unheard)));
        desktop.manage(Arc::clone(&notifier));
        async_runtime::spawn(obey(desktop.clone(), clicks, attention.clone()));
        let ringer = Ringer {
            desktop: desktop.clone(),
            app: app.clone(),
            notifier,
            unheard,
        };
        async_runtime::spawn(ringer.ring(attention));
        Self(told)
    }

    /// Tells how things are now.
    pub fn tell(&self, attention: Attention) {
        self.0.send_replace(attention);
    }
}

/// Takes the notification down, as nobody would hear a click on it.
pub fn stop(desktop: &AppHandle) {
    if let Some(notifier) = desktop.try_state::<Arc<Notifier>>() {
        let closed = async_runtime::block_on(async {
            tokio::time::timeout(FAREWELL, take_down(desktop, &notifier)).await
        });
        if closed.is_err() {
            tracing::warn!("the notification could not be taken down in time");
        }
    }
}

async fn take_down(desktop: &AppHandle, notifier: &Notifier) {
    notifier.close().await;
    hints::take_down(desktop).await;
}

/// Puts reminders off for a day: the person has clicked that.
pub async fn snooze(desktop: &AppHandle) {
    if let Err(error) = ask(desktop, "snoozeReminders", Value::Null).await {
        tracing::warn!(%error, "reminders could not be put off");
    }
}

struct Ringer {
    desktop: AppHandle,
    app: App,
    notifier: Arc<Notifier>,
    /// Tells that a notification could not be shown.
    unheard: Arc<Notify>,
}

impl Ringer {
    async fn ring(self, mut attention: watch::Receiver<Attention>) {
        let mut kept = self.recall().await;
        let mut bell = Bell::after(kept.clone());
        let mut pause = None;
        loop {
            tokio::select! {
                // A failure belongs to what was told before, and nobody is written down as told who was not.
                biased;
                () = self.unheard.notified() => {
                    pause = Some(bell.was_not_heard());
                    continue;
                }
                () = future::ready(()), if *bell.told() != kept => {
                    kept.clone_from(bell.told());
                    self.remember(&kept).await;
                    continue;
                }
                changed = attention.changed() => match changed {
                    Ok(()) => SystemClock.sleep(GATHER).await,
                    Err(_) => return,
                },
                () = over(pause) => {}
            }
            pause = None;
            let now = attention.borrow_and_update().clone();
            self.see_to(&mut bell, &now).await;
        }
    }

    async fn see_to(&self, bell: &mut Bell, attention: &Attention) {
        let losses = attention.losses();
        if attention.is_snoozed() && !losses.is_empty() {
            tracing::info!(
                servers = losses.len(),
                "reminders are off: nobody is told of lost sign-ins"
            );
        }
        let lost = losses.iter().map(|loss| loss.id.to_owned()).collect();
        let deed = bell.decide(Moment {
            lost: &lost,
            unwell: attention.unwell(),
            snoozed: attention.is_snoozed(),
            in_front: window::is_in_front(&self.desktop).await,
            shown: self.notifier.is_shown().await,
        });
        match deed {
            Deed::Nothing => {}
            Deed::Close => self.notifier.close().await,
            Deed::Ring | Deed::Replace => self.notifier.show(&notice(&losses)).await,
        }
    }

    async fn recall(&self) -> BTreeSet<String> {
        let told = self.app.told_of_loss().await;
        told.unwrap_or_else(|error| {
            tracing::warn!(%error, "whose loss was told before is not known");
            BTreeSet::new()
        })
    }

    async fn remember(&self, told: &BTreeSet<String>) {
        match self.app.remember_told_of_loss(told).await {
            Ok(()) => tracing::info!(servers = told.len(), "whose loss was told is written down"),
            Err(error) => tracing::warn!(%error, "whose loss was told could not be written down"),
        }
    }
}

/// Returns when a pause is over; never without one.
async fn over(pause: Option<Duration>) {
    match pause {
        Some(pause) => SystemClock.sleep(pause).await,
        None => future::pending().await,
    }
}

/// Does what the person clicks.
async fn obey(
    desktop: AppHandle,
    mut clicks: UnboundedReceiver<Click>,
    attention: watch::Receiver<Attention>,
) {
    while let Some(click) = clicks.recv().await {
        match click {
            Click::Open => window::show(&desktop),
            Click::Snooze => snooze(&desktop).await,
            Click::Reconnect(named) => {
                let now = attention.borrow().clone();
                let losses = now.losses();
                reconnect(&desktop, still_lost(named.as_deref(), &losses)).await;
            }
        }
    }
}

/// Finds the server that the notification named, if it is still lost. Nobody has clicked on another one that lost
/// its sign-in meanwhile (S14).
fn still_lost<'a>(named: Option<&str>, losses: &'a [Loss<'a>]) -> Option<&'a Loss<'a>> {
    losses.iter().find(|loss| Some(loss.id) == named)
}

/// Begins the sign-in of a server as the window's button does, at its page: what comes of it is said there. Without a
/// server, shows who they are.
async fn reconnect(desktop: &AppHandle, server: Option<&Loss<'_>>) {
    let Some(server) = server else {
        return window::show(desktop);
    };
    window::show_server(desktop, server.id);
    if server.by_sign_in {
        let begun = ask(desktop, "connect", json!({ "id": server.id })).await;
        if let Err(error) = begun {
            tracing::warn!(%error, "the sign-in could not begin");
        }
    }
}

/// Makes a call as the window does.
async fn ask(desktop: &AppHandle, name: &str, argument: Value) -> Result<Value, AppError> {
    let app = desktop.state::<Core>().app(desktop).await?;
    app.call(json!({ "name": name, "argument": argument })).await
}

fn notice(losses: &[Loss<'_>]) -> Notice {
    let (words, count) = (Words::english(), losses.len());
    let by_sign_in = losses.iter().any(|loss| loss.by_sign_in);
    let title = match losses {
        [only] if only.by_sign_in => words.say_with("notification-reconnect-one", "server", only.name),
        [only] => words.say_with("notification-key-one", "server", only.name),
        _ if by_sign_in => words.say_with("notification-reconnect-several", "count", count),
        _ => words.say_with("notification-key-several", "count", count),
    };
    let (body, body_alone, way) = if by_sign_in {
        (
            "notification-body",
            "notification-body-alone",
            "notification-reconnect",
        )
    } else {
        (
            "notification-key-body",
            "notification-key-body-alone",
            "notification-show",
        )
    };
    Notice {
        title,
        body: words.say_with(body, "count", count),
        body_alone: words.say_with(body_alone, "count", count),
        labels: Labels {
            open: words.say("tray-open"),
            deeds: Some(Deeds {
                reconnect: words.say(way),
                snooze: words.say("tray-snooze"),
            }),
        },
        server: match losses {
            [only] => Some(only.id.to_owned()),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(id: &'static str, by_sign_in: bool) -> Loss<'static> {
        let name = "Linear";
        Loss { id, name, by_sign_in }
    }

    fn way(notice: &Notice) -> &str {
        let deeds = notice.labels.deeds.as_ref();
        &deeds.expect("there is a way back").reconnect
    }

    #[test]
    fn one_is_named_and_several_are_counted() {
        let one = notice(&[loss("1", true)]);
        assert!(one.title.contains("Linear"), "{}", one.title);
        assert_eq!(way(&one), "Reconnect");
        let several = notice(&[loss("1", true), loss("2", true), loss("3", false)]);
        assert!(several.title.contains('3'), "{}", several.title);
        assert_ne!(one.body, several.body);
        for notice in [one, several] {
            assert!(
                notice.body_alone.contains("Usher"),
                "it says where to go: {}",
                notice.body_alone
            );
        }
    }

    #[test]
    fn a_refused_key_is_shown_and_not_reconnected() {
        for several in [1, 2] {
            let keys = notice(&vec![loss("1", false); several]);
            for said in [&keys.title, &keys.body, &keys.body_alone] {
                assert!(said.contains("key") && !said.contains("econnect"), "{said}");
            }
            assert_ne!(way(&keys), "Reconnect");
        }
    }

    #[test]
    fn s14_a_click_reconnects_whom_the_notification_named_and_nobody_else() {
        let named = |losses: &[Loss<'_>]| notice(losses).server;
        let (one, other) = (loss("1", true), loss("2", true));
        let clicked = named(&[one]);
        let found =
            |losses: &[Loss<'_>]| still_lost(clicked.as_deref(), losses).map(|loss| loss.id.to_owned());
        assert_eq!(found(&[one]).as_deref(), Some("1"));
        assert_eq!(
            found(&[one, other]).as_deref(),
            Some("1"),
            "another one is lost too"
        );
        assert_eq!(found(&[other]), None, "another one is lost instead");
        assert_eq!(found(&[]), None, "all are well");
        let several = named(&[one, other]);
        assert_eq!(still_lost(several.as_deref(), &[other]), None, "it named none");
    }
}
