//! A laptop's sleep and a clock that is wrong: everything is looked at again, spread out, and nobody is asked (S33).

use std::{collections::HashSet, sync::Arc, time::Duration};

use futures::future::join_all;
use serde_json::{Value, json};
use tokio::sync::broadcast::{Receiver, error::RecvError};
use usher_core::{
    api::contract::{Event, EventBody, ServerState},
    base::Timestamp,
    ports::Clock,
};
use usher_tests::{AuthorizationServer, Door, Furniture, HandClock, Home, McpServer, RefreshMood, Ways};

/// A hundred of anything takes its time on a busy machine; this is for what never happens.
const GUARD: Duration = Duration::from_secs(120);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: i64 = 24 * 3600;
const YEAR: i64 = 365 * DAY;

/// A home signed in to many servers of one authorization server, which gives tokens for an hour.
struct Night {
    authorization: AuthorizationServer,
    ids: Vec<String>,
    home: Home,
    clock: HandClock,
    _servers: Vec<McpServer>,
}

impl Night {
    async fn with(count: usize) -> Self {
        let clock = HandClock::default();
        let authorization = AuthorizationServer::open(Ways::default()).await;
        let home = Home::with(Furniture {
            clock: Arc::new(clock.clone()),
            ..Furniture::default()
        })
        .await;
        let (mut servers, mut ids) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let server = McpServer::open(Door::Bearer(&authorization)).await;
            ids.push(home.add(&server.url()).await);
            servers.push(server);
        }
        let events = home.app().events();
        join_all(ids.iter().map(|id| home.connect(id))).await;
        all_ready(&home, events, count).await;
        Self {
            authorization,
            ids,
            home,
            clock,
            _servers: servers,
        }
    }

    /// The wall clock jumps, and no timer has run meanwhile.
    fn jump(&self, seconds: i64) {
        let now = self.clock.now().seconds();
        self.clock.set(Timestamp::from_seconds(now + seconds));
    }

    fn asked(&self) -> usize {
        self.authorization.seen().count("POST /token")
    }

    async fn has_asked(&self, count: usize) {
        let asking = async {
            while self.asked() < count {
                tokio::task::yield_now().await;
            }
        };
        let asked = tokio::time::timeout(GUARD, asking).await;
        asked.unwrap_or_else(|_| panic!("{} of {count} have asked", self.asked()));
    }

    async fn is_well(&self) {
        let answers = self.ids.iter().map(|id| self.home.echo(id, "hello"));
        for answer in join_all(answers).await {
            answer.expect("the tool answers");
        }
        let ready = shown_ready(&self.home).await;
        assert_eq!(ready.len(), self.ids.len(), "all are ready");
        let pages = self.home.person().opened().len();
        assert_eq!(pages, self.ids.len(), "no browser since the sign-ins");
    }
}

/// Waits until so many servers are ready. Looks at what is told: a picture of all of them for each would take long.
async fn all_ready(home: &Home, mut events: Receiver<Event>, count: usize) {
    let mut ready = HashSet::new();
    while ready.len() < count {
        match events.recv().await {
            Ok(Event {
                body: EventBody::Server { server },
                ..
            }) if server.state == ServerState::Ready => drop(ready.insert(server.id)),
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => ready = shown_ready(home).await,
            Err(RecvError::Closed) => panic!("the app ended"),
        }
    }
}

async fn shown_ready(home: &Home) -> HashSet<String> {
    let snapshot = home.good("snapshot", Value::Null).await;
    let servers = snapshot["servers"].as_array().into_iter().flatten();
    let ready = servers.filter(|server| server["state"]["kind"] == "ready");
    ready
        .filter_map(|server| server["id"].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn s33_a_night_s_sleep_renews_a_hundred_grants_once_each_and_eight_at_a_time() {
    let it = Night::with(100).await;
    assert_eq!(it.asked(), 100, "the sign-ins");
    let held = it.authorization.hold_tokens().await;
    it.jump(8 * 3600);
    it.has_asked(108).await;
    for _ in 0..1000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(it.asked(), 108, "the ninth waits for one of the eight");
    drop(held);
    it.has_asked(200).await;
    it.is_well().await;
    assert_eq!(it.asked(), 200, "each once");
}

#[tokio::test]
async fn s33_a_clock_that_is_set_causes_neither_questions_nor_storms() {
    let it = Night::with(5).await;
    for jump in [DAY, -DAY, 10 * YEAR, -10 * YEAR, -10 * YEAR, 10 * YEAR, -DAY, DAY] {
        let before = it.asked();
        it.jump(jump);
        it.is_well().await;
        for _ in 0..20 {
            it.clock.advance(Duration::from_secs(15));
            tokio::task::yield_now().await;
        }
        it.is_well().await;
        let asked = it.asked() - before;
        assert!(asked <= 5, "{jump}: {asked} requests for five grants");
    }
}

#[tokio::test]
async fn s33_a_refusal_beats_the_clock() {
    let it = Night::with(3).await;
    it.jump(-10 * YEAR);
    it.is_well().await;
    let before = it.asked();
    it.authorization.expire_access();
    it.is_well().await;
    assert_eq!(
        it.asked() - before,
        3,
        "although they are good for ten years by the clock"
    );
}

#[tokio::test]
async fn s33_no_pause_is_endless_whatever_becomes_of_the_clock() {
    for jump in [-DAY, DAY, -10 * YEAR, 10 * YEAR] {
        let it = Night::with(2).await;
        it.authorization.refresh_mood(RefreshMood::Status(503));
        it.authorization.expire_access();
        for id in &it.ids {
            it.home.echo(id, "hello").await.expect_err("trouble");
        }
        it.authorization.refresh_mood(RefreshMood::Well);
        it.jump(jump);
        it.clock.advance(HOUR);
        for id in &it.ids {
            it.home.state(id, "ready").await;
        }
        it.is_well().await;
    }
}

#[tokio::test]
async fn s33_a_wake_is_noticed_without_any_call() {
    let it = Night::with(1).await;
    let id = &it.ids[0];
    let expires_at = it.home.server(id).await["account"]["expiresAt"].clone();
    it.jump(8 * 3600);
    let renewed = it
        .home
        .until(id, |server| server["account"]["expiresAt"] != expires_at);
    let renewed = renewed.await;
    assert_eq!(renewed["state"], json!({ "kind": "ready" }));
}
