//! Calls about connecting, signing in and disconnecting.

use url::Url;

use super::{
    App,
    contract::{AppError, ErrorCode, PastedAddress, ServerRef, ServerView, SignInLink, SignInRef},
    errors, views,
};
use crate::{
    base::{AuthKind, Scopes, ServerId, SignInId},
    connect::{Connection, SignInNeed},
    detect::{Detection, Verdict},
    grants::{Account, Ended},
    oauth::{Arrival, Revocation},
    servers::Server,
    sign_in::{DEEP_LINK, Outcome, ReopenError, Terms, Wish},
    store::VaultState,
};

/// The longest link that is looked at (S18).
const LINK_LIMIT: usize = 8 * 1024;

impl App {
    /// Takes a link of our scheme. Anything but the answer to a waiting sign-in is dropped (S18), and does not count as the
    /// person's being here: any page can open such a link.
    pub async fn deep_link(&self, link: &str) {
        let Some(url) = our_link(link) else {
            tracing::warn!("a link that is not an answer to a sign-in was dropped");
            return;
        };
        self.lock_if_left().await;
        if self.0.sign_ins.answer(&url, Arrival::DeepLink).await == Outcome::UnknownState {
            tracing::warn!("a link that belongs to no waiting sign-in was dropped");
        }
    }

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

    pub(super) async fn reopen_browser(&self, sign_in: SignInRef) -> Result<(), AppError> {
        self.0
            .sign_ins
            .reopen(id(&sign_in)?)
            .await
            .map_err(|error| match error {
                ReopenError::NotWaiting(_) => AppError::new(ErrorCode::NoSignIn),
                ReopenError::Browser(_) => AppError::new(ErrorCode::BrowserClosed),
            })
    }

    pub(super) fn sign_in_link(&self, sign_in: &SignInRef) -> Result<SignInLink, AppError> {
        let link = self
            .0
            .sign_ins
            .link(id(sign_in)?)
            .map_err(|_| AppError::new(ErrorCode::NoSignIn))?;
        Ok(SignInLink { url: link.into() })
    }

    pub(super) async fn try_another_way(&self, sign_in: SignInRef) -> Result<(), AppError> {
        self.0
            .sign_ins
            .try_another_way(id(&sign_in)?)
            .await
            .map_err(|_| AppError::new(ErrorCode::NoSignIn))
    }

    /// Takes a pasted address; it must answer a sign-in of this machine (S23).
    pub(super) async fn paste_answer(&self, pasted: PastedAddress) -> Result<(), AppError> {
        // EXPOSE: the address is parsed here; it goes to the sign-in it belongs to and nowhere else.
        let text = pasted.address.expose().trim();
        let unknown = || AppError::new(ErrorCode::PastedAddressUnknown);
        let url = Url::parse(text)
            .ok()
            .filter(|_| text.len() <= LINK_LIMIT)
            .ok_or_else(unknown)?;
        match self.0.sign_ins.answer(&url, Arrival::Paste).await {
            Outcome::UnknownState | Outcome::MissingParameters | Outcome::IssuerMismatch { .. } => {
                Err(unknown())
            }
            _ => Ok(()),
        }
    }

