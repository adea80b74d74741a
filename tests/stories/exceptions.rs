//! What does not go by the rules is refused, until the person makes an exception for one server; then it is let pass
//! there, and never in silence.

use serde_json::{Value, json};
use usher_core::api::contract::ErrorCode;
use usher_tests::{
    AuthorizationServer, Decision, Door, Furniture, Home, McpServer, Registrations, Signpost, Ways,
};

use super::replaced;

/// What the authorization server of some stories calls itself.
const NAMED: &str = "https://login.example.com";

struct Scene {
    authorization: AuthorizationServer,
    _server: McpServer,
    home: Home,
    id: String,
}

impl Scene {
    async fn set(ways: Ways) -> Self {
        Self::furnished(ways, Furniture::default()).await
    }

    async fn furnished(ways: Ways, furniture: Furniture) -> Self {
        let authorization = AuthorizationServer::open(ways).await;
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let home = Home::with(furniture).await;
        let id = home.add(&server.url()).await;
        Self {
            authorization,
            _server: server,
            home,
            id,
        }
    }

    /// Makes these the server's exceptions; gives the answer.
    async fn excepts(&self, exceptions: Value) -> Value {
        let set = json!({ "id": self.id, "exceptions": with_defaults(exceptions) });
        self.home.good("setExceptions", set).await
    }

    async fn refuses(&self, exceptions: Value) -> (ErrorCode, Option<String>) {
        let set = json!({ "id": self.id, "exceptions": with_defaults(exceptions) });
        let refused = self.home.call("setExceptions", set).await;
        let refused = refused.expect_err("it is refused");
        (refused.code, refused.args.get("name").cloned())
    }

    async fn signs_in(&self) -> Value {
        self.home.sign_in(&self.id).await
    }

    /// Signs in anew, as the menu of a server that is connected offers it.
    async fn signs_in_anew(&self) -> Value {
        self.home.good("signIn", json!({ "id": self.id })).await;
        self.home.outcome(&self.id).await
    }

    /// Gives the exceptions that sign-ins made use of so far, as their runs tell them: what and which rule.
    async fn told(&self) -> Vec<(String, String)> {
        let runs = self.home.good("signInRuns", json!({ "id": self.id })).await;
        let mut told = Vec::new();
        for run in runs["runs"].as_array().into_iter().flatten() {
            let steps = self.steps(run).await;
            let excepted = steps.iter().filter(|step| step["what"]["exception"] == true);
            told.extend(excepted.map(|step| {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                (
                    text(&step["what"]["decision"]["kind"]),
                    text(&step["what"]["rule"]),
                )
            }));
        }
        told
    }

    async fn steps(&self, run: &Value) -> Vec<Value> {
        let told = self.home.good("signInRun", json!({ "id": run["id"] })).await;
        told["steps"].as_array().cloned().unwrap_or_default()
    }

    /// Gives what was decided last in the only run so far.
    async fn decided_last(&self) -> Value {
        let runs = self.home.good("signInRuns", json!({ "id": self.id })).await;
        let last = self.steps(&runs["runs"][0]).await.pop();
        last.expect("a step")["what"]["decision"]["kind"].clone()
    }

    /// Tells for each request of one kind that the authorization server received whether it named something.
    fn named(&self, line: &str, parameter: &str) -> Vec<bool> {
        let seen = self.authorization.seen().all().into_iter();
        let seen = seen.filter(|seen| seen.line == line);
        seen.map(|seen| seen.params.contains_key(parameter)).collect()
    }
}

pub(crate) fn with_defaults(exceptions: Value) -> Value {
    let mut all = json!({
        "acceptedIssuer": null, "withoutPkceMetadata": false, "extraParameters": [], "omitResource": false,
        "tokenAuthMethod": null,
    });
    if let (Some(all), Value::Object(some)) = (all.as_object_mut(), exceptions) {
        all.extend(some);
    }
    all
}

fn told(kind: &str, rule: &str) -> Vec<(String, String)> {
    vec![(kind.to_owned(), rule.to_owned())]
}

fn calls_itself_otherwise() -> Ways {
    Ways {
        false_issuer: Some(NAMED),
        ..Ways::default()
    }
}

