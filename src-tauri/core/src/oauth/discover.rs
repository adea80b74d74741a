//! From a server's address to a verified authorization server.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    Decision, Flawed, Hints, Registered, Registration, ScopeSource, TokenPlace, TracedHttp,
    document::Document,
    machine::TokenServer,
    resource_metadata,
    server_metadata::{self, ServerMetadata},
};
use crate::{
    base::{Exceptions, Issuer, Reach, Resource, Scopes, ServerUrl},
    ports::HttpError,
};

/// Why it could not be found out where one signs in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscoverError {
    /// There is no document where one must be.
    #[error("no document at {url}")]
    NotFound {
        /// The place, or the issuer all of whose places are empty.
        url: String,
    },
    /// A document breaks its specification.
    #[error(transparent)]
    BadDocument(#[from] Flawed),
    /// An issuer or document lies where it must not be asked.
    #[error("{url} must not be asked")]
    InsecureUrl {
        /// The place.
        url: String,
    },
    /// The metadata names another issuer, byte for byte (RFC 8414 §3.3).
    #[error("expected the issuer {expected}, found {found:?}")]
    IssuerMismatch {
        /// The issuer the document was built from.
        expected: String,
        /// The issuer it names.
        found: Option<String>,
    },
    /// The resource metadata speaks for another resource (RFC 9728 §3.3).
    #[error("{flawed}, which speaks for {found}")]
    ForeignResource {
        /// The document.
        flawed: Flawed,
        /// The resource it names.
        found: String,
    },
    /// The authorization server does not promise PKCE with S256 (R12).
    #[error("{issuer} does not promise PKCE with S256")]
    NoPkce {
        /// The issuer.
        issuer: String,
        /// Whether it names other methods, and not merely none.
        others: bool,
    },
    /// A place could not be asked.
    #[error("{url} could not be asked")]
    Http {
        /// The place.
        url: String,
        /// Why.
        source: HttpError,
    },
}

