//! A sign-in without a person (R23): from what the person chose once to a stored grant. No page is opened and nothing is
//! waited for, so it lives in its label alone.

use super::{
    Begun, News, Outcome, SignIns, Wish,
    answer::kept,
    outcome::{self, host_of},
    prepare::{Attempt, Run},
    provider::FoundTokens,
};
use crate::{
    base::{Issuer, Secret},
    grants::Kept,
    oauth::{
        Asking, Client, ClientAuth, ClientKey, Decision, Granted, MachineGrant, TokenPlace, TokenSource,
    },
    servers::{self, Agreed, Credentials, IdentityProvider, SignInMethod},
};

type Method = SignInMethod<Secret<String>>;
type Token = servers::TokenPlace<Secret<String>>;

impl SignIns {
    /// Runs a sign-in to its end, in a task of its own: tokens that were asked for are kept or given up, whoever goes away.
    /// One that was left meanwhile ends nothing: another has taken its place, or the person has said how it ended.
    pub(super) async fn ask_without_person(self, run: Run, credentials: Credentials) {
        let this = self.clone();
        let asking = async move {
            let ended = this.obtain(&run, credentials).await;
            let Begun { entry, left, .. } = &run.begun;
            if left.is_cancelled() {
                entry.save().await;
            } else {
                this.end(run.id, entry, ended.err().unwrap_or(Outcome::Authorized));
            }
        };
        // The task is only ever lost with the whole app.
        let _ = self.0.tasks.spawn(asking).await;
    }

    /// Finds where tokens are had, asks for them, and keeps what comes.
    async fn obtain(&self, run: &Run, credentials: Credentials) -> Result<(), Outcome> {
        let attempt = self.attempt(run).await?;
        let terms = &run.begun.terms;
        let FoundTokens { named, at } = self.find_tokens(&attempt, &terms.hints).await?;
        if let Some(scopes) = at.scopes() {
            self.note_choosable(run.server, scopes).await;
        }
        let at = match &terms.scopes {
            Some(scopes) => at.asking_for(&attempt.http, scopes.clone()),
            None => at,
        };
        check_issuer(&attempt, &credentials, &named)?;
        let tied = self.0.around.servers.tie_method(run.server, &named).await;
        tied.map_err(|_| Outcome::NotStored)?;
        let token_host = Some(at.token_host());
        let agreed = Agreed {
            issuer: named,
            token_host,
        };
        let granted = self.ask_issuer(&attempt, at, credentials.method).await?;
        self.keep_unless_left(run, granted).await?;
        self.pin(run.server, agreed).await;
        Ok(())
    }

    async fn ask_issuer(
        &self,
        attempt: &Attempt,
        at: TokenPlace,
        method: Method,
    ) -> Result<Granted, Outcome> {
        let around = &self.0.around;
        let asking = Asking {
            http: &attempt.http,
            nonces: around.grants.nonces(),
            now: around.clock.now(),
        };
        let (client, grant) = applicant(attempt, &at, method).await?;
        at.obtain(&asking, client, grant)
            .await
            .map_err(outcome::of_machine)
    }

    /// Keeps what was granted, unless another sign-in has taken the place of this one, or the person took it back. What is
    /// kept already stays for the one that takes its place; only the person's word ends it.
    async fn keep_unless_left(&self, run: &Run, granted: Granted) -> Result<(), Outcome> {
        let (around, trace) = (&self.0.around, run.begun.entry.trace());
        let times = || self.0.flows.times_taken_back(run.server, run.begun.wish);
        let before = times();
        if run.begun.left.is_cancelled() {
            trace.decided(Decision::TokensTurnedAway {});
            around.grants.turn_away(run.server, granted).await;
            return Err(Outcome::Cancelled);
        }
        let kept = kept(&granted, around.clock.now());
        let Kept { account, left } = around
            .grants
            .keep(run.server, granted, wish(run.begun.wish))
            .await
            .inspect_err(|error| tracing::warn!(%error, "a grant could not be stored"))
            .map_err(|error| outcome::of_keeping(&error))?;
        self.let_go(run.server, left.into_iter().collect());
        run.begun.entry.about(account);
        trace.decided(kept);
        if times() != before {
            trace.decided(Decision::TokensTurnedAway {});
            // Where the whole server is left, all its grants are wiped already, or are about to be.
            let _ = around.grants.end_account(run.server, account).await;
            return Err(Outcome::Cancelled);
        }
        self.tell(News::SignedIn(run.server, account));
        Ok(())
    }
}

/// A client has one account of its own at a server; there is nobody to choose another.
const fn wish(wish: Wish) -> Wish {
    match wish {
        Wish::Again(account) => Wish::Again(account),
        Wish::Connect | Wish::Switch | Wish::Add => Wish::Connect,
    }
}

/// Shows nothing to another issuer than it was given for (S4).
fn check_issuer(attempt: &Attempt, credentials: &Credentials, named: &Issuer) -> Result<(), Outcome> {
    let Some(given_for) = credentials.issuer.as_ref().filter(|own| *own != named) else {
        return Ok(());
    };
    attempt.http.decided(Decision::CredentialsElsewhere {
        issuer: named.to_string(),
        given_for: given_for.to_string(),
    });
    Err(Outcome::CredentialsElsewhere {
        given_for: host_of(given_for.as_str()),
        host: host_of(named.as_str()),
    })
}

/// Says who asks and with what.
async fn applicant(
    attempt: &Attempt,
    at: &TokenPlace,
    method: Method,
) -> Result<(Client, MachineGrant), Outcome> {
    let id = method.client_id().clone();
    let by_secret = |secret: Option<Secret<String>>| secret.map_or(ClientAuth::Public, ClientAuth::Secret);
    let (auth, grant) = match method {
        SignInMethod::ClientSecret { secret, .. } => {
            (ClientAuth::Secret(secret), MachineGrant::client_credentials())
        }
        SignInMethod::PrivateKey { key_id, key, .. } => {
            // It was read before it was stored.
            let key = ClientKey::read(key, key_id).map_err(|_| Outcome::CredentialsUnreadable)?;
            (ClientAuth::Key(key), MachineGrant::client_credentials())
        }
        SignInMethod::PlatformToken { token, .. } => {
            (ClientAuth::Public, MachineGrant::platform_token(source(token)?))
        }
        SignInMethod::Company {
            secret, idp, token, ..
        } => {
            let IdentityProvider {
                issuer,
                client_id,
                secret: idp_secret,
            } = idp;
            let asker = Client {
                id: client_id,
                auth: by_secret(idp_secret),
            };
            let idp = at.identity_provider(&attempt.http, &issuer, asker).await;
            let idp = idp.map_err(outcome::of_discovery)?;
            (by_secret(secret), MachineGrant::company(idp, source(token)?))
        }
    };
    Ok((Client { id, auth }, grant))
}

fn source(token: Token) -> Result<TokenSource, Outcome> {
    match token {
        // It was read before it was stored.
        Token::Pasted(token) => TokenSource::pasted(token).ok_or(Outcome::CredentialsUnreadable),
        Token::File(path) => Ok(TokenSource::file(path)),
    }
}
