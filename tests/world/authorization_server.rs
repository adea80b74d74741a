//! An authorization server that behaves, or misbehaves in ways a story asks for.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Form, Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::OwnedMutexGuard;
use url::Url;

use crate::{
    Listening, Proofs, SeenLog, Wire,
    proofs::{Flaw, Proven, Verifier, with_nonce},
    tokens::{Books, Code, Goodness, Pair, fresh},
};

type Params = BTreeMap<String, String>;

/// How registration goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registrations {
    /// Anybody may register with any redirect URI.
    Offered,
    /// Only http redirect URIs are taken; a private scheme is refused at registration.
    HttpOnly,
    /// A private scheme is taken at registration and refused on the page.
    HttpOnlyOnPage,
    /// There is no registration.
    Absent,
    /// Every registration is refused.
    Refused,
}

/// What the answer says about its issuer (RFC 9207).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Iss {
    /// Promised and right.
    Right,
    /// Neither promised nor sent.
    Absent,
    /// Promised and not sent.
    Missing,
    /// Another issuer.
    Wrong,
}

/// What the page does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// Shows a page with two buttons.
    Page,
    /// Grants at once.
    Instant,
    /// Sends the browser back with an error.
    Error(&'static str),
}

/// How refreshing goes; may be changed at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshMood {
    /// As it should.
    Well,
    /// A bare status.
    Status(u16),
}

/// Where the server says who signed in (OpenID Connect Core §2, §5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Nowhere.
    Nowhere,
    /// In an ID token beside the access token.
    IdToken,
    /// At its userinfo endpoint.
    Userinfo,
}

/// How the server is.
#[derive(Debug, Clone)]
pub struct Ways {
    /// How registration goes.
    pub registrations: Registrations,
    /// What the answer says about its issuer.
    pub iss: Iss,
    /// What the page does.
    pub consent: Consent,
    /// Whether PKCE with S256 is promised.
    pub pkce: bool,
    /// Seconds an access token lives, if that is said.
    pub token_life: Option<i64>,
    /// Whether refresh tokens are given.
    pub refresh_tokens: bool,
    /// Whether revocation is offered.
    pub revocation: bool,
    /// The error the token endpoint answers a code with.
    pub exchange_error: Option<&'static str>,
    /// What the metadata says the issuer is, if not the truth.
    pub false_issuer: Option<&'static str>,
    /// What the metadata says the authorization endpoint is, if not the truth.
    pub false_page: Option<&'static str>,
    /// A client known beforehand: identifier and secret.
    pub known_client: Option<(&'static str, &'static str)>,
    /// What is done about proofs (RFC 9449).
    pub proofs: Proofs,
    /// Whether a client may be called by the address of a document about it. The document is not looked at.
    pub takes_documents: bool,
    /// The scopes that are granted whatever is asked for, if not those.
    pub grants: Option<&'static str>,
    /// Where it says who signed in.
    pub names: Names,
}

impl Default for Ways {
    fn default() -> Self {
        Self {
            registrations: Registrations::Offered,
            iss: Iss::Right,
            consent: Consent::Page,
            pkce: true,
            token_life: Some(3600),
            refresh_tokens: true,
            revocation: true,
            exchange_error: None,
            false_issuer: None,
            false_page: None,
            known_client: None,
            proofs: Proofs::Unknown,
            takes_documents: false,
            grants: None,
            names: Names::Nowhere,
        }
    }
}

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
    counter: Arc<tokio::sync::Mutex<()>>,
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
                person: Arc::new(Mutex::new("ada".to_owned())),
                counter: Arc::default(),
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

    /// Forgets every client.
    pub fn forget_clients(&self) {
        locked(&self.office.books).clients.clear();
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
        .route("/register", post(register))
        .route("/authorize", get(authorize))
        .route("/consent", post(consent))
        .route("/token", post(token))
        .route("/revoke", post(revoke))
        .route("/userinfo", get(userinfo))
        .with_state(office)
}

