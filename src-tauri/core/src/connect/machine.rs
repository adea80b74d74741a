//! The life of one connection: a pure machine that says what to do and does nothing.
//!
//! Every attempt to open has a number, and news carries the number of the attempt that it is about: what an older
//! attempt still has to tell changes nothing.

use std::time::Duration;

use super::{ConnectError, Connection, SignInNeed, held::MOST_AUTHORIZATIONS};
use crate::{
    base::{Scopes, Timestamp},
    ports::network::{OFFLINE_WAIT, SPREAD},
};

/// The wait after the first failure.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest wait that is our own choice.
const LONGEST_WAIT: Duration = Duration::from_secs(300);
/// The longest wait that a server may ask for (S32).
const LONGEST_ASKED_WAIT: Duration = Duration::from_secs(3600);
/// The wait where something on the network answers in the server's place: the person may be about to sign in to it.
const PORTAL_WAIT: Duration = Duration::from_secs(60);
/// How often in a row that is taken for a portal, before it is called by its name and left alone for longer.
const MOST_PORTALS: u8 = 5;
/// How long a connection has to last for its failures to be forgotten.
const STEADY: Duration = Duration::from_secs(60);

/// Numbers the attempts to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Attempt(u64);

/// One connection.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Machine {
    attempt: Attempt,
    state: State,
    /// How many sign-ins have ended well since the server last let us in.
    authorizations: u8,
    /// How often in a row something seemed to answer in the server's place.
    portals: u8,
}

#[derive(Debug, Clone, PartialEq, Default)]
enum State {
    #[default]
    Off,
    Opening {
        failures: u32,
    },
    SignIn(SignInNeed),
    Consent(Scopes),
    Ready {
        since: Timestamp,
        failures: u32,
    },
    Offline,
    Waiting {
        error: ConnectError,
        retry_at: Timestamp,
        failures: u32,
    },
    Stopped(ConnectError),
}

/// What may happen to a connection.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Happening {
    /// It is wanted.
    Asked,
    /// It is not wanted any more.
    Dismissed,
    /// The person has signed in.
    SignedIn,
    /// The server has answered and its tools are listed.
    Opened(Attempt),
    /// It could not be opened, or it broke. `chance` lies between 0 and 1 and spreads the next try.
    Failed {
        attempt: Attempt,
        failure: Failure,
        chance: f64,
    },
    /// The wait is over.
    Due(Attempt),
    /// There is a network. `chance` lies between 0 and 1 and spreads what waited for it.
    NetworkBack { attempt: Attempt, chance: f64 },
    /// The grant it lives on has died.
    GrantDied(SignInNeed),
}

/// Why a connection could not be opened or has broken, told apart by what comes next.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Failure {
    /// Only the person can go on.
    SignIn(SignInNeed),
    /// The sign-in lacks these scopes even for connecting.
    Consent(Scopes),
    /// There is no network.
    Offline,
    /// Something on the network answers in the place of a host. `truly` is what it is called if it lasts, where that is
    /// in doubt.
    Portal {
        host: String,
        truly: Option<ConnectError>,
    },
    /// Trying again may help, but not before `retry_after`.
    Passing {
        error: ConnectError,
        retry_after: Option<Duration>,
    },
    /// Trying again would not help.
    Lasting(ConnectError),
}

/// What the driver is to do, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// End the session and whatever is still under way, at once.
    End,
    /// Let go of a session that is over; a call that is still in it hears its own outcome first.
    Release,
    /// Open a session and tell how that went.
    Begin(Attempt),
    /// Say when the time is over.
    Wake(Attempt, Duration),
    /// Say when there is a network.
    AwaitNetwork(Attempt),
    /// Tell that the state is new.
    Tell,
}

impl Machine {
    /// Takes one step. Total: every state knows what every happening means to it.
    pub(super) fn step(self, happening: Happening, now: Timestamp) -> (Self, Vec<Deed>) {
        match happening {
            Happening::Asked => self.asked(),
            Happening::Dismissed => self.dismissed(),
            Happening::SignedIn => self.signed_in(),
            Happening::Opened(attempt) if attempt == self.attempt => self.opened(now),
            Happening::Failed {
                attempt,
                failure,
                chance,
            } if attempt == self.attempt => self.failed(failure, chance, now),
            Happening::Due(attempt) if attempt == self.attempt => self.due(),
            Happening::NetworkBack { attempt, chance } if attempt == self.attempt => {
                self.network_back(chance)
            }
            Happening::GrantDied(need) => self.grant_died(need),
            Happening::Opened(_)
            | Happening::Failed { .. }
            | Happening::Due(_)
            | Happening::NetworkBack { .. } => (self, Vec::new()),
        }
    }

