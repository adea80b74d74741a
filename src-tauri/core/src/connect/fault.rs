//! What the wire runs into, and what it means to a connection and to a call.

use std::time::Duration;

use ::http::StatusCode;
use rmcp::{
    ServiceError,
    service::ClientInitializeError,
    transport::{DynamicTransportError, streamable_http_client::StreamableHttpError},
};

use super::{CallError, ConnectError, SignInNeed, machine::Failure};
use crate::{
    base::{Reach, Scopes, ServerUrl},
    grants::BearerError,
    ports::{HttpError, http},
    servers::ServersError,
};

/// What the wire runs into.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("no answer over HTTP")]
    Http(#[from] HttpError),
    #[error("an HTTP status instead of an answer")]
    Status {
        status: StatusCode,
        retry_after: Option<Duration>,
    },
    #[error("a web page")]
    HtmlPage,
    /// Something on the network answers in the place of a host that answered before. `truly` is what it is called if it
    /// lasts, where that is in doubt.
    #[error("the network answers in the place of {host}")]
    Portal {
        host: String,
        truly: Option<ConnectError>,
    },
    #[error("not MCP")]
    NotMcp,
    /// The server's own error, in its words.
    #[error("the server refused")]
    Refused { message: String },
    #[error("the server forgot the session")]
    SessionGone,
    #[error("only the person can go on")]
    SignIn(SignInNeed),
    #[error("a scope is missing")]
    Scope(Scopes),
    #[error("the authorization server could not be asked")]
    Provider { retry_after: Option<Duration> },
    #[error("the vault is closed")]
    VaultClosed,
    #[error("the store failed")]
    Store,
}

impl Fault {
    /// Tells whether it ends a session wherever it shows: the rest only concerns the request it answers. Of a portal's
    /// doings only those do that let nothing be sent.
    pub(super) const fn ends_session(&self) -> bool {
        match self {
            Self::Portal { truly, .. } => truly.is_some(),
            Self::SignIn(_)
            | Self::SessionGone
            | Self::Http(
                HttpError::Offline
                | HttpError::UnknownHost
                | HttpError::Unreachable
                | HttpError::Certificate
                | HttpError::CertificateTime,
            ) => true,
            Self::Http(_)
            | Self::Status { .. }
            | Self::HtmlPage
            | Self::NotMcp
            | Self::Refused { .. }
            | Self::Scope(_)
            | Self::Provider { .. }
            | Self::VaultClosed
            | Self::Store => false,
        }
    }

    /// Says what it means to a connection.
    pub(super) fn failure(self) -> Failure {
        let (passes, retry_after) = (self.passes(), self.retry_after());
        match self {
            Self::SignIn(need) => Failure::SignIn(need),
            Self::Scope(scopes) => Failure::Consent(scopes),
            Self::Http(HttpError::Offline) => Failure::Offline,
            Self::Portal { host, truly } => Failure::Portal { host, truly },
            fault if passes => Failure::Passing {
                error: fault.connect_error(),
                retry_after,
            },
            fault => Failure::Lasting(fault.connect_error()),
        }
    }

    /// Says what it means to a call of a tool.
    pub(super) fn call_error(self) -> CallError {
        match self {
            Self::SignIn(need) => CallError::Reauth(need),
            Self::Scope(scopes) => CallError::Scope { scopes },
            Self::Refused { message } => CallError::Refused { message },
            Self::VaultClosed => CallError::VaultClosed,
            Self::Http(HttpError::TooLarge) => CallError::TooLarge,
            Self::Http(HttpError::Interrupted | HttpError::TimedOut) => CallError::Unknown,
            Self::Http(_)
            | Self::Status { .. }
            | Self::HtmlPage
            | Self::Portal { .. }
            | Self::NotMcp
            | Self::SessionGone
            | Self::Provider { .. }
            | Self::Store => CallError::Failed(self.connect_error()),
        }
    }

    /// Says what it means at a host of `reach` that answered well before: what a captive portal does in its place is no
    /// fault of the host. The status 511 is the network's own word anywhere (RFC 6585 §6). A redirect or a page comes with
    /// a certificate that was checked, so it is the host's word.
    pub(super) fn at_known(self, known: bool, url: &ServerUrl, reach: Reach) -> Self {
        let truly = match &self {
            Self::Status { status, .. } if http::is_of_the_network(*status) => None,
            Self::Http(HttpError::Certificate) if known => Some(ConnectError::Certificate),
            Self::Http(HttpError::ForbiddenAddress) if known && reach == Reach::Public => {
                Some(ConnectError::ForbiddenAddress)
            }
            _ => return self,
        };
        let host = url.host();
        Self::Portal { host, truly }
    }

