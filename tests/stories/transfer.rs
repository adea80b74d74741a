//! Servers and accounts go to another computer: whoever is signed in stays signed in, in one place at a time.

use std::{fs, path::Path, sync::Arc, time::Duration};

use serde_json::{Value, json};
use sqlx::{ConnectOptions, query, sqlite::SqliteConnectOptions};
use usher_core::api::contract::ErrorCode;
use usher_tests::{
    AuthorizationServer, Decision, Door, Furniture, HandClock, Home, Managing, McpServer, Names, Ways,
};

const PASSPHRASE: &str = "correct horse battery";
const KEY: &str = "canary-key-77ab";
const CLIENT_SECRET: &str = "canary-client-secret-77ab";

/// Two computers of one person, who is signed in on the first.
struct Computers {
    authorization: AuthorizationServer,
    server: McpServer,
    first: Home,
    second: Home,
    id: String,
}

impl Computers {
    async fn new() -> Self {
        Self::with(Furniture::default()).await
    }

    /// The same, the first of them furnished like this.
    async fn with(furniture: Furniture) -> Self {
        let authorization = AuthorizationServer::open(Ways {
            names: Names::IdToken,
            managing: Managing::Deleting,
            ..Ways::default()
        })
        .await;
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let (first, second) = (Home::with(furniture).await, Home::new(Decision::Allow).await);
        let id = first.add(&server.url()).await;
        first.sign_in(&id).await;
        first.state(&id, "ready").await;
        Self {
            authorization,
            server,
            first,
            second,
            id,
        }
    }

    /// Exports with accounts on the first; gives the file's text.
    async fn file(&self) -> String {
        let made = export(&self.first, true).await;
        assert_eq!((&made["servers"], &made["accounts"]), (&json!(1), &json!(1)));
        self.first.state(&self.id, "signInNeeded").await;
        text(&made)
    }

    /// Takes the file in on the second, and connects what came.
    async fn arrive(&self, text: &str) -> String {
        let imported = self.second.good("importServers", file(text)).await;
        assert_eq!(imported, counts((1, 0), (1, 0, 0), 0));
        let id = only_server(&self.second).await;
        self.second.connect(&id).await;
        self.second.state(&id, "ready").await;
        id
    }

    fn tokens_asked(&self) -> usize {
        self.authorization.seen().count("POST /token")
    }

    /// Names the account of the first computer.
    async fn account(&self) -> Value {
        let server = self.first.server(&self.id).await;
        json!({ "server": self.id, "account": server["accounts"][0]["id"] })
    }
}

/// Gives what an import comes to: servers that are new and known, accounts that came, are known and are left out, and how many
/// want a sign-in.
fn counts(
    (added, known): (u32, u32),
    (came, accounts_known, left_out): (u32, u32, u32),
    needs: u32,
) -> Value {
    json!({
        "added": added, "known": known, "accounts": came, "accountsKnown": accounts_known,
        "accountsLeftOut": left_out, "accountsDamaged": 0, "needsSignIn": needs,
    })
}

async fn export(home: &Home, accounts: bool) -> Value {
    let wish = json!({ "passphrase": PASSPHRASE, "accounts": accounts });
    home.good("exportServers", wish).await
}

fn text(made: &Value) -> String {
    let path = made["path"].as_str().expect("a path");
    fs::read_to_string(Path::new(path)).expect("the file is there")
}

fn file(text: &str) -> Value {
    json!({ "text": text, "passphrase": PASSPHRASE })
}

async fn servers(home: &Home) -> Vec<Value> {
    let snapshot = home.good("snapshot", Value::Null).await;
    snapshot["servers"].as_array().cloned().unwrap_or_default()
}

async fn only_server(home: &Home) -> String {
    let servers = servers(home).await;
    assert_eq!(servers.len(), 1, "{servers:#?}");
    servers[0]["id"].as_str().expect("an identifier").to_owned()
}

#[tokio::test]
async fn an_account_moves_and_goes_on_without_a_sign_in() {
    let it = Computers::new().await;
    let text = it.file().await;
    let needed = it.first.server(&it.id).await;
    assert_eq!(needed["state"]["reason"], "handedOver");
    assert_eq!(needed["accounts"][0]["needs"], "handedOver", "it stays in sight");
    assert_eq!(it.authorization.living_grants(), 1, "and lives");

    let seen = it.second.good("readExport", file(&text)).await;
    let listed = json!([{ "name": needed["name"], "url": it.server.url(), "accounts": 1, "secret": false, "known": false }]);
    assert_eq!(seen["servers"], listed);
    assert!(servers(&it.second).await.is_empty(), "looking changes nothing");

    let id = it.arrive(&text).await;
    it.second.echo(&id, "hello").await.expect("the tool answers");
    assert_eq!(it.tokens_asked(), 1, "with what the first one was given");
    it.authorization.expire_access();
    it.second
        .echo(&id, "hello")
        .await
        .expect("it renews itself there");
    assert_eq!(it.tokens_asked(), 2);
    let refused = it.first.echo(&it.id, "hello").await;
    let refused = refused.expect_err("here it is not used any more");
    assert!(matches!(
        refused.code,
        ErrorCode::ReauthRequired | ErrorCode::NotConnected
    ));
    assert_eq!(it.tokens_asked(), 2, "nor asked for");
    assert_eq!(it.authorization.living_grants(), 1, "nothing was spent twice");
    assert!(it.second.person().opened().is_empty(), "nobody signed in");

    let again = it.second.good("importServers", file(&text)).await;
    assert_eq!(again, counts((0, 1), (0, 1, 0), 0), "twice is once");
    it.second.echo(&id, "hello").await.expect("and disturbs nothing");
}

