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
use serde_json::Value;

use super::{
    Asking, Decision, DocumentKind, Expected, Flaw, Flawed, GrantClient, Member, NotAllowed, Occasion,
    TokenType, Tokens, document::Document,
};
use crate::{
    base::{Secret, Subject, Timestamp, foreign},
    ports::HttpError,
};

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
    let told = id_token.map(|token| of_id_token(token, client, asking.now));
    let told = told.and_then(|told| told.inspect_err(|why| asking.http.decided(why.decision())).ok());
    let named = match told {
        Some(told) if told.label.is_some() => Some(told),
        told => completed(told, ask(asking, client, tokens).await, asking),
    };
    if named.is_some() {
        asking.http.decided(Decision::PersonNamed {});
    }
    named
}

/// Why an ID token names nobody.
#[derive(Debug, PartialEq, Eq)]
enum Aside {
    /// It is not of this issuer, not for us, or too old.
    NotOurs,
    /// It breaks its specification.
    Flawed(Flawed),
}

impl Aside {
    fn decision(&self) -> Decision {
        match self {
            Self::NotOurs => Decision::IdTokenLeftAside {},
            Self::Flawed(flawed) => flawed.decision(),
        }
    }
}

impl From<Flawed> for Aside {
    fn from(flawed: Flawed) -> Self {
        Self::Flawed(flawed)
    }
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
    let endpoint = client.userinfo_endpoint()?;
    let mut request = Request::new(Method::GET, endpoint.clone());
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
    let told = match asking.http.send(request, client.reach()).await {
        Ok(answer) if answer.status.is_success() => {
            let claims = Document::read(DocumentKind::Userinfo, endpoint, &answer.body);
            claims.and_then(|claims| of_claims(&claims))
        }
        Err(HttpError::TooLarge) => Err(Flawed::too_large(DocumentKind::Userinfo, endpoint)),
        Ok(_) | Err(_) => return None,
    };
    told.inspect_err(|flawed| asking.http.decided(flawed.decision()))
        .ok()
}

/// Reads an ID token that is meant for us (§3.1.3.7 rules 2, 3, 5 and 9).
fn of_id_token(token: &Secret<String>, client: &GrantClient, now: Timestamp) -> Result<Identity, Aside> {
    let claims = claims(token, client)?;
    let from_issuer = claims.text(Member::Iss)? == client.0.answering_issuer().as_str();
    let ours = is_for(&claims, client.client_id().as_str())?;
    let lives = expiry(&claims)? + TOLERANCE.as_secs_f64() > now.seconds() as f64;
    let identity = of_claims(&claims)?;
    if from_issuer && ours && lives {
        Ok(identity)
    } else {
        Err(Aside::NotOurs)
    }
}

/// Gives the claims of an ID token, the second of its three parts.
fn claims(token: &Secret<String>, client: &GrantClient) -> Result<Document, Flawed> {
    let not_a_token = || {
        let (member, why) = (Member::IdToken, NotAllowed::NotAToken);
        let flaw = Flaw::NotAllowed { member, why };
        Flawed::new(DocumentKind::Tokens, client.token_endpoint(), flaw)
    };
    // EXPOSE: its claims are read; the token itself goes nowhere.
    let payload = token.expose().split('.').nth(1).ok_or_else(not_a_token)?;
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload);
    let payload = Secret::new(payload.map_err(|_| not_a_token())?);
    // EXPOSE: as above.
    let payload = payload.expose();
    Document::read(DocumentKind::IdToken, client.token_endpoint(), payload)
}

/// Gives when the token runs out, in seconds since 1970; a fraction is allowed (RFC 7519 §2).
fn expiry(claims: &Document) -> Result<f64, Flawed> {
    match claims.get(Member::Exp) {
        None => Err(claims.missing(Member::Exp)),
        Some(Value::Number(at)) => Ok(at.as_f64().unwrap_or_default()),
        Some(other) => Err(claims.mistyped(Member::Exp, Expected::Number, other)),
    }
}

/// Tells whether the audience holds our client, and the authorized party, if one is named, is it.
fn is_for(claims: &Document, client_id: &str) -> Result<bool, Flawed> {
    let listed = match claims.get(Member::Aud) {
        None => return Err(claims.missing(Member::Aud)),
        Some(Value::String(one)) => one == client_id,
        Some(Value::Array(several)) => several.iter().any(|one| one.as_str() == Some(client_id)),
        Some(other) => return Err(claims.mistyped(Member::Aud, Expected::StringOrStrings, other)),
    };
    let party = claims.optional_text(Member::Azp)?;
    Ok(listed && party.is_none_or(|party| party == client_id))
}

/// Reads who it is about. What is no text under one of the names says nothing: it is for showing alone.
fn of_claims(claims: &Document) -> Result<Identity, Flawed> {
    let text = |name: &str| claims.words(name);
    let subject = claims.text(Member::Sub)?;
    let not_allowed = |why| Err(claims.not_allowed(Member::Sub, why));
    if subject.is_empty() {
        return not_allowed(NotAllowed::Empty);
    }
    if subject.chars().count() > SUBJECT_LIMIT {
        return not_allowed(NotAllowed::TooLong);
    }
    let named = |names: &[&str]| names.iter().find_map(|name| shown(text(name)?));
    let raw = |names: &[&str]| {
        names
            .iter()
            .filter_map(|name| text(name))
            .find(|text| is_plain(text))
    };
    Ok(Identity {
        subject: Subject::new(subject),
        label: named(&["email", "preferred_username", "name"]),
        login: raw(&["email", "preferred_username"]).map(str::to_owned),
    })
}

/// Makes one harmless line of a name; nothing if nothing is left.
fn shown(text: &str) -> Option<String> {
    Some(foreign::line(text, LABEL_LIMIT)).filter(|line| !line.is_empty())
}

/// Tells whether a name is sent back as it came: one that would have to be altered first is not.
fn is_plain(text: &str) -> bool {
    shown(text).as_deref() == Some(text)
}

#[cfg(test)]
mod tests;
