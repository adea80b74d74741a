//! The ways back from the browser: the deep link, and the loopback address where that is not taken (R11, S20 to S22).

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use usher_core::sign_in::DeepLink;
use usher_tests::{
    Arrival, AuthorizationServer, Consent, Decision, Door, Furniture, HandClock, Home, McpServer, Person,
    Registrations, Ways, client,
};

use super::parameter;

/// Gives the redirect URI of the page that was opened last.
fn way_back(home: &Home) -> String {
    let opened = home.person().opened().pop().expect("a page was opened");
    parameter(opened.as_str(), "redirect_uri").expect("the page is asked with a redirect URI")
}

async fn home(decision: Decision, deep_link: DeepLink) -> Home {
    Home::with(Furniture {
        decision,
        deep_link,
        ..Furniture::default()
    })
    .await
}

/// Signs in and gives the kind of the outcome and what the page in the browser says.
async fn told(decision: Decision, ways: Ways) -> (String, String) {
    let authorization = AuthorizationServer::open(ways).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = home(decision, DeepLink::Unavailable).await;
    let id = home.add(&server.url()).await;
    let outcome = home.sign_in(&id).await;
    let Arrival::Page(200, page) = home.arrival(1).await else {
        panic!("the browser ends at our page")
    };
    (outcome["kind"].as_str().unwrap_or_default().to_owned(), page)
}

#[tokio::test]
async fn s20_where_the_scheme_is_not_ours_the_loopback_address_is_used_at_once() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = home(Decision::Allow, DeepLink::Unavailable).await;
    let id = home.add(&server.url()).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    assert!(
        way_back(&home).starts_with("http://127.0.0.1:"),
        "a literal address"
    );
    assert_eq!(authorization.seen().count("POST /register"), 1, "no way in vain");
}

#[tokio::test]
async fn the_page_in_the_browser_tells_the_true_outcome() {
    let (outcome, page) = told(Decision::Allow, Ways::default()).await;
    assert_eq!(outcome, "authorized");
    assert!(page.contains("You are signed in"), "{page}");

    let (outcome, page) = told(Decision::Deny, Ways::default()).await;
    assert_eq!(outcome, "declined");
    assert!(
        page.contains("You are not signed in") && page.contains("declined"),
        "{page}"
    );

    let refusing = Ways {
        exchange_error: Some("invalid_grant"),
        ..Ways::default()
    };
    let (outcome, page) = told(Decision::Allow, refusing).await;
    assert_eq!(outcome, "exchangeFailed");
    assert!(page.contains("You are not signed in"), "{page}");

    let failing = Ways {
        consent: Consent::Error("server_error"),
        ..Ways::default()
    };
    let (outcome, page) = told(Decision::Allow, failing).await;
    assert_eq!(outcome, "providerError");
    assert!(page.contains("You are not signed in"), "{page}");
    assert!(
        !page.contains("as the story asks"),
        "nothing of the provider is in our page"
    );
}

/// Signs in anew and gives what that asked for.
async fn again(home: &Home, id: &str, authorization: &AuthorizationServer) -> Vec<String> {
    let before = authorization.seen().lines().len();
    home.good("signIn", json!({ "id": id })).await;
    assert_eq!(home.outcome(id).await, json!({ "kind": "authorized" }));
    authorization.seen().lines().split_off(before)
}

#[tokio::test]
async fn r11_a_scheme_refused_at_registration_means_loopback_and_that_is_remembered() {
    let authorization = AuthorizationServer::open(Ways {
        registrations: Registrations::HttpOnly,
        ..Ways::default()
    })
    .await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = home(Decision::Allow, DeepLink::Ours).await;
    let id = home.add(&server.url()).await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    assert!(
        way_back(&home).starts_with("http://127.0.0.1:"),
        "a literal address"
    );
    assert_eq!(home.person().opened().len(), 1, "the person saw one page");
    let again = again(&home, &id, &authorization).await;
    assert!(!again.contains(&"POST /register".to_owned()), "{again:?}");
}

