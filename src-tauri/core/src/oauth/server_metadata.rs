//! Authorization server metadata (RFC 8414, OpenID Connect Discovery): where its endpoints are and what it can do.

use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    Decision, DiscoverError, DocumentKind, Flawed, Member, TracedHttp,
    document::{Document, Found, look, safe_url},
    dpop,
};
use crate::base::{Exceptions, Issuer, Reach, ServerUrl};

/// An authorization server as its verified metadata describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ServerMetadata {
    pub(super) issuer: Issuer,
    /// What it calls itself, where that is something else and the person accepts exactly that.
    #[serde(default)]
    pub(super) answers_as: Option<Issuer>,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    pub(super) registration_endpoint: Option<Url>,
    pub(super) revocation_endpoint: Option<Url>,
    pub(super) userinfo_endpoint: Option<Url>,
    pub(super) sends_iss: bool,
    pub(super) takes_metadata_documents: bool,
    pub(super) offers_offline_access: bool,
    pub(super) auth_methods: Vec<String>,
    pub(super) prompts: Option<Vec<String>>,
    pub(super) takes_proofs: bool,
    pub(super) reach: Reach,
}

const KIND: DocumentKind = DocumentKind::ServerMetadata;

/// Finds the metadata of an issuer (R5).
pub(super) async fn find(
    http: &TracedHttp,
    issuer: &Issuer,
    (reach, exceptions): (Reach, &Exceptions),
) -> Result<ServerMetadata, DiscoverError> {
    let document = find_document(http, issuer, reach).await?;
    read(http, &document, issuer, (reach, exceptions))
}

/// Finds the document with the metadata of an issuer: the first place that has one decides.
pub(super) async fn find_document(
    http: &TracedHttp,
    issuer: &Issuer,
    reach: Reach,
) -> Result<Document, DiscoverError> {
    // An issuer has neither query nor fragment (RFC 8414 §2).
    let url = safe_url(issuer.as_str(), reach).ok();
    let url = url.filter(|url| url.query().is_none());
    let url = url.ok_or_else(|| insecure(issuer.as_str()))?;
    let mut something_else = None;
    for place in well_known(&url) {
        match look(http, (KIND, &place), reach).await? {
            Found::Document(document) => return Ok(document),
            Found::SomethingElse(flawed) => something_else = something_else.or(Some(flawed)),
            Found::Nothing => {}
        }
    }
    if let Some(flawed) = something_else {
        return Err(flawed.into());
    }
    http.decided(Decision::ServerMetadataAbsent {
        issuer: issuer.to_string(),
    });
    Err(DiscoverError::NotFound {
        url: issuer.to_string(),
    })
}

/// Finds the metadata at a server's own origin, for servers that know no resource metadata (R7, MCP 2025-03-26).
/// Nobody named the issuer, so it is this origin, as the document writes it; nothing else of the document is read yet.
pub(super) async fn find_at_origin(
    http: &TracedHttp,
    server: &ServerUrl,
    reach: Reach,
) -> Result<Option<(Issuer, Document)>, DiscoverError> {
    let place = at(server.url(), "/.well-known/oauth-authorization-server");
    let document = match look(http, (KIND, &place), reach).await? {
        Found::Document(document) => document,
        Found::SomethingElse(flawed) => {
            http.decided(flawed.decision());
            return Ok(None);
        }
        Found::Nothing => return Ok(None),
    };
    let origin = server.url().origin().ascii_serialization();
    let slashed = format!("{origin}/");
    let with_slash = document.optional_text(Member::Issuer)? == Some(&slashed);
    let issuer = Issuer::new(if with_slash { slashed } else { origin });
    http.decided(Decision::OriginMetadataTaken {
        url: document.url().to_string(),
    });
    Ok(Some((issuer, document)))
}

/// Gives the endpoints that MCP 2025-03-26 assumes where there is no metadata at all. That revision makes PKCE a must.
pub(super) fn assumed(server: &ServerUrl, reach: Reach) -> ServerMetadata {
    ServerMetadata {
        issuer: Issuer::new(server.url().origin().ascii_serialization()),
        answers_as: None,
        authorization_endpoint: at(server.url(), "/authorize"),
        token_endpoint: at(server.url(), "/token"),
        registration_endpoint: Some(at(server.url(), "/register")),
        revocation_endpoint: None,
        userinfo_endpoint: None,
        sends_iss: false,
        takes_metadata_documents: false,
        offers_offline_access: false,
        auth_methods: Vec::new(),
        prompts: None,
        takes_proofs: false,
        reach,
    }
}

fn at(url: &Url, path: &str) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url.set_path(path);
    url
}

/// Gives the places in order: RFC 8414 §3.1 with the path inserted, then OpenID Connect with the path inserted, then
/// OpenID Connect Discovery §4 with the path in front.
fn well_known(issuer: &Url) -> Vec<Url> {
    let path = issuer.path().trim_end_matches('/');
    let mut places = vec![
        at(issuer, &format!("/.well-known/oauth-authorization-server{path}")),
        at(issuer, &format!("/.well-known/openid-configuration{path}")),
    ];
    if !path.is_empty() {
        places.push(at(issuer, &format!("{path}/.well-known/openid-configuration")));
    }
    places
}

