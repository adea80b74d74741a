//! News for the window, numbered.

use std::sync::{Mutex, PoisonError};

use tokio::sync::broadcast;

use super::contract::{Event, EventBody};

/// How many events a slow window may lag behind before it takes a new snapshot.
const BACKLOG: usize = 1024;

/// Numbers events and sends them to whoever listens.
pub(super) struct Events {
    seq: Mutex<u64>,
    sender: broadcast::Sender<Event>,
}

impl Events {
    pub(super) fn new() -> Self {
        Self {
            seq: Mutex::new(0),
            sender: broadcast::channel(BACKLOG).0,
        }
    }

    /// Gives the number of the last event.
    pub(super) fn seq(&self) -> u64 {
        *self.seq.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends one event. Numbering and sending happen under one lock, so that they arrive in order.
    pub(super) fn send(&self, body: EventBody) {
        let mut seq = self.seq.lock().unwrap_or_else(PoisonError::into_inner);
        *seq += 1;
        // Nobody listening is fine: a window that opens later takes a snapshot.
        let _ = self.sender.send(Event { seq: *seq, body });
    }

    pub(super) fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }
}
