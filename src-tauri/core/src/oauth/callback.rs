//! The answer the browser brings back (RFC 6749 §4.1.2, RFC 9207).

use std::collections::HashSet;

use subtle::ConstantTimeEq;
use url::Url;

use super::{
    Awaiting, Decision, GrantClient, StateHash, Trace, authorize::Waiting, sealing::is_token, token,
};
use crate::base::Secret;

/// The longest answer that is looked at (S18).
const LIMIT: usize = 8 * 1024;

/// A text that is not an answer to any sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an answer: over-long, with a fragment or credentials, or with a repeated parameter")]
pub struct CallbackError;

/// The parameters of an answer, not yet believed.
pub struct Callback {
    state: Option<Secret<String>>,
    code: Option<Secret<String>>,
    iss: Option<String>,
    error: Option<String>,
    description: Option<String>,
}

/// Why an answer brings no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiveError {
    /// It belongs to another sign-in.
    #[error("the answer belongs to another sign-in")]
    StateMismatch,
    /// It comes from another issuer, or does not say from which although it must (RFC 9207 §2.4).
    #[error("expected an answer of {expected}, found {found:?}")]
    IssuerMismatch {
        /// The issuer that was asked.
        expected: String,
        /// The issuer that answered, if it said so.
        found: Option<String>,
    },
    /// It carries neither a code nor an error.
    #[error("the answer carries neither a code nor an error")]
    MissingParameters,
    /// The person said no (`access_denied`).
    #[error("the person declined")]
    Declined,
    /// The authorization server reports an error (RFC 6749 §4.1.2.1).
    #[error("the authorization server reports {error}")]
    Provider {
        /// Its code.
        error: String,
        /// Its text.
        description: Option<String>,
    },
}

impl ReceiveError {
    /// Tells whether the sign-in is over. A stranger's answer ends nothing (R16, S12).
    pub const fn ends_sign_in(&self) -> bool {
        match self {
            Self::StateMismatch | Self::IssuerMismatch { .. } => false,
            Self::MissingParameters | Self::Declined | Self::Provider { .. } => true,
        }
    }
}

impl Callback {
    /// Reads an answer's parameters (form-decoded, RFC 9207 §2.4). A repeated one makes the whole worthless.
    pub fn parse(url: &Url) -> Result<Self, CallbackError> {
        let odd = url.fragment().is_some() || !url.username().is_empty() || url.password().is_some();
        if odd || url.as_str().len() > LIMIT {
            return Err(CallbackError);
        }
        if repeats_a_name(url) {
            return Err(CallbackError);
        }
        Ok(Self {
            state: value(url, "state").map(Secret::new),
            code: value(url, "code").map(Secret::new),
            iss: value(url, "iss"),
            error: value(url, "error"),
            description: value(url, "error_description"),
        })
    }

    /// Gives what its sign-in is looked up by.
    pub fn state_hash(&self) -> Option<StateHash> {
        // EXPOSE: only its hash leaves.
        self.state.as_ref().map(|state| StateHash::of(state.expose()))
    }
}

/// Tells whether any parameter occurs twice, ours or not (RFC 6749 §3.1).
fn repeats_a_name(url: &Url) -> bool {
    let mut seen = HashSet::new();
    url.query_pairs().any(|(name, _)| !seen.insert(name))
}

fn value(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs
        .find(|(own, _)| own == name)
        .map(|(_, value)| value.into_owned())
}

impl Awaiting {
    /// Takes an answer: state first, then the issuer, and only then anything it says (R15, R16, S17).
    pub fn receive(&self, callback: Callback, trace: &Trace) -> Result<Returned, ReceiveError> {
        let state = &self.0.state;
        trace.hide([state.clone()]);
        trace.hide_brought(callback.state.iter().chain(&callback.code).cloned());
        let same = |given: &Secret<String>| given == state; // in constant time (R15)
        if !callback.state.as_ref().is_some_and(same) {
            return Err(ReceiveError::StateMismatch);
        }
        trace.decided(Decision::StateMatched {});
        self.check_issuer(callback.iss, trace)?;
        if let Some(error) = callback.error {
            trace.decided(Decision::AnswerRefuses {
                error: error.clone(),
                description: callback.description.clone(),
            });
            return Err(refusal(&error, callback.description));
        }
        // EXPOSE: only its form is looked at.
        let code = callback.code.filter(|code| is_token(code.expose()));
        code.map(|code| self.returned(code)).ok_or_else(|| {
            trace.decided(Decision::AnswerIncomplete {});
            ReceiveError::MissingParameters
        })
    }

