//! What a sign-in asks for is known before it, and is the person's to choose (R14).

use serde_json::{Value, json};
use usher_core::api::contract::ErrorCode;
use usher_tests::{Asks, AuthorizationServer, Decision, Door, Home, McpServer, Requirements, Rules, Ways};

use super::parameter;

/// A home with a server that names three scopes, and has a tool that needs one of them.
struct Scene {
    _authorization: AuthorizationServer,
    server: McpServer,
    home: Home,
    id: String,
}

impl Scene {
    async fn set() -> Self {
        let authorization = AuthorizationServer::open(Ways::default()).await;
        let server = McpServer::open(Rules {
            scopes: "notes:read notes:write admin",
            requirements: Some(Requirements {
                authorization: &authorization,
                of: vec![("echo", Asks::Scope("notes:write"))],
            }),
            ..Door::Bearer(&authorization).into()
        })
        .await;
        let home = Home::new(Decision::Allow).await;
        let id = home.add(&server.url()).await;
        Self {
            _authorization: authorization,
            server,
            home,
            id,
        }
    }

    async fn choose(&self, scopes: Value) -> Value {
        let choice = json!({ "id": self.id, "scopes": scopes });
        self.home.good("setScopes", choice).await["permissions"].clone()
    }

    async fn permissions(&self) -> Value {
        self.home.server(&self.id).await["permissions"].clone()
    }

    /// Gives the scopes of the last visit to the provider's page.
    fn asked_for(&self) -> Option<String> {
        let opened = self.home.person().opened();
        parameter(opened.last().expect("a page was opened").as_str(), "scope")
    }
}

#[tokio::test]
async fn r14_what_a_sign_in_asks_for_is_known_before_it() {
    let scene = Scene::set().await;
    let all = json!(["notes:read", "notes:write", "admin"]);
    let found = scene
        .home
        .good("probe", json!({ "url": scene.server.url() }))
        .await;
    assert_eq!((&found["kind"], &found["scopes"]), (&json!("oauth"), &all));
    let permissions = json!({ "offered": all, "chosen": null });
    assert_eq!(scene.permissions().await, permissions);
    scene.home.sign_in(&scene.id).await;
    assert_eq!(
        scene.asked_for().as_deref(),
        Some("notes:read notes:write admin"),
        "unless the person chooses otherwise"
    );
}

#[tokio::test]
async fn r14_only_what_the_person_chose_is_asked_for_also_after_a_restart() {
    let mut scene = Scene::set().await;
    let permissions = scene.choose(json!(["notes:read", "notes:own"])).await;
    assert_eq!(permissions["chosen"], json!(["notes:read", "notes:own"]));
    assert!(
        scene.home.person().opened().is_empty(),
        "choosing opens no browser"
    );
    scene.home.restart().await;
    scene.home.sign_in(&scene.id).await;
    assert_eq!(scene.asked_for().as_deref(), Some("notes:read notes:own"));
    let after = scene.home.state(&scene.id, "ready").await;
    assert_eq!(
        after["account"]["scopes"],
        json!(["notes:read", "notes:own"]),
        "no more was granted"
    );
    assert_eq!(
        after["permissions"]["offered"],
        json!(["notes:read", "notes:write", "admin"]),
        "what can be chosen is still known"
    );

    scene.choose(Value::Null).await;
    scene.home.good("signIn", json!({ "id": scene.id })).await;
    scene.home.arrival(2).await;
    let asked = scene.asked_for().unwrap_or_default();
    assert!(asked.contains("admin"), "a choice can be taken back: {asked}");
}

#[tokio::test]
async fn r14_a_choice_of_nothing_leaves_it_to_the_provider() {
    let scene = Scene::set().await;
    scene.choose(json!([])).await;
    scene.home.sign_in(&scene.id).await;
    assert_eq!(scene.asked_for(), None, "no scope is named");
}

#[tokio::test]
async fn r20_what_was_trimmed_and_turns_out_to_be_needed_is_asked_for_later() {
    let scene = Scene::set().await;
    scene.choose(json!(["notes:read"])).await;
    scene.home.sign_in(&scene.id).await;
    scene.home.state(&scene.id, "ready").await;
    let (app, call) = (
        scene.home.app(),
        json!({ "server": scene.id, "tool": "echo", "arguments": { "message": "kept" } }),
    );
    let call = tokio::spawn(async move { app.call(json!({ "name": "callTool", "argument": call })).await });
    let asked = |server: &Value| !server["consent"].is_null();
    let asked = scene.home.until(&scene.id, asked).await;
    assert_eq!(asked["consent"]["scopes"], json!(["notes:write"]));
    assert_eq!(asked["state"]["kind"], "ready", "nothing has run out");
    scene.home.good("allowConsent", json!({ "id": scene.id })).await;
    let answer = call.await.expect("the app does not panic");
    assert_eq!(answer.expect("it was let in")["content"][0]["text"], "kept");
    assert_eq!(
        scene.asked_for().as_deref(),
        Some("notes:read notes:write"),
        "and nothing else of what was left out"
    );
    let permissions = scene.permissions().await;
    assert_eq!(
        permissions["chosen"],
        json!(["notes:read", "notes:write"]),
        "the next sign-in asks for it too"
    );
    assert_eq!(
        permissions["offered"],
        json!(["notes:read", "notes:write", "admin"]),
        "a refusal is no list of what there is"
    );
}

#[tokio::test]
async fn s16_what_is_no_scope_cannot_be_chosen() {
    let scene = Scene::set().await;
    for odd in ["", "two words", "quo\"te", "ümlaut"] {
        let choice = json!({ "id": scene.id, "scopes": ["notes:read", odd] });
        let refused = scene.home.call("setScopes", choice).await;
        assert_eq!(
            refused.expect_err("it is none").code,
            ErrorCode::ScopeInvalid,
            "{odd:?}"
        );
    }
    assert_eq!(scene.permissions().await["chosen"], Value::Null);
}
