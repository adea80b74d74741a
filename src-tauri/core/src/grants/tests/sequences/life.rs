//! One life of the app: its room of grants on a file, with the background loop, until it ends or is gone.

use std::sync::{Arc, Mutex};

use tempfile::TempDir;
use tokio::{
    runtime::{Builder, Runtime},
    task::{JoinHandle, yield_now},
};

use super::families::{Families, Place};
use crate::{
    base::{ServerId, Timestamp},
    grants::{
        Bearer, BearerError, table,
        tests::world::{HandClock, MemoryKeychain, Net, World},
    },
    ports::Clock,
    store::{Store, Vault},
};

/// How often others get their turn before what they have begun is waited for.
const TURNS: usize = 20;

/// What a caller was given, and whether it was on disk at that moment.
pub struct Heard {
    pub outcome: Result<Bearer, BearerError>,
    pub on_disk: Option<Place>,
}

/// Looks at what is on disk.
#[derive(Clone)]
pub struct Eyes {
    store: Store,
    vault: Vault,
}

impl Eyes {
    /// Gives the place of the access token of the server's account.
    pub async fn on_disk(&self, server: ServerId) -> Option<Place> {
        let row = table::default_of(&self.store, server).await;
        let grant = row.expect("the store works")?.open(&self.vault);
        let tokens = grant.expect("its bytes are whole").contents().tokens();
        // EXPOSE: the test's own token.
        Some(Place::read(tokens.access.expose()))
    }
}

/// What outlives the app.
pub struct Machine {
    directory: Arc<TempDir>,
    clock: Arc<HandClock>,
    keychain: Arc<MemoryKeychain>,
}

impl Machine {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("the system has room for temporary files");
        Self {
            directory: Arc::new(directory),
            clock: Arc::new(HandClock::new()),
            keychain: Arc::default(),
        }
    }
}

/// A running app.
pub struct Life {
    runtime: Runtime,
    pub world: World,
}

impl Life {
    /// Starts the app; the loop begins with [`Life::keep_alive`].
    pub fn begin(machine: Machine, families: &Families) -> Self {
        let net = network(families.next_life());
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("the system has timers and sockets");
        let opened = World::open_with(net, machine.directory, machine.clock, machine.keychain);
        let world = runtime.block_on(opened);
        Self { runtime, world }
    }

    pub fn keep_alive(&self) {
        let grants = self.world.grants.clone();
        self.runtime.spawn(async move { grants.keep_alive().await });
    }

    pub fn eyes(&self) -> Eyes {
        Eyes {
            store: self.world.store.clone(),
            vault: self.world.vault.clone(),
        }
    }

    /// Does something in the app's own time.
    pub fn run<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(what)
    }

    /// Lets time go by, or sets the clock back.
    pub fn pass(&self, seconds: i64) {
        let now = self.world.clock.now().seconds();
        self.world.clock.set(Timestamp::from_seconds(now + seconds));
    }

    /// Lets callers ask for a bearer, or for another than one that was refused, each by itself.
    pub fn ask(&self, server: ServerId, callers: usize, refused: Option<&Bearer>) -> Vec<JoinHandle<Heard>> {
        let caller = |_| {
            let (grants, eyes, refused) = (self.world.grants.clone(), self.eyes(), refused.cloned());
            self.runtime.spawn(async move {
                let outcome = match refused {
                    Some(refused) => grants.renew(server, &refused).await,
                    None => grants.bearer(server).await,
                };
                let on_disk = eyes.on_disk(server).await;
                Heard { outcome, on_disk }
            })
        };
        (0..callers).map(caller).collect()
    }

    /// Waits until no refresh is under way that has been begun.
    pub fn settle(&self) {
        self.run(async {
            for _ in 0..TURNS {
                yield_now().await;
            }
            self.world.grants.settle().await;
        });
    }

    /// Ends in order.
    pub fn quit(self) -> Machine {
        self.settle();
        self.run(self.world.store.close());
        self.vanish()
    }

    /// Is gone, whatever it was doing.
    pub fn vanish(self) -> Machine {
        let Self { runtime, world } = self;
        let machine = Machine {
            directory: Arc::clone(&world.directory),
            clock: Arc::clone(&world.clock),
            keychain: Arc::clone(&world.keychain),
        };
        drop(world);
        drop(runtime);
        machine
    }
}

/// Gives the network under the name of a life. It is the same for each story: to build it takes longer than most of them.
pub fn network(life: u32) -> Net {
    static NETWORKS: Mutex<Vec<Net>> = Mutex::new(Vec::new());
    let mut networks = NETWORKS.lock().expect("no test panics while holding it");
    let life = usize::try_from(life).expect("a few lives");
    while networks.len() <= life {
        let name = format!("usher-test/{}", networks.len());
        networks.push(Net::named(&name));
    }
    networks[life].clone()
}
