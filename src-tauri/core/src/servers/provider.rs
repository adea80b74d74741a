//! Where one signs in to a server, as far as the person has had a say in it (R6, S4).

use crate::base::Issuer;

/// What is kept of it. Everything is as the server names it, raw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Provider {
    /// What the person has agreed to; `None` before the first consent.
    pub agreed: Option<Agreed>,
    /// The issuers that the server named last, in its order.
    pub offered: Vec<Issuer>,
    /// The issuer that the client the person typed in belongs to; `None` until it was used.
    pub client_issuer: Option<Issuer>,
}

/// The issuer that the person has agreed to sign in at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The issuer.
    pub issuer: Issuer,
    /// Host of its token endpoint; `None` until that was seen.
    pub token_host: Option<String>,
}

impl Provider {
    /// Gives the issuer that a sign-in goes to: the agreed one, else the first that the server names, once it has.
    pub fn leads_to(&self) -> Option<&Issuer> {
        let agreed = self.agreed.as_ref().map(|agreed| &agreed.issuer);
        agreed.or_else(|| self.offered.first())
    }

    /// Tells whether the client the person typed in may be shown to an issuer.
    pub fn client_fits(&self, issuer: &Issuer) -> bool {
        self.client_issuer.as_ref().is_none_or(|own| own == issuer)
    }

    /// Reads the stored columns. A list that makes no sense counts as none.
    pub(super) fn read(
        (issuer, token_host): (Option<String>, Option<String>),
        offered: Option<&str>,
        client_issuer: Option<String>,
    ) -> Self {
        let offered: Vec<String> = offered
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_default();
        Self {
            agreed: issuer.map(|issuer| Agreed {
                issuer: Issuer::new(issuer),
                token_host,
            }),
            offered: offered.into_iter().map(Issuer::new).collect(),
            client_issuer: client_issuer.map(Issuer::new),
        }
    }
}
