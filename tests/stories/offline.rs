//! Without a network nothing counts and nothing is asked of the person (S32); and a network that answers in the place of a
//! server ends nothing (S1).

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use usher_core::api::contract::ErrorCode;
use usher_tests::{
    AuthorizationServer, Door, Furniture, HandClock, HandNetwork, Home, Listening, McpServer, RefreshMood,
    Ways, canned_at,
};

/// Longer than everything that waits for the network is spread over.
const A_WHILE: Duration = Duration::from_secs(60);

/// A home with three servers of one authorization server, behind a network that can go.
struct Behind {
    authorization: AuthorizationServer,
    servers: Vec<McpServer>,
    ids: Vec<String>,
    home: Home,
    network: HandNetwork,
    clock: HandClock,
}

impl Behind {
    async fn network() -> Self {
        let (network, clock) = (HandNetwork::default(), HandClock::default());
        let authorization = AuthorizationServer::open(Ways::default()).await;
        let home = Home::with(Furniture {
            network: Arc::new(network.clone()),
            clock: Arc::new(clock.clone()),
            ..Furniture::default()
        })
        .await;
        let (mut servers, mut ids) = (Vec::new(), Vec::new());
        for _ in 0..3 {
            let server = McpServer::open(Door::Bearer(&authorization)).await;
            let id = home.add(&server.url()).await;
            home.sign_in(&id).await;
            home.state(&id, "ready").await;
            servers.push(server);
            ids.push(id);
        }
        Self {
            authorization,
            servers,
            ids,
            home,
            network,
            clock,
        }
    }

    fn sockets(&self) -> impl Iterator<Item = &Listening> {
        let servers = self.servers.iter().map(McpServer::socket);
        servers.chain([self.authorization.socket()])
    }

    async fn goes(&self) {
        self.network.goes();
        self.sockets().for_each(Listening::unplug);
        self.home.network("offline").await;
    }

    async fn comes_back(&self) {
        self.sockets().for_each(Listening::plug_in);
        self.network.comes_back();
        self.home.network("online").await;
    }

    fn pages(&self) -> usize {
        self.home.person().opened().len()
    }

    /// Lets time pass until a server's connection is in a state.
    async fn in_time(&self, id: &str, kind: &str) -> Value {
        self.while_time_passes(self.home.state(id, kind)).await
    }

    /// Lets time pass until something has come about.
    async fn while_time_passes<T>(&self, waited_for: impl Future<Output = T>) -> T {
        let ticking = async {
            loop {
                self.clock.advance(Duration::from_secs(1));
                // Slowly enough for what is under way: no token runs out meanwhile.
                for _ in 0..5000 {
                    tokio::task::yield_now().await;
                }
            }
        };
        tokio::select! {
            come_about = waited_for => come_about,
            () = ticking => unreachable!("time goes on"),
        }
    }
}

#[tokio::test]
async fn s32_offline_is_a_state_of_its_own_and_everything_goes_on_by_itself() {
    let it = Behind::network().await;
    it.clock.advance(Duration::from_secs(2 * 3600));
    let renewed = |server: &Value| server["account"]["expiresAt"].as_i64() > Some(1_767_225_600 + 2 * 3600);
    for id in &it.ids {
        it.home.until(id, renewed).await;
    }
    let tokens = it.authorization.seen().count("POST /token");
    it.goes().await;
    for id in &it.ids {
        for _ in 0..3 {
            let error = it.home.echo(id, "hello").await.expect_err("there is no network");
            assert_eq!(error.code, ErrorCode::Offline, "at once and in words");
        }
        let shown = it.home.state(id, "offline").await;
        assert!(!shown["account"].is_null(), "the sign-in is kept");
        assert!(shown["lastOutcome"]["kind"] == "authorized", "nothing is asked");
    }
    let tried = it.network.questions() + 3;
    it.clock.advance(Duration::from_secs(2 * 3600));
    while it.network.questions() < tried {
        tokio::task::yield_now().await;
    }
    for _ in 0..48 {
        it.clock.advance(Duration::from_secs(3600));
        tokio::task::yield_now().await;
    }
    for id in &it.ids {
        let shown = it.home.state(id, "offline").await;
        assert!(!shown["account"].is_null(), "two days later it is still kept");
    }

    it.comes_back().await;
    for id in &it.ids {
        it.in_time(id, "ready").await;
        it.home.echo(id, "hello").await.expect("the tool answers");
    }
    assert_eq!(
        it.authorization.seen().count("POST /token"),
        tokens + 3,
        "one renewal each"
    );
    assert_eq!(it.pages(), 3, "no browser");
}

