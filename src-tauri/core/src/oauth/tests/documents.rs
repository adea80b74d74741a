//! What discovery makes of documents, good and hostile.

use serde_json::{Value, json};

use super::Place;
use crate::oauth::{DiscoverError, DocumentKind, Flaw, Flawed, Hints, Member, NotAllowed};

const RESOURCE: &str = "/.well-known/oauth-protected-resource/mcp";
const SERVER: &str = "/.well-known/oauth-authorization-server";

/// Changes one member of the resource's document and tells what discovery makes of it.
async fn with_resource(place: &Place, member: &str, value: Value) -> Option<DiscoverError> {
    let mut document = place.resource();
    document[member] = value;
    place.says(RESOURCE, &document);
    place.discover().await.err()
}

/// Changes one member of the authorization server's document and tells what discovery makes of it.
async fn with_metadata(place: &Place, member: &str, value: Value) -> Option<DiscoverError> {
    let mut document = place.metadata();
    document[member] = value;
    place.says(SERVER, &document);
    place.discover().await.err()
}

fn bad_member(error: Option<DiscoverError>) -> Option<&'static str> {
    match error {
        Some(DiscoverError::BadDocument(flawed)) => flawed.flaw.member().map(Member::name),
        _ => None,
    }
}

#[tokio::test]
async fn r04_s02_a_foreign_resource_stops_the_sign_in() {
    let place = Place::complete().await;
    for foreign in ["https://victim.example/mcp", "http://127.0.0.1:1/mcp", "mcp", ""] {
        let error = with_resource(&place, "resource", json!(foreign)).await;
        assert!(
            matches!(&error, Some(DiscoverError::ForeignResource { found, .. }) if found == foreign),
            "{foreign:?}: {error:?}"
        );
    }
    for missing in [json!(null), json!(7), json!(["x"])] {
        assert_eq!(
            bad_member(with_resource(&place, "resource", missing).await),
            Some("resource")
        );
    }
}

#[tokio::test]
async fn s02_odd_lists_of_authorization_servers_are_refused() {
    let place = Place::complete().await;
    for odd in [
        json!([]),
        json!(null),
        json!("https://as.example"),
        json!({}),
        json!([7]),
        json!([["x"]]),
    ] {
        let error = with_resource(&place, "authorization_servers", odd.clone()).await;
        assert_eq!(bad_member(error), Some("authorization_servers"), "{odd}");
    }
    for unsafe_issuer in [
        "nowhere",
        "ftp://as.example",
        "http://as.example",
        "https://u@as.example",
        "https://as.example?q",
    ] {
        let error = with_resource(&place, "authorization_servers", json!([unsafe_issuer])).await;
        let expected = DiscoverError::InsecureUrl {
            url: unsafe_issuer.to_owned(),
        };
        assert_eq!(error, Some(expected));
    }
}

#[tokio::test]
async fn s02_a_thousand_authorization_servers_cost_one_question() {
    let place = Place::complete().await;
    let mut listed = vec![place.origin.clone()];
    listed.extend((0..1000).map(|number| place.at(&format!("/as{number}"))));
    place.says(
        RESOURCE,
        &json!({ "resource": place.at("/mcp"), "authorization_servers": listed }),
    );
    assert!(place.discover().await.is_ok());
    assert_eq!(place.asked(), [RESOURCE, SERVER]);
}

#[tokio::test]
async fn s03_an_issuer_that_differs_in_any_byte_is_an_impostor() {
    let place = Place::complete().await;
    let wrong = [
        Some(place.at("/")),
        Some(place.origin.replace("http", "HTTP")),
        Some("https://evil.example".to_owned()),
        None,
    ];
    for found in wrong {
        let mut document = place.metadata();
        document["issuer"] = json!(found);
        place.says(SERVER, &document);
        let expected = place.origin.clone();
        let expected = DiscoverError::IssuerMismatch {
            expected,
            found: found.clone(),
        };
        assert_eq!(place.discover().await.err(), Some(expected), "{found:?}");
    }
}

#[tokio::test]
async fn r12_s08_only_s256_is_pkce() {
    let place = Place::complete().await;
    for methods in [json!(null), json!([]), json!(["plain"]), json!(["s256"])] {
        let error = with_metadata(&place, "code_challenge_methods_supported", methods.clone()).await;
        assert!(
            matches!(error, Some(DiscoverError::NoPkce { .. })),
            "{methods}: {error:?}"
        );
    }
    assert_eq!(
        with_metadata(
            &place,
            "code_challenge_methods_supported",
            json!(["plain", "S256"])
        )
        .await,
        None
    );
    let odd = with_metadata(&place, "code_challenge_methods_supported", json!("S256")).await;
    assert_eq!(bad_member(odd), Some("code_challenge_methods_supported"));
}

/// Tells of the authorization server's document.
fn flawed(place: &Place, flaw: Flaw) -> DiscoverError {
    let (document, url) = (DocumentKind::ServerMetadata, place.at(SERVER));
    DiscoverError::BadDocument(Flawed { document, url, flaw })
}