#[tokio::test]
async fn an_account_whose_file_is_lost_is_used_here_again() {
    let mut it = Computers::new().await;
    it.file().await;
    it.first.restart().await;
    let still = it.first.state(&it.id, "signInNeeded").await;
    assert_eq!(still["state"]["reason"], "handedOver", "it lasts");
    let here = it.account().await;
    it.first.good("useHere", here).await;
    it.first.state(&it.id, "ready").await;
    it.authorization.expire_access();
    it.first.echo(&it.id, "hello").await.expect("as before");
    assert_eq!(it.authorization.living_grants(), 1);
    assert_eq!(it.first.person().opened().len(), 1, "no new sign-in");
}

#[tokio::test]
async fn disconnecting_what_moved_leaves_it_alone_where_it_is() {
    let it = Computers::new().await;
    let text = it.file().await;
    let id = it.arrive(&text).await;
    let left = it.first.good("disconnect", json!({ "id": it.id })).await;
    assert_eq!(left["accounts"], json!([]), "wiped here");
    assert_eq!(left["lastRevocation"], Value::Null, "and nothing was revoked");
    it.first.good("deleteServer", json!({ "id": it.id })).await;
    let lines = it.authorization.seen().lines();
    let told = |line: &&String| line.starts_with("POST /revoke") || line.starts_with("DELETE");
    assert_eq!(lines.iter().find(told), None, "the provider heard nothing");
    it.authorization.expire_access();
    it.second.echo(&id, "hello").await.expect("it goes on there");
}

