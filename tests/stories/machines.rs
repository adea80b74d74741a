//! Servers that are signed in to without a person (R23): each way against an authorization server that checks it for real.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use usher_tests::{
    AuthorizationServer, Door, Furniture, HandClock, Home, IDP_CLIENT, IdentityProvider, Machines, McpServer,
    Signer, Ways,
};

pub(crate) const CLIENT: &str = "my-client";
pub(crate) const SECRET: &str = "canary-machine-secret-7e0";

/// An authorization server without a page, so that nothing but asking without a person can work, and a server behind it.
pub(crate) struct Machine {
    pub(crate) authorization: AuthorizationServer,
    pub(crate) server: McpServer,
    pub(crate) home: Home,
    pub(crate) id: String,
    pub(crate) clock: HandClock,
}

/// The ways of an authorization server that knows our client and shows nobody a page.
pub(crate) fn ways(clock: &HandClock) -> Ways {
    Ways {
        has_page: false,
        pkce: false,
        known_client: Some((CLIENT, SECRET)),
        machines: Machines {
            clock: Some(clock.clone()),
            ..Machines::default()
        },
        ..Ways::default()
    }
}

pub(crate) fn by_secret(secret: &str) -> Value {
    json!({ "kind": "clientSecret", "clientId": CLIENT, "secret": { "kind": "set", "value": secret } })
}

pub(crate) fn by_key(signer: &Signer) -> Value {
    let key = json!({ "kind": "set", "value": signer.pem() });
    json!({ "kind": "privateKey", "clientId": CLIENT, "keyId": null, "key": key })
}

pub(crate) fn by_company(idp: &IdentityProvider, token: Value) -> Value {
    json!({
        "kind": "company", "clientId": CLIENT, "secret": { "kind": "set", "value": SECRET },
        "idpIssuer": idp.issuer(), "idpClientId": IDP_CLIENT.0,
        "idpSecret": { "kind": "set", "value": IDP_CLIENT.1 }, "token": token,
    })
}

pub(crate) fn by_token(token: Value) -> Value {
    json!({ "kind": "platformToken", "clientId": CLIENT, "token": token })
}

pub(crate) fn pasted(token: &str) -> Value {
    json!({ "kind": "paste", "value": token })
}

/// What a platform signs for this client.
pub(crate) fn platform_token(signer: &Signer, audience: &str, clock: &HandClock) -> String {
    use usher_core::ports::Clock;
    let ends = clock.now().seconds() + 3600;
    let claims =
        json!({ "iss": "https://platform.example", "sub": "workload", "aud": audience, "exp": ends });
    signer.sign("JWT", &claims)
}

impl Machine {
    /// Adds the server; nothing is chosen yet.
    pub(crate) async fn at(ways: Ways, clock: HandClock) -> Self {
        let authorization = AuthorizationServer::open(ways).await;
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let home = Home::with(Furniture {
            clock: Arc::new(clock.clone()),
            ..Furniture::default()
        })
        .await;
        let id = home.add(&server.url()).await;
        Self {
            authorization,
            server,
            home,
            id,
            clock,
        }
    }

    /// Chooses a method.
    pub(crate) async fn choose(&self, method: Value) -> Value {
        let set = json!({ "id": self.id, "method": method });
        self.home.good("setSignInMethod", set).await
    }

    /// Agrees to the issuer, as the person does whom the app asks about it.
    pub(crate) async fn agree(&self) {
        let agreed = json!({ "id": self.id, "issuer": self.authorization.issuer(), "tokenHost": null });
        self.home.good("agreeIssuer", agreed).await;
    }

    /// Chooses a method, agrees to the issuer and connects.
    pub(crate) async fn connected(self, method: Value) -> Self {
        self.choose(method).await;
        self.agree().await;
        self.home.connect(&self.id).await;
        self.home.state(&self.id, "ready").await;
        self
    }

    /// Counts how often tokens were asked for.
    pub(crate) fn asked(&self) -> usize {
        self.authorization.seen().count("POST /token")
    }

    /// Gives one parameter of the last request for tokens.
    fn last(&self, name: &str) -> Option<String> {
        let all = self.authorization.seen().all();
        let last = all.into_iter().rfind(|seen| seen.line == "POST /token");
        last.expect("tokens were asked for").params.get(name).cloned()
    }

