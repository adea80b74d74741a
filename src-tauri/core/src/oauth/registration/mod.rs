//! What we are called at an issuer: by hand, by a metadata document, or registered on the spot (RFC 7591; R8–R10).

mod management;

use reqwest::{Method, Request};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{
    Decision, Discovered, DocumentKind, Expected, Flawed, Member, NotAllowed, TracedHttp, Unreadable,
    document::Document, sealing,
};
use crate::{
    base::{AuthMethod, ClientId, Issuer, RedirectUri, Secret, Timestamp},
    ports::{HttpError, http::Answer},
};

use management::Management;
pub use management::{Deregistration, deregister};

const KIND: DocumentKind = DocumentKind::Registration;
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

/// Gives how a secret is shown where the registration leaves it open.
fn method_of_secret(at: &Discovered) -> AuthMethod {
    if at.server.wants_secret_in_body() {
        AuthMethod::Post
    } else {
        AuthMethod::Basic
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
    #[error(transparent)]
    BadDocument(#[from] Flawed),
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
            Some(_) => method_of_secret(at),
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

/// Registers us at an issuer with one redirect URI (R9), as a public client unless the person says otherwise. Sends no
/// scope: it would limit what can be asked for later.
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
        Err(RegisterError::BadDocument(flawed)) => http.decided(flawed.decision()),
        Err(RegisterError::RedirectRefused | RegisterError::Http { .. }) => {}
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
    *request.body_mut() = Some(ask(redirect, at.registered_method()).to_string().into());
    let answer = http.send(request, at.reach()).await;
    let answer = answer.map_err(|source| match source {
        HttpError::TooLarge => Flawed::too_large(KIND, endpoint).into(),
        source => RegisterError::Http { source },
    })?;
    if !answer.status.is_success() {
        return Err(refused(http, endpoint, &answer));
    }
    let document = Document::read(KIND, endpoint, &answer.body)?;
    if document.has(Member::Error) {
        return Err(refusal(&document));
    }
    read(&document, at, redirect)
}

/// Says why a status refuses. That the answer does not say it as it must changes nothing about the refusal.
fn refused(http: &TracedHttp, endpoint: &Url, answer: &Answer) -> RegisterError {
    match Document::read(DocumentKind::Refusal, endpoint, &answer.body) {
        Ok(document) => refusal(&document),
        Err(flawed) => {
            if answer.status.is_client_error() {
                http.decided(flawed.decision());
            }
            RegisterError::Refused { error: None }
        }
    }
}

fn ask(redirect: &RedirectUri, method: AuthMethod) -> Value {
    json!({
        "client_name": CLIENT_NAME,
        "application_type": "native",
        "redirect_uris": [redirect.as_str()],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": method.as_str(),
    })
}

/// Tells a refusal of the way back from one of the whole app. Providers word it in several ways.
fn refusal(document: &Document) -> RegisterError {
    let error = document.token(Member::Error).unwrap_or_default();
    let error = error.filter(|error| error.len() <= 256);
    let speaks_of_redirect = |text: &str| text.to_ascii_lowercase().contains("redirect");
    let description = document.words("error_description");
    let description = description.or_else(|| document.words("message"));
    if error == Some("invalid_redirect_uri") || description.is_some_and(speaks_of_redirect) {
        return RegisterError::RedirectRefused;
    }
    RegisterError::Refused {
        error: error.map(str::to_owned),
    }
}

/// Reads the answer (RFC 7591 §3.2.1) and obeys it: method, secret and expiry are the issuer's to say. Where the person says
/// that a secret is shown, an answer without one is of no use.
fn read(document: &Document, at: &Discovered, redirect: &RedirectUri) -> Result<Registration, RegisterError> {
    let client_id = document.token(Member::ClientId)?;
    let client_id = client_id.ok_or_else(|| document.missing(Member::ClientId))?;
    if client_id.len() > 2048 {
        return Err(document.not_allowed(Member::ClientId, NotAllowed::TooLong).into());
    }
    check_redirect(document, redirect)?;
    let secret = document.token(Member::ClientSecret)?;
    let secret = secret.map(|secret| Secret::new(secret.to_owned()));
    let method = method(document, at, secret.is_some())?;
    let shows_secret = [method, at.registered_method()]
        .iter()
        .any(|own| *own != AuthMethod::Public);
    if shows_secret && secret.is_none() {
        return Err(document.missing(Member::ClientSecret).into());
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

/// Gives how we prove who we are. What is no text here says as little as nothing, which means the default.
fn method(document: &Document, at: &Discovered, has_secret: bool) -> Result<AuthMethod, Flawed> {
    const MEMBER: Member = Member::TokenEndpointAuthMethod;
    Ok(match document.words(MEMBER.name()) {
        Some("none") => AuthMethod::Public,
        Some("client_secret_post") => AuthMethod::Post,
        Some("client_secret_basic") => AuthMethod::Basic,
        None if has_secret => method_of_secret(at),
        None => AuthMethod::Public,
        Some(_) => return Err(document.not_allowed(MEMBER, NotAllowed::Unknown)),
    })
}

/// Refuses an answer that registered other redirect URIs than ours: an answer to ours would never come back (S9).
fn check_redirect(document: &Document, redirect: &RedirectUri) -> Result<(), RegisterError> {
    const MEMBER: Member = Member::RedirectUris;
    let agreed = |uris: &Vec<Value>| uris.iter().any(|uri| uri.as_str() == Some(redirect.as_str()));
    match document.get(MEMBER) {
        None => Ok(()),
        Some(Value::Array(uris)) if agreed(uris) => Ok(()),
        Some(Value::Array(_)) => Err(RegisterError::RedirectRefused),
        Some(other) => Err(document.mistyped(MEMBER, Expected::Strings, other).into()),
    }
}

/// Gives when the secret runs out; zero and absence mean never (RFC 7591 §3.2.1).
fn secret_expiry(document: &Document) -> Result<Option<Timestamp>, Flawed> {
    const MEMBER: Member = Member::ClientSecretExpiresAt;
    let at = match document.get(MEMBER) {
        None => None,
        Some(Value::Number(at)) => {
            let not_whole = || document.not_allowed(MEMBER, NotAllowed::NotWhole);
            Some(at.as_i64().ok_or_else(not_whole)?)
        }
        Some(other) => return Err(document.mistyped(MEMBER, Expected::Number, other)),
    };
    Ok(at.filter(|at| *at != 0).map(Timestamp::from_seconds))
}

#[cfg(test)]
mod tests;