/// A home with a clock to turn, where a sign-in waits at the page of an issuer never met before.
async fn at_the_page(decision: Decision, registrations: Registrations) -> AtThePage {
    let authorization = AuthorizationServer::open(Ways {
        registrations,
        ..Ways::default()
    })
    .await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let clock = HandClock::default();
    let home = Home::with(Furniture {
        decision,
        clock: Arc::new(clock.clone()),
        ..Furniture::default()
    })
    .await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    let shown = home.at_the_page(&id).await;
    AtThePage {
        authorization,
        _server: server,
        clock,
        home,
        shown,
        id,
    }
}

struct AtThePage {
    authorization: AuthorizationServer,
    _server: McpServer,
    clock: HandClock,
    home: Home,
    shown: Value,
    id: String,
}

impl AtThePage {
    fn sign_in(&self) -> Value {
        json!({ "id": self.shown["signIn"]["id"] })
    }

    /// Waits until the page was asked once more, for this reason; gives what the window shows.
    async fn asked_again(&self, why: &str) -> Value {
        let is = |server: &Value| server["signIn"]["stage"]["way"]["again"] == why;
        let shown = self.home.until(&self.id, is).await;
        assert_eq!(
            shown["signIn"]["id"], self.shown["signIn"]["id"],
            "the same sign-in"
        );
        shown
    }
}

#[tokio::test]
async fn r11_a_scheme_refused_on_the_page_means_loopback_and_that_is_remembered() {
    let at = at_the_page(Decision::Allow, Registrations::HttpOnlyOnPage).await;
    let Arrival::Page(400, _) = at.home.arrival(1).await else {
        panic!("the page does not take the link")
    };
    at.clock.advance(Duration::from_secs(4));
    assert_eq!(at.home.outcome(&at.id).await, json!({ "kind": "authorized" }));
    assert!(
        way_back(&at.home).starts_with("http://127.0.0.1:"),
        "a literal address"
    );
    assert!(
        at.home.heard().contains("LinkRefused"),
        "the window is told why the browser opens once more"
    );
    let again = again(&at.home, &at.id, &at.authorization).await;
    let pages = again.iter().filter(|line| *line == "GET /authorize").count();
    assert_eq!(pages, 1, "what worked is used at once: {again:?}");
    assert_eq!(at.home.person().opened().len(), 3);
}

#[tokio::test]
async fn r11_a_page_that_may_take_the_link_is_left_to_the_person() {
    let at = at_the_page(Decision::Nothing, Registrations::Offered).await;
    at.clock.advance(Duration::from_secs(4));
    let asked = || at.authorization.seen().count("GET /authorize");
    while asked() == 0 {
        tokio::task::yield_now().await;
    }
    at.home.person().decides(Decision::Allow);
    at.home.good("reopenBrowser", at.sign_in()).await;
    assert_eq!(at.home.outcome(&at.id).await, json!({ "kind": "authorized" }));
    assert_eq!(asked(), 2, "asked once without a person, and shown once");
    assert!(way_back(&at.home).starts_with("dev.usher.desktop:"));
}

