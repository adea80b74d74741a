//! The address of an MCP server as the person typed it, checked.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// Which part of the world an address belongs to; what a server's own address allows its documents to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reach {
    /// The public internet.
    Public,
    /// A private network: RFC 1918, unique local, shared (RFC 6598), link-local.
    Private,
    /// This machine.
    Loopback,
}

/// A typed-in address that cannot be a server's; each has its own advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ServerUrlError {
    /// Nothing was typed.
    #[error("the address is empty")]
    Empty,
    /// The text is no URL at all.
    #[error("the address is not a URL")]
    NotAUrl,
    /// The URL is of another scheme than http and https.
    #[error("the address is not an http or https URL")]
    NotHttp,
    /// The URL carries a name or a password, which would end up in logs.
    #[error("the address carries a user name or password")]
    Credentials,
    /// The URL carries a fragment, which no server ever sees.
    #[error("the address carries a fragment")]
    Fragment,
    /// The URL is longer than [`ServerUrl::MAX_LENGTH`].
    #[error("the address is too long")]
    TooLong,
}

/// The address of an MCP server: http or https, without credentials or fragment, at most 2,048 bytes.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerUrl(Url);

impl ServerUrl {
    /// The most bytes an address may have.
    pub const MAX_LENGTH: usize = 2048;

    /// Gives the parsed form.
    pub const fn url(&self) -> &Url {
        &self.0
    }

    /// Gives the text that requests use.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Gives the host, and the port where it is not the scheme's own, in ASCII (punycode).
    pub fn host(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        self.0
            .port()
            .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Tells whether the address names this machine by `localhost` or by a loopback literal.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// Gives where it leads as far as it says so itself: a name leads to the public internet, as long as nobody has looked it up.
    pub fn literal_reach(&self) -> Reach {
        let literal = match self.0.host() {
            Some(Host::Ipv4(v4)) => Reach::of(v4.into()),
            Some(Host::Ipv6(v6)) => Reach::of(v6.into()),
            Some(Host::Domain(_)) if self.is_loopback() => Some(Reach::Loopback),
            Some(Host::Domain(_)) | None => None,
        };
        literal.unwrap_or(Reach::Public)
    }

    /// Tells whether talking to it would send everything in the clear over a network.
    pub fn is_insecure(&self) -> bool {
        self.0.scheme() == "http" && !self.is_loopback()
    }
}

impl FromStr for ServerUrl {
    type Err = ServerUrlError;

    fn from_str(text: &str) -> Result<Self, ServerUrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ServerUrlError::Empty);
        }
        if text.len() > Self::MAX_LENGTH {
            return Err(ServerUrlError::TooLong);
        }
        if text
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
        {
            return Err(ServerUrlError::NotAUrl);
        }
        let url = Url::parse(text).map_err(|_| ServerUrlError::NotAUrl)?;
        match url {
            url if !matches!(url.scheme(), "http" | "https") => Err(ServerUrlError::NotHttp),
            url if !url.username().is_empty() || url.password().is_some() => Err(ServerUrlError::Credentials),
            url if url.fragment().is_some() => Err(ServerUrlError::Fragment),
            url => Ok(Self(url)),
        }
    }
}

impl TryFrom<String> for ServerUrl {
    type Error = ServerUrlError;

    fn try_from(text: String) -> Result<Self, ServerUrlError> {
        text.parse()
    }
}

impl From<ServerUrl> for String {
    fn from(url: ServerUrl) -> Self {
        url.0.into()
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerUrl({})", self.0)
    }
}

