//! Whether a server in a file is one that could have been typed in. Pure.

use std::path::Path;

use http::{HeaderName, HeaderValue, header::AUTHORIZATION};

use super::{
    TransferError,
    contents::{Carried, Client, Contents, Entry, Header, Method},
};
use crate::{
    base::{AuthKind, ClientId, Exceptions, Issuer, Secret, ServerUrl, foreign},
    oauth::{ClientKey, TokenSource},
    servers::{Arrival, BroughtSignInMethod, NewServer, Provider, SecretName, SignInMethod, TokenPlace},
};

/// The most servers of a file.
const MOST_SERVERS: usize = 4096;
/// The most accounts of a file: for each some rows are looked at while nobody else writes.
pub const MOST_ACCOUNTS: usize = 512;
/// The most headers, accounts or issuers of one server.
const MOST_OF_ONE: usize = 256;
/// The most characters of a server's name.
const NAME_LIMIT: usize = 200;

type Checked<T> = Result<T, TransferError>;

/// Reads the contents of a file.
pub fn contents(plain: &Secret<Vec<u8>>) -> Checked<Contents> {
    // EXPOSE: read into values that are secret again.
    let contents: Contents = serde_json::from_slice(plain.expose()).map_err(|_| TransferError::Damaged)?;
    let fits = |entry: &Entry| {
        let lists = [entry.headers.len(), entry.accounts.len(), entry.offered.len()];
        lists.iter().all(|length| *length <= MOST_OF_ONE)
    };
    if contents.servers.len() > MOST_SERVERS || !contents.servers.iter().all(fits) {
        return Err(TransferError::Damaged);
    }
    let accounts: usize = contents.servers.iter().map(|entry| entry.accounts.len()).sum();
    (accounts <= MOST_ACCOUNTS)
        .then_some(contents)
        .ok_or(TransferError::ManyAccounts)
}

/// Tells whether an entry could be taken in.
pub fn entry(plain: &Secret<Vec<u8>>) -> Checked<()> {
    // EXPOSE: as above.
    let entry = serde_json::from_slice(plain.expose()).map_err(|_| TransferError::Damaged)?;
    server(entry).map(drop)
}

impl Entry {
    /// Gives the name as it is shown and kept: one line, with nothing hidden in it.
    pub fn shown_name(&self) -> String {
        let name = foreign::line(&self.name, NAME_LIMIT);
        if name.is_empty() { self.url.host() } else { name }
    }

    /// Tells whether it is known here already that nobody can use it without signing in.
    pub fn wants_sign_in(&self) -> bool {
        self.auth_kind == Some(AuthKind::Oauth) && self.method.is_none()
    }
}

/// Takes what a server is, as if it had been typed in.
///
/// How it is asked is found out anew when the person connects it, unless that was chosen by hand; so is to which part of the
/// world its name leads (S6). It comes with no agreement to an issuer: what is entered here, and a file of this machine, is
/// shown to no issuer that only the file names (S4), the person is asked.
pub fn server(entry: Entry) -> Checked<Arrival> {
    let name = entry.shown_name();
    let headers = entry
        .headers
        .into_iter()
        .map(header)
        .collect::<Checked<Vec<_>>>()?;
    let is_oauth = entry.overridden && entry.auth_kind == Some(AuthKind::Oauth);
    if is_oauth && headers.iter().any(|(name, _)| name == AUTHORIZATION) {
        return Err(TransferError::Damaged);
    }
    let method = entry.method.map(method).transpose()?;
    let brings_all = method.as_ref().is_none_or(|(how, _)| brings_its_secrets(how));
    let exceptions = exceptions(entry.exceptions)?;
    let client_issuer = entry.client.as_ref().and_then(|client| client.issuer.clone());
    let client = entry.client.map(client).transpose()?;
    Ok(Arrival {
        new: NewServer {
            name,
            reach: entry.url.literal_reach(),
            url: entry.url,
            auth_kind: entry.auth_kind.filter(|_| entry.overridden),
            overridden: entry.overridden && entry.auth_kind.is_some(),
            offered_scopes: entry.offered_scopes,
            headers,
        },
        provider: Provider {
            agreed: None,
            offered: if brings_all { entry.offered } else { Vec::new() },
            client_issuer: client_issuer.filter(|_| client.is_some()),
        },
        client,
        way_back: entry.way_back,
        exceptions: if brings_all {
            exceptions
        } else {
            Exceptions::default()
        },
        chosen_scopes: entry.chosen_scopes,
        method: method.map(|(how, issuer)| (how, issuer.filter(|_| brings_all))),
    })
}

