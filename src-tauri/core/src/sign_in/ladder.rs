//! The ways back from the browser, from the best to the most widely accepted (R11).

use crate::{
    base::RedirectUri,
    servers::{Server, WayBack},
};

/// The deep link the system hands to this app (RFC 8252 §7.1).
pub const DEEP_LINK: &str = "dev.usher.desktop://oauth/callback";

/// Whether links of our scheme come back to this app (S20).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeepLink {
    /// The system hands them to this app.
    Ours,
    /// Another program owns the scheme, or it could not be registered.
    Unavailable,
}

/// One way back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rung {
    /// The deep link.
    DeepLink,
    /// `http://127.0.0.1:{port}/…` (RFC 8252 §7.3).
    LoopbackAddress,
    /// `http://localhost:{port}/…`, where an authorization server insists on a name (RFC 8252 §8.3 advises against).
    LoopbackName,
}

impl Rung {
    /// Gives the first rung to try.
    pub const fn first(deep_link: DeepLink) -> Self {
        match deep_link {
            DeepLink::Ours => Self::DeepLink,
            DeepLink::Unavailable => Self::LoopbackAddress,
        }
    }

    /// Gives the rung the person chose for a server, unless any will do.
    pub const fn chosen(way_back: WayBack) -> Option<Self> {
        match way_back {
            WayBack::Automatic => None,
            WayBack::DeepLink => Some(Self::DeepLink),
            WayBack::LoopbackAddress(_) => Some(Self::LoopbackAddress),
            WayBack::LoopbackName(_) => Some(Self::LoopbackName),
        }
    }

    /// Gives the rung to try after this one was refused.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::DeepLink => Some(Self::LoopbackAddress),
            Self::LoopbackAddress => Some(Self::LoopbackName),
            Self::LoopbackName => None,
        }
    }

    /// Gives the word under which the rung is remembered.
    pub const fn word(self) -> &'static str {
        match self {
            Self::DeepLink => "deepLink",
            Self::LoopbackAddress => "loopbackAddress",
            Self::LoopbackName => "loopbackName",
        }
    }

    /// Reads that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::DeepLink, Self::LoopbackAddress, Self::LoopbackName]
            .into_iter()
            .find(|rung| rung.word() == word)
    }

    /// Tells which rung a redirect URI of ours belongs to.
    pub fn of(redirect: &RedirectUri) -> Option<Self> {
        match redirect.as_str() {
            DEEP_LINK => Some(Self::DeepLink),
            text if text.starts_with("http://127.0.0.1:") => Some(Self::LoopbackAddress),
            text if text.starts_with("http://localhost:") => Some(Self::LoopbackName),
            _ => None,
        }
    }

    /// Gives the host of a loopback rung's redirect URI.
    pub const fn loopback_host(self) -> Option<&'static str> {
        match self {
            Self::DeepLink => None,
            Self::LoopbackAddress => Some("127.0.0.1"),
            Self::LoopbackName => Some("localhost"),
        }
    }
}

/// The rungs that one sign-in may stand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ladder {
    first: Rung,
    met: bool,
    chosen: bool,
}

impl Ladder {
    /// Stands where the person chose, or begins where it carried before at this issuer. Neither is the deep link where
    /// the system no longer brings our links (S20).
    pub(super) fn of(chosen: Option<Rung>, remembered: Option<Rung>, deep_link: DeepLink) -> Self {
        let lowest = Rung::first(deep_link);
        let usable = |rung: &Rung| *rung != Rung::DeepLink || lowest == Rung::DeepLink;
        Self {
            first: chosen.or(remembered).filter(usable).unwrap_or(lowest),
            met: remembered.is_some(),
            chosen: chosen.is_some(),
        }
    }

    /// Gives the rung to try first.
    pub(super) const fn first(self) -> Rung {
        self.first
    }

    /// Gives the rung to try after this one was refused. What the person chose has none.
    pub(super) const fn after(self, rung: Rung) -> Option<Rung> {
        if self.chosen { None } else { rung.next() }
    }

