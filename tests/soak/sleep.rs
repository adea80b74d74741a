//! A laptop that sleeps while every access token runs out, and clocks that jump.

use std::time::Duration;

use tokio::time::timeout;
use usher_core::{
    base::{ServerId, Timestamp},
    grants::Standing,
    ports::Clock,
};
use usher_tests::{AuthorizationServer, Ways};

use crate::{
    figures::{Broken, Figures, broken, ensure},
    house::{CLIENT, House, Means},
    scale::Scale,
};

/// How many may be asked for at the same time (S33).
const SIDE_BY_SIDE: usize = 8;
/// A night.
const NIGHT: i64 = 8 * 3600;
const DAY: i64 = 24 * 3600;
const YEARS: i64 = 10 * 365 * DAY;
/// How long nothing may come before the clock is turned a second on.
const LULL: Duration = Duration::from_millis(50);
/// How often nothing may come, and the clock be turned on, before everything must have been asked for: what is spread out has
/// to begin, and a busy machine takes its time. Fewer seconds than a token lives.
const PATIENCE: usize = 1200;

/// A machine with many servers, all of which are signed in to.
struct Machine {
    house: House,
    means: Means,
    authorization: AuthorizationServer,
    servers: Vec<ServerId>,
}

/// Sleeps, wakes, and sets the clock.
pub async fn run(scale: Scale) -> Result<(), Broken> {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let machine = Machine::with(scale.of(100, 300), folder.path()).await;
    let grants = machine.house.grants.clone();
    let background = tokio::spawn(async move { grants.keep_alive().await });
    for (what, by) in [
        ("asleep for eight hours", NIGHT),
        ("the clock jumps a day on", DAY),
        ("the clock jumps a day back", -DAY),
        ("the clock jumps ten years on", YEARS),
        ("the clock jumps ten years back", -YEARS),
    ] {
        machine.jump(what, by).await?.print();
    }
    background.abort();
    machine.house.close().await;
    Ok(())
}

impl Machine {
    async fn with(servers: usize, folder: &std::path::Path) -> Self {
        let authorization = AuthorizationServer::open(Ways::default()).await;
        let means = Means::default();
        let house = House::open(folder, &means).await.expect("it opens");
        let mut signed_in = Vec::new();
        for number in 0..servers {
            let pair = authorization.give(CLIENT);
            let name = format!("server {number}");
            signed_in.push(house.add_granted(&name, authorization.issuer(), pair).await);
        }
        Self {
            house,
            means,
            authorization,
            servers: signed_in,
        }
    }

    /// Moves the clock. After a jump on, every grant is renewed by itself, once; after one back, at most that. Nobody is
    /// asked, and every server has a bearer.
    async fn jump(&self, what: &str, by: i64) -> Result<Figures, Broken> {
        let before = self.requests();
        let now = self.means.clock.now().seconds();
        self.means.clock.set(Timestamp::from_seconds(now + by));
        let all = self.servers.len();
        if by > 0 {
            self.renewed(before + all).await?;
        }
        let mut figures = Figures::of(format!("{what}, {all} servers"));
        figures.rounds = 1;
        for server in &self.servers {
            let bearer = self.house.grants.bearer(*server).await;
            bearer.map_err(|error| broken(format!("{what}: no bearer: {error}")))?;
            let account = self.house.grants.account(*server).await;
            let account = account
                .expect("accounts can be read")
                .expect("it is signed in to");
            figures.prompts += usize::from(matches!(account.standing, Standing::Spent(_)));
        }
        self.house.grants.settle().await;
        figures.requests = self.requests() - before;
        let due = if by > 0 { all..=all } else { 0..=all };
        ensure(due.contains(&figures.requests), || {
            format!("{what}: {} token requests for {all} grants", figures.requests)
        })?;
        ensure(figures.prompts == 0, || {
            format!("{what}: the person was asked {} times", figures.prompts)
        })?;
        let most = self.authorization.most_at_once();
        ensure(most <= SIDE_BY_SIDE, || {
            format!("{what}: {most} grants were renewed side by side")
        })?;
        Ok(figures)
    }

    fn requests(&self) -> usize {
        self.authorization.wire().len()
    }

    /// Waits until so many token requests have come, nobody having asked for a bearer. What waits for a moment of its own
    /// gets it: the clock goes on.
    async fn renewed(&self, count: usize) -> Result<(), Broken> {
        let mut lulls = 0;
        while lulls < PATIENCE {
            let came = self.requests();
            if came >= count {
                return Ok(());
            }
            let more = self.authorization.wire().until(|all| all.len() > came);
            if timeout(LULL, more).await.is_err() {
                lulls += 1;
                self.means.clock.advance(Duration::from_secs(1));
            }
        }
        Err(broken(format!(
            "{} grants of {} were not renewed by themselves",
            count - self.requests(),
            self.servers.len()
        )))
    }
}
