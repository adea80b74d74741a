//! The labels of sign-ins: what the window shows, held in memory only.

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Outcome, Rung, Terms, Wish};
use crate::{
    base::{ServerId, SignInId, Timestamp},
    record::Entry,
};

/// Where a sign-in stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Which sign-in.
    pub id: SignInId,
    /// What it was begun for.
    pub wish: Wish,
    /// When it can no longer be finished.
    pub expires_at: Timestamp,
    /// Where it stands.
    pub stage: Stage,
}

/// The stages of a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Finding out where and how to sign in.
    Preparing,
    /// The person is in the browser.
    Browser {
        /// Host of the page, in ASCII.
        authorization_host: String,
        /// The scopes asked for.
        scopes: Vec<String>,
        /// Whether the browser could be opened.
        opened: bool,
        /// How it is to come back.
        way: Way,
    },
    /// The answer is being exchanged.
    Finishing,
}

/// How the browser is to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Way {
    /// The way that the page was told.
    pub rung: Rung,
    /// The next one, if there is one.
    pub another: Option<Rung>,
    /// Why the page was asked once more.
    pub again: Option<Again>,
}

/// Why the page is asked once more within one sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It did not take our link.
    LinkRefused,
    /// The person wants another way back.
    OtherWay,
    /// The issuer did not know our client any more.
    ClientForgotten,
}

/// What a sign-in was begun with, and where what happens in it is written down.
#[derive(Clone)]
pub(super) struct Begun {
    pub(super) wish: Wish,
    pub(super) terms: Terms,
    pub(super) entry: Entry,
    /// The issuer did not know our client in this sign-in, and we have registered anew.
    pub(super) registered_anew: bool,
    /// Cancelled as soon as another takes its place or the person takes it back, but not by the end of the app.
    pub(super) left: CancellationToken,
}

/// One label with what belongs to it.
struct Flow {
    server: ServerId,
    progress: Progress,
    begun: Begun,
    link: Option<Url>,
    tasks: Vec<JoinHandle<()>>,
}

/// Tasks that were told to end. Until they have, their ports are taken.
pub(super) type Ending = Vec<JoinHandle<()>>;

impl Flow {
    fn of(server: ServerId, progress: Progress, (begun, link): (Begun, Option<Url>)) -> Self {
        Self {
            server,
            progress,
            begun,
            link,
            tasks: Vec::new(),
        }
    }

    /// Tells its tasks to end and gives them.
    fn end(mut self) -> Ending {
        self.tasks.iter().for_each(JoinHandle::abort);
        mem::take(&mut self.tasks)
    }