#[tokio::test]
async fn r21_s05_every_endpoint_must_be_one_to_ask() {
    let place = Place::complete().await;
    let long = format!("https://as.example/{}", "a".repeat(9000));
    let unsafe_urls = [
        ("http://as.example/x", NotAllowed::UnsafeUrl),
        ("https://u:p@as.example/x", NotAllowed::UnsafeUrl),
        ("https://as.example/x#f", NotAllowed::UnsafeUrl),
        ("https://as.example\\@evil.example/x", NotAllowed::Characters),
        ("https://as.example/\nx", NotAllowed::Characters),
        (" https://as.example/x", NotAllowed::Characters),
        ("javascript:alert(1)", NotAllowed::UnsafeUrl),
        ("file:///etc/passwd", NotAllowed::UnsafeUrl),
        ("https://10.0.0.1/x", NotAllowed::ForbiddenAddress),
        ("/relative", NotAllowed::NotAUrl),
        ("", NotAllowed::Empty),
        (&long, NotAllowed::UnsafeUrl),
    ];
    for member in [
        Member::AuthorizationEndpoint,
        Member::TokenEndpoint,
        Member::RegistrationEndpoint,
        Member::RevocationEndpoint,
    ] {
        for (url, why) in unsafe_urls {
            let expected = flawed(&place, Flaw::NotAllowed { member, why });
            let found = with_metadata(&place, member.name(), json!(url)).await;
            assert_eq!(found, Some(expected), "{url:?}");
        }
    }
    for member in ["authorization_endpoint", "token_endpoint"] {
        assert_eq!(
            bad_member(with_metadata(&place, member, json!(null)).await),
            Some(member),
            "required"
        );
    }
    assert_eq!(
        with_metadata(&place, "registration_endpoint", json!(null)).await,
        None,
        "optional"
    );
}

#[tokio::test]
async fn r16_a_flag_that_is_neither_yes_nor_no_drops_no_check() {
    let place = Place::complete().await;
    const FLAG: &str = "authorization_response_iss_parameter_supported";
    assert_eq!(
        bad_member(with_metadata(&place, FLAG, json!("true")).await),
        Some(FLAG)
    );
    assert_eq!(with_metadata(&place, FLAG, json!(true)).await, None);
}

#[tokio::test]
async fn s07_documents_made_to_confuse_or_exhaust_are_refused() {
    let place = Place::complete().await;
    let good = place.resource().to_string();
    let twice = good.replacen('{', r#"{"resource":"https://victim.example","#, 1);
    let deep = good.replacen(
        '{',
        &format!(r#"{{"x":{}{},"#, "[".repeat(100), "]".repeat(100)),
        1,
    );
    let endless = " ".repeat(1024 * 1024 + 1);
    let repeated = Flaw::Repeated {
        member: Some(Member::Resource),
        line: 1,
        column: 47,
    };
    let too_deep = Flaw::TooDeep {
        limit: 64,
        line: 1,
        column: 69,
    };
    let too_large = Flaw::TooLarge { limit: 1024 * 1024 };
    for (hostile, flaw) in [(twice, repeated), (deep, too_deep), (endless, too_large)] {
        place.replies(RESOURCE, 200, &hostile);
        let expected = DiscoverError::BadDocument(Flawed {
            document: DocumentKind::ResourceMetadata,
            url: place.at(RESOURCE),
            flaw,
        });
        assert_eq!(place.discover().await.err(), Some(expected));
    }
}

#[tokio::test]
async fn unknown_members_do_not_matter() {
    let place = Place::complete().await;
    let odd = json!([{ "x": [1, null, "é"] }]);
    assert_eq!(with_metadata(&place, "signed_metadata", odd.clone()).await, None);
    assert_eq!(with_resource(&place, "resource_name", odd).await, None);
}

/// Tells which scopes are asked for, given those of the challenge, the resource and the authorization server.
async fn scopes(challenge: Option<&str>, resource: Option<&str>, server: Option<&str>) -> Option<String> {
    let list = |text: Option<&str>| text.map(|text| text.split(' ').map(str::to_owned).collect::<Vec<_>>());
    let place = Place::complete().await;
    let (mut of_resource, mut of_server) = (place.resource(), place.metadata());
    of_resource["scopes_supported"] = json!(list(resource));
    of_server["scopes_supported"] = json!(list(server));
    place.says(RESOURCE, &of_resource);
    place.says(SERVER, &of_server);
    let scope = challenge.map(|scope| scope.parse().expect("the test's scopes are well-formed"));
    let hints = Hints {
        resource_metadata: None,
        scope,
    };
    let found = place.discover_with(&hints).await.expect("discovered");
    found.scopes().map(ToString::to_string)
}

#[tokio::test]
async fn r14_scopes_come_from_the_challenge_or_the_resource_and_never_from_the_server() {
    assert_eq!(
        scopes(Some("a"), Some("b c"), Some("d")).await.as_deref(),
        Some("a")
    );
    assert_eq!(scopes(None, Some("b c"), Some("d")).await.as_deref(), Some("b c"));
    assert_eq!(scopes(None, None, Some("d")).await, None);
}

#[tokio::test]
async fn r14_offline_access_is_asked_for_exactly_if_the_server_lists_it() {
    assert_eq!(
        scopes(None, Some("b"), Some("b offline_access")).await.as_deref(),
        Some("b offline_access")
    );
    assert_eq!(
        scopes(None, Some("b offline_access"), Some("b")).await.as_deref(),
        Some("b")
    );
    assert_eq!(scopes(Some("offline_access"), None, None).await, None);
    assert_eq!(
        scopes(None, None, Some("b offline_access")).await,
        None,
        "alone it would narrow the server's default"
    );
}

#[tokio::test]
async fn s16_odd_scopes_spoil_the_resources_document() {
    let place = Place::complete().await;
    for odd in [json!(["a\"b"]), json!(["ä"]), json!("a b"), json!([7])] {
        let error = with_resource(&place, "scopes_supported", odd.clone()).await;
        assert_eq!(bad_member(error), Some("scopes_supported"), "{odd}");
    }
}
