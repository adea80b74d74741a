//! A server as the window shows it.

use serde::Serialize;
use ts_rs::TS;

use super::{
    AccountView, AppError, ConsentView, ExceptionsView, OutcomeView, PermissionsView, ProviderView,
    QuestionView, SignInMethodView, SignInView, WayBackView,
};
use crate::base::AuthKind;

/// One row of the list and the head of one page.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServerView {
    /// Identifier.
    pub id: String,
    /// The person's name for it.
    pub name: String,
    /// Its full address.
    pub url: String,
    /// Host and port of the address, in ASCII.
    pub host: String,
    /// How it is asked; `None` while that is not known.
    pub auth_kind: Option<AuthKind>,
    /// Whether the person chose the kind by hand.
    pub auth_kind_overridden: bool,
    /// Configured headers, without their values.
    pub headers: Vec<HeaderView>,
    /// The pre-registered client ID, if the person gave one.
    pub client_id: Option<String>,
    /// Whether a secret is stored for that client.
    pub has_client_secret: bool,
    /// Where one signs in to it.
    pub provider: ProviderView,
    /// How one signs in to it.
    pub sign_in_method: SignInMethodView,
    /// How the browser comes back from its sign-ins.
    pub way_back: WayBackView,
    /// What one can be asked to allow there, and what is asked for.
    pub permissions: PermissionsView,
    /// What the person lets pass there, or adds to its sign-ins.
    pub exceptions: ExceptionsView,
    /// What the connection is doing.
    pub state: ServerState,
    /// As whom the server is used, if anybody is signed in.
    pub account: Option<AccountView>,
    /// All its accounts, the oldest first; that one is among them.
    pub accounts: Vec<AccountView>,
    /// What the person is asked to allow beyond that, if anything.
    pub consent: Option<ConsentView>,
    /// What a tool that is running asks the person, if anything; answered in its order.
    pub question: Option<QuestionView>,
    /// The sign-in that is under way, if any.
    pub sign_in: Option<SignInView>,
    /// How the last sign-in ended, until the next begins.
    pub last_outcome: Option<OutcomeView>,
    /// What became of the tokens at the last disconnect, until the next sign-in.
    pub last_revocation: Option<RevocationView>,
    /// How many tools the last good answer listed; `None` if there never was one.
    pub tool_count: Option<u32>,
}

/// One configured header. Its value never leaves the core.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeaderView {
    /// The header's name.
    pub name: String,
}

/// What the connection is doing.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ServerState {
    /// Not connected, because the person has not asked or has disconnected.
    Off,
    /// Being connected.
    Opening,
    /// Only the person can go on.
    SignInNeeded {
        /// Why.
        reason: SignInReason,
    },
    /// Connected: the server has answered.
    Ready,
    /// There is no network; will be connected when there is.
    Offline,
    /// Could not be reached; will be tried again by itself.
    Waiting {
        /// What went wrong.
        error: AppError,
        /// When the next try is due.
        retry_at: i64,
    },
    /// Could not be connected, and trying again would not help.
    Stopped {
        /// What went wrong.
        error: AppError,
    },
}

/// Why a server needs the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SignInReason {
    /// Nobody has signed in yet.
    Never,
    /// The provider no longer accepts the stored sign-in.
    Rejected,
    /// The sign-in ran out and the provider gave nothing to renew it with.
    Expired,
    /// The stored sign-in could not be decrypted.
    Undecryptable,
    /// The account was handed over to another computer: nothing is asked of the person, unless they want it back.
    HandedOver,
    /// The API key or header was refused, or none is configured.
    HeaderRefused,
    /// The sign-in is good but lacks scopes even for connecting; the server's consent names them.
    Scope,
}

/// What became of a grant's tokens at the authorization server (RFC 7009).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RevocationView {
    /// The authorization server revoked them.
    Revoked,
    /// The authorization server offers no revocation.
    NotOffered,
    /// The authorization server could not be reached; it is asked again in the background, for a week at most.
    Unreachable,
    /// The authorization server refused, or could not be reached for a week.
    Failed,
}

/// What detection found at an address.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ProbeView {
    /// Anybody may ask.
    Open,
    /// It wants a header.
    Header,
    /// It wants a sign-in.
    Oauth {
        /// The host where one signs in, if its documents already said so.
        authorization_host: Option<String>,
        /// The scopes it asks for, in order; empty if it named none.
        scopes: Vec<String>,
    },
    /// No definite answer; nothing is concluded from it.
    Unsure {
        /// What was seen.
        evidence: ProbeEvidence,
    },
}

/// What detection saw when it could not decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ProbeEvidence {
    /// Plain http beyond this machine: not asked at all.
    Insecure,
    /// There is no network.
    Offline,
    /// The name does not resolve.
    UnknownHost,
    /// Nobody answers there.
    Unreachable,
    /// Its certificate is not trusted.
    Certificate,
    /// No answer in time.
    TimedOut,
    /// It sends elsewhere; a probe does not follow.
    Redirected {
        /// Host of the new place.
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
