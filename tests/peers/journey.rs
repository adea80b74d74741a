//! One app and one peer, from the first sign-in to the last revocation. Every deed checks what it says.

use std::{sync::Arc, time::Duration};

use serde_json::{Map, Value, json};
use usher_core::{
    api::contract::ErrorCode,
    base::ClientId,
    ports::{Clock, SystemClock},
};
use usher_tests::{Exchange, Furniture, HandClock, Home, Transcript, Wire, reviewed};

use crate::provider::Provider;

/// A tool with what it is asked and what it answers.
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// What it is asked.
    pub arguments: Value,
    /// The first text of its answer.
    pub answer: &'static str,
}

/// A server of the peer, under the name that the transcript uses.
pub struct Place {
    /// The name.
    pub name: &'static str,
    /// Where it is known to be.
    pub base: String,
    /// What it received.
    pub wire: Wire,
}

/// The peer, and a home that has never heard of it.
pub struct Journey {
    home: Home,
    clock: HandClock,
    id: String,
    tool: Tool,
    places: Vec<Place>,
    provider: Option<Provider>,
    transcript: Transcript,
}

/// Tells whether every request was answered, and every session of the older era is listened to.
fn is_settled(exchanges: &[Exchange]) -> bool {
    let count = |is: fn(&Exchange) -> bool| exchanges.iter().filter(|exchange| is(exchange)).count();
    let answered = exchanges.iter().all(|exchange| exchange.status.is_some());
    answered && count(Exchange::begins_session) == count(Exchange::listens)
}

impl Journey {
    /// Moves in and adds the server; nothing is asked of it yet but how it wants to be asked.
    pub async fn to(url: &str, tool: Tool, places: Vec<Place>) -> Self {
        Self::with_document(None, url, tool, places).await
    }

    /// The same for a home whose app has published a document about itself.
    pub async fn with_document(
        client_metadata: Option<ClientId>,
        url: &str,
        tool: Tool,
        places: Vec<Place>,
    ) -> Self {
        let clock = HandClock::default();
        // The peers live in the present, and what they sign says so.
        clock.set(SystemClock.now());
        let home = Home::with(Furniture {
            clock: Arc::new(clock.clone()),
            client_metadata,
            ..Furniture::default()
        })
        .await;
        Self {
            id: home.add(url).await,
            home,
            clock,
            tool,
            provider: None,
            transcript: Transcript::of(places.iter().map(|place| (place.base.as_str(), place.name))),
            places,
        }
    }

    /// Lets it know the authorization server in front of it.
    #[must_use]
    pub fn past(self, provider: Provider) -> Self {
        let provider = Some(provider);
        Self { provider, ..self }
    }

    fn provider(&self) -> &Provider {
        self.provider.as_ref().expect("this peer asks for a sign-in")
    }

    fn pages(&self) -> usize {
        self.home.person().opened().len()
    }

    pub async fn connects_without_a_page(&self) {
        self.home.connect(&self.id).await;
        self.home.state(&self.id, "ready").await;
        assert_eq!(self.pages(), 0, "nobody needs to sign in to it");
    }

    pub async fn signs_in(&self) {
        let before = self.pages();
        let outcome = self.home.sign_in(&self.id).await;
        assert_eq!(outcome, json!({ "kind": "authorized" }));
        self.home.state(&self.id, "ready").await;
        assert_eq!(self.pages(), before + 1, "one click, one page");
    }

    pub async fn lists(&self) {
        let tools = self.home.tools(&self.id).await;
        assert!(tools.iter().any(|tool| tool == self.tool.name), "{tools:?}");
    }

    pub async fn calls(&self) {
        let arguments = self.tool.arguments.clone();
        let answer = self.home.run(&self.id, self.tool.name, arguments).await;
        let answer = answer.unwrap_or_else(|error| panic!("{} failed: {error:?}", self.tool.name));
        assert_eq!(answer["content"][0]["text"], self.tool.answer);
    }

