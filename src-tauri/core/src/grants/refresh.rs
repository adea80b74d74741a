//! The refresh as a transaction (S29, S30): lock, re-read, decide, mark, ask, write, publish.

use std::time::Duration;

use super::{
    Bearer, BearerError, Grants, ReauthReason, RenewalEnd,
    grant::{Contents, Dead, Grant, Renewal, Standing},
    lane::{Lane, Unwritten},
    table::{self, Swap},
};
use crate::{
    base::{AccountId, Timestamp},
    oauth::{self, Asking, RefreshError, Tokens},
    record::Kind,
};

/// What a caller needs.
pub(super) enum Wanted {
    /// A bearer that has not run out.
    Live,
    /// A bearer that is not the one the server refused.
    OtherThan(Bearer),
}

impl Wanted {
    fn standing<'a>(&self, grant: &'a Grant, now: Timestamp) -> Standing<'a> {
        match self {
            Self::Live => grant.standing(now),
            Self::OtherThan(refused) => grant.standing_after(refused, now),
        }
    }

    fn is_refused(&self, bearer: &Bearer) -> bool {
        matches!(self, Self::OtherThan(refused) if refused.is_same_token(bearer))
    }
}

impl Grants {
    /// Gives the bearer that is wanted, after at most one refresh. Callers queue for the account's lane;
    /// those after the first find the work done.
    ///
    /// The work is in a task of its own: dropping this future stops the waiting, not the refresh.
    pub(super) async fn refreshed(&self, account: AccountId, wanted: Wanted) -> Result<Bearer, BearerError> {
        let (grants, lane) = (self.clone(), self.lane(account));
        let task = tokio::spawn(async move {
            let mut lane = lane.lock().await;
            let outcome = grants.in_lane(&mut lane, account, &wanted).await;
            if matches!(outcome, Err(BearerError::Store(_))) {
                lane.pause.begin(grants.now(), None);
            }
            outcome
        });
        // A task that ends without an outcome has left its mark in the row, which is all there is to know.
        task.await
            .unwrap_or(Err(BearerError::Unreachable { retry_after: None }))
    }

    async fn in_lane(
        &self,
        lane: &mut Lane,
        account: AccountId,
        wanted: &Wanted,
    ) -> Result<Bearer, BearerError> {
        let Some(row) = table::of_account(&self.inner.store, account).await? else {
            self.forget_lane(account);
            return Err(BearerError::None);
        };
        let grant = row.open(&self.inner.vault)?;
        if let Some(unwritten) = lane
            .unwritten
            .take_if(|unwritten| unwritten.read == grant.as_read())
        {
            return self.write(lane, unwritten).await;
        }
        let now = self.now();
        let renewal = match wanted.standing(&grant, now) {
            Standing::Live(bearer) => return Ok(bearer.clone()),
            Standing::Spent(reason) => return Err(BearerError::Reauth(reason)),
            Standing::Stale { renewal, .. } => renewal,
        };
        check_may_ask(lane, wanted, (&grant, now))?;
        let bearer = self.ask(lane, &grant, renewal).await?;
        lane.refused = Some(bearer.clone()).filter(|bearer| wanted.is_refused(bearer));
        Ok(bearer)
    }

    /// Marks the row, asks the authorization server, and writes down what it says.
    async fn ask(&self, lane: &mut Lane, grant: &Grant, renewal: Renewal<'_>) -> Result<Bearer, BearerError> {
        let (read, now) = (grant.as_read(), self.now());
        lane.cut_off_since = None;
        if table::mark(&self.inner.store, read, now).await? == Swap::Changed {
            return self.overtaken(read.account).await;
        }
        let server = grant.contents().server();
        tracing::debug!(%server, step = "marked", "new tokens are about to be asked for");
        match self.renewed(grant, renewal, now).await {
            Ok(tokens) => {
                tracing::debug!(%server, step = "answered", "new tokens came and are about to be written");
                let contents = grant.contents().clone().renewed(tokens, now);
                self.write(lane, Unwritten { read, contents }).await
            }
            Err(RefreshError::Rejected) if grant.is_unanswered() && renewal.may_be_rotated() => {
                self.bury(grant, Dead::AnswerLost).await
            }
            Err(RefreshError::Rejected) => self.bury(grant, Dead::Rejected).await,
            Err(RefreshError::InvalidClient) => self.bury(grant, Dead::ClientRefused).await,
            Err(RefreshError::Unreachable { retry_after }) => {
                self.unmark(grant).await;
                Err(pause(lane, self.now(), retry_after))
            }
            Err(RefreshError::Offline) => {
                self.unmark(grant).await;
                lane.cut_off_since = Some(self.now());
                Err(BearerError::Offline)
            }
            Err(RefreshError::Portal) => {
                self.unmark(grant).await;
                lane.pause.begin_at_portal(self.now());
                Err(paused(lane, grant, self.now()))
            }
            Err(RefreshError::Unknown) => Err(pause(lane, self.now(), None)),
        }
    }

