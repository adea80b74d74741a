//! What others see of a connection.

use std::time::Duration;

use rmcp::model::ContentBlock;
use serde_json::Value;

use super::question::Question;
use crate::{
    base::{QuestionId, Scopes, ServerId, Timestamp},
    grants::ReauthReason,
    ports::HttpError,
};

/// What a connection is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Connection {
    /// Not connected, because nobody asked or somebody asked to end it.
    #[default]
    Off,
    /// Being opened.
    Opening,
    /// Only the person can go on.
    SignIn(SignInNeed),
    /// The sign-in lacks scopes even for connecting: the person may allow more (RFC 6750 §3.1).
    Consent {
        /// The missing ones, as far as the server named them.
        scopes: Scopes,
        /// Which authorization since the server last let us in this would be, from 1.
        attempt: u8,
    },
    /// The server has answered.
    Ready,
    /// There is no network; opened when there is one again.
    Offline,
    /// Could not be opened or has broken; tried again by itself.
    Waiting {
        /// What went wrong.
        error: ConnectError,
        /// When the next try is due.
        retry_at: Timestamp,
    },
    /// Could not be opened, and trying again would not help.
    Stopped(ConnectError),
}

/// What the person is asked to allow beyond what the sign-in allows (R20).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The missing scopes, as far as the server named them.
    pub scopes: Scopes,
    /// The tool that waits for it; `None` if connecting itself does.
    pub tool: Option<String>,
    /// Which authorization for the same operation this would be, from 1; after the third the refusal is final.
    pub attempt: u8,
}

/// A question that waits for the person.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Its name.
    pub id: QuestionId,
    /// The tool that asks; `None` if several run and the server does not say which it is.
    pub tool: Option<String>,
    /// What is asked.
    pub question: Question,
    /// How many more wait behind it.
    pub more: usize,
}

/// Why an answer was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Nobody waits for it any more.
    #[error("the question does not wait any more")]
    Gone,
    /// It is not what was asked for; the question goes on waiting.
    #[error("the answer does not fit the question")]
    Unfit {
        /// What the server calls the first thing that is missing or wrong.
        field: String,
    },
}

/// Why a connection needs the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInNeed {
    /// Nobody has signed in, or not for this address.
    Never,
    /// The sign-in is no longer accepted.
    Rejected,
    /// The sign-in has run out.
    Expired,
    /// The stored sign-in cannot be decrypted.
    Undecryptable,
    /// The account was handed over to another computer.
    HandedOver,
    /// The API key or header was refused, is missing, or cannot be decrypted.
    HeaderRefused,
}

impl From<ReauthReason> for SignInNeed {
    fn from(reason: ReauthReason) -> Self {
        match reason {
            ReauthReason::Rejected => Self::Rejected,
            ReauthReason::Expired => Self::Expired,
            ReauthReason::Undecryptable => Self::Undecryptable,
            ReauthReason::HandedOver => Self::HandedOver,
        }
    }
}

/// Why a connection could not be opened or has broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConnectError {
    /// The address is plain http beyond this machine, or may not be asked for another reason.
    #[error("the address may not be asked")]
    Insecure,
    /// There is no network.
    #[error("there is no network")]
    Offline,
    /// Something on the network answers in the place of a host that answered before.
    #[error("the network answers in the place of {host}")]
    Portal {
        /// Host and port, in ASCII.
        host: String,
    },
    /// The name does not resolve.
    #[error("the host name could not be resolved")]
    UnknownHost,
    /// Nobody answers there, or the connection broke.
    #[error("the host could not be reached")]
    Unreachable,
    /// The certificate is not trusted, or not valid now.
    #[error("the host's certificate is not trusted")]
    Certificate,
    /// The address leads into a network that it did not lead into when the server was added (S6).
    #[error("the address lies in a network that must not be reached from here")]
    ForbiddenAddress,
    /// No answer in time.
    #[error("the host took too long")]
    TimedOut,
    /// An HTTP status instead of an answer; redirects among them, which are not followed (S24).
    #[error("the server answered with status {0}")]
    Status(u16),
    /// What the server answers is not MCP.
    #[error("the server does not speak MCP")]
    NotMcp,
    /// The answer is larger than the limits allow.
    #[error("the answer is too large")]
    TooLarge,
    /// The server still refuses for want of these scopes, however often they were allowed (R20).
    #[error("the server refuses whatever scopes are allowed")]
    ScopeRefused(Scopes),
    /// The authorization server could not be asked for a fresh token; the sign-in is kept.
    #[error("the sign-in could not be renewed now")]
    Provider,
    /// The vault is closed, so nothing can be sent along.
    #[error("the vault is closed")]
    VaultClosed,
    /// The store failed.
    #[error("the store failed")]
    Store,
}

impl From<HttpError> for ConnectError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::UnsafeUrl => Self::Insecure,
            HttpError::ForbiddenAddress => Self::ForbiddenAddress,
            HttpError::Offline => Self::Offline,
            HttpError::UnknownHost => Self::UnknownHost,
            HttpError::Unreachable | HttpError::Interrupted => Self::Unreachable,
            HttpError::Certificate | HttpError::CertificateTime => Self::Certificate,
            HttpError::TimedOut => Self::TimedOut,
            HttpError::TooLarge => Self::TooLarge,
            HttpError::TooManyRedirects | HttpError::NotHttp => Self::NotMcp,
        }
    }
}

/// News about a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionNews {
    /// Its state is another.
    State(ServerId),
    /// Its tools are others.
    Tools(ServerId),
}

/// What a tool answered.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolAnswer {
    /// The parts of the answer, in order.
    pub content: Vec<ContentBlock>,
    /// The structured answer, if there is one.
    pub structured: Option<Value>,
    /// Whether the tool says that it failed.
    pub is_error: bool,
    /// How long it took, with what the person needed for its questions, without what they needed to let it in.
    pub took: Duration,
}

/// Why a tool gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// There is no connection to ask through.
    #[error("not connected")]
    NotConnected,
    /// Only the person can go on; the tool did not run.
    #[error("a new sign-in is needed")]
    Reauth(SignInNeed),
    /// The sign-in lacks these scopes; the tool did not run (RFC 6750 §3.1).
    #[error("the sign-in lacks a scope")]
    Scope {
        /// The missing ones, as far as the server named them.
        scopes: Scopes,
    },
    /// The server still refuses for want of these scopes, however often they were allowed (R20); the tool did not run.
    #[error("the server refuses whatever scopes are allowed")]
    ScopeRefused {
        /// The missing ones, as far as the server named them.
        scopes: Scopes,
    },
    /// The server is used as another account since than the call was made as; the tool did not run.
    #[error("another account is used since")]
    OtherAccount,
    /// The server refused the call.
    #[error("the server refused the call")]
    Refused {
        /// Its words.
        message: String,
    },
    /// The call was sent and no answer came: the tool may have run.
    #[error("it is not known whether the tool ran")]
    Unknown,
    /// The answer is larger than the limits allow; the tool may have run.
    #[error("the answer is too large")]
    TooLarge,
    /// The vault is closed; the tool did not run.
    #[error("the vault is closed")]
    VaultClosed,
    /// The server could not be asked, or answered with a failure of its own.
    #[error("the call failed")]
    Failed(#[source] ConnectError),
}
