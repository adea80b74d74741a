//! What does not go by the rules is refused, until the person makes an exception for one server; then it is let pass
//! there, and never in silence.

mod bounds;
mod scene;

use serde_json::json;
use usher_tests::{Furniture, Registrations, Ways};

use self::scene::Scene;
pub(crate) use self::scene::with_defaults;
use super::replaced;

/// What the authorization server of some stories calls itself.
const NAMED: &str = "https://login.example.com";

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
