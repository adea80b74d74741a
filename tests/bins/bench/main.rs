//! Figures about the core, measured on real sockets and a real file: how many round trips a sign-in takes, and how
//! much of its time is the app's own, what a bearer and a refresh cost, and how a start grows with the servers. Each figure
//! stands beside something measured in the same run.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench measures time and prints it"
)]

mod crowd;

use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::broadcast;
use usher_core::{
    api::{
        App, Doors, Settings,
        contract::{AppError, Event, EventBody, ServerState},
    },
    ports::SystemClock,
    sign_in::DeepLink,
};
use usher_tests::{
    Arrival, AuthorizationServer, Consent, Decision, Door, HandNetwork, McpServer, MemoryKeychain, Person,
    Ways, client,
};

/// How many sign-ins are measured.
const ROUNDS: usize = 30;
/// How many servers there are, each with three accounts.
const CROWDS: [usize; 3] = [10, 100, 1000];

#[tokio::main]
async fn main() -> io::Result<()> {
    let authorization = AuthorizationServer::open(Ways {
        consent: Consent::Instant,
        ..Ways::default()
    })
    .await;
    let mut sign_ins = Vec::with_capacity(ROUNDS);
    let mut trips = Vec::new();
    for _ in 0..ROUNDS {
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let before = authorization.seen().all().len();
        let took = sign_in(&server).await.map_err(io::Error::other)?;
        trips = authorization.seen().lines().split_off(before);
        trips.extend(server.seen().lines());
        sign_ins.push(took);
    }
    let bare = bare_requests(&authorization, trips.len()).await;
    println!("From Connect to tools listed, {} requests arrive:", trips.len());
    trips.iter().for_each(|line| println!("  {line}"));
    println!("Whole sign-in, {ROUNDS} rounds:           {}", spread(sign_ins));
    println!(
        "{} bare requests, {ROUNDS} rounds:       {}",
        trips.len(),
        spread(bare)
    );
    println!(
        "The difference is the app's own: keys, seals, durable writes, and the way through the browser."
    );
    for servers in CROWDS {
        crowd::measure(servers).await;
    }
    Ok(())
}

/// Adds the server to a new profile and measures from Connect to tools listed.
async fn sign_in(server: &McpServer) -> Result<Duration, AppError> {
    let directory = tempfile::tempdir().expect("a temporary folder");
    let (person, mut arrivals) = Person::who(Decision::Allow);
    let app = start(&directory, person, MemoryKeychain::default()).await?;
    let links = app.clone();
    tokio::spawn(async move {
        while let Some(Arrival::Link(link)) = arrivals.recv().await {
            links.deep_link(&link).await;
        }
    });
    let new = json!({ "name": "", "url": server.url(), "authKind": null, "headers": [] });
    let id = call(&app, "addServer", new).await?["id"].clone();
    let mut events = app.events();
    let begun = Instant::now();
    call(&app, "connect", json!({ "id": id })).await?;
    ready(&mut events).await;
    let took = begun.elapsed();
    app.shutdown().await;
    Ok(took)
}

/// Starts the app in the folder `data`.
async fn start(directory: &TempDir, person: Person, keychain: MemoryKeychain) -> Result<App, AppError> {
    let doors = Doors {
        clock: Arc::new(SystemClock),
        network: Arc::new(HandNetwork::default()),
        browser: Arc::new(person),
        keychain: Arc::new(keychain),
    };
    let data_directory = directory.path().join("data");
    let settings = Settings {
        exports: directory.path().to_owned(),
        data_directory,
        deep_link: DeepLink::Ours,
        client_metadata: None,
    };
    App::start(doors, settings).await
}

async fn ready(events: &mut broadcast::Receiver<Event>) {
    while let Ok(event) = events.recv().await {
        if let EventBody::Server { server } = event.body
            && server.state == ServerState::Ready
            && server.tool_count.is_some()
        {
            return;
        }
    }
}

async fn bare_requests(authorization: &AuthorizationServer, count: usize) -> Vec<Duration> {
    let url = format!(
        "{}/.well-known/oauth-authorization-server",
        authorization.issuer()
    );
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let client = client();
        let begun = Instant::now();
        for _ in 0..count {
            let _ = client.get(&url).send().await;
        }
        rounds.push(begun.elapsed());
    }
    rounds
}

async fn call(app: &App, name: &str, argument: Value) -> Result<Value, AppError> {
    app.call(json!({ "name": name, "argument": argument })).await
}

fn spread(mut rounds: Vec<Duration>) -> String {
    rounds.sort();
    let (first, middle, last) = (rounds[0], rounds[rounds.len() / 2], rounds[rounds.len() - 1]);
    format!("min {first:.1?}  median {middle:.1?}  max {last:.1?}")
}
