//! Revocation (RFC 7009): telling the issuer that tokens are no longer wanted.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{GrantClient, Tokens, TracedHttp};
use crate::base::{Secret, Timestamp};

/// The longest wait for one token.
const LIMIT: Duration = Duration::from_secs(5);

/// What became of the tokens at the issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Revocation {
    /// The issuer revoked them.
    Revoked,
    /// The issuer offers no revocation.
    NotOffered,
    /// The issuer could not be reached or refused.
    Failed,
}

/// Revokes the refresh token, then the access token; one failing never skips the other (RFC 7009 §2.1).
pub async fn revoke(
    (http, now): (&TracedHttp, Timestamp),
    client: &GrantClient,
    tokens: &Tokens,
) -> Revocation {
    let refresh = tokens.refresh.as_ref().map(|token| (token, "refresh_token"));
    let mut outcomes = Vec::new();
    for (token, hint) in refresh.into_iter().chain([(&tokens.access, "access_token")]) {
        outcomes.push(revoke_one((http, now), client, token, hint).await);
    }
    let decisive = |outcome| outcomes.contains(&outcome);
    match (decisive(Revocation::NotOffered), decisive(Revocation::Failed)) {
        (true, _) => Revocation::NotOffered,
        (false, true) => Revocation::Failed,
        (false, false) => Revocation::Revoked,
    }
}

async fn revoke_one(
    (http, now): (&TracedHttp, Timestamp),
    client: &GrantClient,
    token: &Secret<String>,
    hint: &str,
) -> Revocation {
    // EXPOSE: the token goes to the issuer that made it.
    let pairs = [("token", token.expose().as_str()), ("token_type_hint", hint)];
    let Some(mut request) = client.revocation_request(&pairs, now) else {
        return Revocation::NotOffered;
    };
    *request.timeout_mut() = Some(LIMIT);
    match http.send(request, client.reach()).await {
        Ok(answer) if answer.status.is_success() => Revocation::Revoked,
        Ok(_) | Err(_) => Revocation::Failed,
    }
}
