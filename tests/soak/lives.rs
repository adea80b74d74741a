//! One data directory and the processes that live on it one after the other, each until it is killed.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use tempfile::TempDir;
use usher_core::{
    base::ServerId,
    ports::{Clock, Keychain},
};
use usher_tests::{AuthorizationServer, MemoryKeychain, Ways};

use crate::{
    figures::{Broken, Figures, broken, ensure},
    house::{CLIENT, House, Means},
    inspect::inspect,
    ledger::Ledger,
    process::Keeper,
    talk::{Command, Orders, Said, Task},
    writes::{Kept, Write},
};

/// How long no process lives, by its own clock, in seconds: the next one finds every access token run out.
const AGE: i64 = 60 * 24 * 3600;
/// The dead reason of a grant whose answer was lost, as the file calls it.
const ANSWER_LOST: &str = "answerLost";

/// A data directory with grants, and the books about it.
pub struct Lives {
    home: TempDir,
    key: String,
    now: i64,
    life: AtomicUsize,
    /// Who gives tokens.
    pub authorization: AuthorizationServer,
    /// The servers that are signed in to.
    pub servers: Vec<ServerId>,
    ledger: Ledger,
    kept: Kept,
    pending: Option<Write>,
}

impl Lives {
    /// Prepares a directory with grants of so many servers. Every access token has run out when the first process starts.
    pub async fn with(grants: usize) -> Self {
        let authorization = AuthorizationServer::open(Ways::default()).await;
        let home = tempfile::tempdir().expect("a temporary directory");
        let means = Means::default();
        let mut ledger = Ledger::of(authorization.wire());
        let house = House::open(&home.path().join("data"), &means).await;
        let house = house.expect("a new directory can be opened");
        let mut servers = Vec::new();
        for number in 0..grants {
            let pair = authorization.give(CLIENT);
            let name = format!("granted-{number}");
            let server = house
                .add_granted(&name, authorization.issuer(), pair.clone())
                .await;
            ledger.signed_in(server, &pair).expect("nothing was asked so far");
            servers.push(server);
        }
        house.close().await;
        Self {
            home,
            key: key(&means.keychain).await,
            now: means.clock.now().seconds(),
            life: AtomicUsize::new(0),
            authorization,
            servers,
            ledger,
            kept: Kept::default(),
            pending: None,
        }
    }

    /// Gives the data directory.
    pub fn directory(&self) -> PathBuf {
        self.home.path().join("data")
    }

    /// Starts the next process.
    pub async fn start(&mut self, task: Task) -> Keeper {
        self.now += AGE;
        self.start_beside(task).await
    }

    /// Starts another at the same time as the last.
    pub async fn start_beside(&self, task: Task) -> Keeper {
        let orders = Orders {
            key: self.key.clone(),
            now: self.now,
            life: self.life.fetch_add(1, Ordering::Relaxed),
            task,
        };
        Keeper::start(&self.directory(), &orders).await
    }

    /// Hears what a process says and writes down what it acknowledges.
    pub async fn hear(&mut self, keeper: &mut Keeper) -> Result<Said, Broken> {
        let said = keeper.hear().await?;
        self.note(&said)?;
        Ok(said)
    }

    /// Writes down what was acknowledged.
    pub fn note(&mut self, said: &Said) -> Result<(), Broken> {
        match said {
            Said::Bearer { server, access } => self.ledger.acknowledge(*server, access)?,
            Said::Trouble(_, why) => return Err(broken(format!("there was no bearer: {why}"))),
            Said::Will(write) => self.pending = Some(write.clone()),
            Said::Done => {
                let write = self.pending.take();
                let write = write.ok_or_else(|| broken("a write was acknowledged that never began"))?;
                self.kept = self.kept.after(&write);
            }
            Said::Open | Said::Away | Said::Visited | Said::Held | Said::Prompt(_) | Said::Granted => {}
        }
        Ok(())
    }

    /// Lets a new process renew every grant. Where the answer of the last one was lost the person is asked once, and
    /// signs in again. Gives how many prompts there were.
    pub async fn renew_all(&mut self, keeper: &mut Keeper) -> Result<usize, Broken> {
        let mut prompts = 0;
        for server in self.servers.clone() {
            if self.renew(keeper, server).await? {
                continue;
            }
            prompts += 1;
            self.is_honest(server).await?;
            let pair = self.authorization.give(CLIENT);
            self.ledger.signed_in(server, &pair)?;
            let issuer = self.authorization.issuer().to_owned();
            keeper.tell(&Command::Grant { server, issuer, pair }).await;
            while !matches!(self.hear(keeper).await?, Said::Granted) {}
            let renewed = self.renew(keeper, server).await?;
            ensure(renewed, || "a grant died that was a moment old".to_owned())?;
        }
        Ok(prompts)
    }

    /// Renews one grant; tells whether that brought a bearer, and not a prompt.
    async fn renew(&mut self, keeper: &mut Keeper, server: ServerId) -> Result<bool, Broken> {
        keeper.tell(&Command::Renew(server)).await;
        loop {
            match self.hear(keeper).await? {
                Said::Bearer { .. } => return Ok(true),
                Said::Prompt(_) => return Ok(false),
                _ => {}
            }
        }
    }

    /// Sees that the file calls the end of a grant what it is.
    async fn is_honest(&self, server: ServerId) -> Result<(), Broken> {
        let found = inspect(&self.directory()).await?;
        let reason = found.dead.get(&server.to_string()).cloned();
        ensure(reason.as_deref() == Some(ANSWER_LOST), || {
            format!("a lost answer is remembered as {reason:?}, and not as what it is")
        })
    }

    /// Kills a process and looks at what it leaves: everything acknowledged is there, and nothing besides but the one write
    /// that was under way.
    pub async fn kill(&mut self, keeper: Keeper, figures: &mut Figures) -> Result<(), Broken> {
        for said in keeper.kill().await {
            self.note(&said)?;
        }
        figures.kills += 1;
        self.ledger.life_ends()?;
        let found = inspect(&self.directory()).await?.kept;
        figures.checks += 1;
        let pending = self.pending.take().map(|write| self.kept.after(&write));
        ensure(found == self.kept || Some(&found) == pending.as_ref(), || {
            format!(
                "what was acknowledged is not in the file: {:?} was, {found:?} is there",
                self.kept
            )
        })?;
        self.kept = found;
        Ok(())
    }

    /// Takes the token requests and refusals since the last time into the figures.
    pub fn settle(&mut self, figures: &mut Figures) {
        figures.requests += std::mem::take(&mut self.ledger.requests);
        figures.invalid_grants += std::mem::take(&mut self.ledger.invalid_grants);
    }
}

/// Gives what the keychain holds, in hexadecimal digits.
async fn key(keychain: &MemoryKeychain) -> String {
    let key = keychain
        .read()
        .await
        .expect("it works")
        .expect("something was sealed");
    // EXPOSE: the key of this one directory; the process that opens it next gets it over its standard input.
    key.expose().map(|byte| format!("{byte:02x}")).concat()
}
