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

/// What a sign-in was begun with.
#[derive(Debug, Clone)]
pub(super) struct Begun {
    pub(super) wish: Wish,
    pub(super) hints: Hints,
}

/// One label with what belongs to it.
struct Flow {
    progress: Progress,
    begun: Begun,
    link: Option<Url>,
    tasks: Vec<AbortHandle>,
}

impl Flow {
    const fn of(progress: Progress, begun: Begun, link: Option<Url>) -> Self {
        Self {
            progress,
            begun,
            link,
            tasks: Vec::new(),
        }
    }
}

impl Drop for Flow {
    fn drop(&mut self) {
        self.tasks.iter().for_each(AbortHandle::abort);
    }
}

#[derive(Default)]
struct State {
    flows: HashMap<ServerId, Flow>,
    outcomes: HashMap<ServerId, Outcome>,
    taken_back: HashMap<ServerId, u64>,
}

/// At most one label per server, and how the last one ended.
#[derive(Default)]
pub(super) struct Flows(Mutex<State>);

impl Flows {
    /// Puts a new label in place of the server's old one and forgets how the last sign-in ended.
    pub(super) fn begin(&self, server: ServerId, progress: Progress, begun: Begun) {
        let mut state = self.lock();
        state.outcomes.remove(&server);
        state.flows.insert(server, Flow::of(progress, begun, None));
    }

    /// Brings back a label of a sign-in that began before a restart.
    pub(super) fn restore(&self, server: ServerId, progress: Progress, (begun, link): (Begun, Url)) {
        let flow = Flow::of(progress, begun, Some(link));
        self.lock().flows.insert(server, flow);
    }

    /// Takes a label back to its beginning, with what it was begun with; nothing if it is gone.
    pub(super) fn begin_again(&self, id: SignInId, expires_at: Timestamp) -> Option<Begun> {
        let mut state = self.lock();
        let flow = state.flows.values_mut().find(|flow| flow.progress.id == id)?;
        let stage = Stage::Preparing;
        let progress = Progress {
            id,
            expires_at,
            stage,
        };
        let begun = flow.begun.clone();
        *flow = Flow::of(progress, begun.clone(), None);
        Some(begun)
    }

    /// Ties a task to a label: it ends with it. A task whose label is gone ends at once.
    pub(super) fn attach(&self, id: SignInId, task: AbortHandle) {
        match self.lock().flows.values_mut().find(|flow| flow.progress.id == id) {
            Some(flow) => flow.tasks.push(task),
            None => task.abort(),
        }
    }

    /// Moves a label on; tells whether it is still there.
    pub(super) fn advance(&self, id: SignInId, stage: Stage, link: Option<Url>) -> bool {
        let mut state = self.lock();
        let Some(flow) = state.flows.values_mut().find(|flow| flow.progress.id == id) else {
            return false;
        };
        flow.progress.stage = stage;
        flow.link = link.or_else(|| flow.link.take());
        true
    }

    /// Takes the label away if it is still that of `id` or there is none, and keeps the outcome. An answer to an
    /// older sign-in changes nothing about a newer one.
    pub(super) fn end(&self, server: ServerId, id: SignInId, outcome: Outcome) -> bool {
        let mut state = self.lock();
        if state
            .flows
            .get(&server)
            .is_some_and(|flow| flow.progress.id != id)
        {
            return false;
        }
        state.flows.remove(&server);
        state.outcomes.insert(server, outcome);
        true
    }

    /// Stops what is under way at a server; its label stays until it is ended or forgotten.
    pub(super) fn stop(&self, server: ServerId) {
        if let Some(flow) = self.lock().flows.get_mut(&server) {
            flow.tasks.drain(..).for_each(|task| task.abort());
        }
    }

    /// Counts that the person wants nothing more of the sign-ins that a server has had so far.
    pub(super) fn take_back(&self, server: ServerId) {
        *self.lock().taken_back.entry(server).or_default() += 1;
    }

    /// Tells how often that happened.
    pub(super) fn times_taken_back(&self, server: ServerId) -> u64 {
        self.lock().taken_back.get(&server).copied().unwrap_or_default()
    }

    /// Forgets how a server's sign-ins went.
    pub(super) fn forget(&self, server: ServerId) {
        let mut state = self.lock();
        state.flows.remove(&server);
        state.outcomes.remove(&server);
    }

    /// Forgets everything, which ends every task of a sign-in.
    pub(super) fn clear(&self) {
        *self.lock() = State::default();
    }

    pub(super) fn progress(&self, server: ServerId) -> Option<Progress> {
        self.lock().flows.get(&server).map(|flow| flow.progress.clone())
    }

    pub(super) fn outcome(&self, server: ServerId) -> Option<Outcome> {
        self.lock().outcomes.get(&server).cloned()
    }

    pub(super) fn link(&self, id: SignInId) -> Option<Url> {
        self.lock()
            .flows
            .values()
            .find(|flow| flow.progress.id == id)
            .and_then(|flow| flow.link.clone())
    }

    /// Tells how the browser of a sign-in is to come back, if it was sent to the page.
    pub(super) fn way(&self, id: SignInId) -> Option<Way> {
        let state = self.lock();
        let flow = state.flows.values().find(|flow| flow.progress.id == id)?;
        match flow.progress.stage {
            Stage::Browser { way, .. } => Some(way),
            Stage::Preparing | Stage::Finishing => None,
        }
    }

    pub(super) fn server_of(&self, id: SignInId) -> Option<ServerId> {
        self.lock()
            .flows
            .iter()
            .find(|(_, flow)| flow.progress.id == id)
            .map(|(server, _)| *server)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Labels are shown, not relied on: one left by a panic elsewhere is still fit to show.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