    /// Asks for new tokens; what happened is kept if there are none.
    async fn renewed(
        &self,
        grant: &Grant,
        renewal: Renewal<'_>,
        now: Timestamp,
    ) -> Result<Tokens, RefreshError> {
        let contents = grant.contents();
        let entry = self.inner.record.aside(contents.server(), Kind::Renewal);
        entry.about(grant.as_read().account);
        let asking = Asking {
            http: &self.traced(&entry),
            nonces: &self.inner.nonces,
            now,
        };
        let renewed = match renewal {
            Renewal::Refresh(refresh) => oauth::refresh(&asking, contents.client(), refresh.secret()).await,
            Renewal::Machine(asker) => asker.ask_again(&asking).await,
        };
        if let Err(error) = &renewed
            && let Some(end) = RenewalEnd::of(error)
        {
            entry.ended(&end);
            entry.save().await;
        }
        renewed
    }

    /// Writes a received pair and only then publishes it. If it cannot be written, the lane keeps it: asking
    /// again would spend a refresh token that is spent already.
    pub(super) async fn write(&self, lane: &mut Lane, unwritten: Unwritten) -> Result<Bearer, BearerError> {
        match self.write_renewal(&unwritten).await {
            Ok(Swap::Done) => {
                let server = unwritten.contents.server();
                tracing::debug!(%server, step = "kept", "new tokens are on disk");
                lane.pause.end();
                self.tell(server);
                Ok(unwritten.contents.into_bearer())
            }
            Ok(Swap::Changed) => {
                let account = unwritten.read.account;
                self.drop_orphan(account, unwritten.contents).await;
                self.overtaken(account).await
            }
            Err(error) => {
                lane.unwritten = Some(unwritten);
                Err(error)
            }
        }
    }

    async fn write_renewal(&self, unwritten: &Unwritten) -> Result<Swap, BearerError> {
        let Unwritten { read, contents } = unwritten;
        let renewal = table::Renewal {
            sealed: contents.seal(&self.inner.vault, read.account)?,
            expires_at: contents.expires_at(),
            renews: contents.renews(),
        };
        Ok(table::renew(&self.inner.store, *read, &renewal).await?)
    }

    /// Revokes a pair whose row went while it was fetched, unless a newer sign-in at the same issuer took its place:
    /// revoking could end that one as well.
    async fn drop_orphan(&self, account: AccountId, contents: Contents) {
        let Ok(row) = table::of_account(&self.inner.store, account).await else {
            return;
        };
        if row.is_none_or(|row| row.issuer != *contents.client().issuer()) {
            drop(tokio::spawn(self.clone().take_back(account, None, contents)));
        }
    }

    /// Marks the grant as over, unless it changed meanwhile (S29), and says so once.
    async fn bury(&self, grant: &Grant, dead: Dead) -> Result<Bearer, BearerError> {
        let server = grant.contents().server();
        if table::bury(&self.inner.store, grant.as_read(), dead).await? == Swap::Changed {
            return self.overtaken(grant.as_read().account).await;
        }
        tracing::warn!(%server, reason = dead.code(), "the grant is over: a new sign-in is needed");
        self.tell(server);
        Err(BearerError::Reauth(ReauthReason::Rejected))
    }

    /// Gives what somebody else made of the account while this refresh was under way.
    async fn overtaken(&self, account: AccountId) -> Result<Bearer, BearerError> {
        let row = table::of_account(&self.inner.store, account)
            .await?
            .ok_or(BearerError::None)?;
        match row.open(&self.inner.vault)?.standing(self.now()) {
            Standing::Live(bearer) => Ok(bearer.clone()),
            Standing::Stale { .. } => Err(BearerError::Unreachable { retry_after: None }),
            Standing::Spent(reason) => Err(BearerError::Reauth(reason)),
        }
    }

    /// Clears the mark after a refresh that changed nothing; the mark of an earlier, unanswered one stays.
    async fn unmark(&self, grant: &Grant) {
        if grant.is_unanswered() {
            return;
        }
        if let Err(error) = table::unmark(&self.inner.store, grant.as_read()).await {
            // A mark too many makes the next refresh come sooner, which is harmless.
            tracing::warn!(%error, "the mark of a refresh could not be cleared");
        }
    }
}

fn pause(lane: &mut Lane, now: Timestamp, retry_after: Option<Duration>) -> BearerError {
    lane.pause.begin(now, retry_after);
    BearerError::Unreachable {
        retry_after: Some(lane.pause.left(now)),
    }
}

/// Says why nobody is asked during a pause.
fn paused(lane: &Lane, grant: &Grant, now: Timestamp) -> BearerError {
    let left = lane.pause.left(now);
    if lane.pause.is_at_portal() {
        return BearerError::Portal {
            host: grant.contents().client().token_host(),
            retry_after: left,
        };
    }
    BearerError::Unreachable {
        retry_after: Some(left),
    }
}

fn check_may_ask(lane: &Lane, wanted: &Wanted, (grant, now): (&Grant, Timestamp)) -> Result<(), BearerError> {
    if lane
        .refused
        .as_ref()
        .is_some_and(|bearer| wanted.is_refused(bearer))
    {
        return Err(BearerError::Reauth(ReauthReason::Rejected));
    }
    if lane.pause.left(now).is_zero() {
        return Ok(());
    }
    Err(paused(lane, grant, now))
}
