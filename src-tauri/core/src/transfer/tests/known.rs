//! What a file meets that is here already, and what must not be in its way.

use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};

use super::*;
use crate::{
    base::AccountId,
    servers::{Agreed, Server},
    store::tests::Sleepless,
};

impl Home {
    async fn server(&self) -> Server {
        self.servers.list().await.expect("the list can be read").remove(0)
    }

    async fn account(&self) -> AccountId {
        let account = self.grants.account(self.server().await.id).await;
        account.expect("it can be read").expect("there is one").id
    }

    /// One whose person wants its server connected, and has agreed to an issuer.
    async fn agreed(issuer: &str) -> Self {
        let home = Self::new().await;
        let bare = contents(Luggage::None).await;
        let id = home.import_json(&bare).await.expect("it is taken in").added[0];
        let agreed = Agreed {
            issuer: Issuer::new(issuer),
            token_host: None,
        };
        home.servers.agree(id, &agreed).await.expect("it is kept");
        home.servers.set_wanted(id, true).await.expect("it is kept");
        home
    }

    /// Tells of each backup whether the account in it is handed over.
    async fn backups(&self) -> Vec<bool> {
        let folder = fs::read_dir(self.directory.path().join("backups")).expect("there are some");
        let mut found = Vec::new();
        for entry in folder {
            let path = entry.expect("it can be listed").path();
            let mut backup = SqliteConnectOptions::new()
                .filename(path)
                .immutable(true)
                .connect()
                .await
                .expect("it opens");
            let reason = sqlx::query_scalar("SELECT dead_reason FROM grants").fetch_one(&mut backup);
            let reason: Option<String> = reason.await.expect("the account is in it");
            found.push(reason.as_deref() == Some("handedOver"));
            backup.close().await.expect("it closes");
        }
        found
    }
}

#[tokio::test]
async fn s04_a_file_does_not_lead_a_server_that_is_here_to_another_issuer() {
    let file = contents(Luggage::Accounts).await;
    let home = Home::agreed("https://other.example.com").await;
    let imported = home.import_json(&file).await.expect("it is taken in");
    assert_eq!(
        (imported.known, imported.accounts.left_out),
        (1, 1),
        "it stays outside"
    );
    assert!(home.server().await.wanted, "and changes nothing");

    let home = Home::agreed("https://as.example.com").await;
    let imported = home.import_json(&file).await.expect("it is taken in");
    assert_eq!((imported.known, imported.accounts.arrived.len()), (1, 1));
    assert!(
        !home.server().await.wanted,
        "nobody is asked in its name without a click"
    );
}

#[tokio::test]
async fn s43_no_backup_brings_back_what_was_handed_over() {
    let home = Home::furnished().await;
    home.store.back_up_if_due(NOW).await.expect("it is made");
    assert_eq!(home.backups().await, [false], "the search finds what is there");
    home.export(Luggage::Accounts).await.expect("it is made");
    assert_eq!(home.backups().await, [true], "none from before outlives the file");
}

#[tokio::test]
async fn s43_nor_while_backups_are_made_by_themselves() {
    let home = Home::furnished().await;
    let keeping = home.store.clone();
    let keeper = tokio::spawn(async move { keeping.keep_backups(&Sleepless::default()).await });
    for _ in 0..5 {
        home.export(Luggage::Accounts).await.expect("it is made");
        assert_eq!(home.backups().await, [true], "none from before outlives the file");
        let account = home.account().await;
        let used = home.grants.use_here(home.server().await.id, account).await;
        used.expect("it is here again");
    }
    keeper.abort();
}

