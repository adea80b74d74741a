//! What we are called at an issuer: by hand, by a metadata document, or registered on the spot (RFC 7591; R8–R10).

mod management;

use reqwest::{Method, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    Decision, Discovered, TracedHttp, Unreadable,
    sealing::{self, is_token},
    strict::object,
};
use crate::{
    base::{ClientId, Issuer, RedirectUri, Secret, Timestamp},
    ports::HttpError,
};

use management::Management;
pub use management::{Deregistration, deregister};

/// The name under which providers show us to the person.
const CLIENT_NAME: &str = "Usher";

/// How we came to be known at an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RegistrationKind {
    /// The person typed a client ID in.
    PreRegistered,
    /// Our client ID is the address of a document about us.
    Cimd,
    /// We registered ourselves (RFC 7591).
    Dynamic,
}

/// How we prove at the token endpoint who we are (RFC 7591 §2, `token_endpoint_auth_method`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum AuthMethod {
    #[serde(rename = "none")]
    Public,
    #[serde(rename = "client_secret_basic")]
    Basic,
    #[serde(rename = "client_secret_post")]
    Post,
}

impl AuthMethod {
    /// Gives how a secret is shown where the registration leaves it open.
    fn of_secret(at: &Discovered) -> Self {
        if at.server.wants_secret_in_body() {
            Self::Post
        } else {
            Self::Basic
        }
    }
}

/// Our identity at one issuer. Its secrets leave it only as bytes to seal.
#[derive(Debug, Clone)]
pub struct Registration(Parts);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Parts {
    kind: RegistrationKind,
    issuer: Issuer,
    client_id: ClientId,
    redirect_uri: RedirectUri,
    method: AuthMethod,
    #[serde(serialize_with = "sealing::optional_text")]
    secret: Option<Secret<String>>,
    secret_expires_at: Option<Timestamp>,
    management: Option<Management>,
}

/// Why an issuer does not know us.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// It offers no registration.
    #[error("the issuer offers no registration")]
    NotOffered,
    /// It does not take this redirect URI; another may do.
    #[error("the issuer does not take this redirect URI")]
    RedirectRefused,
    /// It refused.
    #[error("the issuer refused to register this app")]
    Refused {
        /// Its error code (RFC 7591 §3.2.2), if it gave one.
        error: Option<String>,
    },
    /// Its answer breaks the specification.
    #[error("the registration answer of {url} is wrong at {member:?}")]
    BadDocument {
        /// The endpoint.
        url: String,
        /// The member; empty for the whole answer.
        member: &'static str,
    },
    /// It could not be asked.
    #[error("the registration endpoint could not be asked")]
    Http {
        /// Why.
        source: HttpError,
    },
}

impl Registration {
    /// Takes the client ID, and the secret if there is one, that the person typed in.
    pub fn pre_registered(
        at: &Discovered,
        client_id: ClientId,
        secret: Option<Secret<String>>,
        redirect_uri: RedirectUri,
    ) -> Self {
        let method = match secret {
            Some(_) => AuthMethod::of_secret(at),
            None => AuthMethod::Public,
        };
        let kind = RegistrationKind::PreRegistered;
        Self(Parts {
            secret,
            method,
            ..Parts::public(kind, at, client_id, redirect_uri)
        })
    }

    /// Takes the address of our metadata document as our client ID (R10).
    pub fn cimd(at: &Discovered, document: ClientId, redirect_uri: RedirectUri) -> Self {
        Self(Parts::public(RegistrationKind::Cimd, at, document, redirect_uri))
    }

    /// Tells how we came to be known.
    pub const fn kind(&self) -> RegistrationKind {
        self.0.kind
    }

    /// Gives our name at the issuer.
    pub const fn client_id(&self) -> &ClientId {
        &self.0.client_id
    }

    /// Gives the one redirect URI we are registered with.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        &self.0.redirect_uri
    }

    /// Gives the issuer that knows us.
    pub const fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    /// Tells whether it is still good for a sign-in that comes back to `redirect` (S9, S22).
    pub fn is_usable(&self, redirect: &RedirectUri, now: Timestamp) -> bool {
        let needs_secret = self.0.method != AuthMethod::Public;
        let expired = self.0.secret_expires_at.is_some_and(|at| at <= now);
        self.0.redirect_uri == *redirect && !(needs_secret && expired)
    }

    /// Gives the bytes to seal.
    pub fn to_secret_json(&self) -> Secret<Vec<u8>> {
        sealing::to_json(&self.0)
    }

    /// Reads the bytes of an opened seal.
    pub fn from_secret_json(json: &Secret<Vec<u8>>) -> Result<Self, Unreadable> {
        sealing::from_json(json).map(Self)
    }

    pub(super) const fn method(&self) -> AuthMethod {
        self.0.method
    }

    pub(super) const fn secret(&self) -> Option<&Secret<String>> {
        self.0.secret.as_ref()
    }
}

impl Parts {
    fn public(
        kind: RegistrationKind,
        at: &Discovered,
        client_id: ClientId,
        redirect_uri: RedirectUri,
    ) -> Self {
        Self {
            kind,
            issuer: at.issuer().clone(),
            client_id,
            redirect_uri,
            method: AuthMethod::Public,
            secret: None,
            secret_expires_at: None,
            management: None,
        }
    }
}

