//! Renewing tokens (RFC 6749 §6), and what each kind of failure means (S32).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{HeaderMap, StatusCode, header};

use super::{
    Asking, Decision, DocumentKind, Flawed, GrantClient, Tokens, TracedHttp, token::TokenError,
    token_endpoint::Reply,
};
use crate::{
    base::{Secret, Timestamp},
    ports::HttpError,
};

/// The longest wait a server may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// Why there are no new tokens. Callers do four things.
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
    let retry_after = retry_after(&answer.headers, asking.now);
    let error = match outcome {
        Ok(fresh) => {
            let refresh = fresh.tokens.refresh.clone().or_else(|| Some(refresh.clone()));
            return Ok(Tokens {
                refresh,
                ..fresh.tokens
            });
        }
        Err(TokenError::Bad(flawed)) => {
            asking.http.decided(flawed.decision());
            return Err(RefreshError::Unknown);
        }
        Err(TokenError::NoReason(flawed)) => {
            asking.http.decided(flawed.decision());
            None
        }
        Err(TokenError::Refused(error)) => Some(error),
        Err(TokenError::NoAnswer) => None,
    };
    let told = classify(answer.status, error.as_deref(), retry_after);
    note(asking.http, &told, error);
    Err(told)
}

fn note(http: &TracedHttp, told: &RefreshError, error: Option<String>) {
    match (told, error) {
        (RefreshError::Rejected | RefreshError::InvalidClient, Some(error)) => {
            http.decided(Decision::RenewalRefused { error });
        }
        (RefreshError::Unreachable { retry_after }, _) => {
            let seconds = retry_after.map(|wait| wait.as_secs());
            http.decided(Decision::RenewalPutOff { seconds });
        }
        _ => {}
    }
}

/// Tells a dead grant from trouble (S32). Only the three errors that RFC 6749 §5.2 ties to this grant or client are
/// definite; everything else keeps the tokens.
fn classify(status: StatusCode, error: Option<&str>, retry_after: Option<Duration>) -> RefreshError {
    match (error, status) {
        (Some("invalid_grant" | "unauthorized_client"), _) => RefreshError::Rejected,
        (Some("invalid_client"), _) => RefreshError::InvalidClient,
        (None, status) if status.is_success() => RefreshError::Unknown,
        _ => RefreshError::Unreachable { retry_after },
    }
}

fn unanswered(http: &TracedHttp, client: &GrantClient, error: HttpError) -> RefreshError {
    if error == HttpError::TooLarge {
        http.decided(Flawed::too_large(DocumentKind::Tokens, client.token_endpoint()).decision());
    }
    of_http(error)
}

/// Tells what cannot have arrived from what may have.
pub(super) const fn of_http(error: HttpError) -> RefreshError {
    match error {
        HttpError::TimedOut | HttpError::Interrupted | HttpError::NotHttp | HttpError::TooLarge => {
            RefreshError::Unknown
        }
        HttpError::UnsafeUrl
        | HttpError::ForbiddenAddress
        | HttpError::UnknownHost
        | HttpError::Unreachable
        | HttpError::Certificate
        | HttpError::TooManyRedirects => RefreshError::Unreachable { retry_after: None },
    }
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
    fn s32_only_a_definite_rejection_asks_the_person() {
        let of = |status: u16, error| classify(StatusCode::from_u16(status).expect("a status"), error, None);
        for (status, error) in [
            (400, "invalid_grant"),
            (401, "invalid_grant"),
            (400, "unauthorized_client"),
            (503, "invalid_grant"),
        ] {
            assert_eq!(
                of(status, Some(error)),
                RefreshError::Rejected,
                "{status} {error}"
            );
        }
        assert_eq!(of(401, Some("invalid_client")), RefreshError::InvalidClient);
        for status in [400, 401, 403, 404, 408, 425, 429, 500, 502, 503] {
            assert_eq!(
                of(status, None),
                RefreshError::Unreachable { retry_after: None },
                "{status} without a code"
            );
        }
        for error in [
            "server_error",
            "temporarily_unavailable",
            "invalid_request",
            "invalid_scope",
            "slow_down",
        ] {
            assert_eq!(
                of(400, Some(error)),
                RefreshError::Unreachable { retry_after: None },
                "{error}"
            );
        }
        assert_eq!(
            of(200, None),
            RefreshError::Unknown,
            "a success that cannot be read: a captive portal, perhaps"
        );
    }

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