async fn metadata(State(office): State<Office>) -> Json<Value> {
    office
        .seen
        .note("GET /.well-known/oauth-authorization-server", &Params::new());
    let (base, ways) = (&office.base, &office.ways);
    let mut document = json!({
        "issuer": ways.false_issuer.unwrap_or(base),
        "authorization_endpoint": ways.false_page.map_or_else(|| format!("{base}/authorize"), str::to_owned),
        "token_endpoint": format!("{base}/token"),
        "response_types_supported": ["code"],
        "authorization_response_iss_parameter_supported": ways.iss != Iss::Absent,
    });
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

async fn register(State(office): State<Office>, Json(ask): Json<Value>) -> Response {
    let uris: Vec<String> = serde_json::from_value(ask["redirect_uris"].clone()).unwrap_or_default();
    let members = ask.as_object().map(|ask| {
        ask.iter()
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect()
    });
    office.seen.note("POST /register", &members.unwrap_or_default());
    let plain = uris.iter().all(|uri| uri.starts_with("http"));
    match office.ways.registrations {
        Registrations::HttpOnly if !plain => error(StatusCode::BAD_REQUEST, "invalid_redirect_uri"),
        Registrations::Refused => error(StatusCode::FORBIDDEN, "access_denied"),
        Registrations::Absent => StatusCode::NOT_FOUND.into_response(),
        Registrations::Offered | Registrations::HttpOnly | Registrations::HttpOnlyOnPage => {
            let id = fresh("client-");
            locked(&office.books).clients.insert(id.clone(), uris.clone());
            let answer =
                json!({ "client_id": id, "redirect_uris": uris, "token_endpoint_auth_method": "none" });
            (StatusCode::CREATED, Json(answer)).into_response()
        }
    }
}

async fn authorize(State(office): State<Office>, Query(ask): Query<Params>) -> Response {
    office.seen.note("GET /authorize", &ask);
    let of = |name: &str| ask.get(name).cloned().unwrap_or_default();
    let (client, redirect) = (of("client_id"), of("redirect_uri"));
    let known = match (
        locked(&office.books).clients.get(&client),
        office.ways.known_client,
    ) {
        (Some(uris), _) if uris.contains(&redirect) => true,
        (Some(_), Some((id, _))) => id == client,
        _ => office.takes_document(&client),
    };
    let refused = office.ways.registrations == Registrations::HttpOnlyOnPage && !redirect.starts_with("http");
    if !known || refused {
        return (
            StatusCode::BAD_REQUEST,
            Html("This app is not known here, or not at this address."),
        )
            .into_response();
    }
    let s256 = of("code_challenge_method") == "S256"
        && !of("code_challenge").is_empty()
        && of("response_type") == "code";
    match (&office.ways.consent, s256) {
        (_, false) => back(&office, &ask, &[("error", "invalid_request")]),
        (Consent::Error(error), true) => back(
            &office,
            &ask,
            &[("error", error), ("error_description", "as the story asks")],
        ),
        (Consent::Instant, true) => allow(&office, ask),
        (Consent::Page, true) => {
            let request = fresh("request-");
            let page = page(&request, &of("scope"));
            locked(&office.waiting).insert(request, ask);
            Html(page).into_response()
        }
    }
}

fn page(request: &str, scope: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sign in</title><style>\
         body{{font:16px/1.5 system-ui;max-width:26rem;margin:12vh auto;padding:0 1rem;color-scheme:light dark}}\
         button{{font:inherit;padding:.5rem 1.25rem;margin-right:.5rem;border-radius:8px}}</style></head><body>\
         <h1>Let Usher in?</h1><p>Usher asks to use this server in your name{}.</p>\
         <form method=\"post\" action=\"/consent\"><input type=\"hidden\" name=\"request\" value=\"{request}\">\
         <button name=\"decision\" value=\"allow\">Allow</button><button name=\"decision\" value=\"deny\">Decline</button>\
         </form></body></html>",
        if scope.is_empty() {
            String::new()
        } else {
            format!(" ({})", scope.replace(['<', '>', '&', '"'], ""))
        }
    )
}

async fn consent(State(office): State<Office>, Form(form): Form<Params>) -> Response {
    office.seen.note("POST /consent", &form);
    let request = form
        .get("request")
        .and_then(|request| locked(&office.waiting).remove(request));
    match (request, form.get("decision").map(String::as_str)) {
        (Some(ask), Some("allow")) => allow(&office, ask),
        (Some(ask), _) => back(&office, &ask, &[("error", "access_denied")]),
        (None, _) => (StatusCode::BAD_REQUEST, Html("This page was already used.")).into_response(),
    }
}

fn allow(office: &Office, ask: Params) -> Response {
    let of = |name: &str| ask.get(name).cloned().unwrap_or_default();
    let code = fresh("canary-code-");
    let entry = Code {
        client_id: of("client_id"),
        redirect_uri: of("redirect_uri"),
        challenge: of("code_challenge"),
        scope: office.ways.grants.map_or_else(|| of("scope"), str::to_owned),
        key: ask
            .get("dpop_jkt")
            .filter(|_| office.ways.proofs.are_checked())
            .cloned(),
        person: locked(&office.person).clone(),
    };
    let mut books = locked(&office.books);
    books.used.insert(code.clone());
    books.codes.insert(code.clone(), entry);
    drop(books);
    back(office, &ask, &[("code", &code)])
}

