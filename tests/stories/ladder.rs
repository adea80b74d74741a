//! The ways back from the browser: the deep link, and the loopback address where that is not taken (R11, S20 to S22).

use serde_json::json;
use usher_core::sign_in::DeepLink;
use usher_tests::{
    Arrival, AuthorizationServer, Consent, Decision, Door, Furniture, Home, McpServer, Person, Registrations,
    Ways, client,
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

/// Signs in where our scheme is not taken, and signs in once more.
async fn falls_back(registrations: Registrations) -> Vec<String> {
    let authorization = AuthorizationServer::open(Ways {
        registrations,
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

    let before = authorization.seen().lines().len();
    home.good("signIn", json!({ "id": id })).await;
    home.arrival(2).await;
    assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
    assert!(
        way_back(&home).starts_with("http://127.0.0.1:"),
        "what worked is used at once"
    );
    authorization.seen().lines().split_off(before)
}

#[tokio::test]
async fn r11_a_scheme_refused_at_registration_means_loopback_and_that_is_remembered() {
    let again = falls_back(Registrations::HttpOnly).await;
    assert!(!again.contains(&"POST /register".to_owned()), "{again:?}");
}

#[tokio::test]
async fn r11_a_scheme_refused_on_the_page_means_loopback_and_that_is_remembered() {
    let again = falls_back(Registrations::HttpOnlyOnPage).await;
    let pages = again.iter().filter(|line| *line == "GET /authorize").count();
    assert_eq!(pages, 1, "the page is not asked twice: {again:?}");
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
