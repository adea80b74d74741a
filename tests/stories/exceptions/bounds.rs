//! For whom an exception counts, how long it lasts, and what can be none.

use serde_json::json;
use usher_core::api::contract::ErrorCode;
use usher_tests::{AuthorizationServer, Decision, Door, Home, McpServer, Signpost, Ways};

use super::{Scene, with_defaults};

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
