//! MCP servers on the official SDK's server half, behind doors of every kind.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
};
use serde_json::json;

use crate::{AuthorizationServer, Listening, SeenLog, tools::Toolbox};

/// How a server wants to be asked.
pub enum Door<'a> {
    /// Anybody may ask.
    Open,
    /// With a token of an authorization server.
    Bearer(&'a AuthorizationServer),
    /// With a header of one value.
    Header(&'static str, &'static str),
}

/// An MCP server on a free port, at `/mcp`.
pub struct McpServer {
    listening: Listening,
    seen: SeenLog,
}

type Check = Arc<dyn Fn(&Request) -> bool + Send + Sync>;

#[derive(Clone)]
struct Guard {
    check: Check,
    challenge: Option<HeaderValue>,
    seen: SeenLog,
}

impl McpServer {
    /// Opens it behind `door`.
    pub async fn open(door: Door<'_>) -> Self {
        let seen = SeenLog::default();
        let log = seen.clone();
        let listening = Listening::serve(|base| router(base, &door, log)).await;
        Self { listening, seen }
    }

    /// Gives its address.
    pub fn url(&self) -> String {
        format!("{}/mcp", self.listening.base)
    }

    /// Gives what it received; the JSON-RPC method stands in the parameters.
    pub fn seen(&self) -> &SeenLog {
        &self.seen
    }
}

fn router(base: &str, door: &Door<'_>, seen: SeenLog) -> Router {
    let sessions = Arc::new(LocalSessionManager::default());
    let service = StreamableHttpService::new(|| Ok(Toolbox), sessions, StreamableHttpServerConfig::default());
    let guard = Guard {
        check: check(door),
        challenge: challenge(base, door),
        seen: seen.clone(),
    };
    let mut router = Router::new()
        .nest_service("/mcp", service)
        .layer(middleware::from_fn_with_state(guard, stand_guard));
    if let Door::Bearer(server) = door {
        let document = json!({
            "resource": format!("{base}/mcp"),
            "authorization_servers": [server.issuer()],
            "scopes_supported": ["tools"],
        });
        let path = "/.well-known/oauth-protected-resource/mcp";
        let answer = move || async move {
            seen.note(format!("GET {path}"), &BTreeMap::new());
            Json(document)
        };
        router = router.route(path, get(answer));
    }
    router
}

fn check(door: &Door<'_>) -> Check {
    match door {
        Door::Open => Arc::new(|_| true),
        Door::Header(name, value) => {
            let (name, value) = (*name, *value);
            Arc::new(move |request| request.headers().get(name).is_some_and(|given| given == value))
        }
        Door::Bearer(server) => {
            let accepts = server.checker();
            Arc::new(move |request| bearer(request).is_some_and(&accepts))
        }
    }
}

fn bearer(request: &Request) -> Option<&str> {
    request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}

fn challenge(base: &str, door: &Door<'_>) -> Option<HeaderValue> {
    let text = match door {
        Door::Open | Door::Header(..) => return None,
        Door::Bearer(_) => format!(
            "Bearer realm=\"world\", resource_metadata=\"{base}/.well-known/oauth-protected-resource/mcp\", scope=\"tools\""
        ),
    };
    HeaderValue::from_str(&text).ok()
}

async fn stand_guard(State(guard): State<Guard>, request: Request, next: Next) -> Response {
    let line = format!("{} {}", request.method(), request.uri().path());
    let method = request
        .headers()
        .get("mcp-method")
        .and_then(|method| method.to_str().ok());
    let params = method
        .map(|method| ("method".to_owned(), method.to_owned()))
        .into_iter()
        .collect();
    guard.seen.note(line, &params);
    if (guard.check)(&request) {
        return next.run(request).await;
    }
    let mut response = StatusCode::UNAUTHORIZED.into_response();
    if let Some(challenge) = guard.challenge {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
