//! How an authorization server of a story is.

use super::Machines;
use crate::Proofs;

/// How registration goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registrations {
    /// Anybody may register with any redirect URI.
    Offered,
    /// Only http redirect URIs are taken; a private scheme is refused at registration.
    HttpOnly,
    /// A private scheme is taken at registration and refused on the page.
    HttpOnlyOnPage,
    /// There is no registration.
    Absent,
    /// Every registration is refused.
    Refused,
}

/// What the answer says about its issuer (RFC 9207).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Iss {
    /// Promised and right.
    Right,
    /// Neither promised nor sent.
    Absent,
    /// Promised and not sent.
    Missing,
    /// Another issuer.
    Wrong,
}

/// What the page does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Consent {
    /// Shows a page with two buttons.
    Page,
    /// Grants at once.
    Instant,
    /// Sends the browser back with an error.
    Error(&'static str),
}

/// How refreshing goes; may be changed at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshMood {
    /// As it should.
    Well,
    /// A bare status.
    Status(u16),
    /// An error code.
    Refusing(&'static str),
}

/// Where the server says who signed in (OpenID Connect Core §2, §5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Nowhere.
    Nowhere,
    /// In an ID token beside the access token.
    IdToken,
    /// At its userinfo endpoint.
    Userinfo,
}

/// What a client may do about its own registration (RFC 7592).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Managing {
    /// Nothing.
    Nothing,
    /// Delete it.
    Deleting,
    /// It is told that it may, and is refused.
    Refused,
    /// Delete it; who asks first is told that the server is in trouble.
    DeletingLater,
    /// The same, and everybody who registers is called the same.
    DeletingNamesakesLater,
}

/// How the server is.
#[derive(Debug, Clone)]
pub struct Ways {
    /// How registration goes.
    pub registrations: Registrations,
    /// What the answer says about its issuer.
    pub iss: Iss,
    /// What the page does.
    pub consent: Consent,
    /// Whether there is a page at all.
    pub has_page: bool,
    /// Whether PKCE with S256 is promised.
    pub pkce: bool,
    /// Seconds an access token lives, if that is said.
    pub token_life: Option<i64>,
    /// Whether refresh tokens are given.
    pub refresh_tokens: bool,
    /// Whether they are given only to who has asked the page with `access_type=offline`.
    pub refresh_only_offline: bool,
    /// Whether revocation is offered.
    pub revocation: bool,
    /// The error the token endpoint answers a code with.
    pub exchange_error: Option<&'static str>,
    /// What the metadata says the issuer is, if not the truth.
    pub false_issuer: Option<&'static str>,
    /// What the metadata says the authorization endpoint is, if not the truth.
    pub false_page: Option<&'static str>,
    /// A client known beforehand: identifier and secret.
    pub known_client: Option<(&'static str, &'static str)>,
    /// When the secret runs out that a registration is given; without it a registration is given none.
    pub secret_expires_at: Option<i64>,
    /// The one way to say at the token endpoint who one is (RFC 7591 §2), if only one is taken.
    pub wants_auth: Option<&'static str>,
    /// Whether the metadata says nothing of that.
    pub hides_auth: bool,
    /// Whether whoever names a resource (RFC 8707) is refused.
    pub refuses_resource: bool,
    /// What is done about proofs (RFC 9449).
    pub proofs: Proofs,
    /// Whether a client may be called by the address of a document about it. The document is not looked at.
    pub takes_documents: bool,
    /// The scopes that are granted whatever is asked for, if not those.
    pub grants: Option<&'static str>,
    /// Where it says who signed in.
    pub names: Names,
    /// What a client may do about its own registration.
    pub managing: Managing,
    /// What is good for tokens without a person.
    pub machines: Machines,
}

impl Default for Ways {
    fn default() -> Self {
        Self {
            registrations: Registrations::Offered,
            iss: Iss::Right,
            consent: Consent::Page,
            has_page: true,
            pkce: true,
            token_life: Some(3600),
            refresh_tokens: true,
            refresh_only_offline: false,
            revocation: true,
            exchange_error: None,
            false_issuer: None,
            false_page: None,
            known_client: None,
            secret_expires_at: None,
            wants_auth: None,
            hides_auth: false,
            refuses_resource: false,
            proofs: Proofs::Unknown,
            takes_documents: false,
            grants: None,
            names: Names::Nowhere,
            managing: Managing::Nothing,
            machines: Machines::default(),
        }
    }
}