/// Registers us at an issuer with one redirect URI (R9). Sends no scope: it would limit what can be asked for later.
pub async fn register(
    http: &TracedHttp,
    at: &Discovered,
    redirect: &RedirectUri,
) -> Result<Registration, RegisterError> {
    let registered = ask_to_register(http, at, redirect).await;
    match &registered {
        Ok(registration) => http.decided(Decision::ClientRegistered {
            client_id: registration.client_id().as_str().to_owned(),
        }),
        Err(RegisterError::NotOffered) => http.decided(Decision::RegistrationAbsent {}),
        Err(RegisterError::Refused { error }) => {
            let error = error.clone();
            http.decided(Decision::ClientRefused { error });
        }
        Err(_) => {}
    }
    registered
}

async fn ask_to_register(
    http: &TracedHttp,
    at: &Discovered,
    redirect: &RedirectUri,
) -> Result<Registration, RegisterError> {
    let endpoint = at
        .server
        .registration_endpoint
        .as_ref()
        .ok_or(RegisterError::NotOffered)?;
    let mut request = Request::new(Method::POST, endpoint.clone());
    request.headers_mut().insert(
        http::header::CONTENT_TYPE,
        http::HeaderValue::from_static("application/json"),
    );
    request.headers_mut().insert(
        http::header::ACCEPT,
        http::HeaderValue::from_static("application/json"),
    );
    *request.body_mut() = Some(ask(redirect).to_string().into());
    let answer = http
        .send(request, at.reach())
        .await
        .map_err(|source| RegisterError::Http { source })?;
    let document = object(&answer.body);
    if !answer.status.is_success()
        || document
            .as_ref()
            .is_ok_and(|document| document.contains_key("error"))
    {
        return Err(refusal(&document.unwrap_or_default()));
    }
    let read = document
        .map_err(|_| Wrong::Member(""))
        .and_then(|document| read(&document, at, redirect));
    read.map_err(|wrong| match wrong {
        Wrong::Redirect => RegisterError::RedirectRefused,
        Wrong::Member(member) => RegisterError::BadDocument {
            url: endpoint.to_string(),
            member,
        },
    })
}

fn ask(redirect: &RedirectUri) -> Value {
    json!({
        "client_name": CLIENT_NAME,
        "application_type": "native",
        "redirect_uris": [redirect.as_str()],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
    })
}

/// Tells a refusal of the way back from one of the whole app. Providers word it in several ways.
fn refusal(document: &Map<String, Value>) -> RegisterError {
    let text = |member: &str| document.get(member).and_then(Value::as_str);
    let error = text("error").filter(|error| is_token(error) && error.len() <= 256);
    let speaks_of_redirect = |text: &str| text.to_ascii_lowercase().contains("redirect");
    let description = text("error_description").or_else(|| text("message"));
    if error == Some("invalid_redirect_uri") || description.is_some_and(speaks_of_redirect) {
        return RegisterError::RedirectRefused;
    }
    RegisterError::Refused {
        error: error.map(str::to_owned),
    }
}

enum Wrong {
    Redirect,
    Member(&'static str),
}

/// Reads the answer (RFC 7591 §3.2.1) and obeys it: method, secret and expiry are the issuer's to say.
fn read(
    document: &Map<String, Value>,
    at: &Discovered,
    redirect: &RedirectUri,
) -> Result<Registration, Wrong> {
    let client_id = token(document, "client_id")?.ok_or(Wrong::Member("client_id"))?;
    if client_id.len() > 2048 {
        return Err(Wrong::Member("client_id"));
    }
    check_redirect(document, redirect)?;
    let secret = token(document, "client_secret")?.map(Secret::new);
    let method = match document.get("token_endpoint_auth_method").and_then(Value::as_str) {
        Some("none") => AuthMethod::Public,
        Some("client_secret_post") => AuthMethod::Post,
        Some("client_secret_basic") => AuthMethod::Basic,
        None if secret.is_some() => AuthMethod::of_secret(at),
        None => AuthMethod::Public,
        Some(_) => return Err(Wrong::Member("token_endpoint_auth_method")),
    };
    if method != AuthMethod::Public && secret.is_none() {
        return Err(Wrong::Member("client_secret"));
    }
    Ok(Registration(Parts {
        method,
        secret,
        secret_expires_at: secret_expiry(document)?,
        management: Management::read(document, at),
        ..Parts::public(
            RegistrationKind::Dynamic,
            at,
            ClientId::new(client_id),
            redirect.clone(),
        )
    }))
}

/// Refuses an answer that registered other redirect URIs than ours: an answer to ours would never come back (S9).
fn check_redirect(document: &Map<String, Value>, redirect: &RedirectUri) -> Result<(), Wrong> {
    let agreed = |uris: &Vec<Value>| uris.iter().any(|uri| uri.as_str() == Some(redirect.as_str()));
    match document.get("redirect_uris") {
        None | Some(Value::Null) => Ok(()),
        Some(Value::Array(uris)) if agreed(uris) => Ok(()),
        Some(Value::Array(_)) => Err(Wrong::Redirect),
        Some(_) => Err(Wrong::Member("redirect_uris")),
    }
}

/// Gives when the secret runs out; zero and absence mean never (RFC 7591 §3.2.1).
fn secret_expiry(document: &Map<String, Value>) -> Result<Option<Timestamp>, Wrong> {
    const MEMBER: &str = "client_secret_expires_at";
    match document.get(MEMBER) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_i64().ok_or(Wrong::Member(MEMBER))? {
            0 => Ok(None),
            at => Ok(Some(Timestamp::from_seconds(at))),
        },
    }
}

/// Gives a member that must be made of visible ASCII if it is there (S9).
fn token(document: &Map<String, Value>, member: &'static str) -> Result<Option<String>, Wrong> {
    match document.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if is_token(text) => Ok(Some(text.clone())),
        Some(_) => Err(Wrong::Member(member)),
    }
}

#[cfg(test)]
mod tests;