/// Reads the metadata of an issuer, and refuses what is not to be relied on (R5, R12, R21).
pub(super) fn read(
    http: &TracedHttp,
    document: &Document,
    issuer: &Issuer,
    (reach, exceptions): (Reach, &Exceptions),
) -> Result<ServerMetadata, DiscoverError> {
    let answers_as = check_issuer(http, document, (issuer, exceptions))?;
    check_pkce(http, document, (issuer, exceptions))?;
    let scopes = document.texts(Member::ScopesSupported)?.unwrap_or_default();
    let methods = document
        .texts(Member::TokenEndpointAuthMethodsSupported)?
        .unwrap_or_default();
    let prompts = document.texts(Member::PromptValuesSupported)?;
    let proofs = document
        .texts(Member::DpopSigningAlgValuesSupported)?
        .unwrap_or_default();
    Ok(ServerMetadata {
        issuer: issuer.clone(),
        answers_as,
        authorization_endpoint: required(document, Member::AuthorizationEndpoint, reach)?,
        token_endpoint: required(document, Member::TokenEndpoint, reach)?,
        registration_endpoint: endpoint(document, Member::RegistrationEndpoint, reach)?,
        revocation_endpoint: endpoint(document, Member::RevocationEndpoint, reach)?,
        userinfo_endpoint: endpoint(document, Member::UserinfoEndpoint, reach)?,
        sends_iss: document.says(Member::AuthorizationResponseIssParameterSupported)?,
        takes_metadata_documents: document.says(Member::ClientIdMetadataDocumentSupported)?,
        offers_offline_access: scopes.contains(&"offline_access"),
        auth_methods: methods.into_iter().map(str::to_owned).collect(),
        prompts: prompts.map(|prompts| prompts.into_iter().map(str::to_owned).collect()),
        takes_proofs: proofs.contains(&dpop::ALGORITHM),
        reach,
    })
}

/// Compares the issuer as a raw string (R5; RFC 8414 §3.3). Gives the other one that the server calls itself, if it is
/// exactly the one that the person accepts. Our clients, grants and secrets stay those of the issuer that was asked for.
pub(super) fn check_issuer(
    http: &TracedHttp,
    document: &Document,
    (issuer, exceptions): (&Issuer, &Exceptions),
) -> Result<Option<Issuer>, DiscoverError> {
    let named = document.optional_text(Member::Issuer)?;
    let (expected, found) = (issuer.to_string(), named.map(str::to_owned));
    if named == Some(issuer.as_str()) {
        http.decided(Decision::IssuerConfirmed { issuer: expected });
        return Ok(None);
    }
    let accepted = exceptions.accepted_issuer.as_ref();
    if let Some(accepted) = accepted.filter(|accepted| named == Some(accepted.as_str())) {
        http.decided(Decision::IssuerAccepted {
            expected,
            found: accepted.to_string(),
        });
        return Ok(Some(accepted.clone()));
    }
    http.decided(Decision::IssuerDiffers {
        expected: expected.clone(),
        found: found.clone(),
    });
    Err(DiscoverError::IssuerMismatch { expected, found })
}

/// Refuses a server that does not promise PKCE with S256 (R12, S8). Only one that names no method at all can be excepted.
fn check_pkce(
    http: &TracedHttp,
    document: &Document,
    (issuer, exceptions): (&Issuer, &Exceptions),
) -> Result<(), DiscoverError> {
    let methods = document.texts(Member::CodeChallengeMethodsSupported)?;
    let methods = methods.unwrap_or_default();
    if methods.contains(&"S256") {
        http.decided(Decision::PkcePromised {});
        return Ok(());
    }
    let (issuer, others) = (issuer.to_string(), !methods.is_empty());
    if exceptions.without_pkce_metadata && !others {
        http.decided(Decision::PkceUnpromised { issuer });
        return Ok(());
    }
    http.decided(Decision::PkceMissing {
        issuer: issuer.clone(),
    });
    Err(DiscoverError::NoPkce { issuer, others })
}

impl ServerMetadata {
    /// Tells whether a client secret belongs into the body.
    pub(super) fn wants_secret_in_body(&self) -> bool {
        wants_secret_in_body(&self.auth_methods)
    }
}

/// Tells whether a client secret belongs into the body: only where the server takes it there and not in the header, which
/// is what one that says nothing wants (RFC 8414 §2).
pub(super) fn wants_secret_in_body(auth_methods: &[String]) -> bool {
    let takes = |method: &str| auth_methods.iter().any(|own| own == method);
    takes("client_secret_post") && !takes("client_secret_basic")
}

/// Reads an endpoint that must be there.
pub(super) fn required(document: &Document, member: Member, reach: Reach) -> Result<Url, Flawed> {
    endpoint(document, member, reach)?.ok_or_else(|| document.missing(member))
}

/// Reads an endpoint and refuses one that must not be asked (R21, S5).
pub(super) fn endpoint(document: &Document, member: Member, reach: Reach) -> Result<Option<Url>, Flawed> {
    let url = document.optional_text(member)?;
    let url = url.map(|text| safe_url(text, reach)).transpose();
    url.map_err(|why| document.not_allowed(member, why))
}

fn insecure(url: &str) -> DiscoverError {
    DiscoverError::InsecureUrl { url: url.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(issuer: &str) -> Vec<String> {
        well_known(&Url::parse(issuer).expect("a URL"))
            .into_iter()
            .map(String::from)
            .collect()
    }

    #[test]
    fn r05_an_issuer_with_a_path_is_asked_at_three_places_in_order() {
        assert_eq!(
            places("https://as.example/tenant"),
            [
                "https://as.example/.well-known/oauth-authorization-server/tenant",
                "https://as.example/.well-known/openid-configuration/tenant",
                "https://as.example/tenant/.well-known/openid-configuration",
            ]
        );
    }

    #[test]
    fn r05_an_issuer_without_a_path_is_asked_at_two() {
        assert_eq!(
            places("https://as.example"),
            [
                "https://as.example/.well-known/oauth-authorization-server",
                "https://as.example/.well-known/openid-configuration"
            ]
        );
    }
}