    /// Gives the number of the latest attempt.
    pub(super) const fn attempt(&self) -> Attempt {
        self.attempt
    }

    /// Gives the flat view.
    pub(super) fn view(&self) -> Connection {
        match &self.state {
            State::Off => Connection::Off,
            State::Opening { .. } => Connection::Opening,
            State::SignIn(need) => Connection::SignIn(*need),
            State::Consent(scopes) => Connection::Consent {
                scopes: scopes.clone(),
                attempt: self.authorizations + 1,
            },
            State::Ready { .. } => Connection::Ready,
            State::Offline => Connection::Offline,
            State::Waiting { error, retry_at, .. } => Connection::Waiting {
                error: error.clone(),
                retry_at: *retry_at,
            },
            State::Stopped(error) => Connection::Stopped(error.clone()),
        }
    }

    fn asked(self) -> (Self, Vec<Deed>) {
        match self.state {
            State::Off
            | State::SignIn(_)
            | State::Consent(_)
            | State::Offline
            | State::Waiting { .. }
            | State::Stopped(_) => Self { portals: 0, ..self }.begin(0, Deed::End),
            State::Opening { .. } | State::Ready { .. } => (self, Vec::new()),
        }
    }

    fn dismissed(self) -> (Self, Vec<Deed>) {
        match self.state {
            State::Off => (self, Vec::new()),
            State::Opening { .. }
            | State::SignIn(_)
            | State::Consent(_)
            | State::Ready { .. }
            | State::Offline
            | State::Waiting { .. }
            | State::Stopped(_) => {
                let anew = Self {
                    authorizations: 0,
                    portals: 0,
                    ..self
                };
                anew.rest(State::Off, Deed::End)
            }
        }
    }

    /// Opens anew, so that everything is asked with the new sign-in; calls under way hear their own outcome first.
    fn signed_in(self) -> (Self, Vec<Deed>) {
        let counted = Self {
            authorizations: self.authorizations.saturating_add(1).min(MOST_AUTHORIZATIONS),
            ..self
        };
        counted.begin(0, Deed::Release)
    }

    fn opened(self, now: Timestamp) -> (Self, Vec<Deed>) {
        match self.state {
            State::Opening { failures } => {
                let state = State::Ready { since: now, failures };
                let machine = Self {
                    state,
                    authorizations: 0,
                    portals: 0,
                    ..self
                };
                (machine, vec![Deed::Tell])
            }
            State::Off
            | State::SignIn(_)
            | State::Consent(_)
            | State::Ready { .. }
            | State::Offline
            | State::Waiting { .. }
            | State::Stopped(_) => (self, Vec::new()),
        }
    }

    fn failed(self, failure: Failure, chance: f64, now: Timestamp) -> (Self, Vec<Deed>) {
        let failures = match self.state {
            State::Opening { failures } => failures,
            State::Ready { since, .. } if since.until(now) >= STEADY => 0,
            State::Ready { failures, .. } => failures,
            State::Off
            | State::SignIn(_)
            | State::Consent(_)
            | State::Offline
            | State::Waiting { .. }
            | State::Stopped(_) => return (self, Vec::new()),
        };
        match failure {
            Failure::SignIn(need) => self.rest(State::SignIn(need), Deed::Release),
            Failure::Consent(scopes) if self.authorizations >= MOST_AUTHORIZATIONS => {
                self.rest(State::Stopped(ConnectError::ScopeRefused(scopes)), Deed::Release)
            }
            Failure::Consent(scopes) => self.rest(State::Consent(scopes), Deed::Release),
            Failure::Lasting(error) => self.rest(State::Stopped(error), Deed::Release),
            Failure::Offline => {
                let (machine, mut deeds) = self.rest(State::Offline, Deed::Release);
                deeds.insert(1, Deed::AwaitNetwork(machine.attempt));
                // The server may be within reach without a way out: it is tried now and then all the same.
                deeds.insert(2, Deed::Wake(machine.attempt, OFFLINE_WAIT));
                (machine, deeds)
            }
            Failure::Portal {
                truly: Some(error), ..
            } if self.portals >= MOST_PORTALS => {
                let wait = wait(failures, Some(PORTAL_WAIT), chance);
                self.wait((wait, now), error, failures.saturating_add(1))
            }
            Failure::Portal { host, .. } => {
                let counted = Self {
                    portals: self.portals.saturating_add(1),
                    ..self
                };
                let wait = spread(PORTAL_WAIT, chance);
                counted.wait((wait, now), ConnectError::Portal { host }, failures)
            }
            Failure::Passing { error, retry_after } => {
                let wait = wait(failures, retry_after, chance);
                self.wait((wait, now), error, failures.saturating_add(1))
            }
        }
    }