#[tokio::test]
async fn r05_s03_another_issuer_is_let_pass_only_under_the_very_name_that_the_person_accepted() {
    let scene = Scene::set(calls_itself_otherwise()).await;
    let mismatch =
        json!({ "kind": "issuerMismatch", "expected": scene.authorization.issuer(), "found": NAMED });
    assert_eq!(scene.signs_in().await, mismatch);
    for third in [
        "https://third.example",
        "https://login.example.com/",
        "https://Login.example.com",
    ] {
        scene.excepts(json!({ "acceptedIssuer": third })).await;
        assert_eq!(scene.signs_in().await, mismatch, "{third}");
        assert_eq!(scene.told().await, [], "nothing was let pass");
    }
    assert!(scene.home.person().opened().is_empty(), "no page so far");
    let answer = scene.excepts(json!({ "acceptedIssuer": NAMED })).await;
    assert_eq!(answer["exceptions"]["acceptedIssuer"], NAMED);
    assert_eq!(scene.signs_in().await, json!({ "kind": "authorized" }));
    assert_eq!(scene.told().await, told("issuerAccepted", "RFC 8414 §3.3"));
    let after = scene.home.state(&scene.id, "ready").await;
    assert_eq!(
        after["provider"]["issuer"],
        scene.authorization.issuer(),
        "agreed is who was asked"
    );
    assert_eq!(
        after["exceptions"]["acceptedIssuer"], NAMED,
        "the first consent takes nothing away"
    );
    scene.authorization.expire_access();
    scene
        .home
        .echo(&scene.id, "hello")
        .await
        .expect("it renews itself");
}

#[tokio::test]
async fn r16_s17_answers_must_then_come_from_the_accepted_issuer() {
    let furniture = Furniture {
        delivers: false,
        ..Furniture::default()
    };
    let scene = Scene::furnished(calls_itself_otherwise(), furniture).await;
    scene.excepts(json!({ "acceptedIssuer": NAMED })).await;
    scene.home.connect(&scene.id).await;
    let link = scene.home.link(1).await;
    let asked = scene.authorization.issuer().to_owned();
    for other in [Some(asked.as_str()), Some("https://third.example"), None] {
        scene.home.app().deep_link(&replaced(&link, "iss", other)).await;
        assert_eq!(scene.decided_last().await, "answerIssuerDiffers", "{other:?}");
    }
    assert_eq!(
        scene.authorization.seen().count("POST /token"),
        0,
        "the code goes nowhere"
    );
    scene.home.app().deep_link(&link).await;
    assert_eq!(
        scene.home.outcome(&scene.id).await,
        json!({ "kind": "authorized" })
    );
}

#[tokio::test]
async fn r12_s08_silence_about_pkce_is_let_pass_and_pkce_is_used_all_the_same() {
    let scene = Scene::set(Ways {
        pkce: false,
        ..Ways::default()
    })
    .await;
    let refused = scene.signs_in().await;
    assert_eq!(
        (&refused["kind"], &refused["others"]),
        (&json!("noPkce"), &json!(false))
    );
    scene.excepts(json!({ "withoutPkceMetadata": true })).await;
    assert_eq!(scene.signs_in().await, json!({ "kind": "authorized" }));
    let rule = "MCP authorization, authorization code protection";
    assert_eq!(scene.told().await, told("pkceUnpromised", rule));
    assert_eq!(scene.named("GET /authorize", "code_challenge"), [true]);
    assert_eq!(scene.named("POST /token", "code_verifier"), [true]);

    scene.excepts(json!({})).await;
    let again = scene.signs_in_anew().await;
    assert_eq!(again["kind"], "noPkce", "taken back is taken back");
    assert_eq!(
        scene.home.server(&scene.id).await["state"]["kind"],
        "ready",
        "and costs no sign-in"
    );
}

