use http::HeaderName;
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::{
    base::{AuthKind, ClientId, Reach, Scopes, Secret, Timestamp},
    ports::{KeychainError, SystemClock},
    servers::{Era, SecretChange},
    store::tests::{TestKeychain, new_store},
};

mod exceptions;
mod secrets;

pub(super) struct Home {
    _directory: TempDir,
    store: Store,
    pub(super) servers: Servers,
}

async fn home_with(keychain: Arc<TestKeychain>) -> Home {
    let (directory, store) = new_store().await;
    let vault = Vault::open(store.clone(), keychain, Vec::new())
        .await
        .expect("the vault can be read");
    let servers = Servers::new(store.clone(), vault, Arc::new(SystemClock));
    Home {
        _directory: directory,
        store,
        servers,
    }
}

pub(super) async fn home() -> Home {
    home_with(TestKeychain::empty()).await
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn scopes(text: &str) -> Scopes {
    text.parse().expect("the test's scopes are well-formed")
}

fn set(text: &str) -> SecretChange {
    SecretChange::Set(secret(text))
}

const KEY: HeaderName = HeaderName::from_static("x-api-key");
const TEAM: HeaderName = HeaderName::from_static("x-team");

fn new_server(name: &str) -> NewServer {
    NewServer {
        name: name.to_owned(),
        url: "https://mcp.example.com/mcp".parse().expect("it is an address"),
        reach: Reach::Public,
        auth_kind: Some(AuthKind::Oauth),
        overridden: false,
        offered_scopes: None,
        headers: vec![(KEY, secret("k1")), (TEAM, secret("t1"))],
    }
}

impl Home {
    async fn add(&self) -> Server {
        let added = self.servers.add(new_server("Example")).await;
        added.expect("a server can be added")
    }

    /// Lets a server name two scopes, of which the person wants to be asked for one.
    async fn name_scopes(&self, id: ServerId) {
        let (offered, chosen) = (scopes("read write"), scopes("read"));
        let named = self.servers.set_offered_scopes(id, &offered).await;
        named.expect("what is offered is kept");
        let chose = self.servers.choose_scopes(id, Some(&chosen)).await;
        chose.expect("the choice is kept");
    }

    async fn edit(&self, id: ServerId, edit: EditServer) -> Edited {
        let edited = self.servers.edit(id, edit).await;
        edited
            .expect("a server can be edited")
            .expect("the server is there")
    }

    async fn get(&self, id: ServerId) -> Server {
        let found = self.servers.get(id).await;
        found.expect("a server can be read").expect("the server is there")
    }

    async fn headers(&self, id: ServerId) -> Vec<(HeaderName, Secret<String>)> {
        self.servers.headers(id).await.expect("the headers can be read")
    }

    async fn client_secret(&self, id: ServerId) -> Option<Secret<String>> {
        let found = self.servers.client_secret(id).await;
        found.expect("the client secret can be read")
    }
}

#[tokio::test]
async fn an_added_server_reads_back_as_it_was_given() {
    let home = home().await;
    let added = home.add().await;
    assert_eq!(
        added.header_names,
        ["x-api-key", "x-team"],
        "headers keep their order"
    );
    assert!(!added.wanted, "adding is not connecting");
    assert_eq!(home.get(added.id).await, added, "one reads the same");
    assert_eq!(
        home.servers.list().await.expect("the list can be read"),
        vec![added.clone()],
        "all read the same"
    );
    assert!(
        home.headers(added.id).await == [(KEY, secret("k1")), (TEAM, secret("t1"))],
        "values come back"
    );
}

#[tokio::test]
async fn servers_are_listed_in_the_order_in_which_they_came() {
    let home = home().await;
    for name in ["b", "a", "c"] {
        home.servers
            .add(new_server(name))
            .await
            .expect("a server can be added");
    }
    let list = home.servers.list().await.expect("the list can be read");
    let names: Vec<_> = list.iter().map(|server| server.name.as_str()).collect();
    assert_eq!(names, ["b", "a", "c"], "within one second too");
}

#[tokio::test]
async fn a_new_address_forgets_what_was_learnt_about_the_old_one() {
    let home = home().await;
    let id = home.add().await.id;
    home.servers
        .set_era(id, Era::Initialize)
        .await
        .expect("the era is kept");
    let (tools, at) = (json!([{"name": "t"}]), Timestamp::from_seconds(5));
    home.servers
        .save_tools(id, &tools, at)
        .await
        .expect("the tools are kept");
    home.name_scopes(id).await;
    let url = "https://other.example.com/mcp".parse().expect("it is an address");
    let edit = EditServer {
        url: Some((url, Reach::Public)),
        ..EditServer::default()
    };
    let server = home.edit(id, edit).await.server;
    assert_eq!(
        (server.era, server.auth_kind),
        (None, None),
        "handshake and detected kind"
    );
    assert_eq!(
        (server.offered_scopes, server.chosen_scopes),
        (None, None),
        "and the scopes"
    );
    let tools = home.servers.tools(id).await.expect("the tools can be read");
    assert_eq!(tools, None, "and the tools");
}

#[tokio::test]
async fn detection_does_not_overrule_the_person() {
    let home = home().await;
    let id = home.add().await.id;
    home.servers
        .set_auth_kind(id, AuthKind::Open)
        .await
        .expect("it is kept");
    assert_eq!(
        home.get(id).await.auth_kind,
        Some(AuthKind::Open),
        "detected twice, differently"
    );
    let by_hand = EditServer {
        auth_kind: Some(AuthKind::Header),
        ..EditServer::default()
    };
    assert!(home.edit(id, by_hand).await.server.overridden, "the person chose");
    home.servers
        .set_auth_kind(id, AuthKind::Open)
        .await
        .expect("it is heard");
    assert_eq!(
        home.get(id).await.auth_kind,
        Some(AuthKind::Header),
        "the person's choice stays"
    );
}

#[tokio::test]
async fn wishes_reaches_and_eras_are_remembered() {
    let home = home().await;
    let id = home.add().await.id;
    for wanted in [true, false] {
        home.servers
            .set_wanted(id, wanted)
            .await
            .expect("the wish is kept");
        assert_eq!(home.get(id).await.wanted, wanted, "it is remembered");
    }
    for reach in [Reach::Private, Reach::Loopback] {
        home.servers
            .set_reach(id, reach)
            .await
            .expect("the reach is kept");
        assert_eq!(home.get(id).await.reach, reach, "it is remembered");
    }
    for era in [Era::Modern, Era::Initialize] {
        home.servers.set_era(id, era).await.expect("the era is kept");
        assert_eq!(home.get(id).await.era, Some(era), "it is remembered");
    }
}

#[tokio::test]
async fn r14_a_choice_of_scopes_is_kept_until_it_is_taken_back() {
    let home = home().await;
    let id = home.add().await.id;
    home.name_scopes(id).await;
    let renamed = EditServer {
        name: Some("another name".to_owned()),
        ..EditServer::default()
    };
    let server = home.edit(id, renamed).await.server;
    assert_eq!(server.offered_scopes, Some(scopes("read write")));
    assert_eq!(
        server.chosen_scopes,
        Some(scopes("read")),
        "an edit leaves it alone"
    );
    let none = Scopes::default();
    let emptied = home.servers.choose_scopes(id, Some(&none)).await;
    emptied.expect("the choice is kept");
    let server = home.get(id).await;
    assert_eq!(server.chosen_scopes, Some(none), "nothing is a choice too");
    let taken_back = home.servers.choose_scopes(id, None).await;
    taken_back.expect("the choice is kept");
    assert_eq!(home.get(id).await.chosen_scopes, None);
}

#[tokio::test]
async fn tools_are_those_of_the_last_answer() {
    let home = home().await;
    let id = home.add().await.id;
    let read = || home.servers.tools(id);
    assert_eq!(
        read().await.expect("they can be read"),
        None,
        "there was no answer yet"
    );
    for (tools, at) in [(json!([{"name": "a"}]), 5), (json!([]), 9)] {
        let at = Timestamp::from_seconds(at);
        let saved = home.servers.save_tools(id, &tools, at);
        saved.await.expect("they can be kept");
        assert_eq!(
            read().await.expect("they can be read"),
            Some((tools, at)),
            "the last answer"
        );
    }
}

#[tokio::test]
async fn a_deleted_server_is_gone_with_all_that_hangs_on_it() {
    let home = home().await;
    let (id, other) = (home.add().await.id, home.add().await);
    let at = Timestamp::from_seconds(1);
    home.servers
        .save_tools(id, &json!([]), at)
        .await
        .expect("tools are kept");
    assert!(
        home.servers.delete(id).await.expect("it can be deleted"),
        "it was there"
    );
    assert!(
        !home.servers.delete(id).await.expect("it can be asked"),
        "it is not any more"
    );
    assert_eq!(
        home.servers.get(id).await.expect("it can be asked"),
        None,
        "it is gone"
    );
    assert!(home.headers(id).await.is_empty(), "its headers are gone");
    let late = home.servers.save_tools(id, &json!([]), at).await;
    late.expect("late news of it are no error");
    assert_eq!(
        home.servers.tools(id).await.expect("it can be asked"),
        None,
        "and are dropped"
    );
    let edited = home.servers.edit(id, EditServer::default()).await;
    assert_eq!(edited.expect("it can be asked"), None, "there is nothing to edit");
    assert_eq!(home.get(other.id).await, other, "the others stay");
    let tools = home.servers.tools(other.id).await;
    assert_eq!(tools.expect("it can be asked"), None, "and get none of its news");
}

#[tokio::test]
async fn one_bad_row_does_not_blank_the_list() {
    let home = home().await;
    let (bad, good) = (home.add().await, home.add().await);
    let mut transaction = home.store.write().await.expect("a transaction begins");
    sqlx::query("UPDATE servers SET url = 'nonsense' WHERE id = ?")
        .bind(bad.id.to_string())
        .execute(&mut *transaction)
        .await
        .expect("the row is broken");
    transaction.commit().await.expect("and stays so");
    let list = home.servers.list().await.expect("the list can be read");
    assert_eq!(list, [good], "the good one is there");
    let read = home.servers.get(bad.id).await;
    assert!(
        matches!(read, Err(ServersError::Broken)),
        "the bad one says what it is"
    );
}
