//! A server whose authorization server was found and verified, and what is known of both.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    host,
    scopes::{Named, chosen, with_offline_access},
};
use crate::{
    base::{Exceptions, Issuer, Reach, Resource, Scopes},
    oauth::{Decision, Registered, Registration, ScopeSource, TracedHttp, server_metadata::ServerMetadata},
};

/// A server whose authorization server was found and verified. There is one way to make one: [`Signpost::follow`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovered {
    pub(in crate::oauth) resource: Resource,
    pub(in crate::oauth) scopes: Option<Scopes>,
    pub(in crate::oauth) server: ServerMetadata,
    #[serde(default)]
    pub(in crate::oauth) exceptions: Exceptions,
}

impl Discovered {
    /// Asks for scopes that the person has chosen, in place of those that the server named.
    #[must_use]
    pub fn asking_for(self, http: &TracedHttp, scopes: Scopes) -> Self {
        let named = Named {
            scopes: Some(scopes),
            from: ScopeSource::Person,
        };
        self.asking(http, named)
    }

    pub(super) fn asking(mut self, http: &TracedHttp, named: Named) -> Self {
        let offline = self.server.offers_offline_access;
        self.scopes = chosen(http, named, offline);
        if self.scopes.is_some() && offline {
            http.decided(Decision::OfflineAccessAdded {});
        }
        self
    }

    /// Gives the issuer, raw.
    pub const fn issuer(&self) -> &Issuer {
        &self.server.issuer
    }

    /// Gives the value of the `resource` parameter, raw.
    pub const fn resource(&self) -> &Resource {
        &self.resource
    }

    /// Gives the page where one signs in.
    pub const fn authorization_endpoint(&self) -> &Url {
        &self.server.authorization_endpoint
    }

    /// Gives that page's host and port in ASCII.
    pub fn authorization_host(&self) -> String {
        host(&self.server.authorization_endpoint)
    }

    /// Gives the host and port of where tokens are had, in ASCII.
    pub fn token_host(&self) -> String {
        host(&self.server.token_endpoint)
    }

    /// Gives the scopes to ask for (R14); `None` to leave the choice to the authorization server.
    pub const fn scopes(&self) -> Option<&Scopes> {
        self.scopes.as_ref()
    }

    /// Gives the scopes that the person can choose among: whether the sign-in stays alive while nobody looks is the
    /// authorization server's affair.
    pub fn choosable(&self) -> Option<Scopes> {
        self.scopes
            .as_ref()
            .and_then(|scopes| with_offline_access(scopes, false))
    }

    /// Tells whether it takes client ID metadata documents (R10).
    pub const fn offers_cimd(&self) -> bool {
        self.server.takes_metadata_documents
    }

    /// Gives the part of the world that its endpoints may lie in.
    pub const fn reach(&self) -> Reach {
        self.server.reach
    }

    /// Goes on as a client that is known there.
    ///
    /// # Panics
    /// If the registration is another issuer's: to show it here would be the mix-up that R8 forbids.
    pub fn with(self, registration: Registration) -> Registered {
        assert!(
            registration.issuer() == self.issuer(),
            "registrations are kept by issuer and shown to no other"
        );
        Registered::new(self, registration)
    }
}
