//! Detection over real sockets.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;
use crate::ports::network;

/// A server that keeps what it was asked.
struct Peer {
    url: ServerUrl,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    /// Serves `answer(what, body)` where `what` is the HTTP method and path, or for a POST the MCP method.
    async fn serving(answer: impl Fn(&str, &str) -> Response + Clone + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("the port is bound");
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&asked);
        let router = Router::new().fallback(move |request: Request| {
            let (answer, log) = (answer.clone(), Arc::clone(&log));
            async move {
                let what = describe(request).await;
                log.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(what.clone());
                answer(&what, &address.to_string())
            }
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        let url = format!("http://{address}/mcp")
            .parse()
            .expect("a server's address");
        Self { url, asked }
    }

    async fn verdict(&self) -> Verdict {
        let http = Http::new("test", network::hand::always()).expect("the system has TLS roots");
        let found = detect(&http, &self.url).await;
        assert_eq!(found.reach, Reach::Loopback, "the address is of this machine");
        found.verdict
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn describe(request: Request) -> String {
    if request.method() != Method::POST {
        let session = request.headers().get("mcp-session-id");
        let session = session.and_then(|id| id.to_str().ok()).unwrap_or_default();
        return format!("{} {} {session}", request.method(), request.uri().path())
            .trim_end()
            .to_owned();
    }
    let body = axum::body::to_bytes(request.into_body(), 100_000)
        .await
        .expect("the body arrives");
    let body: Value = serde_json::from_slice(&body).expect("the body is JSON");
    body["method"].as_str().unwrap_or_default().to_owned()
}

fn json(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).expect("the test's status is one");
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        body.to_string(),
    )
        .into_response()
}

fn result() -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "result": { "capabilities": {}, "protocolVersion": "2025-11-25" } })
}

fn error(code: i32) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": code, "message": "no" } })
}

fn challenge(value: &str) -> Response {
    (
        StatusCode::UNAUTHORIZED,
        [(header::WWW_AUTHENTICATE, value.to_owned())],
    )
        .into_response()
}

fn kind(verdict: &Verdict) -> Option<AuthKind> {
    match verdict {
        Verdict::Known { kind, .. } => Some(*kind),
        Verdict::Unsure(_) => None,
    }
}

#[tokio::test]
async fn an_older_server_is_asked_in_its_own_words_and_its_session_released() {
    let peer = Peer::serving(|what, _| {
        if what == "server/discover" {
            return json(400, &error(-32000));
        }
        let mut answer = json(200, &result());
        if what == "initialize" {
            let session = header::HeaderValue::from_static("s1");
            answer.headers_mut().insert("mcp-session-id", session);
        }
        answer
    })
    .await;
    assert_eq!(kind(&peer.verdict().await), Some(AuthKind::Open));
    while peer.asked().len() < 3 {
        tokio::task::yield_now().await;
    }
    let asked = ["server/discover", "initialize", "DELETE /mcp s1"];
    assert_eq!(peer.asked(), asked);
}

#[tokio::test]
async fn an_event_stream_that_never_ends_is_no_hang() {
    let peer = Peer::serving(|_, _| {
        let first = Bytes::from(format!("event: message\ndata: {}\n\n", result()));
        let endless = futures::stream::iter([Ok::<_, std::io::Error>(first)]);
        let endless = futures::StreamExt::chain(endless, futures::stream::pending());
        (
            [(header::CONTENT_TYPE, "text/event-stream")],
            Body::from_stream(endless),
        )
            .into_response()
    })
    .await;
    assert_eq!(kind(&peer.verdict().await), Some(AuthKind::Open));
}

#[tokio::test]
async fn a_modern_server_is_asked_once() {
    let peer = Peer::serving(|_, _| json(200, &result())).await;
    assert_eq!(kind(&peer.verdict().await), Some(AuthKind::Open));
    assert_eq!(peer.asked(), ["server/discover"]);
}

#[tokio::test]
async fn a_modern_server_that_refuses_is_never_asked_in_the_older_words() {
    let peer = Peer::serving(|_, _| json(400, &error(-32022))).await;
    let evidence = Evidence::Status { status: 400 };
    assert_eq!(peer.verdict().await, Verdict::Unsure(evidence));
    assert_eq!(peer.asked(), ["server/discover", "server/discover"]);
}

