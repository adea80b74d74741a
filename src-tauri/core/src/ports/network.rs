//! The door to the network's state: whether there is a way out of this machine at all.
//!
//! It is asked of the system alone: nothing is sent, and nobody is probed. Its answer forbids nothing. Every request is
//! tried, and only one that failed without having arrived is judged by it, so that a server on this machine, a proxy or a
//! tunnel works whatever it says.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, UdpSocket},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use tokio::sync::watch;
use url::{Host, Url};

use super::{Clock, SystemClock};
use crate::base::Reach;

/// Over how long everything is taken up again that waited for the network.
pub const SPREAD: Duration = Duration::from_secs(5);
/// How long whatever waits for the network waits at most: there are networks without a way out, and servers in them.
pub const OFFLINE_WAIT: Duration = Duration::from_secs(300);

/// Tells whether there is a way out of this machine.
#[async_trait]
pub trait Network: Send + Sync {
    /// Tells whether there is a way out, as the system sees it now.
    fn leads_out(&self) -> bool;

    /// Tells whether there is a way to a host of `reach`, as far as the system knows without asking anybody else. To
    /// itself there always is, by whatever name.
    fn leads_to(&self, host: &Host<&str>, reach: Reach) -> bool;

    /// Returns when it is worth asking again.
    async fn stirs(&self);
}

/// The machine's own network.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemNetwork;

/// Places beyond every network of one's own: a root name server (IANA, a.root-servers.net). Nothing is ever sent there.
const BEYOND: [IpAddr; 2] = [
    IpAddr::V4(Ipv4Addr::new(198, 41, 0, 4)),
    IpAddr::V6(Ipv6Addr::new(0x2001, 0x503, 0xba3e, 0, 0, 0, 2, 0x30)),
];
/// Any but 0 will do.
const ANY_PORT: u16 = 9;
/// How long between two looks.
const EVERY: Duration = Duration::from_secs(3);

#[async_trait]
impl Network for SystemNetwork {
    fn leads_out(&self) -> bool {
        let told = BEYOND.map(route_to);
        // Where the system tells nothing of either, that is no word on the network.
        told.contains(&Route::Known) || !told.contains(&Route::None)
    }

    fn leads_to(&self, host: &Host<&str>, reach: Reach) -> bool {
        let address = match host {
            _ if reach == Reach::Loopback => return true,
            Host::Domain(name) => {
                return *name == "localhost" || name.ends_with(".localhost") || self.leads_out();
            }
            Host::Ipv4(v4) => IpAddr::V4(*v4),
            Host::Ipv6(v6) => IpAddr::V6(*v6),
        };
        address.is_loopback() || route_to(address) != Route::None
    }

    async fn stirs(&self) {
        SystemClock.sleep(EVERY).await;
    }
}

/// What the system tells of the way to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    /// There is one.
    Known,
    /// There is none.
    None,
    /// It does not say: no more sockets, a sandbox without datagrams, a family of addresses that it does not have.
    Untold,
}