    /// Tells whether this rung carried before at this issuer.
    pub(super) fn remembers(self, rung: Rung) -> bool {
        self.met && self.first == rung
    }

    /// Tells whether it is open if the page takes this rung: some providers accept our scheme at registration and
    /// refuse it there. What worked once at an issuer is not doubted, and loopback is taken everywhere.
    pub(super) const fn doubts(self, rung: Rung) -> bool {
        !self.met && matches!(rung, Rung::DeepLink)
    }
}

/// Gives the redirect URI that the person registers at a provider for a client of their own. It is always the same for
/// one server. Without a fixed port it names none: such a provider must take any (RFC 8252 §7.3).
pub fn redirect_to_register(server: &Server, deep_link: DeepLink) -> RedirectUri {
    let rung = Ladder::of(Rung::chosen(server.way_back), None, deep_link).first();
    let Some(host) = rung.loopback_host() else {
        return RedirectUri::new(DEEP_LINK);
    };
    let port = server.way_back.port().map(|port| format!(":{port}"));
    let (port, path) = (port.unwrap_or_default(), own_path(server));
    RedirectUri::new(format!("http://{host}{port}{path}"))
}

/// Gives the path of a server's own door. It is as hard to guess as the server's identifier, which is random.
pub(super) fn own_path(server: &Server) -> String {
    format!("/callback/{}", server.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r11_what_worked_is_tried_first_and_not_doubted() {
        let fresh = Ladder::of(None, None, DeepLink::Ours);
        assert_eq!(fresh.first(), Rung::DeepLink);
        assert!(fresh.doubts(Rung::DeepLink), "nobody knows yet");
        assert!(!fresh.doubts(Rung::LoopbackAddress));
        let met = Ladder::of(None, Some(Rung::LoopbackName), DeepLink::Ours);
        assert_eq!(met.first(), Rung::LoopbackName);
        assert!(!Ladder::of(None, Some(Rung::DeepLink), DeepLink::Ours).doubts(Rung::DeepLink));
    }

    #[test]
    fn r11_what_the_person_chose_is_the_only_rung() {
        let ladder = Ladder::of(Some(Rung::DeepLink), Some(Rung::LoopbackName), DeepLink::Ours);
        assert_eq!(ladder.first(), Rung::DeepLink);
        assert_eq!(ladder.after(Rung::DeepLink), None);
        let anothers = Ladder::of(Some(Rung::DeepLink), None, DeepLink::Unavailable);
        assert_eq!(anothers.first(), Rung::LoopbackAddress, "S20 comes first");
    }

    #[test]
    fn s20_a_link_that_worked_before_is_not_used_once_the_scheme_is_anothers() {
        let ladder = Ladder::of(None, Some(Rung::DeepLink), DeepLink::Unavailable);
        assert_eq!(ladder.first(), Rung::LoopbackAddress);
    }

    #[test]
    fn r11_every_refusal_leads_to_the_next_rung_and_ends() {
        let mut rung = Rung::first(DeepLink::Ours);
        let mut climbed = vec![rung];
        while let Some(next) = rung.next() {
            rung = next;
            climbed.push(rung);
        }
        assert_eq!(
            climbed,
            [Rung::DeepLink, Rung::LoopbackAddress, Rung::LoopbackName]
        );
    }

    #[test]
    fn s20_a_foreign_scheme_owner_means_loopback() {
        assert_eq!(Rung::first(DeepLink::Unavailable), Rung::LoopbackAddress);
    }

    #[test]
    fn a_remembered_rung_is_read_back() {
        for rung in [Rung::DeepLink, Rung::LoopbackAddress, Rung::LoopbackName] {
            assert_eq!(Rung::from_word(rung.word()), Some(rung), "{rung:?}");
        }
        assert_eq!(
            Rung::from_word("carrierPigeon"),
            None,
            "an unknown word is no rung"
        );
    }
}