    fn wait(
        self,
        (wait, now): (Duration, Timestamp),
        error: ConnectError,
        failures: u32,
    ) -> (Self, Vec<Deed>) {
        let waiting = State::Waiting {
            error,
            retry_at: now.after(wait),
            failures,
        };
        let (machine, mut deeds) = self.rest(waiting, Deed::Release);
        deeds.insert(1, Deed::Wake(machine.attempt, wait));
        (machine, deeds)
    }

    /// Takes its turn among all that waited for the network.
    fn network_back(self, chance: f64) -> (Self, Vec<Deed>) {
        match self.state {
            State::Offline => {
                let turn = Deed::Wake(self.attempt, SPREAD.mul_f64(chance.clamp(0.0, 1.0)));
                (self, vec![turn])
            }
            State::Off
            | State::Opening { .. }
            | State::SignIn(_)
            | State::Consent(_)
            | State::Ready { .. }
            | State::Waiting { .. }
            | State::Stopped(_) => (self, Vec::new()),
        }
    }

    fn due(self) -> (Self, Vec<Deed>) {
        match self.state {
            State::Waiting { failures, .. } => self.begin(failures, Deed::End),
            State::Offline => self.begin(0, Deed::End),
            State::Off
            | State::Opening { .. }
            | State::SignIn(_)
            | State::Consent(_)
            | State::Ready { .. }
            | State::Stopped(_) => (self, Vec::new()),
        }
    }

    fn grant_died(self, need: SignInNeed) -> (Self, Vec<Deed>) {
        match self.state {
            State::Opening { .. }
            | State::Consent(_)
            | State::Ready { .. }
            | State::Offline
            | State::Waiting { .. } => self.rest(State::SignIn(need), Deed::Release),
            State::SignIn(known) if known != need => self.rest(State::SignIn(need), Deed::Release),
            State::Off | State::SignIn(_) | State::Stopped(_) => (self, Vec::new()),
        }
    }

    /// Opens; `first` says what becomes of what is still there.
    fn begin(self, failures: u32, first: Deed) -> (Self, Vec<Deed>) {
        let attempt = self.attempt.next();
        let machine = Self {
            attempt,
            state: State::Opening { failures },
            ..self
        };
        (machine, vec![first, Deed::Begin(attempt), Deed::Tell])
    }

    /// Goes to a state in which nothing is under way; what still is belongs to the past.
    fn rest(self, state: State, first: Deed) -> (Self, Vec<Deed>) {
        let machine = Self {
            attempt: self.attempt.next(),
            state,
            ..self
        };
        (machine, vec![first, Deed::Tell])
    }
}

impl Attempt {
    const fn next(self) -> Self {
        Self(self.0.wrapping_add(1))
    }
}

/// Doubles the wait with each failure, takes between half and all of it, and is never shorter than what the server
/// asked for.
fn wait(failures: u32, retry_after: Option<Duration>, chance: f64) -> Duration {
    let doubled = FIRST_WAIT.saturating_mul(1_u32.checked_shl(failures.min(16)).unwrap_or(u32::MAX));
    let asked = retry_after.unwrap_or_default().min(LONGEST_ASKED_WAIT);
    spread(doubled.min(LONGEST_WAIT), chance).max(asked)
}

/// Takes between half and all of a wait.
fn spread(wait: Duration, chance: f64) -> Duration {
    wait.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests;
