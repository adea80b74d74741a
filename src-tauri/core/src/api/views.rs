//! From the rooms' types to the contract's.

mod question;
pub(super) mod sign_in;
mod sign_in_method;

use futures::{StreamExt, stream};
use serde_json::Value;

use super::{
    App,
    contract::{
        AccountView, AppError, ConsentView, ErrorCode, HeaderView, KeyLoss, LabelSource, NetworkView,
        PermissionsView, ProbeEvidence, ProbeView, RestorationView, RevocationView, ServerState, ServerView,
        SignInReason, ToolView, VaultKind, VaultView,
    },
    errors, exceptions,
};
use crate::{
    base::{AuthKind, Scopes, ServerId, ServerUrl},
    connect::{Connection, Consent, SignInNeed},
    detect::{Evidence, Verdict},
    grants::{Account, ReauthReason, Standing},
    oauth::Revocation,
    servers::Server,
    store::{Keeper, Loss, Restoration, VaultState},
};

/// How many servers are looked at side by side, for there are several connections that read.
const VIEWED_AT_A_TIME: usize = 8;

impl App {
    /// Gives all servers by name. One that cannot be read never blanks the list.
    pub(super) async fn server_views(&self) -> Result<Vec<ServerView>, AppError> {
        let mut servers = self.0.servers.list().await.map_err(errors::of_servers)?;
        servers.sort_by_key(|server| (server.name.to_lowercase(), server.id));
        let views = stream::iter(servers).map(|server| self.view(server));
        Ok(views.buffered(VIEWED_AT_A_TIME).collect().await)
    }

    /// Gives one server as the window shows it.
    pub(super) async fn server_view(&self, id: ServerId) -> Result<ServerView, AppError> {
        let server = self.0.servers.get(id).await.map_err(errors::of_servers)?;
        Ok(self
            .view(server.ok_or_else(|| AppError::new(ErrorCode::ServerGone))?)
            .await)
    }

    async fn view(&self, server: Server) -> ServerView {
        let accounts = self.0.grants.accounts(server.id).await.unwrap_or_default();
        let used = accounts.iter().find(|account| account.is_default).cloned();
        let method = self.0.servers.sign_in_method(server.id).await.unwrap_or_default();
        let tools = self.0.servers.tools(server.id).await.unwrap_or_default();
        ServerView {
            id: server.id.to_string(),
            provider: sign_in::provider(&server.provider),
            sign_in_method: sign_in_method::view(method),
            way_back: sign_in::way_back(&server, self.0.settings.deep_link),
            exceptions: exceptions::view(&server.exceptions),
            host: server.url.host(),
            url: server.url.to_string(),
            state: state(self.0.connections.state(server.id), &server, used.as_ref()),
            account: used.map(account_view),
            accounts: accounts.into_iter().map(account_view).collect(),
            consent: self.0.connections.consent(server.id).map(consent),
            question: self.0.connections.question(server.id).map(question::question),
            sign_in: self.0.sign_ins.progress(server.id).map(sign_in::progress),
            last_outcome: self.0.sign_ins.last_outcome(server.id).map(sign_in::outcome),
            last_revocation: self.0.memory.revocation(server.id),
            tool_count: tools.map(|(json, _)| u32::try_from(self::tools(&json).len()).unwrap_or(u32::MAX)),
            name: server.name,
            auth_kind: server.auth_kind,
            auth_kind_overridden: server.overridden,
            headers: server
                .header_names
                .into_iter()
                .map(|name| HeaderView { name })
                .collect(),
            client_id: server.client_id.map(|id| id.as_str().to_owned()),
            has_client_secret: server.has_client_secret,
            permissions: PermissionsView {
                offered: server.offered_scopes.as_ref().map(names).unwrap_or_default(),
                chosen: server.chosen_scopes.as_ref().map(names),
            },
        }
    }
}