#[tokio::test]
async fn signing_in_anew_replaces_what_moved() {
    let it = Computers::new().await;
    let id = it.arrive(&it.file().await).await;
    assert_eq!(it.first.sign_in(&it.id).await, json!({ "kind": "authorized" }));
    it.first.state(&it.id, "ready").await;
    assert_eq!(it.authorization.living_grants(), 2, "one for each computer");
    it.first.echo(&it.id, "hello").await.expect("here");
    it.second.echo(&id, "hello").await.expect("and there");
    let server = it.first.server(&it.id).await;
    assert_eq!(server["accounts"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn s42_without_accounts_a_file_brings_the_list_and_nothing_secret() {
    let it = Computers::new().await;
    let secret = json!({ "kind": "set", "value": CLIENT_SECRET });
    let headers = json!([{ "name": "X-Api-Key", "value": KEY }]);
    let keyed = it.first.add_with_headers("http://127.0.0.1:1/mcp", headers).await;
    let client = json!({ "id": keyed, "clientId": "mine", "clientSecret": secret });
    it.first.good("editServer", client).await;
    let made = export(&it.first, false).await;
    assert_eq!((&made["servers"], &made["accounts"]), (&json!(2), &json!(0)));
    it.first.echo(&it.id, "hello").await.expect("nothing moved");
    let text = text(&made);
    let mut secrets = it.authorization.secrets();
    secrets.extend([KEY, CLIENT_SECRET, PASSPHRASE].map(str::to_owned));
    for secret in &secrets {
        assert!(!text.contains(secret), "it lies in the open");
    }
    let imported = it.second.good("importServers", file(&text)).await;
    assert_eq!(imported, counts((2, 0), (0, 0, 0), 1));
    for server in servers(&it.second).await {
        assert_eq!(server["state"]["kind"], "off", "nothing connects by itself");
        assert_eq!(
            (&server["headers"], &server["hasClientSecret"]),
            (&json!([]), &json!(false))
        );
        assert_eq!(server["accounts"], json!([]));
    }
}

#[tokio::test]
async fn accounts_follow_the_list_that_went_before_them() {
    let it = Computers::new().await;
    let list = text(&export(&it.first, false).await);
    it.second.good("importServers", file(&list)).await;
    let full = it.file().await;
    let imported = it.second.good("importServers", file(&full)).await;
    assert_eq!(imported, counts((0, 1), (1, 0, 0), 0));
    let id = only_server(&it.second).await;
    let server = it.second.server(&id).await;
    assert_eq!(server["state"]["kind"], "off", "nothing connects by itself");
    it.second.connect(&id).await;
    it.second.state(&id, "ready").await;
    assert!(it.second.person().opened().is_empty(), "nobody signed in");
    assert_eq!(it.authorization.living_grants(), 1);
}

#[tokio::test]
async fn an_account_that_is_not_taken_in_is_told_and_used_where_it_was() {
    let it = Computers::new().await;
    let id = it.second.add(&it.server.url()).await;
    it.second.sign_in(&id).await;
    it.second.state(&id, "ready").await;
    let full = it.file().await;
    let imported = it.second.good("importServers", file(&full)).await;
    assert_eq!(
        imported,
        counts((0, 1), (0, 0, 1), 0),
        "the same person is signed in there already"
    );
    it.second.echo(&id, "hello").await.expect("which goes on");
    let here = it.account().await;
    it.first.good("useHere", here).await;
    it.first.state(&it.id, "ready").await;
    it.first.echo(&it.id, "hello").await.expect("and so does this");
}

#[tokio::test]
async fn what_cannot_be_taken_in_says_why_and_changes_nothing() {
    let it = Computers::new().await;
    let text = it.file().await;
    let refused = async |text: &str, passphrase: &str| {
        let file = json!({ "text": text, "passphrase": passphrase });
        let error = it.second.call("importServers", file).await;
        error.expect_err("it is refused").code
    };
    assert_eq!(refused("hello", PASSPHRASE).await, ErrorCode::ExportForeign);
    assert_eq!(
        refused(&text, "another passphrase").await,
        ErrorCode::ExportLocked
    );
    let cut = &text[..text.len() / 2];
    assert_eq!(refused(cut, PASSPHRASE).await, ErrorCode::ExportDamaged);
    let newer = text.replace(r#""version":1"#, r#""version":2"#);
    assert_eq!(refused(&newer, PASSPHRASE).await, ErrorCode::ExportNewer);
    let huge = " ".repeat(17 * 1024 * 1024);
    assert_eq!(refused(&huge, PASSPHRASE).await, ErrorCode::ExportTooLarge);
    assert!(servers(&it.second).await.is_empty());
}

#[tokio::test]
async fn if_no_file_can_be_made_the_account_stays() {
    let it = Computers::new().await;
    fs::remove_dir_all(it.first.exports()).expect("the folder can be removed");
    let wish = json!({ "passphrase": PASSPHRASE, "accounts": true });
    let refused = it.first.call("exportServers", wish).await;
    let refused = refused.expect_err("there is no folder");
    assert_eq!(refused.code, ErrorCode::ExportUnwritable);
    assert_eq!(refused.args["path"], it.first.exports().display().to_string());
    it.first
        .echo(&it.id, "hello")
        .await
        .expect("it is used as before");
    let short = json!({ "passphrase": "short", "accounts": true });
    let refused = it.first.call("exportServers", short).await;
    assert_eq!(refused.expect_err("too short").code, ErrorCode::PassphraseShort);
}

#[tokio::test]
async fn if_the_file_cannot_be_finished_the_server_is_connected_as_before() {
    let it = Computers::new().await;
    let backups = it.first.data().join("backups");
    fs::remove_dir_all(&backups).ok();
    fs::write(&backups, "in its way").expect("it is written");
    let wish = json!({ "passphrase": PASSPHRASE, "accounts": true });
    let refused = it.first.call("exportServers", wish).await;
    refused.expect_err("no backup can be made");
    let left = fs::read_dir(it.first.exports()).expect("a folder").count();
    assert_eq!(left, 0, "there is no file");
    it.first.state(&it.id, "ready").await;
    it.first.echo(&it.id, "hello").await.expect("it goes on");
    assert_eq!(it.authorization.living_grants(), 1);
}

#[tokio::test]
async fn an_account_that_cannot_be_taken_back_is_told_and_comes_back_by_itself() {
    let clock = HandClock::default();
    let furniture = Furniture {
        clock: Arc::new(clock.clone()),
        ..Furniture::default()
    };
    let it = Computers::with(furniture).await;
    let backups = it.first.data().join("backups");
    fs::remove_dir_all(&backups).ok();
    fs::write(&backups, "in its way").expect("it is written");
    let database = SqliteConnectOptions::new().filename(it.first.data().join("usher.db"));
    let mut database = database.connect().await.expect("the file opens");
    query(
        "CREATE TRIGGER full BEFORE UPDATE OF dead_reason ON grants WHEN new.dead_reason IS NULL \
         BEGIN SELECT RAISE(ABORT, 'full'); END",
    )
    .execute(&mut database)
    .await
    .expect("the statement is right");
    let wish = json!({ "passphrase": PASSPHRASE, "accounts": true });
    let refused = it.first.call("exportServers", wish).await;
    let refused = refused.expect_err("there is no file");
    assert_eq!(refused.code, ErrorCode::ExportNotUndone);
    let server = it.first.server(&it.id).await;
    assert_eq!(server["name"], refused.args["servers"], "it says which server");
    it.first.state(&it.id, "signInNeeded").await;
    query("DROP TRIGGER full")
        .execute(&mut database)
        .await
        .expect("the statement is right");
    while it.first.server(&it.id).await["state"]["kind"] != "ready" {
        clock.advance(Duration::from_secs(60));
    }
    it.first.echo(&it.id, "hello").await.expect("it goes on");
}
