//! Which way the browser comes back from a server's sign-ins.

use std::num::NonZeroU16;

use serde::{Deserialize, Serialize};

/// What the person wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WayBack {
    /// Whatever works at the provider.
    #[default]
    Automatic,
    /// The deep link and nothing else.
    DeepLink,
    /// `http://127.0.0.1`, at this port or at any free one.
    LoopbackAddress(Option<NonZeroU16>),
    /// `http://localhost`, at this port or at any free one.
    LoopbackName(Option<NonZeroU16>),
}

impl WayBack {
    /// Gives the port the person fixed.
    pub const fn port(self) -> Option<NonZeroU16> {
        match self {
            Self::LoopbackAddress(port) | Self::LoopbackName(port) => port,
            Self::Automatic | Self::DeepLink => None,
        }
    }

    /// Gives the word under which it is stored.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::DeepLink => "deepLink",
            Self::LoopbackAddress(_) => "loopbackAddress",
            Self::LoopbackName(_) => "loopbackName",
        }
    }

    /// Reads what is stored. A word that is not known asks for nothing in particular.
    pub(super) fn read(word: &str, port: Option<i64>) -> Self {
        let port = port.and_then(|port| NonZeroU16::new(u16::try_from(port).ok()?));
        match word {
            "deepLink" => Self::DeepLink,
            "loopbackAddress" => Self::LoopbackAddress(port),
            "loopbackName" => Self::LoopbackName(port),
            _ => Self::Automatic,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back() {
        let port = NonZeroU16::new(4100);
        for way in [
            WayBack::Automatic,
            WayBack::DeepLink,
            WayBack::LoopbackAddress(port),
            WayBack::LoopbackAddress(None),
            WayBack::LoopbackName(port),
        ] {
            let stored = way.port().map(|port| i64::from(port.get()));
            assert_eq!(WayBack::read(way.word(), stored), way);
        }
        assert_eq!(
            WayBack::read("loopbackName", Some(70_000)),
            WayBack::LoopbackName(None)
        );
    }
}