#[tokio::test]
async fn r13_a_provider_that_refuses_resources_is_not_told_one_to_the_end_of_the_grant() {
    let scene = Scene::set(Ways {
        refuses_resource: true,
        ..Ways::default()
    })
    .await;
    let refused = scene.signs_in().await;
    assert_eq!(
        (&refused["kind"], &refused["error"]),
        (&json!("providerError"), &json!("invalid_target"))
    );
    assert_eq!(scene.named("GET /authorize", "resource"), [true]);
    scene.excepts(json!({ "omitResource": true })).await;
    assert_eq!(scene.signs_in().await, json!({ "kind": "authorized" }));
    assert_eq!(scene.told().await, told("resourceOmitted", "RFC 8707 §2"));
    scene.home.state(&scene.id, "ready").await;
    scene.excepts(json!({})).await;
    scene.authorization.expire_access();
    scene
        .home
        .echo(&scene.id, "hello")
        .await
        .expect("a grant keeps what it was obtained with");
    assert_eq!(scene.named("GET /authorize", "resource"), [true, false]);
    assert_eq!(
        scene.named("POST /token", "resource"),
        [false, false],
        "exchange and renewal"
    );
}

#[tokio::test]
async fn a_parameter_that_the_person_adds_brings_what_the_provider_gives_only_with_it() {
    let scene = Scene::set(Ways {
        refresh_only_offline: true,
        ..Ways::default()
    })
    .await;
    assert_eq!(scene.signs_in().await, json!({ "kind": "authorized" }));
    let before = scene.home.state(&scene.id, "ready").await;
    assert_eq!(before["account"]["renews"], false);
    let offline =
        json!([{ "name": "access_type", "value": "offline" }, { "name": "prompt", "value": "consent" }]);
    scene.excepts(json!({ "extraParameters": offline })).await;
    let kept = scene.home.server(&scene.id).await;
    assert_eq!(
        kept["account"], before["account"],
        "the sign-in stays until the next"
    );
    scene.signs_in_anew().await;
    let after = scene.home.server(&scene.id).await;
    assert_eq!(after["account"]["renews"], true);
    let rule = "RFC 6749 §3.1";
    assert_eq!(scene.told().await, told("parametersAdded", rule));
    assert_eq!(scene.named("GET /authorize", "access_type"), [false, true]);
    assert_eq!(
        scene.named("POST /token", "access_type"),
        [false, false],
        "only the page is told"
    );
}

#[tokio::test]
async fn r09_a_provider_that_says_nothing_of_its_one_method_gets_the_one_that_the_person_names() {
    let scene = Scene::set(Ways {
        registrations: Registrations::Absent,
        known_client: Some(("my-client", "my-secret")),
        wants_auth: Some("client_secret_post"),
        hides_auth: true,
        ..Ways::default()
    })
    .await;
    let secret = json!({ "kind": "set", "value": "my-secret" });
    let edit = json!({ "id": scene.id, "clientId": "my-client", "clientSecret": secret });
    scene.home.good("editServer", edit).await;
    assert_eq!(
        scene.signs_in().await["kind"],
        "clientRefused",
        "without a word it is Basic"
    );
    scene
        .excepts(json!({ "tokenAuthMethod": "client_secret_post" }))
        .await;
    assert_eq!(scene.signs_in().await, json!({ "kind": "authorized" }));
    assert_eq!(scene.told().await, told("authMethodChosen", "RFC 7591 §2"));
    scene.home.state(&scene.id, "ready").await;
    scene.excepts(json!({})).await;
    scene.authorization.expire_access();
    scene
        .home
        .echo(&scene.id, "hello")
        .await
        .expect("the grant goes on proving it as it did");
}

#[tokio::test]
async fn r09_where_we_register_ourselves_we_register_with_the_method_that_the_person_names() {
    let scene = Scene::set(Ways {
        wants_auth: Some("client_secret_basic"),
        ..Ways::default()
    })
    .await;
    assert_eq!(scene.signs_in().await["kind"], "clientRefused");
    scene
        .excepts(json!({ "tokenAuthMethod": "client_secret_basic" }))
        .await;
    assert_eq!(scene.signs_in().await, json!({ "kind": "authorized" }));
    assert!(
        !scene.home.heard().contains("canary-secret"),
        "the secret is nobody's business"
    );
}

