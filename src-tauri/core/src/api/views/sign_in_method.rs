//! How one signs in to a server, from the room's type to the contract's.

use crate::{
    api::contract::SignInMethodView,
    base::ClientId,
    servers::{SignInMethod, TokenPlace},
};

/// Gives the method; `None` stands for a person.
pub(super) fn view(method: Option<SignInMethod<()>>) -> SignInMethodView {
    let text = |id: &ClientId| id.as_str().to_owned();
    match method {
        None => SignInMethodView::Person,
        Some(SignInMethod::ClientSecret { client_id, .. }) => SignInMethodView::ClientSecret {
            client_id: text(&client_id),
        },
        Some(SignInMethod::PrivateKey {
            client_id, key_id, ..
        }) => SignInMethodView::PrivateKey {
            client_id: text(&client_id),
            key_id,
        },
        Some(SignInMethod::PlatformToken { client_id, token }) => SignInMethodView::PlatformToken {
            client_id: text(&client_id),
            token_file: file(&token),
        },
        Some(SignInMethod::Company {
            client_id,
            secret,
            idp,
            token,
        }) => SignInMethodView::Company {
            client_id: text(&client_id),
            has_secret: secret.is_some(),
            idp_issuer: idp.issuer.to_string(),
            idp_client_id: text(&idp.client_id),
            has_idp_secret: idp.secret.is_some(),
            token_file: file(&token),
        },
    }
}

fn file(token: &TokenPlace<()>) -> Option<String> {
    match token {
        TokenPlace::Pasted(()) => None,
        TokenPlace::File(path) => Some(path.display().to_string()),
    }
}
