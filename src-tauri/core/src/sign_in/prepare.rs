//! The way from the click to the open page: discover, register, write down, open the browser.

use reqwest::{Method, Request, StatusCode};

use super::{
    DEEP_LINK, LIFETIME, News, Outcome, Rung, SignIns, Stage, Wish,
    listener::{self, Bound},
    outcome, registrations,
    table::{self, Pending},
};
use crate::{
    base::{RedirectUri, ServerId, SignInId},
    oauth::{self, Ask, Awaiting, Discovered, Hints, RegisterError, Registration, Trace, TracedHttp},
    servers::Server,
    store::StoreError,
};

/// One run from the click to the open page.
struct Attempt {
    id: SignInId,
    server: Server,
    wish: Wish,
    hints: Hints,
    http: TracedHttp,
}

/// A way back that the provider has not refused.
struct Standing {
    registration: Registration,
    door: Option<Bound>,
}

/// Why a rung of the ladder does not carry.
enum Refusal {
    /// The provider does not take this way back; another may do.
    WayBack(Outcome),
    /// No way back would help.
    All(Outcome),
}

impl SignIns {
    /// Runs one sign-in up to the open page, then waits out its time. Ends early when its label goes.
    pub(super) async fn prepare(self, server: ServerId, id: SignInId, wish: Wish, hints: Hints) {
        let clock = &self.0.around.clock;
        let expires_at = clock.now().after(LIFETIME);
        match self.open_page(server, id, wish, hints).await {
            Ok(()) => {
                clock.sleep(clock.now().until(expires_at)).await;
                self.end(server, id, Outcome::TimedOut);
            }
            Err(outcome) => self.end(server, id, outcome),
        }
    }

    async fn open_page(
        &self,
        server: ServerId,
        id: SignInId,
        wish: Wish,
        hints: Hints,
    ) -> Result<(), Outcome> {
        let around = &self.0.around;
        let server = around.servers.get(server).await;
        let attempt = Attempt {
            id,
            server: server
                .map_err(|_| Outcome::NotStored)?
                .ok_or(Outcome::ServerGone)?,
            wish,
            hints,
            http: TracedHttp::new(around.http.clone(), Trace::begin(around.clock.clone())),
        };
        let Attempt { server, http, .. } = &attempt;
        let discovered = oauth::discover(http, &server.url, server.reach, &attempt.hints)
            .await
            .map_err(outcome::of_discovery)?;
        let Standing { registration, door } = self.climb(&attempt, &discovered).await?;
        let host = discovered.authorization_host();
        let awaiting = discovered
            .with(registration)
            .authorize(ask(attempt.wish))
            .map_err(|error| outcome::of_page(&error, &host))?;
        self.write_down(&attempt, awaiting, door).await
    }

    /// Makes the sign-in durable, opens the door for its answer, and only then the browser.
    async fn write_down(
        &self,
        attempt: &Attempt,
        awaiting: Awaiting,
        door: Option<Bound>,
    ) -> Result<(), Outcome> {
        let around = &self.0.around;
        let (id, server) = (attempt.id, attempt.server.id);
        let now = around.clock.now();
        let pending = Pending {
            id,
            server,
            expires_at: now.after(LIFETIME),
            awaiting,
        };
        table::put(&around.store, &around.vault, &pending, now)
            .await
            .map_err(|_| Outcome::NotStored)?;
        if let Some(door) = door {
            self.0.flows.attach(id, door.open(self.clone()));
        }
        let link = pending.awaiting.url().clone();
        let stage = |opened| waiting(&pending.awaiting, opened);
        self.0.flows.advance(id, stage(true), Some(link.clone()));
        self.tell(News::Progress(server));
        if around.browser.open(&link).await.is_err() && self.0.flows.advance(id, stage(false), None) {
            self.tell(News::Progress(server));
        }
        Ok(())
    }

    /// Goes up the ladder until a way back carries (R11), starting where it carried before.
    async fn climb(&self, attempt: &Attempt, at: &Discovered) -> Result<Standing, Outcome> {
        let around = &self.0.around;
        let remembered = registrations::remembered_rung(&around.store, at.issuer())
            .await
            .map_err(|_| Outcome::NotStored)?;
        let first = Rung::first(around.deep_link);
        let mut rung = remembered
            .filter(|rung| *rung != Rung::DeepLink || first == Rung::DeepLink)
            .unwrap_or(first);
        loop {
            match self.stand_on(rung, attempt, at, remembered.is_none()).await {
                Ok(standing) => return Ok(standing),
                Err(Refusal::All(outcome)) => return Err(outcome),
                Err(Refusal::WayBack(outcome)) => rung = rung.next().ok_or(outcome)?,
            }
        }
    }

