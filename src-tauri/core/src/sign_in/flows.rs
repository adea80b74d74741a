//! The labels of sign-ins: what the window shows, held in memory only.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::task::AbortHandle;
use url::Url;

use super::{Outcome, Rung, Wish};
use crate::{
    base::{ServerId, SignInId, Timestamp},
    oauth::Hints,
    record::Entry,
};

/// Where a sign-in stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Which sign-in.
    pub id: SignInId,
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
}

/// What a sign-in was begun with, and where what happens in it is written down.
#[derive(Clone)]
pub(super) struct Begun {
    pub(super) wish: Wish,
    pub(super) hints: Hints,
    pub(super) entry: Entry,
}

/// One label with what belongs to it.
struct Flow {
    server: ServerId,
    progress: Progress,
    begun: Begun,
    link: Option<Url>,
    tasks: Vec<AbortHandle>,
}

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

    /// Tells whether it was begun at a server with a wish, or at the server at all.
    fn is_for(&self, server: ServerId, wish: Option<Wish>) -> bool {
        self.server == server && wish.is_none_or(|wish| self.begun.wish == wish)
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

#[derive(Default)]
struct State {
    /// In the order in which they began.
    flows: Vec<Flow>,
    outcomes: HashMap<ServerId, Outcome>,
    taken_back: HashMap<(ServerId, Option<Wish>), u64>,
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
    /// Puts a new label in place of the server's old one with the same wish and forgets how the last sign-in ended;
    /// gives what is written of the one that is left.
    pub(super) fn begin(&self, server: ServerId, progress: Progress, begun: Begun) -> Vec<Entry> {
        let mut state = self.lock();
        state.outcomes.remove(&server);
        let left = state.remove(server, Some(begun.wish));
        state.flows.push(Flow::of(server, progress, (begun, None)));
        left
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

    /// Takes a label back to its beginning, with what it was begun with; nothing if it is gone.
    pub(super) fn begin_again(&self, id: SignInId, expires_at: Timestamp) -> Option<Begun> {
        let mut state = self.lock();
        let flow = state.flow(id)?;
        let stage = Stage::Preparing;
        let progress = Progress {
            id,
            expires_at,
            stage,
        };
        let begun = flow.begun.clone();
        *flow = Flow::of(flow.server, progress, (begun.clone(), None));
        Some(begun)
    }

    /// Ties a task to a label: it ends with it. A task whose label is gone ends at once.
    pub(super) fn attach(&self, id: SignInId, task: AbortHandle) {
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
            flow.tasks.drain(..).for_each(|task| task.abort());
        }
    }

    /// Counts that the person wants nothing more of the sign-ins that a server has had so far, with a wish or at all.
    pub(super) fn take_back(&self, server: ServerId, wish: Option<Wish>) {
        *self.lock().taken_back.entry((server, wish)).or_default() += 1;
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

    /// Forgets everything, which ends every task of a sign-in; gives what is written of those that are left.
    pub(super) fn clear(&self) -> Vec<Entry> {
        let state = std::mem::take(&mut *self.lock());
        let left = state.flows.iter();
        left.map(|flow| flow.begun.entry.clone()).collect()
    }

    /// Gives where the server's sign-in stands that began last.
    pub(super) fn progress(&self, server: ServerId) -> Option<Progress> {
        self.lock().newest(server).map(|flow| flow.progress.clone())
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
