//! The desktop's panel: its tray and its notifications.

use std::{path::Path, process::Stdio};

use serde::Deserialize;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::Mutex,
};

use crate::wait::until;

/// A notification as it was shown.
#[derive(Debug, Deserialize)]
pub struct Notification {
    /// What the panel numbers it; one that takes another's place has its number.
    pub number: u32,
    /// The number of the one whose place it is to take, as the app says; 0 if it is to take none.
    pub replaces: u32,
    /// Its first line.
    pub title: String,
    /// What it says below.
    pub body: String,
    /// The names of what can be done about it.
    pub actions: Vec<String>,
}

impl Notification {
    /// Returns whether nothing can be done about it but to open the window.
    fn is_hint(&self) -> bool {
        self.actions == ["default"]
    }
}

/// A panel that keeps what it is given.
pub struct Panel {
    pipes: Mutex<(ChildStdin, Lines<BufReader<ChildStdout>>)>,
    process: Child,
}

impl Panel {
    /// Starts it on the session's bus.
    pub async fn start() -> Self {
        let mut process = Command::new("/usr/bin/python3")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("window/panel.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the panel starts");
        let input = process.stdin.take().expect("its input is piped");
        let mut lines = BufReader::new(process.stdout.take().expect("its output is piped")).lines();
        lines.next_line().await.expect("it says that it is ready");
        Self {
            pipes: Mutex::new((input, lines)),
            process,
        }
    }

    /// Ends it, with all that it shows.
    pub async fn end(mut self) {
        self.process.kill().await.expect("the panel is killed");
    }

    /// Waits until the tray's menu has an entry.
    pub async fn offers(&self, label: &str) {
        until(&format!("{label:?} in the tray"), async || {
            let menu = self.ask("menu").await;
            menu.as_array()?.iter().any(|entry| entry == label).then_some(())
        })
        .await;
    }

    /// Chooses an entry of the tray's menu.
    pub async fn choose(&self, label: &str) {
        let question = format!("click {label}");
        until(&format!("{label:?} in the tray"), async || {
            (self.ask(&question).await == true).then_some(())
        })
        .await;
    }

    /// Waits until the icon's app has gone.
    pub async fn is_left_alone(&self) {
        until("the icon to go", async || {
            self.ask("menu").await.is_null().then_some(())
        })
        .await;
    }

    /// Waits until the tray's menu no longer has an entry.
    pub async fn offers_no_more(&self, label: &str) {
        until(&format!("{label:?} to leave the tray"), async || {
            let menu = self.ask("menu").await;
            (!menu.as_array()?.iter().any(|entry| entry == label)).then_some(())
        })
        .await;
    }

    /// Gives every notification so far, without the hints.
    pub async fn notifications(&self) -> Vec<Notification> {
        self.shown(|one| !one.is_hint()).await
    }

    /// Gives every hint so far.
    pub async fn hints(&self) -> Vec<Notification> {
        self.shown(Notification::is_hint).await
    }

    /// Waits for a hint.
    pub async fn hints_that(&self, title: &str) {
        until(&format!("the hint {title:?}"), async || {
            self.hints()
                .await
                .iter()
                .any(|one| one.title == title)
                .then_some(())
        })
        .await;
    }

    async fn shown(&self, which: impl Fn(&Notification) -> bool) -> Vec<Notification> {
        let shown = self.ask("notifications").await;
        let mut shown: Vec<Notification> = serde_json::from_value(shown).expect("a list of notifications");
        shown.retain(which);
        shown
    }

    /// Shows the next notification to nobody.
    pub async fn refuses_once(&self) {
        assert_eq!(self.ask("refuse").await, true, "the panel listens");
    }

    /// Waits for the `count`th notification, and gives it. There is none after it yet.
    pub async fn notified(&self, count: usize) -> Notification {
        let mut shown = until("a notification", async || {
            let shown = self.notifications().await;
            (shown.len() >= count).then_some(shown)
        })
        .await;
        assert_eq!(shown.len(), count, "no more than that: {shown:?}");
        shown.remove(count - 1)
    }

    /// Clicks an action of a notification.
    pub async fn invoke(&self, notification: &Notification, action: &str) {
        let question = format!("invoke {} {action}", notification.number);
        assert_eq!(self.ask(&question).await, true, "the panel tells of the click");
    }

    /// Waits until the app has taken a notification down.
    pub async fn loses(&self, notification: &Notification) {
        until(
            &format!("{:?} to be taken down", notification.title),
            async || {
                let closed = self.ask("closed").await;
                let closed = closed.as_array()?;
                closed
                    .iter()
                    .any(|number| *number == notification.number)
                    .then_some(())
            },
        )
        .await;
    }

    async fn ask(&self, question: &str) -> Value {
        let mut pipes = self.pipes.lock().await;
        let (input, lines) = &mut *pipes;
        input
            .write_all(format!("{question}\n").as_bytes())
            .await
            .expect("the panel listens");
        let line = lines
            .next_line()
            .await
            .expect("the panel answers")
            .unwrap_or_default();
        serde_json::from_str(&line).expect("it answers in JSON")
    }
}