    /// Tells whether the same request may well succeed later. A web page and a redirect are what a login page of the network
    /// may answer until the person has been there (S1).
    fn passes(&self) -> bool {
        match self {
            Self::Http(error) => !matches!(
                error,
                HttpError::UnsafeUrl | HttpError::ForbiddenAddress | HttpError::TooLarge
            ),
            Self::Status { status, .. } => {
                status.is_server_error()
                    || status.is_redirection()
                    || matches!(
                        *status,
                        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS
                    )
            }
            Self::HtmlPage
            | Self::Portal { .. }
            | Self::SessionGone
            | Self::Provider { .. }
            | Self::VaultClosed
            | Self::Store => true,
            Self::NotMcp | Self::Refused { .. } | Self::SignIn(_) | Self::Scope(_) => false,
        }
    }

    const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } | Self::Provider { retry_after } => *retry_after,
            _ => None,
        }
    }

    fn connect_error(self) -> ConnectError {
        match self {
            Self::Http(error) => error.into(),
            Self::Status { status, .. } => ConnectError::Status(status.as_u16()),
            Self::Scope(scopes) => ConnectError::ScopeRefused(scopes),
            Self::Portal { host, .. } => ConnectError::Portal { host },
            Self::Provider { .. } => ConnectError::Provider,
            Self::VaultClosed => ConnectError::VaultClosed,
            Self::Store => ConnectError::Store,
            Self::SessionGone => ConnectError::Unreachable,
            Self::HtmlPage | Self::NotMcp | Self::Refused { .. } | Self::SignIn(_) => ConnectError::NotMcp,
        }
    }

    /// Finds the fault inside a transport's error.
    fn of_transport(error: &DynamicTransportError) -> Self {
        match error.error.downcast_ref::<StreamableHttpError<Self>>() {
            Some(StreamableHttpError::Client(fault)) => fault.clone(),
            Some(StreamableHttpError::SessionExpired) => Self::SessionGone,
            Some(StreamableHttpError::UnexpectedServerResponse(_) | StreamableHttpError::Deserialize(_)) => {
                Self::NotMcp
            }
            // The rest is the transport ending under a request that may have been sent.
            _ => Self::Http(HttpError::Interrupted),
        }
    }
}

impl From<ServiceError> for Fault {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::McpError(error) => Self::Refused {
                message: error.message.into_owned(),
            },
            ServiceError::TransportSend(error) => Self::of_transport(&error),
            ServiceError::UnexpectedResponse | ServiceError::InputRequiredRoundsExceeded { .. } => {
                Self::NotMcp
            }
            // TransportClosed, Cancelled, Timeout and whatever else may come: sent, and no answer.
            _ => Self::Http(HttpError::Interrupted),
        }
    }
}

impl From<ClientInitializeError> for Fault {
    fn from(error: ClientInitializeError) -> Self {
        match error {
            ClientInitializeError::TransportError { error, .. } => Self::of_transport(&error),
            ClientInitializeError::LegacyFallbackFailed { fallback, .. } => (*fallback).into(),
            ClientInitializeError::ConnectionClosed(_) | ClientInitializeError::Cancelled => {
                Self::Http(HttpError::Interrupted)
            }
            _ => Self::NotMcp,
        }
    }
}

impl From<BearerError> for Fault {
    fn from(error: BearerError) -> Self {
        match error {
            BearerError::None => Self::SignIn(SignInNeed::Never),
            BearerError::Reauth(reason) => Self::SignIn(reason.into()),
            BearerError::Unreachable { retry_after } => Self::Provider { retry_after },
            BearerError::Offline => Self::Http(HttpError::Offline),
            BearerError::Portal { host, .. } => Self::Portal { host, truly: None },
            BearerError::VaultClosed => Self::VaultClosed,
            BearerError::Store(error) => {
                tracing::error!(%error, "a grant could not be read");
                Self::Store
            }
        }
    }
}

