//! The way from the browser's answer to a stored grant. The deep link, the loopback listener and a pasted
//! address all end here.

use url::Url;

use super::{
    Again, News, Outcome, Rung, SignIns, Stage, outcome, registrations, table,
    table::{Pending, TableError},
};
use crate::{
    base::{ServerId, Timestamp},
    grants::Kept,
    oauth::{Arrival, Asking, Callback, Decision, Granted, Returned, TracedHttp},
    record::Entry,
    servers::{Agreed, Server},
};

/// An answer's sign-in, with where what happens is written down.
struct Answered {
    pending: Pending,
    entry: Entry,
}

impl SignIns {
    /// Takes an answer. One that belongs to no waiting sign-in, or that another issuer sent, ends nothing (S12, S17).
    ///
    /// Runs in a task of its own: a browser that hangs up cannot leave a burnt state without its grant.
    pub async fn answer(&self, url: &Url, by: Arrival) -> Outcome {
        let (this, url) = (self.clone(), url.clone());
        let taking = async move { this.take(&url, by).await };
        let taken = self.0.tasks.spawn(taking).await;
        // The task is only ever lost with the whole app; nobody is left to be told more.
        taken.unwrap_or(Outcome::NotStored)
    }

    pub(super) async fn take(&self, url: &Url, by: Arrival) -> Outcome {
        let around = &self.0.around;
        let Ok(callback) = Callback::parse(url) else {
            return Outcome::MissingParameters;
        };
        let Some(state) = callback.state_hash() else {
            return Outcome::MissingParameters;
        };
        let pending = match table::find(&around.store, &around.vault, &state, around.clock.now()).await {
            Ok(Some(pending)) if came_back_as_agreed(&pending, url) => pending,
            Ok(_) => return Outcome::UnknownState,
            Err(TableError::Closed(_)) => {
                self.hold(url, by);
                return Outcome::NotStored;
            }
            Err(error) => {
                tracing::warn!(%error, "an answer could not be matched with its sign-in");
                return Outcome::NotStored;
            }
        };
        self.0.flows.answered(around.clock.now());
        let (id, server) = (pending.id, pending.server);
        let entry = around.record.resume(id.into(), server).await;
        let answered = Answered { pending, entry };
        let outcome = self.receive(&answered, callback, by).await;
        answered.entry.save().await;
        outcome
    }

    async fn receive(&self, answered: &Answered, callback: Callback, by: Arrival) -> Outcome {
        let Answered { pending, entry } = answered;
        entry.trace().decided(Decision::AnswerArrived { by });
        match pending.awaiting.receive(callback, entry.trace()) {
            Ok(returned) => self.finish(answered, returned).await,
            Err(error) => {
                let ends = error.ends_sign_in();
                let outcome = outcome::of_answer(error, pending.awaiting.authorization_host());
                if ends {
                    self.burn_and_end(answered, outcome).await
                } else {
                    outcome
                }
            }
        }
    }

    /// Burns the state, then exchanges the code: whatever happens on the way, neither can be used again (S12).
    async fn finish(&self, answered: &Answered, returned: Returned) -> Outcome {
        let around = &self.0.around;
        let Answered { pending, entry } = answered;
        let _in_hand = self.0.in_hand.share(pending.awaiting.issuer()).await;
        let times = || self.0.flows.times_taken_back(pending.server, pending.wish);
        let before = times();
        let taken_back = || times() != before;
        match table::burn(&around.store, &pending.awaiting.state_hash()).await {
            Ok(true) => {}
            Ok(false) => return Outcome::UnknownState,
            Err(_) => return Outcome::NotStored,
        }
        entry.trace().decided(Decision::StateBurnt {});
        entry.save().await;
        if self.0.flows.advance(pending.id, Stage::Finishing, None) {
            self.tell(News::Progress(pending.server));
        }
        let outcome = match around.servers.get(pending.server).await {
            Ok(Some(server)) => self.exchange(answered, (&server, returned), &taken_back).await,
            Ok(None) => Outcome::ServerGone,
            Err(_) => Outcome::NotStored,
        };
        let refused = matches!(outcome, Outcome::ClientRefused { .. });
        let forgotten = refused && self.forget_client(answered).await;
        let is_settled = taken_back() || forgotten && self.register_anew(pending);
        if !is_settled {
            self.end(pending.id, entry, outcome.clone());
        }
        outcome
    }

