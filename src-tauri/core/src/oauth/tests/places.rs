//! Where discovery looks, and in which order.

use serde_json::json;

use super::Place;
use crate::{
    base::Reach,
    oauth::{DiscoverError, Hints, discover, look_for_documents},
    ports::HttpError,
};

const AT_PATH: &str = "/.well-known/oauth-protected-resource/mcp";
const AT_ROOT: &str = "/.well-known/oauth-protected-resource";
const OAUTH: &str = "/.well-known/oauth-authorization-server";
const OPENID: &str = "/.well-known/openid-configuration";

#[tokio::test]
async fn r01_r03_the_root_is_never_asked_when_the_path_answered() {
    let place = Place::complete().await;
    place.says(AT_ROOT, &json!({ "resource": "https://victim.example" }));
    let found = place.discover().await.expect("discovered");
    assert_eq!(place.asked(), [AT_PATH, OAUTH]);
    assert_eq!(found.issuer().as_str(), place.origin);
    assert_eq!(found.resource().as_str(), place.at("/mcp"));
}

#[tokio::test]
async fn r03_the_root_is_asked_when_the_path_has_nothing() {
    let place = Place::complete().await;
    place.replies(AT_PATH, 404, "");
    place.says(
        AT_ROOT,
        &json!({ "resource": place.origin, "authorization_servers": [place.origin] }),
    );
    let found = place.discover().await.expect("discovered");
    assert_eq!(place.asked(), [AT_PATH, AT_ROOT, OAUTH]);
    assert_eq!(found.resource().as_str(), place.origin, "no slash is added (R13)");
}

#[tokio::test]
async fn r03_a_page_for_every_path_is_no_document() {
    let place = Place::complete().await;
    place.replies(AT_PATH, 200, "<!doctype html><title>App</title>");
    place.says(AT_ROOT, &place.resource());
    assert!(place.discover().await.is_ok(), "the page is passed over");
}

#[tokio::test]
async fn r03_the_challenge_decides_where_to_look() {
    let place = Place::complete().await;
    place.replies(AT_PATH, 200, "never asked");
    place.says("/here", &place.resource());
    let hints = Hints {
        resource_metadata: place.at("/here").parse().ok(),
        scope: None,
    };
    assert!(place.discover_with(&hints).await.is_ok());
    assert_eq!(place.asked(), ["/here", OAUTH]);
}

#[tokio::test]
async fn s01_trouble_at_a_place_is_not_absence() {
    for status in [408, 425, 429, 500, 502, 503] {
        for path in [AT_PATH, OAUTH] {
            let place = Place::complete().await;
            place.replies(path, status, "{}");
            let found =
                look_for_documents(&place.http, &place.server(), Reach::Loopback, &Hints::default()).await;
            let expected = DiscoverError::Http {
                url: place.at(path),
                source: HttpError::Unreachable,
            };
            assert_eq!(found.err(), Some(expected), "{status} at {path}");
            assert_eq!(
                place.asked().last().map(String::as_str),
                Some(path),
                "nothing is asked after it"
            );
        }
    }
}

#[tokio::test]
async fn r05_an_issuer_with_a_path_is_asked_at_its_three_places() {
    let place = Place::complete().await;
    let issuer = place.at("/tenant");
    place.says(
        AT_PATH,
        &json!({ "resource": place.at("/mcp"), "authorization_servers": [issuer] }),
    );
    let mut metadata = place.metadata();
    metadata["issuer"] = json!(issuer);
    let appended = format!("/tenant{OPENID}");
    place.says(&appended, &metadata);
    let found = place.discover().await.expect("discovered");
    assert_eq!(found.issuer().as_str(), issuer);
    let inserted = [format!("{OAUTH}/tenant"), format!("{OPENID}/tenant")];
    assert_eq!(
        place.asked()[1..],
        [inserted[0].clone(), inserted[1].clone(), appended]
    );
}

#[tokio::test]
async fn s03_documents_that_disagree_are_not_weighed() {
    let place = Place::complete().await;
    place.says(OPENID, &json!({ "issuer": "https://evil.example" }));
    assert!(place.discover().await.is_ok());
    assert!(
        !place.asked().contains(&OPENID.to_owned()),
        "the first document counts alone"
    );
}

#[tokio::test]
async fn r07_a_server_without_documents_has_fixed_endpoints_and_is_not_taken_for_documented() {
    let place = Place::open().await;
    let looked = look_for_documents(&place.http, &place.server(), Reach::Loopback, &Hints::default()).await;
    assert_eq!(looked, Ok(None), "a guess tells nothing about a server");
    let found = place.discover().await.expect("assumed");
    assert_eq!(found.authorization_endpoint().as_str(), place.at("/authorize"));
    assert_eq!(found.resource().as_str(), place.at("/mcp"));
    assert_eq!(found.scopes(), None);
}

#[tokio::test]
async fn r07_metadata_at_the_origin_may_spell_it_either_way_and_no_other() {
    for (suffix, right) in [("", true), ("/", true), ("//", false), ("/tenant", false)] {
        let place = Place::open().await;
        let mut metadata = place.metadata();
        metadata["issuer"] = json!(place.at(suffix));
        place.says(OAUTH, &metadata);
        let found = place.discover().await;
        assert_eq!(found.is_ok(), right, "{suffix:?}");
        if let Ok(found) = found {
            assert_eq!(found.issuer().as_str(), place.at(suffix), "raw, for RFC 9207");
        }
    }
}

#[tokio::test]
async fn r22_metadata_follows_five_redirects_and_no_more() {
    for (hops, right) in [(5, true), (6, false)] {
        let place = Place::complete().await;
        for hop in 0..hops {
            let (from, to) = (format!("/hop{hop}"), format!("/hop{}", hop + 1));
            place.replies_with(&from, 302, vec![("location", to)], "");
        }
        place.replies_with(AT_PATH, 302, vec![("location", "/hop1".to_owned())], "");
        place.says(&format!("/hop{hops}"), &place.resource());
        let expected = DiscoverError::Http {
            url: place.at(AT_PATH),
            source: HttpError::TooManyRedirects,
        };
        assert_eq!(
            place.discover().await.err(),
            (!right).then_some(expected),
            "{hops} hops"
        );
    }
}

#[tokio::test]
async fn s06_a_redirect_into_another_network_is_not_followed() {
    for target in [
        "http://169.254.169.254/latest",
        "https://10.0.0.1/",
        "file:///etc/passwd",
        "http://example.com/",
    ] {
        let place = Place::complete().await;
        place.replies_with(AT_PATH, 302, vec![("location", target.to_owned())], "");
        let expected = DiscoverError::InsecureUrl {
            url: place.at(AT_PATH),
        };
        assert_eq!(place.discover().await.err(), Some(expected), "{target}");
    }
}

#[tokio::test]
async fn s06_a_public_servers_documents_cannot_name_this_machine() {
    let place = Place::complete().await;
    let hints = Hints {
        resource_metadata: place.at("/here").parse().ok(),
        scope: None,
    };
    let server = "https://mcp.example.com/mcp".parse().expect("an address");
    let found = discover(&place.http, &server, Reach::Public, &hints).await;
    let expected = DiscoverError::InsecureUrl {
        url: place.at("/here"),
    };
    assert_eq!(found.err(), Some(expected));
    assert!(place.asked().is_empty(), "nothing left for it");
}