#[tokio::test]
async fn r11_a_page_that_fails_after_a_login_is_asked_in_another_way_by_hand() {
    let at = at_the_page(Decision::Nothing, Registrations::Offered).await;
    let given_up = at.home.person().opened().pop().expect("a page was opened");
    at.home.good("tryAnotherWay", at.sign_in()).await;
    let shown = at.asked_again("otherWay").await;
    assert!(way_back(&at.home).starts_with("http://127.0.0.1:"));
    assert_eq!(shown["signIn"]["stage"]["way"]["another"], true);

    let late = Person::follow(given_up, Decision::Allow).await.expect("a page");
    let Arrival::Link(late) = late else {
        panic!("the page that was given up took the link: {late:?}")
    };
    at.home.app().deep_link(&late).await;
    assert_eq!(at.authorization.seen().count("POST /token"), 0, "a stranger's");
    assert!(
        !at.home.server(&at.id).await["signIn"].is_null(),
        "and it ends nothing"
    );

    at.home.good("tryAnotherWay", at.sign_in()).await;
    let is_last = |server: &Value| server["signIn"]["stage"]["way"]["another"] == false;
    at.home.until(&at.id, is_last).await;
    assert!(way_back(&at.home).starts_with("http://localhost:"));
    let refused = at.home.call("tryAnotherWay", at.sign_in()).await;
    assert!(refused.is_err(), "the ladder has an end");

    let page = at.home.person().opened().pop().expect("a page was opened");
    at.home.person().decides(Decision::Allow);
    Person::follow(page, Decision::Allow).await.expect("a page");
    assert_eq!(at.home.outcome(&at.id).await, json!({ "kind": "authorized" }));
    again(&at.home, &at.id, &at.authorization).await;
    assert!(
        way_back(&at.home).starts_with("http://localhost:"),
        "what worked is remembered"
    );
}

#[tokio::test]
async fn r11_another_way_can_be_tried_after_a_restart_and_asks_for_the_same() {
    let mut at = at_the_page(Decision::Nothing, Registrations::Offered).await;
    at.home.restart().await;
    at.home.at_the_page(&at.id).await;
    at.home.good("tryAnotherWay", at.sign_in()).await;
    at.asked_again("otherWay").await;
    let pages = at.home.person().opened();
    let asked = |name| {
        let pages = pages.iter().map(|page| parameter(page.as_str(), name));
        pages.collect::<Vec<_>>()
    };
    assert_eq!(asked("scope")[0], asked("scope")[1]);
    assert_ne!(
        asked("state")[0],
        asked("state")[1],
        "each page has its own state (R15)"
    );
    assert_ne!(
        asked("code_challenge")[0],
        asked("code_challenge")[1],
        "and verifier"
    );
}

#[tokio::test]
async fn s21_whoever_else_knocks_ends_nothing() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let home = home(Decision::Nothing, DeepLink::Unavailable).await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    home.at_the_page(&id).await;
    let door = way_back(&home);
    let page = home.person().opened().pop().expect("a page was opened");
    let state = parameter(page.as_str(), "state").expect("state");
    let good = format!("code=forged&state={state}");
    for (what, request) in [
        ("another path", client().get(format!("{door}x?{good}"))),
        ("nothing", client().get(&door)),
        ("a POST", client().post(format!("{door}?{good}"))),
        (
            "another host",
            client()
                .get(format!("{door}?{good}"))
                .header("host", "evil.example"),
        ),
        ("no issuer", client().get(format!("{door}?{good}"))),
        ("no state", client().get(format!("{door}?code=forged"))),
    ] {
        let answer = request.send().await.expect("the door answers");
        let text = answer.text().await.expect("a page");
        assert!(!text.contains("You are signed in"), "{what}: {text}");
        let server = home.server(&id).await;
        assert_eq!(
            server["signIn"]["stage"]["kind"], "browser",
            "{what} ends nothing"
        );
    }
    let end = Person::follow(page, Decision::Allow).await.expect("a page");
    let Arrival::Page(200, text) = end else {
        panic!("the browser ends at our page: {end:?}")
    };
    assert!(text.contains("You are signed in"), "{text}");
    assert!(client().get(&door).send().await.is_err(), "the door is closed");
}

#[tokio::test]
async fn s22_after_a_restart_the_same_door_is_open() {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let mut home = home(Decision::Nothing, DeepLink::Unavailable).await;
    let id = home.add(&server.url()).await;
    home.connect(&id).await;
    home.at_the_page(&id).await;
    home.restart().await;
    home.at_the_page(&id).await;
    let page = home.person().opened().pop().expect("a page was opened");
    let end = Person::follow(page, Decision::Allow).await.expect("a page");
    let Arrival::Page(200, text) = end else {
        panic!("the browser ends at our page: {end:?}")
    };
    assert!(text.contains("You are signed in"), "{text}");
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
}
