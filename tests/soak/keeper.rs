//! The process that is killed: it keeps a data directory, does what it is told, and says what it acknowledges.

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use rand::Rng;
use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin};
use usher_core::{
    base::{ServerId, Timestamp},
    grants::{Bearer, BearerError},
    owner::{self, Door, Visit},
    ports::{Clock, SystemClock},
    store::OpenError,
};
use usher_tests::{HandClock, MemoryKeychain};

use crate::{
    hold::{self, Step},
    house::{House, LIFE, Means},
    talk::{Command, Orders, Said, Task, say},
    writes::Kept,
};

/// How long a start that finds the directory taken waits before it knocks again.
const PAUSE: Duration = Duration::from_millis(10);

type Input = Lines<BufReader<Stdin>>;

/// Keeps a directory until it is told nothing more.
pub async fn run(directory: &Path) {
    let mut input = BufReader::new(tokio::io::stdin()).lines();
    let orders = heard(&mut input).await.expect("a keeper gets its orders");
    let orders: Orders = serde_json::from_str(&orders).expect("orders that it understands");
    let means = Means {
        keychain: MemoryKeychain::holding(&orders.key),
        clock: HandClock::default(),
        life: orders.life,
    };
    means.clock.set(Timestamp::from_seconds(orders.now));
    match orders.task {
        Task::Obey { hold } => obey(directory, &means, hold, &mut input).await,
        Task::Own => own(directory, &means, &mut input).await,
    }
}

/// Opens the directory and does what it is told.
async fn obey(directory: &Path, means: &Means, hold: Option<Step>, input: &mut Input) {
    let switch = hold.map(hold::install).unwrap_or_default();
    let house = House::open(directory, means).await;
    let house = Arc::new(house.expect("the directory is free and whole"));
    keep_backups(&house, &means.clock);
    say(&Said::Open);
    while let Some(line) = heard(input).await {
        match serde_json::from_str(&line).expect("a command that it understands") {
            Command::Arm => switch.store(true, Ordering::SeqCst),
            Command::Renew(server) => {
                run_out(&means.clock);
                report(server, &house.grants.bearer(server).await);
            }
            Command::Grant { server, issuer, pair } => {
                house.grant(server, &issuer, pair).await;
                say(&Said::Granted);
            }
            Command::Load(servers) => load(&house, &means.clock, servers),
        }
    }
}

/// Gives the next line; `None` once nobody is there to say one.
async fn heard(input: &mut Input) -> Option<String> {
    input.next_line().await.expect("its input can be read")
}

fn keep_backups(house: &Arc<House>, clock: &HandClock) {
    let (house, clock) = (Arc::clone(house), clock.clone());
    tokio::spawn(async move { house.store.keep_backups(&clock).await });
}

fn run_out(clock: &HandClock) {
    clock.advance(Duration::from_secs(LIFE));
}

fn report(server: ServerId, outcome: &Result<Bearer, BearerError>) {
    say(&match outcome {
        Ok(bearer) => Said::Bearer {
            server,
            // EXPOSE: whoever started this process gave the token out and looks whether it was kept.
            access: bearer.token().expose().clone(),
        },
        Err(BearerError::Reauth(_)) => Said::Prompt(server),
        Err(error) => Said::Trouble(server, error.to_string()),
    });
}

/// Begins to renew one grant after the other and to write at the same time, until the process ends.
fn load(house: &Arc<House>, clock: &HandClock, servers: Vec<ServerId>) {
    tokio::spawn(renew(Arc::clone(house), clock.clone(), servers.clone()));
    tokio::spawn(write(Arc::clone(house), servers));
}

/// Renews because time is up, or because the token just handed out is refused.
async fn renew(house: Arc<House>, clock: HandClock, servers: Vec<ServerId>) {
    for server in servers.into_iter().cycle() {
        run_out(&clock);
        let mut outcome = house.grants.bearer(server).await;
        report(server, &outcome);
        if let Ok(refused) = &outcome
            && rand::rng().random_bool(0.5)
        {
            outcome = house.grants.renew(server, refused).await;
            report(server, &outcome);
        }
    }
}

async fn write(house: Arc<House>, servers: Vec<ServerId>) {
    let mut kept = Kept {
        names: house.extras().await,
        ..Kept::default()
    };
    loop {
        let next = kept.next(&servers);
        say(&Said::Will(next.clone()));
        house.write(&next).await;
        say(&Said::Done);
        kept = kept.after(&next);
    }
}

/// Starts as the app does, and keeps grants alive as the owner.
async fn own(directory: &Path, means: &Means, input: &mut Input) {
    let Some(house) = visit_or_open(directory, means).await else {
        say(&Said::Away);
        return;
    };
    let mut door = Door::open(directory).expect("the owner's door opens");
    say(&Said::Open);
    let mut news = house.grants.news();
    let grants = house.grants.clone();
    tokio::spawn(async move { grants.keep_alive().await });
    loop {
        tokio::select! {
            Ok(server) = news.recv() => report(server, &house.grants.bearer(server).await),
            Some(_) = door.next() => say(&Said::Visited),
            None = heard(input) => break,
        }
    }
    door.close().await;
    house.close().await;
}

/// Visits the owner of the directory, or opens it if there is none.
async fn visit_or_open(directory: &Path, means: &Means) -> Option<House> {
    loop {
        if owner::knock(directory, &Visit::Show).await.is_ok() {
            return None;
        }
        match House::open(directory, means).await {
            Ok(house) => return Some(house),
            Err(OpenError::Busy) => SystemClock.sleep(PAUSE).await,
            Err(error) => panic!("the directory cannot be opened: {error}"),
        }
    }
}
