//! Every kind of sealed cell, touched on disk while the app does not run: it costs its own server at most, and that is said.

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, ConnectOptions, SqliteConnection, sqlite::SqliteConnectOptions};
use usher_tests::{AuthorizationServer, Decision, Door, Home, McpServer, Ways};

use crate::machines::{CLIENT, SECRET, by_secret};

/// The sealed cells: a table, its column, and which rows.
const CELLS: [(&str, &str, &str); 6] = [
    ("grants", "sealed", "server = ?1"),
    ("server_headers", "value", "?1 = ?1"),
    (
        "servers",
        "client_secret",
        "client_secret IS NOT NULL AND ?1 = ?1",
    ),
    ("sign_in_secrets", "value", "?1 = ?1"),
    ("registrations", "sealed", "?1 = ?1"),
    ("sign_ins", "sealed", "?1 = ?1"),
];
const KEY: &str = "the-right-key";

/// What is done to a cell, with the bytes of another table's.
type Touch = fn(&[u8], &[u8]) -> Vec<u8>;

const TOUCHES: [(&str, Touch); 4] = [
    ("a bit is flipped", |own, _| {
        let mut flipped = own.to_vec();
        *flipped.last_mut().expect("it is not empty") ^= 1;
        flipped
    }),
    ("half of it is gone", |own, _| own[..own.len() / 2].to_vec()),
    ("it is empty", |_, _| Vec::new()),
    ("it is another table's", |_, other| other.to_vec()),
];

/// A home with a server of each kind; `steady` is the one that nobody touches.
struct Everything {
    home: Home,
    _authorizations: [AuthorizationServer; 3],
    _servers: Vec<McpServer>,
    steady: String,
    signed_in: String,
    waiting: String,
    keyed: String,
    client: String,
    machine: String,
}

impl Everything {
    async fn new() -> Self {
        let known = Ways {
            known_client: Some((CLIENT, SECRET)),
            ..Ways::default()
        };
        let authorizations = [
            AuthorizationServer::open(Ways::default()).await,
            AuthorizationServer::open(Ways::default()).await,
            AuthorizationServer::open(known).await,
        ];
        let home = Home::new(Decision::Allow).await;
        let mut servers = Vec::new();
        let mut ids = Vec::new();
        for at in [0, 1, 1, 2, 2] {
            let server = McpServer::open(Door::Bearer(&authorizations[at])).await;
            ids.push(home.add(&server.url()).await);
            servers.push(server);
        }
        let door = McpServer::open(Door::Header("x-api-key", KEY)).await;
        let key = json!([{ "name": "X-Api-Key", "value": KEY }]);
        let keyed = home.add_with_headers(&door.url(), key).await;
        servers.push(door);
        let [steady, signed_in, waiting, client, machine] = ids.try_into().expect("five servers");
        let secret = json!({ "kind": "set", "value": SECRET });
        let own = json!({ "id": client, "clientId": CLIENT, "clientSecret": secret });
        home.good("editServer", own).await;
        let method = json!({ "id": machine, "method": by_secret(SECRET) });
        home.good("setSignInMethod", method).await;
        let agreed = json!({ "id": machine, "issuer": authorizations[2].issuer(), "tokenHost": null });
        home.good("agreeIssuer", agreed).await;
        for id in [&steady, &signed_in, &client, &machine, &keyed] {
            home.connect(id).await;
            home.state(id, "ready").await;
        }
        home.person().decides(Decision::Nothing);
        home.connect(&waiting).await;
        home.at_the_page(&waiting).await;
        Self {
            home,
            _authorizations: authorizations,
            _servers: servers,
            steady,
            signed_in,
            waiting,
            keyed,
            client,
            machine,
        }
    }

    async fn file(&self) -> SqliteConnection {
        let file = SqliteConnectOptions::new().filename(self.home.data().join("usher.db"));
        file.connect().await.expect("the file opens")
    }

    /// Gives the first cell of each kind.
    async fn cells(&self) -> Vec<Vec<u8>> {
        let mut file = self.file().await;
        let mut cells = Vec::new();
        for (table, column, which) in CELLS {
            let select = format!("SELECT {column} FROM {table} WHERE {which}");
            let cell = sqlx::query_scalar(AssertSqlSafe(select)).bind(&self.signed_in);
            cells.push(
                cell.fetch_one(&mut file)
                    .await
                    .unwrap_or_else(|error| panic!("{table}: {error}")),
            );
        }
        cells
    }

    /// Writes other bytes into every cell while the app does not run, and starts it again.
    async fn overwrite(&mut self, cells: &[Vec<u8>]) {
        self.home.app().shutdown().await;
        let mut file = self.file().await;
        for ((table, column, which), bytes) in CELLS.into_iter().zip(cells) {
            let update = format!("UPDATE {table} SET {column} = ?2 WHERE {which}");
            let update = sqlx::query(AssertSqlSafe(update))
                .bind(&self.signed_in)
                .bind(bytes);
            update
                .execute(&mut file)
                .await
                .unwrap_or_else(|error| panic!("{table}: {error}"));
        }
        drop(file);
        self.home.restart().await;
    }

    async fn each_says_what_it_lost(&self, how: &str) {
        let home = &self.home;
        home.state(&self.steady, "ready").await;
        home.echo(&self.steady, "hello").await.expect("nobody touched it");
        let needed = home.state(&self.signed_in, "signInNeeded").await;
        assert_eq!(needed["state"]["reason"], "undecryptable", "{how}");
        let needed = home.state(&self.keyed, "signInNeeded").await;
        assert_eq!(needed["state"]["reason"], "headerRefused", "{how}");
        for id in [&self.client, &self.machine] {
            home.state(id, "ready").await;
            home.good("signIn", json!({ "id": id })).await;
            let outcome = home.outcome(id).await;
            assert_eq!(outcome, json!({ "kind": "credentialsUnreadable" }), "{how}");
        }
        assert_eq!(
            home.server(&self.waiting).await["signIn"],
            Value::Null,
            "{how}: it waits no more"
        );
    }
}

#[tokio::test]
async fn s35_a_sealed_cell_that_was_touched_costs_its_own_server_and_that_is_said() {
    let mut it = Everything::new().await;
    it.home.app().shutdown().await;
    let cells = it.cells().await;
    for (how, touch) in TOUCHES {
        let touched = (0..cells.len()).map(|at| touch(&cells[at], &cells[(at + 1) % cells.len()]));
        it.overwrite(&touched.collect::<Vec<_>>()).await;
        it.each_says_what_it_lost(how).await;
    }
    it.home.person().decides(Decision::Allow);
    assert_eq!(
        it.home.sign_in(&it.signed_in).await,
        json!({ "kind": "authorized" })
    );
    it.home.state(&it.signed_in, "ready").await;
}
