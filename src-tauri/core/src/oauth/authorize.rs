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
pub(super) mod tests {
    use super::*;
    use crate::base::{ExtraParameter, ExtraParameters, ExtraParametersError};

    /// A verified issuer as discovery would give it.
    pub(in crate::oauth) fn discovered() -> Discovered {
        let json = serde_json::json!({
            "resource": "https://mcp.example.com", "scopes": "read",
            "server": {
                "issuer": "https://as.example.com", "authorization_endpoint": "https://as.example.com/authorize?tenant=1",
                "token_endpoint": "https://as.example.com/token", "registration_endpoint": null,
                "revocation_endpoint": "https://as.example.com/revoke", "sends_iss": true,
                "takes_metadata_documents": false, "offers_offline_access": false, "auth_methods": [], "takes_proofs": false,
                "reach": "public",
            },
        });
        serde_json::from_value(json).expect("the test's discovery is well-formed")
    }

    pub(in crate::oauth) fn awaiting() -> Awaiting {
        registered(discovered())
            .authorize(Ask::default())
            .expect("a page to open")
    }

    fn registered(at: Discovered) -> Registered {
        let redirect = RedirectUri::new("dev.usher.desktop://oauth/callback");
        let registration = Registration::pre_registered(&at, ClientId::new("client"), None, redirect);
        at.with(registration)
    }

    fn param(url: &Url, name: &str) -> Option<String> {
        url.query_pairs()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.into_owned())
    }

    #[test]
    fn r12_r13_r15_the_page_carries_s256_the_raw_resource_and_a_fresh_state() {
        let (one, two) = (awaiting(), awaiting());
        assert_eq!(param(one.url(), "code_challenge_method").as_deref(), Some("S256"));
        assert_eq!(
            param(one.url(), "resource").as_deref(),
            Some("https://mcp.example.com"),
            "no slash is added"
        );
        assert_eq!(param(one.url(), "scope").as_deref(), Some("read"));
        assert_eq!(
            param(one.url(), "tenant").as_deref(),
            Some("1"),
            "the endpoint's own query stays (RFC 6749 §3.1)"
        );
        let state = param(one.url(), "state").expect("a state");
        assert!(state.len() >= 22, "at least 128 bits");
        assert_ne!(
            param(two.url(), "state"),
            Some(state),
            "every attempt has its own"
        );
        assert_ne!(
            param(two.url(), "code_challenge"),
            param(one.url(), "code_challenge"),
            "S13"
        );
    }

    #[test]
    fn s11_a_page_that_carries_a_parameter_of_ours_is_refused() {
        let ours = "response_type client_id redirect_uri state code_challenge code_challenge_method scope resource \
                    prompt login_hint dpop_jkt request request_uri";
        for name in ours.split_whitespace() {
            let mut at = discovered();
            at.server
                .authorization_endpoint
                .set_query(Some(&format!("{name}=x")));
            assert_eq!(
                registered(at).authorize(Ask::default()).err(),
                Some(AuthorizeError::PresetParameter),
                "{name}"
            );
        }
    }

    #[test]
    fn r21_what_is_ours_to_set_is_not_the_persons_to_add() {
        // A prompt is: it says what the page does, not who asks.
        for name in OURS.into_iter().filter(|name| *name != "prompt") {
            let own = ExtraParameter {
                name: name.to_owned(),
                value: "x".to_owned(),
            };
            let refused = ExtraParameters::try_from(vec![own]);
            assert_eq!(refused, Err(ExtraParametersError::Reserved { at: 0 }), "{name}");
        }
    }

    #[test]
    fn s10_only_pages_that_may_be_opened_are() {
        for page in [
            "http://as.example.com/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://127.0.0.1/",
        ] {
            let mut at = discovered();
            at.server.authorization_endpoint = Url::parse(page).expect("a URL");
            assert_eq!(
                registered(at).authorize(Ask::default()).err(),
                Some(AuthorizeError::InsecureUrl),
                "{page}"
            );
        }
        let ask = Ask {
            login_hint: Some("x".repeat(9000)),
            ..Ask::default()
        };
        assert_eq!(
            registered(discovered()).authorize(ask).err(),
            Some(AuthorizeError::InsecureUrl),
            "over-long"
        );
    }

    #[test]
    fn a_sign_in_survives_sealing_and_is_not_printable() {
        let one = awaiting();
        let back = Awaiting::from_secret_json(&one.to_secret_json()).expect("readable");
        assert_eq!(back.state_hash(), one.state_hash());
        assert_eq!(format!("{one:?}"), "Awaiting(…)");
    }

    #[test]
    fn a_forced_page_asks_only_for_what_the_server_knows() {
        let prompt_of = |known: Option<&[&str]>, scopes: &str| {
            let known: Option<Vec<String>> =
                known.map(|known| known.iter().map(|&value| value.to_owned()).collect());
            let ask = Ask {
                force_page: true,
                ..Ask::default()
            };
            prompt(&ask, scopes.parse().ok().as_ref(), known.as_deref())
        };
        assert_eq!(prompt_of(None, "read").as_deref(), Some("consent"));
        assert_eq!(
            prompt_of(Some(&["none", "login", "consent"]), "read").as_deref(),
            Some("login")
        );
        assert_eq!(
            prompt_of(Some(&["login", "select_account"]), "read").as_deref(),
            Some("select_account")
        );
        assert_eq!(
            prompt_of(Some(&["login", "consent"]), "offline_access").as_deref(),
            Some("login consent")
        );
        assert_eq!(
            prompt_of(Some(&[]), "offline_access"),
            None,
            "it says that it knows none"
        );
        let quiet = prompt(&Ask::default(), "read".parse().ok().as_ref(), None);
        assert_eq!(quiet, None, "nobody is bothered without a reason");
    }

    #[test]
    #[should_panic(expected = "shown to no other")]
    fn r08_a_registration_is_never_shown_to_another_issuer() {
        let at = discovered();
        let redirect = RedirectUri::new("dev.usher.desktop://oauth/callback");
        let registration = Registration::pre_registered(&at, ClientId::new("client"), None, redirect);
        let mut other = at;
        other.server.issuer = Issuer::new("https://as.example.com/");
        drop(other.with(registration));
    }
}
