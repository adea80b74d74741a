//! Where the person signs in: at the issuer they agreed to, and at no other without being asked (R6, S4).

use super::{Outcome, SignIns, outcome, prepare::Attempt};
use crate::{
    base::{AuthKind, Issuer},
    oauth::{self, Decision, Discovered, Hints, Signpost, TokenPlace},
    servers::{Agreed, Server},
};

/// A verified issuer, and the name by which the server led to it.
pub(super) struct Found {
    pub(super) named: Issuer,
    pub(super) at: Discovered,
}

/// Where tokens are had without a page, and the name by which the server led there.
pub(super) struct FoundTokens {
    pub(super) named: Issuer,
    pub(super) at: TokenPlace,
}

impl SignIns {
    /// Finds the issuer. Stops where the person has agreed to another, or to tokens from another host.
    pub(super) async fn find_provider(&self, attempt: &Attempt, hints: &Hints) -> Result<Found, Outcome> {
        let (signpost, named) = self.find_named(attempt, hints).await?;
        let exceptions = attempt.server.exceptions_at(&named);
        let at = signpost.follow(&attempt.http, &named, &exceptions).await;
        let at = at.map_err(outcome::of_discovery)?;
        check_host(attempt, &at.token_host())?;
        Ok(Found { named, at })
    }

    /// Finds where tokens are had without a page. Stops as well where the person has agreed to nobody yet: what proves a
    /// client is shown to no issuer that only the server names.
    pub(super) async fn find_tokens(&self, attempt: &Attempt, hints: &Hints) -> Result<FoundTokens, Outcome> {
        let (signpost, named) = self.find_named(attempt, hints).await?;
        let exceptions = attempt.server.exceptions_at(&named);
        let at = signpost.follow_for_tokens(&attempt.http, &named, &exceptions);
        let at = at.await.map_err(outcome::of_discovery)?;
        check_host(attempt, &at.token_host())?;
        if attempt.server.provider.agreed.is_none() {
            let issuer = named.to_string();
            attempt.http.decided(Decision::IssuerNotAgreed {
                issuer: issuer.clone(),
            });
            let host = at.token_host();
            return Err(Outcome::IssuerNotAgreed { issuer, host });
        }
        Ok(FoundTokens { named, at })
    }

    /// Asks the server where one signs in, and chooses the issuer.
    async fn find_named(&self, attempt: &Attempt, hints: &Hints) -> Result<(Signpost, Issuer), Outcome> {
        let Attempt { server, http } = attempt;
        if server.overridden && server.auth_kind == Some(AuthKind::Oauth) {
            http.decided(Decision::KindChosen {});
        }
        let signpost = oauth::find_signpost(http, &server.url, server.reach, hints)
            .await
            .map_err(outcome::of_discovery)?;
        self.note_offered(server, signpost.issuers()).await;
        let agreed = server.provider.agreed.as_ref();
        let named = choose(agreed, signpost.issuers())
            .map_err(|changed| refused(attempt, changed))?
            .clone();
        Ok((signpost, named))
    }

    async fn note_offered(&self, server: &Server, offered: &[Issuer]) {
        if server.provider.offered == offered {
            return;
        }
        if let Err(error) = self.0.around.servers.set_offered(server.id, offered).await {
            // What is not known is not offered in the window; nothing else comes of it.
            tracing::warn!(%error, "where else one could sign in could not be kept");
        }
    }
}

/// What the person agreed to, and what is there now.
struct Changed {
    from: Place,
    to: Place,
}

struct Place {
    issuer: String,
    host: String,
}

impl Place {
    fn of(issuer: &Issuer, token_host: Option<&str>) -> Self {
        Self {
            issuer: issuer.to_string(),
            host: token_host.map_or_else(|| outcome::host_of(issuer.as_str()), str::to_owned),
        }
    }
}

/// Chooses among the issuers that a server names: the agreed one wherever it stands, else the first.
fn choose<'a>(agreed: Option<&Agreed>, named: &'a [Issuer]) -> Result<&'a Issuer, Changed> {
    let first = &named[0];
    let Some(agreed) = agreed else {
        return Ok(first);
    };
    let same = named.iter().find(|issuer| **issuer == agreed.issuer);
    same.ok_or_else(|| Changed {
        from: Place::of(&agreed.issuer, agreed.token_host.as_deref()),
        to: Place::of(first, None),
    })
}

/// Compares where tokens are had with where they were had when the person agreed.
fn check_host(attempt: &Attempt, now: &str) -> Result<(), Outcome> {
    let Some(agreed) = &attempt.server.provider.agreed else {
        return Ok(());
    };
    match &agreed.token_host {
        Some(before) if before != now => {
            let from = Place::of(&agreed.issuer, Some(before));
            let to = Place::of(&agreed.issuer, Some(now));
            Err(refused(attempt, Changed { from, to }))
        }
        Some(_) | None => Ok(()),
    }
}

fn refused(attempt: &Attempt, Changed { from, to }: Changed) -> Outcome {
    attempt.http.decided(Decision::IssuerChanged {
        from: from.issuer.clone(),
        to: to.issuer.clone(),
    });
    Outcome::IssuerChanged {
        from: from.issuer,
        from_host: from.host,
        to: to.issuer,
        to_host: to.host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuers(texts: &[&str]) -> Vec<Issuer> {
        texts.iter().copied().map(Issuer::new).collect()
    }

    fn chosen(agreed: Option<&str>, named: &[&str]) -> Option<String> {
        let agreed = agreed.map(|issuer| Agreed {
            issuer: Issuer::new(issuer),
            token_host: None,
        });
        let named = issuers(named);
        choose(agreed.as_ref(), &named).ok().map(Issuer::to_string)
    }

    #[test]
    fn r06_the_first_is_taken_until_the_person_has_agreed_to_one() {
        let named = ["https://a.example", "https://b.example"];
        assert_eq!(chosen(None, &named).as_deref(), Some("https://a.example"));
        assert_eq!(
            chosen(Some("https://b.example"), &named).as_deref(),
            Some("https://b.example"),
            "wherever it stands"
        );
    }

    #[test]
    fn s04_an_issuer_that_is_no_longer_named_byte_for_byte_is_not_replaced_in_silence() {
        for other in ["https://evil.example", "https://a.example/", "https://A.example"] {
            assert_eq!(chosen(Some("https://a.example"), &[other]), None, "{other}");
        }
    }
}
