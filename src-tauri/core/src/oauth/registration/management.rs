//! The end of a registration of ours (RFC 7592 §2.3).

use std::time::Duration;

use reqwest::{
    Method, Request,
    header::{AUTHORIZATION, HeaderValue},
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use url::Url;

use super::Registration;
use crate::{
    base::{Reach, Secret},
    oauth::{
        Decision, Discovered, Member, TracedHttp,
        document::{Document, safe_url},
        sealing,
        told::Told,
    },
};

/// The longest wait.
const LIMIT: Duration = Duration::from_secs(5);

/// Where our registration is managed, and with what. Only what lies where the issuer's verified metadata leads is kept:
/// the token goes nowhere else (S4).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Management {
    uri: Url,
    #[serde(serialize_with = "sealing::text")]
    token: Secret<String>,
    reach: Reach,
}

/// What became of a registration at its issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Deregistration {
    /// The issuer deleted it.
    Deleted,
    /// The issuer refused.
    Failed,
    /// The issuer could not be reached, or was in trouble: asking again may help.
    Unreachable,
    /// There was no network, so that nobody was asked.
    Offline,
}

impl Management {
    /// Reads the management members of a registration's answer (RFC 7592 §3). Nothing relies on them, so that odd ones, and
    /// those that lead elsewhere, are left out.
    pub(super) fn read(document: &Document, at: &Discovered) -> Option<Self> {
        let uri = document.text(Member::RegistrationClientUri).ok()?;
        let uri = safe_url(uri, at.reach()).ok();
        let uri = uri.filter(|uri| is_at_home(uri, at))?;
        let token = document.token(Member::RegistrationAccessToken).ok()??;
        Some(Self {
            uri,
            token: Secret::new(token.to_owned()),
            reach: at.reach(),
        })
    }

    fn request(&self) -> Request {
        let mut request = Request::new(Method::DELETE, self.uri.clone());
        // EXPOSE: the token goes to the issuer that made it.
        let credentials = Secret::new(format!("Bearer {}", self.token.expose()));
        // EXPOSE: as above.
        let credentials = HeaderValue::from_str(credentials.expose());
        let mut credentials = credentials.expect("a token is made of visible ASCII (S9)");
        credentials.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, credentials);
        *request.timeout_mut() = Some(LIMIT);
        request
    }
}

/// Tells whether an address lies at the origin of the issuer's registration endpoint or token endpoint.
fn is_at_home(uri: &Url, at: &Discovered) -> bool {
    let endpoints = at.server.registration_endpoint.iter();
    let mut endpoints = endpoints.chain([&at.server.token_endpoint]);
    endpoints.any(|endpoint| endpoint.origin() == uri.origin())
}

impl Registration {
    /// Tells whether its issuer lets us end it.
    pub const fn can_be_ended(&self) -> bool {
        self.0.management.is_some()
    }
}

/// Deletes our registration at its issuer; `None` if there is no way to. No redirect is followed.
pub async fn deregister(http: &TracedHttp, registration: &Registration) -> Option<Deregistration> {
    let management = registration.0.management.as_ref()?;
    let client_id = registration.client_id().to_string();
    let answer = http.send(management.request(), management.reach).await;
    Some(match Told::of(answer, management.reach) {
        Told::Done => {
            http.decided(Decision::ClientDeleted { client_id });
            Deregistration::Deleted
        }
        Told::Refused => {
            http.decided(Decision::ClientNotDeleted { client_id });
            Deregistration::Failed
        }
        Told::Unreachable => Deregistration::Unreachable,
        Told::Offline => Deregistration::Offline,
    })
}
