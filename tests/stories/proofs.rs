//! Tokens that are bound to a key: both the provider and the server check every proof (RFC 9449).

use serde_json::json;
use usher_tests::{AuthorizationServer, Decision, Door, Home, McpServer, Proofs, Ways};

use crate::parameter;

/// A home signed in to a server whose provider deals with proofs in one way.
struct SignedIn {
    authorization: AuthorizationServer,
    server: McpServer,
    home: Home,
    id: String,
}

impl SignedIn {
    async fn with(proofs: Proofs) -> Self {
        let authorization = AuthorizationServer::open(Ways {
            proofs,
            ..Ways::default()
        })
        .await;
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let home = Home::new(Decision::Allow).await;
        let id = home.add(&server.url()).await;
        assert_eq!(home.sign_in(&id).await["kind"], "authorized");
        home.state(&id, "ready").await;
        Self {
            authorization,
            server,
            home,
            id,
        }
    }

    async fn works(&self) {
        self.home.echo(&self.id, "hello").await.expect("the tool answers");
    }

    fn exchanges(&self) -> usize {
        self.authorization.seen().count("POST /token")
    }

    /// Counts the proofs that were refused: at the token endpoint and at the server.
    fn refused(&self) -> [usize; 2] {
        [self.authorization.refused_proofs(), self.server.refused_proofs()]
    }
}

#[tokio::test]
async fn r23_bound_tokens_are_shown_with_proofs_renewed_with_proofs_and_survive_a_restart() {
    let mut it = SignedIn::with(Proofs::Checked).await;
    it.works().await;
    it.authorization.expire_access();
    it.works().await;
    it.home.restart().await;
    it.home.state(&it.id, "ready").await;
    it.works().await;
    it.authorization.expire_access();
    it.works().await;
    assert_eq!(it.refused(), [0, 0], "no proof was wrong, and none came twice");
    assert_eq!(it.exchanges(), 3, "a sign-in and two renewals");
    assert_eq!(it.home.person().opened().len(), 1, "one key for the whole grant");
}

#[tokio::test]
async fn r23_the_code_is_bound_to_the_key_of_its_sign_in() {
    let it = SignedIn::with(Proofs::Checked).await;
    let page = it.home.person().opened().pop().expect("the page was opened");
    let thumbprint = parameter(page.as_str(), "dpop_jkt").expect("RFC 9449 §10");
    assert_eq!(thumbprint.len(), 43, "a SHA-256 in base64url");
    it.home.good("signIn", json!({ "id": it.id })).await;
    it.home.arrival(2).await;
    let again = it
        .home
        .person()
        .opened()
        .pop()
        .expect("the page was opened again");
    assert_ne!(
        parameter(again.as_str(), "dpop_jkt"),
        Some(thumbprint),
        "every grant has a key of its own"
    );
}

#[tokio::test]
async fn r23_nonces_of_both_are_taken_up_and_each_costs_one_request() {
    let mut it = SignedIn::with(Proofs::CheckedWithNonce).await;
    it.works().await;
    assert_eq!(it.refused(), [1, 1], "each asked for its nonce once");
    assert_eq!(it.exchanges(), 2, "a missing nonce is no reason to renew");
    it.authorization.expire_access();
    it.works().await;
    assert_eq!(it.refused(), [1, 1], "the nonces of good answers are used too");
    assert_eq!(it.exchanges(), 3, "one renewal");
    it.home.restart().await;
    it.home.state(&it.id, "ready").await;
    it.authorization.expire_access();
    it.works().await;
    assert_eq!(
        it.refused(),
        [2, 2],
        "a restart forgets the nonces and loses nothing"
    );
    assert_eq!(it.home.person().opened().len(), 1, "the sign-in stays");
}

#[tokio::test]
async fn r23_a_provider_that_leaves_proofs_aside_gives_plain_tokens() {
    let it = SignedIn::with(Proofs::Ignored).await;
    it.works().await;
    it.authorization.expire_access();
    it.works().await;
    assert_eq!(it.home.server(&it.id).await["state"]["kind"], "ready");
}
