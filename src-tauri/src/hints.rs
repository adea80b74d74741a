//! Quiet notifications, one at a time: that the app goes on without its window, and that it has locked itself. A click opens
//! the window.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use serde_json::json;
use tauri::{AppHandle, Manager, async_runtime};
use tokio::sync::{
    Notify,
    mpsc::{UnboundedReceiver, unbounded_channel},
};
use usher_core::api::contract::AppError;

use crate::{
    core::Core,
    doors::{Click, Labels, Notice, Notifier},
    guard::{self, Guard, Hint},
    tray, window,
    words::Words,
};

/// What is hinted at, and whether the person knows it already.
pub struct Hints {
    notifier: Notifier,
    /// The person has just chosen to lock it.
    chosen: AtomicBool,
}

impl Hints {
    /// Begins to hear clicks; shows nothing yet.
    pub fn start(desktop: &AppHandle) {
        let (clicked, clicks) = unbounded_channel();
        // One that could not be shown is not tried again: the tray's menu says the same.
        let notifier = Notifier::new(clicked, Arc::new(Notify::new()));
        desktop.manage(Self {
            notifier,
            chosen: AtomicBool::new(false),
        });
        async_runtime::spawn(obey(desktop.clone(), clicks));
    }

    async fn show(&self, what: &str) {
        self.notifier.show(&notice(what)).await;
    }
}

/// Says that it has locked itself, where the person neither did that nor sees it, and takes that back.
pub async fn guard_changed(desktop: &AppHandle, before: Guard, now: Guard) {
    let hints = desktop.state::<Hints>();
    let chosen = now == Guard::Locked && hints.chosen.swap(false, Ordering::Relaxed);
    let is_known = chosen || window::is_in_sight(desktop).await;
    match guard::hint(before, now, is_known) {
        Hint::Nothing => {}
        Hint::Tell => hints.show("locked").await,
        Hint::TakeBack => hints.notifier.close().await,
    }
}

/// Locks it: the person has clicked that.
pub async fn lock(desktop: &AppHandle) {
    let hints = desktop.state::<Hints>();
    hints.chosen.store(true, Ordering::Relaxed);
    if let Err(error) = ask_to_lock(desktop).await {
        hints.chosen.store(false, Ordering::Relaxed);
        tracing::warn!(%error, "it could not be locked");
        window::show(desktop);
    }
}

/// Says once that the app goes on without its window, where there is a tray to find it in.
pub fn window_closed(desktop: &AppHandle) {
    if tray::is_there(desktop) {
        let desktop = desktop.clone();
        async_runtime::spawn(async move {
            if let Err(error) = say_that_it_goes_on(&desktop).await {
                tracing::warn!(%error, "nobody is told that the app goes on");
            }
        });
    }
}

/// Takes down what is shown, as nobody would hear a click on it.
pub async fn take_down(desktop: &AppHandle) {
    desktop.state::<Hints>().notifier.close().await;
}

async fn say_that_it_goes_on(desktop: &AppHandle) -> Result<(), AppError> {
    let app = desktop.state::<Core>().app(desktop).await?;
    if !app.told_of_going_on().await? {
        desktop.state::<Hints>().show("going-on").await;
        app.remember_told_of_going_on().await?;
    }
    Ok(())
}

async fn ask_to_lock(desktop: &AppHandle) -> Result<(), AppError> {
    let app = desktop.state::<Core>().app(desktop).await?;
    let locked = app.call(json!({ "name": "lockVault", "argument": null })).await;
    locked.map(drop)
}

async fn obey(desktop: AppHandle, mut clicks: UnboundedReceiver<Click>) {
    while clicks.recv().await.is_some() {
        window::show(&desktop);
    }
}

fn notice(what: &str) -> Notice {
    let words = Words::english();
    Notice {
        title: words.say(&format!("hint-{what}")),
        body: words.say(&format!("hint-{what}-body")),
        body_alone: words.say(&format!("hint-{what}-body")),
        labels: Labels {
            open: words.say("tray-open"),
            deeds: None,
        },
        server: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hint_has_its_words_and_offers_nothing_but_the_window() {
        for what in ["locked", "going-on"] {
            let notice = notice(what);
            for said in [&notice.title, &notice.body] {
                assert!(!said.starts_with("hint-"), "{said} has a sentence");
            }
            assert_eq!(notice.labels.deeds, None);
        }
    }
}