/// A server whose authorization server was found and verified. There is one way to make one: [`Signpost::follow`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discovered {
    pub(super) resource: Resource,
    pub(super) scopes: Option<Scopes>,
    pub(super) server: ServerMetadata,
    #[serde(default)]
    pub(super) exceptions: Exceptions,
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

    fn asking(mut self, http: &TracedHttp, named: Named) -> Self {
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

/// Gives the scopes to ask for, and says whose choice they are (R14).
fn chosen(http: &TracedHttp, Named { scopes, from }: Named, offline: bool) -> Option<Scopes> {
    let scopes = scopes.and_then(|scopes| with_offline_access(&scopes, offline));
    http.decided(Decision::ScopesChosen {
        scopes: scopes.as_ref().map(Scopes::to_string),
        from,
    });
    scopes
}

/// Gives the person's choice of scopes as it is asked for where nothing has to stay alive by itself.
pub(super) fn chosen_by_person(http: &TracedHttp, scopes: Scopes) -> Option<Scopes> {
    let named = Named {
        scopes: Some(scopes),
        from: ScopeSource::Person,
    };
    chosen(http, named, false)
}

/// The scopes that somebody named, and who did (R14).
struct Named {
    scopes: Option<Scopes>,
    from: ScopeSource,
}

impl Named {
    /// Takes those of the challenge, else those of the resource metadata.
    fn by(challenge: Option<&Scopes>, metadata: Option<Scopes>) -> Self {
        let from = match (challenge, &metadata) {
            (Some(_), _) => ScopeSource::Challenge,
            (None, Some(_)) => ScopeSource::ResourceMetadata,
            (None, None) => ScopeSource::Nobody,
        };
        let scopes = challenge.cloned().or(metadata);
        Self { scopes, from }
    }
}

/// Asks for `offline_access` exactly if the authorization server lists it (R14). Where no scope is known it is not
/// asked for either: alone it would narrow the server's own default.
fn with_offline_access(scopes: &Scopes, offered: bool) -> Option<Scopes> {
    const OFFLINE: &str = "offline_access";
    let mut all: Vec<_> = scopes.iter().filter(|scope| *scope != OFFLINE).collect();
    if all.is_empty() {
        return None;
    }
    all.extend(offered.then_some(OFFLINE));
    // What was a list of scopes stays one.
    all.join(" ").parse().ok()
}

/// Gives the host, and the port where it is not the scheme's own.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Finds out where one signs in to a server, at the first place that it names (R1–R7, R12, R14, R21).
pub async fn discover(
    http: &TracedHttp,
    server: &ServerUrl,
    reach: Reach,
    hints: &Hints,
) -> Result<Discovered, DiscoverError> {
    let signpost = find_signpost(http, server, reach, hints).await?;
    signpost.follow_first(http).await
}

/// Finds out the same from documents alone; `None` if the server publishes none.
pub async fn look_for_documents(
    http: &TracedHttp,
    server: &ServerUrl,
    reach: Reach,
    hints: &Hints,
) -> Result<Option<Discovered>, DiscoverError> {
    let Some(signpost) = documented(http, server, reach, hints).await? else {
        return Ok(None);
    };
    signpost.follow_first(http).await.map(Some)
}

/// Asks a server where one signs in. Nothing is asked of anybody whom it names.
pub async fn find_signpost(
    http: &TracedHttp,
    server: &ServerUrl,
    reach: Reach,
    hints: &Hints,
) -> Result<Signpost, DiscoverError> {
    http.decided(read(hints));
    if let Some(found) = documented(http, server, reach, hints).await? {
        return Ok(found);
    }
    http.decided(Decision::EndpointsAssumed {
        origin: server.url().origin().ascii_serialization(),
    });
    let assumed = server_metadata::assumed(server, reach);
    let own = (assumed.issuer.clone(), Own::Assumed(Box::new(assumed)));
    Ok(Signpost::own(server, (hints, reach), own))
}

async fn documented(
    http: &TracedHttp,
    server: &ServerUrl,
    reach: Reach,
    hints: &Hints,
) -> Result<Option<Signpost>, DiscoverError> {
    let found = resource_metadata::find(http, server, reach, hints).await;
    if let Some(found) = found.inspect_err(|error| note(http, error))? {
        return Ok(Some(Signpost {
            resource: found.resource,
            named: Named::by(hints.scope.as_ref(), found.scopes),
            issuers: found.issuers,
            own: None,
            reach,
        }));
    }
    let found = server_metadata::find_at_origin(http, server, reach).await;
    let found = found.inspect_err(|error| note(http, error))?;
    Ok(found
        .map(|(issuer, document)| Signpost::own(server, (hints, reach), (issuer, Own::Documented(document)))))
}

/// Where a server says that one signs in: at one issuer or several, none of which is verified.
pub struct Signpost {
    resource: Resource,
    named: Named,
    issuers: Vec<Issuer>,
    own: Option<Own>,
    reach: Reach,
}

/// The metadata of a server that is its own authorization server, as those of MCP 2025-03-26 are.
enum Own {
    /// As it stands at the server's origin, not verified.
    Documented(Document),
    /// What is assumed where there is none.
    Assumed(Box<ServerMetadata>),
}

impl Own {
    fn verify(
        self,
        http: &TracedHttp,
        issuer: &Issuer,
        terms: (Reach, &Exceptions),
    ) -> Result<ServerMetadata, DiscoverError> {
        match self {
            Self::Documented(document) => {
                server_metadata::read(http, &document, issuer, terms).inspect_err(|error| note(http, error))
            }
            Self::Assumed(metadata) => Ok(*metadata),
        }
    }
}

impl Signpost {
    fn own(server: &ServerUrl, (hints, reach): (&Hints, Reach), (issuer, own): (Issuer, Own)) -> Self {
        Self {
            resource: own_name(server),
            named: Named::by(hints.scope.as_ref(), None),
            issuers: vec![issuer],
            own: Some(own),
            reach,
        }
    }

    /// Gives the issuers, raw, in the server's order; there is at least one.
    pub fn issuers(&self) -> &[Issuer] {
        &self.issuers
    }

    /// Goes to the first of them, for which nobody has made exceptions.
    async fn follow_first(self, http: &TracedHttp) -> Result<Discovered, DiscoverError> {
        let first = self.issuers[0].clone();
        self.follow(http, &first, &Exceptions::default()).await
    }

    /// Goes to one of them and verifies it (R5, R12, R21), with the exceptions that were made for it and for no other (S4).
    pub async fn follow(
        self,
        http: &TracedHttp,
        issuer: &Issuer,
        exceptions: &Exceptions,
    ) -> Result<Discovered, DiscoverError> {
        self.note_choice(http, issuer);
        let terms = (self.reach, exceptions);
        let metadata = match self.own {
            Some(own) => own.verify(http, issuer, terms)?,
            None => server_metadata::find(http, issuer, terms)
                .await
                .inspect_err(|error| note(http, error))?,
        };
        let unasked = Discovered {
            resource: self.resource,
            scopes: None,
            server: metadata,
            exceptions: exceptions.clone(),
        };
        Ok(unasked.asking(http, self.named))
    }

    /// Goes to one of them for tokens without a page (R23), and verifies as much of it as that takes (R5, R21).
    pub async fn follow_for_tokens(
        self,
        http: &TracedHttp,
        issuer: &Issuer,
        exceptions: &Exceptions,
    ) -> Result<TokenPlace, DiscoverError> {
        self.note_choice(http, issuer);
        let terms = (self.reach, exceptions);
        let server = match self.own {
            Some(own) => own.verify(http, issuer, terms)?.into(),
            None => TokenServer::find(http, issuer, terms)
                .await
                .inspect_err(|error| note(http, error))?,
        };
        Ok(TokenPlace {
            resource: self.resource,
            scopes: chosen(http, self.named, false),
            server,
            exceptions: exceptions.clone(),
        })
    }

    fn note_choice(&self, http: &TracedHttp, issuer: &Issuer) {
        http.decided(Decision::IssuerChosen {
            issuer: issuer.to_string(),
            of: u32::try_from(self.issuers.len()).unwrap_or(u32::MAX),
        });
    }
}

/// Writes down what is wrong with the document that ends the search.
pub(super) fn note(http: &TracedHttp, error: &DiscoverError) {
    if let DiscoverError::BadDocument(flawed) = error {
        http.decided(flawed.decision());
    }
}

fn read(hints: &Hints) -> Decision {
    if hints.is_empty() {
        return Decision::ChallengeAbsent {};
    }
    Decision::ChallengeRead {
        resource_metadata: hints.resource_metadata.as_ref().map(Url::to_string),
        scope: hints.scope.as_ref().map(Scopes::to_string),
    }
}

/// Names a server that published no name of its own: its address, without the slash that only parsing adds.
fn own_name(server: &ServerUrl) -> Resource {
    let text = server.as_str();
    let bare = server.url().path() == "/" && server.url().query().is_none();
    Resource::new(if bare { text.trim_end_matches('/') } else { text })
}
