//! A network that goes and comes back by hand.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use async_trait::async_trait;
use tokio::sync::Notify;
use url::Host;
use usher_core::{base::Reach, ports::Network};

/// Is there at first. The whole world lies beyond it, although it is on this machine: servers that are to be out of
/// reach are unplugged besides. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct HandNetwork(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_away: AtomicBool,
    questions: AtomicUsize,
    stirs: Notify,
}

impl HandNetwork {
    /// Takes it away.
    pub fn goes(&self) {
        self.turn(true);
    }

    /// Brings it back.
    pub fn comes_back(&self) {
        self.turn(false);
    }

    /// Counts what failed while it was away: each time it is asked whether it is there.
    pub fn questions(&self) -> usize {
        self.0.questions.load(Ordering::SeqCst)
    }

    fn turn(&self, away: bool) {
        self.0.is_away.store(away, Ordering::SeqCst);
        self.0.stirs.notify_one();
    }
}

#[async_trait]
impl Network for HandNetwork {
    fn leads_out(&self) -> bool {
        !self.0.is_away.load(Ordering::SeqCst)
    }

    fn leads_to(&self, _host: &Host<&str>, _reach: Reach) -> bool {
        self.0.questions.fetch_add(1, Ordering::SeqCst);
        self.leads_out()
    }

    async fn stirs(&self) {
        self.0.stirs.notified().await;
    }
}