fn header(header: Header) -> Checked<(HeaderName, Secret<String>)> {
    let name = header.name.parse().map_err(|_| TransferError::Damaged)?;
    // EXPOSE: only whether the value can be sent is learnt here.
    let sendable = HeaderValue::from_str(header.value.expose()).is_ok();
    sendable
        .then_some((name, header.value))
        .ok_or(TransferError::Damaged)
}

fn client(client: Client) -> Checked<(ClientId, Option<Secret<String>>)> {
    let named = !client.id.as_str().trim().is_empty();
    named
        .then_some((client.id, client.secret))
        .ok_or(TransferError::Damaged)
}

fn exceptions(exceptions: Exceptions) -> Checked<Exceptions> {
    let sound = exceptions.accepted_issuer.as_ref().is_none_or(is_address);
    sound.then_some(exceptions).ok_or(TransferError::Damaged)
}

fn method(method: Method) -> Checked<(BroughtSignInMethod, Option<Issuer>)> {
    let mut sound = !method.how.client_id().as_str().trim().is_empty();
    if let SignInMethod::Company { idp, .. } = &method.how {
        sound &= is_address(&idp.issuer) && !idp.client_id.as_str().trim().is_empty();
    }
    if let Some(TokenPlace::File(path)) = token(&method.how) {
        sound &= is_absolute(path);
    }
    let each = |name, carried: Carried| match carried.0 {
        Some(secret) if !is_sound(name, &secret) => Err(TransferError::Damaged),
        secret => Ok(Some(secret)),
    };
    let how = method.how.try_map(each, |_| TransferError::Damaged)?;
    sound
        .then_some((how, method.issuer))
        .ok_or(TransferError::Damaged)
}

fn is_sound(name: SecretName, secret: &Secret<String>) -> bool {
    match name {
        // EXPOSE: only whether there is one is learnt here.
        SecretName::Secret | SecretName::IdpSecret => !secret.expose().is_empty(),
        SecretName::Key => ClientKey::read(secret.clone(), None).is_ok(),
        SecretName::Token => TokenSource::pasted(secret.clone()).is_some(),
    }
}

const fn token<S>(method: &SignInMethod<S>) -> Option<&TokenPlace<S>> {
    match method {
        SignInMethod::Company { token, .. } | SignInMethod::PlatformToken { token, .. } => Some(token),
        SignInMethod::ClientSecret { .. } | SignInMethod::PrivateKey { .. } => None,
    }
}

/// Tells whether everything that a method shows to an issuer came with it.
fn brings_its_secrets(method: &BroughtSignInMethod) -> bool {
    match method {
        SignInMethod::ClientSecret { secret, .. } => secret.is_some(),
        SignInMethod::PrivateKey { key, .. } => key.is_some(),
        SignInMethod::Company {
            secret, idp, token, ..
        } => {
            // One that stayed behind looks like none.
            let has_come = |secret: &Option<Option<_>>| matches!(secret, Some(Some(_)));
            has_come(secret) && has_come(&idp.secret) && is_pasted(token)
        }
        SignInMethod::PlatformToken { token, .. } => is_pasted(token),
    }
}

const fn is_pasted(token: &TokenPlace<Option<Secret<String>>>) -> bool {
    matches!(token, TokenPlace::Pasted(Some(_)))
}

/// Tells whether a path is absolute here or on the computer that it comes from.
fn is_absolute(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let is_windows = |text: &str| {
        text.starts_with(r"\\")
            || matches!(text.as_bytes(), [drive, b':', b'\\' | b'/', ..] if drive.is_ascii_alphabetic())
    };
    path.is_absolute() || text.starts_with('/') || is_windows(&text)
}

fn is_address(issuer: &Issuer) -> bool {
    issuer.as_str().parse::<ServerUrl>().is_ok()
}
