//! An authorization server that answers refreshes and revocations as it is told.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU16, Ordering},
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::json;
use tokio::{net::TcpListener, sync::watch};

use super::{LIFE, guarded};

/// How the token endpoint answers a refresh.
#[derive(Debug, Clone, Copy)]
pub enum Answers {
    /// A new pair; a refresh token that was used before is refused, as rotation demands.
    NewPair,
    /// A new access token, and no refresh token.
    AccessOnly,
    /// The access token that it issued last, again.
    SameAccess,
    /// An OAuth error (RFC 6749 §5.2).
    Error(&'static str),
    /// An HTTP status with a page, and how many seconds to stay away.
    Page(u16, Option<u32>),
    /// A web page where tokens are due.
    Portal,
}

/// A token endpoint and a revocation endpoint on a real socket.
pub struct Provider {
    pub address: String,
    state: Arc<Served>,
}

struct Served {
    answers: Mutex<Answers>,
    current: Mutex<String>,
    requests: watch::Sender<usize>,
    answered: watch::Sender<usize>,
    revoked: watch::Sender<Vec<String>>,
    revokes: AtomicU16,
    open: watch::Sender<bool>,
}

#[derive(Deserialize)]
struct RefreshForm {
    grant_type: String,
    refresh_token: String,
}

#[derive(Deserialize)]
struct RevokeForm {
    token: String,
}

impl Provider {
    /// A provider that nobody can reach: nothing listens on that port.
    pub fn nowhere() -> Self {
        Self {
            address: "http://127.0.0.1:1".to_owned(),
            state: Served::new(),
        }
    }

    pub async fn start() -> Self {
        let provider = Self::absent().await;
        provider.arrives().await;
        provider
    }

    /// A provider that cannot be reached yet.
    pub async fn absent() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("loopback has free ports");
        let address = format!("http://{}", listener.local_addr().expect("it is bound"));
        Self {
            address,
            state: Served::new(),
        }
    }

    /// Begins to serve.
    pub async fn arrives(&self) {
        let router = Router::new()
            .route("/token", post(token))
            .route("/revoke", post(revoke))
            .with_state(Arc::clone(&self.state));
        let listener = TcpListener::bind(self.address.trim_start_matches("http://")).await;
        let listener = listener.expect("its port is free");
        tokio::spawn(async move { axum::serve(listener, router).await });
    }

    pub fn answer(&self, answers: Answers) {
        *self
            .state
            .answers
            .lock()
            .expect("no test panics while holding it") = answers;
    }

    /// Lets no answer out until [`Provider::open`].
    pub fn close(&self) {
        self.state.open.send_replace(false);
    }

    pub fn open(&self) {
        self.state.open.send_replace(true);
    }

    /// How many token requests have come.
    pub fn requests(&self) -> usize {
        *self.state.requests.borrow()
    }

    pub async fn requested(&self, count: usize) {
        let mut requests = self.state.requests.subscribe();
        guarded(requests.wait_for(|seen| *seen >= count))
            .await
            .expect("the provider lives");
    }

    /// Waits until `count` token requests have been decided, whether or not anybody still reads the answers.
    pub async fn answered(&self, count: usize) {
        let mut answered = self.state.answered.subscribe();
        guarded(answered.wait_for(|seen| *seen >= count))
            .await
            .expect("the provider lives");
    }

    /// Lets the revocation endpoint answer with this status.
    pub fn revokes(&self, status: u16) {
        self.state.revokes.store(status, Ordering::SeqCst);
    }

    /// The tokens that the revocation endpoint was asked about, whatever it answered.
    pub fn revoked(&self) -> Vec<String> {
        self.state.revoked.borrow().clone()
    }

    pub async fn has_revoked(&self, token: &str) {
        let mut revoked = self.state.revoked.subscribe();
        let found = |revoked: &Vec<String>| revoked.iter().any(|seen| seen == token);
        guarded(revoked.wait_for(found))
            .await
            .expect("the provider lives");
    }
}

async fn token(State(served): State<Arc<Served>>, Form(form): Form<RefreshForm>) -> Response {
    assert_eq!(
        form.grant_type, "refresh_token",
        "nothing else is asked of this endpoint"
    );
    let mut number = 0;
    served.requests.send_modify(|count| {
        *count += 1;
        number = *count;
    });
    // The work goes on when the client hangs up, as in a real server.
    let decide = async move {
        served.wait_until_open().await;
        let answer = served.decide(number, &form.refresh_token);
        served.answered.send_modify(|count| *count += 1);
        answer
    };
    tokio::spawn(decide).await.expect("deciding does not panic")
}

async fn revoke(State(served): State<Arc<Served>>, Form(form): Form<RevokeForm>) -> StatusCode {
    served.wait_until_open().await;
    served.revoked.send_modify(|revoked| revoked.push(form.token));
    let status = StatusCode::from_u16(served.revokes.load(Ordering::SeqCst));
    status.expect("the test's status is one")
}

impl Served {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(Answers::NewPair),
            current: Mutex::new("refresh-0".to_owned()),
            requests: watch::Sender::new(0),
            answered: watch::Sender::new(0),
            revoked: watch::Sender::default(),
            revokes: AtomicU16::new(200),
            open: watch::Sender::new(true),
        })
    }

    async fn wait_until_open(&self) {
        self.open
            .subscribe()
            .wait_for(|open| *open)
            .await
            .expect("the provider lives");
    }

    fn decide(&self, number: usize, presented: &str) -> Response {
        let answers = *self.answers.lock().expect("no test panics while holding it");
        let mut current = self.current.lock().expect("no test panics while holding it");
        let access =
            |name: &str| json!({"access_token": name, "token_type": "Bearer", "expires_in": LIFE.as_secs()});
        match answers {
            Answers::Error(code) => error(code),
            Answers::Page(status, retry_after) => page(status, retry_after),
            Answers::Portal => Html("<html>").into_response(),
            _ if presented != *current => error("invalid_grant"),
            Answers::AccessOnly => Json(access(&format!("access-{number}"))).into_response(),
            Answers::SameAccess => Json(access("access-0")).into_response(),
            Answers::NewPair => {
                *current = format!("refresh-{number}");
                let mut pair = access(&format!("access-{number}"));
                pair["refresh_token"] = json!(*current);
                Json(pair).into_response()
            }
        }
    }
}

fn error(code: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": code }))).into_response()
}

fn page(status: u16, retry_after: Option<u32>) -> Response {
    let status = StatusCode::from_u16(status).expect("the test's status is one");
    let mut response = (status, "<html>").into_response();
    if let Some(seconds) = retry_after {
        response.headers_mut().insert("retry-after", seconds.into());
    }
    response
}
