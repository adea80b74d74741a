//! What a wire saw that concerns more than one request.

use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;
use tokio::sync::watch;

use super::super::fault::Fault;
use crate::oauth::Hints;

/// Where the challenge of the last refusal is kept, across sessions.
pub(in super::super) type LastHints = Arc<Mutex<Option<Hints>>>;

/// Shared between the wire, which writes, and the keeper of the session, who reads. Cheap to clone.
#[derive(Debug, Clone)]
pub(in super::super) struct Notes {
    fault: watch::Sender<Option<Fault>>,
    hints: LastHints,
}

impl Notes {
    pub(in super::super) fn new(hints: LastHints) -> Self {
        Self {
            fault: watch::Sender::new(None),
            hints,
        }
    }

    /// Notes a fault; one that ends the session stays.
    pub(super) fn fault(&self, fault: &Fault) {
        self.fault.send_if_modified(|noted| {
            let stays = noted.as_ref().is_some_and(Fault::ends_session);
            if !stays {
                *noted = Some(fault.clone());
            }
            !stays
        });
    }

    /// Keeps what a refusal says about signing in, for the sign-in that follows.
    pub(super) fn challenge(&self, headers: &HeaderMap) {
        if let Some(hints) = Hints::from(headers) {
            *self.hints.lock().unwrap_or_else(PoisonError::into_inner) = Some(hints);
        }
    }

    /// Keeps where a refusal for want of a scope says that one signs in; what it lacks goes with the refusal.
    pub(super) fn insufficient(&self, headers: &HeaderMap) {
        let Some(url) = Hints::from(headers).and_then(|hints| hints.resource_metadata) else {
            return;
        };
        let mut hints = self.hints.lock().unwrap_or_else(PoisonError::into_inner);
        hints.get_or_insert_default().resource_metadata = Some(url);
    }

    /// Gives the last fault.
    pub(in super::super) fn last(&self) -> Option<Fault> {
        self.fault.borrow().clone()
    }

    /// Returns once a fault has ended the session.
    pub(in super::super) async fn ended(&self) -> Fault {
        let mut faults = self.fault.subscribe();
        loop {
            let noted = faults.borrow_and_update().clone();
            if let Some(fault) = noted.filter(Fault::ends_session) {
                return fault;
            }
            if faults.changed().await.is_err() {
                // The sender lives in `self`, so this is never reached; waiting is the harmless answer.
                return std::future::pending().await;
            }
        }
    }
}
