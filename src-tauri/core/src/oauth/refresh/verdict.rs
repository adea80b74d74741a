//! What everything that a renewal can meet means (S32). Pure: one table, with a test for each of its rows.
//!
//! Definite are the three errors that RFC 6749 §5.2 ties to this grant or client. Everything else keeps the tokens, and
//! nothing that a network says in the place of the authorization server is taken for its word.

use std::time::Duration;

use ::http::StatusCode;

use super::RefreshError;
use crate::{
    base::Reach,
    ports::{HttpError, http},
};

/// An answer that brought no tokens, as far as it says what became of the renewal.
#[derive(Debug, Clone, Copy)]
pub(super) struct NoTokens<'a> {
    /// Its status.
    pub(super) status: StatusCode,
    /// Its OAuth error code (RFC 6749 §5.2), if there is one to read.
    pub(super) error: Option<&'a str>,
    /// How long it asks to wait, an hour at most.
    pub(super) retry_after: Option<Duration>,
}

/// Judges an answer without tokens. The error code counts before the status, except where the network itself answers. Its
/// certificate was checked, so a redirect or a page is the host's own doing.
pub(super) fn of_answer(answer: NoTokens<'_>) -> RefreshError {
    let NoTokens {
        status,
        error,
        retry_after,
    } = answer;
    match error {
        _ if http::is_of_the_network(status) => RefreshError::Portal,
        Some("invalid_grant" | "unauthorized_client") => RefreshError::Rejected,
        Some("invalid_client") => RefreshError::InvalidClient,
        Some(_) => RefreshError::Unreachable { retry_after },
        None if status.is_success() => RefreshError::Unknown,
        None => RefreshError::Unreachable { retry_after },
    }
}

/// Judges a request to a host of `reach` that brought no answer: what cannot have arrived is told from what may have. A
/// host that gave tokens before had a certificate then, and an address that is not of one's own network.
pub(in crate::oauth) fn of_http(error: HttpError, reach: Reach) -> RefreshError {
    match error {
        HttpError::Offline => RefreshError::Offline,
        HttpError::Certificate => RefreshError::Portal,
        HttpError::ForbiddenAddress if reach == Reach::Public => RefreshError::Portal,
        HttpError::TimedOut | HttpError::Interrupted | HttpError::NotHttp | HttpError::TooLarge => {
            RefreshError::Unknown
        }
        HttpError::UnsafeUrl
        | HttpError::ForbiddenAddress
        | HttpError::UnknownHost
        | HttpError::Unreachable
        | HttpError::CertificateTime
        | HttpError::TooManyRedirects => RefreshError::Unreachable { retry_after: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUT_OFF: RefreshError = RefreshError::Unreachable { retry_after: None };

    fn of(status: u16, error: Option<&str>) -> RefreshError {
        of_answer(NoTokens {
            status: StatusCode::from_u16(status).expect("a status"),
            error,
            retry_after: None,
        })
    }

    #[test]
    fn s32_only_a_definite_rejection_asks_the_person() {
        for status in [200, 400, 401, 403, 429, 500, 503] {
            for error in ["invalid_grant", "unauthorized_client"] {
                let told = of(status, Some(error));
                assert_eq!(told, RefreshError::Rejected, "{status} {error}");
            }
            let told = of(status, Some("invalid_client"));
            assert_eq!(told, RefreshError::InvalidClient, "{status}");
        }
    }

    #[test]
    fn s32_other_errors_keep_the_grant() {
        for error in [
            "invalid_request",
            "invalid_scope",
            "invalid_target",
            "unsupported_grant_type",
            "invalid_dpop_proof",
            "use_dpop_nonce",
            "server_error",
            "temporarily_unavailable",
            "slow_down",
            "no_such_error",
        ] {
            for status in [400, 401, 500] {
                assert_eq!(of(status, Some(error)), PUT_OFF, "{status} {error}");
            }
        }
    }

    #[test]
    fn s32_a_bare_refusal_is_not_a_rejection() {
        for status in [400, 401, 403, 404, 405, 410, 418] {
            assert_eq!(of(status, None), PUT_OFF, "{status} without a code");
        }
    }

    #[test]
    fn s32_trouble_is_waited_for() {
        for status in [408, 425, 429, 500, 501, 502, 503, 504, 599] {
            assert_eq!(of(status, None), PUT_OFF, "{status}");
        }
    }

    #[test]
    fn s32_what_the_answer_asks_to_wait_goes_along() {
        let retry_after = Some(Duration::from_secs(7));
        for (status, error) in [(429, None), (503, None), (400, Some("slow_down"))] {
            let told = of_answer(NoTokens {
                status: StatusCode::from_u16(status).expect("a status"),
                error,
                retry_after,
            });
            assert_eq!(
                told,
                RefreshError::Unreachable { retry_after },
                "{status} {error:?}"
            );
        }
    }

    #[test]
    fn s32_a_network_that_answers_in_its_place_is_no_rejection() {
        for error in [None, Some("invalid_grant"), Some("invalid_client")] {
            let told = of(511, error);
            assert_eq!(
                told,
                RefreshError::Portal,
                "RFC 6585 §6: no origin server says that"
            );
        }
    }

    #[test]
    fn s32_a_place_that_sends_elsewhere_is_put_off() {
        for status in [300, 301, 302, 303, 304, 307, 308] {
            assert_eq!(of(status, None), PUT_OFF, "{status}: it proved to be the host");
        }
    }

    #[test]
    fn s32_a_success_that_cannot_be_read_leaves_all_open() {
        for status in [200, 201, 204] {
            assert_eq!(of(status, None), RefreshError::Unknown, "{status}");
        }
    }

    #[test]
    fn s32_every_way_of_getting_no_answer_has_its_verdict() {
        let everywhere = [
            (HttpError::Offline, RefreshError::Offline),
            (HttpError::UnsafeUrl, PUT_OFF),
            (HttpError::UnknownHost, PUT_OFF),
            (HttpError::Unreachable, PUT_OFF),
            (HttpError::TooManyRedirects, PUT_OFF),
            (HttpError::Certificate, RefreshError::Portal),
            (HttpError::CertificateTime, PUT_OFF),
            (HttpError::TimedOut, RefreshError::Unknown),
            (HttpError::Interrupted, RefreshError::Unknown),
            (HttpError::NotHttp, RefreshError::Unknown),
            (HttpError::TooLarge, RefreshError::Unknown),
        ];
        for reach in [Reach::Public, Reach::Private, Reach::Loopback] {
            for (error, verdict) in &everywhere {
                assert_eq!(of_http(*error, reach), *verdict, "{error:?} at {reach:?}");
            }
        }
        let inward = HttpError::ForbiddenAddress;
        assert_eq!(
            of_http(inward, Reach::Public),
            RefreshError::Portal,
            "its name leads inward here"
        );
        for reach in [Reach::Private, Reach::Loopback] {
            assert_eq!(
                of_http(inward, reach),
                PUT_OFF,
                "{reach:?}: nothing is known of it"
            );
        }
    }
}
