//! Where programs ask: registration, tokens, revocation.

use axum::{
    Form, Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    Managing, Names, Office, Params, RefreshMood, Registrations, error, locked,
    machines::{self, JWT_BEARER},
};
use crate::{
    proofs::{Flaw, Proven, with_nonce},
    tokens::{Pair, fresh},
};

pub(super) async fn register(State(office): State<Office>, Json(ask): Json<Value>) -> Response {
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
            let id = match office.ways.managing {
                Managing::DeletingNamesakesLater => "client-of-many".to_owned(),
                _ => fresh("client-"),
            };
            locked(&office.books).clients.insert(id.clone(), uris.clone());
            let mut answer =
                json!({ "client_id": id, "redirect_uris": uris, "token_endpoint_auth_method": "none" });
            if let Some(at) = office.ways.secret_expires_at {
                answer["token_endpoint_auth_method"] = json!("client_secret_post");
                answer["client_secret"] = json!(fresh("canary-secret-"));
                answer["client_secret_expires_at"] = json!(at);
            }
            let method = ask["token_endpoint_auth_method"].as_str().unwrap_or_default();
            if method.starts_with("client_secret_") {
                answer["token_endpoint_auth_method"] = json!(method);
                answer["client_secret"] = json!(fresh("canary-secret-"));
            }
            if office.ways.managing != Managing::Nothing {
                answer["registration_client_uri"] = json!(format!("{}/register/{id}", office.base));
                answer["registration_access_token"] = json!(locked(&office.books).manage(&id));
            }
            (StatusCode::CREATED, Json(answer)).into_response()
        }
    }
}

pub(super) async fn deregister(
    State(office): State<Office>,
    Path(client): Path<String>,
    headers: HeaderMap,
) -> StatusCode {
    office.seen.note("DELETE /register", &Params::new());
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let is_first = office.seen.count("DELETE /register") == 1;
    match (office.ways.managing, token) {
        (Managing::Refused | Managing::Nothing, _) => StatusCode::FORBIDDEN,
        (Managing::DeletingLater | Managing::DeletingNamesakesLater, _) if is_first => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        (_, Some(token)) if locked(&office.books).forget(&client, token) => StatusCode::NO_CONTENT,
        _ => StatusCode::UNAUTHORIZED,
    }
}

pub(super) async fn token(
    State(office): State<Office>,
    headers: HeaderMap,
    Form(form): Form<Params>,
) -> Response {
    let _asker = office.crowd.enter();
    let aside = locked(&office.aside).take();
    office.seen.note("POST /token", &form);
    if let Some(guard) = aside {
        // It ends by being dropped.
        let _ = guard.await;
    }
    office.before.pass().await;
    let turn = office.counter.lock().await;
    let answer = answer(&office, &headers, &form);
    drop(turn);
    office.after.pass().await;
    answer
}

fn answer(office: &Office, headers: &HeaderMap, form: &Params) -> Response {
    let of = |name: &str| form.get(name).cloned().unwrap_or_default();
    let client = of("client_id");
    if !locked(&office.books).clients.contains_key(&client) && !office.takes_document(&client) {
        return error(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let auth = auth_of(headers, form);
    if office.ways.wants_auth.is_some_and(|wanted| wanted != auth) {
        return error(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    if office.ways.refuses_resource && form.contains_key("resource") {
        return error(StatusCode::BAD_REQUEST, "invalid_target");
    }
    let (key, nonce) = match office.proven(headers) {
        Ok(proven) => proven,
        Err(flaw) => return refused_proof(flaw),
    };
    let answer = match of("grant_type").as_str() {
        "authorization_code" => exchange(office, &of, key),
        "client_credentials" | JWT_BEARER => machines::answer(office, (headers, form), key),
        "refresh_token" => renew(office, &of("refresh_token"), key.as_deref()),
        _ => error(StatusCode::BAD_REQUEST, "unsupported_grant_type"),
    };
    with_nonce(answer, nonce)
}

/// Tells how a token request says who sends it (RFC 7591 §2).
fn auth_of(headers: &HeaderMap, form: &Params) -> &'static str {
    match (
        headers.contains_key("authorization"),
        form.contains_key("client_secret"),
    ) {
        (true, _) => "client_secret_basic",
        (false, true) => "client_secret_post",
        (false, false) if form.contains_key("client_assertion") => "private_key_jwt",
        (false, false) => "none",
    }
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
    if office.ways.refresh_only_offline && !code.offline {
        answer["refresh_token"] = Value::Null;
    }
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

pub(super) async fn userinfo(State(office): State<Office>, headers: HeaderMap) -> Response {
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
    let mood = *locked(&office.mood);
    match mood {
        RefreshMood::Well => {}
        RefreshMood::Status(status) => {
            return StatusCode::from_u16(status).expect("a status").into_response();
        }
        RefreshMood::Refusing(code) => return error(StatusCode::BAD_REQUEST, code),
    }
    let pair = locked(&office.books).rotate(refresh, key);
    pair.map_or_else(
        || error(StatusCode::BAD_REQUEST, "invalid_grant"),
        |pair| Json(granted(office, &pair)).into_response(),
    )
}

pub(super) fn granted(office: &Office, pair: &Pair) -> Value {
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

pub(super) async fn revoke(State(office): State<Office>, Form(form): Form<Params>) -> StatusCode {
    office.seen.note("POST /revoke", &form);
    if !office.ways.revocation {
        return StatusCode::NOT_FOUND;
    }
    locked(&office.books).revoke(Some(form.get("token").map_or("", String::as_str)));
    StatusCode::OK
}
