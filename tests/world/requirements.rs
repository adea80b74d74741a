//! What a server asks for beyond its door: a token or a scope for one method or tool (RFC 6750 §3.1).

use std::sync::Arc;

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::Value;

use crate::{AuthorizationServer, tokens::Goodness};

/// The most bytes of a request that are looked at.
const LIMIT: usize = 1024 * 1024;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Any good token.
    Token,
    /// A token with this scope.
    Scope(&'static str),
    /// A token with this scope, which is never found enough.
    Never(&'static str),
}

/// What a server asks for, and of which MCP method or tool.
pub struct Requirements<'a> {
    /// Who says what a token may.
    pub authorization: &'a AuthorizationServer,
    /// Method or tool, and what it asks for.
    pub of: Vec<(&'static str, Asks)>,
}

/// Tells what an access token is good for and which scopes it has.
type Judge = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The requirements of a server at an address.
#[derive(Clone)]
pub(crate) struct Desk {
    judge: Judge,
    of: Arc<Vec<(&'static str, Asks)>>,
    document: Arc<str>,
}

impl Desk {
    /// Puts up the requirements of a server whose metadata lies at `document`.
    pub(crate) fn new(requirements: &Requirements<'_>, document: String) -> Self {
        let (good, scopes) = (
            requirements.authorization.checker(),
            requirements.authorization.scopes(),
        );
        let judge = move |token: &str| (good(token) != Goodness::Bad).then(|| scopes(token));
        Self {
            judge: Arc::new(judge),
            of: Arc::new(requirements.of.clone()),
            document: document.into(),
        }
    }

    /// Says what is missing, if anything is.
    fn missing(&self, asked: &Asked, token: Option<&str>) -> Option<Response> {
        let requirements = self.of.iter().filter(|(of, _)| asked.is(of));
        let scopes = token.and_then(|token| (self.judge)(token));
        requirements
            .map(|(_, asks)| *asks)
            .find_map(|asks| match (&scopes, asks) {
                (None, _) => Some(self.refusal(StatusCode::UNAUTHORIZED, "scope=\"tools\"")),
                (Some(_), Asks::Token) => None,
                (Some(scopes), Asks::Scope(wanted)) if scopes.split(' ').any(|own| own == wanted) => None,
                (Some(_), Asks::Scope(wanted) | Asks::Never(wanted)) => {
                    let what = format!("error=\"insufficient_scope\", scope=\"{wanted}\"");
                    Some(self.refusal(StatusCode::FORBIDDEN, &what))
                }
            })
    }

    fn refusal(&self, status: StatusCode, what: &str) -> Response {
        let challenge = format!("Bearer {what}, resource_metadata=\"{}\"", self.document);
        (status, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
    }
}

/// What a request asks, in the words of JSON-RPC.
struct Asked {
    method: String,
    tool: String,
}

impl Asked {
    fn is(&self, what: &str) -> bool {
        what == self.method || (self.method == "tools/call" && what == self.tool)
    }
}

/// Lets pass who brings what the request asks for.
pub(crate) async fn stand_desk(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let (request, asked) = read(request).await;
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    match desk.missing(&asked, token) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    }
}

/// Lets nobody speak in the words of 2026-07-28, as a server of before would.
pub(crate) async fn know_older_words_only(request: Request, next: Next) -> Response {
    let (request, asked) = read(request).await;
    if asked.method == "server/discover" {
        return StatusCode::BAD_REQUEST.into_response();
    }
    next.run(request).await
}

/// Reads what is asked and gives the request back whole.
async fn read(request: Request) -> (Request, Asked) {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, LIMIT).await.unwrap_or_default();
    let message: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let asked = Asked {
        method: text(&message["method"]),
        tool: text(&message["params"]["name"]),
    };
    (Request::from_parts(parts, Body::from(body)), asked)
}
