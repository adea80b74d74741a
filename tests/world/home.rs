//! A person's machine: a data directory, a keychain, a clock, a browser, and the app.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    sync::{broadcast::error::RecvError, mpsc::UnboundedReceiver, watch},
    task::AbortHandle,
};
use usher_core::{
    api::{App, Doors, Settings, contract::AppError},
    base::ClientId,
    ports::{Clock, Keychain, Network, SystemClock},
    sign_in::DeepLink,
};

use crate::{Arrival, Decision, HandNetwork, MemoryKeychain, Person};

/// No story takes this long: a wait that does is one for something that never happens.
const GUARD: Duration = Duration::from_secs(30);

/// What a machine is made of.
pub struct Furniture {
    /// What the person does on the provider's page.
    pub decision: Decision,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Whether there is a way out.
    pub network: Arc<dyn Network>,
    /// The keychain.
    pub keychain: Arc<dyn Keychain>,
    /// Whether links of our scheme come back to the app.
    pub deep_link: DeepLink,
    /// Whether the system hands them over at once; if not, the story does.
    pub delivers: bool,
    /// Our client ID metadata document, if one is published.
    pub client_metadata: Option<ClientId>,
}

impl Default for Furniture {
    /// Everything works and the person consents.
    fn default() -> Self {
        Self {
            decision: Decision::Allow,
            clock: Arc::new(SystemClock),
            network: Arc::new(HandNetwork::default()),
            keychain: Arc::new(MemoryKeychain::default()),
            deep_link: DeepLink::Ours,
            delivers: true,
            client_metadata: None,
        }
    }
}

/// Everything that reached the window, as text.
type Transcript = Arc<Mutex<Vec<String>>>;

/// A machine with a running app. What is on disk goes when it is dropped.
pub struct Home {
    _directory: TempDir,
    doors: Doors,
    person: Person,
    settings: Settings,
    app: watch::Sender<App>,
    arrivals: watch::Receiver<Vec<Arrival>>,
    heard: Transcript,
    listener: AbortHandle,
}

impl Home {
    /// Moves in where everything works.
    pub async fn new(decision: Decision) -> Self {
        Self::with(Furniture {
            decision,
            ..Furniture::default()
        })
        .await
    }

