//! The driver of one connection: one task that steps the machine and performs its deeds.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use super::{
    Connection, ConnectionNews, Rooms, SignInNeed,
    asks::Asks,
    desk::Desk,
    fault::Fault,
    held::Held,
    keeper::Keeper,
    locked,
    machine::{Attempt, Deed, Happening, Machine},
    session::Session,
    wire::LastHints,
};
use crate::{base::ServerId, oauth::Hints};

/// How long the end of a connection may wait for its server to release the session.
const PARTING_LIMIT: Duration = Duration::from_secs(2);

/// The handle on the task of one connection. Cheap to clone.
#[derive(Clone)]
pub(super) struct Line {
    inbox: mpsc::UnboundedSender<Letter>,
    shared: Arc<Shared>,
}

/// What the task shows.
#[derive(Default)]
struct Shared {
    state: watch::Sender<Connection>,
    session: Mutex<Option<Arc<Session>>>,
    held: watch::Sender<Held>,
    asks: watch::Sender<Asks>,
    hints: LastHints,
}

/// What the task is told.
pub(super) enum Letter {
    /// Connect. Answered when it has begun.
    Ask(oneshot::Sender<()>),
    /// Connect anew, with the new sign-in. Answered when it has begun.
    SignedIn(oneshot::Sender<()>),
    /// Disconnect. Answered when the session is released.
    Dismiss(oneshot::Sender<()>),
    /// Disconnect, and end the task. Answered likewise.
    Finish(oneshot::Sender<()>),
    /// A session is open and its tools are listed.
    Opened(Attempt, Arc<Session>),
    /// A session could not be opened, or is over.
    Failed(Attempt, Fault),
    /// The server is not kept any more.
    Gone,
    /// A wait is over.
    Due(Attempt),
    /// There is a network again.
    NetworkBack(Attempt),
    /// The grant has died.
    GrantDied(SignInNeed),
}

impl Line {
    /// Starts the task of one connection. `alive` goes to its wires.
    pub(super) fn start(
        id: ServerId,
        rooms: Rooms,
        stop: CancellationToken,
        alive: mpsc::Sender<()>,
    ) -> Self {
        let (inbox, letters) = mpsc::unbounded_channel();
        let shared = Arc::<Shared>::default();
        let desk = Desk {
            id,
            asks: shared.asks.clone(),
            clock: Arc::clone(&rooms.clock),
            news: rooms.news.clone(),
        };
        let keeper = Keeper {
            id,
            rooms,
            desk,
            inbox: inbox.clone(),
            hints: Arc::clone(&shared.hints),
            alive,
        };
        let driver = Driver {
            keeper: Arc::new(keeper),
            shared: Arc::clone(&shared),
            machine: Machine::default(),
            work: JoinSet::new(),
        };
        tokio::spawn(driver.run(letters, stop));
        Self { inbox, shared }
    }

    /// Asks for the connection, and returns when it is being opened.
    pub(super) async fn ask(&self) {
        self.tell(Letter::Ask).await;
    }

    /// Opens the connection anew, and returns when it is being opened.
    pub(super) async fn signed_in(&self) {
        self.tell(Letter::SignedIn).await;
    }

    /// Ends the connection, and returns when its session is released too, so that the sign-in may end.
    pub(super) async fn dismiss(&self) {
        self.end_waits();
        self.tell(Letter::Dismiss).await;
    }

    /// Ends the connection and its task, and returns like [`Line::dismiss`].
    pub(super) async fn finish(&self) {
        self.end_waits();
        self.tell(Letter::Finish).await;
    }

    /// Ends all that waits for the person.
    pub(super) fn end_waits(&self) {
        self.shared.held.send_modify(Held::end);
        self.shared.asks.send_modify(Asks::end);
    }

    pub(super) fn grant_died(&self, need: SignInNeed) {
        // A task that has ended has nothing to lose.
        let _ = self.inbox.send(Letter::GrantDied(need));
    }

    pub(super) fn state(&self) -> Connection {
        self.shared.state.borrow().clone()
    }

    /// Follows the state.
    pub(super) fn states(&self) -> watch::Receiver<Connection> {
        self.shared.state.subscribe()
    }

    /// Gives the calls that are held.
    pub(super) fn held(&self) -> &watch::Sender<Held> {
        &self.shared.held
    }

    /// Gives the questions that wait.
    pub(super) fn asks(&self) -> &watch::Sender<Asks> {
        &self.shared.asks
    }

    pub(super) fn session(&self) -> Option<Arc<Session>> {
        locked(&self.shared.session).clone()
    }

