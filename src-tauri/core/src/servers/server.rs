//! A server, a new one, and what can be changed about one.

use http::HeaderName;

use super::{Provider, WayBack};
use crate::base::{
    AuthKind, ClientId, Exceptions, Issuer, Reach, Scopes, Secret, ServerId, ServerUrl, Timestamp,
};

/// A server as it is kept, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Identifier.
    pub id: ServerId,
    /// The person's name for it.
    pub name: String,
    /// Its MCP endpoint.
    pub url: ServerUrl,
    /// What the address belonged to when it was given.
    pub reach: Reach,
    /// How it is asked; `None` while that is not known.
    pub auth_kind: Option<AuthKind>,
    /// Whether the person chose the kind by hand.
    pub overridden: bool,
    /// Whether the person wants it connected.
    pub wanted: bool,
    /// Names of the configured headers, in their order.
    pub header_names: Vec<String>,
    /// The pre-registered client ID, if the person gave one.
    pub client_id: Option<ClientId>,
    /// Whether a secret of that client is stored.
    pub has_client_secret: bool,
    /// Where one signs in to it.
    pub provider: Provider,
    /// How the browser comes back from its sign-ins.
    pub way_back: WayBack,
    /// What the person lets pass there, or adds to its sign-ins. It goes with the address and the issuer it was made for.
    pub exceptions: Exceptions,
    /// The scopes that it named last, without `offline_access`; `None` if it named none.
    pub offered_scopes: Option<Scopes>,
    /// The scopes that the person wants to be asked for; `None` for whatever the server names.
    pub chosen_scopes: Option<Scopes>,
    /// The handshake it answered last; `None` if it never did.
    pub era: Option<Era>,
    /// When it was added.
    pub created_at: Timestamp,
}

impl Server {
    /// Gives the exceptions that count at an issuer: the person made them for the one that sign-ins led to so far, and for
    /// any there is before the server has named one. Another has none (S4).
    pub fn exceptions_at(&self, issuer: &Issuer) -> Exceptions {
        match self.provider.leads_to() {
            Some(made_for) if made_for != issuer => Exceptions::default(),
            Some(_) | None => self.exceptions.clone(),
        }
    }
}

/// Which handshake of MCP a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Era {
    /// The one without `initialize`.
    Modern,
    /// The one that begins with `initialize`.
    Initialize,
}

/// A server to add.
#[derive(Debug, Clone)]
pub struct NewServer {
    /// The person's name for it.
    pub name: String,
    /// Its MCP endpoint.
    pub url: ServerUrl,
    /// What the address belongs to.
    pub reach: Reach,
    /// How it is asked, if that is known.
    pub auth_kind: Option<AuthKind>,
    /// Whether the person chose the kind by hand.
    pub overridden: bool,
    /// The scopes that it named, if it did.
    pub offered_scopes: Option<Scopes>,
    /// Headers for every request to it; of two with one name the last counts.
    pub headers: Vec<(HeaderName, Secret<String>)>,
}

/// Changes to a server; what is `None` or [`SecretChange::Keep`] stays as it is.
#[derive(Debug, Clone, Default)]
pub struct EditServer {
    /// A new name.
    pub name: Option<String>,
    /// A new address and what it belongs to.
    pub url: Option<(ServerUrl, Reach)>,
    /// A kind chosen by hand.
    pub auth_kind: Option<AuthKind>,
    /// The whole new list of headers; what is not on it is removed.
    pub headers: Option<Vec<(HeaderName, SecretChange)>>,
    /// A new client ID, or none from now on.
    pub client_id: Option<Option<ClientId>>,
    /// What happens to the client secret.
    pub client_secret: SecretChange,
}

/// What happens to a stored secret.
#[derive(Debug, Clone, Default)]
pub enum SecretChange {
    /// It stays.
    #[default]
    Keep,
    /// It is replaced.
    Set(Secret<String>),
    /// It is removed.
    Clear,
}

impl SecretChange {
    /// Gives what happens to a stored secret whose client becomes another issuer's: it is never shown there (S4).
    pub(super) fn of_another_issuer(self) -> Self {
        match self {
            Self::Keep => Self::Clear,
            Self::Set(_) | Self::Clear => self,
        }
    }
}

/// What an edit came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// The server as it is now.
    pub server: Server,
    /// Whether its grants no longer belong to it: the address, the client ID or the client secret changed, or it
    /// is no longer asked with OAuth.
    pub ends_grants: bool,
    /// Whether an open connection no longer is what it should be.
    pub reconnect: bool,
}