#[tokio::test]
async fn an_account_stays_if_no_backup_can_be_made() {
    let home = Home::furnished().await;
    let backups = home.directory.path().join("backups");
    fs::remove_dir_all(&backups).ok();
    fs::write(&backups, "in its way").expect("it is written");
    let undone = home.transfer.export(&passphrase(), Luggage::Accounts).await;
    let undone = undone.expect_err("there is no file");
    assert_eq!(
        undone.servers,
        [home.server().await.id],
        "it was away for a moment"
    );
    assert_eq!(undone.away, [], "for a moment only");
    assert_eq!(home.standing().await, Standing::Live);
    let left = fs::read_dir(home.folder.path()).expect("a folder").count();
    assert_eq!(left, 0);

    let mut within = home.store.write().await.expect("the writer is free");
    let stuck = "CREATE TRIGGER full BEFORE UPDATE OF dead_reason ON grants WHEN new.dead_reason IS NULL \
                 BEGIN SELECT RAISE(ABORT, 'full'); END";
    sqlx::query(stuck)
        .execute(&mut *within)
        .await
        .expect("the statement is right");
    within.commit().await.expect("it commits");
    let undone = home.transfer.export(&passphrase(), Luggage::Accounts).await;
    let away = undone.expect_err("there is no file").away;
    let servers: Vec<_> = away.iter().map(|away| away.server).collect();
    assert_eq!(servers, [home.server().await.id], "nor can it be taken back");
}

#[tokio::test]
async fn s04_a_server_that_nobody_uses_yet_takes_the_accounts_that_follow_it() {
    let (mut bare, full) = (contents(Luggage::None).await, contents(Luggage::Accounts).await);
    bare["servers"][0]["method"] = Value::Null;
    let cases = [
        ("authKind", Value::Null, 1),
        ("offered", json!(["https://as.example.com"]), 1),
        ("offered", json!(["https://other.example.com"]), 0),
        ("authKind", json!("header"), 0),
    ];
    for (member, value, arrives) in cases {
        let mut bare = bare.clone();
        bare["servers"][0][member] = value.clone();
        bare["servers"][0]["overridden"] = json!(true);
        let home = Home::new().await;
        home.import_json(&bare).await.expect("it is taken in");
        let imported = home.import_json(&full).await.expect("it is taken in");
        let counts = (imported.accounts.arrived.len(), imported.accounts.left_out);
        assert_eq!(counts, (arrives, 1 - arrives), "{member} is {value}");
        assert!(!home.server().await.wanted, "nobody is asked without a click");
    }
    let home = Home::new().await;
    let id = home.import_json(&bare).await.expect("it is taken in").added[0];
    home.servers.set_wanted(id, true).await.expect("it is kept");
    let imported = home.import_json(&full).await.expect("it is taken in");
    assert_eq!(imported.accounts.left_out, 1, "the person is about to use it");
    assert!(home.server().await.wanted);
}

#[tokio::test]
async fn what_is_only_odd_does_not_keep_a_file_out() {
    let good = contents(Luggage::Accounts).await;
    let key = good["servers"][0]["headers"][0]["value"].clone();
    let windows = json!({ "kind": "platformToken", "clientId": "me", "token": { "file": "C:\\token" } });
    for (pointer, value) in [
        (
            "/servers/0/headers/0",
            json!({ "name": "authorization", "value": key }),
        ),
        ("/servers/0/accounts/0/signedInAt", json!(NOW.seconds() * 2)),
        ("/servers/0/method/how", windows),
        (
            "/servers/0/method/how",
            json!({ "kind": "platformToken", "clientId": "me", "token": { "file": "/token" } }),
        ),
    ] {
        let mut odd = good.clone();
        *odd.pointer_mut(pointer).expect(pointer) = value;
        let home = Home::new().await;
        let imported = home.import_json(&odd).await.expect(pointer);
        assert_eq!(imported.accounts.arrived.len(), 1, "{pointer}");
    }
}

#[tokio::test]
async fn a_server_that_makes_no_sense_stays_out_of_a_file_and_keeps_its_account() {
    let home = Home::furnished().await;
    let second = NewServer {
        url: "https://other.example.com/mcp".parse().expect("an address"),
        name: "Other".to_owned(),
        reach: crate::base::Reach::Public,
        auth_kind: None,
        overridden: false,
        offered_scopes: None,
        headers: Vec::new(),
    };
    home.servers.add(second).await.expect("it is added");
    let mut within = home.store.write().await.expect("the writer is free");
    let broken = sqlx::query("UPDATE servers SET client_id = ' ' WHERE name = 'Example'");
    broken.execute(&mut *within).await.expect("it is broken");
    within.commit().await.expect("it commits");
    let made = home.transfer.export(&passphrase(), Luggage::Accounts).await;
    let made = made.expect("it is made");
    assert_eq!((made.servers, made.accounts, made.staying), (1, 0, 1));
    assert_eq!(home.standing().await, Standing::Live);
}
