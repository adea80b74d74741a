//! What the person's exceptions change in the requests of a sign-in, and that none of it is silent. What they let pass in
//! documents is decided where those are read.

use super::{Client, ClientAuth, Decision, Discovered, Registered, Registration, TokenPlace, TracedHttp};
use crate::base::{AuthMethod, Resource};

impl Discovered {
    /// Gives how we prove who we are with a registration: as the person says, else as the registration does.
    pub(super) fn auth_method(&self, registration: &Registration) -> AuthMethod {
        let chosen = self.exceptions.token_auth_method;
        chosen.unwrap_or_else(|| registration.method())
    }

    /// Gives how we ask to be registered (RFC 7591 §2).
    pub(super) fn registered_method(&self) -> AuthMethod {
        self.exceptions.token_auth_method.unwrap_or(AuthMethod::Public)
    }
}

impl Registration {
    /// Tells whether it has what proving who we are takes there: a secret, where the person says that one is shown.
    pub fn can_prove(&self, at: &Discovered) -> bool {
        let chosen = at.exceptions.token_auth_method;
        chosen.is_none_or(|method| method == AuthMethod::Public || self.secret().is_some())
    }
}

impl Registered {
    /// Writes down what the requests from here on leave out, add or do otherwise because the person says so.
    pub fn note_exceptions(&self, http: &TracedHttp) {
        let exceptions = &self.at.exceptions;
        let names: Vec<_> = exceptions.extra_parameters.iter().map(|(name, _)| name).collect();
        if !names.is_empty() {
            let names = names.join(", ");
            http.decided(Decision::ParametersAdded { names });
        }
        if exceptions.omit_resource {
            note_resource(http, self.at.resource());
        }
        note_method(http, exceptions.token_auth_method, self.registration.method());
    }
}

impl TokenPlace {
    /// Gives how a client shows its secret: as the person says, else as the authorization server wants it.
    pub(super) fn secret_method(&self) -> AuthMethod {
        let chosen = self.exceptions.token_auth_method;
        chosen.unwrap_or_else(|| self.wanted_method())
    }

    fn wanted_method(&self) -> AuthMethod {
        if self.server.wants_secret_in_body() {
            AuthMethod::Post
        } else {
            AuthMethod::Basic
        }
    }

    /// Writes down the same of a client that asks without a person.
    pub(super) fn note_exceptions(&self, http: &TracedHttp, client: &Client) {
        if self.exceptions.omit_resource {
            note_resource(http, &self.resource);
        }
        if matches!(client.auth, ClientAuth::Secret(_)) {
            note_method(http, self.exceptions.token_auth_method, self.wanted_method());
        }
    }
}

fn note_resource(http: &TracedHttp, resource: &Resource) {
    let resource = resource.to_string();
    http.decided(Decision::ResourceOmitted { resource });
}

fn note_method(http: &TracedHttp, chosen: Option<AuthMethod>, otherwise: AuthMethod) {
    if let Some(method) = chosen.filter(|method| *method != otherwise) {
        let method = method.as_str().to_owned();
        http.decided(Decision::AuthMethodChosen { method });
    }
}