/// Sends the browser back with an answer.
fn back(office: &Office, ask: &Params, answer: &[(&str, &str)]) -> Response {
    let Some(mut url) = ask.get("redirect_uri").and_then(|uri| Url::parse(uri).ok()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    url.query_pairs_mut()
        .extend_pairs(answer)
        .extend_pairs(ask.get("state").map(|state| ("state", state)));
    let iss = match office.ways.iss {
        Iss::Right => Some(office.base.as_str()),
        Iss::Wrong => Some("https://evil.example"),
        Iss::Absent | Iss::Missing => None,
    };
    url.query_pairs_mut().extend_pairs(iss.map(|iss| ("iss", iss)));
    Redirect::to(url.as_str()).into_response()
}

async fn token(State(office): State<Office>, headers: HeaderMap, Form(form): Form<Params>) -> Response {
    office.seen.note("POST /token", &form);
    let _turn = office.counter.lock().await;
    let of = |name: &str| form.get(name).cloned().unwrap_or_default();
    let client = of("client_id");
    if !locked(&office.books).clients.contains_key(&client) && !office.takes_document(&client) {
        return error(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let (key, nonce) = match office.proven(&headers) {
        Ok(proven) => proven,
        Err(flaw) => return refused_proof(flaw),
    };
    let answer = match of("grant_type").as_str() {
        "authorization_code" => exchange(&office, &of, key),
        "refresh_token" => renew(&office, &of("refresh_token"), key.as_deref()),
        _ => error(StatusCode::BAD_REQUEST, "unsupported_grant_type"),
    };
    with_nonce(answer, nonce)
}

impl Office {
    /// Gives the thumbprint of the key that a token request proves, with the nonce for its answer.
    fn proven(&self, headers: &HeaderMap) -> Result<(Option<String>, Option<String>), Flaw> {
        if !self.ways.proofs.are_checked() {
            return Ok((None, None));
        }
        let proven = Proven {
            headers,
            method: "POST",
            url: &format!("{}/token", self.base),
            token: None,
        };
        let (key, nonce) = self.verifier.check(&proven)?;
        Ok((Some(key), nonce))
    }
}

fn refused_proof(flaw: Flaw) -> Response {
    match flaw {
        Flaw::Nonce(nonce) => with_nonce(error(StatusCode::BAD_REQUEST, "use_dpop_nonce"), Some(nonce)),
        Flaw::Bad(_) => error(StatusCode::BAD_REQUEST, "invalid_dpop_proof"),
    }
}

fn exchange(office: &Office, of: &dyn Fn(&str) -> String, key: Option<String>) -> Response {
    if let Some(code) = office.ways.exchange_error {
        return error(StatusCode::BAD_REQUEST, code);
    }
    let mut books = locked(&office.books);
    books.used.insert(of("code_verifier"));
    let Some(code) = books.codes.remove(&of("code")) else {
        return error(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    let proof = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(of("code_verifier")));
    let same = code.client_id == of("client_id")
        && code.redirect_uri == of("redirect_uri")
        && code.challenge == proof
        && (code.key.is_none() || code.key == key);
    if !same {
        return error(StatusCode::BAD_REQUEST, "invalid_grant");
    }
    let pair = books.grant(code.scope, code.person.clone(), key);
    drop(books);
    let mut answer = granted(office, &pair);
    if office.ways.names == Names::IdToken {
        answer["id_token"] = json!(id_token(office, &code.client_id, &code.person));
    }
    Json(answer).into_response()
}

/// Makes an ID token. Its signature is none, as nobody looks at it.
fn id_token(office: &Office, client: &str, person: &str) -> String {
    let mut claims = claims(person);
    // The year 2100: the clocks of stories are turned by hand.
    claims["exp"] = json!(4_102_444_800_i64);
    claims["iss"] = json!(office.base);
    claims["aud"] = json!(client);
    let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
    let token = format!("e30.{claims}.{}", fresh("canary-id-token-"));
    locked(&office.books).used.insert(token.clone());
    token
}

fn claims(person: &str) -> Value {
    json!({ "sub": format!("sub-of-{person}"), "email": format!("{person}@example.com"), "name": person })
}

async fn userinfo(State(office): State<Office>, headers: HeaderMap) -> Response {
    office.seen.note("GET /userinfo", &Params::new());
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let person = token.and_then(|token| locked(&office.books).whose(token));
    person.map_or_else(
        || StatusCode::UNAUTHORIZED.into_response(),
        |person| Json(claims(&person)).into_response(),
    )
}

fn renew(office: &Office, refresh: &str, key: Option<&str>) -> Response {
    if let RefreshMood::Status(status) = *locked(&office.mood) {
        return StatusCode::from_u16(status).expect("a status").into_response();
    }
    let pair = locked(&office.books).rotate(refresh, key);
    pair.map_or_else(
        || error(StatusCode::BAD_REQUEST, "invalid_grant"),
        |pair| Json(granted(office, &pair)).into_response(),
    )
}

fn granted(office: &Office, pair: &Pair) -> Value {
    let token_type = if pair.bound { "DPoP" } else { "Bearer" };
    let mut answer = json!({ "access_token": pair.access, "token_type": token_type, "scope": pair.scope });
    if let Some(life) = office.ways.token_life {
        answer["expires_in"] = json!(life);
    }
    if office.ways.refresh_tokens {
        answer["refresh_token"] = json!(pair.refresh);
    }
    answer
}

async fn revoke(State(office): State<Office>, Form(form): Form<Params>) -> StatusCode {
    office.seen.note("POST /revoke", &form);
    if !office.ways.revocation {
        return StatusCode::NOT_FOUND;
    }
    locked(&office.books).revoke(Some(form.get("token").map_or("", String::as_str)));
    StatusCode::OK
}

fn error(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({ "error": code }))).into_response()
}