    /// Moves in.
    pub async fn with(furniture: Furniture) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let (person, stream) = Person::who(furniture.decision);
        let doors = Doors {
            clock: furniture.clock,
            network: furniture.network,
            browser: Arc::new(person.clone()),
            keychain: furniture.keychain,
        };
        let settings = Settings {
            data_directory: directory.path().join("data"),
            deep_link: furniture.deep_link,
            client_metadata: furniture.client_metadata,
            exports: directory.path().join("downloads"),
        };
        fs::create_dir(&settings.exports).expect("a folder for files");
        let app = App::start(doors.clone(), settings.clone()).await;
        let app = app.expect("the app starts");
        let heard = Transcript::default();
        let listener = listen(&app, heard.clone());
        let app = watch::Sender::new(app);
        let arrivals = pump(stream, app.subscribe(), furniture.delivers);
        Self {
            _directory: directory,
            doors,
            person,
            settings,
            app,
            arrivals,
            heard,
            listener,
        }
    }

    /// Shuts the app down and starts it again on the same directory and keychain.
    pub async fn restart(&mut self) {
        self.app().shutdown().await;
        self.listener.abort();
        let app = App::start(self.doors.clone(), self.settings.clone())
            .await
            .expect("the app starts again");
        self.listener = listen(&app, self.heard.clone());
        self.app.send_replace(app);
    }

    /// Gives the person.
    pub const fn person(&self) -> &Person {
        &self.person
    }

    /// Gives the running app.
    pub fn app(&self) -> App {
        self.app.borrow().clone()
    }

    /// Gives where the data lies.
    pub fn data(&self) -> PathBuf {
        self.settings.data_directory.clone()
    }

    /// Gives where files for the person are put.
    pub fn exports(&self) -> PathBuf {
        self.settings.exports.clone()
    }

    /// Makes a call as the window does.
    pub async fn call(&self, name: &str, argument: Value) -> Result<Value, AppError> {
        let answer = self
            .app()
            .call(json!({ "name": name, "argument": argument }))
            .await;
        note(&self.heard, &format!("{answer:?}"));
        answer
    }

    /// Makes a call that must be answered well.
    pub async fn good(&self, name: &str, argument: Value) -> Value {
        let answer = self.call(name, argument).await;
        answer.unwrap_or_else(|error| panic!("{name} failed: {error:?}"))
    }

    /// Adds a server and gives its identifier.
    pub async fn add(&self, url: &str) -> String {
        self.add_with_headers(url, json!([])).await
    }

    /// Adds a server with headers, such as an API key, and gives its identifier.
    pub async fn add_with_headers(&self, url: &str, headers: Value) -> String {
        let new = json!({ "name": "", "url": url, "authKind": null, "headers": headers });
        let added = self.good("addServer", new).await;
        added["id"]
            .as_str()
            .expect("a server has an identifier")
            .to_owned()
    }

    /// Presses Connect.
    pub async fn connect(&self, server: &str) {
        self.good("connect", json!({ "id": server })).await;
    }

    /// Presses Connect and waits until the sign-in has ended; gives its outcome.
    pub async fn sign_in(&self, server: &str) -> Value {
        self.connect(server).await;
        self.outcome(server).await
    }

    /// Waits until the sign-in of a server has ended and gives its outcome.
    pub async fn outcome(&self, server: &str) -> Value {
        let ended = self
            .until(server, |server| !server["lastOutcome"].is_null())
            .await;
        ended["lastOutcome"].clone()
    }

    /// Waits until the browser was sent to the provider's page (or could not be); gives the server.
    pub async fn at_the_page(&self, server: &str) -> Value {
        self.until(server, |server| server["signIn"]["stage"]["kind"] == "browser")
            .await
    }

    /// Gives a server as the window shows it.
    pub async fn server(&self, id: &str) -> Value {
        let snapshot = self.good("snapshot", Value::Null).await;
        let mut servers = snapshot["servers"].as_array().into_iter().flatten();
        let found = servers.find(|server| server["id"] == id).cloned();
        found.unwrap_or_default()
    }

    /// Waits until a server is as asked for.
    pub async fn until(&self, id: &str, is: impl Fn(&Value) -> bool) -> Value {
        let waiting = async {
            let mut events = self.app().events();
            loop {
                let server = self.server(id).await;
                if is(&server) {
                    return server;
                }
                // A window that lagged behind looks again, as after any event.
                let closed = matches!(events.recv().await, Err(RecvError::Closed));
                assert!(!closed, "the app ended while a story waited: {server}");
            }
        };
        match tokio::time::timeout(GUARD, waiting).await {
            Ok(server) => server,
            Err(_) => panic!("it never came to that: {:#}", self.server(id).await),
        }
    }

    /// Waits until the window shows that there is a network, or that there is none.
    pub async fn network(&self, is: &str) {
        let waiting = async {
            let mut events = self.app().events();
            while self.good("snapshot", Value::Null).await["network"] != is {
                let closed = matches!(events.recv().await, Err(RecvError::Closed));
                assert!(!closed, "the app ended while a story waited");
            }
        };
        let waited = tokio::time::timeout(GUARD, waiting).await;
        waited.unwrap_or_else(|_| panic!("the network never was {is}"));
    }

    /// Waits until a server's connection is in a state; gives the server.
    pub async fn state(&self, id: &str, kind: &str) -> Value {
        self.until(id, |server| server["state"]["kind"] == kind).await
    }

    /// Gives the names of a server's tools.
    pub async fn tools(&self, id: &str) -> Vec<String> {
        let tools = self.good("tools", json!({ "id": id })).await;
        let tools = tools["tools"].as_array().into_iter().flatten();
        tools
            .filter_map(|tool| tool["name"].as_str().map(str::to_owned))
            .collect()
    }

    /// Runs a tool.
    pub async fn run(&self, id: &str, tool: &str, arguments: Value) -> Result<Value, AppError> {
        let call = json!({ "server": id, "tool": tool, "arguments": arguments });
        self.call("callTool", call).await
    }

    /// Runs a tool of the world's servers that says back what it is told.
    pub async fn echo(&self, id: &str, message: &str) -> Result<Value, AppError> {
        self.run(id, "echo", json!({ "message": message })).await
    }

    /// Waits for the browser to have ended somewhere `count` times and gives the last place.
    pub async fn arrival(&self, count: usize) -> Arrival {
        let mut arrivals = self.arrivals.clone();
        let arrived = tokio::time::timeout(GUARD, arrivals.wait_for(|places| places.len() >= count));
        let places = arrived.await.expect("the browser never got there");
        let places = places.expect("the pump runs as long as the home stands");
        places[count - 1].clone()
    }

    /// Waits for the `count`th link that the browser ended at.
    pub async fn link(&self, count: usize) -> String {
        match self.arrival(count).await {
            Arrival::Link(link) => link,
            Arrival::Page(status, text) => panic!("the browser ended at a page: {status} {text}"),
        }
    }

    /// Gives everything that reached the window so far: answers and events.
    pub fn heard(&self) -> String {
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .join("\n")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

fn note(heard: &Transcript, text: &str) {
    heard
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(text.to_owned());
}

/// Writes down every event.
fn listen(app: &App, heard: Transcript) -> AbortHandle {
    let mut events = app.events();
    let task = tokio::spawn(async move {
        while let Ok(event) = events.recv().await {
            note(&heard, &format!("{event:?}"));
        }
    });
    task.abort_handle()
}

/// Does what the system does: hands links of our scheme to the app that runs now.
fn pump(
    mut stream: UnboundedReceiver<Arrival>,
    app: watch::Receiver<App>,
    delivers: bool,
) -> watch::Receiver<Vec<Arrival>> {
    let (places, arrivals) = watch::channel(Vec::new());
    tokio::spawn(async move {
        while let Some(arrival) = stream.recv().await {
            places.send_modify(|places: &mut Vec<Arrival>| places.push(arrival.clone()));
            if let (Arrival::Link(link), true) = (&arrival, delivers) {
                let app = app.borrow().clone();
                app.deep_link(link).await;
            }
        }
    });
    arrivals
}
