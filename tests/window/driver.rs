//! WebDriver, spoken to WebKit's own driver (W3C WebDriver), attached to an app that is already running.

use std::process::Stdio;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::wait::until;

/// The key under which WebDriver names an element (W3C WebDriver §12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A session with the page in the window.
pub struct Driver {
    http: reqwest::Client,
    base: String,
    session: String,
    _process: Child,
}

impl Driver {
    /// Attaches to the app whose inspector listens at `target`.
    pub async fn attach(target: &str, port: u16) -> Self {
        let process = Command::new("WebKitWebDriver")
            .args([format!("--port={port}"), format!("--target={target}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("WebKitWebDriver starts");
        let mut driver = Self {
            http: usher_tests::client(),
            base: format!("http://127.0.0.1:{port}"),
            session: String::new(),
            _process: process,
        };
        driver.session = until("a session with the window", async || driver.begin().await).await;
        driver
    }

    async fn begin(&self) -> Option<String> {
        let wish = json!({ "capabilities": { "alwaysMatch": {} } });
        let answer = self
            .http
            .post(format!("{}/session", self.base))
            .json(&wish)
            .send()
            .await
            .ok()?;
        let answer: Value = answer.json().await.ok()?;
        answer["value"]["sessionId"].as_str().map(str::to_owned)
    }

    /// Goes on with the window that is there now, after another was closed.
    pub async fn switch(&self) {
        until("a window to switch to", async || {
            let handles = self.get("/window/handles").await?;
            let handle = handles.as_array()?.last()?.clone();
            self.post("/window", json!({ "handle": handle })).await
        })
        .await;
    }

    /// Finds all elements of an XPath expression.
    pub async fn find(&self, path: &str) -> Vec<String> {
        let found = self
            .post("/elements", json!({ "using": "xpath", "value": path }))
            .await;
        let found = found
            .as_ref()
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        found
            .iter()
            .filter_map(|element| Some(element[ELEMENT].as_str()?.to_owned()))
            .collect()
    }

    /// Clicks an element as a mouse would; `None` if it is gone, covered or cannot be clicked.
    pub async fn click(&self, element: &str) -> Option<()> {
        self.post(&format!("/element/{element}/click"), json!({}))
            .await
            .map(|_| ())
    }

    /// Empties a field and types into it.
    pub async fn fill(&self, element: &str, text: &str) -> Option<()> {
        self.post(&format!("/element/{element}/clear"), json!({})).await?;
        self.post(&format!("/element/{element}/value"), json!({ "text": text }))
            .await
            .map(|_| ())
    }

    /// Returns all text that is shown.
    pub async fn text(&self) -> Option<String> {
        let text = self.run("return document.body.innerText").await?;
        text.as_str().map(str::to_owned)
    }

    /// Runs a function body in the page.
    pub async fn run(&self, script: &str) -> Option<Value> {
        self.post("/execute/sync", json!({ "script": script, "args": [] }))
            .await
    }

    /// Returns once two frames have been painted.
    pub async fn painted(&self) -> Option<()> {
        let script =
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done(1)))";
        let done = self
            .post("/execute/async", json!({ "script": script, "args": [] }))
            .await;
        done.map(|_| ())
    }

    /// Takes a picture of the page once it has been painted, as PNG.
    pub async fn picture(&self) -> Option<Vec<u8>> {
        self.painted().await?;
        STANDARD.decode(self.get("/screenshot").await?.as_str()?).ok()
    }

    async fn get(&self, path: &str) -> Option<Value> {
        let url = format!("{}/session/{}{path}", self.base, self.session);
        value(self.http.get(url).send().await.ok()?).await
    }

    async fn post(&self, path: &str, body: Value) -> Option<Value> {
        let url = format!("{}/session/{}{path}", self.base, self.session);
        value(self.http.post(url).json(&body).send().await.ok()?).await
    }
}

async fn value(answer: reqwest::Response) -> Option<Value> {
    let fine = answer.status().is_success();
    let mut answer: Value = answer.json().await.ok()?;
    fine.then(|| answer["value"].take())
}