#[tokio::test]
async fn s32_what_is_on_this_machine_works_without_a_network() {
    let it = Behind::network().await;
    it.network.goes();
    it.home.network("offline").await;
    for id in &it.ids {
        it.home.echo(id, "hello").await.expect("it answers");
        assert_eq!(it.home.server(id).await["state"]["kind"], "ready");
    }
}

#[tokio::test]
async fn s32_a_server_within_reach_is_used_although_the_network_leads_nowhere() {
    let it = Behind::network().await;
    it.goes().await;
    let id = &it.ids[0];
    for id in &it.ids[..2] {
        it.home.echo(id, "hello").await.expect_err("it is away");
        it.home.state(id, "offline").await;
    }
    it.sockets().for_each(Listening::plug_in);
    it.home
        .echo(id, "hello")
        .await
        .expect("a call asks whether it is there");
    let other = &it.ids[1];
    it.in_time(other, "ready").await;
    it.home.echo(other, "hello").await.expect("it was looked for");
}

#[tokio::test]
async fn s32_a_sign_in_without_a_network_says_so_and_loses_nothing() {
    let it = Behind::network().await;
    let server = McpServer::open(Door::Bearer(&it.authorization)).await;
    let id = it.home.add(&server.url()).await;
    it.goes().await;
    server.socket().unplug();
    it.home.good("signIn", json!({ "id": id })).await;
    assert_eq!(it.home.outcome(&id).await, json!({ "kind": "offline" }));
    let probe = it.home.good("probe", json!({ "url": server.url() })).await;
    let evidence = json!({ "kind": "unsure", "evidence": { "kind": "offline" } });
    assert_eq!(probe, evidence);
    assert_eq!(it.pages(), 3, "no page that nobody could load");
    server.socket().plug_in();
    it.comes_back().await;
    it.home.good("signIn", json!({ "id": id })).await;
    it.home.state(&id, "ready").await;
}

#[tokio::test]
async fn s43_a_sign_out_without_a_network_is_made_good_when_it_is_back() {
    let it = Behind::network().await;
    it.goes().await;
    let gone = it.home.good("disconnect", json!({ "id": it.ids[0] })).await;
    assert_eq!(gone["lastRevocation"], "unreachable");
    assert_eq!(it.authorization.living_grants(), 3);
    it.clock.advance(Duration::from_secs(30 * 24 * 3600));
    it.comes_back().await;
    let revoked = |server: &Value| server["lastRevocation"] == "revoked";
    it.while_time_passes(it.home.until(&it.ids[0], revoked)).await;
    assert_eq!(it.authorization.living_grants(), 2);
}

#[tokio::test]
async fn s01_what_answers_in_the_place_of_a_server_ends_nothing_and_is_told_in_words() {
    for (status, kind, code) in [
        (200, "text/html", ErrorCode::NotMcp),
        (302, "text/plain", ErrorCode::HttpStatus),
        (511, "text/html", ErrorCode::Portal),
    ] {
        let it = Behind::network().await;
        let (server, id) = (&it.servers[0], &it.ids[0]);
        server.socket().unplug();
        let portal = canned_at(&server.socket().base, (status, kind, "<html>")).await;
        let error = it
            .home
            .echo(id, "hello")
            .await
            .expect_err("that is not the server");
        assert_eq!(error.code, code, "{status}");
        let host = server.socket().base.trim_start_matches("http://");
        assert_eq!(error.args["host"], host);
        let shown = it.home.server(id).await;
        assert!(!shown["account"].is_null(), "{status}: the sign-in is kept");
        drop(portal);
        server.socket().plug_in();
        it.clock.advance(A_WHILE);
        it.in_time(id, "ready").await;
        it.home.echo(id, "hello").await.expect("it goes on by itself");
        assert_eq!(it.pages(), 3, "no browser");
    }
}

#[tokio::test]
async fn s32_a_portal_in_the_place_of_a_provider_ends_no_sign_in() {
    let it = Behind::network().await;
    it.authorization.refresh_mood(RefreshMood::Status(511));
    it.authorization.expire_access();
    let error = it.home.echo(&it.ids[0], "hello").await;
    let error = error.expect_err("there is no fresh token");
    assert_eq!(error.code, ErrorCode::Portal);
    let host = it.authorization.issuer().trim_start_matches("http://");
    assert_eq!(error.args["host"], host, "it is the provider that is hidden");
    it.authorization.refresh_mood(RefreshMood::Well);
    it.clock.advance(A_WHILE);
    it.in_time(&it.ids[0], "ready").await;
    it.home.echo(&it.ids[0], "hello").await.expect("it is renewed");
    assert_eq!(it.pages(), 3, "no browser");
}