#[tokio::test]
async fn errors_in_both_eras_are_no_kind() {
    let peer = Peer::serving(|_, _| json(400, &error(-32600))).await;
    assert_eq!(
        peer.verdict().await,
        Verdict::Unsure(Evidence::Status { status: 400 })
    );
}

#[tokio::test]
async fn a_challenge_with_a_scope_is_oauth_even_if_the_documents_are_missing() {
    let peer = Peer::serving(|what, _| match what {
        "server/discover" => challenge("Bearer scope=\"read write\""),
        _ => StatusCode::NOT_FOUND.into_response(),
    })
    .await;
    let Verdict::Known {
        kind,
        hints,
        authorization_host,
        scopes,
    } = peer.verdict().await
    else {
        panic!("a challenge is definite");
    };
    assert_eq!((kind, authorization_host), (AuthKind::Oauth, None));
    assert_eq!(
        hints.scope.map(|scope| scope.to_string()).as_deref(),
        Some("read write"),
        "kept for the sign-in"
    );
    assert_eq!(
        scopes.map(|scopes| scopes.to_string()).as_deref(),
        Some("read write"),
        "and told beforehand (R14)"
    );
}

fn documents(what: &str, host: &str) -> Response {
    match what {
        "GET /.well-known/oauth-protected-resource/mcp" => json(
            200,
            &json!({ "resource": format!("http://{host}/mcp"), "authorization_servers": [format!("http://{host}")],
                     "scopes_supported": ["read", "offline_access", "write"] }),
        ),
        "GET /.well-known/oauth-authorization-server" => json(
            200,
            &json!({
                "issuer": format!("http://{host}"),
                "authorization_endpoint": format!("http://{host}/authorize"),
                "token_endpoint": format!("http://{host}/token"),
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
            }),
        ),
        "server/discover" => StatusCode::UNAUTHORIZED.into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

#[tokio::test]
async fn r02_a_401_without_a_header_is_oauth_if_the_documents_say_so() {
    let peer = Peer::serving(documents).await;
    let Verdict::Known {
        kind,
        authorization_host,
        scopes,
        ..
    } = peer.verdict().await
    else {
        panic!("published documents are definite");
    };
    assert_eq!(kind, AuthKind::Oauth);
    assert_eq!(
        authorization_host,
        Some(peer.url.host()),
        "where one signs in is told"
    );
    assert_eq!(
        scopes.map(|scopes| scopes.to_string()).as_deref(),
        Some("read write"),
        "and what one will be asked for (R14)"
    );
}

#[tokio::test]
async fn a_401_without_documents_wants_a_header() {
    let peer = Peer::serving(|what, _| match what {
        "server/discover" => challenge("Bearer realm=\"keys\""),
        _ => (StatusCode::OK, [(header::CONTENT_TYPE, "text/html")], "<html>").into_response(),
    })
    .await;
    assert_eq!(kind(&peer.verdict().await), Some(AuthKind::Header));
}

#[tokio::test]
async fn s24_a_redirect_is_not_followed() {
    let target = Peer::serving(|_, _| json(200, &result())).await;
    let location = target.url.to_string();
    let peer = Peer::serving(move |_, _| {
        (
            StatusCode::TEMPORARY_REDIRECT,
            [(header::LOCATION, location.clone())],
        )
            .into_response()
    })
    .await;
    let verdict = peer.verdict().await;
    assert!(
        matches!(verdict, Verdict::Unsure(Evidence::Redirected { .. })),
        "{verdict:?}"
    );
    assert!(target.asked().is_empty(), "nothing was asked there");
}

#[tokio::test]
async fn s05_plain_http_over_a_network_is_not_asked() {
    let http = Http::new("test", network::hand::always()).expect("the system has TLS roots");
    let url = "http://mcp.example/mcp".parse().expect("a server's address");
    let verdict = detect(&http, &url).await.verdict;
    assert_eq!(verdict, Verdict::Unsure(Evidence::Insecure));
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/mcp", listener.local_addr().expect("the port is bound"));
    drop(listener);
    let http = Http::new("test", network::hand::always()).expect("the system has TLS roots");
    let verdict = detect(&http, &url.parse().expect("a server's address"))
        .await
        .verdict;
    assert_eq!(verdict, Verdict::Unsure(Evidence::Unreachable));
}
