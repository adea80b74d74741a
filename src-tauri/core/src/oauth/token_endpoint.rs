//! Asking a token endpoint. Where a grant has a key, each request carries a new proof (RFC 9449 §5).

use super::{
    GrantClient, Nonces, Occasion, TracedHttp,
    client::Pair,
    dpop::USE_NONCE,
    token::{self, Fresh, Sent, TokenError},
};
use crate::{
    base::Timestamp,
    ports::{HttpError, http::Answer},
};

/// What asking for tokens takes beside the client and its parameters.
pub struct Asking<'a> {
    /// The network.
    pub http: &'a TracedHttp,
    /// The nonces that are known.
    pub nonces: &'a Nonces,
    /// When it is asked.
    pub now: Timestamp,
}

/// An answer, and what it comes to.
pub(super) struct Reply {
    pub(super) answer: Answer,
    pub(super) outcome: Result<Fresh, TokenError>,
}

impl Asking<'_> {
    /// Asks once; once more if the issuer wants the same with a nonce that it gives (RFC 9449 §8).
    pub(super) async fn ask(&self, client: &GrantClient, pairs: &[Pair<'_>]) -> Result<Reply, HttpError> {
        let (reply, has_nonce) = self.ask_once(client, pairs).await?;
        let wants_nonce = matches!(&reply.outcome, Err(TokenError::Refused(error)) if error == USE_NONCE);
        if client.proof_key().is_none() || !wants_nonce || !has_nonce {
            return Ok(reply);
        }
        Ok(self.ask_once(client, pairs).await?.0)
    }

    async fn ask_once(&self, client: &GrantClient, pairs: &[Pair<'_>]) -> Result<(Reply, bool), HttpError> {
        let mut request = client.token_request(pairs, self.now);
        let (url, key) = (request.url().clone(), client.proof_key());
        if let Some(key) = key {
            let occasion = Occasion {
                token: None,
                nonces: self.nonces,
                now: self.now,
            };
            key.prove(&mut request, &occasion);
        }
        let answer = self.http.send(request, client.reach()).await?;
        let has_nonce = self.nonces.hear(&url, &answer.headers);
        let sent = Sent {
            to: &url,
            now: self.now,
            proved: key.is_some(),
        };
        let outcome = token::read(&answer, &sent);
        Ok((Reply { answer, outcome }, has_nonce))
    }
}
