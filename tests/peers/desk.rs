//! A person's desk: the app on a folder of its own, and a browser that says yes.

use std::{path::Path, sync::Arc, time::Duration};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{task::JoinHandle, time::timeout};
use usher_core::{
    api::{App, Doors, Settings},
    ports::SystemClock,
    sign_in::DeepLink,
};
use usher_tests::{Arrival, Decision, MemoryKeychain, Person};

/// Longer than any peer takes; a peer that hangs must not hang the run.
const LIMIT: Duration = Duration::from_secs(60);

/// The app, with what outlives it when it is started again.
pub struct Desk {
    running: Running,
    keychain: MemoryKeychain,
    earlier_pages: usize,
    folder: TempDir,
}

/// One life of the app, and the person who answers its pages.
struct Running {
    app: App,
    person: Person,
    links: JoinHandle<()>,
}

impl Running {
    async fn start(folder: &Path, keychain: MemoryKeychain) -> Self {
        let (person, mut arrivals) = Person::who(Decision::Allow);
        let doors = Doors {
            clock: Arc::new(SystemClock),
            browser: Arc::new(person.clone()),
            keychain: Arc::new(keychain),
        };
        let settings = Settings {
            data_directory: folder.join("data"),
            deep_link: DeepLink::Ours,
            client_metadata: None,
        };
        let app = App::start(doors, settings).await.expect("the app starts");
        let linked = app.clone();
        let links = tokio::spawn(async move {
            while let Some(arrival) = arrivals.recv().await {
                if let Arrival::Link(link) = arrival {
                    linked.deep_link(&link).await;
                }
            }
        });
        Self { app, person, links }
    }
}

impl Desk {
    /// Starts the app for the first time.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let keychain = MemoryKeychain::default();
        Self {
            running: Running::start(folder.path(), keychain.clone()).await,
            keychain,
            earlier_pages: 0,
            folder,
        }
    }

    /// Ends the app and starts it again on the same data.
    pub async fn restart(self) -> Self {
        let earlier_pages = self.pages();
        let Running { app, links, .. } = self.running;
        links.abort();
        // It was told to end; how it did is of no interest.
        let _ = links.await;
        app.shutdown().await;
        drop(app);
        let running = Running::start(self.folder.path(), self.keychain.clone()).await;
        Self {
            running,
            earlier_pages,
            ..self
        }
    }

    /// Asks the app as its window does.
    pub async fn call(&self, name: &str, argument: Value) -> Value {
        let answer = self
            .running
            .app
            .call(json!({ "name": name, "argument": argument }))
            .await;
        answer.unwrap_or_else(|error| panic!("{name} failed: {error:?}"))
    }

    /// Adds a server and connects; returns its identifier.
    pub async fn connect(&self, url: &str) -> String {
        let new = json!({ "name": "peer", "url": url, "authKind": null, "headers": [] });
        let server = self.call("addServer", new).await;
        self.call("connect", json!({ "id": server["id"] })).await;
        server["id"]
            .as_str()
            .expect("a server has an identifier")
            .to_owned()
    }

    /// Waits until the server is ready.
    pub async fn ready(&self, id: &str) {
        let mut events = self.running.app.events();
        let waited = timeout(LIMIT, async {
            while self.server(id).await["state"]["kind"] != "ready" {
                // Lagging behind is no reason to stop: the next snapshot tells.
                let _ = events.recv().await;
            }
        });
        if waited.await.is_err() {
            panic!("the server never became ready: {}", self.server(id).await);
        }
    }

    /// Gives the server as the window sees it.
    pub async fn server(&self, id: &str) -> Value {
        let snapshot = self.call("snapshot", Value::Null).await;
        let servers = snapshot["servers"].as_array().expect("a snapshot lists servers");
        servers
            .iter()
            .find(|server| server["id"] == id)
            .cloned()
            .expect("the server is in the list")
    }

    /// Gives the names of the server's tools.
    pub async fn tools(&self, id: &str) -> Vec<String> {
        let tools = self.call("tools", json!({ "id": id })).await;
        let tools = tools["tools"].as_array().expect("a list of tools");
        tools
            .iter()
            .filter_map(|tool| tool["name"].as_str().map(str::to_owned))
            .collect()
    }

    /// Runs a tool and gives the first text of its answer.
    pub async fn run(&self, id: &str, tool: &str, arguments: Value) -> String {
        let call = json!({ "server": id, "tool": tool, "arguments": arguments });
        let answer = self.call("callTool", call).await;
        answer["content"][0]["text"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Counts the pages that were opened.
    pub fn pages(&self) -> usize {
        self.earlier_pages + self.running.person.opened().len()
    }
}
