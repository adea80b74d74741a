//! What the person lets pass at a server, and how long that lasts.

use super::*;
use crate::{
    base::{AuthMethod, Issuer},
    servers::Agreed,
};

fn every() -> Exceptions {
    let parameters = r#"[{"name":"access_type","value":"offline"}]"#;
    Exceptions {
        accepted_issuer: Some(Issuer::new("https://login.example.com")),
        without_pkce_metadata: true,
        extra_parameters: serde_json::from_str(parameters).expect("the test's parameters are well-formed"),
        omit_resource: true,
        token_auth_method: Some(AuthMethod::Post),
    }
}

fn at(issuer: &str, host: Option<&str>) -> Agreed {
    Agreed {
        issuer: Issuer::new(issuer),
        token_host: host.map(str::to_owned),
    }
}

impl Home {
    async fn except(&self, id: ServerId, exceptions: &Exceptions) {
        let kept = self.servers.set_exceptions(id, exceptions).await;
        kept.expect("exceptions are kept");
    }

    async fn agree(&self, id: ServerId, agreed: &Agreed) -> Exceptions {
        self.servers.agree(id, agreed).await.expect("it is agreed");
        self.get(id).await.exceptions
    }
}

#[tokio::test]
async fn exceptions_are_kept_until_they_are_taken_back() {
    let home = home().await;
    let id = home.add().await.id;
    assert!(
        home.get(id).await.exceptions.is_empty(),
        "there are none by default"
    );
    home.except(id, &every()).await;
    assert_eq!(home.get(id).await.exceptions, every());
    let renamed = EditServer {
        name: Some("Another".to_owned()),
        ..EditServer::default()
    };
    assert_eq!(home.edit(id, renamed).await.server.exceptions, every());
    home.except(id, &Exceptions::default()).await;
    assert!(home.get(id).await.exceptions.is_empty());
}

#[tokio::test]
async fn s04_exceptions_are_not_taken_along_to_another_address() {
    let home = home().await;
    let id = home.add().await.id;
    home.except(id, &every()).await;
    let moved = EditServer {
        url: Some((
            "https://other.example/mcp".parse().expect("an address"),
            Reach::Public,
        )),
        ..EditServer::default()
    };
    assert!(home.edit(id, moved).await.server.exceptions.is_empty());
}

#[tokio::test]
async fn s04_exceptions_are_not_taken_along_to_another_issuer() {
    let (one, two) = ("https://one.example", "https://two.example");
    let home = home().await;
    let id = home.add().await.id;
    home.except(id, &every()).await;
    let first = home.agree(id, &at(one, None)).await;
    assert_eq!(first, every(), "they were made for whom the first consent is for");
    let same = home.agree(id, &at(one, Some("tokens.one.example"))).await;
    assert_eq!(same, every(), "another host of the same issuer is still it");
    assert!(home.agree(id, &at(two, None)).await.is_empty());

    let id = home.add().await.id;
    let offered = [Issuer::new(one), Issuer::new(two)];
    home.servers.set_offered(id, &offered).await.expect("it is kept");
    home.except(id, &every()).await;
    assert!(
        home.agree(id, &at(two, None)).await.is_empty(),
        "a sign-in went to the first so far"
    );
}

#[tokio::test]
async fn s04_before_the_first_consent_exceptions_are_the_issuers_that_the_server_named_when_they_were_made() {
    let (one, two) = (
        Issuer::new("https://one.example"),
        Issuer::new("https://two.example"),
    );
    let home = home().await;
    let id = home.add().await.id;
    let names = async |offered: &[&Issuer]| {
        let offered: Vec<_> = offered.iter().copied().cloned().collect();
        home.servers.set_offered(id, &offered).await.expect("it is kept");
        home.get(id).await
    };
    home.except(id, &every()).await;
    let server = names(&[&one]).await;
    assert_eq!(
        server.exceptions,
        every(),
        "it is the first that the server names"
    );
    let server = names(&[&one, &two]).await;
    assert_eq!(server.exceptions_at(&one), every(), "a sign-in still goes there");
    assert!(
        server.exceptions_at(&two).is_empty(),
        "also before that is written down"
    );
    let server = names(&[&two, &one]).await;
    assert!(server.exceptions.is_empty(), "a sign-in goes elsewhere now");

    home.agree(id, &at(two.as_str(), None)).await;
    home.except(id, &every()).await;
    let server = names(&[&one]).await;
    assert_eq!(
        server.exceptions,
        every(),
        "what is agreed to stays, whoever is named"
    );
    assert!(server.exceptions_at(&one).is_empty());
}

#[tokio::test]
async fn exceptions_that_make_no_sense_except_nothing() {
    let home = home().await;
    let id = home.add().await.id;
    for odd in [
        "",
        "7",
        "{\"omitResource\":\"yes\"}",
        "{\"extraParameters\":[{\"name\":\"state\",\"value\":\"x\"}]}",
    ] {
        let mut write = home.store.write().await.expect("a transaction");
        sqlx::query("UPDATE servers SET exceptions = ?")
            .bind(odd)
            .execute(&mut *write)
            .await
            .expect("the row is there");
        write.commit().await.expect("it is written");
        assert!(home.get(id).await.exceptions.is_empty(), "{odd:?}");
    }
}
