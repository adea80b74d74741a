//! The way from the click to the open page: discover, register, write down, open the browser, and wait.

use std::time::Duration;

use reqwest::{Method, Request, StatusCode};

use super::{
    Again, News, Outcome, Rung, SignIns, Stage, Terms, Way,
    climb::Standing,
    flows::Begun,
    listener::Bound,
    outcome,
    provider::Found,
    table::{self, Pending},
};
use crate::{
    base::{Issuer, Scopes, ServerId, SignInId, Timestamp},
    oauth::{Ask, Awaiting, Decision, Discovered, Registration, TracedHttp},
    servers::Server,
};

/// How long the person is left alone with a page of which nobody knows whether it takes our link.
const PATIENCE: Duration = Duration::from_secs(4);

/// One way to the page and back, within one sign-in.
pub(super) struct Run {
    pub(super) server: ServerId,
    pub(super) id: SignInId,
    pub(super) expires_at: Timestamp,
    pub(super) begun: Begun,
    /// Where on the ladder it begins and why, if it is not the first run of its sign-in.
    pub(super) again: Option<(Rung, Again)>,
}

/// What a run works with.
pub(super) struct Attempt {
    pub(super) server: Server,
    pub(super) http: TracedHttp,
}

/// What it takes to ask a page whether it takes our link, and where to go on if it does not.
struct Trial {
    at: Discovered,
    registration: Registration,
    http: TracedHttp,
    due: Timestamp,
    next: Rung,
}

impl SignIns {
    /// Runs a sign-in to its end where no person is needed for it, else up to the open page.
    pub(super) async fn prepare(self, run: Run) {
        match self.0.around.servers.credentials(run.server).await {
            Ok(Some(credentials)) => self.ask_without_person(run, credentials).await,
            Ok(None) => self.ask_person(run).await,
            Err(error) => {
                tracing::warn!(%error, "how one signs in to a server could not be read");
                self.end(run.id, &run.begun.entry, outcome::of_credentials(&error));
            }
        }
    }

    /// Sends the person to the page, then waits out their time. Ends early when the sign-in's label goes.
    async fn ask_person(self, run: Run) {
        let outcome = match self.open_page(&run).await {
            Ok(trial) => match self.wait(&run, trial).await {
                Some(next) => {
                    self.ask_again(run.server, run.id, (next, Again::LinkRefused));
                    return;
                }
                None => Outcome::TimedOut,
            },
            Err(outcome) => outcome,
        };
        self.end(run.id, &run.begun.entry, outcome);
    }

    /// Sends the browser to the page; gives what it takes to ask the page itself, where that may be needed.
    async fn open_page(&self, run: &Run) -> Result<Option<Trial>, Outcome> {
        let around = &self.0.around;
        let attempt = self.attempt(run).await?;
        let Attempt { server, http, .. } = &attempt;
        let terms = &run.begun.terms;
        let Found { named, at } = self.find_provider(&attempt, &terms.hints).await?;
        let at = self.choose_scopes(&attempt, at, terms).await;
        // Until the sign-in is written down, nothing else says that the client is in use.
        let _in_hand = self.0.in_hand.share(at.issuer()).await;
        let ladder = self.ladder(server, (&named, &at)).await?;
        let rung = run.again.map_or(ladder.first(), |(rung, _)| rung);
        let Standing {
            rung,
            registration,
            door,
        } = self.climb(&attempt, (&named, &at), (ladder, rung)).await?;
        let another = ladder.after(rung);
        let trial = another.filter(|_| ladder.doubts(rung)).map(|next| Trial {
            at: at.clone(),
            registration: registration.clone(),
            http: http.clone(),
            due: around.clock.now().after(PATIENCE),
            next,
        });
        let host = at.authorization_host();
        let ask = self.ask(run, at.issuer()).await;
        let registered = at.with(registration);
        registered.note_exceptions(http);
        let awaiting = registered
            .authorize(ask)
            .map_err(|error| outcome::of_page(&error, &host))
            .inspect_err(|_| http.decided(Decision::AddressRefused { url: host.clone() }))?;
        let again = run.again.map(|(_, why)| why);
        let way = Way { rung, another, again };
        self.write_down(run, (named, awaiting), (way, door)).await?;
        Ok(trial)
    }

    /// Gives what a run works with.
    pub(super) async fn attempt(&self, run: &Run) -> Result<Attempt, Outcome> {
        let around = &self.0.around;
        let server = around.servers.get(run.server).await;
        Ok(Attempt {
            server: server
                .map_err(|_| Outcome::NotStored)?
                .ok_or(Outcome::ServerGone)?,
            http: TracedHttp::new(around.http.clone(), run.begun.entry.trace().clone()),
        })
    }

