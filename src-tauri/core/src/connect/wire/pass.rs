//! What lets a request through: the grant's bearer, or the configured headers, or nothing.

use http::header::AUTHORIZATION;
use reqwest::{Request, Response};
use url::Url;

use super::super::{SignInNeed, fault::Fault};
use crate::{
    base::{AccountId, AuthKind, Resource, ServerUrl},
    grants::{Bearer, BearerError, Grants},
    servers::Server,
};

/// Asks `grants` for the bearer of each single request, and decides nothing about it. All requests of one session are of
/// one account: where the server is used as another one meanwhile, nothing of the old session is asked in its name.
pub(in super::super) struct Passes {
    grants: Grants,
    account: Option<AccountId>,
    url: ServerUrl,
    by_headers: bool,
}

impl Passes {
    pub(in super::super) fn new(grants: Grants, server: &Server, account: Option<AccountId>) -> Self {
        // A configured `Authorization` header and a sign-in exclude each other.
        let own = server
            .header_names
            .iter()
            .any(|name| name.eq_ignore_ascii_case(AUTHORIZATION.as_str()));
        Self {
            grants,
            account,
            url: server.url.clone(),
            by_headers: own || server.auth_kind == Some(AuthKind::Header),
        }
    }

    /// Tells as whom requests are sent; `None` where nobody has signed in, or headers are what counts.
    pub(super) fn account(&self) -> Option<AccountId> {
        self.account.filter(|_| !self.by_headers)
    }

    /// Gives the bearer, or `None` where nobody has signed in: then the server says itself what it wants.
    pub(super) async fn get(&self) -> Result<Option<Bearer>, Fault> {
        let Some(account) = self.account() else {
            return Ok(None);
        };
        match self.grants.bearer_of(account).await {
            Ok(bearer) => self.checked(bearer).map(Some),
            Err(BearerError::None) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives another bearer than the one the server refused.
    pub(super) async fn renew(&self, refused: &Bearer) -> Result<Bearer, Fault> {
        let account = self.account.ok_or(BearerError::None)?;
        self.checked(self.grants.renew_of(account, refused).await?)
    }

    /// Puts a bearer into a request.
    pub(super) fn show(&self, bearer: &Bearer, request: &mut Request) {
        self.grants.show(bearer, request);
    }

    /// Takes note of what an answer says about proofs; tells whether a 401 asks for nothing but the same once more.
    pub(super) fn hear(&self, bearer: &Bearer, response: &Response) -> bool {
        self.grants.hear(bearer, self.url.url(), response.headers())
    }

    /// Tells whether the person's own headers are what lets requests through.
    pub(super) const fn are_headers(&self) -> bool {
        self.by_headers
    }

    /// Tells what a request without a bearer lacked.
    pub(super) const fn missing(&self) -> SignInNeed {
        if self.by_headers {
            SignInNeed::HeaderRefused
        } else {
            SignInNeed::Never
        }
    }

    /// Lets a bearer go only to the resource it was issued for (S27, R17).
    fn checked(&self, bearer: Bearer) -> Result<Bearer, Fault> {
        if covers(bearer.resource(), self.url.url()) {
            return Ok(bearer);
        }
        Err(Fault::SignIn(SignInNeed::Never))
    }
}

/// Tells whether a resource is the URL itself or a parent path of it on the same origin (RFC 8707 §2).
fn covers(resource: &Resource, url: &Url) -> bool {
    let Ok(resource) = Url::parse(resource.as_str()) else {
        return false;
    };
    let parent = resource.path().trim_end_matches('/');
    let below = url
        .path()
        .strip_prefix(parent)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let query = resource.query().is_none() || resource.query() == url.query();
    resource.origin() == url.origin() && below && query
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s27_a_token_goes_only_where_it_was_issued_for() {
        let url = Url::parse("https://a.example/team/mcp?x=1").expect("the test's URL is well-formed");
        for resource in [
            "https://a.example",
            "https://a.example/",
            "https://a.example/team",
            "https://a.example/team/mcp",
            "https://a.example/team/mcp/",
            "https://a.example/team/mcp?x=1",
        ] {
            assert!(covers(&Resource::new(resource), &url), "{resource} covers it");
        }
        for resource in [
            "http://a.example/team/mcp",
            "https://a.example:8443/team/mcp",
            "https://b.example/team/mcp",
            "https://a.example/tea",
            "https://a.example/team/mcp/more",
            "https://a.example/team/mcp?x=2",
            "https://a.example.evil.example/team/mcp",
            "",
        ] {
            assert!(!covers(&Resource::new(resource), &url), "{resource} does not");
        }
    }
}
