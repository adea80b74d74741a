//! A story of several lives of the app on one file, told event by event, and what may never come of it.

mod judge;

use std::time::Duration;

use self::judge::{demand, is_durable, place};
use super::{
    event::{Asked, Event, Fails, Meanwhile},
    families::{Answer, Families, Place},
    life::{Heard, Life, Machine},
};
use crate::{
    base::{Issuer, Resource, Secret, ServerId, Timestamp},
    grants::{
        Bearer, BearerError, GrantError, ReauthReason, Wish,
        tests::world::{LIFE, client},
    },
    oauth::{Granted, TokenType, Tokens},
    ports::Clock,
};
use futures::future::join_all;
use tokio::{
    runtime::Runtime,
    task::{JoinHandle, yield_now},
};

/// How many servers a story has, each with one account.
pub const SERVERS: usize = 2;
/// The longest pause there is (S32).
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// What came about that may never be.
pub type Wrong = String;

/// The story so far.
pub struct Story<'a> {
    outside: &'a Runtime,
    families: &'a Families,
    life: Option<Life>,
    accounts: Vec<Account>,
    with_loop: bool,
    disk_fails: bool,
}

/// One server's account.
struct Account {
    server: ServerId,
    /// Every family it ever had.
    had: Vec<u32>,
    /// Whether somebody is signed in, with the newest of them.
    signed_in: bool,
    /// The bearer that was lent last.
    lent: Option<Bearer>,
}

impl Account {
    fn family(&self) -> Option<u32> {
        self.had.last().copied().filter(|_| self.signed_in)
    }
}

impl<'a> Story<'a> {
    /// Begins with everybody signed in.
    pub fn begin(outside: &'a Runtime, families: &'a Families, with_loop: bool) -> Result<Self, Wrong> {
        let life = Life::begin(Machine::new(), families);
        let add = async || Account {
            server: life.world.server().await,
            had: Vec::new(),
            signed_in: false,
            lent: None,
        };
        let accounts = life.run(join_all((0..SERVERS).map(|_| add())));
        let mut story = Self {
            outside,
            families,
            life: None,
            accounts,
            with_loop,
            disk_fails: false,
        };
        story.go_on(life);
        for server in 0..SERVERS {
            story.tell(&Event::SignedIn(server))?;
        }
        Ok(story)
    }

    /// Lets one thing happen.
    pub fn tell(&mut self, event: &Event) -> Result<(), Wrong> {
        match event {
            Event::Time(seconds) => self.life().pass(*seconds),
            Event::Answers(answer) => self.families.answer(*answer),
            Event::Asked(asked) => self.asked(asked)?,
            Event::DiskFails(fails) => self.disk_fails(*fails),
            Event::DiskWorks => self.disk_works(),
            Event::Restarted => {
                let machine = self.take_life().quit();
                self.next_life(machine)?;
            }
            Event::Crashed => self.crash()?,
            Event::SignedIn(server) => self.sign_in(*server)?,
            Event::Disconnected(server) => self.disconnect(*server)?,
        }
        self.life().settle();
        self.judge()
    }

    /// Ends with everything working: whoever was not told to be over can be used.
    pub fn end(mut self) -> Result<(), Wrong> {
        self.disk_works();
        self.families.answer(Answer::NewPair);
        // Longer than any pause and any token.
        self.life().pass(2 * 3600);
        for at in 0..SERVERS {
            let mut outcome = self.ask_one(at)?;
            if matches!(
                outcome,
                Err(BearerError::Unreachable { .. } | BearerError::Portal { .. })
            ) {
                // Somebody asked before, and was answered in the way that has just ended.
                self.life().pass(3600);
                outcome = self.ask_one(at)?;
            }
            let family = self.accounts[at].family();
            let is_well = match (family, &outcome) {
                (None, outcome) => matches!(outcome, Err(BearerError::None)),
                (Some(_), Ok(_)) => true,
                (Some(family), Err(BearerError::Reauth(ReauthReason::Rejected))) => {
                    self.families.family(family).refused
                }
                (Some(_), Err(_)) => false,
            };
            let outcome = outcome.map(|bearer| place(&bearer));
            demand(is_well, || format!("at the end, server {at} gives {outcome:?}"))?;
        }
        self.life().settle();
        self.judge()?;
        let check = sqlx::query_scalar("PRAGMA quick_check").fetch_one(self.life().world.store.reader());
        let verdict: String = self.life().run(check).map_err(|error| error.to_string())?;
        demand(verdict == "ok", || verdict.clone())
    }

    fn ask_one(&self, at: usize) -> Result<Result<Bearer, BearerError>, Wrong> {
        let waiting = self.life().ask(self.accounts[at].server, 1, None);
        let heard = self.life().run(join_all(waiting)).remove(0);
        Ok(heard.map_err(|error| error.to_string())?.outcome)
    }

    fn life(&self) -> &Life {
        self.life.as_ref().expect("the app runs between two events")
    }

    fn take_life(&mut self) -> Life {
        self.life.take().expect("the app runs between two events")
    }

