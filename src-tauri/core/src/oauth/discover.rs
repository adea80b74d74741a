//! From a server's address to a verified authorization server.

mod discovered;
mod scopes;
mod signpost;

use url::Url;

use self::signpost::documented;
use super::{Flawed, Hints, TracedHttp};
use crate::{
    base::{Reach, ServerUrl},
    ports::HttpError,
};

pub(super) use self::scopes::chosen_by_person;
pub use self::{
    discovered::Discovered,
    signpost::{Signpost, find_signpost},
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

/// Gives the host, and the port where it is not the scheme's own.
pub(super) fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Writes down what is wrong with the document that ends the search.
pub(super) fn note(http: &TracedHttp, error: &DiscoverError) {
    if let DiscoverError::BadDocument(flawed) = error {
        http.decided(flawed.decision());
    }
}