/// Gives the state in words' reach. A server that is off although its grant is dead says what it needs.
fn state(connection: Connection, server: &Server, account: Option<&Account>) -> ServerState {
    match connection {
        Connection::Off => match account.map(|account| account.standing) {
            Some(Standing::Spent(reason)) => ServerState::SignInNeeded {
                reason: reauth(reason),
            },
            Some(Standing::Live | Standing::Stale) | None => ServerState::Off,
        },
        Connection::Opening => ServerState::Opening,
        Connection::SignIn(need) => ServerState::SignInNeeded {
            reason: sign_in_reason(need),
        },
        Connection::Consent { .. } => ServerState::SignInNeeded {
            reason: SignInReason::Scope,
        },
        Connection::Ready => ServerState::Ready,
        Connection::Offline => ServerState::Offline,
        Connection::Waiting { error, retry_at } => ServerState::Waiting {
            error: errors::of_connect(error, server, account),
            retry_at: retry_at.seconds(),
        },
        Connection::Stopped(error) => ServerState::Stopped {
            error: errors::of_connect(error, server, account),
        },
    }
}

const fn reauth(reason: ReauthReason) -> SignInReason {
    match reason {
        ReauthReason::Rejected => SignInReason::Rejected,
        ReauthReason::Expired => SignInReason::Expired,
        ReauthReason::Undecryptable => SignInReason::Undecryptable,
        ReauthReason::HandedOver => SignInReason::HandedOver,
    }
}

const fn sign_in_reason(need: SignInNeed) -> SignInReason {
    match need {
        SignInNeed::Never => SignInReason::Never,
        SignInNeed::Rejected => SignInReason::Rejected,
        SignInNeed::Expired => SignInReason::Expired,
        SignInNeed::Undecryptable => SignInReason::Undecryptable,
        SignInNeed::HandedOver => SignInReason::HandedOver,
        SignInNeed::HeaderRefused => SignInReason::HeaderRefused,
    }
}

fn account_view(account: Account) -> AccountView {
    let issuer = account.issuer.as_str();
    let label_source = match (&account.own_label, &account.label) {
        (Some(_), _) => Some(LabelSource::Person),
        (None, Some(_)) => Some(LabelSource::Provider),
        (None, None) => None,
    };
    AccountView {
        id: account.id.to_string(),
        is_default: account.is_default,
        label: account.own_label.or_else(|| account.label.clone()),
        label_source,
        provider_label: account.label,
        needs: match account.standing {
            Standing::Spent(reason) => Some(reauth(reason)),
            Standing::Live | Standing::Stale => None,
        },
        issuer_host: issuer
            .parse::<ServerUrl>()
            .map_or_else(|_| issuer.to_owned(), |url| url.host()),
        scopes: names(&account.scopes),
        signed_in_at: account.signed_in_at.seconds(),
        expires_at: account.expires_at.map(|at| at.seconds()),
        renews: account.renews,
    }
}

/// Gives scopes by their names, in order.
fn names(scopes: &Scopes) -> Vec<String> {
    scopes.iter().map(str::to_owned).collect()
}

fn consent(consent: Consent) -> ConsentView {
    ConsentView {
        scopes: names(&consent.scopes),
        tool: consent.tool,
        attempt: consent.attempt,
    }
}

/// Gives what detection found.
pub(super) fn probe(verdict: Verdict) -> ProbeView {
    match verdict {
        Verdict::Known {
            kind: AuthKind::Open, ..
        } => ProbeView::Open,
        Verdict::Known {
            kind: AuthKind::Header,
            ..
        } => ProbeView::Header,
        Verdict::Known {
            kind: AuthKind::Oauth,
            authorization_host,
            scopes,
            ..
        } => ProbeView::Oauth {
            authorization_host,
            scopes: scopes.as_ref().map(names).unwrap_or_default(),
        },
        Verdict::Unsure(evidence) => ProbeView::Unsure {
            evidence: seen(evidence),
        },
    }
}

fn seen(evidence: Evidence) -> ProbeEvidence {
    match evidence {
        Evidence::Insecure => ProbeEvidence::Insecure,
        Evidence::Offline => ProbeEvidence::Offline,
        Evidence::UnknownHost => ProbeEvidence::UnknownHost,
        Evidence::Unreachable => ProbeEvidence::Unreachable,
        Evidence::Certificate => ProbeEvidence::Certificate,
        Evidence::TimedOut => ProbeEvidence::TimedOut,
        Evidence::Redirected { host } => ProbeEvidence::Redirected { host },
        Evidence::HtmlPage => ProbeEvidence::HtmlPage,
        Evidence::Status { status } => ProbeEvidence::Status { status },
        Evidence::NotMcp => ProbeEvidence::NotMcp,
    }
}

