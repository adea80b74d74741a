use super::*;

#[tokio::test]
async fn a_rename_keeps_every_secret() {
    let home = home().await;
    let id = home.add().await.id;
    let with_client = EditServer {
        client_id: Some(Some(ClientId::new("client"))),
        client_secret: set("s1"),
        ..EditServer::default()
    };
    home.edit(id, with_client).await;
    let rename = EditServer {
        name: Some("Other".to_owned()),
        ..EditServer::default()
    };
    let edited = home.edit(id, rename).await;
    assert_eq!(edited.server.name, "Other", "it is renamed");
    assert!(
        !edited.ends_grants && !edited.reconnect,
        "and nothing else happens"
    );
    assert!(
        home.client_secret(id).await == Some(secret("s1")),
        "the client secret stays"
    );
    assert_eq!(home.headers(id).await.len(), 2, "the headers stay");
}

#[tokio::test]
async fn a_client_secret_can_be_replaced_and_removed() {
    let home = home().await;
    let id = home.add().await.id;
    for (change, stored) in [
        (set("s1"), Some(secret("s1"))),
        (set("s2"), Some(secret("s2"))),
        (SecretChange::Keep, Some(secret("s2"))),
        (SecretChange::Clear, None),
    ] {
        let edit = EditServer {
            client_secret: change.clone(),
            ..EditServer::default()
        };
        let edited = home.edit(id, edit).await;
        assert_eq!(
            edited.server.has_client_secret,
            stored.is_some(),
            "the view says so"
        );
        assert!(home.client_secret(id).await == stored, "after {change:?}");
    }
}

#[tokio::test]
async fn an_edited_header_list_is_the_whole_new_list() {
    let home = home().await;
    let id = home.add().await.id;
    let more = HeaderName::from_static("x-more");
    let gone = HeaderName::from_static("x-gone");
    let edit = EditServer {
        headers: Some(vec![
            (more.clone(), set("m1")),
            (TEAM, SecretChange::Keep),
            (gone, SecretChange::Clear),
        ]),
        ..EditServer::default()
    };
    let edited = home.edit(id, edit).await;
    assert_eq!(
        edited.server.header_names,
        ["x-more", "x-team"],
        "in the new order"
    );
    assert!(
        home.headers(id).await == [(more, secret("m1")), (TEAM, secret("t1"))],
        "kept values stay, those left out are gone"
    );
}

#[tokio::test]
async fn without_a_key_everything_but_secrets_goes_on() {
    let home = home_with(TestKeychain::failing(KeychainError::Locked)).await;
    let refused = home.servers.add(new_server("Example")).await;
    assert!(
        matches!(refused, Err(ServersError::VaultClosed)),
        "S37: no header is kept in the clear"
    );
    let list = home.servers.list().await.expect("the list can be read");
    assert_eq!(list, [], "and nothing is half added");
    let plain = NewServer {
        headers: Vec::new(),
        ..new_server("Example")
    };
    let id = home.servers.add(plain).await.expect("it has no secrets").id;
    let edit = EditServer {
        name: Some("Other".to_owned()),
        client_secret: set("s1"),
        ..EditServer::default()
    };
    let refused = home.servers.edit(id, edit).await;
    assert!(
        matches!(refused, Err(ServersError::VaultClosed)),
        "a secret needs the key"
    );
    assert_eq!(home.get(id).await.name, "Example", "and nothing is half edited");
}

#[tokio::test]
async fn a_secret_moved_to_another_server_is_broken() {
    let home = home().await;
    let (one, other) = (home.add().await.id, home.add().await.id);
    let mut transaction = home.store.write().await.expect("a transaction begins");
    sqlx::query(
        "UPDATE server_headers SET value = (SELECT value FROM server_headers WHERE server = ? AND name = 'x-team')
         WHERE server = ? AND name = 'x-team'",
    )
    .bind(one.to_string())
    .bind(other.to_string())
    .execute(&mut *transaction)
    .await
    .expect("the value is moved");
    transaction.commit().await.expect("and stays so");
    let read = home.servers.headers(other).await;
    assert!(
        matches!(read, Err(ServersError::Broken)),
        "S35: it was sealed for another row"
    );
    assert_eq!(home.headers(one).await.len(), 2, "it costs that server only");
    let replace = EditServer {
        headers: Some(vec![(KEY, SecretChange::Keep), (TEAM, set("t2"))]),
        ..EditServer::default()
    };
    home.edit(other, replace).await;
    assert!(
        home.headers(other).await == [(KEY, secret("k1")), (TEAM, secret("t2"))],
        "a new value heals it"
    );
}
