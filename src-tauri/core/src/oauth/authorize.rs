//! The page the person is sent to (RFC 6749 §4.1.1 with PKCE, RFC 7636; RFC 8707).

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use oauth2::PkceCodeChallenge;
use rand::Rng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::{Discovered, GrantClient, ProofKey, Registration, Unreadable, client, discover::host, sealing};
use crate::{
    base::{ClientId, Issuer, RedirectUri, Scopes, Secret},
    ports::Http,
};

/// The longest page address that is opened (S10).
const MAX_LENGTH: usize = 8 * 1024;

/// Names the parameters that the page must not already carry: those that we may set (R21, S11), and those that would
/// take the place of what we set (RFC 9101 §5).
const OURS: [&str; 15] = [
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "state",
    "code_challenge",
    "code_challenge_method",
    "scope",
    "resource",
    "code",
    "prompt",
    "login_hint",
    "dpop_jkt",
    "request",
    "request_uri",
];

/// Why a page must not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizeError {
    /// Its address is not one to open, or too long.
    #[error("the authorization page's address must not be opened")]
    InsecureUrl,
    /// It already carries a parameter that we set.
    #[error("the authorization page's address already carries a parameter of ours")]
    PresetParameter,
}

/// What to ask for beyond what discovery found.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// Other scopes than the discovered ones.
    pub scopes: Option<Scopes>,
    /// Who is expected to sign in (OpenID Connect Core §3.1.2.1).
    pub login_hint: Option<String>,
    /// Whether the provider must let the person choose, even if it remembers somebody.
    pub force_page: bool,
}

/// A client that is known at a verified issuer.
#[derive(Debug, Clone)]
pub struct Registered {
    pub(super) at: Discovered,
    pub(super) registration: Registration,
}

/// The SHA-256 of a state: enough to find its sign-in, useless to forge an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StateHash([u8; 32]);

impl StateHash {
    /// Hashes a state.
    pub fn of(state: &str) -> Self {
        Self(Sha256::digest(state.as_bytes()).into())
    }

    /// Gives the bytes to look up.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A sign-in whose answer is awaited. Neither `Clone` nor printable: it holds the verifier and the state.
pub struct Awaiting(pub(super) Waiting);

#[derive(Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) url: Url,
    #[serde(serialize_with = "sealing::text")]
    pub(super) state: Secret<String>,
    #[serde(serialize_with = "sealing::text")]
    pub(super) verifier: Secret<String>,
    pub(super) redirect_uri: RedirectUri,
    pub(super) scopes: Option<Scopes>,
    pub(super) sends_iss: bool,
    pub(super) client: client::Parts,
}

/// What is drawn for one attempt, as far as the page is told of it.
struct Drawn {
    state: Secret<String>,
    challenge: PkceCodeChallenge,
    thumbprint: Option<String>,
}

impl Registered {
    pub(super) const fn new(at: Discovered, registration: Registration) -> Self {
        Self { at, registration }
    }

