//! One run while it is being written down.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde::Serialize;

use super::{Grown, Kind, Record, Standing, Summary};
use crate::{
    base::{AccountId, ServerId},
    oauth::{Step, Trace},
};

/// What is written of one run. Clones are the same entry.
#[derive(Clone)]
pub struct Entry(Arc<Life>);

pub(super) struct Life {
    record: Record,
    summary: Mutex<Summary>,
    grown: Grown,
    trace: Trace,
}

impl Entry {
    /// Takes up a run where it stands.
    pub(super) fn new(record: Record, mut summary: Summary, steps: Vec<Step>) -> Self {
        if summary.standing == Standing::Unfinished {
            summary.standing = Standing::UnderWay;
        }
        let grown = Grown {
            run: summary.id,
            server: summary.server,
        };
        let clock = record.0.clock.clone();
        let passed = summary.begun_at.until(clock.now());
        let news = record.0.news.clone();
        let shown = summary.kind == Kind::SignIn;
        let tell = move || {
            if shown {
                // Nobody listening is fine: whoever looks later asks.
                let _ = news.send(grown);
            }
        };
        Self(Arc::new(Life {
            trace: Trace::resume(clock, steps, passed, tell),
            record,
            summary: Mutex::new(summary),
            grown,
        }))
    }

    pub(super) const fn of(life: Arc<Life>) -> Self {
        Self(life)
    }

    pub(super) fn life(&self) -> Weak<Life> {
        Arc::downgrade(&self.0)
    }

    pub(super) fn grown(&self) -> Grown {
        self.0.grown
    }

    pub(super) fn summary(&self) -> Summary {
        // A panic elsewhere leaves a whole summary.
        let summary = self.0.summary.lock();
        summary.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives the server at which it happens.
    pub fn server(&self) -> ServerId {
        self.0.grown.server
    }

    /// Gives the trace that its steps are written into.
    pub fn trace(&self) -> &Trace {
        &self.0.trace
    }

    /// Notes which account it is about. It is written with the next [`Entry::save`].
    pub fn about(&self, account: AccountId) {
        let mut summary = self.0.summary.lock().unwrap_or_else(PoisonError::into_inner);
        summary.account = Some(account);
    }

    /// Notes how it ended. It is written with the next [`Entry::save`].
    pub fn ended(&self, ending: &impl Serialize) {
        let at = self.0.record.0.clock.now();
        let ending = serde_json::to_value(ending).expect("an ending always has a JSON form");
        let mut summary = self.0.summary.lock().unwrap_or_else(PoisonError::into_inner);
        summary.standing = Standing::Ended { at, ending };
        drop(summary);
        self.0.record.tell(self);
    }

    /// Writes down what happened so far.
    pub async fn save(&self) {
        self.0.record.write(self).await;
    }
}
