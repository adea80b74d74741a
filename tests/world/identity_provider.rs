//! A company's identity provider: it exchanges an ID token of its own for leave to ask somewhere else (RFC 8693).

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use usher_core::ports::{Clock, SystemClock};

use crate::{HandClock, Listening, SeenLog, Signer, Wire, authorization_server::credentials, jwt::is_for};

/// The client that may ask here, and its secret.
pub const IDP_CLIENT: (&str, &str) = ("client-at-idp", "canary-idp-secret-5c1");

const PARAMETERS: [(&str, &str); 3] = [
    ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
    ("requested_token_type", ID_JAG),
    ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
];
const ID_JAG: &str = "urn:ietf:params:oauth:token-type:id-jag";

/// An identity provider on a free port.
pub struct IdentityProvider {
    listening: Listening,
    desk: Desk,
    wire: Wire,
}

#[derive(Clone)]
struct Desk {
    base: String,
    signer: Signer,
    clock: Option<HandClock>,
    /// What the client is called where it is given leave to ask.
    client_there: &'static str,
    given: Arc<Mutex<Vec<String>>>,
    refusal: Arc<Mutex<Option<&'static str>>>,
    seen: SeenLog,
}

impl IdentityProvider {
    /// Opens it, for a client that is called `client_there` where it is given leave to ask.
    pub async fn open(client_there: &'static str, clock: Option<HandClock>) -> Self {
        let (mut desk, wire) = (None, Wire::default());
        let listening = Listening::serve(|base| {
            let made = Desk {
                base: base.to_owned(),
                signer: Signer::new(),
                clock,
                client_there,
                given: Arc::default(),
                refusal: Arc::default(),
                seen: SeenLog::default(),
            };
            desk = Some(made.clone());
            wire.around(router(made))
        });
        let listening = listening.await;
        Self {
            listening,
            desk: desk.expect("the router was made before serving began"),
            wire: wire.clone(),
        }
    }

    /// Gives its issuer.
    pub fn issuer(&self) -> &str {
        &self.listening.base
    }

    /// Gives the key it signs with.
    pub fn signer(&self) -> Signer {
        self.desk.signer.clone()
    }

    /// Signs somebody in, elsewhere, and gives the ID token for our client; it is good for an hour.
    pub fn id_token(&self) -> String {
        let claims = json!({
            "iss": self.desk.base, "sub": "ada", "aud": IDP_CLIENT.0, "exp": self.desk.now() + 3600,
        });
        let token = self.desk.signer.sign("JWT", &claims);
        locked(&self.desk.given).push(token.clone());
        token
    }

    /// Refuses everybody with an error from now on.
    pub fn refuses(&self, error: &'static str) {
        *locked(&self.desk.refusal) = Some(error);
    }

    /// Gives what it received.
    pub const fn seen(&self) -> &SeenLog {
        &self.desk.seen
    }

    /// Gives what it received, with all that is secret.
    pub const fn wire(&self) -> &Wire {
        &self.wire
    }

    /// Gives every token handed out so far, to search for leaks.
    pub fn secrets(&self) -> Vec<String> {
        locked(&self.desk.given).clone()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn router(desk: Desk) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(metadata))
        .route("/token", post(token))
        .with_state(desk)
}

async fn metadata(State(desk): State<Desk>) -> Json<Value> {
    let base = &desk.base;
    Json(json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
    }))
}

async fn token(
    State(desk): State<Desk>,
    headers: HeaderMap,
    Form(form): Form<BTreeMap<String, String>>,
) -> Response {
    desk.seen.note("POST /token", &form);
    let refusal = *locked(&desk.refusal);
    match refusal.map_or_else(|| desk.exchange(&headers, &form), Err) {
        Ok(jag) => {
            let kind = json!({ "access_token": jag, "issued_token_type": ID_JAG, "token_type": "N_A", "expires_in": 300 });
            Json(kind).into_response()
        }
        Err(code) => (StatusCode::BAD_REQUEST, Json(json!({ "error": code }))).into_response(),
    }
}

impl Desk {
    fn now(&self) -> i64 {
        let hand = self.clock.as_ref().map(Clock::now);
        hand.unwrap_or_else(|| SystemClock.now()).seconds()
    }

    fn exchange(&self, headers: &HeaderMap, form: &BTreeMap<String, String>) -> Result<String, &'static str> {
        let of = |name: &str| form.get(name).map_or("", String::as_str);
        let basic = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let (client, secret) = basic.and_then(credentials).ok_or("invalid_client")?;
        if (client.as_str(), secret.as_str()) != IDP_CLIENT || of("client_id") != client {
            return Err("invalid_client");
        }
        let named = PARAMETERS.iter().all(|(name, value)| of(name) == *value);
        if !named || of("audience").is_empty() || of("resource").is_empty() {
            return Err("invalid_request");
        }
        let (_, claims) = self.signer.read(of("subject_token")).ok_or("invalid_grant")?;
        if claims["iss"] != self.base.as_str() || !is_for(&claims, IDP_CLIENT.0, self.now()) {
            return Err("invalid_grant");
        }
        let jag = json!({
            "iss": self.base, "sub": claims["sub"], "aud": of("audience"), "resource": of("resource"),
            "client_id": self.client_there, "scope": of("scope"), "exp": self.now() + 300,
        });
        let jag = self.signer.sign("oauth-id-jag+jwt", &jag);
        locked(&self.given).push(jag.clone());
        Ok(jag)
    }
}
