//! What the stories need: a hand clock, a keychain in memory, a small authorization server, a real store.

mod clock;
mod disk;
mod granted;
mod keychain;
mod network;
mod provider;

use std::{sync::Arc, time::Duration};

use tempfile::TempDir;

use self::network::Looking;
pub use self::{
    clock::HandClock,
    granted::{client, granted, granted_to, without_refresh},
    keychain::MemoryKeychain,
    network::Net,
    provider::{Answers, Provider},
};
use crate::{
    base::{AccountId, ServerId, Timestamp},
    grants::{BearerError, Grants, Surroundings, Wish},
    oauth::Granted,
    ports::{Clock, Keychain, network::hand::HandNetwork},
    record::Record,
    store::{Store, Vault},
};

/// When every story begins.
pub const START: Timestamp = Timestamp::from_seconds(1_800_000_000);
/// How long the authorization server's access tokens last.
pub const LIFE: Duration = Duration::from_secs(3600);

/// How long a test waits for what must happen: far longer than the slowest machine takes.
const GUARD: Duration = Duration::from_secs(120);

/// Waits for what must happen; a test whose wait never ends fails instead.
pub async fn guarded<T>(waiting: impl Future<Output = T>) -> T {
    let waited = tokio::time::timeout(GUARD, waiting).await;
    waited.expect("it never came to that")
}

/// One life of the app on one data directory.
pub struct World {
    pub clock: Arc<HandClock>,
    pub keychain: Arc<MemoryKeychain>,
    pub store: Store,
    pub vault: Vault,
    pub grants: Grants,
    pub directory: Arc<TempDir>,
    pub network: Arc<HandNetwork>,
    _looking: Looking,
}

impl World {
    pub async fn new() -> Self {
        let directory = tempfile::tempdir().expect("the system has room for temporary files");
        let clock = HandClock::new();
        Self::open(Arc::new(directory), Arc::new(clock), Arc::default()).await
    }

    /// Begins another life on what is on disk.
    pub async fn open(directory: Arc<TempDir>, clock: Arc<HandClock>, keychain: Arc<MemoryKeychain>) -> Self {
        Self::open_with(Net::named("usher-test"), directory, clock, keychain).await
    }

    /// The same with the network that is given.
    pub async fn open_with(
        net: Net,
        directory: Arc<TempDir>,
        clock: Arc<HandClock>,
        keychain: Arc<MemoryKeychain>,
    ) -> Self {
        let store = Store::open(directory.path())
            .await
            .expect("the directory is ours");
        let vault = Vault::open(
            store.clone(),
            Arc::clone(&keychain) as Arc<dyn Keychain>,
            Vec::new(),
        )
        .await
        .expect("the store works");
        let looking = Looking::begin(net.way_out.clone());
        let time = Arc::clone(&clock) as Arc<dyn Clock>;
        let grants = Grants::new(Surroundings {
            store: store.clone(),
            vault: vault.clone(),
            http: net.http,
            clock: Arc::clone(&time),
            record: Record::new(store.clone(), time),
        });
        Self {
            clock,
            keychain,
            store,
            vault,
            grants,
            directory,
            network: net.network,
            _looking: looking,
        }
    }

    /// Adds a server's row.
    pub async fn server(&self) -> ServerId {
        let id = ServerId::random();
        self.sql(&format!(
            "INSERT INTO servers (id, name, url, reach, overridden, wanted, created_at) \
             VALUES ('{id}', 'a server', 'http://127.0.0.1:1/mcp', 'loopback', 0, 1, 0)"
        ))
        .await;
        id
    }

    /// Adds a server with a grant that lasts [`LIFE`] and renews at `provider`.
    pub async fn granted(&self, provider: &Provider) -> ServerId {
        let server = self.server().await;
        self.keep(server, granted(provider)).await;
        server
    }

    pub async fn keep(&self, server: ServerId, granted: Granted) -> AccountId {
        self.keep_as(server, granted, Wish::Connect).await
    }

    pub async fn keep_as(&self, server: ServerId, granted: Granted, wish: Wish) -> AccountId {
        self.grants
            .keep(server, granted, wish)
            .await
            .expect("it can be kept")
            .account
    }

    /// Ends this life and begins the next with a locked keychain.
    pub async fn restart_with_locked_keychain(self) -> Self {
        self.store.close().await;
        self.keychain.lock(true);
        let Self {
            directory,
            clock,
            keychain,
            ..
        } = self;
        Self::open(directory, clock, keychain).await
    }

    /// Gives the token that would be sent, or why there is none.
    pub async fn token(&self, server: ServerId) -> Result<String, BearerError> {
        // EXPOSE: the test compares it.
        self.grants
            .bearer(server)
            .await
            .map(|bearer| bearer.token().expose().clone())
    }
}
