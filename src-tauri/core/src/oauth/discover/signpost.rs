//! Where a server says that one signs in, and the way from there to the issuer.

use url::Url;

use super::{
    DiscoverError, Discovered, note,
    scopes::{Named, chosen},
};
use crate::{
    base::{Exceptions, Issuer, Reach, Resource, Scopes, ServerUrl},
    oauth::{
        Decision, Hints, TokenPlace, TracedHttp,
        document::Document,
        machine::TokenServer,
        resource_metadata,
        server_metadata::{self, ServerMetadata},
    },
};

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

pub(super) async fn documented(
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
    pub(super) async fn follow_first(self, http: &TracedHttp) -> Result<Discovered, DiscoverError> {
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
