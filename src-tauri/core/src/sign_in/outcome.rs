//! How sign-ins end: a closed set, each with its own sentence and its own next step.

use serde::{Deserialize, Serialize};
use std::num::NonZeroU16;

use crate::{
    base::ServerUrl,
    grants::GrantError,
    oauth::{
        AuthorizeError, DiscoverError, ExchangeError, Flawed, MachineError, ReceiveError, RegisterError,
    },
    ports::HttpError,
    servers::ServersError,
};

/// How a sign-in ended. Everything in it may be shown; provider text appears only where the issuer check passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Outcome {
    /// A grant is stored.
    Authorized,
    /// The person said no at the provider.
    Declined {
        /// Host of the provider.
        host: String,
    },
    /// The person cancelled here.
    Cancelled,
    /// The provider reported an error (RFC 6749 §4.1.2.1).
    ProviderError {
        /// Host of the provider.
        host: String,
        /// Its error code, if it gave one.
        error: String,
        /// Its text.
        description: Option<String>,
    },
    /// The answer lacked what it must carry.
    MissingParameters,
    /// The answer belongs to no sign-in that is waiting.
    UnknownState,
    /// The server was deleted or changed in the meantime.
    ServerGone,
    /// A document or page lies at an address that must not be used.
    InsecureUrl {
        /// The address.
        url: String,
    },
    /// Metadata or answer name another issuer than expected (RFC 8414 §3.3, RFC 9207 §2.4).
    IssuerMismatch {
        /// The issuer that was expected, raw.
        expected: String,
        /// The issuer that was named, raw; `None` if it was required and missing.
        found: Option<String>,
    },
    /// The server now names another issuer than the person agreed to, or that issuer's tokens are had at another host.
    /// Nothing was sent there.
    IssuerChanged {
        /// The issuer that the person agreed to, raw.
        from: String,
        /// Host of its tokens then.
        from_host: String,
        /// The issuer that is named now, raw; the same if only the host is another.
        to: String,
        /// Host of its tokens, or of the issuer itself where nothing was asked there.
        to_host: String,
    },
    /// The server names an issuer that the person never agreed to, and what proves a client would be shown to it. Nothing
    /// was.
    IssuerNotAgreed {
        /// The issuer, raw, as the server names it.
        issuer: String,
        /// Host of its tokens.
        host: String,
    },
    /// What proves the client was given for another issuer than the person has agreed to by now. Nothing was sent.
    CredentialsElsewhere {
        /// Host of the issuer that it was given for.
        given_for: String,
        /// Host of the issuer that one signs in at.
        host: String,
    },
    /// No token was given to a client that asked without a person (RFC 6749 §5.2, RFC 8693 §2.2.2).
    TokenRefused {
        /// Host of whoever refused: the provider, or the company's identity provider.
        host: String,
        /// Its error code.
        error: String,
    },
    /// The client is not known, or not with this secret, key or token (RFC 6749 §5.2, `invalid_client`).
    CredentialsRefused {
        /// Host of whoever does not know it.
        host: String,
    },
    /// What proves the client is stored and cannot be read: it was encrypted under another key, or is damaged.
    CredentialsUnreadable,
    /// The provider takes nothing that this kind of key signs (RFC 8414 §2). Nothing was sent.
    KeyNotTaken {
        /// Host of the provider.
        host: String,
        /// What the key signs with (RFC 7518 §3.1).
        algorithm: String,
    },
    /// There is no token in the file that one is read from. Nothing was sent.
    NoToken {
        /// The file.
        path: String,
    },
    /// The provider did not take the code (RFC 6749 §5.2).
    ExchangeFailed {
        /// Host of the provider.
        host: String,
        /// Its error code, if it gave one.
        error: Option<String>,
    },
    /// The provider does not know the client, or not with this secret (RFC 6749 §5.2, `invalid_client`).
    ClientRefused {
        /// Host of the provider.
        host: String,
    },
    /// A port of this machine that the browser could come back to could not be had.
    NoPort {
        /// The port the person fixed; `None` if any would have done.
        port: Option<NonZeroU16>,
    },
    /// Nobody came back in time.
    TimedOut,
    /// There is no way to register: the provider needs a client ID typed in.
    NoRegistration {
        /// Host of the provider.
        host: String,
    },
    /// The provider refused to register this app (RFC 7591 §3.2.2).
    RegistrationRefused {
        /// Host of the provider.
        host: String,
        /// Its error code, if it gave one.
        error: Option<String>,
    },
    /// The provider does not promise PKCE with S256.
    NoPkce {
        /// Host of the provider.
        host: String,
        /// Whether it names other methods, and not merely none. Absent from what was kept of before there were exceptions.
        #[serde(default)]
        others: bool,
    },
    /// The documents that say where to sign in could not be found.
    NotDiscoverable {
        /// The address.
        url: String,
    },
    /// A document breaks its specification.
    BadDocument(Flawed),
    /// There is no network. Nothing was lost by it.
    Offline,
    /// The network failed on the way.
    Unreachable {
        /// Host of the provider.
        host: String,
    },
    /// The grant could not be stored; nothing was kept.
    NotStored,
}

