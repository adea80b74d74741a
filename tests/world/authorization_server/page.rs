//! The page where a person agrees, or does not.

use axum::{
    Form,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use url::Url;

use super::{Consent, Iss, Office, Params, Registrations, locked};
use crate::tokens::{Code, fresh};

pub(super) async fn authorize(State(office): State<Office>, Query(ask): Query<Params>) -> Response {
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
    if office.ways.refuses_resource && ask.contains_key("resource") {
        return back(&office, &ask, &[("error", "invalid_target")]);
    }
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

pub(super) async fn consent(State(office): State<Office>, Form(form): Form<Params>) -> Response {
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
        offline: of("access_type") == "offline",
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
        Iss::Right => Some(office.ways.false_issuer.unwrap_or(&office.base)),
        Iss::Wrong => Some("https://evil.example"),
        Iss::Absent | Iss::Missing => None,
    };
    url.query_pairs_mut().extend_pairs(iss.map(|iss| ("iss", iss)));
    Redirect::to(url.as_str()).into_response()
}
