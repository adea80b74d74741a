//! The token endpoint's answers, and the exchange of a code (RFC 6749 §4.1.3, §5).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::{
    Asking, Decision, DocumentKind, Flawed, GrantClient, Identity, Member, NotAllowed, Returned, TracedHttp,
    document::Document,
    identity::{self, Introduction},
};
use crate::{
    base::{Issuer, RedirectUri, Resource, Scopes, Secret, Timestamp},
    ports::{HttpError, http::Answer},
};

/// The scope that asks who signs in (OpenID Connect Core §3.1.2.1). Never added by us (R14).
const OPENID: &str = "openid";
/// The longest life that is believed (S26).
const LONGEST_LIFE: Duration = Duration::from_secs(365 * 24 * 3600);

/// How a token is shown (RFC 6749 §7.1).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenType {
    /// By whoever has it (RFC 6750). Also what a grant of before there were keys holds.
    #[default]
    Bearer,
    /// With a proof of the key that it is bound to (RFC 9449 §5).
    Dpop,
}

/// The tokens of one grant.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// How the access token is shown.
    pub token_type: TokenType,
    /// What requests carry.
    pub access: Secret<String>,
    /// What a new pair is asked for with, if there is one (R19).
    pub refresh: Option<Secret<String>>,
    /// When the access token runs out, if the issuer said so; otherwise a 401 tells.
    pub expires_at: Option<Timestamp>,
}

/// A finished sign-in, ready to be kept.
#[derive(Debug, Clone)]
pub struct Granted {
    /// Who granted, raw.
    pub issuer: Issuer,
    /// What for, raw.
    pub resource: Resource,
    /// The granted scopes: as answered, or as asked for (RFC 6749 §5.1).
    pub scopes: Scopes,
    /// The tokens.
    pub tokens: Tokens,
    /// What refreshing and revoking need.
    pub client: GrantClient,
    /// Who signed in, if the provider says so.
    pub identity: Option<Identity>,
}

/// Why a code brought no tokens.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    /// The issuer refused.
    #[error("the issuer refused the code")]
    Refused {
        /// Its error code (RFC 6749 §5.2), if it gave one.
        error: Option<String>,
    },
    /// The issuer does not know us (any more).
    #[error("the issuer does not know this client")]
    InvalidClient,
    /// Its answer breaks the specification.
    #[error(transparent)]
    BadDocument(#[from] Flawed),
    /// It could not be asked.
    #[error("the token endpoint could not be asked")]
    Http {
        /// Why.
        source: HttpError,
    },
}

pub(super) struct CodeRequest {
    pub(super) code: Secret<String>,
    pub(super) verifier: Secret<String>,
    pub(super) redirect_uri: RedirectUri,
    pub(super) scopes: Scopes,
    pub(super) client: GrantClient,
}

impl Returned {
    /// Exchanges the code for tokens. Whatever comes of it, the code is gone.
    pub async fn exchange(self, asking: &Asking<'_>) -> Result<Granted, ExchangeError> {
        let CodeRequest {
            code,
            verifier,
            redirect_uri,
            scopes,
            client,
        } = self.0;
        let pairs = [
            ("grant_type", "authorization_code"),
            // EXPOSE: the code goes back to the issuer that made it.
            ("code", code.expose()),
            ("redirect_uri", redirect_uri.as_str()),
            // EXPOSE: the verifier proves that this app began the sign-in (RFC 7636 §4.5).
            ("code_verifier", verifier.expose()),
        ];
        let reply = asking.ask(&client, &pairs).await;
        let reply = reply.map_err(|source| unanswered(asking.http, &client, source))?;
        let fresh = reply.outcome.map_err(|error| refused(asking.http, error))?;
        asking.http.decided(Decision::CodeExchanged {});
        let scopes = fresh.scopes.unwrap_or(scopes);
        let identity = if scopes.contains(OPENID) {
            let introduction = Introduction {
                id_token: fresh.id_token.as_ref(),
                tokens: &fresh.tokens,
            };
            identity::learn(asking, &client, introduction).await
        } else {
            None
        };
        Ok(Granted {
            issuer: client.issuer().clone(),
            resource: client.resource().clone(),
            scopes,
            tokens: fresh.tokens,
            client,
            identity,
        })
    }
}

