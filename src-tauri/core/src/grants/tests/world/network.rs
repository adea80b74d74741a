//! A network whose way out is opened and closed by hand.

use std::sync::Arc;

use tokio::task::JoinHandle;

use crate::ports::{Http, Network, WayOut, network::hand::HandNetwork};

/// A network with a way out that is opened and closed by hand.
#[derive(Clone)]
pub struct Net {
    pub http: Http,
    pub(super) way_out: WayOut,
    pub(super) network: Arc<HandNetwork>,
}

impl Net {
    /// Gives one in which providers hear this name.
    pub fn named(name: &str) -> Self {
        let network = Arc::new(HandNetwork::default());
        let way_out = WayOut::new(Arc::clone(&network) as Arc<dyn Network>);
        let http = Http::new(name, way_out.clone()).expect("TLS roots can be read");
        Self {
            http,
            way_out,
            network,
        }
    }
}

/// Looks for the network until it is dropped.
pub(super) struct Looking(JoinHandle<()>);

impl Looking {
    pub(super) fn begin(way_out: WayOut) -> Self {
        Self(tokio::spawn(async move { way_out.keep_looking().await }))
    }
}

impl Drop for Looking {
    fn drop(&mut self) {
        self.0.abort();
    }
}
