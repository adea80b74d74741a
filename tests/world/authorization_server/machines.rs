//! Tokens without a person: who asks, and with whose word, is checked for real.

use axum::{
    Json,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;
use url::form_urlencoded;
use usher_core::ports::{Clock, SystemClock};

use super::{Office, Params, RefreshMood, desk::granted, error, locked};
use crate::{HandClock, Signer, jwt::is_for};

/// A token of somebody else as the authorization grant (RFC 7523 §2.1).
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/// A signed assertion in the place of a secret (RFC 7523 §2.2).
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// What a company's identity provider gives to be shown here.
const ID_JAG: &str = "oauth-id-jag+jwt";
/// The longest that a client's assertion may be good for, in seconds.
const LIFE: i64 = 300;

/// What is good for tokens without a person.
#[derive(Debug, Clone, Default)]
pub struct Machines {
    /// The known client's key, if it proves itself with one.
    pub key: Option<Signer>,
    /// The algorithms that the metadata lists for such keys, if it does.
    pub algorithms: Option<&'static [&'static str]>,
    /// Whose tokens are taken as authorization grants: an issuer and its key.
    pub trusts: Option<(String, Signer)>,
    /// The clock of the story, if it is turned by hand.
    pub clock: Option<HandClock>,
}

impl Machines {
    fn now(&self) -> i64 {
        let hand = self.clock.as_ref().map(Clock::now);
        hand.unwrap_or_else(|| SystemClock.now()).seconds()
    }
}

/// A request for tokens without a person.
struct Ask<'a> {
    office: &'a Office,
    headers: &'a HeaderMap,
    form: &'a Params,
}

/// Answers a request; `key` is what the tokens are bound to.
pub(super) fn answer(
    office: &Office,
    (headers, form): (&HeaderMap, &Params),
    key: Option<String>,
) -> Response {
    let mood = *locked(&office.mood);
    match mood {
        RefreshMood::Well => {}
        RefreshMood::Status(status) => {
            return StatusCode::from_u16(status).expect("a status").into_response();
        }
        RefreshMood::Refusing(code) => return error(StatusCode::BAD_REQUEST, code),
    }
    let ask = Ask {
        office,
        headers,
        form,
    };
    if let Err((status, code)) = ask.check() {
        return error(status, code);
    }
    let scope = ask.of("scope").to_owned();
    let pair = locked(&office.books).grant(scope, ask.of("client_id").to_owned(), key);
    let mut answer = granted(office, &pair);
    if let Some(members) = answer.as_object_mut() {
        members.remove("refresh_token");
    }
    Json(answer).into_response()
}

type Refusal = (StatusCode, &'static str);

const NOBODY: Refusal = (StatusCode::UNAUTHORIZED, "invalid_client");
const NO_GRANT: Refusal = (StatusCode::BAD_REQUEST, "invalid_grant");

impl Ask<'_> {
    fn of(&self, name: &str) -> &str {
        self.form.get(name).map_or("", String::as_str)
    }

    fn check(&self) -> Result<(), Refusal> {
        let proven = self.is_proven()?;
        if self.of("resource").is_empty() {
            return Err((StatusCode::BAD_REQUEST, "invalid_target"));
        }
        match self.of("grant_type") {
            JWT_BEARER => self.check_grant(proven),
            _ if proven => Ok(()),
            _ => Err(NOBODY),
        }
    }

    /// Tells whether the client proves who it is; what proves somebody else is refused.
    fn is_proven(&self) -> Result<bool, Refusal> {
        let secret = self.office.ways.known_client.map(|(_, secret)| secret);
        let basic = self.headers.get(header::AUTHORIZATION);
        let good = match (
            basic,
            self.form.get("client_secret"),
            self.form.get("client_assertion"),
        ) {
            (None, None, None) => return Ok(false),
            (Some(basic), None, None) => {
                let pair = basic.to_str().ok().and_then(credentials);
                pair == Some((
                    self.of("client_id").to_owned(),
                    secret.unwrap_or_default().to_owned(),
                ))
            }
            (None, Some(given), None) => Some(given.as_str()) == secret,
            (None, None, Some(assertion)) => self.is_signed(assertion),
            _ => false,
        };
        if good { Ok(true) } else { Err(NOBODY) }
    }

    fn is_signed(&self, assertion: &str) -> bool {
        let (machines, client) = (&self.office.ways.machines, self.of("client_id"));
        let read = machines.key.as_ref().and_then(|key| key.read(assertion));
        let Some((_, claims)) = read.filter(|_| self.of("client_assertion_type") == ASSERTION) else {
            return false;
        };
        let now = machines.now();
        let id = claims["jti"].as_str().unwrap_or_default().to_owned();
        let short = claims["exp"].as_i64().is_some_and(|ends| ends <= now + LIFE);
        let own = claims["iss"] == client && claims["sub"] == client;
        let fits = own && short && is_for(&claims, &self.office.base, now) && !id.is_empty();
        locked(&self.office.books).used.insert(assertion.to_owned());
        fits && locked(&self.office.books).seen_ids.insert(id)
    }

    fn check_grant(&self, proven: bool) -> Result<(), Refusal> {
        let machines = &self.office.ways.machines;
        let assertion = self.of("assertion");
        let (issuer, key) = machines.trusts.as_ref().ok_or(NO_GRANT)?;
        let (kind, claims) = key.read(assertion).ok_or(NO_GRANT)?;
        locked(&self.office.books).used.insert(assertion.to_owned());
        let good = claims["iss"] == issuer.as_str() && is_for(&claims, &self.office.base, machines.now());
        if !good {
            return Err(NO_GRANT);
        }
        match kind.as_str() {
            ID_JAG if !proven => Err(NOBODY),
            ID_JAG => self.check_jag(&claims),
            _ => Ok(()),
        }
    }

    /// Checks that leave was given to this client and for this resource.
    fn check_jag(&self, claims: &Value) -> Result<(), Refusal> {
        let same = claims["client_id"] == self.of("client_id") && claims["resource"] == self.of("resource");
        if same { Ok(()) } else { Err(NO_GRANT) }
    }
}

/// Reads who a Basic header says that asks (RFC 6749 §2.3.1).
pub(crate) fn credentials(header: &str) -> Option<(String, String)> {
    let decoded = BASE64_STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (client, secret) = text.split_once(':')?;
    let plain = |part: &str| {
        let (name, _) = form_urlencoded::parse(part.as_bytes()).next()?;
        Some(name.into_owned())
    };
    Some((plain(client)?, plain(secret)?))
}
