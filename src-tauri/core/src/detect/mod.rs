//! How a server wants to be asked, found out by asking it without credentials.
//!
//! Only a definite answer becomes a kind; anything else is evidence, and nothing is concluded from it (S1). A
//! session that the question opened is released again. Redirects are not followed (S24).
//!
//! Never here: storing anything, sending anything secret. Sections: MCP 2025-11-25 lifecycle and 2026-07-28
//! discovery, RFC 9110 §11.6.1, RFC 9728 §5.

mod answer;
mod question;

use std::time::Duration;

use crate::{
    base::{AuthKind, Reach, Scopes, ServerUrl},
    oauth::{self, DiscoverError, Discovered, Flaw, Flawed, Hints, Member, TracedHttp},
    ports::{Http, HttpError},
};

use answer::Seen;
use question::Asker;

/// How long a server may take to answer.
const LIMIT: Duration = Duration::from_secs(5);
/// How long it may take to learn where one signs in, once it is known that one signs in.
const HOST_LIMIT: Duration = Duration::from_secs(4);

/// What was found at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detection {
    /// To which part of the world the address leads; [`Reach::Public`] if that could not be found out.
    pub reach: Reach,
    /// How it wants to be asked.
    pub verdict: Verdict,
}

/// How a server wants to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It said so.
    Known {
        /// The kind.
        kind: AuthKind,
        /// What its challenge said about signing in.
        hints: Hints,
        /// Host and port of the page where one signs in, in ASCII, if its documents told in time.
        authorization_host: Option<String>,
        /// The scopes that one signs in with, without `offline_access`, if it named any in time (R14).
        scopes: Option<Scopes>,
    },
    /// It gave no definite answer.
    Unsure(Evidence),
}

/// What was seen where nothing can be concluded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// Plain http beyond this machine: not asked at all.
    Insecure,
    /// There is no network.
    Offline,
    /// The name does not resolve.
    UnknownHost,
    /// Nobody answers there, or it lies where it must not be reached.
    Unreachable,
    /// Its certificate is not trusted.
    Certificate,
    /// No answer in time.
    TimedOut,
    /// It sends elsewhere.
    Redirected {
        /// Host of the new place, if it named one.
        host: Option<String>,
    },
    /// A web page, perhaps a captive portal or a login page.
    HtmlPage,
    /// An HTTP status that says nothing about how to ask.
    Status {
        /// The status code.
        status: u16,
    },
    /// An answer that is not MCP.
    NotMcp,
}

impl From<HttpError> for Evidence {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::Offline => Self::Offline,
            HttpError::UnknownHost => Self::UnknownHost,
            HttpError::Unreachable | HttpError::Interrupted | HttpError::ForbiddenAddress => {
                Self::Unreachable
            }
            HttpError::Certificate | HttpError::CertificateTime => Self::Certificate,
            HttpError::TimedOut => Self::TimedOut,
            HttpError::TooManyRedirects => Self::Redirected { host: None },
            HttpError::UnsafeUrl => Self::Insecure,
            HttpError::TooLarge | HttpError::NotHttp => Self::NotMcp,
        }
    }
}

impl Verdict {
    /// Tells of a sign-in, with what its documents said in time.
    fn oauth(hints: Hints, found: Option<&Discovered>) -> Self {
        Self::Known {
            kind: AuthKind::Oauth,
            authorization_host: found.map(Discovered::authorization_host),
            scopes: found.map_or_else(|| hints.scope.clone(), Discovered::choosable),
            hints,
        }
    }

    fn without_hints(kind: AuthKind) -> Self {
        Self::Known {
            kind,
            hints: Hints::default(),
            authorization_host: None,
            scopes: None,
        }
    }
}

/// Asks a server, without credentials, how it wants to be asked.
///
/// One harmless POST in the words of 2026-07-28, and a second one in the older words only where the first was not
/// understood; at most 5 seconds each. Where the answer is a sign-in, its documents are looked at for 4 seconds more.
pub async fn detect(http: &Http, url: &ServerUrl) -> Detection {
    let reach = if url.is_insecure() {
        Err(Evidence::Insecure)
    } else {
        reach(http, url).await
    };
    match reach {
        Ok(reach) => {
            let verdict = ask(http, url, reach).await.unwrap_or_else(Verdict::Unsure);
            Detection { reach, verdict }
        }
        Err(evidence) => Detection {
            reach: Reach::Public,
            verdict: Verdict::Unsure(evidence),
        },
    }
}

