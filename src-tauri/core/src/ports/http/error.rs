//! Why a request brought no answer, told apart by what the person can do.

use std::error::Error;

use rustls::CertificateError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a request brought no answer. Carries no URL: callers know which they asked, and a URL may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
pub enum HttpError {
    /// The URL may not be asked at all: scheme, http beyond loopback, credentials, fragment, length.
    #[error("the URL may not be asked")]
    UnsafeUrl,
    /// The name or literal leads into a network that the server's own address is not part of.
    #[error("the address lies in a network that must not be reached from here")]
    ForbiddenAddress,
    /// There is no way out of this machine: the request never left it.
    #[error("there is no network")]
    Offline,
    /// The name does not exist, or name resolution failed.
    #[error("the host name could not be resolved")]
    UnknownHost,
    /// The host exists and nobody answers there, or not within the time for connecting.
    #[error("the host could not be reached")]
    Unreachable,
    /// The connection broke after it stood: the request may have arrived.
    #[error("the connection broke")]
    Interrupted,
    /// The certificate is not valid for this host, or not signed by an authority that this machine trusts.
    #[error("the host's certificate is not trusted")]
    Certificate,
    /// The certificate is not valid at this time: it has run out, or is not valid yet, or this machine's clock is wrong.
    #[error("the host's certificate is not valid now")]
    CertificateTime,
    /// The host took longer than the limits allow.
    #[error("the host took too long")]
    TimedOut,
    /// The answer is larger than the limits allow.
    #[error("the answer is too large")]
    TooLarge,
    /// More redirects than the limits allow.
    #[error("too many redirects")]
    TooManyRedirects,
    /// What came back is not HTTP.
    #[error("the answer is not HTTP")]
    NotHttp,
}

impl From<reqwest::Error> for HttpError {
    fn from(error: reqwest::Error) -> Self {
        if let Some(own) = source_of::<Self>(&error) {
            return *own;
        }
        if let Some(tls) = source_of::<rustls::Error>(&error) {
            return of_tls(tls);
        }
        if error.is_timeout() {
            // Who was not connected has sent nothing.
            return if error.is_connect() {
                Self::Unreachable
            } else {
                Self::TimedOut
            };
        }
        if error.is_builder() {
            return Self::UnsafeUrl;
        }
        let parse = source_of::<hyper::Error>(&error).is_some_and(hyper::Error::is_parse);
        match (parse, error.is_connect()) {
            (true, _) => Self::NotHttp,
            (false, true) => Self::Unreachable,
            (false, false) => Self::Interrupted,
        }
    }
}

/// Tells a certificate that is not trusted, or not now, from a host that does not speak TLS as it should, or not at all.
/// The system's own verifier may say what it dislikes in general words.
const fn of_tls(error: &rustls::Error) -> HttpError {
    match error {
        rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        ) => HttpError::CertificateTime,
        rustls::Error::InvalidCertificate(_)
        | rustls::Error::NoCertificatesPresented
        | rustls::Error::UnsupportedNameType
        | rustls::Error::General(_) => HttpError::Certificate,
        _ => HttpError::NotHttp,
    }
}

/// Finds the first cause of type `T`, also inside the `io::Error`s that wrap TLS and resolver failures.
fn source_of<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next: Option<&'a (dyn Error + 'static)> = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let wrapped = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        // An `io::Error` names as its source what lies below the error it wraps, never that error itself.
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s32_a_certificate_that_ran_out_is_told_from_one_that_nobody_trusts() {
        let of = |error| of_tls(&rustls::Error::InvalidCertificate(error));
        for error in [CertificateError::Expired, CertificateError::NotValidYet] {
            assert_eq!(of(error.clone()), HttpError::CertificateTime, "{error:?}");
        }
        for error in [CertificateError::UnknownIssuer, CertificateError::NotValidForName] {
            assert_eq!(of(error.clone()), HttpError::Certificate, "{error:?}");
        }
        let no_tls = rustls::Error::HandshakeNotComplete;
        assert_eq!(of_tls(&no_tls), HttpError::NotHttp, "it has shown none");
    }
}
