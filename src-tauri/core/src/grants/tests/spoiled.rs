//! Any bit of the data file flipped while the app does not run: nothing panics, and nobody is lent what is another's (S35, S40).

use std::{fs, sync::Arc};

use proptest::{
    prelude::*,
    sample::Index,
    test_runner::{Config, TestCaseError, TestRunner},
};
use tokio::runtime::Runtime;

use super::{
    sequences::{cases, network},
    world::{MemoryKeychain, Provider, World, granted_to},
};
use crate::{
    base::{AccountId, ServerId},
    grants::{Grants, Surroundings, Wish, table},
    ports::{Clock, Keychain},
    record::Record,
    store::{Store, Vault},
};

/// How many flips there are for each sequence of the other random tests: they take less time.
const FLIPS: u32 = 3;
/// How far around a sealed cell flips are drawn: its row, and what stands beside it on its page.
const AROUND: usize = 1500;

/// A data file with three accounts at two servers, and all that is needed to open it.
struct Prepared {
    file: Vec<u8>,
    /// Where in the file a sealed cell begins.
    sealed: Vec<usize>,
    keychain: Arc<MemoryKeychain>,
    clock: Arc<dyn Clock>,
    owners: Vec<(AccountId, ServerId, &'static str)>,
}

impl Prepared {
    async fn new() -> Self {
        let (provider, world) = (Provider::nowhere(), World::new().await);
        let servers = [world.server().await, world.server().await];
        let (mut owners, mut cells) = (Vec::new(), Vec::new());
        for (server, name) in [(servers[0], "ada"), (servers[0], "bea"), (servers[1], "cleo")] {
            let account = world
                .keep_as(server, granted_to(&provider, name), Wish::Add)
                .await;
            owners.push((account, server, name));
            let row = table::of_account(&world.store, account).await;
            cells.push(row.expect("the store works").expect("it was kept").sealed);
        }
        world.store.close().await;
        let file = fs::read(world.directory.path().join("usher.db")).expect("the file is there");
        // The beginning of a cell is its key's name, which is that of all; 64 bytes are its own.
        let place = |cell: &Vec<u8>| file.windows(64).position(|bytes| *bytes == cell[..64]);
        Self {
            sealed: cells
                .iter()
                .map(|cell| place(cell).expect("it is in the file"))
                .collect(),
            file,
            keychain: world.keychain,
            clock: world.clock,
            owners,
        }
    }

    /// Gives the file with one bit flipped: near a sealed cell, or anywhere.
    fn spoiled(&self, near: Option<Index>, at: Index, bit: u8) -> Vec<u8> {
        let at = match near {
            Some(cell) => cell.get(&self.sealed).saturating_sub(AROUND / 3) + at.index(AROUND),
            None => at.index(self.file.len()),
        };
        let mut file = self.file.clone();
        let at = at.min(file.len() - 1);
        file[at] ^= 1 << bit;
        file
    }

    /// Opens a file and asks for everybody's bearer; says who was lent what is not theirs.
    async fn asks(&self, file: &[u8]) -> Result<(), String> {
        let directory = tempfile::tempdir().expect("the system has room for temporary files");
        fs::write(directory.path().join("usher.db"), file).expect("the file can be written");
        let Ok(store) = Store::open(directory.path()).await else {
            return Ok(());
        };
        let keychain = Arc::clone(&self.keychain) as Arc<dyn Keychain>;
        let Ok(vault) = Vault::open(store.clone(), keychain, Vec::new()).await else {
            return Ok(());
        };
        let grants = Grants::new(Surroundings {
            record: Record::new(store.clone(), Arc::clone(&self.clock)),
            http: network(0).http,
            clock: Arc::clone(&self.clock),
            store: store.clone(),
            vault,
        });
        for (account, server, name) in &self.owners {
            let theirs = |token: &str| token == format!("access-{name}");
            let of_server = |token: &str| {
                let mut owners = self.owners.iter().filter(|(_, other, _)| other == server);
                owners.any(|(.., name)| token == format!("access-{name}"))
            };
            if let Ok(bearer) = grants.bearer_of(*account).await
                // EXPOSE: the test compares it.
                && !theirs(bearer.token().expose())
            {
                return Err(format!("{name} is lent {}", bearer.token().expose()));
            }
            if let Ok(bearer) = grants.bearer(*server).await
                // EXPOSE: as above.
                && !of_server(bearer.token().expose())
            {
                return Err(format!("{name}'s server is lent {}", bearer.token().expose()));
            }
            // What can be told of them is told, or is an error.
            drop(grants.accounts(*server).await);
        }
        store.close().await;
        Ok(())
    }
}

#[test]
fn s35_s40_no_flipped_bit_of_the_file_lends_what_is_anothers() {
    let runtime = Runtime::new().expect("the system has threads");
    let prepared = runtime.block_on(Prepared::new());
    let config = Config {
        cases: FLIPS * cases(),
        failure_persistence: None,
        ..Config::default()
    };
    let flips = (
        prop::option::weighted(0.8, any::<Index>()),
        any::<Index>(),
        0..8_u8,
    );
    let asked = TestRunner::new(config).run(&flips, |(near, at, bit)| {
        let file = prepared.spoiled(near, at, bit);
        runtime
            .block_on(prepared.asks(&file))
            .map_err(TestCaseError::fail)
    });
    if let Err(failure) = asked {
        panic!("{failure}");
    }
}