    pub(super) async fn cancel_sign_in(&self, sign_in: SignInRef) -> Result<(), AppError> {
        self.0
            .sign_ins
            .cancel(id(&sign_in)?)
            .await
            .map_err(|_| AppError::new(ErrorCode::NoSignIn))
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

    /// Gives what a sign-in to a server goes by. By default it is for the account that the server is used as.
    async fn terms(&self, server: &Server, wish: Wish) -> Terms {
        let last = self.0.connections.hints(server.id);
        let hints = last.or_else(|| self.0.memory.hints(&server.url));
        let hints = hints.unwrap_or_default();
        // Grants that cannot be read add nothing.
        let mut accounts = self.0.grants.accounts(server.id).await.unwrap_or_default();
        accounts.retain(|account| match wish {
            Wish::Again(wanted) => account.id == wanted,
            Wish::Connect | Wish::Switch => account.is_default,
            Wish::Add => false,
        });
        let asking = Asking {
            named: hints.scope.as_ref().or(server.offered_scopes.as_ref()),
            challenged: hints.scope.is_some(),
            chosen: server.chosen_scopes.as_ref(),
            granted: accounts.pop().map(|account| account.scopes).unwrap_or_default(),
            missing: self
                .0
                .connections
                .consent(server.id)
                .map(|consent| consent.scopes),
        };
        Terms {
            scopes: asking.scopes(),
            hints,
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

/// What is known about the scopes of a sign-in.
struct Asking<'a> {
    /// Those that the server's last challenge named, or else those that it named before.
    named: Option<&'a Scopes>,
    /// Whether it was the challenge.
    challenged: bool,
    /// Those that the person wants to be asked for.
    chosen: Option<&'a Scopes>,
    /// Those that were granted before.
    granted: Scopes,
    /// Those that a refusal says are missing, as far as it named them.
    missing: Option<Scopes>,
}

impl Asking<'_> {
    /// Gives the scopes to ask for (R14, R20); `None` for those that the server's documents name.
    ///
    /// The person's choice counts, until a refusal says that it is too little: then the choice and what was granted are
    /// asked for again together with what is missing, and with all that the server ever named where it does not say.
    fn scopes(self) -> Option<Scopes> {
        match (self.missing, self.chosen, self.named) {
            (None, Some(chosen), _) => Some(chosen.clone()),
            (None, None, named) => {
                let named = named.filter(|_| self.challenged)?;
                let more = self.granted.iter().any(|scope| !named.contains(scope));
                more.then(|| self.granted.union(named))
            }
            (Some(missing), chosen, named) if missing.is_empty() => {
                let named = named?;
                let before = self.granted.union(chosen.unwrap_or(named));
                Some(before.union(named))
            }
            (Some(missing), chosen, named) => {
                let before = chosen.or(named).map(|before| self.granted.clone().union(before));
                Some(before.unwrap_or(self.granted).union(&missing))
            }
        }
    }
}

fn id(sign_in: &SignInRef) -> Result<SignInId, AppError> {
    sign_in.id.parse().map_err(|_| AppError::new(ErrorCode::NoSignIn))
}

/// Reads a link if it is exactly ours: scheme, host and path, no credentials, no fragment, at most 8 KiB.
fn our_link(link: &str) -> Option<Url> {
    let url = Url::parse(link).ok().filter(|_| link.len() <= LINK_LIMIT)?;
    let way = link.split_once('?').map_or(link, |(way, _)| way);
    (way == DEEP_LINK && url.fragment().is_none()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(text: &str) -> Scopes {
        text.parse().expect("the test's scopes are well-formed")
    }

    /// Tells what is asked for: what the challenge names, what is chosen, granted and missing.
    fn asked(
        named: Option<&str>,
        chosen: Option<&str>,
        granted: &str,
        missing: Option<&str>,
    ) -> Option<String> {
        let (named, chosen) = (named.map(scopes), chosen.map(scopes));
        let asking = Asking {
            named: named.as_ref(),
            challenged: true,
            chosen: chosen.as_ref(),
            granted: scopes(granted),
            missing: missing.map(scopes),
        };
        asking.scopes().map(|scopes| scopes.to_string())
    }

    #[test]
    fn r20_what_is_asked_for_now_adds_to_what_was_granted_before() {
        let all = asked(Some("write read"), None, "read list", None);
        assert_eq!(all.as_deref(), Some("read list write"));
        assert_eq!(asked(None, None, "read", None), None, "the documents say it");
        let same = asked(Some("read write"), None, "read", None);
        assert_eq!(same, None, "the challenge says it all");
    }

    #[test]
    fn r14_the_persons_choice_counts_whatever_else_is_known() {
        let chosen = asked(Some("read write admin"), Some("read"), "read write", None);
        assert_eq!(chosen.as_deref(), Some("read"), "trimmed is trimmed");
        assert_eq!(asked(None, Some(""), "", None).as_deref(), Some(""));
    }

    #[test]
    fn r20_a_step_up_asks_for_the_union_of_before_and_what_is_missing() {
        let trimmed = asked(Some("read write admin"), Some("read"), "read", Some("write"));
        assert_eq!(
            trimmed.as_deref(),
            Some("read write"),
            "and for nothing the person left out"
        );
        let untrimmed = asked(Some("read"), None, "", Some("write"));
        assert_eq!(untrimmed.as_deref(), Some("read write"));
        assert_eq!(asked(None, None, "", Some("write")).as_deref(), Some("write"));
    }

    #[test]
    fn r20_where_a_refusal_names_nothing_all_that_is_known_is_asked_for() {
        let all = asked(Some("read write"), Some("read"), "list", Some(""));
        assert_eq!(all.as_deref(), Some("list read write"));
        assert_eq!(asked(None, None, "read", Some("")), None, "the documents say it");
    }

    #[test]
    fn what_the_server_named_before_is_left_to_its_documents() {
        let named = scopes("read");
        let asking = Asking {
            named: Some(&named),
            challenged: false,
            chosen: None,
            granted: Scopes::default(),
            missing: None,
        };
        assert_eq!(asking.scopes(), None, "they may have changed since");
    }

    #[test]
    fn s18_only_our_own_route_is_a_link() {
        assert!(
            our_link("dev.usher.desktop://oauth/callback?code=a&state=b").is_some(),
            "the one route"
        );
        for link in [
            "dev.usher.desktop://oauth/callback/more?code=a&state=b",
            "dev.usher.desktop://oauth@evil/callback?code=a",
            "dev.usher.desktop://oauth:1/callback?code=a",
            "dev.usher.desktop://evil/callback?code=a",
            "dev.usher.desktop://oauth/callback?code=a#fragment",
            "https://oauth/callback?code=a",
            "",
        ] {
            assert!(our_link(link).is_none(), "{link} is not ours");
        }
        let long = format!("{DEEP_LINK}?code={}", "a".repeat(LINK_LIMIT));
        assert!(our_link(&long).is_none(), "over-long links are dropped");
    }
}
