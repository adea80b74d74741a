//! A server that lets nobody in and only says where to sign in, which it may say otherwise at any time.

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Json, Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::{any, get},
};
use serde_json::{Value, json};

use crate::{Listening, Wire};

const DOCUMENT: &str = "/.well-known/oauth-protected-resource/mcp";

/// A server of which there is nothing but its document (RFC 9728).
pub struct Signpost {
    listening: Listening,
    document: Arc<Mutex<Value>>,
    wire: Wire,
}

impl Signpost {
    /// Opens it; it names these authorization servers.
    pub async fn to(issuers: &[&str]) -> Self {
        let (wire, document) = (Wire::default(), Arc::<Mutex<Value>>::default());
        let shown = Arc::clone(&document);
        let routes = |base: &str| wire.around(router(base, shown));
        let it = Self {
            listening: Listening::serve(routes).await,
            document,
            wire: wire.clone(),
        };
        it.points_to(issuers);
        it
    }

    /// Gives its address.
    pub fn url(&self) -> String {
        format!("{}/mcp", self.listening.base)
    }

    /// Names other authorization servers from now on.
    pub fn points_to(&self, issuers: &[&str]) {
        self.says(json!({ "resource": self.url(), "authorization_servers": issuers }));
    }

    /// Has another document from now on.
    pub fn says(&self, document: Value) {
        *self.document.lock().unwrap_or_else(PoisonError::into_inner) = document;
    }

    /// Gives what it received.
    pub const fn wire(&self) -> &Wire {
        &self.wire
    }
}

fn router(base: &str, document: Arc<Mutex<Value>>) -> Router {
    let challenge = format!("Bearer resource_metadata=\"{base}{DOCUMENT}\"");
    let refuse = move || async move {
        (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
    };
    let show = move || async move { Json(document.lock().unwrap_or_else(PoisonError::into_inner).clone()) };
    Router::new()
        .route("/mcp", any(refuse))
        .route(DOCUMENT, get(show))
}