    /// Runs a tool that asks for a name, and more that it has a guess at, and answers.
    pub async fn is_asked(&self, tool: &str) {
        let call = json!({ "server": self.id, "tool": tool, "arguments": {} });
        let app = self.home.app();
        let call =
            tokio::spawn(async move { app.call(json!({ "name": "callTool", "argument": call })).await });
        let asks = |server: &Value| !server["question"].is_null();
        let asked = self.home.until(&self.id, asks).await["question"].clone();
        let properties = asked["schema"]["properties"].as_object().expect("a form");
        let guessed = properties
            .iter()
            .filter(|(_, property)| !property["default"].is_null());
        let mut answer: Map<_, _> = guessed
            .map(|(name, property)| (name.clone(), property["default"].clone()))
            .collect();
        assert_eq!(answer.len(), 8, "every guess is shown: {answer:?}");
        answer.insert("name".to_owned(), json!("Ada"));
        let question = json!({ "server": self.id, "question": asked["id"] });
        let answer = json!({ "question": question, "answer": answer });
        self.home.good("answerQuestion", answer).await;
        let said = call
            .await
            .expect("the app does not panic")
            .expect("the tool answers");
        let said = said["content"].to_string();
        for heard in ["- Name: Ada", "- Favorite Integer: 42"] {
            assert!(said.contains(heard), "it heard {heard}: {said}");
        }
    }

    async fn is_refused(&self) -> ErrorCode {
        let arguments = self.tool.arguments.clone();
        let refused = self.home.run(&self.id, self.tool.name, arguments).await;
        refused.expect_err("the tool must not answer").code
    }

    pub async fn restarts(&mut self) {
        let before = self.pages();
        self.home.restart().await;
        self.home.state(&self.id, "ready").await;
        self.calls().await;
        assert_eq!(
            self.pages(),
            before,
            "the second start uses the first one's grant"
        );
    }

    /// Turns the clock to where the access token has run out.
    fn let_it_expire(&self) {
        let life = self.provider().tokens()["expires_in"].as_u64();
        self.clock.advance(Duration::from_secs(life.expect("a lifetime")));
    }

    pub async fn renews_in_time(&self) {
        let (before, old) = (self.provider().renewals(), self.provider().tokens());
        self.let_it_expire();
        self.calls().await;
        let new = self.provider().tokens();
        assert_eq!(self.provider().renewals(), before + 1, "once");
        assert_ne!(new["access_token"], old["access_token"]);
        assert_ne!(new["refresh_token"], old["refresh_token"], "it rotates");
    }

    pub async fn renews_what_the_server_refuses(&self) {
        let before = self.provider().renewals();
        let tokens = self.provider().tokens();
        let token = tokens["access_token"].as_str().expect("a token");
        self.provider().lets_run_out(token).await;
        self.calls().await;
        assert_eq!(self.provider().renewals(), before + 1, "once");
    }

    /// Lets somebody else spend the refresh token first; what follows is asked of the person once, and of the provider
    /// never again. Gives what the thief got.
    pub async fn asks_once(&self) -> Value {
        let (before, pages) = (self.provider().renewals(), self.pages());
        let tokens = self.provider().tokens();
        let stolen = tokens["refresh_token"].as_str().expect("a refresh token");
        let (status, loot) = self.provider().spend(stolen).await;
        assert_eq!(status, 200, "the thief is first");
        self.let_it_expire();
        assert_eq!(self.is_refused().await, ErrorCode::ReauthRequired);
        let needed = self.home.state(&self.id, "signInNeeded").await;
        assert_eq!(needed["state"]["reason"], "rejected");
        assert_eq!(self.provider().renewals(), before + 1, "once");
        self.let_it_expire();
        assert_eq!(self.is_refused().await, ErrorCode::ReauthRequired);
        assert_eq!(self.provider().renewals(), before + 1, "and never again");
        assert_eq!(self.pages(), pages, "no browser opens unasked");
        loot
    }

