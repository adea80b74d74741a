//! The client that the official conformance suite examines: the real core, with another browser and another place
//! for its data. The server's address is the last argument; scenario and context come from the environment.
//!
//! There is no branch per scenario beyond what the context configures.

use std::{io, process::ExitCode, sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::sync::broadcast;
use usher_core::{
    api::{
        App, Doors, Settings,
        contract::{AppError, Event, EventBody},
    },
    base::ClientId,
    ports::SystemClock,
    sign_in::DeepLink,
};
use usher_tests::{Arrival, Decision, MemoryKeychain, Person};

/// The document that the suite serves about its clients.
const CLIENT_METADATA: &str = "https://conformance-test.local/client-metadata.json";
/// A client that hangs is no client.
const LIMIT: Duration = Duration::from_secs(25);

#[tokio::main]
async fn main() -> ExitCode {
    match tokio::time::timeout(LIMIT, examine()).await {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(_)) | Err(_) => ExitCode::FAILURE,
    }
}

async fn examine() -> io::Result<()> {
    let url = std::env::args().next_back().unwrap_or_default();
    let directory = tempfile::tempdir()?;
    let (person, mut arrivals) = Person::who(Decision::Allow);
    let doors = Doors {
        clock: Arc::new(SystemClock),
        browser: Arc::new(person),
        keychain: Arc::new(MemoryKeychain::default()),
    };
    let settings = Settings {
        data_directory: directory.path().join("data"),
        deep_link: DeepLink::Ours,
        client_metadata: Some(ClientId::new(CLIENT_METADATA)),
    };
    let app = App::start(doors, settings).await.map_err(io::Error::other)?;
    let links = app.clone();
    tokio::spawn(async move {
        while let Some(arrival) = arrivals.recv().await {
            if let Arrival::Link(link) = arrival {
                links.deep_link(&link).await;
            }
        }
    });
    let outcome = use_server(&app, &url).await.map_err(io::Error::other);
    app.shutdown().await;
    outcome
}

async fn use_server(app: &App, url: &str) -> Result<(), AppError> {
    let mut events = app.events();
    let new = json!({ "name": "examined", "url": url, "authKind": null, "headers": [] });
    let server = call(app, "addServer", new).await?;
    let id = server["id"].clone();
    give_client(app, &id).await?;
    call(app, "connect", json!({ "id": id })).await?;
    settled(&mut events).await;
    let tools = call(app, "tools", json!({ "id": id })).await?;
    for tool in tools["tools"].as_array().into_iter().flatten() {
        let arguments = arguments(&tool["inputSchema"]);
        // A tool that fails is the tool's own affair; what counts is what went over the wire.
        let _ = call(
            app,
            "callTool",
            json!({ "server": id, "tool": tool["name"], "arguments": arguments }),
        )
        .await;
    }
    Ok(())
}

/// Types in the client that the context names, as a person would.
#[expect(
    clippy::disallowed_methods,
    reason = "the suite hands its context over in the environment"
)]
async fn give_client(app: &App, id: &Value) -> Result<(), AppError> {
    let context: Value = std::env::var("MCP_CONFORMANCE_CONTEXT")
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default();
    let Some(client) = context["client_id"].as_str() else {
        return Ok(());
    };
    let secret = match context["client_secret"].as_str() {
        Some(secret) => json!({ "kind": "set", "value": secret }),
        None => json!({ "kind": "keep" }),
    };
    let edit = json!({
        "id": id, "name": null, "url": null, "authKind": "oauth", "headers": null,
        "clientId": client, "clientSecret": secret,
    });
    call(app, "editServer", edit).await.map(drop)
}

/// Waits until the server is ready or needs a person who has nothing more to give.
async fn settled(events: &mut broadcast::Receiver<Event>) {
    while let Ok(event) = events.recv().await {
        let EventBody::Server { server } = event.body else {
            continue;
        };
        let view = serde_json::to_value(&*server).unwrap_or_default();
        let failed = view["signIn"].is_null()
            && !matches!(view["lastOutcome"]["kind"].as_str(), None | Some("authorized"));
        if failed || matches!(view["state"]["kind"].as_str(), Some("ready" | "stopped")) {
            return;
        }
    }
}

async fn call(app: &App, name: &str, argument: Value) -> Result<Value, AppError> {
    app.call(json!({ "name": name, "argument": argument })).await
}

/// Makes the smallest arguments a schema takes.
fn arguments(schema: &Value) -> Value {
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let value = |name: &str| match schema["properties"][name]["type"].as_str() {
        Some("number" | "integer") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        Some("object") => json!({}),
        _ => json!("text"),
    };
    required
        .into_iter()
        .map(|name| (name.to_owned(), value(name)))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