    /// Draws state and verifier and builds the page's address (R12, R13, R15).
    pub fn authorize(self, ask: Ask) -> Result<Awaiting, AuthorizeError> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = ask.scopes.clone().or_else(|| self.at.scopes.clone());
        let client = GrantClient::new(&self.at, &self.registration);
        let drawn = Drawn {
            state: Secret::new(BASE64_URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>())),
            challenge,
            thumbprint: client.proof_key().map(ProofKey::thumbprint),
        };
        let url = self.page(&ask, &scopes, &drawn)?;
        Ok(Awaiting(Waiting {
            url,
            state: drawn.state,
            verifier: Secret::new(verifier.into_secret()),
            redirect_uri: self.registration.redirect_uri().clone(),
            scopes,
            sends_iss: self.at.server.sends_iss,
            client: client.0,
        }))
    }

    fn page(&self, ask: &Ask, scopes: &Option<Scopes>, drawn: &Drawn) -> Result<Url, AuthorizeError> {
        let mut url = self.at.authorization_endpoint().clone();
        Http::check(&url, self.at.reach()).map_err(|_| AuthorizeError::InsecureUrl)?;
        let extra = &self.at.exceptions.extra_parameters;
        let is_set = |name: &str| OURS.contains(&name) || extra.get(name).is_some();
        if url.query_pairs().any(|(name, _)| is_set(&name)) {
            return Err(AuthorizeError::PresetParameter);
        }
        let prompt = prompt(ask, scopes.as_ref(), self.at.server.prompts.as_deref());
        let prompt = with_own_prompt(prompt, extra.get("prompt"), ask.force_page);
        let mut pairs = vec![
            ("response_type", "code"),
            ("client_id", self.registration.client_id().as_str()),
            ("redirect_uri", self.registration.redirect_uri().as_str()),
            // EXPOSE: state travels in the page's address by design (RFC 6749 §4.1.1).
            ("state", drawn.state.expose()),
            ("code_challenge", drawn.challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let named = !self.at.exceptions.omit_resource;
        pairs.extend(named.then(|| ("resource", self.at.resource().as_str())));
        let scope = scopes
            .as_ref()
            .filter(|scopes| !scopes.is_empty())
            .map(Scopes::to_string);
        pairs.extend(scope.as_deref().map(|scope| ("scope", scope)));
        pairs.extend(prompt.as_deref().map(|prompt| ("prompt", prompt)));
        pairs.extend(ask.login_hint.as_deref().map(|hint| ("login_hint", hint)));
        // The code is then worth nothing without the key (RFC 9449 §10).
        pairs.extend(
            drawn
                .thumbprint
                .as_deref()
                .map(|thumbprint| ("dpop_jkt", thumbprint)),
        );
        pairs.extend(extra.iter().filter(|(name, _)| *name != "prompt"));
        url.query_pairs_mut().extend_pairs(pairs);
        if url.as_str().len() > MAX_LENGTH {
            Err(AuthorizeError::InsecureUrl)
        } else {
            Ok(url)
        }
    }
}

/// Chooses the `prompt` (OpenID Connect Core §3.1.2.1). `consent` is what §11 there demands with `offline_access`. To
/// make the page appear, a value that lets the person change the account is best, but only where the server says that
/// it knows it: some refuse the whole request for `login`, others for `select_account`, and none is known to refuse
/// `consent`. Servers without OpenID Connect pass over it (RFC 6749 §3.1).
fn prompt(ask: &Ask, scopes: Option<&Scopes>, known: Option<&[String]>) -> Option<String> {
    let knows = |value: &str| known.is_some_and(|known| known.iter().any(|own| own == value));
    let offline = scopes.is_some_and(|scopes| scopes.contains("offline_access"));
    let chooser = ["select_account", "login"].into_iter().find(|value| knows(value));
    let consent = (known.is_none() || knows("consent")).then_some("consent");
    let chosen: Vec<_> = match (ask.force_page, offline) {
        (true, true) => chooser.into_iter().chain(consent).collect(),
        (true, false) => chooser.or(consent).into_iter().collect(),
        (false, true) => consent.into_iter().collect(),
        (false, false) => Vec::new(),
    };
    (!chosen.is_empty()).then(|| chosen.join(" "))
}

/// Puts the person's own `prompt` in place of ours. Where the page must let the person choose, what makes it do so stays.
fn with_own_prompt(ours: Option<String>, own: Option<&str>, force_page: bool) -> Option<String> {
    let Some(own) = own else {
        return ours;
    };
    let kept = ours.filter(|_| force_page).unwrap_or_default();
    let added = own
        .split(' ')
        .filter(|value| !kept.split(' ').any(|ours| ours == *value));
    let all: Vec<_> = kept
        .split(' ')
        .chain(added)
        .filter(|value| !value.is_empty())
        .collect();
    Some(all.join(" "))
}

impl Awaiting {
    /// Gives the page's address: parsed, checked, printed again (S10).
    pub const fn url(&self) -> &Url {
        &self.0.url
    }

    /// Gives what the answer is looked up by.
    pub fn state_hash(&self) -> StateHash {
        // EXPOSE: only its hash leaves.
        StateHash::of(self.0.state.expose())
    }

    /// Gives the scopes that are asked for.
    pub const fn scopes(&self) -> Option<&Scopes> {
        self.0.scopes.as_ref()
    }

    /// Gives the page's host and port in ASCII.
    pub fn authorization_host(&self) -> String {
        host(&self.0.url)
    }

    /// Gives the host and port of where its tokens are had, in ASCII.
    pub fn token_host(&self) -> String {
        host(self.0.client.token_endpoint())
    }

    /// Gives the issuer the answer must come from.
    pub const fn issuer(&self) -> &Issuer {
        &self.0.client.issuer
    }

    /// Gives what we are called there.
    pub const fn client_id(&self) -> &ClientId {
        self.0.client.client_id()
    }

    /// Gives where the answer must arrive.
    pub const fn redirect_uri(&self) -> &RedirectUri {
        &self.0.redirect_uri
    }

    /// Gives the bytes to seal, so that the sign-in survives a restart.
    pub fn to_secret_json(&self) -> Secret<Vec<u8>> {
        sealing::to_json(&self.0)
    }

    /// Reads the bytes of an opened seal.
    pub fn from_secret_json(json: &Secret<Vec<u8>>) -> Result<Self, Unreadable> {
        sealing::from_json(json).map(Self)
    }
}

impl fmt::Debug for Awaiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Awaiting(…)")
    }
}

#[cfg(test)]
pub(super) mod tests;
