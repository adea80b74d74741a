//! Serving and asking over real sockets of this machine.

use axum::{Router, http::StatusCode, response::IntoResponse};
use tokio::{net::TcpListener, task::AbortHandle};

/// A service on a free port of the loopback address; it ends when dropped.
#[derive(Debug)]
pub struct Listening {
    /// `http://127.0.0.1:{port}`.
    pub base: String,
    task: AbortHandle,
}

impl Listening {
    /// Binds a free port, lets `router` be made for it, and serves.
    pub async fn serve(router: impl FnOnce(&str) -> Router) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port on the loopback address");
        let base = format!(
            "http://{}",
            listener.local_addr().expect("a bound socket has an address")
        );
        let service = router(&base);
        let task = tokio::spawn(async move {
            axum::serve(listener, service)
                .await
                .expect("serving on a bound socket does not fail");
        });
        Self {
            base,
            task: task.abort_handle(),
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves one answer to everything: an HTML page, nonsense, a status.
pub async fn canned(status: u16, content_type: &'static str, body: &'static str) -> Listening {
    let status = StatusCode::from_u16(status).expect("a status");
    let answer = move || async move { (status, [("content-type", content_type)], body).into_response() };
    Listening::serve(|_| Router::new().fallback(answer)).await
}

/// Gives a client that follows no redirects, as a person's browser under our eyes.
#[expect(clippy::disallowed_methods, reason = "the world's own browser is not the app")]
pub fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    builder.build().expect("a plain client can always be built")
}