/// Says how a failed discovery ends a sign-in.
pub(super) fn of_discovery(error: DiscoverError) -> Outcome {
    match error {
        DiscoverError::NotFound { url } => Outcome::NotDiscoverable { url },
        DiscoverError::BadDocument(flawed) => Outcome::BadDocument(flawed),
        DiscoverError::InsecureUrl { url } => Outcome::InsecureUrl { url },
        DiscoverError::IssuerMismatch { expected, found } => Outcome::IssuerMismatch { expected, found },
        DiscoverError::ForeignResource { flawed, .. } => Outcome::BadDocument(flawed),
        DiscoverError::NoPkce { issuer, others } => Outcome::NoPkce {
            host: host_of(&issuer),
            others,
        },
        DiscoverError::Http { url, source } => of_http(source, host_of(&url)),
    }
}

/// Says how it ends a sign-in that what proves the client could not be had from where it is kept.
pub(super) const fn of_credentials(error: &ServersError) -> Outcome {
    match error {
        ServersError::Broken => Outcome::CredentialsUnreadable,
        ServersError::VaultClosed | ServersError::Store(_) => Outcome::NotStored,
    }
}

/// Says how a page that must not be opened ends a sign-in.
pub(super) fn of_page(error: &AuthorizeError, url: &str) -> Outcome {
    match error {
        AuthorizeError::InsecureUrl | AuthorizeError::PresetParameter => {
            Outcome::InsecureUrl { url: url.to_owned() }
        }
    }
}

/// Says how a failed registration ends a sign-in.
pub(super) fn of_registration(error: RegisterError, host: String) -> Outcome {
    match error {
        RegisterError::NotOffered => Outcome::NoRegistration { host },
        RegisterError::RedirectRefused => Outcome::RegistrationRefused { host, error: None },
        RegisterError::Refused { error } => Outcome::RegistrationRefused { host, error },
        RegisterError::BadDocument(flawed) => Outcome::BadDocument(flawed),
        RegisterError::Http { source } => of_http(source, host),
    }
}

/// Says what an answer that brings no code means.
pub(super) fn of_answer(error: ReceiveError, host: String) -> Outcome {
    match error {
        ReceiveError::StateMismatch => Outcome::UnknownState,
        ReceiveError::IssuerMismatch { expected, found } => Outcome::IssuerMismatch { expected, found },
        ReceiveError::MissingParameters => Outcome::MissingParameters,
        ReceiveError::Declined => Outcome::Declined { host },
        ReceiveError::Provider { error, description } => Outcome::ProviderError {
            host,
            error,
            description,
        },
    }
}

/// Says how a failed exchange ends a sign-in.
pub(super) fn of_exchange(error: ExchangeError, host: String) -> Outcome {
    match error {
        ExchangeError::Refused { error } => Outcome::ExchangeFailed { host, error },
        ExchangeError::InvalidClient => Outcome::ClientRefused { host },
        ExchangeError::BadDocument(flawed) => Outcome::BadDocument(flawed),
        ExchangeError::Http { source } => of_http(source, host),
    }
}

/// Says how asking without a person ends a sign-in that brings nothing.
pub(super) fn of_machine(error: MachineError) -> Outcome {
    match error {
        MachineError::Refused { host, error, .. } => Outcome::TokenRefused { host, error },
        MachineError::InvalidClient { host } => Outcome::CredentialsRefused { host },
        MachineError::BadAnswer(flawed) | MachineError::NoReason { flawed, .. } => {
            Outcome::BadDocument(flawed)
        }
        MachineError::NoAnswer { host, .. } | MachineError::Portal { host } => Outcome::Unreachable { host },
        MachineError::Http { host, source } => of_http(source, host),
        MachineError::AlgorithmNotTaken { host, algorithm } => Outcome::KeyNotTaken {
            host,
            algorithm: algorithm.to_owned(),
        },
        MachineError::NoToken { path } => Outcome::NoToken {
            path: path.display().to_string(),
        },
    }
}

fn of_http(error: HttpError, host: String) -> Outcome {
    match error {
        HttpError::Offline => Outcome::Offline,
        _ => Outcome::Unreachable { host },
    }
}

/// Says how a grant that could not be kept ends a sign-in.
pub(super) const fn of_keeping(error: &GrantError) -> Outcome {
    match error {
        GrantError::ServerGone => Outcome::ServerGone,
        GrantError::VaultClosed | GrantError::Store(_) => Outcome::NotStored,
    }
}

/// Gives the host and port of a URL as a person would name the place, or the text itself if it is no URL.
pub(super) fn host_of(url: &str) -> String {
    url.parse::<ServerUrl>()
        .map_or_else(|_| url.to_owned(), |url| url.host())
}
