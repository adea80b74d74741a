//! The whole room against real HTTP on this machine.

mod documents;
mod exceptions;
mod flaws;
mod identities;
mod machines;
mod places;
mod proofs;
mod sign_in;
mod token_endpoint;
mod traced;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{Request, State},
    response::Response,
};
use http::{HeaderMap, Method};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::AbortHandle};
use url::form_urlencoded;

use super::{Asking, DiscoverError, Discovered, Hints, Nonces, Trace, TracedHttp, discover, find_signpost};
use crate::{
    base::{Exceptions, Reach, ServerUrl, Timestamp},
    ports::{Http, SystemClock, network},
};

/// One request as it arrived.
#[derive(Clone)]
struct Seen {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Seen {
    /// Gives the form's values under a name; more than one would be a defect.
    fn form(&self, name: &str) -> Vec<String> {
        let pairs = form_urlencoded::parse(&self.body).filter(|(own, _)| own == name);
        pairs.map(|(_, value)| value.into_owned()).collect()
    }
}

/// What a path answers.
#[derive(Clone)]
struct Reply {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

#[derive(Default)]
struct Book {
    replies: HashMap<String, Reply>,
    seen: Vec<Seen>,
}

/// A web server on this machine that answers what it is told to, and 404 otherwise.
struct Place {
    origin: String,
    http: TracedHttp,
    nonces: Nonces,
    book: Arc<Mutex<Book>>,
    server: AbortHandle,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Place {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let book = Arc::new(Mutex::new(Book::default()));
        let router = Router::new().fallback(answer).with_state(Arc::clone(&book));
        let server = tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            origin: format!("http://127.0.0.1:{port}"),
            http: TracedHttp::silent(Http::new("usher-test", network::hand::always()).expect("a client")),
            nonces: Nonces::default(),
            book,
            server: server.abort_handle(),
        }
    }

    /// Opens a place that is an MCP server at `/mcp` and its authorization server in one.
    async fn complete() -> Self {
        let place = Self::open().await;
        place.says("/.well-known/oauth-protected-resource/mcp", &place.resource());
        place.says("/.well-known/oauth-authorization-server", &place.metadata());
        place
    }

    fn asking(&self, now: Timestamp) -> Asking<'_> {
        Asking {
            http: &self.http,
            nonces: &self.nonces,
            now,
        }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn says(&self, path: &str, document: &Value) {
        self.replies(path, 200, &document.to_string());
    }

    fn replies(&self, path: &str, status: u16, body: &str) {
        self.replies_with(path, status, Vec::new(), body);
    }

    fn replies_with(&self, path: &str, status: u16, headers: Vec<(&'static str, String)>, body: &str) {
        let body = body.to_owned();
        let reply = Reply {
            status,
            headers,
            body,
        };
        self.book().replies.insert(path.to_owned(), reply);
    }

    fn seen(&self) -> Vec<Seen> {
        self.book().seen.clone()
    }

    fn asked(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.path).collect()
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    fn server(&self) -> ServerUrl {
        self.at("/mcp").parse().expect("an address")
    }

    fn resource(&self) -> Value {
        json!({ "resource": self.at("/mcp"), "authorization_servers": [self.origin] })
    }

    fn metadata(&self) -> Value {
        json!({
            "issuer": self.origin,
            "authorization_endpoint": self.at("/authorize"),
            "token_endpoint": self.at("/token"),
            "registration_endpoint": self.at("/register"),
            "revocation_endpoint": self.at("/revoke"),
            "code_challenge_methods_supported": ["S256"],
        })
    }

    async fn discover(&self) -> Result<Discovered, DiscoverError> {
        self.discover_with(&Hints::default()).await
    }

    async fn discover_with(&self, hints: &Hints) -> Result<Discovered, DiscoverError> {
        discover(&self.http, &self.server(), Reach::Loopback, hints).await
    }

    async fn discover_excepting(&self, exceptions: &Exceptions) -> Result<Discovered, DiscoverError> {
        let hints = Hints::default();
        let signpost = find_signpost(&self.http, &self.server(), Reach::Loopback, &hints).await?;
        let first = signpost.issuers()[0].clone();
        signpost.follow(&self.http, &first, exceptions).await
    }
}

/// Gives a trace that begins now.
fn trace() -> Trace {
    Trace::begin(Arc::new(SystemClock))
}

async fn answer(State(book): State<Arc<Mutex<Book>>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1024 * 1024).await.unwrap_or_default();
    let seen = Seen {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        headers: parts.headers,
        body,
    };
    let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
    let reply = book.replies.get(&seen.path).cloned();
    book.seen.push(seen);
    let reply = reply.unwrap_or(Reply {
        status: 404,
        headers: Vec::new(),
        body: String::new(),
    });
    let headers = reply.headers.into_iter();
    let response = headers.fold(
        Response::builder().status(reply.status),
        |response, (name, value)| response.header(name, value),
    );
    response
        .body(reply.body.into())
        .expect("the test's reply is well-formed")
}
