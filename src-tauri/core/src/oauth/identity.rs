//! Who signed in, as the provider says it (OpenID Connect Core §2, §5.1).

use crate::base::Subject;

/// The person who signed in. It is for showing, and for telling accounts of one issuer apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Who, at this issuer.
    pub subject: Subject,
    /// What the provider calls the person.
    pub label: Option<String>,
    /// What the person signs in with there: an e-mail address or a user name.
    pub login: Option<String>,
}
