//! The token endpoint's answers, and the exchange of a code (RFC 6749 §4.1.3, §5).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    Asking, Decision, GrantClient, Identity, Returned, TracedHttp,
    identity::{self, Introduction},
    sealing::is_token,
    strict::{Unfit, object},
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
    #[error("the token answer is wrong at {member:?}")]
    BadAnswer {
        /// The member; empty for the whole answer.
        member: &'static str,
    },
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
        let reply = reply.map_err(|source| ExchangeError::Http { source })?;
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

/// Says why a code brought no tokens.
fn refused(http: &TracedHttp, error: TokenError) -> ExchangeError {
    let error = match error {
        TokenError::Bad(member) => return ExchangeError::BadAnswer { member },
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
    /// Neither tokens nor an error code: HTML, an empty body, a bare status.
    NoAnswer,
    /// Tokens that must not be used (S25).
    Bad(&'static str),
}

/// Reads an answer. Errors are told by the JSON `error`, whatever the status says (R18). `proved` tells whether the
/// request carried a proof: without one no token can be bound to a key of ours.
pub(super) fn read(answer: &Answer, now: Timestamp, proved: bool) -> Result<Fresh, TokenError> {
    let document = object(&answer.body).map_err(|unfit| match unfit {
        Unfit::Hostile if answer.status.is_success() => TokenError::Bad(""),
        Unfit::Hostile | Unfit::NoObject => TokenError::NoAnswer,
    })?;
    if let Some(error) = document
        .get("error")
        .and_then(Value::as_str)
        .filter(|error| is_token(error))
    {
        return Err(TokenError::Refused(error.chars().take(256).collect()));
    }
    if !answer.status.is_success() {
        return Err(TokenError::NoAnswer);
    }
    tokens(&document, now, proved)
}

fn tokens(document: &Map<String, Value>, now: Timestamp, proved: bool) -> Result<Fresh, TokenError> {
    let access = secret(document, "access_token")?.ok_or(TokenError::Bad("access_token"))?;
    let token_type = token_type(document, proved).ok_or(TokenError::Bad("token_type"))?;
    // Odd scopes say as little as none, which means those that were asked for (RFC 6749 §5.1). To refuse the answer
    // for them would throw away a rotated refresh token.
    let scope = document.get("scope").and_then(Value::as_str);
    let scopes = scope.and_then(|scope| scope.parse().ok());
    let expires_at = life(document.get("expires_in")).map(|life| now.after(life));
    let refresh = secret(document, "refresh_token")?;
    Ok(Fresh {
        tokens: Tokens {
            token_type,
            access,
            refresh,
            expires_at,
        },
        scopes,
        // One of another form says nothing about who signed in, and costs no tokens.
        id_token: secret(document, "id_token").unwrap_or_default(),
    })
}

/// Reads how the token is shown, without regard to case (R17). An issuer that leaves the proof aside gives a plain
/// bearer (RFC 9449 §5); a token that is bound to no key of ours is of no use.
fn token_type(document: &Map<String, Value>, proved: bool) -> Option<TokenType> {
    let kind = document.get("token_type").and_then(Value::as_str)?;
    let is = |name: &str| kind.eq_ignore_ascii_case(name);
    match (is("bearer"), is("dpop") && proved) {
        (true, _) => Some(TokenType::Bearer),
        (false, true) => Some(TokenType::Dpop),
        (false, false) => None,
    }
}

/// Gives a token if it is there; one of another form makes the whole answer worthless (S25).
fn secret(document: &Map<String, Value>, member: &'static str) -> Result<Option<Secret<String>>, TokenError> {
    match document.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if is_token(text) => Ok(Some(Secret::new(text.clone()))),
        Some(_) => Err(TokenError::Bad(member)),
    }
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

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn answer(status: u16, body: impl Into<Bytes>) -> Answer {
        let status = StatusCode::from_u16(status).expect("a status");
        Answer {
            status,
            headers: HeaderMap::new(),
            body: body.into(),
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
        for bad in [
            json!(""),
            json!(" a"),
            json!("a\r\nb"),
            json!("a\u{0}"),
            json!("ä"),
            json!(7),
            json!("x".repeat(17_000)),
        ] {
            assert_eq!(
                good(json!({ "access_token": bad })).err(),
                Some(TokenError::Bad("access_token")),
                "{bad}"
            );
        }
        assert_eq!(
            good(json!({ "access_token": null })).err(),
            Some(TokenError::Bad("access_token"))
        );
        assert_eq!(
            good(json!({ "refresh_token": "" })).err(),
            Some(TokenError::Bad("refresh_token"))
        );
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
        assert_eq!(
            read(&answer(200, twice), NOW, false).err(),
            Some(TokenError::Bad(""))
        );
        let deep = format!(
            r#"{{"access_token":"a","token_type":"bearer","x":{}1{}}}"#,
            "[".repeat(99),
            "]".repeat(99)
        );
        assert_eq!(
            read(&answer(200, deep), NOW, false).err(),
            Some(TokenError::Bad("")),
            "S7"
        );
    }

    #[test]
    fn s16_odd_scopes_in_an_answer_cost_no_tokens() {
        let fresh = good(json!({ "scope": "read \"all\"" })).expect("the tokens are good");
        assert_eq!(fresh.scopes, None, "they say nothing");
        assert!(good(json!({ "scope": ["read"] })).is_ok());
    }

    #[test]
    fn r17_the_token_type_is_compared_without_case() {
        assert!(good(json!({ "token_type": "BEARER" })).is_ok());
        assert_eq!(
            good(json!({ "token_type": "mac" })).err(),
            Some(TokenError::Bad("token_type"))
        );
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
        assert_eq!(
            read(&answer(400, "<html>"), NOW, false).err(),
            Some(TokenError::NoAnswer)
        );
        assert_eq!(
            read(&answer(503, "{}"), NOW, false).err(),
            Some(TokenError::NoAnswer)
        );
    }

    #[test]
    fn r23_a_bound_token_is_taken_only_where_a_proof_was_sent() {
        let bound = json!({ "access_token": "a", "token_type": "dpop" }).to_string();
        let of =
            |body: String, proved| read(&answer(200, body), NOW, proved).map(|fresh| fresh.tokens.token_type);
        assert_eq!(of(bound.clone(), true), Ok(TokenType::Dpop));
        assert_eq!(of(bound, false), Err(TokenError::Bad("token_type")));
        let plain = json!({ "access_token": "a", "token_type": "Bearer" }).to_string();
        assert_eq!(of(plain, true), Ok(TokenType::Bearer), "RFC 9449 §5");
    }

    #[test]
    fn tokens_show_nothing_of_themselves() {
        let tokens = good(json!({ "refresh_token": "hush" })).expect("good").tokens;
        assert!(!format!("{tokens:?}").contains("hush"), "Debug is redacted");
    }
}
