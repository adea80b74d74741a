//! What became of telling an issuer that something it gave us is not wanted any more.

use ::http::StatusCode;

use crate::{
    base::Reach,
    ports::{
        HttpError,
        http::{self, Answer},
    },
};

/// Whether the issuer was told, and whether it is worth telling it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// It has done what it was told.
    Done,
    /// It refused.
    Refused,
    /// It could not be reached, or was in trouble: asking again may help.
    Unreachable,
    /// There was no network, so that nobody was asked.
    Offline,
}

impl Told {
    /// Judges an answer to a request to a host of `reach`.
    pub(super) fn of(answer: Result<Answer, HttpError>, reach: Reach) -> Self {
        match answer {
            Ok(answer) if answer.status.is_success() => Self::Done,
            Ok(answer) if is_trouble(answer.status) || http::sends_elsewhere(answer.status) => {
                Self::Unreachable
            }
            Ok(_) => Self::Refused,
            Err(HttpError::Offline) => Self::Offline,
            Err(HttpError::UnsafeUrl) => Self::Refused,
            // The name of a public host that leads inward is a captive portal's work.
            Err(HttpError::ForbiddenAddress) if reach != Reach::Public => Self::Refused,
            Err(_) => Self::Unreachable,
        }
    }
}

/// Tells an issuer in trouble from one that refuses (RFC 7009 §2.2.1 names 503).
fn is_trouble(status: StatusCode) -> bool {
    use StatusCode as S;
    status.is_server_error() || [S::REQUEST_TIMEOUT, S::TOO_EARLY, S::TOO_MANY_REQUESTS].contains(&status)
}