impl From<ServersError> for Fault {
    fn from(error: ServersError) -> Self {
        match error {
            ServersError::VaultClosed => Self::VaultClosed,
            ServersError::Broken => Self::SignIn(SignInNeed::HeaderRefused),
            ServersError::Store(error) => {
                tracing::error!(%error, "a server could not be read");
                Self::Store
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16) -> Fault {
        Fault::Status {
            status: StatusCode::from_u16(code).expect("the test's status is one"),
            retry_after: None,
        }
    }

    #[test]
    fn s32_only_what_may_pass_is_tried_again() {
        for fault in [
            status(408),
            status(429),
            status(500),
            status(503),
            Fault::HtmlPage,
            status(302),
            Fault::VaultClosed,
        ] {
            let failure = fault.clone().failure();
            assert!(matches!(failure, Failure::Passing { .. }), "{fault:?} may pass");
        }
        for fault in [status(400), status(404), status(405), Fault::NotMcp] {
            let failure = fault.clone().failure();
            assert!(matches!(failure, Failure::Lasting(_)), "{fault:?} lasts");
        }
    }

    #[test]
    fn s32_what_answers_in_the_place_of_a_known_server_is_no_fault_of_it() {
        let url: ServerUrl = "https://mcp.example.com/mcp".parse().expect("an address");
        let portal = |truly| Fault::Portal {
            host: "mcp.example.com".to_owned(),
            truly,
        };
        let inward = Fault::Http(HttpError::ForbiddenAddress);
        for (error, truly) in [
            (HttpError::Certificate, ConnectError::Certificate),
            (HttpError::ForbiddenAddress, ConnectError::ForbiddenAddress),
        ] {
            let fault = Fault::Http(error);
            let at = |known| fault.clone().at_known(known, &url, Reach::Public);
            assert_eq!(at(true), portal(Some(truly)), "{fault:?}");
            assert_eq!(at(false), fault, "nothing is known of it yet");
        }
        for known in [true, false] {
            let told = status(511).at_known(known, &url, Reach::Public);
            assert_eq!(told, portal(None), "RFC 6585 §6: no origin server says that");
        }
        for fault in [
            status(301),
            status(302),
            status(303),
            status(307),
            status(308),
            status(401),
            status(503),
            Fault::HtmlPage,
            Fault::NotMcp,
            Fault::Http(HttpError::CertificateTime),
        ] {
            let told = fault.clone().at_known(true, &url, Reach::Public);
            assert_eq!(told, fault, "the server's own word");
        }
        let told = inward.clone().at_known(true, &url, Reach::Private);
        assert_eq!(told, inward, "a private network has other reasons");
    }

    #[test]
    fn s32_offline_and_a_portal_are_told_apart_from_failures() {
        let offline = Fault::Http(HttpError::Offline);
        assert_eq!(offline.clone().failure(), Failure::Offline);
        assert_eq!(offline.call_error(), CallError::Failed(ConnectError::Offline));
        let host = "mcp.example.com".to_owned();
        let portal = Fault::Portal {
            host: host.clone(),
            truly: None,
        };
        let failure = Failure::Portal {
            host: host.clone(),
            truly: None,
        };
        assert_eq!(portal.clone().failure(), failure);
        assert_eq!(
            portal.call_error(),
            CallError::Failed(ConnectError::Portal { host })
        );
    }

    #[test]
    fn s32_one_odd_answer_ends_no_session() {
        let url: ServerUrl = "https://mcp.example.com/mcp".parse().expect("an address");
        let at = |fault: Fault| fault.at_known(true, &url, Reach::Public);
        for fault in [status(302), status(307), status(511), Fault::HtmlPage] {
            assert!(
                !at(fault.clone()).ends_session(),
                "{fault:?}: other calls may be under way"
            );
        }
        for error in [
            HttpError::Certificate,
            HttpError::CertificateTime,
            HttpError::ForbiddenAddress,
        ] {
            assert!(
                at(Fault::Http(error)).ends_session(),
                "{error:?}: nothing is sent"
            );
        }
    }

    #[test]
    fn a_call_that_was_sent_and_not_answered_may_have_run() {
        for error in [HttpError::Interrupted, HttpError::TimedOut] {
            assert_eq!(Fault::Http(error).call_error(), CallError::Unknown, "{error}");
        }
        let unreachable = Fault::Http(HttpError::Unreachable).call_error();
        assert!(
            matches!(unreachable, CallError::Failed(_)),
            "it was never sent: {unreachable:?}"
        );
    }
}
