//! MCP servers on the official SDK's server half, behind doors of every kind.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

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

use crate::{
    AuthorizationServer, Listening, Proofs, Requirements, SeenLog, Wire,
    proofs::{Flaw, Proven, Verifier, asking_for, with_nonce},
    requirements::{Desk, know_older_words_only, stand_desk},
    tokens::Goodness,
    tools::Toolbox,
};

/// How a server wants to be asked.
pub enum Door<'a> {
    /// Anybody may ask.
    Open,
    /// With a token of an authorization server.
    Bearer(&'a AuthorizationServer),
    /// With a token of any of several, which are named in this order.
    AnyOf(&'a [&'a AuthorizationServer]),
    /// With a header of one value.
    Header(&'static str, &'static str),
}

/// How a server treats who asks it.
pub struct Rules<'a> {
    /// Its door.
    pub door: Door<'a>,
    /// The scopes it says that it knows; the door asks for them.
    pub scopes: &'static str,
    /// What it asks for beyond its door.
    pub requirements: Option<Requirements<'a>>,
    /// Whether it only knows the words of before 2026-07-28.
    pub older: bool,
}

impl Rules<'_> {
    /// Gives the issuers of who hands out the tokens that are asked for.
    fn issuers(&self) -> Vec<String> {
        let servers = match (&self.door, &self.requirements) {
            (Door::Bearer(server), _) => vec![*server],
            (Door::AnyOf(servers), _) => servers.to_vec(),
            (_, Some(requirements)) => vec![requirements.authorization],
            (Door::Open | Door::Header(..), None) => Vec::new(),
        };
        issuers(&servers)
    }
}

impl<'a> From<Door<'a>> for Rules<'a> {
    fn from(door: Door<'a>) -> Self {
        let scopes = match &door {
            Door::Bearer(server) => server.resource_scopes(),
            Door::Open | Door::AnyOf(_) | Door::Header(..) => "tools",
        };
        Self {
            door,
            scopes,
            requirements: None,
            older: false,
        }
    }
}

/// An MCP server on a free port, at `/mcp`.
pub struct McpServer {
    listening: Listening,
    verifier: Verifier,
    seen: SeenLog,
    wire: Wire,
    issuers: Issuers,
}

/// The issuers that a server names, in their order.
type Issuers = Arc<Mutex<Vec<String>>>;

fn issuers(servers: &[&AuthorizationServer]) -> Vec<String> {
    servers.iter().map(|server| server.issuer().to_owned()).collect()
}

/// What the guard says to a request.
enum Verdict {
    /// It may pass; the next one's proof may need a nonce.
    In(Option<String>),
    /// It may not.
    Out,
    /// It may come again, with this nonce.
    Again(String),
}

type Check = Arc<dyn Fn(&Request) -> Verdict + Send + Sync>;

#[derive(Clone)]
struct Guard {
    check: Check,
    challenge: Option<HeaderValue>,
    seen: SeenLog,
}

impl McpServer {
    /// Opens it behind a door, or by rules of its own.
    pub async fn open(rules: impl Into<Rules<'_>>) -> Self {
        let (rules, seen) = (rules.into(), SeenLog::default());
        let proofs = match &rules.door {
            Door::Bearer(server) => server.proofs(),
            Door::Open | Door::AnyOf(_) | Door::Header(..) => Proofs::Unknown,
        };
        // The requests of a client run side by side, so that each nonce once would be too strict.
        let verifier = Verifier::new(proofs, false);
        let (log, proofs, wire) = (seen.clone(), verifier.clone(), Wire::default());
        let issuers: Issuers = Arc::new(Mutex::new(rules.issuers()));
        let logs = (log, issuers.clone());
        let listening = Listening::serve(|base| wire.around(router(base, &rules, proofs, logs))).await;
        Self {
            listening,
            verifier,
            wire: wire.clone(),
            issuers,
            seen,
        }
    }

    /// Counts the proofs that were refused.
    pub fn refused_proofs(&self) -> usize {
        self.verifier.refused()
    }

    /// Names other authorization servers from now on.
    pub fn names(&self, servers: &[&AuthorizationServer]) {
        *self.issuers.lock().unwrap_or_else(PoisonError::into_inner) = issuers(servers);
    }

    /// Gives the socket it listens on.
    pub const fn socket(&self) -> &Listening {
        &self.listening
    }

    /// Gives its address.
    pub fn url(&self) -> String {
        format!("{}/mcp", self.listening.base)
    }

    /// Gives what it received; the JSON-RPC method stands in the parameters.
    pub fn seen(&self) -> &SeenLog {
        &self.seen
    }

