//! What a grant's requests need to know: where to send them and who we are there. Pinned at consent (S4).

mod elsewhere;

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderValue, header};
use reqwest::{Method, Request};
use serde::{Deserialize, Serialize};
use url::{Url, form_urlencoded};

use super::{
    Client, ClientAuth, ClientKey, Discovered, MachineAsker, ProofKey, Registration, TokenPlace, Unreadable,
    discover::host, dpop, machine::Machine, sealing,
};
use crate::base::{AuthMethod, ClientId, Issuer, Reach, Resource, Secret, Timestamp};

/// What a signed assertion in the place of a secret is (RFC 7523 §2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Our client at the issuer of one grant, with the endpoints of its verified metadata.
#[derive(Debug, Clone)]
pub struct GrantClient(pub(super) Parts);

/// What a client is made of. Private to this room, because its serialised form holds the secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Parts {
    pub(super) issuer: Issuer,
    /// What the issuer calls itself in answers, where the person accepts that it is something else.
    #[serde(default)]
    answers_as: Option<Issuer>,
    resource: Resource,
    /// Whether requests leave the resource unnamed. Absent from grants of before there were exceptions.
    #[serde(default)]
    omit_resource: bool,
    reach: Reach,
    token_endpoint: Url,
    revocation_endpoint: Option<Url>,
    userinfo_endpoint: Option<Url>,
    client_id: ClientId,
    method: AuthMethod,
    #[serde(serialize_with = "sealing::optional_text")]
    secret: Option<Secret<String>>,
    /// What the tokens are bound to, where the issuer binds them. Absent from grants of before there were keys.
    #[serde(default, with = "dpop")]
    pub(super) proof_key: Option<ProofKey>,
    /// What an assertion is signed with where that takes the place of a secret (RFC 7523 §2.2).
    #[serde(default)]
    pub(super) key: Option<ClientKey>,
    /// How the tokens are asked for where no person signs in for them.
    #[serde(default)]
    pub(super) machine: Option<Box<Machine>>,
}

/// One form parameter.
pub(super) type Pair<'a> = (&'static str, &'a str);

impl Parts {
    pub(super) const fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    pub(super) const fn token_endpoint(&self) -> &Url {
        &self.token_endpoint
    }

    /// Gives the issuer by the name that it goes by: answers must carry it (RFC 9207 §2.4). Nothing that we sign or ask for is
    /// meant for the bearer of an accepted name: that would be good there, in the hands of whoever took the name.
    pub(super) fn answering_issuer(&self) -> &Issuer {
        self.answers_as.as_ref().unwrap_or(&self.issuer)
    }
}

impl GrantClient {
    /// Pins what discovery and registration found; with a new key where the issuer takes proofs (RFC 9449 §5.1).
    pub(super) fn new(at: &Discovered, registration: &Registration) -> Self {
        Self(Parts {
            issuer: at.issuer().clone(),
            answers_as: at.server.answers_as.clone(),
            resource: at.resource().clone(),
            omit_resource: at.exceptions.omit_resource,
            reach: at.reach(),
            token_endpoint: at.server.token_endpoint.clone(),
            revocation_endpoint: at.server.revocation_endpoint.clone(),
            userinfo_endpoint: at.server.userinfo_endpoint.clone(),
            client_id: registration.client_id().clone(),
            method: at.auth_method(registration),
            secret: registration.secret().cloned(),
            proof_key: at.server.takes_proofs.then(ProofKey::generate),
            key: None,
            machine: None,
        })
    }

    /// Pins who asks for tokens without a person, where and how.
    pub(super) fn of_machine(at: &TokenPlace, client: Client, machine: Option<Machine>) -> Self {
        let server = &at.server;
        let (method, secret, key) = match client.auth {
            ClientAuth::Public => (AuthMethod::Public, None, None),
            ClientAuth::Key(key) => (AuthMethod::Public, None, Some(key)),
            ClientAuth::Secret(secret) => (at.secret_method(), Some(secret), None),
        };
        Self(Parts {
            issuer: server.issuer.clone(),
            answers_as: server.answers_as.clone(),
            resource: at.resource.clone(),
            omit_resource: at.exceptions.omit_resource,
            reach: server.reach,
            token_endpoint: server.token_endpoint.clone(),
            revocation_endpoint: server.revocation_endpoint.clone(),
            userinfo_endpoint: None,
            client_id: client.id,
            method,
            secret,
            proof_key: (machine.is_some() && server.takes_proofs).then(ProofKey::generate),
            key,
            machine: machine.map(Box::new),
        })
    }

