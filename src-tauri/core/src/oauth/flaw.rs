//! What is wrong with a document, in a closed set without a word of whoever wrote it (S7): which member, which type, where
//! in the text. What a stranger wrote would be shown to the person as ours.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;
use url::Url;

use super::{Decision, trace};
use crate::ports::http::DOCUMENT_LIMIT;

/// A document of the way to a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum DocumentKind {
    /// Protected resource metadata (RFC 9728 §2).
    ResourceMetadata,
    /// Authorization server metadata (RFC 8414 §2, OpenID Connect Discovery §3).
    ServerMetadata,
    /// The answer to a registration (RFC 7591 §3.2.1).
    Registration,
    /// The answer that brings tokens (RFC 6749 §5.1).
    Tokens,
    /// The answer of a token or registration endpoint that refuses (RFC 6749 §5.2, RFC 7591 §3.2.2).
    Refusal,
    /// The claims of an ID token (OpenID Connect Core §2); its address is that of the token endpoint.
    IdToken,
    /// The answer of the userinfo endpoint (OpenID Connect Core §5.3.2).
    Userinfo,
}

/// A type of JSON (RFC 8259 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "JSON names them")]
pub enum JsonType {
    Null,
    Boolean,
    Number,
    String,
    Array,
    Object,
}

impl JsonType {
    pub(super) const fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::Array,
            Value::Object(_) => Self::Object,
        }
    }
}

/// What belongs into a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Expected {
    /// `true` or `false`.
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array of strings.
    Strings,
    /// A string, or an array of strings.
    StringOrStrings,
}

/// Why a value of the right type is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum NotAllowed {
    /// There is nothing in it.
    Empty,
    /// It is longer than such a value may be.
    TooLong,
    /// It holds characters that such a value cannot hold: controls, spaces, what is not ASCII.
    Characters,
    /// It is no absolute URL.
    NotAUrl,
    /// It is a URL that is not asked: not https, with credentials or a fragment, or over-long (R21, S5).
    UnsafeUrl,
    /// It is a URL that leads into a network which the server is not part of (S6).
    ForbiddenAddress,
    /// It is no whole number.
    NotWhole,
    /// It is not one of the values that this app knows.
    Unknown,
    /// It names another server (RFC 9728 §3.3).
    Foreign,
    /// It is no signed token of three parts (RFC 7515 §3.1).
    NotAToken,
}

