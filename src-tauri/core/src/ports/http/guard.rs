//! The guard against reaching into networks that a document has no business naming (SSRF, S6).
//!
//! Names are judged where they are resolved for the very connection, so a name that changes between check
//! and connect gains nothing; literals are judged before the request.

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::HttpError;
use crate::base::{Reach, ServerUrl};

/// Resolves names for one client and lets through only public addresses and those of its reach.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guard {
    reach: Reach,
}

impl Guard {
    pub(super) const fn new(reach: Reach) -> Self {
        Self { reach }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        Box::pin(async move {
            let allowed = admit(resolve(name.as_str(), 0).await?, reach)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Keeps `addresses` only if every one is allowed: a name with one public and one private address is refused
/// whole, because which of them answers is the attacker's choice.
fn admit(addresses: Vec<SocketAddr>, reach: Reach) -> Result<Vec<SocketAddr>, HttpError> {
    if addresses.is_empty() {
        return Err(HttpError::UnknownHost);
    }
    if addresses.iter().all(|address| is_allowed(address.ip(), reach)) {
        return Ok(addresses);
    }
    Err(HttpError::ForbiddenAddress)
}

fn is_allowed(address: IpAddr, reach: Reach) -> bool {
    Reach::of(address).is_some_and(|found| found == Reach::Public || found == reach)
}

pub(super) fn check(url: &Url, reach: Reach) -> Result<(), HttpError> {
    let literal = match url.host() {
        Some(Host::Ipv4(v4)) => Some(IpAddr::V4(v4)),
        Some(Host::Ipv6(v6)) => Some(IpAddr::V6(v6)),
        Some(Host::Domain(_)) => None,
        None => return Err(HttpError::UnsafeUrl),
    };
    let plain_allowed = url.scheme() == "http" && reach == Reach::Loopback && names_loopback(url);
    let clean = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if !(url.scheme() == "https" || plain_allowed) || !clean || url.as_str().len() > 8 * 1024 {
        return Err(HttpError::UnsafeUrl);
    }
    if literal.is_some_and(|address| !is_allowed(address, reach)) {
        return Err(HttpError::ForbiddenAddress);
    }
    Ok(())
}

fn names_loopback(url: &Url) -> bool {
    url.as_str()
        .parse::<ServerUrl>()
        .is_ok_and(|url| url.is_loopback())
}

pub(super) async fn reach_of(server: &ServerUrl) -> Result<Reach, HttpError> {
    let addresses = match server.url().host() {
        Some(Host::Ipv4(v4)) => vec![IpAddr::V4(v4)],
        Some(Host::Ipv6(v6)) => vec![IpAddr::V6(v6)],
        Some(Host::Domain(name)) => resolve(name, 0).await?.iter().map(SocketAddr::ip).collect(),
        None => return Err(HttpError::UnsafeUrl),
    };
    let mut reaches = addresses.into_iter().map(Reach::of);
    let first = reaches.next().flatten().ok_or(HttpError::UnknownHost)?;
    if reaches.all(|reach| reach == Some(first)) {
        Ok(first)
    } else {
        Err(HttpError::ForbiddenAddress)
    }
}

/// Asks the system. `localhost` is answered here, as RFC 6761 §6.3 allows, so that no resolver can move it.
async fn resolve(name: &str, port: u16) -> Result<Vec<SocketAddr>, HttpError> {
    if name == "localhost" || name.ends_with(".localhost") {
        let loopback: [IpAddr; 2] = [[127, 0, 0, 1].into(), [0, 0, 0, 0, 0, 0, 0, 1].into()];
        return Ok(loopback.map(|address| SocketAddr::new(address, port)).into());
    }
    let found = tokio::net::lookup_host((name, port))
        .await
        .map_err(|_| HttpError::UnknownHost)?;
    Ok(found.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("the test's URL is well-formed")
    }

    #[test]
    fn s05_urls_that_must_not_be_asked_are_refused() {
        for text in [
            "http://example.com/",
            "ftp://example.com/",
            "https://u@example.com/",
            "https://example.com/#f",
        ] {
            assert_eq!(
                check(&url(text), Reach::Public),
                Err(HttpError::UnsafeUrl),
                "{text}"
            );
        }
        let long = format!("https://example.com/{}", "a".repeat(9000));
        assert_eq!(
            check(&url(&long), Reach::Public),
            Err(HttpError::UnsafeUrl),
            "over-long"
        );
    }

    #[test]
    fn s06_literals_outside_the_reach_are_refused() {
        for text in [
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.0.0.1/",
            "https://169.254.169.254/latest",
        ] {
            assert_eq!(
                check(&url(text), Reach::Public),
                Err(HttpError::ForbiddenAddress),
                "{text}"
            );
        }
        assert_eq!(
            check(&url("https://10.0.0.1/"), Reach::Private),
            Ok(()),
            "the person's own network"
        );
        assert_eq!(
            check(&url("https://10.0.0.1/"), Reach::Loopback),
            Err(HttpError::ForbiddenAddress),
            "a local server has no business in the private network"
        );
    }

    #[test]
    fn s06_a_name_with_one_forbidden_address_is_refused_whole() {
        let mixed = vec![
            SocketAddr::from(([1, 1, 1, 1], 0)),
            SocketAddr::from(([10, 0, 0, 1], 0)),
        ];
        assert_eq!(admit(mixed, Reach::Public), Err(HttpError::ForbiddenAddress));
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        assert_eq!(check(&url("http://localhost:8080/"), Reach::Loopback), Ok(()));
        assert_eq!(
            check(&url("http://localhost:8080/"), Reach::Public),
            Err(HttpError::UnsafeUrl)
        );
        assert_eq!(
            check(&url("http://10.0.0.1/"), Reach::Private),
            Err(HttpError::UnsafeUrl)
        );
    }

    #[tokio::test]
    async fn the_reach_of_a_server_is_that_of_its_address() {
        let reach = |text: &'static str| async move {
            reach_of(&text.parse().expect("the test's address is well-formed")).await
        };
        assert_eq!(reach("http://localhost:1/").await, Ok(Reach::Loopback));
        assert_eq!(reach("https://192.168.0.9/mcp").await, Ok(Reach::Private));
        assert_eq!(
            reach("https://nowhere.invalid/").await,
            Err(HttpError::UnknownHost)
        );
    }
}