    fn asked(&mut self, asked: &Asked) -> Result<(), Wrong> {
        let at = asked.server;
        let holds = !matches!(asked.meanwhile, Meanwhile::Nothing);
        if holds {
            self.families.close();
        }
        let (server, was_signed_in) = (self.accounts[at].server, self.accounts[at].signed_in);
        let refused = self.accounts[at].lent.clone().filter(|_| asked.after_refusal);
        let waiting = self.life().ask(server, asked.callers, refused.as_ref());
        if holds {
            self.wait_for_a_request(at, &waiting);
        }
        match asked.meanwhile {
            Meanwhile::Nothing => {}
            Meanwhile::Cancelled => waiting.iter().for_each(JoinHandle::abort),
            Meanwhile::Crashed => return self.crash(),
            Meanwhile::SignedIn => self.sign_in(at)?,
            Meanwhile::Disconnected => self.disconnect(at)?,
            Meanwhile::Time(seconds) => self.life().pass(seconds),
        }
        self.families.open();
        for heard in self.life().run(join_all(waiting)) {
            match heard {
                Ok(heard) => {
                    let again = heard
                        .outcome
                        .as_ref()
                        .ok()
                        .filter(|lent| Some(place(lent)) == refused.as_ref().map(place));
                    demand(again.is_none(), || {
                        format!("{:?} was refused and is lent again", again.map(place))
                    })?;
                    self.hear(at, heard, was_signed_in)?;
                }
                Err(error) => demand(error.is_cancelled(), || error.to_string())?,
            }
        }
        Ok(())
    }

    /// Waits until the account's refresh is out, or nobody waits for one.
    fn wait_for_a_request(&self, at: usize, waiting: &[JoinHandle<Heard>]) {
        let answered = async {
            while !waiting.iter().all(JoinHandle::is_finished) {
                yield_now().await;
            }
        };
        let Some(family) = self.accounts[at].family() else {
            return self.life().run(answered);
        };
        self.life().run(async {
            tokio::select! {
                () = self.families.is_asked_about(family) => {}
                () = answered => {}
            }
        });
    }

    fn sign_in(&mut self, at: usize) -> Result<(), Wrong> {
        let (first, life) = (self.families.begin(), self.life());
        let granted = granted(&self.families.address, first, life.world.clock.now());
        let kept = life.run(
            life.world
                .grants
                .keep(self.accounts[at].server, granted, Wish::Connect),
        );
        match kept {
            Ok(_) => {
                let account = &mut self.accounts[at];
                account.had.push(first.family);
                (account.signed_in, account.lent) = (true, None);
                Ok(())
            }
            Err(GrantError::Store(_)) if self.disk_fails => Ok(()),
            Err(error) => Err(format!("a sign-in is not kept: {error:?}")),
        }
    }

    fn disconnect(&mut self, at: usize) -> Result<(), Wrong> {
        let (life, server) = (self.life(), self.accounts[at].server);
        let ended = life.run(life.world.grants.end(server));
        ended.map_err(|error| format!("a sign-in does not end: {error:?}"))?;
        let account = &mut self.accounts[at];
        (account.signed_in, account.lent) = (false, None);
        Ok(())
    }

    fn disk_fails(&mut self, fails: Fails) {
        self.disk_works();
        let on = match fails {
            Fails::NewPairs => "UPDATE OF sealed",
            Fails::AnythingOfAGrant => "UPDATE",
        };
        let trigger =
            format!("CREATE TRIGGER broken BEFORE {on} ON grants BEGIN SELECT RAISE(ABORT, 'broken'); END");
        self.life().run(self.life().world.sql(&trigger));
        self.disk_fails = true;
    }

    fn disk_works(&mut self) {
        self.life()
            .run(self.life().world.sql("DROP TRIGGER IF EXISTS broken"));
        self.disk_fails = false;
    }

    fn crash(&mut self) -> Result<(), Wrong> {
        let machine = self.take_life().vanish();
        self.next_life(machine)
    }

    /// Begins the next life on what is on disk. What it does not find was lost.
    fn next_life(&mut self, machine: Machine) -> Result<(), Wrong> {
        let life = Life::begin(machine, self.families);
        self.families.open();
        self.outside.block_on(self.families.has_decided_all());
        for account in &mut self.accounts {
            let disk = life.run(life.eyes().on_disk(account.server));
            if let Some(disk) = disk {
                self.families.kept(disk);
            }
            let lent = account.lent.take().map(|bearer| place(&bearer));
            let is_well = lent.is_none_or(|lent| is_durable(lent, disk));
            demand(is_well, || {
                format!("{lent:?} was lent, and what lasted is {disk:?}")
            })?;
        }
        self.go_on(life);
        Ok(())
    }

    fn go_on(&mut self, life: Life) {
        if self.with_loop {
            life.keep_alive();
        }
        self.life = Some(life);
    }
}

/// What a sign-in brings.
fn granted(address: &str, first: Place, now: Timestamp) -> Granted {
    Granted {
        issuer: Issuer::new(address),
        resource: Resource::new("http://127.0.0.1:1/mcp"),
        scopes: "read".parse().expect("a scope"),
        tokens: Tokens {
            token_type: TokenType::Bearer,
            access: Secret::new(first.access()),
            refresh: Some(Secret::new(first.refresh())),
            expires_at: Some(now.after(LIFE)),
        },
        client: client(address),
        identity: None,
    }
}
