//! The desktop's panel: its tray and its notifications.

use std::{path::Path, process::Stdio};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::Mutex,
};

use crate::wait::until;

/// A panel that keeps what it is given.
pub struct Panel {
    pipes: Mutex<(ChildStdin, Lines<BufReader<ChildStdout>>)>,
    _process: Child,
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
            _process: process,
        }
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

    /// Gives title and body of every notification so far.
    pub async fn notifications(&self) -> Vec<(String, String)> {
        let shown = self.ask("notifications").await;
        serde_json::from_value(shown).expect("pairs of title and body")
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