    fn check_issuer(&self, iss: Option<String>, trace: &Trace) -> Result<(), ReceiveError> {
        let Waiting {
            client, sends_iss, ..
        } = &self.0;
        let expected = client.answering_issuer().to_string();
        let from_issuer = match &iss {
            Some(iss) => bool::from(iss.as_bytes().ct_eq(expected.as_bytes())),
            None => !sends_iss,
        };
        if !from_issuer {
            trace.decided(Decision::AnswerIssuerDiffers {
                expected: expected.clone(),
                found: iss.clone(),
            });
            return Err(ReceiveError::IssuerMismatch { expected, found: iss });
        }
        trace.decided(match iss {
            Some(issuer) => Decision::AnswerIssuerMatched { issuer },
            None => Decision::AnswerIssuerUnnamed {},
        });
        Ok(())
    }

    fn returned(&self, code: Secret<String>) -> Returned {
        let Waiting {
            verifier,
            redirect_uri,
            scopes,
            client,
            ..
        } = &self.0;
        Returned(token::CodeRequest {
            code,
            verifier: verifier.clone(),
            redirect_uri: redirect_uri.clone(),
            scopes: scopes.clone().unwrap_or_default(),
            client: GrantClient(client.clone()),
        })
    }
}

fn refusal(error: &str, description: Option<String>) -> ReceiveError {
    if error == "access_denied" {
        return ReceiveError::Declined;
    }
    let short = |text: String| text.chars().take(500).collect();
    ReceiveError::Provider {
        error: short(error.to_owned()),
        description: description.map(short),
    }
}

/// A code that came back to its own sign-in from the right issuer; it is exchanged once and gone.
pub struct Returned(pub(super) token::CodeRequest);

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{super::authorize::tests::awaiting, *};
    use crate::ports::SystemClock;

    fn trace() -> Trace {
        Trace::begin(Arc::new(SystemClock))
    }

    const ISS: &str = "https%3A%2F%2Fas.example.com";

    fn callback(query: &str) -> Result<Callback, CallbackError> {
        Callback::parse(&Url::parse(&format!("dev.usher.desktop://oauth/callback?{query}")).expect("a URL"))
    }

    fn received(rest: &str) -> Option<ReceiveError> {
        let awaiting = awaiting();
        let state = awaiting.0.state.expose().clone();
        awaiting
            .receive(
                callback(&format!("state={state}&{rest}")).expect("readable"),
                &trace(),
            )
            .err()
    }

    fn mismatch(found: Option<&str>) -> Option<ReceiveError> {
        let (expected, found) = ("https://as.example.com".to_owned(), found.map(str::to_owned));
        Some(ReceiveError::IssuerMismatch { expected, found })
    }

    #[test]
    fn r16_s17_the_issuer_is_compared_byte_by_byte_before_anything_else() {
        assert_eq!(received(&format!("code=c&iss={ISS}")), None, "the right issuer");
        assert_eq!(received("code=c"), mismatch(None), "advertised and absent");
        for wrong in [
            "https://as.example.com/",
            "https://AS.example.com",
            "https://evil.example",
        ] {
            assert_eq!(
                received(&format!("code=c&iss={wrong}")),
                mismatch(Some(wrong)),
                "{wrong}"
            );
            assert_eq!(
                received(&format!("error=access_denied&iss={wrong}")),
                mismatch(Some(wrong)),
                "errors too"
            );
        }
    }

    #[test]
    fn s12_an_answer_with_another_state_is_a_strangers_and_ends_nothing() {
        let error = awaiting()
            .receive(
                callback(&format!("state=other&code=c&iss={ISS}")).expect("readable"),
                &trace(),
            )
            .err();
        assert_eq!(error, Some(ReceiveError::StateMismatch));
        assert!(!ReceiveError::StateMismatch.ends_sign_in());
        assert!(
            !mismatch(None).expect("an error").ends_sign_in(),
            "a rejected response does not end it (R16)"
        );
    }

    #[test]
    fn provider_errors_are_told_apart() {
        assert_eq!(
            received(&format!("error=access_denied&iss={ISS}")),
            Some(ReceiveError::Declined)
        );
        assert_eq!(
            received(&format!("iss={ISS}")),
            Some(ReceiveError::MissingParameters)
        );
        assert_eq!(
            received(&format!("code=&iss={ISS}")),
            Some(ReceiveError::MissingParameters),
            "an empty code"
        );
        let provider = ReceiveError::Provider {
            error: "server_error".to_owned(),
            description: Some("a b".to_owned()),
        };
        assert_eq!(
            received(&format!("error=server_error&error_description=a+b&iss={ISS}")),
            Some(provider)
        );
    }

    #[test]
    fn s18_repeated_parameters_and_fragments_make_an_answer_worthless() {
        for query in [
            "state=a&state=a",
            "code=a&code=b&state=s",
            "iss=a&iss=b",
            "state=a#x",
            "state=s&code=c&session_state=1&session_state=2",
            "state=s&%73tate=t",
        ] {
            assert!(callback(query).is_err(), "{query}");
        }
        assert!(
            callback(&format!("state={}", "a".repeat(9000))).is_err(),
            "over-long"
        );
    }
}