/// Says why nothing came back that could be read.
fn unanswered(http: &TracedHttp, client: &GrantClient, source: HttpError) -> ExchangeError {
    if source != HttpError::TooLarge {
        return ExchangeError::Http { source };
    }
    let flawed = Flawed::too_large(DocumentKind::Tokens, client.token_endpoint());
    http.decided(flawed.decision());
    flawed.into()
}

/// Says why a code brought no tokens.
fn refused(http: &TracedHttp, error: TokenError) -> ExchangeError {
    let error = match error {
        TokenError::Bad(flawed) | TokenError::NoReason(flawed) => {
            http.decided(flawed.decision());
            return flawed.into();
        }
        TokenError::Refused(error) => Some(error),
        TokenError::NoAnswer => None,
    };
    http.decided(Decision::CodeRefused { error: error.clone() });
    match error.as_deref() {
        Some("invalid_client") => ExchangeError::InvalidClient,
        _ => ExchangeError::Refused { error },
    }
}

/// A readable token answer.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) tokens: Tokens,
    pub(super) scopes: Option<Scopes>,
    pub(super) id_token: Option<Secret<String>>,
}

/// What a token endpoint's answer is if it is not tokens.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum TokenError {
    /// An error with its code (RFC 6749 §5.2).
    Refused(String),
    /// An answer with the status of a refusal and without a readable error code.
    NoReason(Flawed),
    /// Neither tokens nor a refusal: a gateway's page, a redirect, a bare status.
    NoAnswer,
    /// Tokens that must not be used, or none at all (S25).
    Bad(Flawed),
}

/// What is known of a request beside its answer.
pub(super) struct Sent<'a> {
    /// Where it went.
    pub(super) to: &'a Url,
    /// When it is read.
    pub(super) now: Timestamp,
    /// Whether it carried a proof: without one no token can be bound to a key of ours.
    pub(super) proved: bool,
}

/// Reads an answer. Errors are told by the JSON `error`, whatever the status says (R18).
pub(super) fn read(answer: &Answer, sent: &Sent<'_>) -> Result<Fresh, TokenError> {
    let document = good_news(answer, sent.to)?;
    tokens(&document, sent).map_err(TokenError::Bad)
}

/// Reads what came in exchange for another token (RFC 8693 §2.2.1): a token of exactly the wanted type.
pub(super) fn read_exchanged(answer: &Answer, to: &Url, wanted: &str) -> Result<Secret<String>, TokenError> {
    let document = good_news(answer, to)?;
    exchanged(&document, wanted).map_err(TokenError::Bad)
}

/// Gives the document of an answer that refuses nothing.
fn good_news(answer: &Answer, to: &Url) -> Result<Document, TokenError> {
    if answer.status.is_success() {
        let document = Document::read(DocumentKind::Tokens, to, &answer.body);
        let document = document.map_err(TokenError::Bad)?;
        return match error_code(&document) {
            Ok(error) => Err(TokenError::Refused(error)),
            Err(_) => Ok(document),
        };
    }
    let document = Document::read(DocumentKind::Refusal, to, &answer.body);
    let error = document.and_then(|document| error_code(&document));
    Err(match error {
        Ok(error) => TokenError::Refused(error),
        // Other statuses are no token endpoint's.
        Err(flawed) if answer.status.is_client_error() => TokenError::NoReason(flawed),
        Err(_) => TokenError::NoAnswer,
    })
}

fn error_code(document: &Document) -> Result<String, Flawed> {
    let error = document.token(Member::Error)?;
    let error = error.ok_or_else(|| document.missing(Member::Error))?;
    Ok(error.chars().take(256).collect())
}

fn exchanged(document: &Document, wanted: &str) -> Result<Secret<String>, Flawed> {
    if document.text(Member::IssuedTokenType)? != wanted {
        return Err(document.not_allowed(Member::IssuedTokenType, NotAllowed::Unknown));
    }
    let token = secret(document, Member::AccessToken)?;
    token.ok_or_else(|| document.missing(Member::AccessToken))
}

fn tokens(document: &Document, sent: &Sent<'_>) -> Result<Fresh, Flawed> {
    let access = secret(document, Member::AccessToken)?;
    let access = access.ok_or_else(|| document.missing(Member::AccessToken))?;
    let token_type = token_type(document, sent.proved)?;
    // Odd scopes say as little as none, which means those that were asked for (RFC 6749 §5.1). To refuse the answer
    // for them would throw away a rotated refresh token.
    let scope = document.get(Member::Scope).and_then(Value::as_str);
    let scopes = scope.and_then(|scope| scope.parse().ok());
    let expires_at = life(document.get(Member::ExpiresIn)).map(|life| sent.now.after(life));
    let refresh = secret(document, Member::RefreshToken)?;
    Ok(Fresh {
        tokens: Tokens {
            token_type,
            access,
            refresh,
            expires_at,
        },
        scopes,
        // One of another form says nothing about who signed in, and costs no tokens.
        id_token: secret(document, Member::IdToken).unwrap_or_default(),
    })
}

