//! A sign-in that ended: who hears of it, what waits, what a Reconnect brings back, and for how long nobody is reminded.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use usher_core::{
    api::contract::{AppError, ErrorCode, EventBody},
    ports::Clock,
};
use usher_tests::{
    Asks, AuthorizationServer, Door, Furniture, HandClock, Home, McpServer, Names, Requirements, Rules, Ways,
};

use super::parameter;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Two servers of two providers. At the first, whose tool asks for more than its door does, Ada is used and Bob is there.
struct Scene {
    home: Home,
    first: (AuthorizationServer, McpServer, String),
    second: (AuthorizationServer, McpServer, String),
}

impl Scene {
    async fn set() -> Self {
        let (home, names) = (Home::with(Furniture::default()).await, Names::IdToken);
        let ways = || Ways {
            names,
            ..Ways::default()
        };
        let provider = AuthorizationServer::open(ways()).await;
        let asks = Requirements {
            authorization: &provider,
            of: vec![("echo", Asks::Scope("echo:say"))],
        };
        let server = McpServer::open(Rules {
            door: Door::Bearer(&provider),
            scopes: "openid tools",
            requirements: Some(asks),
            older: false,
        })
        .await;
        let first = connected(&home, provider, server).await;
        first.0.seats("bob");
        home.good("addAccount", json!({ "id": first.2 })).await;
        let both = |server: &Value| server["accounts"].as_array().map(Vec::len) == Some(2);
        home.until(&first.2, both).await;
        first.0.seats("ada");
        let provider = AuthorizationServer::open(ways()).await;
        let server = McpServer::open(Door::Bearer(&provider)).await;
        let second = connected(&home, provider, server).await;
        Self { home, first, second }
    }

    /// Runs the first server's tool, and goes on with the story meanwhile.
    fn run(&self) -> JoinHandle<Result<Value, AppError>> {
        let call = json!({ "server": self.first.2, "tool": "echo", "arguments": { "message": "hello" } });
        let app = self.home.app();
        tokio::spawn(async move { app.call(json!({ "name": "callTool", "argument": call })).await })
    }

    fn pages(&self) -> usize {
        self.home.person().opened().len()
    }
}

/// Adds a server and signs in to it.
async fn connected(
    home: &Home,
    provider: AuthorizationServer,
    server: McpServer,
) -> (AuthorizationServer, McpServer, String) {
    let id = home.add(&server.url()).await;
    home.sign_in(&id).await;
    home.state(&id, "ready").await;
    (provider, server, id)
}

#[tokio::test]
async fn after_a_reconnect_whatever_waited_goes_on() {
    let scene = Scene::set().await;
    let (provider, _, id) = &scene.first;
    let waits = scene.run();
    let asked = |server: &Value| !server["consent"].is_null();
    let before = scene.home.until(id, asked).await;
    let (pages, renewals) = (scene.pages(), scene.second.0.seen().count("POST /token"));

    provider.revoke_person("ada");
    // What is called now is not held: whoever called hears at once what it needs, and decides.
    let calls = (0..10).map(|_| scene.home.echo(id, "hello"));
    for heard in futures::future::join_all(calls).await {
        let error = heard.expect_err("the sign-in is over");
        assert_eq!(error.code, ErrorCode::ReauthRequired);
        assert_eq!(error.server.as_ref(), Some(id));
    }
    let lost = scene.home.state(id, "signInNeeded").await;
    assert_eq!(lost["state"]["reason"], "rejected");
    assert_eq!(scene.pages(), pages, "no browser without a click");
    assert!(
        !waits.is_finished(),
        "what waited for the person before still does"
    );

    scene.home.connect(id).await;
    // What waited was refused, so it cannot have run: it is sent again, as the same account, and answers.
    let answer = waits.await.expect("the app does not panic");
    let answer = answer.expect("it was let in");
    assert_eq!(answer["content"][0]["text"], "hello");
    assert_eq!(scene.pages(), pages + 1, "one page for all of it");
    let opened = scene.home.person().opened();
    let page = opened.last().expect("a page was opened").as_str();
    assert_eq!(parameter(page, "login_hint").as_deref(), Some("ada@example.com"));
    assert_eq!(parameter(page, "prompt"), None, "nobody has to choose");

    let after = scene.home.state(id, "ready").await;
    assert_eq!(
        after["account"]["id"], before["account"]["id"],
        "the account goes on"
    );
    assert_eq!(after["consent"], Value::Null, "nothing waits any more");
    assert!(!scene.home.tools(id).await.is_empty(), "its tools are listed");
    let untouched = |account: &Value| account["needs"].is_null();
    let accounts = after["accounts"].as_array().expect("there are accounts");
    assert!(accounts.iter().all(untouched), "Bob's sign-in was never touched");
    let (other, _, second) = &scene.second;
    scene.home.echo(second, "hello").await.expect("it answers");
    assert_eq!(
        other.seen().count("POST /token"),
        renewals,
        "nor was the other server's"
    );
}