    /// Gives what it received, with all that is secret.
    pub const fn wire(&self) -> &Wire {
        &self.wire
    }
}

fn router(base: &str, rules: &Rules<'_>, verifier: Verifier, (seen, issuers): (SeenLog, Issuers)) -> Router {
    let sessions = Arc::new(LocalSessionManager::default());
    let service = StreamableHttpService::new(|| Ok(Toolbox), sessions, StreamableHttpServerConfig::default());
    let guard = Guard {
        check: check(base, &rules.door, verifier),
        challenge: challenge(base, rules),
        seen: seen.clone(),
    };
    let path = "/.well-known/oauth-protected-resource/mcp";
    let mut router = Router::new().nest_service("/mcp", service);
    if let Some(requirements) = &rules.requirements {
        let desk = Desk::new(requirements, format!("{base}{path}"));
        router = router.layer(middleware::from_fn_with_state(desk, stand_desk));
    }
    if rules.older {
        router = router.layer(middleware::from_fn(know_older_words_only));
    }
    router = router.layer(middleware::from_fn_with_state(guard, stand_guard));
    if !rules.issuers().is_empty() {
        let mut document = json!({
            "resource": format!("{base}/mcp"),
            "scopes_supported": rules.scopes.split(' ').collect::<Vec<_>>(),
        });
        let answer = move || async move {
            seen.note(format!("GET {path}"), &BTreeMap::new());
            let issuers = issuers.lock().unwrap_or_else(PoisonError::into_inner).clone();
            document["authorization_servers"] = json!(issuers);
            Json(document)
        };
        router = router.route(path, get(answer));
    }
    router
}

fn check(base: &str, door: &Door<'_>, verifier: Verifier) -> Check {
    let only_if = |passes: bool| if passes { Verdict::In(None) } else { Verdict::Out };
    match door {
        Door::Open => Arc::new(|_| Verdict::In(None)),
        Door::Header(name, value) => {
            let (name, value) = (*name, *value);
            Arc::new(move |request| only_if(request.headers().get(name).is_some_and(|given| given == value)))
        }
        Door::AnyOf(servers) => {
            let judges: Vec<_> = servers.iter().map(|server| server.checker()).collect();
            Arc::new(move |request| match shown(request) {
                Some(("Bearer", token)) => {
                    only_if(judges.iter().any(|judge| judge(token) == Goodness::Plain))
                }
                _ => Verdict::Out,
            })
        }
        Door::Bearer(server) => {
            let (judge, url) = (server.checker(), format!("{base}/mcp"));
            Arc::new(move |request| match shown(request) {
                Some(("Bearer", token)) => only_if(judge(token) == Goodness::Plain),
                Some(("DPoP", token)) => match judge(token) {
                    Goodness::Bound(key) => proven(request, &url, token, &verifier, &key),
                    Goodness::Plain | Goodness::Bad => Verdict::Out,
                },
                _ => Verdict::Out,
            })
        }
    }
}

/// Gives the scheme and the token of a request.
fn shown(request: &Request) -> Option<(&str, &str)> {
    let value = request.headers().get(header::AUTHORIZATION)?;
    value.to_str().ok()?.split_once(' ')
}

fn proven(request: &Request, url: &str, token: &str, verifier: &Verifier, key: &str) -> Verdict {
    let proven = Proven {
        headers: request.headers(),
        method: request.method().as_str(),
        url,
        token: Some(token),
    };
    match verifier.check(&proven) {
        Ok((own, nonce)) if own == key => Verdict::In(nonce),
        Err(Flaw::Nonce(nonce)) => Verdict::Again(nonce),
        Ok(_) | Err(Flaw::Bad(_)) => Verdict::Out,
    }
}

fn challenge(base: &str, rules: &Rules<'_>) -> Option<HeaderValue> {
    let scheme = match &rules.door {
        Door::Open | Door::Header(..) => return None,
        Door::Bearer(server) if server.proofs().are_checked() => "DPoP",
        Door::Bearer(_) | Door::AnyOf(_) => "Bearer",
    };
    let text = format!(
        "{scheme} realm=\"world\", resource_metadata=\"{base}/.well-known/oauth-protected-resource/mcp\", scope=\"{}\"",
        rules.scopes
    );
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
    let mut response = match (guard.check)(&request) {
        Verdict::In(nonce) => return with_nonce(next.run(request).await, nonce),
        Verdict::Out => StatusCode::UNAUTHORIZED.into_response(),
        Verdict::Again(nonce) => return asking_for(nonce),
    };
    if let Some(challenge) = guard.challenge {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