    /// Tells whether it was begun at a server with a wish, or at the server at all.
    fn is_for(&self, server: ServerId, wish: Option<Wish>) -> bool {
        self.server == server && wish.is_none_or(|wish| self.begun.wish == wish)
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

#[derive(Default)]
struct State {
    /// In the order in which they began.
    flows: Vec<Flow>,
    outcomes: HashMap<ServerId, Outcome>,
    taken_back: HashMap<(ServerId, Option<Wish>), u64>,
    last_answer: Option<Timestamp>,
}

impl State {
    fn flow(&mut self, id: SignInId) -> Option<&mut Flow> {
        self.flows.iter_mut().find(|flow| flow.progress.id == id)
    }

    /// Removes the labels of a server, with a wish or all; gives what is written of them.
    fn remove(&mut self, server: ServerId, wish: Option<Wish>) -> Vec<Entry> {
        let left = self.flows.extract_if(.., |flow| flow.is_for(server, wish));
        left.map(|flow| flow.begun.entry.clone()).collect()
    }

    fn newest(&self, server: ServerId) -> Option<&Flow> {
        self.flows.iter().rfind(|flow| flow.server == server)
    }
}

/// At most one label for each wish at a server, and how the last sign-in of each server ended.
#[derive(Default)]
pub(super) struct Flows(Mutex<State>);

impl Flows {
    /// Puts a new label in place of the server's old one with the same wish and forgets how the last sign-in ended. Gives
    /// what is written of the one that is left, and what is ending with it.
    pub(super) fn begin(&self, server: ServerId, progress: Progress, begun: Begun) -> (Vec<Entry>, Ending) {
        let mut state = self.lock();
        state.outcomes.remove(&server);
        let left = state
            .flows
            .extract_if(.., |flow| flow.is_for(server, Some(begun.wish)));
        let left: Vec<Flow> = left.collect();
        left.iter().for_each(|flow| flow.begun.left.cancel());
        let entries = left.iter().map(|flow| flow.begun.entry.clone()).collect();
        let ending = left.into_iter().flat_map(Flow::end).collect();
        state.flows.push(Flow::of(server, progress, (begun, None)));
        (entries, ending)
    }

    /// Brings back a label of a sign-in that began before a restart.
    pub(super) fn restore(&self, server: ServerId, progress: Progress, (begun, link): (Begun, Url)) {
        let flow = Flow::of(server, progress, (begun, Some(link)));
        self.lock().flows.push(flow);
    }

    /// Tells whether a sign-in with this wish has a label at the server.
    pub(super) fn has(&self, server: ServerId, wish: Wish) -> bool {
        let state = self.lock();
        state.flows.iter().any(|flow| flow.is_for(server, Some(wish)))
    }

    /// Takes a label back to its beginning; nothing if it is gone. Gives what it was begun with, and what is ending.
    pub(super) fn begin_again(
        &self,
        id: SignInId,
        expires_at: Timestamp,
        why: Again,
    ) -> Option<(Begun, Ending)> {
        let mut state = self.lock();
        let flow = state.flow(id)?;
        let stage = Stage::Preparing;
        let mut begun = flow.begun.clone();
        let progress = Progress {
            id,
            wish: begun.wish,
            expires_at,
            stage,
        };
        begun.registered_anew |= why == Again::ClientForgotten;
        let before = mem::replace(flow, Flow::of(flow.server, progress, (begun.clone(), None)));
        Some((begun, before.end()))
    }

    /// Ties a task to a label: it ends with it. A task whose label is gone ends at once.
    pub(super) fn attach(&self, id: SignInId, task: JoinHandle<()>) {
        match self.lock().flow(id) {
            Some(flow) => flow.tasks.push(task),
            None => task.abort(),
        }
    }

    /// Moves a label on; tells whether it is still there.
    pub(super) fn advance(&self, id: SignInId, stage: Stage, link: Option<Url>) -> bool {
        let mut state = self.lock();
        let Some(flow) = state.flow(id) else {
            return false;
        };
        flow.progress.stage = stage;
        flow.link = link.or_else(|| flow.link.take());
        true
    }

    /// Takes the label away and keeps the outcome, unless another sign-in of the server began later: how an older one
    /// ended is not told in place of where the newer one stands.
    pub(super) fn end(&self, server: ServerId, id: SignInId, outcome: Outcome) {
        let mut state = self.lock();
        if state.newest(server).is_none_or(|newest| newest.progress.id == id) {
            state.outcomes.insert(server, outcome);
        }
        state.flows.retain(|flow| flow.progress.id != id);
    }

    /// Stops what is under way at a server, with a wish or at all; its label stays until it is ended or forgotten.
    pub(super) fn stop(&self, server: ServerId, wish: Option<Wish>) {
        let mut state = self.lock();
        let stopped = state.flows.iter_mut().filter(|flow| flow.is_for(server, wish));
        for flow in stopped {
            flow.tasks.iter().for_each(JoinHandle::abort);
        }
    }

    /// Counts that the person wants nothing more of the sign-ins that a server has had so far, with a wish or at all.
    pub(super) fn take_back(&self, server: ServerId, wish: Option<Wish>) {
        let mut state = self.lock();
        *state.taken_back.entry((server, wish)).or_default() += 1;
        let left = state.flows.iter().filter(|flow| flow.is_for(server, wish));
        left.for_each(|flow| flow.begun.left.cancel());
    }

    /// Tells how often a sign-in with this wish was taken back so far.
    pub(super) fn times_taken_back(&self, server: ServerId, wish: Wish) -> u64 {
        let state = self.lock();
        let times = |wish| state.taken_back.get(&(server, wish)).copied().unwrap_or_default();
        times(None) + times(Some(wish))
    }

    /// Forgets how a server's sign-ins went, those with a wish or all; gives what is written of those that are left.
    pub(super) fn forget(&self, server: ServerId, wish: Option<Wish>) -> Vec<Entry> {
        let mut state = self.lock();
        state.outcomes.remove(&server);
        state.remove(server, wish)
    }

    /// Forgets how the sign-ins stand and went, which ends every task of theirs; gives what is written of those that are
    /// left. What the person took back stays counted: an answer that is being exchanged compares with it.
    pub(super) fn clear(&self) -> Vec<Entry> {
        let mut state = self.lock();
        state.outcomes.clear();
        let flows = mem::take(&mut state.flows);
        drop(state);
        flows.iter().map(|flow| flow.begun.entry.clone()).collect()
    }

    /// Gives where the server's sign-in stands that began last.
    pub(super) fn progress(&self, server: ServerId) -> Option<Progress> {
        self.lock().newest(server).map(|flow| flow.progress.clone())
    }

    /// Tells whether a label is left that has not expired. After sleep one may be there that has.
    pub(super) fn is_one_under_way(&self, now: Timestamp) -> bool {
        let state = self.lock();
        state.flows.iter().any(|flow| flow.progress.expires_at > now)
    }

    /// Notes that an answer came which belongs to a waiting sign-in.
    pub(super) fn answered(&self, now: Timestamp) {
        self.lock().last_answer = Some(now);
    }

    pub(super) fn last_answer(&self) -> Option<Timestamp> {
        self.lock().last_answer
    }

    pub(super) fn outcome(&self, server: ServerId) -> Option<Outcome> {
        self.lock().outcomes.get(&server).cloned()
    }

    pub(super) fn link(&self, id: SignInId) -> Option<Url> {
        self.lock().flow(id)?.link.clone()
    }

    /// Tells how the browser of a sign-in is to come back, if it was sent to the page.
    pub(super) fn way(&self, id: SignInId) -> Option<Way> {
        match self.lock().flow(id)?.progress.stage {
            Stage::Browser { way, .. } => Some(way),
            Stage::Preparing | Stage::Finishing => None,
        }
    }

    /// Tells with which wish a sign-in was begun, and gives what is written of it, which names its server.
    pub(super) fn purpose(&self, id: SignInId) -> Option<(Wish, Entry)> {
        let mut state = self.lock();
        let begun = &state.flow(id)?.begun;
        Some((begun.wish, begun.entry.clone()))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Labels are shown, not relied on: one left by a panic elsewhere is still fit to show.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