#[tokio::test]
async fn a_call_that_waits_for_the_first_sign_in_goes_on_and_one_that_lost_it_is_not_held() {
    let provider = AuthorizationServer::open(Ways::default()).await;
    let asks = Requirements {
        authorization: &provider,
        of: vec![("tools/call", Asks::Token)],
    };
    let server = McpServer::open(Rules {
        door: Door::Open,
        scopes: "tools",
        requirements: Some(asks),
        older: false,
    })
    .await;
    let home = Home::with(Furniture::default()).await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    home.state(&id, "ready").await;
    let (app, held) = (home.app(), id.clone());
    let waits = tokio::spawn(async move {
        let call = json!({ "server": held, "tool": "echo", "arguments": { "message": "hello" } });
        app.call(json!({ "name": "callTool", "argument": call })).await
    });
    home.state(&id, "signInNeeded").await;
    assert!(!waits.is_finished(), "nobody was signed in: it waits for that");
    home.connect(&id).await;
    let answer = waits.await.expect("the app does not panic");
    answer.expect("it was sent again");

    provider.revoke_all();
    let error = home.echo(&id, "hello").await.expect_err("the sign-in is over");
    assert_eq!(error.code, ErrorCode::ReauthRequired, "heard at once");
    home.state(&id, "signInNeeded").await;
    assert_eq!(home.person().opened().len(), 1, "no browser without a click");
    home.connect(&id).await;
    home.state(&id, "ready").await;
    home.echo(&id, "hello").await.expect("it answers again");
}

/// Tells until when nobody is reminded, in seconds from now.
async fn snoozed(home: &Home, clock: &HandClock) -> Option<i64> {
    let snapshot = home.good("snapshot", Value::Null).await;
    let until = snapshot["remindersSnoozedUntil"].as_i64()?;
    Some(until - clock.now().seconds())
}

async fn at_home(clock: &HandClock) -> Home {
    Home::with(Furniture {
        clock: Arc::new(clock.clone()),
        ..Furniture::default()
    })
    .await
}

#[tokio::test]
async fn reminders_stay_off_for_a_day_also_over_a_restart_and_then_come_back() {
    let clock = HandClock::default();
    let mut home = at_home(&clock).await;
    assert_eq!(
        snoozed(&home, &clock).await,
        None,
        "reminders are wanted at first"
    );
    home.good("snoozeReminders", Value::Null).await;
    assert_eq!(snoozed(&home, &clock).await, Some(86_400));
    home.restart().await;
    assert_eq!(snoozed(&home, &clock).await, Some(86_400), "it is remembered");
    clock.advance(DAY - Duration::from_secs(1));
    assert_eq!(snoozed(&home, &clock).await, Some(1));
    let mut events = home.app().events();
    clock.advance(Duration::from_secs(1));
    let heard = events.recv().await.expect("the app runs");
    let over = EventBody::Reminders { snoozed_until: None };
    assert_eq!(heard.body, over, "it is told when its time is over");
    clock.set(clock.now().after(DAY));
    home.restart().await;
    assert_eq!(snoozed(&home, &clock).await, None, "over is over");
}

#[tokio::test]
async fn reminders_can_be_turned_on_again_before() {
    let clock = HandClock::default();
    let mut home = at_home(&clock).await;
    home.good("snoozeReminders", Value::Null).await;
    home.good("wakeReminders", Value::Null).await;
    assert_eq!(snoozed(&home, &clock).await, None);
    home.restart().await;
    assert_eq!(snoozed(&home, &clock).await, None, "also after a restart");
}

#[tokio::test]
async fn a_clock_set_back_by_years_keeps_reminders_off_for_a_day_and_no_longer() {
    let clock = HandClock::default();
    let mut home = at_home(&clock).await;
    home.good("snoozeReminders", Value::Null).await;
    let long_ago = clock.now().seconds() - 10 * 365 * 86_400;
    clock.set(usher_core::base::Timestamp::from_seconds(long_ago));
    assert_eq!(snoozed(&home, &clock).await, Some(86_400), "a day at most");
    home.restart().await;
    clock.advance(DAY - Duration::from_secs(1));
    home.restart().await;
    assert_eq!(snoozed(&home, &clock).await, Some(1), "the day is not begun anew");
    clock.advance(Duration::from_secs(1));
    assert_eq!(snoozed(&home, &clock).await, None);
}

#[tokio::test]
async fn that_the_app_goes_on_without_its_window_is_told_once() {
    let mut home = at_home(&HandClock::default()).await;
    let known = home.app().told_of_going_on().await;
    assert!(!known.expect("it is read"), "nobody was told yet");
    let kept = home.app().remember_told_of_going_on().await;
    kept.expect("it is written down");
    home.restart().await;
    let known = home.app().told_of_going_on().await;
    assert!(known.expect("it is read"), "a restart forgets it not");
}

#[tokio::test]
async fn whose_loss_was_told_is_known_after_a_restart() {
    let clock = HandClock::default();
    let mut home = at_home(&clock).await;
    let told = BTreeSet::from(["1".to_owned(), "2".to_owned()]);
    for servers in [told, BTreeSet::new()] {
        let kept = home.app().remember_told_of_loss(&servers).await;
        kept.expect("it is written down");
        home.restart().await;
        let known = home.app().told_of_loss().await;
        assert_eq!(known.expect("it is read"), servers);
    }
}
