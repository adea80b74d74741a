//! Stops a process for good at a step of a renewal, which the core says in its log.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use serde::{Deserialize, Serialize};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
    util::SubscriberInitExt,
};

use crate::talk::{Said, say};

/// A step of a renewal, as the core calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// The mark is on disk and nothing has been sent.
    Marked,
    /// The answer is here and nothing of it on disk.
    Answered,
    /// The new pair is on disk and nobody has seen it.
    Kept,
}

impl Step {
    const fn word(self) -> &'static str {
        match self {
            Self::Marked => "marked",
            Self::Answered => "answered",
            Self::Kept => "kept",
        }
    }
}

/// Stops this process at a step once the returned switch is on.
pub fn install(step: Step) -> Arc<AtomicBool> {
    let armed = Arc::new(AtomicBool::new(false));
    let hold = Hold {
        step,
        armed: Arc::clone(&armed),
    };
    tracing_subscriber::registry().with(hold).init();
    armed
}

struct Hold {
    step: Step,
    armed: Arc<AtomicBool>,
}

impl<S: Subscriber> Layer<S> for Hold {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target().starts_with("usher_core::grants")
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut word = Word(None);
        event.record(&mut word);
        if word.0.as_deref() == Some(self.step.word()) && self.armed.load(Ordering::SeqCst) {
            say(&Said::Held);
            loop {
                std::thread::park();
            }
        }
    }
}

/// Finds the step that an event names.
struct Word(Option<String>);

impl Visit for Word {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "step" {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}