/// Reads how the token is shown, without regard to case (R17). An issuer that leaves the proof aside gives a plain
/// bearer (RFC 9449 §5); a token that is bound to no key of ours is of no use.
fn token_type(document: &Document, proved: bool) -> Result<TokenType, Flawed> {
    let kind = document.text(Member::TokenType)?;
    let is = |name: &str| kind.eq_ignore_ascii_case(name);
    match (is("bearer"), is("dpop") && proved) {
        (true, _) => Ok(TokenType::Bearer),
        (false, true) => Ok(TokenType::Dpop),
        (false, false) => Err(document.not_allowed(Member::TokenType, NotAllowed::Unknown)),
    }
}

/// Gives a token if it is there; one of another form makes the whole answer worthless (S25).
fn secret(document: &Document, member: Member) -> Result<Option<Secret<String>>, Flawed> {
    let token = document.token(member)?;
    Ok(token.map(|token| Secret::new(token.to_owned())))
}

/// Reads `expires_in` (S26): an integer or an integer in a string; nothing to rely on otherwise. What is not positive
/// has expired already.
fn life(value: Option<&Value>) -> Option<Duration> {
    let seconds = match value? {
        Value::Number(number) => number.as_i64().or_else(|| number.as_u64().map(|_| i64::MAX))?,
        Value::String(text) => text.trim().parse::<i64>().ok()?,
        _ => return None,
    };
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)).min(LONGEST_LIFE))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, StatusCode};
    use serde_json::json;

    use super::*;
    use crate::oauth::{Expected, Flaw, JsonType};

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn answer(status: u16, body: impl Into<Bytes>) -> Answer {
        let status = StatusCode::from_u16(status).expect("a status");
        Answer {
            status,
            headers: HeaderMap::new(),
            body: body.into(),
        }
    }

    fn read(answer: &Answer, now: Timestamp, proved: bool) -> Result<Fresh, TokenError> {
        let to = &Url::parse("https://as.example.com/token").expect("a URL");
        super::read(answer, &Sent { to, now, proved })
    }

    /// Gives what is wrong with an answer that must not be used.
    fn flaw<T>(read: Result<T, TokenError>) -> Option<Flaw> {
        match read {
            Err(TokenError::Bad(flawed)) => Some(flawed.flaw),
            _ => None,
        }
    }

    fn good(change: Value) -> Result<Fresh, TokenError> {
        let mut document = json!({ "access_token": "a", "token_type": "bearer" });
        if let (Some(document), Value::Object(change)) = (document.as_object_mut(), change) {
            document.extend(change);
        }
        read(&answer(200, document.to_string()), NOW, false)
    }

    #[test]
    fn s25_token_values_of_another_form_refuse_the_answer() {
        let not_allowed = |member, why| Some(Flaw::NotAllowed { member, why });
        for (bad, why) in [
            (json!(""), NotAllowed::Empty),
            (json!(" a"), NotAllowed::Characters),
            (json!("a\r\nb"), NotAllowed::Characters),
            (json!("a\u{0}"), NotAllowed::Characters),
            (json!("ä"), NotAllowed::Characters),
            (json!("x".repeat(17_000)), NotAllowed::TooLong),
        ] {
            let access = flaw(good(json!({ "access_token": bad })));
            assert_eq!(access, not_allowed(Member::AccessToken, why), "{bad}");
            let refresh = flaw(good(json!({ "refresh_token": bad })));
            assert_eq!(refresh, not_allowed(Member::RefreshToken, why), "{bad}");
        }
    }

    #[test]
    fn s26_every_form_of_expires_in_has_its_meaning() {
        let at = |value: Value| {
            good(json!({ "expires_in": value }))
                .expect("good")
                .tokens
                .expires_at
                .map(Timestamp::seconds)
        };
        assert_eq!(at(json!(60)), Some(1_060));
        assert_eq!(at(json!("60")), Some(1_060), "some send a string");
        assert_eq!(at(json!(0)), Some(1_000), "expired already");
        assert_eq!(at(json!(-5)), Some(1_000), "expired already");
        assert_eq!(
            at(json!(u64::MAX)),
            Some(1_000 + 365 * 24 * 3600),
            "capped at a year"
        );
        assert_eq!(at(json!(1.5)), None, "nothing to rely on");
        assert_eq!(at(json!(null)), None, "nothing to rely on");
        assert_eq!(
            good(json!({})).expect("good").tokens.expires_at,
            None,
            "missing: a 401 will tell"
        );
    }

    #[test]
    fn s25_two_tokens_of_one_name_are_none() {
        let twice = r#"{"access_token":"a","access_token":"b","token_type":"bearer"}"#;
        let twice = flaw(read(&answer(200, twice), NOW, false));
        let member = Some(Member::AccessToken);
        assert!(
            matches!(twice, Some(Flaw::Repeated { member: own, .. }) if own == member),
            "{twice:?}"
        );
        let deep = format!(
            r#"{{"access_token":"a","token_type":"bearer","x":{}1{}}}"#,
            "[".repeat(99),
            "]".repeat(99)
        );
        let deep = flaw(read(&answer(200, deep), NOW, false));
        assert!(matches!(deep, Some(Flaw::TooDeep { .. })), "S7: {deep:?}");
    }

    #[test]
    fn s16_odd_scopes_in_an_answer_cost_no_tokens() {
        let fresh = good(json!({ "scope": "read \"all\"" })).expect("the tokens are good");
        assert_eq!(fresh.scopes, None, "they say nothing");
        assert!(good(json!({ "scope": ["read"] })).is_ok());
    }

    fn unknown_type() -> Flaw {
        Flaw::NotAllowed {
            member: Member::TokenType,
            why: NotAllowed::Unknown,
        }
    }

    #[test]
    fn r17_the_token_type_is_compared_without_case() {
        assert!(good(json!({ "token_type": "BEARER" })).is_ok());
        assert_eq!(flaw(good(json!({ "token_type": "mac" }))), Some(unknown_type()));
    }

    #[test]
    fn r18_errors_are_told_by_the_json_and_not_by_the_status() {
        let refused = json!({ "error": "invalid_grant" }).to_string();
        for status in [200, 400, 401, 500] {
            let error = read(&answer(status, refused.clone()), NOW, false).err();
            assert_eq!(
                error,
                Some(TokenError::Refused("invalid_grant".to_owned())),
                "{status}"
            );
        }
        let no_reason = |body: &str| match read(&answer(400, body.to_owned()), NOW, false) {
            Err(TokenError::NoReason(flawed)) => Some((flawed.document, flawed.flaw)),
            _ => None,
        };
        let flawed = |flaw| Some((DocumentKind::Refusal, flaw));
        let member = Member::Error;
        let (expected, found) = (Expected::String, JsonType::Number);
        let mistyped = Flaw::WrongType {
            member,
            expected,
            found,
        };
        assert_eq!(no_reason("<html>"), flawed(Flaw::WebPage));
        assert_eq!(no_reason(""), flawed(Flaw::Empty));
        assert_eq!(no_reason("{}"), flawed(Flaw::Missing { member }));
        assert_eq!(no_reason(r#"{"error":7}"#), flawed(mistyped));
        for gateway in ["{}", "<html>", ""] {
            let told = read(&answer(503, gateway), NOW, false).err();
            assert_eq!(told, Some(TokenError::NoAnswer), "{gateway}");
        }
    }

    #[test]
    fn r23_a_bound_token_is_taken_only_where_a_proof_was_sent() {
        let bound = json!({ "access_token": "a", "token_type": "dpop" }).to_string();
        let of =
            |body: String, proved| read(&answer(200, body), NOW, proved).map(|fresh| fresh.tokens.token_type);
        assert_eq!(of(bound.clone(), true), Ok(TokenType::Dpop));
        assert_eq!(flaw(of(bound, false)), Some(unknown_type()));
        let plain = json!({ "access_token": "a", "token_type": "Bearer" }).to_string();
        assert_eq!(of(plain, true), Ok(TokenType::Bearer), "RFC 9449 §5");
    }

    #[test]
    fn tokens_show_nothing_of_themselves() {
        let tokens = good(json!({ "refresh_token": "hush" })).expect("good").tokens;
        assert!(!format!("{tokens:?}").contains("hush"), "Debug is redacted");
    }
}
