//! A sign-in under way, and how sign-ins end.

use serde::Serialize;
use ts_rs::TS;

use crate::oauth::{DocumentKind, Flaw};

/// One run of the authorization flow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignInView {
    /// Identifier.
    pub id: String,
    /// What it was begun for.
    pub purpose: PurposeView,
    /// When it can no longer be finished.
    pub expires_at: i64,
    /// Where it stands.
    pub stage: SignInStage,
}

/// What a sign-in was begun for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum PurposeView {
    /// To use the server, as whoever signs in.
    Connect,
    /// The same, and to choose at the provider as whom.
    Switch,
    /// Another account beside those that the server has.
    Add,
    /// An account again; another one comes beside it if somebody else signs in.
    Again {
        /// Identifier of the account.
        account: String,
    },
}

/// Where a sign-in stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SignInStage {
    /// Finding out where and how to sign in.
    Preparing,
    /// The person is in the browser.
    Browser {
        /// Host of the page that was opened, in ASCII.
        authorization_host: String,
        /// Scopes asked for, in order.
        scopes: Vec<String>,
        /// Whether the browser could be opened; if not, the person copies the link.
        opened: bool,
        /// How the browser is to come back.
        way: WayView,
    },
    /// The answer came back and is being exchanged.
    Finishing,
}

/// How the browser is to come back to the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WayView {
    /// Whether there is another way back that can be tried by hand.
    pub another: bool,
    /// Why the page was asked once more in this sign-in, if it was.
    pub again: Option<AgainView>,
}

/// Why the page was asked once more in one sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AgainView {
    /// The page did not take the app's link.
    LinkRefused,
    /// The person wanted another way back.
    OtherWay,
    /// The provider did not know the app any more, so it has registered anew.
    ClientForgotten,
}

/// The address the browser was sent to. It carries state and challenge, and no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignInLink {
    /// The whole authorization URL.
    pub url: String,
}

/// How a sign-in ended; a closed set, each with its own sentence and its own next step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum OutcomeView {
    /// Signed in.
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
        /// Its error code.
        error: String,
        /// Its text, control characters made visible.
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
    /// Metadata or answer name another issuer than expected.
    IssuerMismatch {
        /// The expected issuer, raw.
        expected: String,
        /// The issuer that was named, raw; `None` if it was required and missing.
        found: Option<String>,
    },
    /// The server now names another issuer than the person agreed to, or that issuer's tokens are had at another host.
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
    /// The server names a provider that the person never agreed to, and what proves a client would be shown to it. Nothing
    /// was.
    IssuerNotAgreed {
        /// The issuer, raw, as the server names it.
        issuer: String,
        /// Host of its tokens.
        host: String,
    },
    /// What proves the client was given for another provider than the person has agreed to by now. Nothing was sent.
    CredentialsElsewhere {
        /// Host of the provider that it was given for.
        given_for: String,
        /// Host of the provider that one signs in at.
        host: String,
    },
    /// No token was given to a client that asked without a person.
    TokenRefused {
        /// Host of whoever refused: the provider, or the company's identity provider.
        host: String,
        /// Its error code.
        error: String,
    },
    /// The client is not known, or not with this secret, key or token.
    CredentialsRefused {
        /// Host of whoever does not know it.
        host: String,
    },
    /// What proves the client is stored and cannot be read: it was encrypted under another key, or is damaged.
    CredentialsUnreadable,
    /// The provider takes nothing that this kind of key signs. Nothing was sent.
    KeyNotTaken {
        /// Host of the provider.
        host: String,
        /// What the key signs with, in the words of JWS.
        algorithm: String,
    },
    /// There is no token in the file that one is read from. Nothing was sent.
    NoToken {
        /// The file.
        path: String,
    },
    /// The provider did not take the code.
    ExchangeFailed {
        /// Host of the provider.
        host: String,
        /// Its error code, if it gave one.
        error: Option<String>,
    },
    /// The provider does not know the client, or not with this secret.
    ClientRefused {
        /// Host of the provider.
        host: String,
    },
    /// A port of this machine that the browser could come back to could not be had.
    NoPort {
        /// The port the person fixed; `None` if any would have done.
        port: Option<u16>,
    },
    /// Nobody came back in time.
    TimedOut,
    /// The provider registers no clients by itself: it needs a client ID.
    NoRegistration {
        /// Host of the provider.
        host: String,
    },
    /// The provider refused to register this app.
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
        /// Whether it names other methods, and not merely none: then no exception helps.
        others: bool,
    },
    /// The server's or the provider's documents could not be found.
    NotDiscoverable {
        /// The address that was asked last.
        url: String,
    },
    /// A document breaks its specification.
    BadDocument {
        /// What it is.
        document: DocumentKind,
        /// Where it lies, without credentials, query and fragment.
        url: String,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// There is no network. Nothing was lost by it.
    Offline,
    /// The network failed on the way.
    Unreachable {
        /// The host that could not be reached.
        host: String,
    },
    /// The grant could not be stored; nothing was kept.
    NotStored,
}
