//! Writes a data file of today's schema, with a row in every table, as SQL to standard output.
//!
//! Run at each release: `cargo run --bin schema > tests/schemas/VERSION.sql`, where VERSION is the newest migration's.
//! The stories then open it for ever after.

use std::{
    io::{self, Write},
    sync::Arc,
};

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use usher_core::ports::Keychain;
use usher_tests::{
    AuthorizationServer, Decision, Door, Exchange, Furniture, HandClock, Home, Managing, McpServer,
    MemoryKeychain, Ways,
};

#[tokio::main]
async fn main() -> io::Result<()> {
    let keychain = MemoryKeychain::default();
    let mut home = Home::with(Furniture {
        keychain: Arc::new(keychain.clone()),
        clock: Arc::new(HandClock::default()),
        ..Furniture::default()
    })
    .await;
    owe(&mut home).await;
    owe_deletion(&home).await;
    hand_over(&home).await;
    live(&home).await;
    let options = SqliteConnectOptions::new().filename(home.data().join("usher.db"));
    let mut database = SqliteConnection::connect_with(&options)
        .await
        .map_err(io::Error::other)?;
    change_keys(&home, &mut database)
        .await
        .map_err(io::Error::other)?;
    home.app().shutdown().await;
    note(&mut database).await.map_err(io::Error::other)?;
    let text = dump(&mut database).await.map_err(io::Error::other)?;
    let key = keychain.read().await.map_err(io::Error::other)?;
    let key = key.expect("a sign-in was sealed");
    // EXPOSE: the key of this one file, whose secrets are a test's and worth nothing.
    let key = key.expose().map(|byte| format!("{byte:02X}")).concat();
    write!(io::stdout(), "-- key {key}\n{text}")
}

/// Signs in at an authorization server that is gone when it is to be told of the end.
async fn owe(home: &mut Home) {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let id = add(home, "Ended", &server.url(), json!([])).await;
    home.sign_in(&id).await;
    home.state(&id, "ready").await;
    drop(authorization);
    // A new start has no connection left on which it could be told.
    home.restart().await;
    home.good("disconnect", json!({ "id": id })).await;
}

/// Signs out where the client could not be deleted yet, as its issuer was in trouble.
async fn owe_deletion(home: &Home) {
    let authorization = AuthorizationServer::open(Ways {
        revocation: false,
        managing: Managing::DeletingLater,
        ..Ways::default()
    })
    .await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let id = add(home, "Registered", &server.url(), json!([])).await;
    home.sign_in(&id).await;
    home.state(&id, "ready").await;
    home.good("disconnect", json!({ "id": id })).await;
    let asked = |exchanges: &[Exchange]| exchanges.iter().any(|seen| seen.method == "DELETE");
    authorization.wire().until(asked).await;
}

/// Hands an account over to another computer, in a file that nobody reads.
async fn hand_over(home: &Home) {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let id = add(home, "Handed over", &server.url(), json!([])).await;
    home.sign_in(&id).await;
    home.state(&id, "ready").await;
    let wish = json!({ "passphrase": "an-old-passphrase", "accounts": true });
    home.good("exportServers", wish).await;
}

/// Stops two changes of the keys, as a kill does: one when some cells are sealed anew, one when its key is in the keychain
/// and not in use yet. The next start finishes both.
async fn change_keys(home: &Home, database: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query(
        "CREATE TRIGGER stop BEFORE UPDATE ON server_headers BEGIN SELECT RAISE(ABORT, 'killed'); END",
    )
    .execute(&mut *database)
    .await?;
    home.good("rotateKey", json!({ "passphrase": null })).await;
    sqlx::query("DROP TRIGGER stop").execute(&mut *database).await?;
    for event in ["INSERT", "UPDATE"] {
        let stop = format!(
            "CREATE TRIGGER stop_{event} BEFORE {event} ON vault BEGIN SELECT RAISE(ABORT, 'killed'); END"
        );
        sqlx::query(AssertSqlSafe(stop)).execute(&mut *database).await?;
    }
    let stopped = home.call("rotateKey", json!({ "passphrase": null })).await;
    assert!(stopped.is_err(), "it stops: {stopped:?}");
    for event in ["INSERT", "UPDATE"] {
        let go_on = format!("DROP TRIGGER stop_{event}");
        sqlx::query(AssertSqlSafe(go_on)).execute(&mut *database).await?;
    }
    Ok(())
}

