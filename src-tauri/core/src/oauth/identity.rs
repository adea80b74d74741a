//! Who signed in, as the provider says it (OpenID Connect Core §2, §5.1, §5.3).
//!
//! It is for showing, and for telling the accounts of one issuer apart, and for nothing else: no access is granted on its
//! strength, here or anywhere. The signature of an ID token is therefore not checked, as §3.1.3.7 rule 6 allows: the token
//! came straight from the token endpoint of the pinned issuer over TLS. It is read once and kept nowhere.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::{
    Method, Request,
    header::{ACCEPT, AUTHORIZATION, HeaderValue},
};
use serde_json::{Map, Value};

use super::{Asking, Decision, GrantClient, Occasion, TokenType, Tokens, strict::object};
use crate::base::{Secret, Subject, Timestamp};

/// How far the clocks of two machines may be apart.
const TOLERANCE: Duration = Duration::from_secs(300);
/// The longest wait for the userinfo endpoint: the tokens are not on disk yet.
const LIMIT: Duration = Duration::from_secs(5);
/// The most characters of a subject (OpenID Connect Core §2).
const SUBJECT_LIMIT: usize = 255;
/// The most characters that are kept of a name.
const LABEL_LIMIT: usize = 120;

/// The person who signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Who, at this issuer.
    pub subject: Subject,
    /// What the provider calls the person: one line, at most 120 characters, nothing hidden in it.
    pub label: Option<String>,
    /// What the person signs in with there: an e-mail address or a user name.
    pub login: Option<String>,
}

/// What a token answer says about who signed in, and with what more can be asked.
pub(super) struct Introduction<'a> {
    pub(super) id_token: Option<&'a Secret<String>>,
    pub(super) tokens: &'a Tokens,
}

/// Learns who signed in: from the ID token, and from the userinfo endpoint if that leaves the person without a name.
/// Whatever goes wrong on the way costs the name alone.
pub(super) async fn learn(
    asking: &Asking<'_>,
    client: &GrantClient,
    introduction: Introduction<'_>,
) -> Option<Identity> {
    let Introduction { id_token, tokens } = introduction;
    let told = id_token.and_then(|token| of_id_token(token, client, asking.now));
    if told.is_none() && id_token.is_some() {
        asking.http.decided(Decision::IdTokenLeftAside {});
    }
    let named = match told {
        Some(told) if told.label.is_some() => Some(told),
        told => completed(told, ask(asking, client, tokens).await, asking),
    };
    if named.is_some() {
        asking.http.decided(Decision::PersonNamed {});
    }
    named
}

/// Takes the answer of the userinfo endpoint, unless it is about somebody else (§5.3.2).
fn completed(told: Option<Identity>, asked: Option<Identity>, asking: &Asking<'_>) -> Option<Identity> {
    match (told, asked) {
        (Some(told), Some(asked)) if told.subject != asked.subject => {
            asking.http.decided(Decision::UserinfoForeign {});
            Some(told)
        }
        (told, asked) => asked.or(told),
    }
}

/// Asks the userinfo endpoint once, if there is one.
async fn ask(asking: &Asking<'_>, client: &GrantClient, tokens: &Tokens) -> Option<Identity> {
    let mut request = Request::new(Method::GET, client.userinfo_endpoint()?.clone());
    let (scheme, key) = match tokens.token_type {
        TokenType::Bearer => ("Bearer", None),
        TokenType::Dpop => ("DPoP", client.proof_key()),
    };
    // EXPOSE: the token goes to the issuer that made it (§5.3.1).
    let credentials = Secret::new(format!("{scheme} {}", tokens.access.expose()));
    // EXPOSE: as above.
    let mut credentials = HeaderValue::from_str(credentials.expose()).ok()?;
    credentials.set_sensitive(true);
    let headers = request.headers_mut();
    headers.insert(AUTHORIZATION, credentials);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(key) = key {
        let occasion = Occasion {
            token: Some(&tokens.access),
            nonces: asking.nonces,
            now: asking.now,
        };
        key.prove(&mut request, &occasion);
    }
    *request.timeout_mut() = Some(LIMIT);
    let answer = asking.http.send(request, client.reach()).await.ok()?;
    let claims = object(&answer.body).ok().filter(|_| answer.status.is_success())?;
    of_claims(&claims)
}

/// Reads an ID token that is meant for us (§3.1.3.7 rules 2, 3, 5 and 9).
fn of_id_token(token: &Secret<String>, client: &GrantClient, now: Timestamp) -> Option<Identity> {
    // EXPOSE: its claims are read; the token itself goes nowhere.
    let payload = token.expose().split('.').nth(1)?;
    let payload = Secret::new(BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?);
    // EXPOSE: as above.
    let claims = object(payload.expose()).ok()?;
    let from_issuer = claims.get("iss").and_then(Value::as_str) == Some(client.issuer().as_str());
    let ours = is_for(&claims, client.client_id().as_str());
    let lives = claims
        .get("exp")
        .and_then(Value::as_f64)
        .is_some_and(|at| at + TOLERANCE.as_secs_f64() > now.seconds() as f64);
    of_claims(&claims).filter(|_| from_issuer && ours && lives)
}

/// Tells whether the audience holds our client, and the authorized party, if one is named, is it.
fn is_for(claims: &Map<String, Value>, client_id: &str) -> bool {
    let listed = match claims.get("aud") {
        Some(Value::String(one)) => one == client_id,
        Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == Some(client_id)),
        _ => false,
    };
    listed
        && claims
            .get("azp")
            .is_none_or(|party| party.as_str() == Some(client_id))
}

fn of_claims(claims: &Map<String, Value>) -> Option<Identity> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let subject = text("sub").filter(|sub| !sub.is_empty() && sub.chars().count() <= SUBJECT_LIMIT)?;
    let named = |names: &[&str]| names.iter().find_map(|name| shown(text(name)?));
    let raw = |names: &[&str]| {
        names
            .iter()
            .filter_map(|name| text(name))
            .find(|text| is_plain(text))
    };
    Some(Identity {
        subject: Subject::new(subject),
        label: named(&["email", "preferred_username", "name"]),
        login: raw(&["email", "preferred_username"]).map(str::to_owned),
    })
}

/// Makes one harmless line of a name; nothing if nothing is left.
fn shown(text: &str) -> Option<String> {
    let text = text.trim();
    let mut line: String = text
        .chars()
        .take(LABEL_LIMIT)
        .map(|c| {
            if is_hidden(c) {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .collect();
    if text.chars().count() > LABEL_LIMIT {
        line.pop();
        line.push('…');
    }
    Some(line).filter(|line| !line.is_empty())
}

/// Tells whether a name is sent back as it came: one that would have to be altered first is not.
fn is_plain(text: &str) -> bool {
    shown(text).as_deref() == Some(text)
}

/// Tells whether a character hides or reorders what is around it: controls, bidirectional marks and overrides, invisible
/// spaces, line separators, tags.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests;
