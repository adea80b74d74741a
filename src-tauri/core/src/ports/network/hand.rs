//! A network that goes and comes back by hand, for the tests of the rooms.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use tokio::sync::Notify;
use url::Host;

use super::{Network, WayOut};
use crate::base::Reach;

/// Is there at first. While it is away, there is no way to anybody, this machine included.
#[derive(Debug, Default)]
pub(crate) struct HandNetwork {
    is_away: AtomicBool,
    stirs: Notify,
}

impl HandNetwork {
    pub(crate) fn goes(&self) {
        self.turn(true);
    }

    pub(crate) fn comes_back(&self) {
        self.turn(false);
    }

    fn turn(&self, away: bool) {
        self.is_away.store(away, Ordering::SeqCst);
        self.stirs.notify_one();
    }
}

#[async_trait]
impl Network for HandNetwork {
    fn leads_out(&self) -> bool {
        !self.is_away.load(Ordering::SeqCst)
    }

    fn leads_to(&self, _host: &Host<&str>, _reach: Reach) -> bool {
        self.leads_out()
    }

    async fn stirs(&self) {
        self.stirs.notified().await;
    }
}

/// A way out that is always there.
pub(crate) fn always() -> WayOut {
    WayOut::new(Arc::new(HandNetwork::default()))
}
