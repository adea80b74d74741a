//! The call that chooses how one signs in to a server.

use std::path::PathBuf;

use super::{
    App,
    contract::{AppError, ErrorCode, NewSignInMethod, SecretEdit, ServerView, SetSignInMethod, TokenEdit},
    errors,
};
use crate::{
    base::{ClientId, Issuer, Secret, ServerUrl},
    oauth::{ClientKey, TokenSource},
    servers::{self, IdentityProvider, MethodError, SecretChange, SecretName, SignInMethod, TokenPlace},
};

impl App {
    /// What was signed in to before ends: it belongs to whoever signed in.
    pub(super) async fn set_sign_in_method(&self, set: SetSignInMethod) -> Result<ServerView, AppError> {
        let server = self.server(&set.id).await?;
        let method = method(set.method)?;
        let changed = self.0.servers.set_sign_in_method(server.id, method).await;
        if changed.map_err(of_method)? {
            self.leave(server.id).await?;
            self.open_if_wanted(&server).await;
        }
        self.publish(server.id).await;
        self.server_view(server.id).await
    }
}

fn of_method(error: MethodError) -> AppError {
    match error {
        MethodError::Missing(name) => incomplete(name.word()),
        MethodError::Servers(error) => errors::of_servers(error),
    }
}

fn incomplete(field: &str) -> AppError {
    AppError::new(ErrorCode::MethodIncomplete).with("field", field)
}

/// Reads what the person chose; `None` for a person.
fn method(new: NewSignInMethod) -> Result<Option<servers::NewSignInMethod>, AppError> {
    Ok(Some(match new {
        NewSignInMethod::Person => return Ok(None),
        NewSignInMethod::ClientSecret { client_id, secret } => SignInMethod::ClientSecret {
            client_id: client(&client_id, "clientId")?,
            secret: secret_change(secret),
        },
        NewSignInMethod::PrivateKey {
            client_id,
            key_id,
            key,
        } => SignInMethod::PrivateKey {
            client_id: client(&client_id, "clientId")?,
            key_id: key_id.as_deref().and_then(typed).map(str::to_owned),
            key: key_change(key)?,
        },
        NewSignInMethod::PlatformToken { client_id, token } => SignInMethod::PlatformToken {
            client_id: client(&client_id, "clientId")?,
            token: token_place(token)?,
        },
        NewSignInMethod::Company {
            client_id,
            secret,
            idp_issuer,
            idp_client_id,
            idp_secret,
            token,
        } => SignInMethod::Company {
            client_id: client(&client_id, "clientId")?,
            secret: Some(secret_change(secret)),
            idp: IdentityProvider {
                issuer: issuer(&idp_issuer)?,
                client_id: client(&idp_client_id, "idpClientId")?,
                secret: Some(secret_change(idp_secret)),
            },
            token: token_place(token)?,
        },
    }))
}

fn typed(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn client(text: &str, field: &str) -> Result<ClientId, AppError> {
    let id = typed(text).ok_or_else(|| incomplete(field))?;
    Ok(ClientId::new(id))
}

/// Takes an issuer as it was typed; that it is an address to ask is checked, and nothing of it is changed.
fn issuer(text: &str) -> Result<Issuer, AppError> {
    let text = text.trim();
    text.parse::<ServerUrl>().map_err(errors::of_address)?;
    Ok(Issuer::new(text))
}

/// Takes a secret without the white space that pasting adds; an empty one is none.
fn secret_change(edit: SecretEdit) -> SecretChange {
    match edit {
        SecretEdit::Keep => SecretChange::Keep,
        SecretEdit::Clear => SecretChange::Clear,
        SecretEdit::Set { value } => bare(&value).map_or(SecretChange::Clear, SecretChange::Set),
    }
}

fn bare(value: &Secret<String>) -> Option<Secret<String>> {
    // EXPOSE: it goes on as a secret.
    typed(value.expose()).map(|text| Secret::new(text.to_owned()))
}

fn key_change(edit: SecretEdit) -> Result<SecretChange, AppError> {
    let change = secret_change(edit);
    if let SecretChange::Set(key) = &change {
        ClientKey::read(key.clone(), None).map_err(|_| AppError::new(ErrorCode::KeyInvalid))?;
    }
    Ok(change)
}

fn token_place(edit: TokenEdit) -> Result<TokenPlace<SecretChange>, AppError> {
    match edit {
        TokenEdit::Keep => Ok(TokenPlace::Pasted(SecretChange::Keep)),
        TokenEdit::Paste { value } => {
            let value = bare(&value).ok_or_else(|| incomplete(SecretName::Token.word()))?;
            let token = TokenSource::pasted(value.clone());
            token.ok_or_else(|| AppError::new(ErrorCode::TokenInvalid))?;
            Ok(TokenPlace::Pasted(SecretChange::Set(value)))
        }
        TokenEdit::File { path } => {
            let path = typed(&path).ok_or_else(|| incomplete("tokenFile"))?;
            let path = Some(PathBuf::from(path)).filter(|path| path.is_absolute());
            let path = path.ok_or_else(|| AppError::new(ErrorCode::PathInvalid))?;
            Ok(TokenPlace::File(path))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(new: NewSignInMethod) -> Option<(ErrorCode, Option<String>)> {
        let error = method(new).err()?;
        Some((error.code, error.args.get("field").cloned()))
    }

    fn set(text: &str) -> SecretEdit {
        let value = Secret::new(text.to_owned());
        SecretEdit::Set { value }
    }

    fn by_token(token: TokenEdit) -> NewSignInMethod {
        let client_id = "me".to_owned();
        NewSignInMethod::PlatformToken { client_id, token }
    }

    #[test]
    fn a_method_without_what_it_needs_is_refused_by_the_name_of_that() {
        let client_id = "  ".to_owned();
        let secret = set("s");
        let nameless = NewSignInMethod::ClientSecret { client_id, secret };
        let incomplete = |field: &str| Some((ErrorCode::MethodIncomplete, Some(field.to_owned())));
        assert_eq!(refused(nameless), incomplete("clientId"));
        let value = Secret::new(" \n".to_owned());
        assert_eq!(refused(by_token(TokenEdit::Paste { value })), incomplete("token"));
        let path = " ".to_owned();
        assert_eq!(
            refused(by_token(TokenEdit::File { path })),
            incomplete("tokenFile")
        );
    }

    #[test]
    fn what_is_no_key_no_token_or_no_path_is_refused() {
        let code = |new| refused(new).map(|(code, _)| code);
        let (client_id, key) = ("me".to_owned(), set("ssh-rsa AAAA"));
        let key = NewSignInMethod::PrivateKey {
            client_id,
            key_id: None,
            key,
        };
        assert_eq!(code(key), Some(ErrorCode::KeyInvalid));
        let value = Secret::new("two words".to_owned());
        assert_eq!(
            code(by_token(TokenEdit::Paste { value })),
            Some(ErrorCode::TokenInvalid)
        );
        let path = "token".to_owned();
        assert_eq!(
            code(by_token(TokenEdit::File { path })),
            Some(ErrorCode::PathInvalid)
        );
        assert_eq!(code(NewSignInMethod::Person), None);
    }
}
