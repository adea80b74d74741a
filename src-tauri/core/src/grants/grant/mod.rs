//! One grant, and the one way to its bearer.

pub(super) mod sealed;

use std::time::Duration;

use super::{Bearer, ReauthReason, table::Read};
use crate::{
    base::{AccountId, Secret, ServerId, Timestamp},
    oauth::{GrantClient, Granted, MachineAsker, ProofKey, TokenType, Tokens},
};

/// The longest time before expiry at which a token is renewed.
const SKEW: Duration = Duration::from_secs(30);

/// A refresh token. There is no way from it to a [`Bearer`].
#[derive(Debug, Clone)]
pub(super) struct RefreshToken(Secret<String>);

impl RefreshToken {
    pub(super) const fn secret(&self) -> &Secret<String> {
        &self.0
    }
}

/// What a new token is asked for with.
#[derive(Debug, Clone, Copy)]
pub(super) enum Renewal<'a> {
    /// A refresh token (RFC 6749 §6).
    Refresh(&'a RefreshToken),
    /// What the first one was asked for with, as no person is needed for that.
    Machine(MachineAsker<'a>),
}

impl Renewal<'_> {
    /// Tells whether asking may make it worthless, so that a lost answer can end the grant.
    pub(super) const fn may_be_rotated(self) -> bool {
        matches!(self, Self::Refresh(_))
    }
}

/// Why a grant is over for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dead {
    /// The authorization server refused the refresh token.
    Rejected,
    /// The same, after an answer had been lost on the way: most likely the token was rotated and the new
    /// pair never arrived.
    AnswerLost,
    /// The authorization server no longer knows our client.
    ClientRefused,
    /// It went to another computer, whose it is now.
    HandedOver,
}

impl Dead {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Rejected => "rejected",
            Self::AnswerLost => "answerLost",
            Self::ClientRefused => "clientRefused",
            Self::HandedOver => "handedOver",
        }
    }

    /// Tells why only the person can help.
    pub(super) const fn reason(self) -> ReauthReason {
        match self {
            Self::Rejected | Self::AnswerLost | Self::ClientRefused => ReauthReason::Rejected,
            Self::HandedOver => ReauthReason::HandedOver,
        }
    }

    /// Reads a stored code; one that is not known (from a newer app) is a rejection.
    pub(super) fn from_code(code: &str) -> Self {
        match code {
            "answerLost" => Self::AnswerLost,
            "clientRefused" => Self::ClientRefused,
            "handedOver" => Self::HandedOver,
            _ => Self::Rejected,
        }
    }
}

/// When an access token came, and when it runs out.
#[derive(Debug, Clone, Copy)]
struct Life {
    obtained_at: Timestamp,
    expires_at: Option<Timestamp>,
}

impl Life {
    /// Gives how long before expiry the token counts as stale: 30 s, or half its life if that is shorter.
    fn skew(self, expires_at: Timestamp) -> Duration {
        SKEW.min(self.obtained_at.until(expires_at) / 2)
    }

    fn is_over(self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }

    fn is_nearly_over(self, now: Timestamp) -> bool {
        let nearly = |expires_at| now.until(expires_at) <= self.skew(expires_at);
        self.expires_at.is_some_and(nearly)
    }
}

/// What is sealed: everything that decisions rest on. The table's clear columns are for showing only.
#[derive(Clone)]
pub(super) struct Contents {
    server: ServerId,
    bearer: Bearer,
    refresh: Option<RefreshToken>,
    life: Life,
    client: GrantClient,
}

impl Contents {
    /// Takes what a sign-in at `now` brought.
    pub(super) fn new(server: ServerId, granted: Granted, now: Timestamp) -> Self {
        let key = bound_to(granted.tokens.token_type, &granted.client);
        Self {
            server,
            bearer: Bearer::new(granted.tokens.access, granted.resource, key),
            refresh: granted.tokens.refresh.map(RefreshToken),
            life: Life {
                obtained_at: now,
                expires_at: granted.tokens.expires_at,
            },
            client: granted.client,
        }
    }

    /// Takes over what a refresh at `now` brought; without a new refresh token the old one stays
    /// (RFC 6749 §6, S31).
    #[must_use]
    pub(super) fn renewed(self, tokens: Tokens, now: Timestamp) -> Self {
        let key = bound_to(tokens.token_type, &self.client);
        Self {
            bearer: Bearer::new(tokens.access, self.bearer.resource().clone(), key),
            refresh: tokens.refresh.map(RefreshToken).or(self.refresh),
            life: Life {
                obtained_at: now,
                expires_at: tokens.expires_at,
            },
            ..self
        }
    }

    pub(super) const fn server(&self) -> ServerId {
        self.server
    }

    pub(super) const fn expires_at(&self) -> Option<Timestamp> {
        self.life.expires_at
    }

    pub(super) fn renews(&self) -> bool {
        self.renewal().is_some()
    }

