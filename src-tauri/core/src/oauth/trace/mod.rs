//! What was asked, answered and decided on the way to a grant, without anything secret.
//!
//! A step is made fit to show before it is kept: see [`shown`]. What a run has hidden once is taken out of every later
//! text of it, whoever wrote that.

mod decision;
mod hidden;
mod shown;
mod traced_http;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    base::Secret,
    ports::{Clock, HttpError},
};

use hidden::Hidden;

pub use decision::{Arrival, Decision, MetadataPlace, ScopeSource};
pub(super) use shown::address;
pub use traced_http::TracedHttp;

/// The most steps that are kept of one run; the newest is kept besides.
const STEP_LIMIT: usize = 200;
/// The most bytes that are kept of one run, counted as JSON.
const BYTE_LIMIT: usize = 256 * 1024;

/// One step of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Milliseconds since the run began.
    pub after_ms: u64,
    /// What happened.
    pub what: What,
}

/// What happened in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum What {
    /// A request was sent.
    Asked {
        /// Its method.
        method: String,
        /// Where to, without the query.
        url: String,
        /// Its parameters, from the query, the form or the JSON body.
        params: Vec<Param>,
    },
    /// An answer came.
    Answered {
        /// Its status.
        status: u16,
        /// Its media type, without parameters.
        media_type: Option<String>,
        /// Those of its headers that OAuth gives a meaning.
        headers: Vec<Param>,
        /// Its members, if it is a JSON object.
        members: Vec<Param>,
    },
    /// No answer came.
    Failed {
        /// Why.
        why: HttpError,
    },
    /// Something was decided.
    Decided {
        /// What.
        decision: Decision,
    },
    /// So many steps were too many to keep.
    LeftOut {
        /// How many.
        steps: u32,
    },
}

/// A name with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// The name.
    pub name: String,
    /// The value; `None` where it is secret, or may be.
    pub value: Option<String>,
}

/// The steps of one run so far. Clones are the same run.
#[derive(Clone)]
pub struct Trace(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    /// What had passed when this trace was made, and when that was.
    passed: Duration,
    made: Duration,
    grown: Box<dyn Fn() + Send + Sync>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    steps: Vec<Step>,
    bytes: usize,
    hidden: Hidden,
}

impl Trace {
    /// Begins a run.
    pub fn begin(clock: Arc<dyn Clock>) -> Self {
        Self::resume(clock, Vec::new(), Duration::ZERO, || {})
    }

    /// Goes on with a run that has these steps and began so long ago. `grown` is called after each further step; it
    /// must not wait.
    pub fn resume(
        clock: Arc<dyn Clock>,
        steps: Vec<Step>,
        passed: Duration,
        grown: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        let kept = Kept {
            bytes: steps.iter().map(size).sum(),
            steps,
            hidden: Hidden::default(),
        };
        Self(Arc::new(Inner {
            made: clock.monotonic(),
            clock,
            passed,
            grown: Box::new(grown),
            kept: Mutex::new(kept),
        }))
    }

    /// Writes a decision down.
    pub fn decided(&self, decision: Decision) {
        self.note(What::Decided { decision });
    }

    /// Gives the steps so far.
    pub fn steps(&self) -> Vec<Step> {
        self.kept().steps.clone()
    }

    /// Takes these, which are ours or which we send, out of every text that is written down from now on.
    pub fn hide(&self, secrets: impl IntoIterator<Item = Secret<String>>) {
        self.kept().hidden.add_ours(secrets);
    }

    /// Takes these, which somebody else brought, out of every text that is written down from now on, until 64 newer
    /// ones have come.
    pub fn hide_brought(&self, secrets: impl IntoIterator<Item = Secret<String>>) {
        self.kept().hidden.add_brought(secrets);
    }

    fn note(&self, what: What) {
        let inner = &self.0;
        let passed = inner.passed + inner.clock.monotonic().saturating_sub(inner.made);
        let after_ms = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX);
        let mut kept = self.kept();
        if let Some(what) = cleaned(&what, &kept.hidden) {
            kept.push(Step { after_ms, what });
        }
        drop(kept);
        (inner.grown)();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // A panic elsewhere leaves a list of whole steps.
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// Keeps a step; once there are too many, only the newest is kept beside the early ones.
    fn push(&mut self, step: Step) {
        self.bytes += size(&step);
        if self.steps.len() < STEP_LIMIT && self.bytes <= BYTE_LIMIT {
            self.steps.push(step);
            return;
        }
        if let [
            ..,
            Step {
                what: What::LeftOut { steps },
                ..
            },
            last,
        ] = &mut self.steps[..]
        {
            *steps = steps.saturating_add(1);
            *last = step;
            return;
        }
        let (after_ms, what) = (step.after_ms, What::LeftOut { steps: 0 });
        self.steps.extend([Step { after_ms, what }, step]);
    }
}

fn size(step: &Step) -> usize {
    serde_json::to_string(step).map_or(0, |json| json.len())
}

/// Makes every text of a step fit to show. A step whose own form a secret resembles is not kept.
fn cleaned(what: &What, hidden: &Hidden) -> Option<What> {
    let mut json = serde_json::to_value(what).ok()?;
    clean(&mut json, hidden);
    serde_json::from_value(json).ok()
}

fn clean(value: &mut Value, hidden: &Hidden) {
    match value {
        Value::String(text) => *text = shown::cleaned(text, hidden.iter()),
        Value::Array(items) => items.iter_mut().for_each(|item| clean(item, hidden)),
        Value::Object(members) => members.values_mut().for_each(|member| clean(member, hidden)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests;