/// Asks whether the system would know where to send a datagram. Connecting a datagram socket looks the route up and
/// sends nothing; without one the system refuses (POSIX `connect`, ENETUNREACH; Winsock, WSAENETUNREACH).
fn route_to(to: IpAddr) -> Route {
    let from: IpAddr = match to {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let connected = UdpSocket::bind((from, 0)).and_then(|socket| socket.connect((to, ANY_PORT)));
    connected.map_or_else(|error| route_after(error.kind()), |()| Route::Known)
}

/// Reads what a refusal tells of the way: any other error than these has nothing to do with it.
const fn route_after(refusal: io::ErrorKind) -> Route {
    match refusal {
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkDown => {
            Route::None
        }
        _ => Route::Untold,
    }
}

/// Whether there is a way out, as it was last seen, and the news of it. Cheap to clone.
#[derive(Clone)]
pub struct WayOut {
    network: Arc<dyn Network>,
    is_there: watch::Sender<bool>,
}

impl WayOut {
    /// Looks for the first time.
    pub fn new(network: Arc<dyn Network>) -> Self {
        let is_there = watch::Sender::new(network.leads_out());
        Self { network, is_there }
    }

    /// Tells whether there is a way to where a URL leads, as far as is known: where there is one out, there is one to
    /// everybody. Takes note of whether there is.
    pub fn leads_to(&self, url: &Url, reach: Reach) -> bool {
        self.look();
        self.is_there()
            || match url.host() {
                Some(Host::Domain(name)) => self.network.leads_to(&Host::Domain(name), reach),
                Some(Host::Ipv4(v4)) => self.network.leads_to(&Host::Ipv4(v4), reach),
                Some(Host::Ipv6(v6)) => self.network.leads_to(&Host::Ipv6(v6), reach),
                None => true,
            }
    }

    /// Looks again whenever that is worth it, until it is dropped. One loop is enough.
    pub async fn keep_looking(&self) {
        loop {
            self.network.stirs().await;
            self.look();
        }
    }

    /// Tells whether there was a way out when it was last looked for.
    pub fn is_there(&self) -> bool {
        *self.is_there.borrow()
    }

    /// Follows that.
    pub fn watch(&self) -> watch::Receiver<bool> {
        self.is_there.subscribe()
    }

    /// Returns once there is a way out.
    pub async fn back(&self) {
        // The sender lives in this very value, so the wait can only end well.
        let _ = self.watch().wait_for(|is_there| *is_there).await;
    }

    /// Asks under the lock of what is told, so that what was asked first is not told last.
    fn look(&self) {
        self.is_there.send_if_modified(|is_there| {
            let was = std::mem::replace(is_there, self.network.leads_out());
            was != *is_there
        });
    }
}

impl fmt::Debug for WayOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WayOut")
            .field("is_there", &self.is_there())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod hand;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_itself_is_always_there() {
        for text in [
            "http://localhost:1/",
            "http://a.localhost/",
            "http://127.0.0.1/",
            "http://[::1]/",
        ] {
            let url = Url::parse(text).expect("the test's URL is well-formed");
            let way_out = WayOut::new(Arc::new(SystemNetwork));
            assert!(way_out.leads_to(&url, Reach::Public), "{text}");
        }
    }

    #[test]
    fn a_name_of_ones_own_for_this_machine_is_always_there() {
        let host = Host::Domain("my-server");
        assert!(
            SystemNetwork.leads_to(&host, Reach::Loopback),
            "a hosts file may name it"
        );
    }

    #[test]
    fn s32_only_the_word_that_there_is_no_route_counts() {
        use io::ErrorKind as K;
        assert_eq!(route_to(Ipv4Addr::LOCALHOST.into()), Route::Known);
        // 255.255.255.255 may not be asked without leave, which tells nothing of the way there.
        assert_eq!(route_to(Ipv4Addr::BROADCAST.into()), Route::Untold);
        for none in [K::NetworkUnreachable, K::HostUnreachable, K::NetworkDown] {
            assert_eq!(route_after(none), Route::None, "{none}");
        }
        for other in [
            K::PermissionDenied,
            K::AddrNotAvailable,
            K::Unsupported,
            K::OutOfMemory,
            K::Other,
        ] {
            assert_eq!(route_after(other), Route::Untold, "{other}: a sandbox may say so");
        }
    }

    #[tokio::test]
    async fn who_waits_for_the_network_hears_of_its_return() {
        let network = Arc::new(hand::HandNetwork::default());
        let way_out = WayOut::new(Arc::clone(&network) as Arc<dyn Network>);
        let looking = {
            let way_out = way_out.clone();
            tokio::spawn(async move { way_out.keep_looking().await })
        };
        network.goes();
        way_out
            .watch()
            .wait_for(|is_there| !is_there)
            .await
            .expect("it is told");
        network.comes_back();
        way_out.back().await;
        assert!(way_out.is_there());
        looking.abort();
    }
}
