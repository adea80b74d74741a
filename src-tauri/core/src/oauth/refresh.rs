//! Renewing tokens (RFC 6749 §6), and why that may fail (S32).

mod verdict;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use ::http::{HeaderMap, header};

use super::{
    Asking, Decision, DocumentKind, Flawed, GrantClient, Tokens, TracedHttp, token::TokenError,
    token_endpoint::Reply,
};
use crate::{
    base::{Secret, Timestamp},
    ports::HttpError,
};
use verdict::NoTokens;

pub(super) use verdict::of_http;

/// The longest wait a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Why there are no new tokens. Callers do six things.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefreshError {
    /// Definitely no longer accepted: ask the person.
    #[error("the issuer no longer accepts this sign-in")]
    Rejected,
    /// The issuer does not know this client any more: only a new registration helps.
    #[error("the issuer no longer knows this client")]
    InvalidClient,
    /// Not now: keep everything, try later.
    #[error("the issuer could not be asked")]
    Unreachable {
        /// How long the issuer asked to wait, at most an hour.
        retry_after: Option<Duration>,
    },
    /// There is no network: nothing was sent, and nothing has failed.
    #[error("there is no network")]
    Offline,
    /// Something on the network answers in the issuer's place: keep everything, try later, and count nothing.
    #[error("the network answers in the issuer's place")]
    Portal,
    /// Asked, and the answer was lost or unusable: the refresh token may or may not have been spent.
    #[error("it is not known what the issuer did")]
    Unknown,
}

/// Asks for new tokens. Where the answer names no refresh token, the old one goes on (R18, S31).
pub async fn refresh(
    asking: &Asking<'_>,
    client: &GrantClient,
    refresh: &Secret<String>,
) -> Result<Tokens, RefreshError> {
    let pairs = [
        ("grant_type", "refresh_token"),
        // EXPOSE: the refresh token goes to the issuer that made it.
        ("refresh_token", refresh.expose()),
    ];
    let reply = asking.ask(client, &pairs).await;
    let Reply { answer, outcome } = reply.map_err(|error| unanswered(asking.http, client, error))?;
    let error = match outcome {
        Ok(fresh) => {
            let refresh = fresh.tokens.refresh.clone().or_else(|| Some(refresh.clone()));
            return Ok(Tokens {
                refresh,
                ..fresh.tokens
            });
        }
        Err(TokenError::Bad(flawed) | TokenError::NoReason(flawed)) => {
            asking.http.decided(flawed.decision());
            None
        }
        Err(TokenError::Refused(error)) => Some(error),
        Err(TokenError::NoAnswer) => None,
    };
    let told = verdict::of_answer(NoTokens {
        status: answer.status,
        error: error.as_deref(),
        retry_after: retry_after(&answer.headers, asking.now),
    });
    note(asking.http, &told, error);
    Err(told)
}

/// Writes down what is made of an answer without tokens.
pub(super) fn note(http: &TracedHttp, told: &RefreshError, error: Option<String>) {
    match (told, error) {
        (RefreshError::Rejected | RefreshError::InvalidClient, Some(error)) => {
            http.decided(Decision::RenewalRefused { error });
        }
        (RefreshError::Unreachable { retry_after }, _) => {
            let seconds = retry_after.map(|wait| wait.as_secs());
            http.decided(Decision::RenewalPutOff { seconds });
        }
        (RefreshError::Portal, _) => http.decided(Decision::RenewalPutOff { seconds: None }),
        _ => {}
    }
}

fn unanswered(http: &TracedHttp, client: &GrantClient, error: HttpError) -> RefreshError {
    if error == HttpError::TooLarge {
        http.decided(Flawed::too_large(DocumentKind::Tokens, client.token_endpoint()).decision());
    }
    of_http(error, client.reach())
}

/// Reads `Retry-After`, seconds or a date (RFC 9110 §10.2.3).
pub(super) fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => now.until(moment(httpdate::parse_http_date(text).ok()?)),
    };
    Some(wait.min(LONGEST_WAIT))
}

fn moment(date: SystemTime) -> Timestamp {
    Timestamp::from_seconds(0).after(date.duration_since(UNIX_EPOCH).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s32_retry_after_is_honoured_up_to_an_hour() {
        let after = |text: &str| {
            let headers: HeaderMap = [(header::RETRY_AFTER, text.parse().expect("a value"))]
                .into_iter()
                .collect();
            retry_after(&headers, Timestamp::from_seconds(784_111_777))
        };
        assert_eq!(after("7"), Some(Duration::from_secs(7)));
        assert_eq!(after("86400"), Some(LONGEST_WAIT));
        assert_eq!(after("99999999999999999999999"), None, "no number and no date");
        assert_eq!(
            after("Sun, 06 Nov 1994 08:50:00 GMT"),
            Some(Duration::from_secs(23)),
            "a date"
        );
        assert_eq!(
            after("Sun, 06 Nov 1994 08:00:00 GMT"),
            Some(Duration::ZERO),
            "a date that is past"
        );
        assert_eq!(after("soon"), None);
    }
}