    pub(super) fn hints(&self) -> Option<Hints> {
        locked(&self.shared.hints).clone()
    }

    async fn tell(&self, letter: fn(oneshot::Sender<()>) -> Letter) {
        let (done, answer) = oneshot::channel();
        if self.inbox.send(letter(done)).is_ok() {
            // An error means that the task has ended, and the connection with it.
            let _ = answer.await;
        }
    }
}

struct Driver {
    keeper: Arc<Keeper>,
    shared: Arc<Shared>,
    machine: Machine,
    work: JoinSet<()>,
}

impl Driver {
    async fn run(mut self, mut letters: mpsc::UnboundedReceiver<Letter>, stop: CancellationToken) {
        loop {
            let letter = tokio::select! {
                () = stop.cancelled() => break,
                letter = letters.recv() => letter,
            };
            let Some(letter) = letter else { break };
            let last = matches!(letter, Letter::Finish(_));
            self.open_letter(letter);
            if last {
                break;
            }
            while self.work.try_join_next().is_some() {}
        }
        self.end();
    }

    fn open_letter(&mut self, letter: Letter) {
        match letter {
            Letter::Ask(done) => {
                self.step(Happening::Asked);
                // Nobody waiting any more is no fault.
                let _ = done.send(());
            }
            Letter::SignedIn(done) => {
                self.step(Happening::SignedIn);
                let _ = done.send(());
            }
            Letter::Dismiss(done) | Letter::Finish(done) => self.part(done),
            Letter::Opened(attempt, session) => self.opened(attempt, session),
            Letter::Failed(attempt, fault) => {
                tracing::info!(server = %self.keeper.id, %fault, "no connection");
                self.step(Happening::Failed {
                    attempt,
                    failure: fault.failure(),
                    chance: rand::random(),
                });
            }
            Letter::Gone => self.step(Happening::Dismissed),
            Letter::Due(attempt) => self.step(Happening::Due(attempt)),
            Letter::NetworkBack(attempt) => self.step(Happening::NetworkBack {
                attempt,
                chance: rand::random(),
            }),
            Letter::GrantDied(need) => self.step(Happening::GrantDied(need)),
        }
    }

    /// Ends the connection at once, and says so when the server has had its chance to release the session.
    fn part(&mut self, done: oneshot::Sender<()>) {
        let released = locked(&self.shared.session)
            .as_ref()
            .map(|session| session.released());
        self.step(Happening::Dismissed);
        tokio::spawn(async move {
            if let Some(released) = released {
                // A server that takes longer keeps the session until it forgets it by itself.
                let _ = tokio::time::timeout(PARTING_LIMIT, released.cancelled()).await;
            }
            let _ = done.send(());
        });
    }

    /// Takes a session in, unless it belongs to the past: then dropping it ends it.
    fn opened(&mut self, attempt: Attempt, session: Arc<Session>) {
        if attempt != self.machine.attempt() {
            return;
        }
        *locked(&self.shared.session) = Some(Arc::clone(&session));
        self.work.spawn(Arc::clone(&self.keeper).keep(attempt, session));
        self.step(Happening::Opened(attempt));
    }

    fn step(&mut self, happening: Happening) {
        let now = self.keeper.rooms.clock.now();
        let (machine, deeds) = std::mem::take(&mut self.machine).step(happening, now);
        self.machine = machine;
        for deed in deeds {
            self.perform(deed);
        }
    }

    fn perform(&mut self, deed: Deed) {
        let keeper = Arc::clone(&self.keeper);
        match deed {
            Deed::End => self.end(),
            Deed::Release => drop(self.release()),
            Deed::Begin(attempt) => {
                self.work.spawn(keeper.open(attempt));
            }
            Deed::Wake(attempt, wait) => {
                self.work.spawn(async move {
                    keeper.rooms.clock.sleep(wait).await;
                    keeper.tell(Letter::Due(attempt));
                });
            }
            Deed::AwaitNetwork(attempt) => {
                self.work.spawn(async move {
                    keeper.rooms.http.way_out().back().await;
                    keeper.tell(Letter::NetworkBack(attempt));
                });
            }
            Deed::Tell => {
                self.shared.state.send_replace(self.machine.view());
                keeper.announce(ConnectionNews::State(keeper.id));
            }
        }
    }

    fn end(&mut self) {
        if let Some(session) = self.release() {
            session.end();
        }
    }

    /// Stops the work and takes the session out of sight. It ends when the last call in it has.
    fn release(&mut self) -> Option<Arc<Session>> {
        self.work.abort_all();
        locked(&self.shared.session).take()
    }
}
