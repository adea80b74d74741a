use super::*;
use crate::{
    base::{ClientId, Exceptions, Reach, Secret, ServerId, Timestamp},
    servers::{Provider, WayBack},
};

fn server() -> Server {
    Server {
        id: ServerId::random(),
        name: "Example".to_owned(),
        url: "https://mcp.example.com/mcp".parse().expect("it is an address"),
        reach: Reach::Public,
        auth_kind: Some(AuthKind::Oauth),
        overridden: false,
        wanted: true,
        header_names: vec!["x-team".to_owned()],
        client_id: Some(ClientId::new("client")),
        has_client_secret: true,
        provider: Provider::default(),
        way_back: WayBack::default(),
        exceptions: Exceptions::default(),
        offered_scopes: None,
        chosen_scopes: None,
        era: None,
        created_at: Timestamp::from_seconds(0),
    }
}

fn set() -> SecretChange {
    SecretChange::Set(Secret::new("new".to_owned()))
}

fn headers(headers: &[(&'static str, SecretChange)]) -> EditServer {
    let named =
        |(name, change): &(&'static str, SecretChange)| (HeaderName::from_static(name), change.clone());
    EditServer {
        headers: Some(headers.iter().map(named).collect()),
        ..EditServer::default()
    }
}

fn address(text: &str) -> EditServer {
    let url = text.parse().expect("it is an address");
    EditServer {
        url: Some((url, Reach::Public)),
        ..EditServer::default()
    }
}

fn kind(kind: AuthKind) -> EditServer {
    EditServer {
        auth_kind: Some(kind),
        ..EditServer::default()
    }
}

fn client(client_id: Option<&str>) -> EditServer {
    EditServer {
        client_id: Some(client_id.map(ClientId::new)),
        ..EditServer::default()
    }
}

fn secret(client_secret: SecretChange) -> EditServer {
    EditServer {
        client_secret,
        ..EditServer::default()
    }
}

#[test]
fn each_edit_means_what_the_product_says() {
    const NOTHING: (bool, bool) = (false, false);
    const RECONNECT: (bool, bool) = (false, true);
    const BOTH: (bool, bool) = (true, true);
    let name = EditServer {
        name: Some("Other".to_owned()),
        ..EditServer::default()
    };
    let table = [
        ("nothing", EditServer::default(), NOTHING),
        ("a rename", name, NOTHING),
        (
            "the same address",
            address("https://mcp.example.com/mcp"),
            NOTHING,
        ),
        ("another address", address("https://mcp.example.com/other"), BOTH),
        ("the same kind, by hand", kind(AuthKind::Oauth), NOTHING),
        ("leaving oauth", kind(AuthKind::Header), BOTH),
        ("the same client ID", client(Some("client")), NOTHING),
        ("another client ID", client(Some("other")), BOTH),
        ("no client ID any more", client(None), BOTH),
        ("another client secret", secret(set()), BOTH),
        ("no client secret any more", secret(SecretChange::Clear), BOTH),
        (
            "the same headers",
            headers(&[("x-team", SecretChange::Keep)]),
            NOTHING,
        ),
        ("another header value", headers(&[("x-team", set())]), RECONNECT),
        (
            "a cleared header",
            headers(&[("x-team", SecretChange::Clear)]),
            RECONNECT,
        ),
        ("a header left out", headers(&[]), RECONNECT),
        (
            "one header more",
            headers(&[("x-team", SecretChange::Keep), ("x-more", set())]),
            RECONNECT,
        ),
    ];
    for (what, edit, expected) in table {
        let meaning = Meaning::of(&edit, &server());
        assert_eq!(
            (meaning.ends_grants, meaning.reconnect),
            expected,
            "{what}: (ends grants, reconnect)"
        );
    }
}

#[test]
fn entering_oauth_ends_no_grants() {
    for before in [None, Some(AuthKind::Open), Some(AuthKind::Header)] {
        let server = Server {
            auth_kind: before,
            ..server()
        };
        let meaning = Meaning::of(&kind(AuthKind::Oauth), &server);
        assert!(!meaning.ends_grants, "{before:?} had none to end");
        assert!(meaning.reconnect, "but it is asked differently");
    }
}

#[test]
fn clearing_a_secret_that_is_not_there_changes_nothing() {
    let server = Server {
        has_client_secret: false,
        way_back: WayBack::default(),
        ..server()
    };
    let meaning = Meaning::of(&secret(SecretChange::Clear), &server);
    assert!(
        !meaning.ends_grants && !meaning.reconnect,
        "there was nothing to clear"
    );
}