    pub(crate) fn no_page(&self) {
        assert!(self.home.person().opened().is_empty(), "no browser");
    }
}

#[tokio::test]
async fn r23_a_client_asks_with_its_secret_and_nobody_sees_a_page() {
    let clock = HandClock::default();
    let it = Machine::at(ways(&clock), clock).await;
    let shown = it.choose(by_secret(SECRET)).await;
    assert_eq!(
        shown["signInMethod"],
        json!({ "kind": "clientSecret", "clientId": CLIENT }),
        "without the secret"
    );
    let it = it.connected(by_secret(SECRET)).await;
    it.home.echo(&it.id, "hello").await.expect("the tool answers");
    assert_eq!(it.last("grant_type").as_deref(), Some("client_credentials"));
    assert_eq!(it.last("resource").as_deref(), Some(it.server.url().as_str()));
    assert_eq!(it.last("scope").as_deref(), Some("tools"));
    assert_eq!(it.last("client_secret"), None, "it is in the header");
    let account = it.home.server(&it.id).await["account"].clone();
    assert_eq!((&account["renews"], it.asked()), (&json!(true), 1));
    it.no_page();
    let gone = it.home.good("disconnect", json!({ "id": it.id })).await;
    assert_eq!(gone["lastRevocation"], "revoked");
    assert_eq!(
        gone["signInMethod"]["kind"], "clientSecret",
        "it is chosen until another is"
    );
}

#[tokio::test]
async fn r23_the_secret_is_in_the_body_only_where_the_metadata_knows_no_other_way() {
    let clock = HandClock::default();
    let ways = Ways {
        wants_auth: Some("client_secret_post"),
        ..ways(&clock)
    };
    let it = Machine::at(ways, clock).await.connected(by_secret(SECRET)).await;
    assert!(it.last("client_secret").is_some(), "in the body");
}

#[tokio::test]
async fn r23_a_client_proves_itself_with_its_key_also_where_it_revokes() {
    let (clock, signer) = (HandClock::default(), Signer::new());
    let mut ways = ways(&clock);
    ways.wants_auth = Some("private_key_jwt");
    ways.machines.key = Some(signer.clone());
    ways.machines.algorithms = Some(&["RS256", "ES256"]);
    let it = Machine::at(ways, clock).await.connected(by_key(&signer)).await;
    assert_eq!(it.last("grant_type").as_deref(), Some("client_credentials"));
    it.authorization.expire_access();
    it.home
        .echo(&it.id, "hello")
        .await
        .expect("it is asked again, with a new assertion");
    it.home.good("disconnect", json!({ "id": it.id })).await;
    assert_eq!(
        it.authorization.living_grants(),
        1,
        "the first token had run out before"
    );
    let revoked = it.authorization.seen().all();
    let revoked = revoked
        .iter()
        .rfind(|seen| seen.line == "POST /revoke")
        .expect("it is revoked");
    assert!(
        revoked.params.contains_key("client_assertion"),
        "as the same client"
    );
}

#[tokio::test]
async fn r23_a_key_whose_algorithm_is_not_taken_signs_nothing() {
    let (clock, signer) = (HandClock::default(), Signer::new());
    let mut ways = ways(&clock);
    ways.machines.key = Some(signer.clone());
    ways.machines.algorithms = Some(&["RS256"]);
    let it = Machine::at(ways, clock).await;
    it.choose(by_key(&signer)).await;
    it.agree().await;
    let outcome = it.home.sign_in(&it.id).await;
    assert_eq!(
        (&outcome["kind"], &outcome["algorithm"]),
        (&json!("keyNotTaken"), &json!("ES256"))
    );
    assert_eq!(it.asked(), 0, "nothing was sent");
}

/// A company whose identity provider vouches for our client.
pub(crate) async fn company(clock: &HandClock) -> (IdentityProvider, Ways) {
    let idp = IdentityProvider::open(CLIENT, Some(clock.clone())).await;
    let mut ways = ways(clock);
    ways.machines.trusts = Some((idp.issuer().to_owned(), idp.signer()));
    (idp, ways)
}

