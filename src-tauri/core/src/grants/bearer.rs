//! An access token together with the one resource it may be shown to.

use http::{HeaderValue, header::AUTHORIZATION};
use reqwest::Request;

use crate::{
    base::{Resource, Secret, Timestamp},
    oauth::{Nonces, Occasion, ProofKey},
};

/// An access token, and where it may go (RFC 6750, RFC 8707 §2). Not printable.
#[derive(Debug, Clone)]
pub struct Bearer {
    token: Secret<String>,
    resource: Resource,
    /// What the token is bound to; `None` for one that is good in anybody's hands.
    key: Option<ProofKey>,
}

impl Bearer {
    pub(super) const fn new(token: Secret<String>, resource: Resource, key: Option<ProofKey>) -> Self {
        Self { token, resource, key }
    }

    /// Gives the token, for the `Authorization` header of a request to [`Bearer::resource`] and nothing else.
    pub const fn token(&self) -> &Secret<String> {
        &self.token
    }

    /// Gives the resource that the token was issued for; a request elsewhere must not carry it (S27).
    pub const fn resource(&self) -> &Resource {
        &self.resource
    }

    /// Tells whether it is shown with a proof.
    pub(super) const fn is_bound(&self) -> bool {
        self.key.is_some()
    }

    /// Tells whether both carry the same token, in constant time.
    pub(super) fn is_same_token(&self, other: &Self) -> bool {
        self.token == other.token
    }

    /// Puts the token into a request, with a proof if it is bound (RFC 6750 §2.1, RFC 9449 §7.1).
    pub(super) fn show(&self, request: &mut Request, nonces: &Nonces, now: Timestamp) {
        let scheme = if self.is_bound() { "DPoP" } else { "Bearer" };
        // EXPOSE: the token goes into the one header it is for, of a request to the resource it is for.
        let text = Secret::new(format!("{scheme} {}", self.token.expose()));
        // EXPOSE: as above.
        let value = HeaderValue::from_str(text.expose());
        let mut value = value.expect("a token is made of visible ASCII (S25)");
        value.set_sensitive(true);
        request.headers_mut().insert(AUTHORIZATION, value);
        if let Some(key) = &self.key {
            let token = Some(&self.token);
            key.prove(request, &Occasion { token, nonces, now });
        }
    }
}