    /// Lets somebody else try to spend a refresh token that is bound to a key: it is of no use there, and none is lost here.
    pub async fn a_thief_gets_nothing(&self) {
        let tokens = self.provider().tokens();
        let stolen = tokens["refresh_token"].as_str().expect("a refresh token");
        let (status, answer) = self.provider().spend(stolen).await;
        assert_eq!(status, 400, "{answer}");
        self.renews_in_time().await;
    }

    /// The same where there is no refresh token: the end of the access token is the end.
    pub async fn asks_once_when_time_is_up(&self) {
        let pages = self.pages();
        self.let_it_expire();
        assert_eq!(self.is_refused().await, ErrorCode::ReauthRequired);
        let needed = self.home.state(&self.id, "signInNeeded").await;
        assert_eq!(needed["state"]["reason"], "expired");
        assert_eq!(self.provider().renewals(), 0, "there is nothing to renew with");
        assert_eq!(self.pages(), pages, "no browser opens unasked");
    }

    /// Tells whether the provider has killed the whole family of a token that was spent twice (RFC 9700 §4.14.2).
    pub async fn thief_is_locked_out(&self, loot: &Value) {
        let loot = loot["refresh_token"].as_str().expect("the thief got one");
        let (status, answer) = self.provider().spend(loot).await;
        assert_eq!(
            (status, &answer["error"]),
            (400, &json!("invalid_grant")),
            "{answer}"
        );
    }

    pub async fn reconnects(&self) {
        self.signs_in().await;
        self.calls().await;
    }

    /// Holds the call until the person has allowed the scope that it needs; its answer comes by itself.
    pub async fn steps_up(&self) {
        let (before, pages) = (self.provider().tokens(), self.pages());
        let allowing = async {
            let asked = |server: &Value| !server["consent"].is_null();
            let asked = self.home.until(&self.id, asked).await;
            assert_eq!(asked["consent"]["tool"], self.tool.name, "said what for");
            assert_eq!(self.pages(), pages, "no browser without a click");
            self.home.good("allowConsent", json!({ "id": self.id })).await;
        };
        futures::future::join(self.calls(), allowing).await;
        assert_eq!(self.pages(), pages + 1, "one click, one page");
        let after = self.provider().tokens();
        let scopes = |tokens: &Value| tokens["scope"].as_str().unwrap_or_default().to_owned();
        assert_ne!(scopes(&before), scopes(&after));
        for scope in scopes(&before).split(' ') {
            assert!(scopes(&after).contains(scope), "what was granted before stays");
        }
    }

    /// Leaves; gives what the app says became of the tokens.
    pub async fn leaves(&self) -> Value {
        let gone = self.home.good("disconnect", json!({ "id": self.id })).await;
        assert_eq!(gone["account"], json!(null));
        assert_eq!(gone["state"]["kind"], "off");
        gone["lastRevocation"].clone()
    }

    pub async fn is_forgotten(&self) {
        let tokens = self.provider().tokens();
        assert_eq!(self.leaves().await, "revoked");
        let introspection = self.provider().introspection.as_ref();
        let introspection = introspection.expect("this provider answers questions");
        for kind in ["access_token", "refresh_token"] {
            let token = tokens[kind].as_str().expect("both were there");
            assert!(
                !introspection.is_active(token).await,
                "{kind} is dead at the provider"
            );
        }
    }

    /// Ends a chapter of what the peer received, once all of it has come and been answered.
    pub async fn chapter(&mut self, title: &str) {
        for place in &self.places {
            place.wire.until(is_settled).await;
        }
        let places = self.places.iter().map(|place| (place.name, &place.wire));
        self.transcript.chapter(title, places);
    }

    /// Compares what the peer received with what was reviewed.
    pub fn sent_what_was_reviewed(&self, name: &str) {
        if let Err(error) = reviewed(&format!("peers/wire/{name}.txt"), self.transcript.text()) {
            panic!("{error}");
        }
    }
}
