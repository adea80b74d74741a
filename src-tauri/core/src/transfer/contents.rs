//! What is sealed in a file.

use serde::{Deserialize, Serialize};

use crate::{
    base::{
        AuthKind, ClientId, Exceptions, Issuer, Scopes, Secret, ServerUrl, Timestamp,
        plain::{optional_text, text},
    },
    grants::Traveller,
    servers::{SignInMethod, TokenPlace, WayBack},
};

/// Everything.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Contents {
    pub made_at: Timestamp,
    pub servers: Vec<Entry>,
}

/// One server.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    pub name: String,
    pub url: ServerUrl,
    pub auth_kind: Option<AuthKind>,
    /// The kind was chosen by hand.
    pub overridden: bool,
    pub headers: Vec<Header>,
    pub client: Option<Client>,
    /// The issuers that the server named last.
    pub offered: Vec<Issuer>,
    pub way_back: WayBack,
    pub exceptions: Exceptions,
    pub offered_scopes: Option<Scopes>,
    pub chosen_scopes: Option<Scopes>,
    pub method: Option<Method>,
    pub accounts: Vec<Traveller>,
}

impl Entry {
    /// Returns whether something secret that was typed in is in it: a header's value, a client's secret, or a method's.
    pub fn has_secret(&self) -> bool {
        let client = self.client.as_ref().is_some_and(|client| client.secret.is_some());
        client
            || !self.headers.is_empty()
            || self.method.as_ref().is_some_and(|method| has_secret(&method.how))
    }
}

fn has_secret(how: &SignInMethod<Carried>) -> bool {
    let pasted = |token: &TokenPlace<Carried>| matches!(token, TokenPlace::Pasted(Carried(Some(_))));
    match how {
        SignInMethod::ClientSecret { secret: one, .. } | SignInMethod::PrivateKey { key: one, .. } => {
            one.0.is_some()
        }
        SignInMethod::Company {
            secret, idp, token, ..
        } => {
            let is_there = |one: &Option<Carried>| matches!(one, Some(Carried(Some(_))));
            is_there(secret) || is_there(&idp.secret) || pasted(token)
        }
        SignInMethod::PlatformToken { token, .. } => pasted(token),
    }
}

/// A header with its value; without accounts there is none.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub name: String,
    #[serde(serialize_with = "text")]
    pub value: Secret<String>,
}

/// A client that the person typed in.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    pub id: ClientId,
    #[serde(serialize_with = "optional_text")]
    pub secret: Option<Secret<String>>,
    /// The issuer that it belongs to.
    pub issuer: Option<Issuer>,
}

/// How one signs in without a person.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    pub how: SignInMethod<Carried>,
    /// The issuer that its secrets belong to.
    pub issuer: Option<Issuer>,
}

/// A secret of a method, if it goes along.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Carried(#[serde(serialize_with = "optional_text")] pub Option<Secret<String>>);
