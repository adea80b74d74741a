//! What a sign-in goes by, above all which scopes it asks for.

use crate::{
    api::App,
    base::Scopes,
    servers::Server,
    sign_in::{Terms, Wish},
};

impl App {
    /// Gives what a sign-in to a server goes by. By default it is for the account that the server is used as.
    pub(super) async fn terms(&self, server: &Server, wish: Wish) -> Terms {
        let last = self.0.connections.hints(server.id);
        let hints = last.or_else(|| self.0.memory.hints(&server.url));
        let hints = hints.unwrap_or_default();
        // Grants that cannot be read add nothing.
        let mut accounts = self.0.grants.accounts(server.id).await.unwrap_or_default();
        accounts.retain(|account| match wish {
            Wish::Again(wanted) => account.id == wanted,
            Wish::Connect | Wish::Switch => account.is_default,
            Wish::Add => false,
        });
        let asking = Asking {
            named: hints.scope.as_ref().or(server.offered_scopes.as_ref()),
            challenged: hints.scope.is_some(),
            chosen: server.chosen_scopes.as_ref(),
            granted: accounts.pop().map(|account| account.scopes).unwrap_or_default(),
            missing: self
                .0
                .connections
                .consent(server.id)
                .map(|consent| consent.scopes),
        };
        Terms {
            scopes: asking.scopes(),
            hints,
        }
    }
}

/// What is known about the scopes of a sign-in.
struct Asking<'a> {
    /// Those that the server's last challenge named, or else those that it named before.
    named: Option<&'a Scopes>,
    /// Whether it was the challenge.
    challenged: bool,
    /// Those that the person wants to be asked for.
    chosen: Option<&'a Scopes>,
    /// Those that were granted before.
    granted: Scopes,
    /// Those that a refusal says are missing, as far as it named them.
    missing: Option<Scopes>,
}

impl Asking<'_> {
    /// Gives the scopes to ask for (R14, R20); `None` for those that the server's documents name.
    ///
    /// The person's choice counts, until a refusal says that it is too little: then the choice and what was granted are
    /// asked for again together with what is missing, and with all that the server ever named where it does not say.
    fn scopes(self) -> Option<Scopes> {
        match (self.missing, self.chosen, self.named) {
            (None, Some(chosen), _) => Some(chosen.clone()),
            (None, None, named) => {
                let named = named.filter(|_| self.challenged)?;
                let more = self.granted.iter().any(|scope| !named.contains(scope));
                more.then(|| self.granted.union(named))
            }
            (Some(missing), chosen, named) if missing.is_empty() => {
                let named = named?;
                let before = self.granted.union(chosen.unwrap_or(named));
                Some(before.union(named))
            }
            (Some(missing), chosen, named) => {
                let before = chosen.or(named).map(|before| self.granted.clone().union(before));
                Some(before.unwrap_or(self.granted).union(&missing))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(text: &str) -> Scopes {
        text.parse().expect("the test's scopes are well-formed")
    }

    /// Tells what is asked for: what the challenge names, what is chosen, granted and missing.
    fn asked(
        named: Option<&str>,
        chosen: Option<&str>,
        granted: &str,
        missing: Option<&str>,
    ) -> Option<String> {
        let (named, chosen) = (named.map(scopes), chosen.map(scopes));
        let asking = Asking {
            named: named.as_ref(),
            challenged: true,
            chosen: chosen.as_ref(),
            granted: scopes(granted),
            missing: missing.map(scopes),
        };
        asking.scopes().map(|scopes| scopes.to_string())
    }

    #[test]
    fn r20_what_is_asked_for_now_adds_to_what_was_granted_before() {
        let all = asked(Some("write read"), None, "read list", None);
        assert_eq!(all.as_deref(), Some("read list write"));
        assert_eq!(asked(None, None, "read", None), None, "the documents say it");
        let same = asked(Some("read write"), None, "read", None);
        assert_eq!(same, None, "the challenge says it all");
    }

    #[test]
    fn r14_the_persons_choice_counts_whatever_else_is_known() {
        let chosen = asked(Some("read write admin"), Some("read"), "read write", None);
        assert_eq!(chosen.as_deref(), Some("read"), "trimmed is trimmed");
        assert_eq!(asked(None, Some(""), "", None).as_deref(), Some(""));
    }

    #[test]
    fn r20_a_step_up_asks_for_the_union_of_before_and_what_is_missing() {
        let trimmed = asked(Some("read write admin"), Some("read"), "read", Some("write"));
        assert_eq!(
            trimmed.as_deref(),
            Some("read write"),
            "and for nothing the person left out"
        );
        let untrimmed = asked(Some("read"), None, "", Some("write"));
        assert_eq!(untrimmed.as_deref(), Some("read write"));
        assert_eq!(asked(None, None, "", Some("write")).as_deref(), Some("write"));
    }

    #[test]
    fn r20_where_a_refusal_names_nothing_all_that_is_known_is_asked_for() {
        let all = asked(Some("read write"), Some("read"), "list", Some(""));
        assert_eq!(all.as_deref(), Some("list read write"));
        assert_eq!(asked(None, None, "read", Some("")), None, "the documents say it");
    }

    #[test]
    fn what_the_server_named_before_is_left_to_its_documents() {
        let named = scopes("read");
        let asking = Asking {
            named: Some(&named),
            challenged: false,
            chosen: None,
            granted: Scopes::default(),
            missing: None,
        };
        assert_eq!(asking.scopes(), None, "they may have changed since");
    }
}