    /// Says what to ask for beyond what discovery found. Only a sign-in that is for a certain account says whose, in the
    /// words of the issuer that is asked (R6); one that is a choice forces the page instead.
    async fn ask(&self, run: &Run, issuer: &Issuer) -> Ask {
        let wish = run.begun.wish;
        let accounts = self.0.around.grants.accounts(run.server).await;
        let known = accounts.unwrap_or_default().into_iter();
        let mut wanted = known.filter(|own| Some(own.id) == wish.account() && own.issuer == *issuer);
        Ask {
            scopes: None,
            login_hint: wanted.next().and_then(|own| own.login),
            force_page: wish.is_choice(),
        }
    }

    /// Remembers which scopes one can choose there, and asks for those that are chosen.
    async fn choose_scopes(&self, attempt: &Attempt, at: Discovered, terms: &Terms) -> Discovered {
        let Attempt { server, http } = attempt;
        if let Some(scopes) = at.choosable() {
            self.note_choosable(server.id, &scopes).await;
        }
        match &terms.scopes {
            Some(scopes) => at.asking_for(http, scopes.clone()),
            None => at,
        }
    }

    pub(super) async fn note_choosable(&self, server: ServerId, scopes: &Scopes) {
        if let Err(error) = self.0.around.servers.set_offered_scopes(server, scopes).await {
            tracing::warn!(%server, %error, "what one can choose could not be remembered");
        }
    }

    /// Makes the sign-in durable, opens the door for its answer, and only then the browser.
    async fn write_down(
        &self,
        run: &Run,
        (issuer, awaiting): (Issuer, Awaiting),
        (way, door): (Way, Option<Bound>),
    ) -> Result<(), Outcome> {
        let around = &self.0.around;
        let (id, server) = (run.id, run.server);
        let pending = Pending {
            id,
            server,
            wish: run.begun.wish,
            expires_at: run.expires_at,
            registered_anew: run.begun.registered_anew,
            issuer: Some(issuer),
            awaiting,
        };
        table::put(&around.store, &around.vault, &pending, around.clock.now())
            .await
            .map_err(|_| Outcome::NotStored)?;
        if let Some(door) = door {
            self.0.flows.attach(id, door.open(self.clone()));
        }
        let link = pending.awaiting.url().clone();
        let stage = |opened| waiting(&pending.awaiting, way, opened);
        self.0.flows.advance(id, stage(true), Some(link.clone()));
        self.tell(News::Progress(server));
        let opened = around.browser.open(&link).await.is_ok();
        let entry = &run.begun.entry;
        entry.trace().decided(page(&pending.awaiting, opened));
        entry.save().await;
        if !opened && self.0.flows.advance(id, stage(false), None) {
            self.tell(News::Progress(server));
        }
        Ok(())
    }

    /// Waits out the time of a sign-in at its page. Returns early, and with the next way back, if the page turns out not
    /// to take this one; an answer to it is a stranger's from then on.
    async fn wait(&self, run: &Run, trial: Option<Trial>) -> Option<Rung> {
        let clock = &self.0.around.clock;
        if let Some(trial) = trial {
            clock.sleep(clock.now().until(trial.due)).await;
            // A page whose answer is being taken has taken the link.
            let at_the_page = self.0.flows.way(run.id).is_some();
            if at_the_page && trial.is_refused().await && self.withdraw(run.id).await {
                trial.http.decided(Decision::WayBackRefusedByPage {});
                return Some(trial.next);
            }
        }
        clock.sleep(clock.now().until(run.expires_at)).await;
        None
    }
}

impl Trial {
    /// Asks the page itself, as a browser would, with a throw-away state: some providers accept our scheme at
    /// registration and refuse it here, where a person could only despair of it. A 400 is such a refusal
    /// (RFC 6749 §4.1.2.1 forbids redirecting then); anything else is for the person's eyes.
    async fn is_refused(&self) -> bool {
        let registered = self.at.clone().with(self.registration.clone());
        let Ok(asked) = registered.authorize(Ask::default()) else {
            return false;
        };
        let request = Request::new(Method::GET, asked.url().clone());
        let answer = self.http.send(request, self.at.reach()).await;
        answer.is_ok_and(|answer| answer.status == StatusCode::BAD_REQUEST)
    }
}

fn page(awaiting: &Awaiting, opened: bool) -> Decision {
    let host = awaiting.authorization_host();
    if opened {
        let scopes = awaiting.scopes().map(Scopes::to_string);
        Decision::PageOpened { host, scopes }
    } else {
        Decision::PageUnopened { host }
    }
}

pub(super) fn waiting(awaiting: &Awaiting, way: Way, opened: bool) -> Stage {
    Stage::Browser {
        authorization_host: awaiting.authorization_host(),
        scopes: awaiting
            .scopes()
            .map(|scopes| scopes.iter().map(str::to_owned).collect())
            .unwrap_or_default(),
        opened,
        way,
    }
}