async fn reach(http: &Http, url: &ServerUrl) -> Result<Reach, Evidence> {
    let reach = tokio::time::timeout(LIMIT, http.reach_of(url)).await;
    reach.map_err(|_| Evidence::TimedOut)?.map_err(Evidence::from)
}

async fn ask(http: &Http, url: &ServerUrl, reach: Reach) -> Result<Verdict, Evidence> {
    let asker = Asker::new(http, url, reach);
    let mut seen = asker.discover().await?;
    match seen {
        Seen::Refused(_) => seen = asker.initialize().await?,
        // The modern way says to ask such a server again, never to fall back (MCP 2026-07-28, versioning).
        Seen::Modern(_) => seen = asker.discover().await?,
        Seen::Result | Seen::Unauthorized(_) | Seen::Nothing(_) => {}
    }
    match seen {
        Seen::Result => Ok(Verdict::without_hints(AuthKind::Open)),
        Seen::Modern(evidence) | Seen::Refused(evidence) | Seen::Nothing(evidence) => Err(evidence),
        Seen::Unauthorized(Some(hints)) => {
            let found = documents_in_time(http, url, reach, &hints).await;
            Ok(Verdict::oauth(hints, found.as_ref()))
        }
        Seen::Unauthorized(None) => unchallenged(http, url, reach).await,
    }
}

async fn documents_in_time(http: &Http, url: &ServerUrl, reach: Reach, hints: &Hints) -> Option<Discovered> {
    let found = tokio::time::timeout(HOST_LIMIT, documents(http, url, reach, hints)).await;
    found.ok()?.ok()?
}

/// Looks for the documents without writing down how: nobody is signing in yet.
async fn documents(
    http: &Http,
    url: &ServerUrl,
    reach: Reach,
    hints: &Hints,
) -> Result<Option<Discovered>, DiscoverError> {
    oauth::look_for_documents(&TracedHttp::silent(http.clone()), url, reach, hints).await
}

/// Judges a 401 whose challenge says nothing about OAuth by the documents that the server publishes (R2).
async fn unchallenged(http: &Http, url: &ServerUrl, reach: Reach) -> Result<Verdict, Evidence> {
    let hints = Hints::default();
    let found = tokio::time::timeout(HOST_LIMIT, documents(http, url, reach, &hints)).await;
    match found.map_err(|_| Evidence::TimedOut)? {
        Ok(Some(found)) => Ok(Verdict::oauth(hints, Some(&found))),
        Ok(None) => Ok(Verdict::without_hints(AuthKind::Header)),
        Err(error) => of_documents(error),
    }
}

/// Judges documents that cannot be used: that they exist means a sign-in, what is wrong with them is for the sign-in
/// to say.
fn of_documents(error: DiscoverError) -> Result<Verdict, Evidence> {
    match error {
        // Any JSON API may answer an object everywhere; without this member it is no resource metadata.
        DiscoverError::BadDocument(flawed) if flawed.flaw.member() == Some(Member::Resource) => {
            Ok(Verdict::without_hints(AuthKind::Header))
        }
        // Nor does something endless.
        DiscoverError::BadDocument(Flawed {
            flaw: Flaw::TooLarge { .. },
            ..
        }) => Err(Evidence::NotMcp),
        DiscoverError::Http { source, .. } => Err(source.into()),
        DiscoverError::NotFound { .. }
        | DiscoverError::BadDocument(_)
        | DiscoverError::InsecureUrl { .. }
        | DiscoverError::IssuerMismatch { .. }
        | DiscoverError::ForeignResource { .. }
        | DiscoverError::NoPkce { .. } => Ok(Verdict::without_hints(AuthKind::Oauth)),
    }
}

#[cfg(test)]
mod tests;
