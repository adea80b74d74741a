//! The notification that some servers need the person: one for all of them, once for each time it happens.

use std::{collections::BTreeSet, time::Duration};

use tauri::AppHandle;
use tauri_plugin_notification::NotificationExt;
use tokio::sync::watch;
use usher_core::ports::{Clock, SystemClock};

use crate::{attention::Attention, window, words::Words};

/// How long news is gathered before it is told, so that many servers make one notification.
const GATHER: Duration = Duration::from_secs(2);

/// Lets a click on a notification show the window.
pub fn set_up(app: &AppHandle) {
    let desktop = app.clone();
    let heard = app.notification().on_action(move |_| window::show(&desktop));
    if let Err(error) = heard {
        tracing::warn!(%error, "clicks on notifications are not heard");
    }
}

/// Rings once for each time a server loses its sign-in.
pub struct Bell(watch::Sender<Attention>);

impl Bell {
    /// Makes a bell that has not rung yet.
    pub fn start(app: AppHandle) -> Self {
        let (told, heard) = watch::channel(Attention::default());
        tauri::async_runtime::spawn(listen(app, heard));
        Self(told)
    }

    /// Tells it how things are now.
    pub fn tell(&self, attention: Attention) {
        self.0.send_replace(attention);
    }
}

async fn listen(app: AppHandle, mut attention: watch::Receiver<Attention>) {
    let mut known = Known::default();
    while attention.changed().await.is_ok() {
        SystemClock.sleep(GATHER).await;
        let lost = attention.borrow_and_update().lost();
        if known.is_news(&lost) && !window::is_in_front(&app) {
            show(&app, lost.len());
        }
    }
}

fn show(app: &AppHandle, count: usize) {
    let words = Words::english();
    let shown = app
        .notification()
        .builder()
        .title(words.say_with("notification-reconnect-title", "count", count))
        .body(words.say_with("notification-reconnect-body", "count", count))
        .show();
    if let Err(error) = shown {
        tracing::warn!(%error, "the notification could not be shown");
    }
}

/// The servers the person has been told about.
#[derive(Default)]
struct Known(BTreeSet<String>);

impl Known {
    /// Returns whether a server is among them that the person has not been told about since it was last well.
    fn is_news(&mut self, lost: &BTreeSet<String>) -> bool {
        let news = !lost.is_subset(&self.0);
        self.0.clone_from(lost);
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(ids: &[&str]) -> BTreeSet<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    #[test]
    fn the_same_state_is_told_once() {
        let mut known = Known::default();
        assert!(known.is_news(&servers(&["1"])), "the first time it is news");
        assert!(!known.is_news(&servers(&["1"])), "the second time it is not");
        assert!(!known.is_news(&servers(&[])), "getting well is none either");
        assert!(known.is_news(&servers(&["1"])), "losing it again is");
    }

    #[test]
    fn one_more_server_is_news_and_one_less_is_not() {
        let mut known = Known::default();
        known.is_news(&servers(&["1", "2"]));
        assert!(!known.is_news(&servers(&["2"])), "one got well");
        assert!(known.is_news(&servers(&["2", "3"])), "another one was lost");
    }
}
