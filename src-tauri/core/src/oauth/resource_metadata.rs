//! Protected resource metadata (RFC 9728): which authorization server a resource trusts.

use url::Url;

use super::{
    Decision, DiscoverError, DocumentKind, Hints, Member, MetadataPlace, TracedHttp,
    document::{Document, Found, is_odd, look},
    flaw::NotAllowed,
};
use crate::base::{Issuer, Reach, Resource, Scopes, ServerUrl};

const KIND: DocumentKind = DocumentKind::ResourceMetadata;
/// How many authorization servers of one resource are looked at (S2).
const MAX_ISSUERS: usize = 16;

/// What a resource says about itself, checked against the server that was asked.
#[derive(Debug, Clone)]
pub(super) struct ResourceMetadata {
    pub(super) resource: Resource,
    /// At least one, in the resource's order.
    pub(super) issuers: Vec<Issuer>,
    pub(super) scopes: Option<Scopes>,
}

/// Finds the metadata (R1, R3): where the challenge says; else at the well-known place of the path; else at that
/// of the root. `None` if there is none at the well-known places.
pub(super) async fn find(
    http: &TracedHttp,
    server: &ServerUrl,
    reach: Reach,
    hints: &Hints,
) -> Result<Option<ResourceMetadata>, DiscoverError> {
    if let Some(url) = &hints.resource_metadata {
        return match look(http, (KIND, url), reach).await? {
            Found::Document(document) => {
                found(http, &document, MetadataPlace::Challenge);
                read(http, &document, server).map(Some)
            }
            Found::SomethingElse(flawed) => Err(flawed.into()),
            Found::Nothing => Err(DiscoverError::NotFound { url: url.to_string() }),
        };
    }
    for (url, place) in well_known(server) {
        match look(http, (KIND, &url), reach).await? {
            Found::Document(document) => {
                found(http, &document, place);
                return read(http, &document, server).map(Some);
            }
            // A page for every path: nobody has said that there is a document.
            Found::SomethingElse(flawed) => http.decided(flawed.decision()),
            Found::Nothing => {}
        }
    }
    http.decided(Decision::ResourceMetadataAbsent {});
    Ok(None)
}

fn found(http: &TracedHttp, document: &Document, place: MetadataPlace) {
    http.decided(Decision::ResourceMetadataFound {
        url: document.url().to_string(),
        place,
    });
}

/// Gives the well-known places in order (RFC 9728 §3.1).
fn well_known(server: &ServerUrl) -> Vec<(Url, MetadataPlace)> {
    let mut root = server.url().clone();
    root.set_query(None);
    let path = root.path().trim_end_matches('/').to_owned();
    root.set_path("/.well-known/oauth-protected-resource");
    if path.is_empty() {
        return vec![(root, MetadataPlace::Root)];
    }
    let mut inserted = root.clone();
    inserted.set_path(&format!("/.well-known/oauth-protected-resource{path}"));
    vec![(inserted, MetadataPlace::Path), (root, MetadataPlace::Root)]
}

fn read(
    http: &TracedHttp,
    document: &Document,
    server: &ServerUrl,
) -> Result<ResourceMetadata, DiscoverError> {
    let resource = document.text(Member::Resource)?;
    if !covers(resource, server) {
        http.decided(Decision::ResourceForeign {
            resource: resource.to_owned(),
            server: server.to_string(),
        });
        return Err(DiscoverError::ForeignResource {
            flawed: document.not_allowed(Member::Resource, NotAllowed::Foreign),
            found: resource.to_owned(),
        });
    }
    http.decided(Decision::ResourceAccepted {
        resource: resource.to_owned(),
    });
    let issuers = document.texts(Member::AuthorizationServers)?;
    let issuers = issuers.ok_or_else(|| document.missing(Member::AuthorizationServers))?;
    let issuers: Vec<_> = issuers.into_iter().take(MAX_ISSUERS).map(Issuer::new).collect();
    if issuers.is_empty() {
        return Err(document
            .not_allowed(Member::AuthorizationServers, NotAllowed::Empty)
            .into());
    }
    let scopes = document
        .texts(Member::ScopesSupported)?
        .map(|scopes| scopes.join(" ").parse::<Scopes>());
    let scopes = scopes.transpose();
    let scopes = scopes.map_err(|_| document.not_allowed(Member::ScopesSupported, NotAllowed::Characters))?;
    Ok(ResourceMetadata {
        resource: Resource::new(resource),
        issuers,
        scopes: scopes.filter(|scopes| !scopes.is_empty()),
    })
}

/// Tells whether a resource is the server's URL or a parent path on the same origin (R4; RFC 9728 §3.3).
fn covers(resource: &str, server: &ServerUrl) -> bool {
    // It is sent on as it came, so what a parser would drop must not be in it (R13).
    let Some(resource) = Url::parse(resource).ok().filter(|_| !is_odd(resource)) else {
        return false;
    };
    let clean =
        resource.fragment().is_none() && resource.username().is_empty() && resource.password().is_none();
    if !clean || resource.origin() != server.url().origin() {
        return false;
    }
    if resource.query().is_some() && resource.query() != server.url().query() {
        return false;
    }
    let (parent, path) = (
        resource.path().trim_end_matches('/'),
        server.url().path().trim_end_matches('/'),
    );
    path.strip_prefix(parent)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(text: &str) -> ServerUrl {
        text.parse().expect("the test's address is well-formed")
    }

    #[test]
    fn r03_the_path_is_asked_before_the_root() {
        let places: Vec<_> = well_known(&server("https://a.example/one/mcp?x=1"))
            .into_iter()
            .map(|(url, _)| String::from(url))
            .collect();
        assert_eq!(
            places,
            [
                "https://a.example/.well-known/oauth-protected-resource/one/mcp",
                "https://a.example/.well-known/oauth-protected-resource"
            ]
        );
        assert_eq!(
            well_known(&server("https://a.example/")).len(),
            1,
            "the root is asked once"
        );
    }

    #[test]
    fn r04_only_the_server_itself_or_a_parent_covers_it() {
        let mcp = server("https://a.example/team/mcp");
        for good in [
            "https://a.example",
            "https://a.example/",
            "https://a.example/team",
            "https://a.example/team/mcp",
            "https://A.example/team/mcp/",
        ] {
            assert!(covers(good, &mcp), "{good}");
        }
        for bad in [
            "",
            "mcp",
            "https://b.example/team/mcp",
            "http://a.example/team/mcp",
            "https://a.example:444/team/mcp",
            "https://a.example/te",
            "https://a.example/team/mcp/more",
            "https://a.example/team#f",
            "https://u@a.example/team",
            "https://a.example/te\tam/mcp",
            "https://a.example\\team\\mcp",
            " https://a.example/team/mcp",
        ] {
            assert!(!covers(bad, &mcp), "{bad} is foreign");
        }
    }
}
