//! What sign-ins at the provider bring.

use serde_json::json;

use super::{LIFE, Provider, START};
use crate::{
    base::{Issuer, Resource, Secret, Subject},
    oauth::{GrantClient, Granted, Identity, TokenType, Tokens},
};

/// What a sign-in brings: `access-0` and `refresh-0`.
pub fn granted(provider: &Provider) -> Granted {
    Granted {
        issuer: Issuer::new(&provider.address),
        resource: Resource::new("http://127.0.0.1:1/mcp"),
        scopes: "read write".parse().expect("two scopes"),
        tokens: Tokens {
            token_type: TokenType::Bearer,
            access: Secret::new("access-0".to_owned()),
            refresh: Some(Secret::new("refresh-0".to_owned())),
            expires_at: Some(START.after(LIFE)),
        },
        client: client(&provider.address),
        identity: None,
    }
}

/// What a sign-in of a person brings whom the provider names: `access-{subject}` and no refresh token.
pub fn granted_to(provider: &Provider, subject: &str) -> Granted {
    let mut granted = without_refresh(provider);
    granted.tokens.access = Secret::new(format!("access-{subject}"));
    granted.identity = Some(Identity {
        subject: Subject::new(subject),
        label: Some(format!("{subject}@example.com")),
        login: Some(format!("{subject}@example.com")),
    });
    granted
}

/// The same without a refresh token.
pub fn without_refresh(provider: &Provider) -> Granted {
    let mut granted = granted(provider);
    granted.tokens.refresh = None;
    granted
}

/// A public client at the provider, in the form in which it is sealed.
pub fn client(address: &str) -> GrantClient {
    let json = json!({
        "issuer": address,
        "resource": "http://127.0.0.1:1/mcp",
        "reach": "loopback",
        "token_endpoint": format!("{address}/token"),
        "revocation_endpoint": format!("{address}/revoke"),
        "client_id": "usher",
        "method": "none",
        "secret": null,
    });
    GrantClient::from_secret_json(&Secret::new(json.to_string().into_bytes())).expect("it is whole")
}