impl Reach {
    /// Tells the reach of an address, `None` for what is nobody's: unspecified, multicast, broadcast,
    /// documentation and reserved ranges. Addresses that carry a v4 address inside (mapped, NAT64, 6to4)
    /// are judged by it.
    pub fn of(address: IpAddr) -> Option<Self> {
        match address {
            IpAddr::V4(v4) => Self::of_v4(v4),
            IpAddr::V6(v6) => embedded_v4(v6).map_or_else(|| Self::of_v6(v6), Self::of_v4),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Option<Self> {
        let [a, b, c, _] = address.octets();
        match (a, b, c) {
            (127, ..) => Some(Self::Loopback),
            (10, ..) | (172, 16..=31, _) | (192, 168, _) | (169, 254, _) | (100, 64..=127, _) => {
                Some(Self::Private)
            }
            (0, ..)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113) => None,
            (224.., ..) => None,
            _ => Some(Self::Public),
        }
    }

    const fn of_v6(address: Ipv6Addr) -> Option<Self> {
        if address.is_loopback() {
            return Some(Self::Loopback);
        }
        match address.segments() {
            [0xfc00..=0xfdff, ..] | [0xfe80..=0xfebf, ..] => Some(Self::Private),
            [0x2001, 0x0db8, ..] | [0x2001, 0..=0x01ff, ..] => None,
            [0x2000..=0x3fff, ..] => Some(Self::Public),
            _ => None,
        }
    }
}

/// Finds the v4 address inside a mapped (`::ffff:0:0/96`), NAT64 (`64:ff9b::/96`) or 6to4 (`2002::/16`) one.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let v4 = |high: u16, low: u16| Some(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> ServerUrlError {
        text.parse::<ServerUrl>()
            .expect_err("the address must be refused")
    }

    #[test]
    fn each_bad_address_has_its_own_reason() {
        assert_eq!(refused("  "), ServerUrlError::Empty);
        assert_eq!(refused("mcp example"), ServerUrlError::NotAUrl);
        assert_eq!(
            refused("https://a\\b"),
            ServerUrlError::NotAUrl,
            "a backslash is not read as a slash (S5)"
        );
        assert_eq!(refused("file:///etc/passwd"), ServerUrlError::NotHttp);
        assert_eq!(refused("javascript:alert(1)"), ServerUrlError::NotHttp);
        assert_eq!(refused("https://u:p@example.com"), ServerUrlError::Credentials);
        assert_eq!(refused("https://example.com/#x"), ServerUrlError::Fragment);
        assert_eq!(
            refused(&format!("https://example.com/{}", "a".repeat(2048))),
            ServerUrlError::TooLong
        );
    }

    #[test]
    fn http_is_insecure_unless_it_stays_on_this_machine() {
        let url = |text: &str| {
            text.parse::<ServerUrl>()
                .expect("the test's address is well-formed")
        };
        assert!(
            url("http://example.com/mcp").is_insecure(),
            "plain text over a network"
        );
        assert!(
            !url("http://localhost:3000/mcp").is_insecure(),
            "never leaves the machine"
        );
        assert!(!url("http://[::1]/mcp").is_insecure(), "never leaves the machine");
        assert!(!url("https://example.com").is_insecure(), "encrypted");
    }

    #[test]
    fn s06_numeric_spellings_of_loopback_are_loopback() {
        for text in ["http://0x7f.1/", "http://2130706433/", "http://017700000001/"] {
            let url: ServerUrl = text.parse().expect("the URL standard reads these as addresses");
            assert!(url.is_loopback(), "{text} is 127.0.0.1");
        }
    }

    #[test]
    fn s06_every_range_has_its_reach() {
        let reach = |text: &str| Reach::of(text.parse().expect("the test's address is well-formed"));
        for text in [
            "127.0.0.1",
            "127.9.9.9",
            "::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
        ] {
            assert_eq!(reach(text), Some(Reach::Loopback), "{text}");
        }
        for text in [
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "fd00::1",
            "fe80::1",
        ] {
            assert_eq!(reach(text), Some(Reach::Private), "{text}");
        }
        for text in ["::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"] {
            assert_eq!(
                reach(text),
                Some(Reach::Private),
                "{text} carries a private v4 address"
            );
        }
        for text in [
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "240.0.0.1",
            "::",
            "ff02::1",
            "2001:db8::1",
        ] {
            assert_eq!(reach(text), None, "{text} is nobody's");
        }
        for text in ["1.1.1.1", "2606:4700::1111"] {
            assert_eq!(reach(text), Some(Reach::Public), "{text}");
        }
    }
}