    /// Gives who asks for new tokens as for the first ones, where no person is needed for that.
    pub fn machine(&self) -> Option<MachineAsker<'_>> {
        let machine = self.0.machine.as_deref()?;
        Some(MachineAsker::new(self, machine))
    }

    /// Gives the host and port of where tokens are had, in ASCII.
    pub fn token_host(&self) -> String {
        host(&self.0.token_endpoint)
    }

    /// Gives the issuer, raw.
    pub const fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    /// Gives our name at the issuer.
    pub const fn client_id(&self) -> &ClientId {
        self.0.client_id()
    }

    /// Gives the resource the tokens are for, raw.
    pub const fn resource(&self) -> &Resource {
        &self.0.resource
    }

    /// Gives the part of the world its endpoints may lie in.
    pub const fn reach(&self) -> Reach {
        self.0.reach
    }

    /// Gives the key that its tokens may be bound to.
    pub const fn proof_key(&self) -> Option<&ProofKey> {
        self.0.proof_key.as_ref()
    }

    /// Gives where its tokens are had.
    pub(super) const fn token_endpoint(&self) -> &Url {
        self.0.token_endpoint()
    }

    /// Gives where the issuer tells more about who signed in (OpenID Connect Core §5.3), if it does.
    pub(super) const fn userinfo_endpoint(&self) -> Option<&Url> {
        self.0.userinfo_endpoint.as_ref()
    }

    /// Gives the bytes to seal.
    pub fn to_secret_json(&self) -> Secret<Vec<u8>> {
        sealing::to_json(&self.0)
    }

    /// Reads the bytes of an opened seal.
    pub fn from_secret_json(json: &Secret<Vec<u8>>) -> Result<Self, Unreadable> {
        sealing::from_json(json).map(Self)
    }

    /// Builds a token request (RFC 6749 §4.1.3, §6) with the raw resource (R13), unless that is left unnamed.
    pub(super) fn token_request(&self, pairs: &[Pair<'_>], now: Timestamp) -> Request {
        let mut pairs = pairs.to_vec();
        if !self.0.omit_resource {
            pairs.push(("resource", self.0.resource.as_str()));
        }
        self.request(&self.0.token_endpoint, &pairs, now)
    }

    /// Builds a revocation request (RFC 7009 §2.1); `None` if revocation is not offered.
    pub(super) fn revocation_request(&self, pairs: &[Pair<'_>], now: Timestamp) -> Option<Request> {
        self.0
            .revocation_endpoint
            .as_ref()
            .map(|endpoint| self.request(endpoint, pairs, now))
    }

    /// Builds a form request that says who we are. `client_id` is in the body with every method (R18).
    fn request(&self, endpoint: &Url, pairs: &[Pair<'_>], now: Timestamp) -> Request {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs)
            .append_pair("client_id", self.0.client_id.as_str());
        let mut request = Request::new(Method::POST, endpoint.clone());
        let headers = request.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        match (self.0.method, &self.0.secret) {
            (AuthMethod::Basic, Some(secret)) => {
                headers.insert(header::AUTHORIZATION, basic(&self.0.client_id, secret));
            }
            (AuthMethod::Post, Some(secret)) => {
                // EXPOSE: the issuer asked to have the secret in the body (RFC 6749 §2.3.1).
                form.append_pair("client_secret", secret.expose());
            }
            (AuthMethod::Public, _) | (_, None) => {}
        }
        if let Some(key) = &self.0.key {
            let assertion = key.assertion(&self.0.client_id, &self.0.issuer, now);
            form.append_pair("client_assertion_type", ASSERTION_TYPE)
                // EXPOSE: the assertion was signed for this issuer and runs out in a moment.
                .append_pair("client_assertion", assertion.expose());
        }
        *request.body_mut() = Some(form.finish().into());
        request
    }
}

/// Gives the Basic credentials: both parts form-encoded first (RFC 6749 §2.3.1).
fn basic(client_id: &ClientId, secret: &Secret<String>) -> HeaderValue {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    // EXPOSE: the credentials go into the header the issuer asked for.
    let pair = Secret::new(format!(
        "{}:{}",
        encoded(client_id.as_str()),
        encoded(secret.expose())
    ));
    // EXPOSE: as above.
    let text = Secret::new(format!("Basic {}", BASE64_STANDARD.encode(pair.expose())));
    // EXPOSE: as above.
    let mut value = HeaderValue::from_str(text.expose()).expect("base64 is always a header value");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::{super::authorize::tests::discovered, *};
    use crate::base::RedirectUri;

    const NOW: Timestamp = Timestamp::from_seconds(1_000);

    fn client(secret: Option<&str>) -> GrantClient {
        let at = discovered();
        let secret = secret.map(|secret| Secret::new(secret.to_owned()));
        let registration =
            Registration::pre_registered(&at, ClientId::new("a b"), secret, RedirectUri::new("x:/"));
        GrantClient::new(&at, &registration)
    }

    fn body(request: &Request) -> String {
        let bytes = request.body().and_then(reqwest::Body::as_bytes).expect("a body");
        String::from_utf8(bytes.to_vec()).expect("a form is ASCII")
    }

    #[test]
    fn r18_the_client_id_is_in_the_body_also_with_basic() {
        let request = client(Some("s:ü")).token_request(&[("grant_type", "refresh_token")], NOW);
        assert!(body(&request).contains("client_id=a+b"), "{}", body(&request));
        let header = request.headers()[header::AUTHORIZATION]
            .to_str()
            .expect("ASCII")
            .to_owned();
        assert_eq!(
            header,
            format!("Basic {}", BASE64_STANDARD.encode("a+b:s%3A%C3%BC")),
            "form-encoded first"
        );
    }

    #[test]
    fn r23_a_client_of_before_there_were_keys_still_opens_and_one_with_a_key_keeps_it() {
        let old = client(None).to_secret_json();
        let mut json: serde_json::Value = serde_json::from_slice(old.expose()).expect("JSON");
        json.as_object_mut().expect("an object").remove("proof_key");
        let back = GrantClient::from_secret_json(&Secret::new(json.to_string().into_bytes()));
        assert!(back.expect("it opens").proof_key().is_none());

        let mut at = discovered();
        at.server.takes_proofs = true;
        let redirect = RedirectUri::new("x:/");
        let registration = Registration::pre_registered(&at, ClientId::new("a"), None, redirect);
        let bound = GrantClient::new(&at, &registration);
        let back = GrantClient::from_secret_json(&bound.to_secret_json()).expect("it opens");
        let thumbprint = |client: &GrantClient| client.proof_key().map(ProofKey::thumbprint);
        assert!(thumbprint(&bound).is_some(), "the issuer takes proofs");
        assert_eq!(thumbprint(&back), thumbprint(&bound), "it is the same key");
    }

    #[test]
    fn r13_a_client_of_before_there_were_exceptions_still_names_its_resource_and_issuer() {
        let old = client(None).to_secret_json();
        let mut json: serde_json::Value = serde_json::from_slice(old.expose()).expect("JSON");
        let parts = json.as_object_mut().expect("an object");
        for new in ["answers_as", "omit_resource"] {
            assert!(parts.remove(new).is_some(), "clients of today say {new}");
        }
        let back = GrantClient::from_secret_json(&Secret::new(json.to_string().into_bytes()));
        let back = back.expect("it opens");
        assert!(body(&back.token_request(&[], NOW)).contains("resource="));
        assert_eq!(back.0.answering_issuer().as_str(), "https://as.example.com");
    }

    #[test]
    fn r13_the_resource_is_sent_as_it_came() {
        let request = client(None).token_request(&[], NOW);
        assert!(
            body(&request).contains("resource=https%3A%2F%2Fmcp.example.com&"),
            "{}",
            body(&request)
        );
        assert!(
            !request.headers().contains_key(header::AUTHORIZATION),
            "a public client has no credentials"
        );
    }
}
