//! The two ladders: which way the browser comes back (R11), and who we are at the issuer (R8).

use super::{
    DEEP_LINK, Ladder, Outcome, Rung, SignIns,
    listener::{self, Bound},
    outcome,
    prepare::Attempt,
    registrations,
};
use crate::{
    base::{ClientId, RedirectUri},
    oauth::{self, Decision, Discovered, RegisterError, Registration},
    servers::Server,
    store::StoreError,
};

/// A way back that the provider has not refused.
pub(super) struct Standing {
    pub(super) rung: Rung,
    pub(super) registration: Registration,
    pub(super) door: Option<Bound>,
}

/// Why a rung of the ladder does not carry.
enum Refusal {
    /// The provider does not take this way back; another may do.
    WayBack(Outcome),
    /// No way back would help.
    All(Outcome),
}

impl SignIns {
    /// Gives the ways back that a sign-in at an issuer may take.
    pub(super) async fn ladder(&self, at: &Discovered) -> Result<Ladder, Outcome> {
        let around = &self.0.around;
        let remembered = registrations::remembered_rung(&around.store, at.issuer()).await;
        Ok(Ladder::of(
            remembered.map_err(|_| Outcome::NotStored)?,
            around.deep_link,
        ))
    }

    /// Goes up the ladder from `rung` until a way back carries.
    pub(super) async fn climb(
        &self,
        attempt: &Attempt<'_>,
        at: &Discovered,
        (ladder, mut rung): (Ladder, Rung),
    ) -> Result<Standing, Outcome> {
        loop {
            let way = rung.word().to_owned();
            match self.stand_on(rung, attempt, at).await {
                Ok(standing) => {
                    let remembered = ladder.remembers(rung);
                    attempt.http.decided(Decision::WayBackChosen { way, remembered });
                    return Ok(standing);
                }
                Err(Refusal::All(outcome)) => return Err(outcome),
                Err(Refusal::WayBack(outcome)) => {
                    attempt.http.decided(Decision::WayBackRefused { way });
                    rung = ladder.after(rung).ok_or(outcome)?;
                }
            }
        }
    }

    async fn stand_on(
        &self,
        rung: Rung,
        attempt: &Attempt<'_>,
        at: &Discovered,
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
        Ok(Standing {
            rung,
            registration,
            door,
        })
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
        let accounts = around.grants.accounts(server.id).await.unwrap_or_default();
        let refuses = |client_id: &ClientId| {
            accounts.iter().any(|account| {
                let same = account.client_id.as_ref().is_none_or(|own| own == client_id);
                account.client_refused && account.issuer == *at.issuer() && same
            })
        };
        Ok(stored.filter(|stored| !refuses(stored.client_id())))
    }

    /// Says who we are at this issuer: pre-registered, by metadata document, as registered before, or anew (R8).
    async fn registration(
        &self,
        attempt: &Attempt<'_>,
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

fn refusal(error: RegisterError, at: &Discovered) -> Refusal {
    let way_back = matches!(error, RegisterError::RedirectRefused);
    let outcome = outcome::of_registration(error, at.authorization_host());
    if way_back {
        Refusal::WayBack(outcome)
    } else {
        Refusal::All(outcome)
    }
}
