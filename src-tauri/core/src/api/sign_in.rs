//! Calls about connecting, signing in and disconnecting.

mod terms;
mod under_way;

use super::{
    App,
    contract::{AppError, ErrorCode, ServerRef, ServerView},
    errors, views,
};
use crate::{
    base::{AuthKind, ServerId},
    connect::{Connection, SignInNeed},
    detect::{Detection, Verdict},
    grants::{Account, Ended},
    oauth::Revocation,
    servers::Server,
    sign_in::Wish,
    store::VaultState,
};

impl App {
    pub(super) async fn connect(&self, server: ServerRef) -> Result<(), AppError> {
        let server = self.server(&server.id).await?;
        self.want(server.id).await?;
        let server = self.with_known_kind(server).await?;
        let account = self.0.grants.account(server.id).await;
        let account = account.map_err(errors::of_grants)?;
        if self.needs_person(&server, account.as_ref()) {
            self.begin(&server, again(account.as_ref())).await?;
        } else {
            self.0.connections.open(server.id).await;
        }
        Ok(())
    }

    pub(super) async fn sign_in_anew(&self, server: ServerRef) -> Result<(), AppError> {
        let server = self.server(&server.id).await?;
        self.want(server.id).await?;
        self.begin(&server, Wish::Switch).await
    }

    /// Signs in once more, for what the server's consent names as well as for what was allowed before (R20).
    pub(super) async fn allow_consent(&self, server: ServerRef) -> Result<(), AppError> {
        let server = self.server(&server.id).await?;
        let consent = self.0.connections.consent(server.id);
        let consent = consent.ok_or_else(|| AppError::new(ErrorCode::NoSignIn).about(server.id))?;
        let account = self.0.grants.account(server.id).await;
        let account = account.map_err(errors::of_grants)?;
        self.begin(&server, again(account.as_ref())).await?;
        if let Some(chosen) = server.chosen_scopes {
            // What was allowed just now is part of the choice, or the next sign-in would lack it once more.
            let chosen = chosen.union(&consent.scopes);
            let kept = self.0.servers.choose_scopes(server.id, Some(&chosen)).await;
            kept.map_err(errors::of_servers)?;
        }
        Ok(())
    }

    pub(super) async fn decline_consent(&self, server: ServerRef) -> Result<(), AppError> {
        let server = self.server(&server.id).await?;
        self.0.connections.decline(server.id);
        // One tool that wants a sign-in does not close a server that wants none for the rest.
        if server.auth_kind == Some(AuthKind::Open) {
            self.open_if_wanted(&server).await;
        }
        Ok(())
    }

    pub(super) async fn disconnect(&self, server: ServerRef) -> Result<ServerView, AppError> {
        let server = self.server(&server.id).await?;
        self.unwant(server.id).await?;
        self.leave(server.id).await?;
        self.publish(server.id).await;
        self.server_view(server.id).await
    }

    /// Ends everything that is under way at a server, and all its accounts.
    pub(super) async fn leave(&self, server: ServerId) -> Result<Option<Revocation>, AppError> {
        self.0.sign_ins.drop_server(server).await;
        self.0.connections.close(server).await;
        let ended = self.0.grants.end(server).await.map_err(errors::of_grants)?;
        let revocation = self.let_go(server, ended);
        self.0.memory.revoked(server, revocation.map(views::revocation));
        Ok(revocation)
    }

    /// Lets the clients go that the ended accounts had; gives what became of the tokens.
    pub(super) fn let_go(&self, server: ServerId, ended: Option<Ended>) -> Option<Revocation> {
        let Ended { revocation, clients } = ended?;
        self.0.sign_ins.let_go(server, clients);
        Some(revocation)
    }

    /// Remembers that the person wants the server connected.
    pub(super) async fn want(&self, server: ServerId) -> Result<(), AppError> {
        let wanted = self.0.servers.set_wanted(server, true).await;
        wanted.map_err(errors::of_servers)
    }

    /// Remembers that the person does not.
    pub(super) async fn unwant(&self, server: ServerId) -> Result<(), AppError> {
        let wanted = self.0.servers.set_wanted(server, false).await;
        wanted.map_err(errors::of_servers)
    }

    /// Begins a sign-in, unless the vault is closed: what it brings could not be kept.
    pub(super) async fn begin(&self, server: &Server, wish: Wish) -> Result<(), AppError> {
        if !matches!(self.0.vault.state(), VaultState::Open(_)) {
            return Err(AppError::new(ErrorCode::VaultClosed).about(server.id));
        }
        let terms = self.terms(server, wish).await;
        self.0.memory.revoked(server.id, None);
        self.tell_what_waits(server.id, wish).await;
        self.0.sign_ins.begin(server.id, wish, terms);
        Ok(())
    }

    /// Tells the calls that wait at a server that a sign-in begins. It is for them if it is for the account that they were
    /// made as; one that may bring somebody else in that account's place ends them.
    async fn tell_what_waits(&self, server: ServerId, wish: Wish) {
        let used = self.0.grants.account(server).await.unwrap_or_default();
        match (wish, used) {
            (Wish::Switch, Some(_)) => self.0.connections.decline(server),
            (Wish::Again(wanted), Some(used)) if used.id != wanted => {}
            (Wish::Add, _) => {}
            (Wish::Connect | Wish::Switch | Wish::Again(_), _) => self.0.connections.sign_in_begins(server),
        }
    }

    /// Finds out how the server is asked, if that is not known yet, and keeps a definite answer. Where nobody answered
    /// before, perhaps because its network was not there, its reach was not known either.
    async fn with_known_kind(&self, mut server: Server) -> Result<Server, AppError> {
        if server.auth_kind.is_some() {
            return Ok(server);
        }
        let Detection { reach, verdict } = self.detect(&server.url).await;
        if let Verdict::Known { kind, scopes, .. } = verdict {
            let servers = &self.0.servers;
            if let Some(scopes) = &scopes {
                servers
                    .set_offered_scopes(server.id, scopes)
                    .await
                    .map_err(errors::of_servers)?;
            }
            servers
                .set_auth_kind(server.id, kind)
                .await
                .map_err(errors::of_servers)?;
            servers
                .set_reach(server.id, reach)
                .await
                .map_err(errors::of_servers)?;
            (server.auth_kind, server.reach, server.offered_scopes) = (Some(kind), reach, scopes);
        }
        Ok(server)
    }

    /// Tells whether only the person can connect the server: no grant that works, or a refusal just now.
    fn needs_person(&self, server: &Server, account: Option<&Account>) -> bool {
        let refused = match self.0.connections.state(server.id) {
            Connection::SignIn(SignInNeed::HeaderRefused) => false,
            Connection::SignIn(_) | Connection::Consent { .. } => true,
            Connection::Off
            | Connection::Opening
            | Connection::Ready
            | Connection::Offline
            | Connection::Waiting { .. }
            | Connection::Stopped(_) => false,
        };
        if refused || server.auth_kind != Some(AuthKind::Oauth) {
            return refused;
        }
        account.is_none_or(|account| !account.standing.is_usable())
    }
}

/// Wishes for the account that is used, or for any where nobody has signed in.
fn again(account: Option<&Account>) -> Wish {
    account.map_or(Wish::Connect, |account| Wish::Again(account.id))
}
