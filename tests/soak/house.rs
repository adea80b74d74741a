//! The rooms that keep grants, on a data directory of their own: the app without its window and its connections.

use std::{path::Path, sync::Arc};

use serde_json::json;
use usher_core::{
    base::{Issuer, Reach, Resource, Secret, ServerId, Timestamp},
    grants::{Grants, SEALED, Surroundings, Wish},
    oauth::{GrantClient, Granted, TokenType, Tokens},
    ports::{Clock, Http, Keychain, WayOut},
    record::Record,
    servers::{NewServer, Servers},
    store::{OpenError, Store, Vault},
};
use usher_tests::{HandClock, HandNetwork, MemoryKeychain};

/// Our name at the authorization server.
pub const CLIENT: &str = "soak";
/// Where every server of a soak is. Nothing is asked there.
const PLACE: &str = "http://127.0.0.1:1/mcp";
/// How long an access token lives, in seconds.
pub const LIFE: u64 = 3600;

/// An open data directory.
pub struct House {
    pub store: Store,
    pub grants: Grants,
    pub servers: Servers,
    clock: HandClock,
}

/// What a house is opened with.
#[derive(Clone, Default)]
pub struct Means {
    pub keychain: MemoryKeychain,
    pub clock: HandClock,
    /// Which process this is; the authorization server tells by it who asks.
    pub life: usize,
}

/// What requests say about who sends them, before the number of the life.
pub const AGENT: &str = "Usher-soak/";

/// A pair of tokens as an authorization server gave it.
pub type Pair = (String, String);

impl House {
    /// Opens the directory; fails as the store does, such as where another process owns it.
    pub async fn open(at: &Path, means: &Means) -> Result<Self, OpenError> {
        let store = Store::open(at).await?;
        let keychain = Arc::new(means.keychain.clone()) as Arc<dyn Keychain>;
        let vault = Vault::open(store.clone(), keychain, SEALED.to_vec()).await;
        let vault = vault.expect("a store that opened can be read");
        let time = Arc::new(means.clock.clone()) as Arc<dyn Clock>;
        let grants = Grants::new(Surroundings {
            store: store.clone(),
            vault: vault.clone(),
            http: http(means.life),
            clock: Arc::clone(&time),
            record: Record::new(store.clone(), Arc::clone(&time)),
        });
        Ok(Self {
            servers: Servers::new(store.clone(), vault, time),
            store,
            grants,
            clock: means.clock.clone(),
        })
    }

    /// Adds a server without a grant.
    pub async fn add(&self, new: NewServer) -> ServerId {
        self.servers.add(new).await.expect("a server can be added").id
    }

    /// Adds a server that is signed in to, as the person would have done.
    pub async fn add_granted(&self, name: &str, issuer: &str, pair: Pair) -> ServerId {
        let server = self.add(new_server(name)).await;
        self.grant(server, issuer, pair).await;
        server
    }

    /// Keeps what a new sign-in brought: of the account that is there, if one is.
    pub async fn grant(&self, server: ServerId, issuer: &str, pair: Pair) {
        let account = self.grants.account(server).await.expect("accounts can be read");
        let wish = account.map_or(Wish::Connect, |account| Wish::Again(account.id));
        let granted = granted(issuer, pair, self.clock.now());
        let kept = self.grants.keep(server, granted, wish).await;
        kept.expect("a grant can be kept");
    }

    /// Waits for what is under way and gives up the directory.
    pub async fn close(&self) {
        self.grants.settle().await;
        self.store.close().await;
    }
}

fn http(life: usize) -> Http {
    let way_out = WayOut::new(Arc::new(HandNetwork::default()));
    Http::new(&format!("{AGENT}{life}"), way_out).expect("the system's roots can be read")
}

/// A server to add.
pub fn new_server(name: &str) -> NewServer {
    NewServer {
        name: name.to_owned(),
        url: PLACE.parse().expect("an address"),
        reach: Reach::Loopback,
        auth_kind: None,
        overridden: false,
        offered_scopes: None,
        headers: Vec::new(),
    }
}

fn granted(issuer: &str, (access, refresh): Pair, now: Timestamp) -> Granted {
    Granted {
        issuer: Issuer::new(issuer),
        resource: Resource::new(PLACE),
        scopes: "tools".parse().expect("a scope"),
        tokens: Tokens {
            token_type: TokenType::Bearer,
            access: Secret::new(access),
            refresh: Some(Secret::new(refresh)),
            expires_at: Some(now.after(std::time::Duration::from_secs(LIFE))),
        },
        client: client(issuer),
        identity: None,
    }
}

/// A public client, in the form in which it is sealed.
fn client(issuer: &str) -> GrantClient {
    let json = json!({
        "issuer": issuer,
        "resource": PLACE,
        "reach": "loopback",
        "token_endpoint": format!("{issuer}/token"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "client_id": CLIENT,
        "method": "none",
        "secret": null,
    });
    GrantClient::from_secret_json(&Secret::new(json.to_string().into_bytes())).expect("it is whole")
}