/// Gives what became of tokens.
pub(super) const fn revocation(revocation: Revocation) -> RevocationView {
    match revocation {
        Revocation::Revoked => RevocationView::Revoked,
        Revocation::NotOffered => RevocationView::NotOffered,
        Revocation::Unreachable | Revocation::Offline => RevocationView::Unreachable,
        Revocation::Failed => RevocationView::Failed,
    }
}

/// Gives what is told about a backup that was put back.
pub(super) fn restoration(restoration: Restoration) -> RestorationView {
    RestorationView {
        made_at: restoration.made_at.seconds(),
        kept: restoration.kept.map(|path| path.display().to_string()),
    }
}

/// Gives whether there is a network.
pub(super) const fn network(is_there: bool) -> NetworkView {
    if is_there {
        NetworkView::Online
    } else {
        NetworkView::Offline
    }
}

/// Gives the vault's state; `lock_after` are the minutes without the person after which a passphrase is asked for again.
pub(super) const fn vault(state: VaultState, lock_after: Option<u32>) -> VaultView {
    match state {
        VaultState::Open(Keeper::Keychain) => VaultView::Open {
            keeper: VaultKind::Keychain,
            lock_after: None,
        },
        VaultState::Open(Keeper::Passphrase) => VaultView::Open {
            keeper: VaultKind::Passphrase,
            lock_after,
        },
        VaultState::Open(Keeper::Nobody) => VaultView::Open {
            keeper: VaultKind::Nobody,
            lock_after: None,
        },
        VaultState::KeychainLocked => VaultView::KeychainLocked,
        VaultState::KeychainAbsent { awaited } => VaultView::KeychainAbsent { awaited },
        VaultState::KeychainForgets { awaited } => VaultView::KeychainForgets { awaited },
        VaultState::KeychainNoAnswer => VaultView::KeychainNoAnswer,
        VaultState::PassphraseNeeded { wrong } => VaultView::PassphraseNeeded { wrong },
        VaultState::KeyLost(loss) => VaultView::KeyLost { loss: key_loss(loss) },
    }
}

const fn key_loss(loss: Loss) -> KeyLoss {
    match loss {
        Loss::Missing => KeyLoss::Missing,
        Loss::OtherKey => KeyLoss::OtherKey,
        Loss::NotAKey => KeyLoss::NotAKey,
        Loss::Damaged => KeyLoss::Damaged,
    }
}

/// Gives the tools of a stored list; one odd tool never blanks it.
pub(super) fn tools(json: &Value) -> Vec<ToolView> {
    json.as_array()
        .map(|tools| tools.iter().filter_map(tool).collect())
        .unwrap_or_default()
}

fn tool(json: &Value) -> Option<ToolView> {
    let text = |name: &str| json.get(name).and_then(Value::as_str).map(str::to_owned);
    let hint = |name: &str| {
        json.pointer(&format!("/annotations/{name}"))
            .and_then(Value::as_bool)
    };
    Some(ToolView {
        name: text("name")?,
        title: text("title").or_else(|| json.pointer("/annotations/title")?.as_str().map(str::to_owned)),
        description: text("description"),
        input_schema: json
            .get("inputSchema")
            .filter(|schema| schema.is_object())
            .cloned()
            .unwrap_or_else(empty_schema),
        read_only: hint("readOnlyHint").unwrap_or(false),
        destructive: hint("destructiveHint").unwrap_or(false),
    })
}

fn empty_schema() -> Value {
    serde_json::json!({ "type": "object" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_odd_tool_never_blanks_the_list() {
        let listed = serde_json::json!([{ "name": "good", "inputSchema": { "type": "object" } }, { "title": "nameless" }, 7]);
        let names: Vec<_> = tools(&listed).into_iter().map(|tool| tool.name).collect();
        assert_eq!(names, ["good"]);
    }

    #[test]
    fn a_tool_without_a_schema_takes_an_object() {
        let listed = serde_json::json!([{ "name": "odd", "inputSchema": "none" }]);
        assert_eq!(tools(&listed)[0].input_schema, empty_schema());
    }
}
