//! Where tokens are had without a page: what of an authorization server's metadata that takes.
//!
//! PKCE and the page's address are of no concern here (RFC 8414 §2: a server without a grant that needs a page names none).

use url::Url;

use super::{Client, ClientAuth, Machine};
use crate::{
    base::{Exceptions, Issuer, Reach, Resource, Scopes},
    oauth::{
        DiscoverError, GrantClient, Member, TracedHttp,
        discover::{chosen_by_person, host, note},
        dpop,
        server_metadata::{self, ServerMetadata},
    },
};

/// An authorization server as far as tokens are had there.
#[derive(Debug, Clone)]
pub(in crate::oauth) struct TokenServer {
    pub(in crate::oauth) issuer: Issuer,
    /// What it calls itself, where that is something else and the person accepts exactly that.
    pub(in crate::oauth) answers_as: Option<Issuer>,
    pub(in crate::oauth) token_endpoint: Url,
    pub(in crate::oauth) revocation_endpoint: Option<Url>,
    auth_methods: Vec<String>,
    /// The algorithms that it takes assertions of a client in; `None` where it lists none.
    algorithms: Option<Vec<String>>,
    pub(in crate::oauth) takes_proofs: bool,
    pub(in crate::oauth) reach: Reach,
}

impl TokenServer {
    /// Finds the metadata of an issuer (R5), which names exactly this issuer or the one that the person accepts.
    pub(in crate::oauth) async fn find(
        http: &TracedHttp,
        issuer: &Issuer,
        (reach, exceptions): (Reach, &Exceptions),
    ) -> Result<Self, DiscoverError> {
        let document = server_metadata::find_document(http, issuer, reach).await?;
        let answers_as = server_metadata::check_issuer(http, &document, (issuer, exceptions))?;
        let texts = |member: Member| -> Result<Option<Vec<String>>, DiscoverError> {
            let texts = document.texts(member)?;
            Ok(texts.map(|texts| texts.into_iter().map(str::to_owned).collect()))
        };
        let proofs = texts(Member::DpopSigningAlgValuesSupported)?.unwrap_or_default();
        Ok(Self {
            issuer: issuer.clone(),
            answers_as,
            token_endpoint: server_metadata::required(&document, Member::TokenEndpoint, reach)?,
            revocation_endpoint: server_metadata::endpoint(&document, Member::RevocationEndpoint, reach)?,
            auth_methods: texts(Member::TokenEndpointAuthMethodsSupported)?.unwrap_or_default(),
            algorithms: texts(Member::TokenEndpointAuthSigningAlgValuesSupported)?,
            takes_proofs: proofs.iter().any(|own| own == dpop::ALGORITHM),
            reach,
        })
    }

    /// Tells whether a client secret belongs into the body (RFC 8414 §2).
    pub(in crate::oauth) fn wants_secret_in_body(&self) -> bool {
        server_metadata::wants_secret_in_body(&self.auth_methods)
    }

    /// Tells whether it takes what a client signs with an algorithm (RFC 8414 §2).
    pub(super) fn takes(&self, algorithm: &str) -> bool {
        let listed = |all: &Vec<String>| all.iter().any(|own| own == algorithm);
        self.algorithms.as_ref().is_none_or(listed)
    }
}

impl From<ServerMetadata> for TokenServer {
    fn from(metadata: ServerMetadata) -> Self {
        Self {
            issuer: metadata.issuer,
            answers_as: metadata.answers_as,
            token_endpoint: metadata.token_endpoint,
            revocation_endpoint: metadata.revocation_endpoint,
            auth_methods: metadata.auth_methods,
            algorithms: None,
            takes_proofs: metadata.takes_proofs,
            reach: metadata.reach,
        }
    }
}

/// Where tokens for a server are had. There is one way to make one: [`Signpost::follow_for_tokens`].
///
/// [`Signpost::follow_for_tokens`]: crate::oauth::Signpost::follow_for_tokens
#[derive(Debug, Clone)]
pub struct TokenPlace {
    pub(in crate::oauth) resource: Resource,
    pub(in crate::oauth) scopes: Option<Scopes>,
    pub(in crate::oauth) server: TokenServer,
    pub(in crate::oauth) exceptions: Exceptions,
}

impl TokenPlace {
    /// Gives the issuer, raw.
    pub const fn issuer(&self) -> &Issuer {
        &self.server.issuer
    }

    /// Gives the host and port of where tokens are had, in ASCII.
    pub fn token_host(&self) -> String {
        host(&self.server.token_endpoint)
    }

    /// Gives the scopes that are asked for (R14); `None` to leave the choice to the authorization server.
    pub const fn scopes(&self) -> Option<&Scopes> {
        self.scopes.as_ref()
    }

    /// Asks for scopes that the person has chosen, in place of those that the server named.
    #[must_use]
    pub fn asking_for(self, http: &TracedHttp, scopes: Scopes) -> Self {
        Self {
            scopes: chosen_by_person(http, scopes),
            ..self
        }
    }

    /// Finds the company's identity provider, at which `client` asks for leave to ask here (RFC 8693).
    pub async fn identity_provider(
        &self,
        http: &TracedHttp,
        issuer: &Issuer,
        client: Client,
    ) -> Result<GrantClient, DiscoverError> {
        // The exceptions were made for the server's own issuer.
        let none = Exceptions::default();
        let server = TokenServer::find(http, issuer, (self.server.reach, &none))
            .await
            .inspect_err(|error| note(http, error))?;
        let place = Self {
            resource: self.resource.clone(),
            scopes: None,
            server,
            exceptions: none,
        };
        Ok(place.client(client, None))
    }

    /// Pins what was found, with who asks there and how.
    pub(super) fn client(&self, client: Client, machine: Option<Machine>) -> GrantClient {
        GrantClient::of_machine(self, client, machine)
    }
}

impl Client {
    /// Tells in which algorithm the client signs who it is, if it does.
    pub(super) fn algorithm(&self) -> Option<&'static str> {
        match &self.auth {
            ClientAuth::Key(key) => Some(key.algorithm()),
            ClientAuth::Public | ClientAuth::Secret(_) => None,
        }
    }
}