    /// Exchanges the code and keeps what it brings, unless the person took the sign-in back meanwhile.
    async fn exchange(
        &self,
        answered: &Answered,
        (server, returned): (&Server, Returned),
        taken_back: &(dyn Fn() -> bool + Sync),
    ) -> Outcome {
        let around = &self.0.around;
        let Answered { pending, entry } = answered;
        let trace = entry.trace();
        let host = pending.awaiting.authorization_host();
        let asking = Asking {
            http: &TracedHttp::new(around.http.clone(), trace.clone()),
            nonces: around.grants.nonces(),
            now: around.clock.now(),
        };
        let granted = match returned.exchange(&asking).await {
            Ok(granted) => granted,
            Err(error) => return outcome::of_exchange(error, host),
        };
        if taken_back() {
            trace.decided(Decision::TokensTurnedAway {});
            around.grants.turn_away(pending.server, granted).await;
            return Outcome::Cancelled;
        }
        let kept = kept(&granted, around.clock.now());
        let Kept { account, left } = match around.grants.keep(pending.server, granted, pending.wish).await {
            Ok(kept) => kept,
            Err(error) => {
                tracing::warn!(%error, "a grant could not be stored");
                return outcome::of_keeping(&error);
            }
        };
        self.let_go(pending.server, left.into_iter().collect());
        entry.about(account);
        trace.decided(kept);
        if taken_back() {
            trace.decided(Decision::TokensTurnedAway {});
            // Where the whole server is left, all its grants are wiped already, or are about to be.
            let _ = around.grants.end_account(pending.server, account).await;
            return Outcome::Cancelled;
        }
        self.agree(pending).await;
        self.tell(News::SignedIn(pending.server, account));
        if let Some(rung) = Rung::of(pending.awaiting.redirect_uri()) {
            // Forgetting it costs one more look at the next sign-in, nothing else.
            let own =
                Some(pending.awaiting.client_id()).filter(|own| server.client_id.as_ref() == Some(*own));
            let asker = (pending.awaiting.issuer(), own);
            let _ = registrations::remember_rung(&around.store, asker, rung).await;
        }
        Outcome::Authorized
    }

    /// Forgets a client of ours that its issuer no longer knows, so that it is never shown there again (R9). Tells whether
    /// it was ours; one that the person typed in is the person's to change.
    async fn forget_client(&self, answered: &Answered) -> bool {
        let awaiting = &answered.pending.awaiting;
        let (issuer, client) = (awaiting.issuer(), awaiting.client_id());
        let discarded = registrations::discard(&self.0.around.store, issuer, client).await;
        let discarded = discarded.unwrap_or_else(|error| {
            tracing::warn!(%error, "a stale registration could not be discarded");
            false
        });
        if discarded {
            let client_id = client.as_str().to_owned();
            answered
                .entry
                .trace()
                .decided(Decision::ClientForgotten { client_id });
        }
        discarded
    }

    /// Asks the page again as a new client, because the code went with the old one; once in a sign-in, and not if nobody
    /// sees it any more. Tells whether it does.
    fn register_anew(&self, pending: &Pending) -> bool {
        let rung = Rung::of(pending.awaiting.redirect_uri()).filter(|_| !pending.registered_anew);
        rung.is_some_and(|rung| self.ask_again(pending.server, pending.id, (rung, Again::ClientForgotten)))
    }

    /// Pins the issuer, and where its tokens are had: the person has just consented to it (S4).
    async fn agree(&self, pending: &Pending) {
        if let Some(issuer) = pending.issuer.clone() {
            let token_host = Some(pending.awaiting.token_host());
            self.pin(pending.server, Agreed { issuer, token_host }).await;
        }
    }

    pub(super) async fn pin(&self, server: ServerId, agreed: Agreed) {
        if let Err(error) = self.0.around.servers.agree(server, &agreed).await {
            tracing::warn!(%error, "where the person agreed to sign in could not be kept");
        }
    }

    async fn burn_and_end(&self, answered: &Answered, outcome: Outcome) -> Outcome {
        let Answered { pending, entry } = answered;
        match table::burn(&self.0.around.store, &pending.awaiting.state_hash()).await {
            Ok(true) => {
                entry.trace().decided(Decision::StateBurnt {});
                self.end(pending.id, entry, outcome.clone());
                outcome
            }
            Ok(false) => Outcome::UnknownState,
            Err(_) => Outcome::NotStored,
        }
    }
}

pub(super) fn kept(granted: &Granted, now: Timestamp) -> Decision {
    let tokens = &granted.tokens;
    Decision::TokensKept {
        expires_in: tokens.expires_at.map(|at| now.until(at).as_secs()),
        renews: tokens.refresh.is_some(),
        scopes: granted.scopes.to_string(),
    }
}

/// Tells whether an answer came by the way its sign-in named: the exact redirect URI, before the query.
fn came_back_as_agreed(pending: &Pending, url: &Url) -> bool {
    let text = url.as_str();
    text.split_once('?').map_or(text, |(way, _)| way) == pending.awaiting.redirect_uri().as_str()
}
