//! Serving and asking over real sockets of this machine.

use axum::{Router, http::StatusCode, response::IntoResponse};
use tokio::{net::TcpListener, sync::watch, task::AbortHandle};

use crate::socket::Socket;

/// A service on a free port of the loopback address; it ends when dropped.
#[derive(Debug)]
pub struct Listening {
    /// `http://127.0.0.1:{port}`.
    pub base: String,
    plugged: watch::Sender<bool>,
    task: AbortHandle,
}

impl Listening {
    /// Binds a free port, lets `router` be made for it, and serves.
    pub async fn serve(router: impl FnOnce(&str) -> Router) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await;
        Self::on(listener.expect("a free port on the loopback address"), router)
    }

    fn on(listener: TcpListener, router: impl FnOnce(&str) -> Router) -> Self {
        let base = format!(
            "http://{}",
            listener.local_addr().expect("a bound socket has an address")
        );
        let service = router(&base);
        let (plugged, is_plugged) = watch::channel(true);
        let socket = Socket::new(listener, is_plugged);
        let task = tokio::spawn(async move {
            axum::serve(socket, service)
                .await
                .expect("serving on a bound socket does not fail");
        });
        Self {
            base,
            plugged,
            task: task.abort_handle(),
        }
    }

    /// Cuts everybody off: nobody listens any more.
    pub fn unplug(&self) {
        self.plugged.send_replace(false);
    }

    /// Listens again, at the same address.
    pub fn plug_in(&self) {
        self.plugged.send_replace(true);
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves one answer to everything: an HTML page, nonsense, a status.
pub async fn canned(status: u16, content_type: &'static str, body: &'static str) -> Listening {
    let router = answering((status, content_type, body));
    Listening::serve(|_| router).await
}

/// Serves the same in the place of somebody who was unplugged, as a captive portal does: a status, a type and a body.
pub async fn canned_at(base: &str, answer: (u16, &'static str, &'static str)) -> Listening {
    let address = base.trim_start_matches("http://");
    loop {
        if let Ok(listener) = TcpListener::bind(address).await {
            return Listening::on(listener, |_| answering(answer));
        }
        // The other's socket is closed as soon as its task notices.
        tokio::task::yield_now().await;
    }
}

fn answering((status, content_type, body): (u16, &'static str, &'static str)) -> Router {
    let status = StatusCode::from_u16(status).expect("a status");
    let answer = move || async move { (status, [("content-type", content_type)], body).into_response() };
    Router::new().fallback(answer)
}

/// Gives a client that follows no redirects, as a person's browser under our eyes.
#[expect(clippy::disallowed_methods, reason = "the world's own browser is not the app")]
pub fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy();
    builder.build().expect("a plain client can always be built")
}