/// Writes what only comes of bad luck or of the person's choice.
async fn note(database: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    for sql in [
        "INSERT INTO restorations (made_at, kept, seen) VALUES (1767225600, NULL, 1)",
        "INSERT OR REPLACE INTO settings (name, value) VALUES ('lockAfter', '15')",
    ] {
        sqlx::query(sql).execute(&mut *database).await?;
    }
    Ok(())
}

/// Leaves a row in every other table: a sign-in that stands, one that waits, an API key, a client of the person's own,
/// one that signs in by itself.
async fn live(home: &Home) {
    let authorization = AuthorizationServer::open(Ways::default()).await;
    let signed_in = McpServer::open(Door::Bearer(&authorization)).await;
    let key = McpServer::open(Door::Header("x-api-key", "an-old-key")).await;
    let first = add(home, "Signed in", &signed_in.url(), json!([])).await;
    let id = add(home, "Waiting", &signed_in.url(), json!([])).await;
    let header = json!([{ "name": "X-Api-Key", "value": "an-old-key" }]);
    let keyed = add(home, "With a key", &key.url(), header).await;
    let secret = json!({ "kind": "set", "value": "an-old-secret" });
    let client = json!({ "id": id, "clientId": "an-old-client", "clientSecret": secret });
    home.good("editServer", client).await;
    let machine = add(home, "Without a person", &signed_in.url(), json!([])).await;
    let secret = json!({ "kind": "set", "value": "an-old-secret" });
    let method = json!({ "kind": "clientSecret", "clientId": "an-old-client", "secret": secret });
    home.good("setSignInMethod", json!({ "id": machine, "method": method }))
        .await;
    home.connect(&keyed).await;
    home.state(&keyed, "ready").await;
    home.sign_in(&first).await;
    home.state(&first, "ready").await;
    home.person().decides(Decision::Nothing);
    home.connect(&id).await;
    home.at_the_page(&id).await;
}

async fn add(home: &Home, name: &str, url: &str, headers: Value) -> String {
    let new = json!({ "name": name, "url": url, "authKind": null, "headers": headers });
    let added = home.good("addServer", new).await;
    added["id"]
        .as_str()
        .expect("a server has an identifier")
        .to_owned()
}

async fn dump(database: &mut SqliteConnection) -> Result<String, sqlx::Error> {
    // Else every story that opens the file would knock at ports that are somebody else's by then.
    sqlx::query("UPDATE servers SET wanted = 0")
        .execute(&mut *database)
        .await?;
    let made = sqlx::query("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
        .fetch_all(&mut *database)
        .await?;
    let mut text = String::new();
    let (tables, rest): (Vec<_>, Vec<_>) = made
        .iter()
        .partition(|row| row.get::<String, _>("type") == "table");
    for table in &tables {
        let name: String = table.get("name");
        let rows = rows(database, &name).await?;
        assert!(!rows.is_empty(), "{name} needs a row");
        text += &format!("{};\n{}", table.get::<String, _>("sql"), rows.concat());
    }
    for other in rest {
        text += &format!("{};\n", other.get::<String, _>("sql"));
    }
    Ok(text)
}

/// Gives one statement for each row of a table.
async fn rows(database: &mut SqliteConnection, table: &str) -> Result<Vec<String>, sqlx::Error> {
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
        .bind(table)
        .fetch_all(&mut *database)
        .await?;
    let quoted: Vec<_> = columns.iter().map(|name| format!("quote({name})")).collect();
    let select = format!("SELECT {} FROM {table}", quoted.join(" || ', ' || "));
    let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(select))
        .fetch_all(database)
        .await?;
    let columns = columns.join(", ");
    let inserts = rows
        .iter()
        .map(|row| format!("INSERT INTO {table} ({columns}) VALUES ({row});\n"));
    Ok(inserts.collect())
}
