//! What happened at a server, for people to read: the last runs of each kind with their steps.
//!
//! A run that is under way is in memory and written at milestones, so that a restart in between costs nothing that
//! matters. Its steps are made fit to show before they get here ([`oauth::Trace`]).
//!
//! Never here: a reason for anything to fail. What cannot be written is lost, and the run it tells of goes on.
//!
//! [`oauth::Trace`]: crate::oauth::Trace

mod entry;
mod table;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use serde_json::Value;
use tokio::sync::broadcast;

use crate::{
    base::{AccountId, RunId, ServerId, Timestamp},
    oauth::Step,
    ports::Clock,
    store::{Store, StoreError},
};

pub use entry::Entry;
use entry::Life;

/// How many runs of one kind are kept of a server.
const KEPT: u32 = 10;
/// How many pieces of news wait for a slow listener before it is told that it missed some.
const NEWS_KEPT: usize = 1024;

/// What a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A person signs in.
    SignIn,
    /// The background renews a grant.
    Renewal,
    /// A grant is revoked.
    SignOut,
    /// A client of ours that no account uses any more is deleted at its issuer.
    Deregistration,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::SignIn => "signIn",
            Self::Renewal => "renewal",
            Self::SignOut => "signOut",
            Self::Deregistration => "deregistration",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        let all = [Self::SignIn, Self::Renewal, Self::SignOut, Self::Deregistration];
        all.into_iter().find(|kind| kind.word() == word)
    }
}

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It goes on.
    UnderWay,
    /// It was left: another took its place, or the app ended and its time was over before the next start.
    Unfinished,
    /// It ended.
    Ended {
        /// When.
        at: Timestamp,
        /// How, as JSON in the words of its kind.
        ending: Value,
    },
}

/// A run without its steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Which.
    pub id: RunId,
    /// At which server.
    pub server: ServerId,
    /// Which account it is about, once that is known. The account may be gone.
    pub account: Option<AccountId>,
    /// What it is.
    pub kind: Kind,
    /// When it began.
    pub begun_at: Timestamp,
    /// Where it stands.
    pub standing: Standing,
}

/// A run has grown, ended or been kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grown {
    /// Which.
    pub run: RunId,
    /// At which server.
    pub server: ServerId,
}

/// Keeps what happened. Cheap to clone.
#[derive(Clone)]
pub struct Record(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    under_way: Mutex<HashMap<RunId, Weak<Life>>>,
    news: broadcast::Sender<Grown>,
}

impl Record {
    /// Takes what it keeps runs in; reads nothing yet.
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            store,
            clock,
            under_way: Mutex::default(),
            news: broadcast::channel(NEWS_KEPT).0,
        }))
    }

    /// Begins the entry of a sign-in. The sign-in is under way for as long as somebody holds it.
    pub fn begin(&self, id: RunId, server: ServerId) -> Entry {
        let begun_at = self.0.clock.now();
        let summary = Summary {
            id,
            server,
            account: None,
            kind: Kind::SignIn,
            begun_at,
            standing: Standing::UnderWay,
        };
        self.hold(Entry::new(self.clone(), summary, Vec::new()))
    }

    /// Takes up a sign-in's entry again, also after a restart; one that was never written begins here.
    pub async fn resume(&self, id: RunId, server: ServerId) -> Entry {
        if let Some(entry) = self.entry(id) {
            return entry;
        }
        match table::find(&self.0.store, id).await {
            Ok(Some((summary, steps))) => self.hold(Entry::new(self.clone(), summary, steps)),
            Ok(None) => self.begin(id, server),
            Err(error) => {
                tracing::warn!(%error, "what happened earlier in a run could not be read");
                self.begin(id, server)
            }
        }
    }

    /// Begins the entry of what the background does. Nobody hears of it unless it is saved.
    pub fn aside(&self, server: ServerId, kind: Kind) -> Entry {
        let summary = Summary {
            id: RunId::random(),
            server,
            account: None,
            kind,
            begun_at: self.0.clock.now(),
            standing: Standing::UnderWay,
        };
        Entry::new(self.clone(), summary, Vec::new())
    }

    /// Gives the runs of a server, newest first.
    pub async fn runs(&self, server: ServerId) -> Result<Vec<Summary>, StoreError> {
        let mut runs = table::of_server(&self.0.store, server).await?;
        let under_way: Vec<_> = self.under_way().values().filter_map(Weak::upgrade).collect();
        for entry in under_way.into_iter().map(Entry::of) {
            let summary = entry.summary();
            if summary.server == server {
                runs.retain(|written| written.id != summary.id);
                runs.push(summary);
            }
        }
        // Stable: of those that began in the same second, the later written comes first.
        runs.sort_by_key(|run| std::cmp::Reverse(run.begun_at));
        Ok(runs)
    }

    /// Gives one run with its steps.
    pub async fn run(&self, id: RunId) -> Result<Option<(Summary, Vec<Step>)>, StoreError> {
        match self.entry(id) {
            Some(entry) => Ok(Some((entry.summary(), entry.trace().steps()))),
            None => table::find(&self.0.store, id).await,
        }
    }

    /// Hears of every step and every end from now on.
    pub fn news(&self) -> broadcast::Receiver<Grown> {
        self.0.news.subscribe()
    }

    /// Writes a run down; a failure costs the record and nothing else.
    async fn write(&self, entry: &Entry) {
        let written = table::put(&self.0.store, || (entry.summary(), entry.trace().steps())).await;
        if let Err(error) = written {
            tracing::warn!(%error, "what happened could not be written down");
        }
        self.tell(entry);
    }

    fn tell(&self, entry: &Entry) {
        // Nobody listening is fine: whoever looks later asks.
        let _ = self.0.news.send(entry.grown());
    }

    /// Makes a run findable while somebody holds it.
    fn hold(&self, entry: Entry) -> Entry {
        let mut under_way = self.under_way();
        under_way.retain(|_, run| run.strong_count() > 0);
        under_way.insert(entry.grown().run, entry.life());
        entry
    }

    fn entry(&self, id: RunId) -> Option<Entry> {
        self.under_way().get(&id)?.upgrade().map(Entry::of)
    }

    fn under_way(&self) -> MutexGuard<'_, HashMap<RunId, Weak<Life>>> {
        // A panic elsewhere leaves whole entries.
        self.0.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