#[tokio::test]
async fn r23_a_company_vouches_for_this_client_at_this_issuer_and_for_this_server() {
    let clock = HandClock::default();
    let (idp, ways) = company(&clock).await;
    let it = Machine::at(ways, clock).await;
    let shown = it.choose(by_company(&idp, pasted(&idp.id_token()))).await;
    let expected = json!({
        "kind": "company", "clientId": CLIENT, "hasSecret": true, "idpIssuer": idp.issuer(),
        "idpClientId": IDP_CLIENT.0, "hasIdpSecret": true, "tokenFile": null,
    });
    assert_eq!(shown["signInMethod"], expected);
    let it = it.connected(by_company(&idp, pasted(&idp.id_token()))).await;
    it.home.echo(&it.id, "hello").await.expect("the tool answers");
    let exchange = idp.seen().all().pop().expect("the identity provider was asked");
    assert_eq!(exchange.params["audience"], it.authorization.issuer());
    assert_eq!(exchange.params["resource"], it.server.url());
    it.no_page();
    it.authorization.expire_access();
    it.home.echo(&it.id, "hello").await.expect("both are asked again");
    assert_eq!((idp.seen().count("POST /token"), it.asked()), (2, 2));
}

#[tokio::test]
async fn r23_what_the_company_refuses_is_not_asked_for_anywhere_else() {
    let clock = HandClock::default();
    let (idp, ways) = company(&clock).await;
    let it = Machine::at(ways, clock).await;
    it.choose(by_company(&idp, pasted(&idp.id_token()))).await;
    it.agree().await;
    idp.refuses("access_denied");
    let host = idp.issuer().trim_start_matches("http://");
    let refused = json!({ "kind": "tokenRefused", "host": host, "error": "access_denied" });
    assert_eq!(it.home.sign_in(&it.id).await, refused);
    assert_eq!(it.asked(), 0);
    it.no_page();
}

/// A platform whose tokens the authorization server takes.
fn platform(clock: &HandClock) -> (Signer, Ways) {
    let signer = Signer::new();
    let mut ways = ways(clock);
    ways.machines.trusts = Some(("https://platform.example".to_owned(), signer.clone()));
    (signer, ways)
}

#[tokio::test]
async fn r23_a_token_of_the_platform_is_shown_once_and_not_again_when_it_is_refused() {
    let clock = HandClock::default();
    let (signer, ways) = platform(&clock);
    let it = Machine::at(ways, clock).await;
    let elsewhere = platform_token(&signer, "https://other.example", &it.clock);
    it.choose(by_token(pasted(&elsewhere))).await;
    it.agree().await;
    let outcome = it.home.sign_in(&it.id).await;
    assert_eq!(
        (&outcome["kind"], &outcome["error"]),
        (&json!("tokenRefused"), &json!("invalid_grant"))
    );
    assert_eq!(it.asked(), 1, "once");
    let good = platform_token(&signer, it.authorization.issuer(), &it.clock);
    let it = it.connected(by_token(pasted(&good))).await;
    assert_eq!(
        it.last("grant_type").as_deref(),
        Some("urn:ietf:params:oauth:grant-type:jwt-bearer")
    );
    assert_eq!(it.asked(), 2);
    it.no_page();
}

#[tokio::test]
async fn r23_a_file_is_read_anew_each_time_a_token_is_asked_for() {
    let clock = HandClock::default();
    let (signer, ways) = platform(&clock);
    let it = Machine::at(ways, clock).await;
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("token");
    let method = by_token(json!({ "kind": "file", "path": path }));
    it.choose(method.clone()).await;
    it.agree().await;
    let missing = json!({ "kind": "noToken", "path": path });
    assert_eq!(it.home.sign_in(&it.id).await, missing);
    assert_eq!(it.asked(), 0, "there is nothing to ask with");

    let write = |it: &Machine| {
        let token = platform_token(&signer, it.authorization.issuer(), &it.clock);
        std::fs::write(&path, format!("{token}\n")).expect("a file");
    };
    write(&it);
    let it = it.connected(method).await;
    it.clock.advance(Duration::from_secs(3600));
    write(&it);
    it.home
        .echo(&it.id, "hello")
        .await
        .expect("the new token is good");
    assert_eq!(it.asked(), 2);
}
