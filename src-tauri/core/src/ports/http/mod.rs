//! The one network policy: which addresses may be reached, for how long, and how much is read.
//!
//! Every OAuth document and token request goes through [`Http::send`]; the MCP transport borrows [`Http::client`],
//! which carries the same guard. No redirect is ever followed by the client itself. Cookies, caches and decompression are absent on purpose.

mod error;
mod guard;

use std::{sync::Arc, time::Duration};

use ::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use reqwest::{Request, redirect};
use url::Url;

use super::WayOut;
use crate::base::{Reach, ServerUrl};

pub use error::HttpError;
use guard::Guard;

/// The most bytes an OAuth document may have (S7).
pub const DOCUMENT_LIMIT: usize = 1024 * 1024;
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const IDLE_LIMIT: Duration = Duration::from_secs(10);
const TOTAL_LIMIT: Duration = Duration::from_secs(30);

/// A complete answer: its status, headers and a body within the limit.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status line's code.
    pub status: StatusCode,
    /// All header lines, repeated ones included.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
}

impl Answer {
    /// Gives where it sends on whoever asked at `from`, if it does. Nobody is obliged to follow.
    pub fn redirect_from(&self, from: &Url) -> Option<Url> {
        let location = self.headers.get(header::LOCATION);
        let location = location.filter(|_| self.status.is_redirection())?;
        from.join(location.to_str().ok()?).ok()
    }
}

/// Reaches the network under one policy. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Http {
    public: reqwest::Client,
    private: reqwest::Client,
    loopback: reqwest::Client,
    way_out: WayOut,
}

impl Http {
    /// Builds the clients; fails only if the system's TLS roots cannot be read.
    pub fn new(user_agent: &str, way_out: WayOut) -> Result<Self, HttpError> {
        Ok(Self {
            public: client(Reach::Public, user_agent)?,
            private: client(Reach::Private, user_agent)?,
            loopback: client(Reach::Loopback, user_agent)?,
            way_out,
        })
    }

    /// Gives the client that connects to public addresses and to those of `reach`; it follows no redirects.
    /// Callers check each URL with [`Http::check`] first, because literal addresses are not resolved.
    pub const fn client(&self, reach: Reach) -> &reqwest::Client {
        match reach {
            Reach::Public => &self.public,
            Reach::Private => &self.private,
            Reach::Loopback => &self.loopback,
        }
    }

    /// Tells to which part of the world the server's address leads, by resolving its name.
    pub async fn reach_of(&self, server: &ServerUrl) -> Result<Reach, HttpError> {
        let reach = guard::reach_of(server).await;
        // Where it does not resolve, nothing is known of where it leads.
        reach.map_err(|error| self.why(error, (server.url(), Reach::Public)))
    }

    /// Says why a request to a URL of a reach brought no answer: one that cannot have arrived did not leave this machine
    /// if there is no way out of it.
    pub fn why(&self, error: impl Into<HttpError>, (url, reach): (&Url, Reach)) -> HttpError {
        match error.into() {
            HttpError::UnknownHost | HttpError::Unreachable if !self.way_out.leads_to(url, reach) => {
                HttpError::Offline
            }
            error => error,
        }
    }

    /// Tells whether there is a way out of this machine.
    pub const fn way_out(&self) -> &WayOut {
        &self.way_out
    }

    /// Refuses URLs that must not be asked: other schemes, http beyond loopback, credentials, fragments,
    /// over-long ones, and literal addresses outside `reach` (S5, S6).
    pub fn check(url: &Url, reach: Reach) -> Result<(), HttpError> {
        guard::check(url, reach)
    }

    /// Sends one request and reads the whole answer, following nothing.
    ///
    /// Limits: 5 s to connect, 10 s without a byte, 30 s in all, 1 MiB of body.
    pub async fn send(&self, mut request: Request, reach: Reach) -> Result<Answer, HttpError> {
        Self::check(request.url(), reach)?;
        request.timeout_mut().get_or_insert(TOTAL_LIMIT);
        let url = request.url().clone();
        let response = soon(self.client(reach).execute(request)).await;
        let response = response.map_err(|error| self.why(error, (&url, reach)))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read_limited(response, DOCUMENT_LIMIT).await?;
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

/// Tells whether a status is never an origin server's own word: the network wants the person to sign in to it (RFC 6585 §6).
pub fn is_of_the_network(status: StatusCode) -> bool {
    status == StatusCode::NETWORK_AUTHENTICATION_REQUIRED
}

/// Tells whether a status sends whoever asked elsewhere for this once. Endpoints that take a POST have no reason to.
pub const fn sends_elsewhere(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::FOUND | StatusCode::SEE_OTHER | StatusCode::TEMPORARY_REDIRECT
    )
}

fn client(reach: Reach, user_agent: &str) -> Result<reqwest::Client, HttpError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one place that builds clients"
    )]
    let builder = reqwest::Client::builder();
    builder
        .user_agent(user_agent)
        .redirect(redirect::Policy::none())
        .connect_timeout(CONNECT_LIMIT)
        .dns_resolver(Arc::new(Guard::new(reach)))
        .referer(false)
        .build()
        .map_err(HttpError::from)
}

/// Reads a body to its end, or fails as soon as it is larger than `limit` bytes.
async fn read_limited(mut response: reqwest::Response, limit: usize) -> Result<Bytes, HttpError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = soon(response.chunk()).await? {
        if body.len() + chunk.len() > limit {
            return Err(HttpError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Waits for the next piece of an answer, but not longer than [`IDLE_LIMIT`]. The limit is not the client's own,
/// because an event stream of the MCP transport may be silent for hours.
async fn soon<T>(next: impl Future<Output = Result<T, reqwest::Error>>) -> Result<T, HttpError> {
    let next = tokio::time::timeout(IDLE_LIMIT, next).await;
    next.map_err(|_| HttpError::TimedOut)?.map_err(HttpError::from)
}
