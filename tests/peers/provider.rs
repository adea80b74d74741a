//! The authorization server's half of a peer: what it received, and what it says of its tokens.

use serde_json::Value;
use usher_tests::{Exchange, Peer, Wire, client};

/// An authorization server behind a recorder.
pub struct Provider {
    /// Where it really is: what is asked there is not recorded.
    pub at: String,
    /// What it received from the app and from the person's browser.
    pub wire: Wire,
    /// Where to let an access token run out, if revoking one does more than that.
    pub run_out: Option<String>,
    /// Whom to ask what has become of a token, and as whom, if it answers such questions.
    pub introspection: Option<Introspection>,
}

/// Where and as whom to introspect (RFC 7662).
pub struct Introspection {
    url: String,
    client_id: String,
    client_secret: String,
}

impl Introspection {
    /// Reads what the peer said of itself.
    pub fn of(peer: &Peer) -> Self {
        Self {
            url: peer.address("introspection").to_owned(),
            client_id: peer.address("clientId").to_owned(),
            client_secret: peer.address("clientSecret").to_owned(),
        }
    }

    /// Tells whether a token is alive.
    pub async fn is_active(&self, token: &str) -> bool {
        let asked = client()
            .post(&self.url)
            .basic_auth(&self.client_id, Some(&self.client_secret))
            .form(&[("token", token)]);
        let answer = asked.send().await.expect("the provider answers");
        let told: Value = answer.json().await.expect("an answer in JSON");
        told["active"].as_bool().expect("active, or not (RFC 7662 §2.2)")
    }
}

impl Provider {
    /// Gives the answers of the token endpoint that brought tokens, and whether each was a renewal.
    fn grants(&self) -> Vec<(Exchange, Value)> {
        let exchanges = self.wire.exchanges().into_iter();
        exchanges
            .filter_map(|exchange| {
                let answer = exchange
                    .answer
                    .clone()
                    .filter(|answer| answer["access_token"].is_string())?;
                Some((exchange, answer))
            })
            .collect()
    }

    /// Gives the tokens that the app got last.
    pub fn tokens(&self) -> Value {
        let (_, tokens) = self.grants().pop().expect("the app has got tokens");
        tokens
    }

    /// Counts how often the app asked to renew, in vain or not; a request that lacked a nonce comes again and counts once.
    pub fn renewals(&self) -> usize {
        let exchanges = self.wire.exchanges();
        let lacks_nonce = |exchange: &&Exchange| {
            exchange
                .answer
                .as_ref()
                .is_some_and(|answer| answer["error"] == "use_dpop_nonce")
        };
        let asks =
            |exchange: &&Exchange| exchange.parameter("grant_type").as_deref() == Some("refresh_token");
        let counted = |exchange: &&Exchange| asks(exchange) && !lacks_nonce(exchange);
        exchanges.iter().filter(counted).count()
    }

    /// Spends a refresh token as somebody would who has stolen it; gives status and answer.
    pub async fn spend(&self, refresh_token: &str) -> (u16, Value) {
        let (exchange, _) = self.grants().pop().expect("the app has got tokens");
        let kept = ["client_id", "resource"];
        let mut form: Vec<_> = exchange
            .form()
            .into_iter()
            .filter(|(name, _)| kept.contains(&name.as_str()))
            .collect();
        form.push(("grant_type".to_owned(), "refresh_token".to_owned()));
        form.push(("refresh_token".to_owned(), refresh_token.to_owned()));
        let asked = client().post(format!("{}{}", self.at, exchange.path)).form(&form);
        let answer = asked.send().await.expect("the provider answers");
        let status = answer.status().as_u16();
        (status, answer.json().await.expect("an answer in JSON"))
    }

    /// Lets an access token run out behind the app's back.
    pub async fn lets_run_out(&self, access_token: &str) {
        let (exchange, _) = self.grants().pop().expect("the app has got tokens");
        let client_id = exchange.parameter("client_id").expect("a client asks");
        let place = self.run_out.clone().unwrap_or_else(|| self.revocation_endpoint());
        let form = [("token", access_token), ("client_id", &client_id)];
        let answer = client()
            .post(place)
            .form(&form)
            .send()
            .await
            .expect("the provider answers");
        assert!(answer.status().is_success(), "{}", answer.status());
    }

    /// Gives the endpoint that the metadata named, where it really is.
    fn revocation_endpoint(&self) -> String {
        let exchanges = self.wire.exchanges();
        let documents = exchanges.iter().filter_map(|exchange| exchange.answer.as_ref());
        let endpoint = documents
            .filter_map(|document| document["revocation_endpoint"].as_str())
            .next_back()
            .expect("the provider offers revocation");
        let endpoint = endpoint.parse::<reqwest::Url>().expect("a URL");
        format!("{}{}", self.at, endpoint.path())
    }
}
