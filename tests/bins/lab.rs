//! The window in an ordinary browser, on the real core: serves `ui/dist`, the calls and the events on the loopback
//! address, with a world of servers beside it and a person who can be told to consent.
//!
//! Prints one line of JSON with its address and the world's, and ends when standard input does.

use std::{
    convert::Infallible,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Json, Router,
    body::Body,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{
        IntoResponse, Response, Sse,
        sse::{Event as Line, KeepAlive},
    },
    routing::{get, post},
};
use futures::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, sync::broadcast::error::RecvError};
use usher_core::{
    api::{App, Doors, Settings},
    ports::{Keychain, KeychainError, SystemClock},
    sign_in::DeepLink,
};
use usher_tests::{
    Arrival, Decision, FailingKeychain, HandNetwork, Listening, MemoryKeychain, Neighbourhood, Person,
};

#[derive(Clone)]
struct Lab {
    app: App,
    person: Person,
    pages: PathBuf,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let pages = PathBuf::from(arguments.next().unwrap_or_else(|| "ui/dist".to_owned()));
    let keychain = keychain(arguments.next().as_deref());
    let directory = tempfile::tempdir()?;
    let (person, mut arrivals) = Person::who(Decision::Nothing);
    let doors = Doors {
        clock: Arc::new(SystemClock),
        network: Arc::new(HandNetwork::default()),
        browser: Arc::new(person.clone()),
        keychain,
    };
    let settings = Settings {
        data_directory: directory.path().join("data"),
        deep_link: DeepLink::Ours,
        client_metadata: None,
        exports: directory.path().to_owned(),
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
    let world = Neighbourhood::open().await;
    let listening = Listening::serve(|base| {
        router(
            base,
            Lab {
                app: app.clone(),
                person,
                pages,
            },
        )
    })
    .await;
    let addresses = json!({ "lab": listening.base, "world": world.addresses() });
    let mut out = io::stdout();
    writeln!(out, "{addresses}")?;
    out.flush()?;
    let mut ignored = Vec::new();
    tokio::io::stdin().read_to_end(&mut ignored).await?;
    app.shutdown().await;
    Ok(())
}

fn keychain(mood: Option<&str>) -> Arc<dyn Keychain> {
    let failing =
        |failure| Arc::new(FailingKeychain::new(failure, MemoryKeychain::default())) as Arc<dyn Keychain>;
    match mood {
        Some("locked") => failing(KeychainError::Locked),
        Some("absent") => failing(KeychainError::Absent),
        _ => Arc::new(MemoryKeychain::default()),
    }
}

fn router(base: &str, lab: Lab) -> Router {
    let host = base.trim_start_matches("http://").to_owned();
    Router::new()
        .route("/call", post(call))
        .route("/events", get(events))
        .route("/consent", post(consent))
        .fallback(page)
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            let ours = request
                .headers()
                .get(header::HOST)
                .is_some_and(|given| given == host.as_str());
            async move {
                if ours {
                    next.run(request).await
                } else {
                    StatusCode::FORBIDDEN.into_response()
                }
            }
        }))
        .with_state(lab)
}

async fn call(State(lab): State<Lab>, Json(request): Json<Value>) -> Response {
    match lab.app.call(request).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    }
}

async fn events(State(lab): State<Lab>) -> Sse<impl Stream<Item = Result<Line, Infallible>>> {
    let events = stream::unfold(lab.app.events(), |mut events| async move {
        loop {
            match events.recv().await {
                Ok(event) => return Some((event, events)),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    });
    let lines = events.map(|event| Ok(Line::default().json_data(event).unwrap_or_default()));
    Sse::new(lines).keep_alive(KeepAlive::default())
}

/// Lets the person press Allow on the page that was opened last.
async fn consent(State(lab): State<Lab>) -> StatusCode {
    let Some(url) = lab.person.opened().pop() else {
        return StatusCode::CONFLICT;
    };
    match Person::follow(url, Decision::Allow).await {
        Ok(Arrival::Link(link)) => {
            lab.app.deep_link(&link).await;
            StatusCode::NO_CONTENT
        }
        Ok(Arrival::Page(..)) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::BAD_GATEWAY,
    }
}

async fn page(State(lab): State<Lab>, request: Request<Body>) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    if path.split('/').any(|part| part == "..") {
        return StatusCode::NOT_FOUND.into_response();
    }
    match tokio::fs::read(lab.pages.join(path)).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, media_type(path))], bytes).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn media_type(path: &str) -> &'static str {
    match Path::new(path).extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
