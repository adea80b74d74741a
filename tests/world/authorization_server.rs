//! An authorization server that behaves, or misbehaves in ways a story asks for.

mod desk;
mod machines;
mod page;
mod queue;
mod ways;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{delete, get, post},
};
use serde_json::{Value, json};
use tokio::sync::{OwnedMutexGuard, oneshot};

use crate::{
    Listening, Proofs, SeenLog, Wire,
    proofs::Verifier,
    tokens::{Books, Goodness},
};

pub use machines::Machines;
pub(crate) use machines::credentials;
pub use queue::Held;
use queue::{Crowd, Stop};
pub use ways::{Consent, Iss, Managing, Names, RefreshMood, Registrations, Ways};

type Params = BTreeMap<String, String>;

/// An authorization server on a free port.
pub struct AuthorizationServer {
    listening: Listening,
    office: Office,
    wire: Wire,
}

#[derive(Clone)]
struct Office {
    base: String,
    ways: Arc<Ways>,
    books: Arc<Mutex<Books>>,
    waiting: Arc<Mutex<BTreeMap<String, Params>>>,
    mood: Arc<Mutex<RefreshMood>>,
    person: Arc<Mutex<String>>,
    token_endpoint: Arc<Mutex<Option<String>>>,
    counter: Arc<tokio::sync::Mutex<()>>,
    aside: Arc<Mutex<Option<oneshot::Receiver<()>>>>,
    before: Stop,
    after: Stop,
    crowd: Crowd,
    verifier: Verifier,
    seen: SeenLog,
}

impl Office {
    /// Tells whether a client ID is the address of a document, and such are taken.
    fn takes_document(&self, client: &str) -> bool {
        self.ways.takes_documents && client.starts_with("https://")
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl AuthorizationServer {
    /// Opens it.
    pub async fn open(ways: Ways) -> Self {
        let (mut office, wire) = (None, Wire::default());
        let listening = Listening::serve(|base| {
            let made = Office {
                base: base.to_owned(),
                verifier: Verifier::new(ways.proofs, true),
                ways: Arc::new(ways),
                books: Arc::default(),
                waiting: Arc::default(),
                mood: Arc::new(Mutex::new(RefreshMood::Well)),
                token_endpoint: Arc::default(),
                person: Arc::new(Mutex::new("ada".to_owned())),
                counter: Arc::default(),
                aside: Arc::default(),
                before: Stop::default(),
                after: Stop::default(),
                crowd: Crowd::default(),
                seen: SeenLog::default(),
            };
            if let Some((id, _)) = made.ways.known_client {
                locked(&made.books).clients.insert(id.to_owned(), Vec::new());
            }
            office = Some(made.clone());
            wire.around(router(made))
        });
        let listening = listening.await;
        Self {
            listening,
            wire: wire.clone(),
            office: office.expect("the router was made before serving began"),
        }
    }

    /// Gives the socket it listens on.
    pub const fn socket(&self) -> &Listening {
        &self.listening
    }

    /// Gives the issuer.
    pub fn issuer(&self) -> &str {
        &self.listening.base
    }

    /// Gives what it received.
    pub fn seen(&self) -> &SeenLog {
        &self.office.seen
    }

    /// Counts the proofs that were refused at the token endpoint.
    pub fn refused_proofs(&self) -> usize {
        self.office.verifier.refused()
    }

    /// Gives what it received, with all that is secret.
    pub const fn wire(&self) -> &Wire {
        &self.wire
    }

    /// Seats another person in front of its page from now on; at first it is Ada.
    pub fn seats(&self, person: &str) {
        person.clone_into(&mut locked(&self.office.person));
    }

    /// Tells whose token one of its resources took last.
    pub fn taken_last(&self) -> Option<String> {
        locked(&self.office.books).taken_last.clone()
    }

    /// Ends every grant of one person.
    pub fn revoke_person(&self, person: &str) {
        locked(&self.office.books).revoke_person(person);
    }

    /// Gives the scopes that its resources ask for.
    pub(crate) fn resource_scopes(&self) -> &'static str {
        match self.office.ways.names {
            Names::Nowhere => "tools",
            Names::IdToken | Names::Userinfo => "openid tools",
        }
    }

    /// Makes every access token bad, as if it had run out.
    pub fn expire_access(&self) {
        locked(&self.office.books).expire_access();
    }

    /// Ends every grant.
    pub fn revoke_all(&self) {
        locked(&self.office.books).revoke(None);
    }

    /// Counts the grants that live.
    pub fn living_grants(&self) -> usize {
        locked(&self.office.books).living()
    }

    /// Counts the clients that it knows.
    pub fn clients(&self) -> usize {
        locked(&self.office.books).clients.len()
    }

    /// Forgets every client.
    pub fn forget_clients(&self) {
        locked(&self.office.books).clients.clear();
    }

    /// Says from now on that tokens are had elsewhere.
    pub fn moves_token_endpoint(&self, url: &str) {
        *locked(&self.office.token_endpoint) = Some(url.to_owned());
    }

    /// Changes how refreshing goes.
    pub fn refresh_mood(&self, mood: RefreshMood) {
        *locked(&self.office.mood) = mood;
    }

    /// Gives every token and code handed out so far and every verifier shown, to search for leaks.
    pub fn secrets(&self) -> Vec<String> {
        locked(&self.office.books).secrets()
    }

    /// Makes everybody who asks for tokens wait until the guard is dropped.
    pub async fn hold_tokens(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.office.counter).lock_owned().await
    }