macro_rules! members {
    ($($variant:ident $name:literal,)*) => {
        /// A member that is read: the only words of a document that are repeated.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "the documents' specifications name them")]
        pub enum Member {
            $($variant,)*
        }

        impl Member {
            /// All of them.
            #[cfg(test)]
            pub(super) const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Gives its name in the document.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// Finds a member by its name.
            pub(super) fn known(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

members! {
    AccessToken "access_token",
    Aud "aud",
    AuthorizationEndpoint "authorization_endpoint",
    AuthorizationResponseIssParameterSupported "authorization_response_iss_parameter_supported",
    AuthorizationServers "authorization_servers",
    Azp "azp",
    ClientId "client_id",
    ClientIdMetadataDocumentSupported "client_id_metadata_document_supported",
    ClientSecret "client_secret",
    ClientSecretExpiresAt "client_secret_expires_at",
    CodeChallengeMethodsSupported "code_challenge_methods_supported",
    DpopSigningAlgValuesSupported "dpop_signing_alg_values_supported",
    Error "error",
    Exp "exp",
    ExpiresIn "expires_in",
    IdToken "id_token",
    Iss "iss",
    IssuedTokenType "issued_token_type",
    Issuer "issuer",
    PromptValuesSupported "prompt_values_supported",
    RedirectUris "redirect_uris",
    RefreshToken "refresh_token",
    RegistrationAccessToken "registration_access_token",
    RegistrationClientUri "registration_client_uri",
    RegistrationEndpoint "registration_endpoint",
    Resource "resource",
    RevocationEndpoint "revocation_endpoint",
    Scope "scope",
    ScopesSupported "scopes_supported",
    Sub "sub",
    TokenEndpoint "token_endpoint",
    TokenEndpointAuthMethod "token_endpoint_auth_method",
    TokenEndpointAuthMethodsSupported "token_endpoint_auth_methods_supported",
    TokenEndpointAuthSigningAlgValuesSupported "token_endpoint_auth_signing_alg_values_supported",
    TokenType "token_type",
    UserinfoEndpoint "userinfo_endpoint",
}

/// What is wrong with a document. Lines and columns begin at 1 and are those of the text that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Flaw {
    /// There is nothing in it.
    Empty,
    /// It is larger than is read.
    TooLarge {
        /// The most bytes that are read.
        limit: u32,
    },
    /// Its text is not UTF-8 (RFC 8259 §8.1): UTF-16, perhaps.
    NotUtf8,
    /// It is a web page.
    WebPage,
    /// It is not JSON.
    NotJson {
        /// Line of what is no JSON.
        line: u32,
        /// Its column.
        column: u32,
    },
    /// It is JSON that breaks off.
    CutShort {
        /// Line where it ends.
        line: u32,
        /// Its column.
        column: u32,
    },
    /// It is JSON of another type than an object.
    NotAnObject {
        /// The type it is of.
        found: JsonType,
    },
    /// It is nested more deeply than is read.
    TooDeep {
        /// The most levels that are read.
        limit: u32,
        /// Line of the first level that is too deep.
        line: u32,
        /// Its column.
        column: u32,
    },
    /// It names a member twice in one object: two readers could take it differently (RFC 8259 §4).
    Repeated {
        /// The member, if it is one that is read.
        member: Option<Member>,
        /// Line of the second time.
        line: u32,
        /// Its column.
        column: u32,
    },
    /// A member that must be there is not.
    Missing {
        /// The member.
        member: Member,
    },
    /// A member is of another type.
    WrongType {
        /// The member.
        member: Member,
        /// What belongs there.
        expected: Expected,
        /// What is there.
        found: JsonType,
    },
    /// An element of a member that is an array of strings is of another type.
    WrongElement {
        /// The member.
        member: Member,
        /// Which element, from 1.
        element: u32,
        /// What is there.
        found: JsonType,
    },
    /// A member's value is not allowed.
    NotAllowed {
        /// The member.
        member: Member,
        /// Why.
        why: NotAllowed,
    },
}

impl Flaw {
    /// Gives the member that is wrong, if it is one.
    pub const fn member(&self) -> Option<Member> {
        match self {
            Self::Repeated { member, .. } => *member,
            Self::Missing { member }
            | Self::WrongType { member, .. }
            | Self::WrongElement { member, .. }
            | Self::NotAllowed { member, .. } => Some(*member),
            _ => None,
        }
    }

    /// Tells whether this is a JSON object that cannot be relied on, rather than no JSON object at all: a page for every
    /// path, perhaps.
    pub(super) const fn is_of_an_object(&self) -> bool {
        !matches!(
            self,
            Self::Empty
                | Self::NotUtf8
                | Self::WebPage
                | Self::NotJson { .. }
                | Self::CutShort { .. }
                | Self::NotAnObject { .. }
        )
    }
}

/// A document that breaks its specification: which one, where it lies, and what is wrong with it. All of it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub struct Flawed {
    /// What it is.
    pub document: DocumentKind,
    /// Where it lies, without credentials, query and fragment.
    pub url: String,
    /// What is wrong.
    pub flaw: Flaw,
}

impl fmt::Display for Flawed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { document, url, flaw } = self;
        write!(f, "{document:?} at {url}: {flaw:?}")
    }
}

impl Flawed {
    /// Tells of a document at a place.
    pub(super) fn new(document: DocumentKind, url: &Url, flaw: Flaw) -> Self {
        let url = trace::address(url);
        Self { document, url, flaw }
    }

    /// Tells of a document that was given up for its size.
    pub(super) fn too_large(document: DocumentKind, url: &Url) -> Self {
        let limit = u32::try_from(DOCUMENT_LIMIT).unwrap_or(u32::MAX);
        Self::new(document, url, Flaw::TooLarge { limit })
    }

    /// Gives what is written down of it.
    pub(super) fn decision(&self) -> Decision {
        let (url, flaw) = (self.url.clone(), self.flaw);
        match self.document {
            DocumentKind::ResourceMetadata => Decision::ResourceMetadataFlawed { url, flaw },
            DocumentKind::ServerMetadata => Decision::ServerMetadataFlawed { url, flaw },
            DocumentKind::Registration => Decision::RegistrationFlawed { url, flaw },
            DocumentKind::Tokens => Decision::TokensFlawed { url, flaw },
            DocumentKind::Refusal => Decision::RefusalFlawed { url, flaw },
            DocumentKind::IdToken => Decision::IdTokenFlawed { url, flaw },
            DocumentKind::Userinfo => Decision::UserinfoFlawed { url, flaw },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_known_by_the_name_that_it_is_shown_with() {
        for member in Member::ALL {
            let name = serde_json::to_value(member).expect("a name");
            assert_eq!(name, member.name());
            assert_eq!(Member::known(member.name()), Some(*member));
        }
        assert_eq!(Member::known("<script>"), None);
    }
}
