//! What a server received, in order: every request as it came, and how it was answered.
//!
//! It holds secrets, so that a test can look for them or spend them; [`Transcript`](crate::Transcript) writes it down
//! without any.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::sync::watch;
use url::form_urlencoded;

/// The most bytes of one body that are kept.
const LIMIT: usize = 16 * 1024 * 1024;

/// Longer than any request takes to come; one that never comes must not hang a test.
const GUARD: Duration = Duration::from_secs(30);

/// Numbers the requests of all servers, so that what several received can be told in one order.
static ORDER: AtomicU64 = AtomicU64::new(0);

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Its place among the requests of all servers.
    pub order: u64,
    /// The method.
    pub method: Method,
    /// The path, without the query.
    pub path: String,
    /// The query's parameters, in order.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// The answer's status; `None` as long as there is none.
    pub status: Option<StatusCode>,
    /// The answer, if it is JSON.
    pub answer: Option<Value>,
}

impl Exchange {
    /// Gives the parameters of a form, in order; none where the body is no form.
    pub fn form(&self) -> Vec<(String, String)> {
        if self.content_type() != Some("application/x-www-form-urlencoded") {
            return Vec::new();
        }
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// Gives the body as JSON, if it is some.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Gives one parameter of the query or the form.
    pub fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = self.query.iter().cloned().chain(self.form());
        pairs.find(|(own, _)| own == name).map(|(_, value)| value)
    }

    /// Gives a header that is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Tells whether the person's browser sent it, and not the app.
    pub fn is_browsers(&self) -> bool {
        !self
            .header("user-agent")
            .is_some_and(|agent| agent.starts_with("Usher/"))
    }

    /// Tells whether it opens the stream that is listened to beside a session of the older era.
    pub fn listens(&self) -> bool {
        self.method == Method::GET && self.header("mcp-session-id").is_some()
    }

    /// Tells whether it says that a session of the older era has begun, after which the app listens.
    pub fn begins_session(&self) -> bool {
        self.json()
            .is_some_and(|message| message["method"] == "notifications/initialized")
    }

    fn content_type(&self) -> Option<&str> {
        self.header("content-type")?.split(';').next().map(str::trim)
    }
}

/// The requests of one server. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Wire(Arc<watch::Sender<Vec<Exchange>>>);

impl Default for Wire {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(Vec::new())))
    }
}

impl Wire {
    /// Gives the requests so far.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.0.borrow().clone()
    }

    /// Gives the requests from the `at`th on, counted from 0.
    pub fn since(&self, at: usize) -> Vec<Exchange> {
        self.0.borrow().get(at..).unwrap_or_default().to_vec()
    }

    /// Counts the requests so far.
    pub fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Tells whether nothing came so far.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Waits until what came is as asked for.
    pub async fn until(&self, mut is: impl FnMut(&[Exchange]) -> bool) {
        let mut exchanges = self.0.subscribe();
        let waited = tokio::time::timeout(GUARD, exchanges.wait_for(|exchanges| is(exchanges))).await;
        assert!(waited.is_ok(), "it never came to that: {:#?}", self.lines());
    }

    /// Gives the requests' first lines.
    fn lines(&self) -> Vec<String> {
        let exchanges = self.exchanges();
        let lines = exchanges
            .iter()
            .map(|seen| format!("{} {} → {:?}", seen.method, seen.path, seen.status));
        lines.collect()
    }

    /// Counts the requests to one path.
    pub fn count(&self, path: &str) -> usize {
        self.0.borrow().iter().filter(|seen| seen.path == path).count()
    }

    /// Writes down all that comes to a router's routes.
    pub fn around(&self, router: Router) -> Router {
        router.layer(middleware::from_fn_with_state(self.clone(), record))
    }

    fn begin(&self, exchange: Exchange) -> usize {
        let mut at = 0;
        self.0.send_modify(|exchanges| {
            at = exchanges.len();
            exchanges.push(exchange);
        });
        at
    }

    fn end(&self, at: usize, status: StatusCode, answer: Option<Value>) {
        self.0.send_modify(|exchanges| {
            exchanges[at].status = Some(status);
            exchanges[at].answer = answer;
        });
    }
}

async fn record(State(wire): State<Wire>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let query = parts.uri.query().unwrap_or_default();
    let at = wire.begin(Exchange {
        order: ORDER.fetch_add(1, Ordering::SeqCst),
        method: parts.method.clone(),
        path: parts.uri.path().to_owned(),
        query: form_urlencoded::parse(query.as_bytes()).into_owned().collect(),
        headers: parts.headers.clone(),
        body: body.clone(),
        status: None,
        answer: None,
    });
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if !is_json(&response) {
        wire.end(at, response.status(), None);
        return response;
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, LIMIT).await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    wire.end(at, parts.status, serde_json::from_slice(&body).ok());
    Response::from_parts(parts, Body::from(body))
}

fn is_json(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/json"))
}
