//! Calls about what a person wants to be asked for.

use super::{
    App,
    contract::{AppError, ErrorCode, ScopesChoice, ServerView},
    errors,
};
use crate::base::Scopes;

impl App {
    pub(super) async fn set_scopes(&self, choice: ScopesChoice) -> Result<ServerView, AppError> {
        let server = self.server(&choice.id).await?;
        let chosen = choice.scopes.as_deref().map(scopes).transpose()?;
        self.0
            .servers
            .choose_scopes(server.id, chosen.as_ref())
            .await
            .map_err(errors::of_servers)?;
        self.publish(server.id).await;
        self.server_view(server.id).await
    }
}

/// Reads scopes one by one; each has to be a single one.
fn scopes(names: &[String]) -> Result<Scopes, AppError> {
    names.iter().try_fold(Scopes::default(), |all, name| {
        let invalid = || AppError::new(ErrorCode::ScopeInvalid).with("name", name);
        let scope: Scopes = name.parse().map_err(|_| invalid())?;
        let single = scope.iter().next() == Some(name.as_str());
        let all = Some(all.union(&scope)).filter(|_| single);
        all.filter(|all| all.to_string().len() <= Scopes::MAX_LENGTH)
            .ok_or_else(invalid)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &[&str]) -> Result<String, ErrorCode> {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let read = scopes(&names).map(|scopes| scopes.to_string());
        read.map_err(|error| error.code)
    }

    #[test]
    fn s16_a_choice_is_made_of_scopes_and_of_nothing_else() {
        assert_eq!(read(&["read", "write", "read"]).as_deref(), Ok("read write"));
        assert_eq!(read(&[]).as_deref(), Ok(""), "nothing is a choice too");
        for odd in ["", "read write", " read", "re\"ad", "läsa", "a\nb"] {
            assert_eq!(read(&["read", odd]), Err(ErrorCode::ScopeInvalid), "{odd:?}");
        }
        let long = "x".repeat(Scopes::MAX_LENGTH);
        assert_eq!(read(&["read", &long]), Err(ErrorCode::ScopeInvalid), "too long");
    }
}