    async fn stand_on(
        &self,
        rung: Rung,
        attempt: &Attempt,
        at: &Discovered,
        untried: bool,
    ) -> Result<Standing, Refusal> {
        let stored = self
            .known_client(rung, &attempt.server, at)
            .await
            .map_err(|_| Refusal::All(Outcome::NotStored))?;
        let door = listener::bind(rung, stored.as_ref().map(Registration::redirect_uri))
            .await
            .map_err(|_| Refusal::All(Outcome::NotStored))?;
        let redirect = door
            .as_ref()
            .map_or_else(|| RedirectUri::new(DEEP_LINK), |door| door.redirect().clone());
        let registration = self.registration(attempt, at, &redirect, stored).await?;
        if untried && rung == Rung::DeepLink && page_refuses(attempt, at, &registration).await {
            let outcome = Outcome::RegistrationRefused {
                host: at.authorization_host(),
                error: None,
            };
            return Err(Refusal::WayBack(outcome));
        }
        Ok(Standing { registration, door })
    }

    /// Finds what we are called at this issuer, unless it has said that it no longer knows that name (R9).
    async fn known_client(
        &self,
        rung: Rung,
        server: &Server,
        at: &Discovered,
    ) -> Result<Option<Registration>, StoreError> {
        let around = &self.0.around;
        let stored = registrations::find(&around.store, &around.vault, at.issuer(), rung).await?;
        let account = around.grants.account(server.id).await.unwrap_or_default();
        let refused = account.is_some_and(|account| account.client_refused && account.issuer == *at.issuer());
        Ok(stored.filter(|_| !refused))
    }

    /// Says who we are at this issuer: pre-registered, by metadata document, as registered before, or anew (R8).
    async fn registration(
        &self,
        attempt: &Attempt,
        at: &Discovered,
        redirect: &RedirectUri,
        stored: Option<Registration>,
    ) -> Result<Registration, Refusal> {
        let around = &self.0.around;
        let server = &attempt.server;
        if let Some(client_id) = &server.client_id {
            let secret = around.servers.client_secret(server.id).await;
            let secret = secret.map_err(|_| Refusal::All(Outcome::NotStored))?;
            return Ok(Registration::pre_registered(
                at,
                client_id.clone(),
                secret,
                redirect.clone(),
            ));
        }
        if let Some(document) = around.client_metadata.as_ref().filter(|_| at.offers_cimd()) {
            return Ok(Registration::cimd(at, document.clone(), redirect.clone()));
        }
        let now = around.clock.now();
        if let Some(stored) = stored.filter(|stored| stored.is_usable(redirect, now)) {
            return Ok(stored);
        }
        let registration = oauth::register(&attempt.http, at, redirect)
            .await
            .map_err(|error| refusal(error, at))?;
        registrations::keep(&around.store, &around.vault, &registration, now)
            .await
            .map_err(|_| Refusal::All(Outcome::NotStored))?;
        Ok(registration)
    }
}

/// Asks the page itself, as a browser would, with a throw-away state: some providers accept our scheme at
/// registration and refuse it here, where a person could only despair of it. A 400 is such a refusal
/// (RFC 6749 §4.1.2.1 forbids redirecting then); anything else is for the person's eyes.
async fn page_refuses(attempt: &Attempt, at: &Discovered, registration: &Registration) -> bool {
    let Ok(trial) = at.clone().with(registration.clone()).authorize(Ask::default()) else {
        return false;
    };
    let request = Request::new(Method::GET, trial.url().clone());
    let answer = attempt.http.send(request, at.reach()).await;
    answer.is_ok_and(|answer| answer.status == StatusCode::BAD_REQUEST)
}

const fn ask(wish: Wish) -> Ask {
    Ask {
        scopes: None,
        login_hint: None,
        force_page: matches!(wish, Wish::ChooseAccount),
    }
}

pub(super) fn waiting(awaiting: &Awaiting, opened: bool) -> Stage {
    Stage::Browser {
        authorization_host: awaiting.authorization_host(),
        scopes: awaiting
            .scopes()
            .map(|scopes| scopes.iter().map(str::to_owned).collect())
            .unwrap_or_default(),
        opened,
    }
}

fn refusal(error: RegisterError, at: &Discovered) -> Refusal {
    let way_back = matches!(error, RegisterError::RedirectRefused);
    let outcome = outcome::of_registration(error, at.authorization_host());
    if way_back {
        Refusal::WayBack(outcome)
    } else {
        Refusal::All(outcome)
    }
}