    /// Tells what a new token is asked for with, if anything can bring one.
    pub(super) fn renewal(&self) -> Option<Renewal<'_>> {
        let machine = self.client.machine().map(Renewal::Machine);
        machine.or_else(|| self.refresh.as_ref().map(Renewal::Refresh))
    }

    pub(super) const fn client(&self) -> &GrantClient {
        &self.client
    }

    /// Gives the bearer of a pair that has just become durable: it may be used once, however short its life.
    pub(super) fn into_bearer(self) -> Bearer {
        self.bearer
    }

    /// Gives the pair in the form that revocation takes.
    pub(super) fn tokens(&self) -> Tokens {
        Tokens {
            token_type: self.token_type(),
            access: self.bearer.token().clone(),
            refresh: self.refresh.as_ref().map(|refresh| refresh.0.clone()),
            expires_at: self.life.expires_at,
        }
    }

    fn token_type(&self) -> TokenType {
        if self.bearer.is_bound() {
            TokenType::Dpop
        } else {
            TokenType::Bearer
        }
    }
}

/// Gives the key that a token of this type is bound to.
fn bound_to(token_type: TokenType, client: &GrantClient) -> Option<ProofKey> {
    match token_type {
        TokenType::Bearer => None,
        TokenType::Dpop => client.proof_key().cloned(),
    }
}

/// One opened grant: what is sealed, and what its row says about it.
pub(super) struct Grant {
    account: AccountId,
    version: i64,
    dead: Option<Dead>,
    unanswered: bool,
    contents: Contents,
}

/// A bearer that was live when its grant was read. Only time can change that, as long as the row is as it was.
pub(super) struct Fresh {
    bearer: Bearer,
    life: Life,
    renews: bool,
}

impl Fresh {
    /// Gives the bearer for as long as the grant's standing would be [`Standing::Live`].
    pub(super) fn live(&self, now: Timestamp) -> Option<&Bearer> {
        let has_aged = if self.renews {
            self.life.is_nearly_over(now)
        } else {
            self.life.is_over(now)
        };
        (!has_aged).then_some(&self.bearer)
    }
}

/// What a grant is good for at a moment.
#[derive(Debug)]
pub(super) enum Standing<'a> {
    /// The access token can be used.
    Live(&'a Bearer),
    /// A new pair has to be fetched.
    Stale {
        /// What to fetch it with.
        renewal: Renewal<'a>,
        /// The old access token, while it has not run out: good enough if nothing newer can be had.
        meanwhile: Option<&'a Bearer>,
    },
    /// Only the person can help.
    Spent(ReauthReason),
}

impl Grant {
    /// Tells whether a refresh was sent and its answer is not kept (yet, or ever).
    pub(super) const fn is_unanswered(&self) -> bool {
        self.unanswered
    }

    pub(super) const fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Tells which row this is, and at which version it was read.
    pub(super) const fn as_read(&self) -> Read {
        Read {
            account: self.account,
            version: self.version,
        }
    }

    /// Tells what the grant is good for. This and [`Grant::fresh`], which goes by it, are the only ways to its bearer.
    ///
    /// An unanswered refresh makes it stale at once: its refresh token may have been rotated, and asking again soon
    /// is within the grace that many authorization servers give.
    pub(super) fn standing(&self, now: Timestamp) -> Standing<'_> {
        if let Some(dead) = self.dead {
            return Standing::Spent(dead.reason());
        }
        let life = self.contents.life;
        let unexpired = Some(&self.contents.bearer).filter(|_| !life.is_over(now));
        match (self.contents.renewal(), unexpired) {
            (Some(renewal), meanwhile) if self.unanswered || life.is_nearly_over(now) => {
                Standing::Stale { renewal, meanwhile }
            }
            (_, Some(bearer)) => Standing::Live(bearer),
            (_, None) => Standing::Spent(ReauthReason::Expired),
        }
    }

    /// Gives a live bearer with what is needed to see when it is that no more.
    pub(super) fn fresh(&self, now: Timestamp) -> Option<Fresh> {
        matches!(self.standing(now), Standing::Live(_)).then(|| Fresh {
            bearer: self.contents.bearer.clone(),
            life: self.contents.life,
            renews: self.contents.renews(),
        })
    }

    /// Gives what renews it if the stored access token is still `refused`; after a 401 the clock does not matter (S33).
    pub(super) fn standing_after(&self, refused: &Bearer, now: Timestamp) -> Standing<'_> {
        let standing = self.standing(now);
        if matches!(standing, Standing::Spent(_)) || !self.contents.bearer.is_same_token(refused) {
            return standing;
        }
        match self.contents.renewal() {
            Some(renewal) => Standing::Stale {
                renewal,
                meanwhile: None,
            },
            None => Standing::Spent(ReauthReason::Rejected),
        }
    }

    /// Gives the moment from which the background renews it: within the skew, `spread` (0 to 1) of its first
    /// half later, and never twice within 30 s. `None` if time alone never makes it stale.
    pub(super) fn renewal_due(&self, spread: f64) -> Option<Timestamp> {
        if self.dead.is_some() || !self.contents.renews() {
            return None;
        }
        let life = self.contents.life;
        if self.unanswered {
            return Some(life.obtained_at);
        }
        let expires_at = life.expires_at?;
        let early = life.skew(expires_at).mul_f64(1.0 - spread / 2.0);
        let length = life.obtained_at.until(expires_at);
        Some(life.obtained_at.after(length.saturating_sub(early).max(SKEW)))
    }

    /// Gives when it runs out for good, if nothing can renew it and it is not over already.
    pub(super) fn ends_at(&self) -> Option<Timestamp> {
        let only_time_ends_it = self.dead.is_none() && !self.contents.renews();
        self.contents.life.expires_at.filter(|_| only_time_ends_it)
    }
}

#[cfg(test)]
mod tests;
