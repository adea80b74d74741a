//! The two ladders: which way the browser comes back (R11), and who we are at the issuer (R8).

use super::{
    DEEP_LINK, Ladder, Outcome, Rung, SignIns,
    ladder::{own_path, redirect_to_register},
    listener::{self, Bound, NoPort},
    outcome,
    prepare::Attempt,
    registrations,
};
use crate::{
    base::{ClientId, Issuer, RedirectUri},
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
    /// Gives the ways back that a sign-in to a server may take at an issuer.
    pub(super) async fn ladder(
        &self,
        server: &Server,
        (named, at): (&Issuer, &Discovered),
    ) -> Result<Ladder, Outcome> {
        let around = &self.0.around;
        let who = (at.issuer(), own_client(server, named));
        let remembered = registrations::remembered_rung(&around.store, who).await;
        Ok(Ladder::of(
            Rung::chosen(server.way_back),
            remembered.map_err(|_| Outcome::NotStored)?,
            around.deep_link,
        ))
    }

    /// Goes up the ladder from `rung` until a way back carries.
    pub(super) async fn climb(
        &self,
        attempt: &Attempt,
        provider: (&Issuer, &Discovered),
        (ladder, mut rung): (Ladder, Rung),
    ) -> Result<Standing, Outcome> {
        loop {
            let way = rung.word().to_owned();
            match self.stand_on(rung, attempt, provider).await {
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
        attempt: &Attempt,
        (named, at): (&Issuer, &Discovered),
    ) -> Result<Standing, Refusal> {
        let server = &attempt.server;
        let stored = self.known_client(rung, server, at).await;
        let stored = stored.map_err(|_| Refusal::All(Outcome::NotStored))?;
        let own = own_client(server, named).is_some();
        let door = door(rung, (server, own), stored.as_ref()).await;
        let door = door.map_err(|NoPort { port }| Refusal::All(Outcome::NoPort { port }))?;
        let redirect = door
            .as_ref()
            .map_or_else(|| RedirectUri::new(DEEP_LINK), |door| door.redirect().clone());
        let registration = match self.own_client(attempt, (named, at), &redirect).await? {
            Some(own) => own,
            None => self.registration(attempt, at, &redirect, stored).await?,
        };
        Ok(Standing {
            rung,
            registration,
            door,
        })
    }

    /// Finds what we are called at this issuer. A name of which it has said that it no longer knows it is forgotten (R9).
    async fn known_client(
        &self,
        rung: Rung,
        server: &Server,
        at: &Discovered,
    ) -> Result<Option<Registration>, StoreError> {
        let around = &self.0.around;
        let fixed = server.way_back.port();
        let fixed = fixed.map(|_| redirect_to_register(server, around.deep_link));
        let fits = |redirect: &RedirectUri| {
            Rung::of(redirect) == Some(rung) && fixed.as_ref().is_none_or(|fixed| fixed == redirect)
        };
        let stored = registrations::find(&around.store, &around.vault, at.issuer(), fits).await?;
        let Some(stored) = stored else {
            return Ok(None);
        };
        if self.is_refused(server, &stored).await {
            registrations::discard(&around.store, at.issuer(), stored.client_id()).await?;
            return Ok(None);
        }
        Ok(Some(stored))
    }

    /// Tells whether the issuer has ended one of the server's grants because it no longer knows this client.
    async fn is_refused(&self, server: &Server, stored: &Registration) -> bool {
        let accounts = self.0.around.grants.accounts(server.id).await;
        accounts.unwrap_or_default().iter().any(|account| {
            let same = account
                .client_id
                .as_ref()
                .is_none_or(|own| own == stored.client_id());
            account.client_refused && account.issuer == *stored.issuer() && same
        })
    }

    /// Gives the client that the person typed in, if it may be shown to this issuer (R8, S4). From its first use on it is
    /// this issuer's.
    async fn own_client(
        &self,
        attempt: &Attempt,
        (named, at): (&Issuer, &Discovered),
        redirect: &RedirectUri,
    ) -> Result<Option<Registration>, Refusal> {
        let (servers, server) = (&self.0.around.servers, &attempt.server);
        let Some(client_id) = own_client(server, named) else {
            return Ok(None);
        };
        let refusal = |error| Refusal::All(outcome::of_credentials(&error));
        servers.tie_client(server.id, named).await.map_err(refusal)?;
        let secret = servers.client_secret(server.id).await.map_err(refusal)?;
        Ok(Some(Registration::pre_registered(
            at,
            client_id.clone(),
            secret,
            redirect.clone(),
        )))
    }

    /// Says who we are at this issuer: by metadata document, as registered before, or anew (R8).
    async fn registration(
        &self,
        attempt: &Attempt,
        at: &Discovered,
        redirect: &RedirectUri,
        stored: Option<Registration>,
    ) -> Result<Registration, Refusal> {
        let around = &self.0.around;
        if let Some(document) = around.client_metadata.as_ref().filter(|_| at.offers_cimd()) {
            return Ok(Registration::cimd(at, document.clone(), redirect.clone()));
        }
        let now = around.clock.now();
        let good = |stored: &Registration| stored.is_usable(redirect, now) && stored.can_prove(at);
        if let Some(stored) = stored.filter(good) {
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

/// Gives the client that the person typed in, if it may be shown to this issuer.
pub(super) fn own_client<'a>(server: &'a Server, named: &Issuer) -> Option<&'a ClientId> {
    server
        .client_id
        .as_ref()
        .filter(|_| server.provider.client_fits(named))
}

/// Binds the door a rung needs. A port the person fixed and a client registered by hand want the server's own door;
/// otherwise it is the one that was registered before, or any (S22).
async fn door(
    rung: Rung,
    (server, own_client): (&Server, bool),
    stored: Option<&Registration>,
) -> Result<Option<Bound>, NoPort> {
    let port = server.way_back.port();
    match rung.loopback_host() {
        Some(host) if port.is_some() || own_client => {
            Bound::at(host, port, &own_path(server)).await.map(Some)
        }
        _ => listener::bind(rung, stored.map(Registration::redirect_uri)).await,
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
