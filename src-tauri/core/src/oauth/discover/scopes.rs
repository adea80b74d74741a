//! Which scopes are asked for, and whose choice they are (R14).

use crate::{
    base::Scopes,
    oauth::{Decision, ScopeSource, TracedHttp},
};

/// Gives the scopes to ask for, and says whose choice they are (R14).
pub(super) fn chosen(http: &TracedHttp, Named { scopes, from }: Named, offline: bool) -> Option<Scopes> {
    let scopes = scopes.and_then(|scopes| with_offline_access(&scopes, offline));
    http.decided(Decision::ScopesChosen {
        scopes: scopes.as_ref().map(Scopes::to_string),
        from,
    });
    scopes
}

/// Gives the person's choice of scopes as it is asked for where nothing has to stay alive by itself.
pub(in crate::oauth) fn chosen_by_person(http: &TracedHttp, scopes: Scopes) -> Option<Scopes> {
    let named = Named {
        scopes: Some(scopes),
        from: ScopeSource::Person,
    };
    chosen(http, named, false)
}

/// The scopes that somebody named, and who did (R14).
pub(super) struct Named {
    pub(super) scopes: Option<Scopes>,
    pub(super) from: ScopeSource,
}

impl Named {
    /// Takes those of the challenge, else those of the resource metadata.
    pub(super) fn by(challenge: Option<&Scopes>, metadata: Option<Scopes>) -> Self {
        let from = match (challenge, &metadata) {
            (Some(_), _) => ScopeSource::Challenge,
            (None, Some(_)) => ScopeSource::ResourceMetadata,
            (None, None) => ScopeSource::Nobody,
        };
        let scopes = challenge.cloned().or(metadata);
        Self { scopes, from }
    }
}

/// Asks for `offline_access` exactly if the authorization server lists it (R14). Where no scope is known it is not
/// asked for either: alone it would narrow the server's own default.
pub(super) fn with_offline_access(scopes: &Scopes, offered: bool) -> Option<Scopes> {
    const OFFLINE: &str = "offline_access";
    let mut all: Vec<_> = scopes.iter().filter(|scope| *scope != OFFLINE).collect();
    if all.is_empty() {
        return None;
    }
    all.extend(offered.then_some(OFFLINE));
    // What was a list of scopes stays one.
    all.join(" ").parse().ok()
}
