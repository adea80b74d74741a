//! The page that the loopback listener leaves in the browser: static text that tells the true outcome.
//!
//! Nothing of the request or of the provider ever gets into it.

use super::Outcome;

/// Forbids everything: the page has no script, no style sheet, no picture and cannot be framed (S21).
pub(super) const POLICY: &str =
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Gives the whole page for an outcome.
pub(super) fn for_outcome(outcome: &Outcome) -> String {
    let (title, text) = match outcome {
        Outcome::Authorized => (
            "You are signed in",
            "Usher has taken over. You can close this page.",
        ),
        Outcome::Declined { .. } => (
            "You are not signed in",
            "The provider reports that you declined. You can close this page.",
        ),
        Outcome::UnknownState => (
            "You are not signed in",
            "No sign-in is waiting for this page; it may have been used or have run out. Go back to Usher and connect again.",
        ),
        _ => (
            "You are not signed in",
            "Something went wrong on the way. Usher says what, and what you can do.",
        ),
    };
    page(title, text)
}

/// Gives the page for a request that is not an answer at all.
pub(super) fn not_an_answer() -> String {
    page(
        "Nothing to see here",
        "This address only takes the answer to a sign-in.",
    )
}

fn page(title: &str, text: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"color-scheme\" content=\"light dark\">\
         <title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_stored_grant_is_called_signed_in() {
        assert!(
            for_outcome(&Outcome::Authorized).contains("You are signed in"),
            "the one good outcome"
        );
        for outcome in [
            Outcome::UnknownState,
            Outcome::NotStored,
            Outcome::Declined {
                host: "as.example".into(),
            },
        ] {
            assert!(
                for_outcome(&outcome).contains("You are not signed in"),
                "{outcome:?} is no success"
            );
        }
    }

    #[test]
    fn s52_nothing_of_the_provider_gets_into_the_page() {
        let error = "<script>alert(1)</script>".to_owned();
        let outcome = Outcome::ProviderError {
            host: error.clone(),
            error: error.clone(),
            description: Some(error),
        };
        assert!(!for_outcome(&outcome).contains("script"), "the page is static");
    }
}
