//! Revocation (RFC 7009): telling the issuer that tokens are no longer wanted.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{GrantClient, Tokens, TracedHttp, told::Told};
use crate::base::{Secret, Timestamp};

/// The longest wait for one token.
const LIMIT: Duration = Duration::from_secs(5);

/// What became of the tokens at the issuer. Of several, the greatest is what is to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Revocation {
    /// The issuer revoked them.
    Revoked,
    /// The issuer offers no revocation.
    NotOffered,
    /// The issuer refused.
    Failed,
    /// The issuer could not be reached, or was in trouble: asking again may help, whatever became of the rest.
    Unreachable,
    /// There was no network, so that nobody was asked.
    Offline,
}

/// Revokes the refresh token, then the access token; one failing never skips the other (RFC 7009 §2.1).
pub async fn revoke(
    (http, now): (&TracedHttp, Timestamp),
    client: &GrantClient,
    tokens: &Tokens,
) -> Revocation {
    let refresh = tokens.refresh.as_ref().map(|token| (token, "refresh_token"));
    let mut worst = Revocation::Revoked;
    for (token, hint) in refresh.into_iter().chain([(&tokens.access, "access_token")]) {
        worst = worst.max(revoke_one((http, now), client, token, hint).await);
    }
    worst
}

async fn revoke_one(
    (traced, now): (&TracedHttp, Timestamp),
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
    let reach = client.reach();
    match Told::of(traced.send(request, reach).await, reach) {
        Told::Done => Revocation::Revoked,
        Told::Refused => Revocation::Failed,
        Told::Unreachable => Revocation::Unreachable,
        Told::Offline => Revocation::Offline,
    }
}
