//! A reverse proxy in front of a server that others wrote: what comes is written down and passed on as it is.

use std::sync::{Arc, OnceLock};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{Listening, Wire, client};

/// The most bytes of one request.
const LIMIT: usize = 16 * 1024 * 1024;

/// Stands where everybody believes the server to be.
pub struct Recorder {
    listening: Listening,
    wire: Wire,
    target: Arc<OnceLock<String>>,
}

/// What the server behind is made to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// What it is.
    Itself,
    /// One of the era before 2026-07-28, which does not know the modern era's first request.
    Older,
}

#[derive(Clone)]
struct Way {
    target: Arc<OnceLock<String>>,
    looks: Looks,
    http: reqwest::Client,
}

impl Recorder {
    /// Takes a place; the server can be told about it before it starts.
    pub async fn open(looks: Looks) -> Self {
        let (wire, target) = (Wire::default(), Arc::new(OnceLock::new()));
        let way = Way {
            target: Arc::clone(&target),
            looks,
            http: client(),
        };
        let router = wire.around(Router::new().fallback(pass_on).with_state(way));
        Self {
            listening: Listening::serve(|_| router).await,
            wire,
            target,
        }
    }

    /// Gives where it stands: `http://127.0.0.1:{port}`.
    pub fn base(&self) -> &str {
        &self.listening.base
    }

    /// Tells it where the server really is. It stays there.
    pub fn lead_to(&self, base: &str) {
        self.target.get_or_init(|| base.to_owned());
    }

    /// Gives what came.
    pub const fn wire(&self) -> &Wire {
        &self.wire
    }
}

async fn pass_on(State(way): State<Way>, request: Request) -> Response {
    if way.looks == Looks::Older && is_not_understood(request.headers()) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let passed = passed_on(&way, request).await;
    passed.unwrap_or_else(|| StatusCode::BAD_GATEWAY.into_response())
}

/// Tells whether an older server would not know what to do: who nobody let in is asked to sign in first.
fn is_not_understood(headers: &HeaderMap) -> bool {
    let discovers = headers
        .get("mcp-method")
        .is_some_and(|method| method == "server/discover");
    discovers && headers.contains_key(header::AUTHORIZATION)
}

async fn passed_on(way: &Way, request: Request) -> Option<Response> {
    let (parts, body) = request.into_parts();
    let place = parts.uri.path_and_query()?;
    let url = format!("{}{place}", way.target.get()?).parse().ok()?;
    let mut onward = reqwest::Request::new(parts.method, url);
    // The host stays the one that was asked: the server behind must believe that it is there.
    *onward.headers_mut() = parts.headers;
    *onward.body_mut() = Some(to_bytes(body, LIMIT).await.ok()?.into());
    let answer = way.http.execute(onward).await.ok()?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    // These two describe one connection, not the answer (RFC 9110 §7.6.1).
    response.headers_mut().remove(header::TRANSFER_ENCODING);
    response.headers_mut().remove(header::CONNECTION);
    *response.body_mut() = Body::from_stream(answer.bytes_stream());
    Some(response)
}