#[tokio::test]
async fn a_kind_that_was_chosen_by_hand_is_told_in_each_sign_in() {
    let scene = Scene::set(Ways::default()).await;
    assert_eq!(scene.signs_in().await, json!({ "kind": "authorized" }));
    assert_eq!(scene.told().await, []);
    let edit = json!({ "id": scene.id, "authKind": "oauth", "clientSecret": { "kind": "keep" } });
    let edited = scene.home.good("editServer", edit).await;
    assert_eq!(edited["authKindOverridden"], true);
    scene.signs_in_anew().await;
    assert_eq!(
        scene.told().await,
        told("kindChosen", "MCP authorization, protocol requirements")
    );
}

#[tokio::test]
async fn exceptions_last_through_a_restart_and_count_for_one_server_alone() {
    let mut scene = Scene::set(Ways {
        pkce: false,
        ..Ways::default()
    })
    .await;
    let other = McpServer::open(Door::Bearer(&scene.authorization)).await;
    let other = scene.home.add(&other.url()).await;
    let parameters = json!([{ "name": "hd", "value": "example.com" }]);
    let exceptions = json!({ "withoutPkceMetadata": true, "extraParameters": parameters });
    let before = scene.excepts(exceptions.clone()).await;
    assert_eq!(before["exceptions"], with_defaults(exceptions));
    scene.home.restart().await;
    let after = scene.home.server(&scene.id).await;
    assert_eq!(after["exceptions"], before["exceptions"]);
    assert_eq!(scene.signs_in().await, json!({ "kind": "authorized" }));
    assert_eq!(
        scene.home.server(&other).await["exceptions"],
        with_defaults(json!({}))
    );
    assert_eq!(scene.home.sign_in(&other).await["kind"], "noPkce");
}

#[tokio::test]
async fn s04_agreeing_to_another_issuer_takes_the_exceptions_away() {
    let (one, two) = (
        AuthorizationServer::open(Ways {
            pkce: false,
            ..Ways::default()
        })
        .await,
        AuthorizationServer::open(Ways {
            pkce: false,
            ..Ways::default()
        })
        .await,
    );
    let server = Signpost::to(&[one.issuer(), two.issuer()]).await;
    let home = Home::new(Decision::Allow).await;
    let id = home.add(&server.url()).await;
    let exceptions = with_defaults(json!({ "withoutPkceMetadata": true }));
    home.good("setExceptions", json!({ "id": id, "exceptions": exceptions }))
        .await;
    assert_eq!(home.sign_in(&id).await, json!({ "kind": "authorized" }));
    assert_eq!(
        home.server(&id).await["exceptions"],
        exceptions,
        "it is who they were made for"
    );
    let agreed = json!({ "id": id, "issuer": two.issuer(), "tokenHost": null });
    let agreed = home.good("agreeIssuer", agreed).await;
    assert_eq!(agreed["exceptions"], with_defaults(json!({})));
    home.good("signIn", json!({ "id": id })).await;
    assert_eq!(home.outcome(&id).await["kind"], "noPkce");
}

#[tokio::test]
async fn r21_what_is_ours_to_set_or_cannot_be_sent_is_no_exception() {
    let scene = Scene::set(Ways::default()).await;
    let adding = |name: &str, value: &str| json!({ "extraParameters": [{ "name": name, "value": value }] });
    for name in [
        "client_id",
        "redirect_uri",
        "state",
        "code_challenge",
        "resource",
        "scope",
        "Request_Uri",
    ] {
        let refused = scene.refuses(adding(name, "x")).await;
        assert_eq!(refused, (ErrorCode::ParameterReserved, Some(name.to_owned())));
    }
    for (name, value) in [("a b", "x"), ("hd", ""), ("hd", "ü"), ("prompt", "none")] {
        let refused = scene.refuses(adding(name, value)).await;
        assert_eq!(
            refused,
            (ErrorCode::ParameterInvalid, Some(name.to_owned())),
            "{value}"
        );
    }
    let (code, _) = scene.refuses(json!({ "acceptedIssuer": "somebody" })).await;
    assert_eq!(code, ErrorCode::AddressNotAUrl);
    assert_eq!(
        scene.home.server(&scene.id).await["exceptions"],
        with_defaults(json!({}))
    );
}