    /// Makes the next one who asks for tokens wait until the guard is dropped; whoever comes later goes first.
    pub fn hold_next(&self) -> oneshot::Sender<()> {
        let (guard, dropped) = oneshot::channel();
        *locked(&self.office.aside) = Some(dropped);
        guard
    }

    /// Holds up the next one who asks for tokens before anything is decided.
    pub fn hold_request(&self) -> Held {
        self.office.before.hold_next()
    }

    /// Holds up the answer to the next one who asks for tokens: it is decided, and what it spends is spent.
    pub fn hold_answer(&self) -> Held {
        self.office.after.hold_next()
    }

    /// Tells how many asked for tokens at the same time, at most.
    pub fn most_at_once(&self) -> usize {
        self.office.crowd.most()
    }

    /// Grants to a public client as if the person had just consented; gives an access token and a refresh token.
    pub fn give(&self, client: &str) -> (String, String) {
        let mut books = locked(&self.office.books);
        books.clients.entry(client.to_owned()).or_default();
        let pair = books.grant("tools".to_owned(), "ada".to_owned(), None);
        (pair.access, pair.refresh)
    }

    pub(crate) fn proofs(&self) -> Proofs {
        self.office.ways.proofs
    }

    pub(crate) fn scopes(&self) -> impl Fn(&str) -> String + Clone + Send + Sync + 'static {
        let books = self.office.books.clone();
        move |access| locked(&books).scopes(access)
    }

    pub(crate) fn checker(&self) -> impl Fn(&str) -> Goodness + Clone + Send + Sync + 'static {
        let books = self.office.books.clone();
        move |access| locked(&books).judge(access)
    }
}

fn router(office: Office) -> Router {
    Router::new()
        .route("/.well-known/oauth-authorization-server", get(metadata))
        .route("/register", post(desk::register))
        .route("/register/{client}", delete(desk::deregister))
        .route("/authorize", get(page::authorize))
        .route("/consent", post(page::consent))
        .route("/token", post(desk::token))
        .route("/revoke", post(desk::revoke))
        .route("/userinfo", get(desk::userinfo))
        .with_state(office)
}

async fn metadata(State(office): State<Office>) -> Json<Value> {
    office
        .seen
        .note("GET /.well-known/oauth-authorization-server", &Params::new());
    let (base, ways) = (&office.base, &office.ways);
    let mut document = json!({
        "issuer": ways.false_issuer.unwrap_or(base),
        "token_endpoint": locked(&office.token_endpoint).clone().unwrap_or_else(|| format!("{base}/token")),
        "response_types_supported": ["code"],
        "authorization_response_iss_parameter_supported": ways.iss != Iss::Absent,
    });
    if ways.has_page {
        let page = ways
            .false_page
            .map_or_else(|| format!("{base}/authorize"), str::to_owned);
        document["authorization_endpoint"] = json!(page);
    }
    if let Some(auth) = ways.wants_auth.filter(|_| !ways.hides_auth) {
        document["token_endpoint_auth_methods_supported"] = json!([auth]);
    }
    if let Some(algorithms) = ways.machines.algorithms {
        document["token_endpoint_auth_signing_alg_values_supported"] = json!(algorithms);
    }
    if ways.registrations != Registrations::Absent {
        document["registration_endpoint"] = json!(format!("{base}/register"));
    }
    if ways.takes_documents {
        document["client_id_metadata_document_supported"] = json!(true);
    }
    if ways.revocation {
        document["revocation_endpoint"] = json!(format!("{base}/revoke"));
    }
    if ways.names == Names::Userinfo {
        document["userinfo_endpoint"] = json!(format!("{base}/userinfo"));
    }
    if ways.pkce {
        document["code_challenge_methods_supported"] = json!(["S256"]);
    }
    if ways.proofs != Proofs::Unknown {
        document["dpop_signing_alg_values_supported"] = json!(["RS256", "ES256"]);
    }
    Json(document)
}

fn error(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({ "error": code }))).into_response()
}
