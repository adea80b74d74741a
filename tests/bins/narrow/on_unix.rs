//! The parts, and what holds in each: nothing that was acknowledged is lost, no token is spent twice or shown before it is on
//! disk, errors say what they are, and all goes on once there is room.

use std::{
    fs::{self, File, Permissions},
    io::Write,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use rlimit::{INFINITY, Resource};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, ConnectOptions, sqlite::SqliteConnectOptions};
use tempfile::TempDir;
use usher_core::{
    api::contract::{AppError, ErrorCode},
    base::Timestamp,
    store::{OpenError, Setting, Store, StoreError},
};
use usher_tests::{AuthorizationServer, Door, Furniture, HandClock, Home, McpServer, Ways};

/// The bytes of room that there are, one after the other: within the first frames of the log, at their edges and between.
fn places() -> impl Iterator<Item = u64> {
    let edges = (0..4).flat_map(|frame| [0, 1, 23, 24, 25, 2000, 4095].map(|at| frame * 4120 + at));
    edges.chain((5..14).map(|frame| frame * 4120 + 60))
}

/// How room is taken away.
enum Narrow {
    /// No file may grow beyond a size.
    Limit,
    /// A file of no use fills the file system.
    Full(PathBuf),
}

impl Narrow {
    /// Leaves so many bytes for the log to grow.
    fn leave(&self, data: &Path, room: u64) {
        match self {
            Self::Limit => {
                let log = fs::metadata(data.join("usher.db-wal")).map_or(0, |log| log.len());
                limit(log + room);
            }
            Self::Full(filler) => {
                let mut file = File::create(filler).expect("the filler can be made");
                for size in [65536, 4096, 512, 1] {
                    let bytes = vec![0; size];
                    while file.write_all(&bytes).is_ok() {}
                }
                let length = file.metadata().expect("it is there").len();
                file.set_len(length.saturating_sub(room))
                    .expect("it can be made shorter");
            }
        }
    }

    fn end(&self) {
        match self {
            Self::Limit => limit(INFINITY),
            Self::Full(filler) => fs::remove_file(filler).expect("the filler can be removed"),
        }
    }
}

fn limit(bytes: u64) {
    rlimit::setrlimit(Resource::FSIZE, bytes, INFINITY).expect("the limit can be set");
}

/// An app that is signed in.
struct SignedIn {
    authorization: AuthorizationServer,
    _server: McpServer,
    clock: HandClock,
    home: Home,
    id: String,
    /// The names of the servers whose adding was acknowledged.
    added: Vec<String>,
    /// How many writes were refused.
    refused: usize,
}

impl SignedIn {
    async fn new() -> Self {
        let authorization = AuthorizationServer::open(Ways::default()).await;
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let clock = HandClock::default();
        let home = Home::with(Furniture {
            clock: Arc::new(clock.clone()),
            ..Furniture::default()
        })
        .await;
        let id = home.add(&server.url()).await;
        home.sign_in(&id).await;
        home.state(&id, "ready").await;
        Self {
            authorization,
            _server: server,
            clock,
            home,
            id,
            added: Vec::new(),
            refused: 0,
        }
    }

    fn exchanges(&self) -> usize {
        self.authorization.seen().count("POST /token")
    }

    /// Adds a server and renews a token with so much room, and goes on once there is more.
    async fn live(&mut self, narrow: &Narrow, room: u64) {
        let (name, asked) = (format!("With {room} bytes"), self.exchanges());
        self.authorization.expire_access();
        narrow.leave(&self.home.data(), room);
        let new = json!({ "name": name, "url": "http://127.0.0.1:1/mcp", "authKind": null, "headers": [] });
        let added = self.home.call("addServer", new).await;
        let echoed = self.home.echo(&self.id, "in a narrow place").await;
        narrow.end();
        match added {
            Ok(_) => self.added.push(name),
            Err(error) => self.refuse(&error),
        }
        if let Err(error) = echoed {
            self.refuse(&error);
        }
        self.recovers(room).await;
        assert_eq!(self.exchanges() - asked, 1, "{room}: one refresh for each expiry");
        assert_eq!(
            self.authorization.living_grants(),
            1,
            "{room}: no token was spent twice"
        );
        self.shows_what_was_added().await;
    }

    fn refuse(&mut self, error: &AppError) {
        let says_so = matches!(
            error.code,
            ErrorCode::StoreFull | ErrorCode::StoreFailed | ErrorCode::Unreachable
        );
        assert!(says_so, "an error that says what it is, not {error:?}");
        self.refused += 1;
    }

    /// Uses the server; pauses after failures are waited for.
    async fn recovers(&self, room: u64) {
        let mut last = None;
        for _ in 0..8 {
            match self.home.echo(&self.id, "with room").await {
                Ok(_) => return,
                Err(error) => last = Some(error),
            }
            self.clock.advance(Duration::from_secs(200));
            self.home
                .until(&self.id, |server| server["state"]["kind"] != "connecting")
                .await;
        }
        panic!("{room}: it does not recover: {last:?}");
    }

    async fn shows_what_was_added(&self) {
        let snapshot = self.home.good("snapshot", Value::Null).await;
        let servers = snapshot["servers"].as_array().expect("a list");
        for name in &self.added {
            let is_there = servers.iter().any(|server| server["name"] == name.as_str());
            assert!(is_there, "{name} was acknowledged");
        }
        assert_eq!(
            servers.len(),
            self.added.len() + 1,
            "and nothing that was refused is there"
        );
    }

    /// Ends, and finds everything at the next start.
    async fn ends(mut self) {
        assert!(self.refused > 0, "some writes failed");
        self.home.restart().await;
        self.home.state(&self.id, "ready").await;
        self.shows_what_was_added().await;
        assert_eq!(
            self.home.person().opened().len(),
            1,
            "nobody was asked to sign in"
        );
        self.home.app().shutdown().await;
        assert_eq!(check(&self.home.data().join("usher.db")).await, "ok");
        println!(
            "{} writes were refused, {} acknowledged",
            self.refused,
            self.added.len()
        );
    }
}

async fn check(file: &Path) -> String {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut database = options.connect().await.expect("the file opens");
    let verdict = sqlx::query_scalar("PRAGMA quick_check")
        .fetch_one(&mut database)
        .await;
    verdict.expect("it can be checked")
}

/// The log beside the file fails to grow, at every place.
pub async fn lives_at_a_limit() {
    let mut it = SignedIn::new().await;
    for room in places() {
        it.live(&Narrow::Limit, room).await;
    }
    it.ends().await;
}

/// The file system is full; it is the one for temporary files.
pub async fn lives_on_a_full_disk() {
    let mut it = SignedIn::new().await;
    let narrow = Narrow::Full(std::env::temp_dir().join("filler"));
    for room in places().map(|room| room * 2) {
        it.live(&narrow, room).await;
    }
    it.ends().await;
}

/// A copy fails at every place; one that is not whole never takes the place of one that is.
pub async fn makes_backups_at_a_limit() {
    let directory = tempfile::tempdir().expect("a temporary folder");
    let store = Store::open(directory.path()).await.expect("a new file");
    let mut now = Timestamp::from_seconds(1_800_000_000);
    store.back_up_if_due(now).await.expect("there is room");
    let size = fs::metadata(directory.path().join("usher.db"))
        .expect("the file")
        .len();
    let mut refused = 0;
    for room in (0..=size + 8192).step_by(3000) {
        let value = room.to_string();
        store
            .remember(Setting::LockAfter, Some(&value))
            .await
            .expect("it is written");
        now = now.after(Duration::from_secs(3600));
        limit(room);
        let made = store.back_up_if_due(now).await;
        limit(INFINITY);
        if let Err(error) = made {
            assert!(
                matches!(error, StoreError::Full | StoreError::Failed(_)),
                "{error:?}"
            );
            refused += 1;
        }
        let folder = directory.path().join("backups");
        assert!(
            !folder.join("unfinished").exists(),
            "{room}: nothing half made is left"
        );
        let kept = fs::read_dir(&folder).expect("the folder is there");
        let mut whole = 0;
        for file in kept {
            assert_eq!(check(&file.expect("an entry").path()).await, "ok", "{room}");
            whole += 1;
        }
        assert!(whole > 0, "{room}: there is one");
    }
    assert!(refused > 0, "some copies failed");
    println!("{refused} copies were refused");
}

/// Bringing a file of the first schema to today's fails at every place; the next start finds every row.
pub async fn migrates_at_a_limit() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/2026112401.sql");
    let sql = fs::read_to_string(path).expect("the file of the first schema");
    let (mut room, mut is_enough, mut refused) = (100, false, 0);
    while !is_enough {
        let directory = lay(&sql).await;
        limit(room);
        let opened = Store::open(directory.path()).await;
        limit(INFINITY);
        match opened {
            Ok(store) => {
                store.close().await;
                is_enough = true;
            }
            Err(error) => {
                assert!(
                    matches!(error, OpenError::Full | OpenError::Failed(_)),
                    "{room}: {error:?}"
                );
                refused += 1;
            }
        }
        let store = Store::open(directory.path()).await.expect("there is room again");
        let grants: i64 = sqlx::query_scalar("SELECT count(*) FROM grants")
            .fetch_one(store.reader())
            .await
            .expect("the table is there");
        assert_eq!(grants, 1, "{room}: the sign-in is there");
        store.close().await;
        assert_eq!(check(&directory.path().join("usher.db")).await, "ok", "{room}");
        room += 12288;
    }
    assert!(refused > 0, "some migrations failed");
    println!("{refused} starts were refused");
}

async fn lay(sql: &str) -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary folder");
    let options = SqliteConnectOptions::new().filename(directory.path().join("usher.db"));
    let options = options.create_if_missing(true).foreign_keys(false);
    let mut database = options.connect().await.expect("the file can be made");
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(&mut database)
        .await
        .expect("the old file can be written");
    directory
}

/// Directory and files may not be written, or not even read, while the app runs and when it starts: what is their owner's to mend
/// is mended.
pub async fn lives_without_permission() {
    let mut it = SignedIn::new().await;
    for (directory, files) in [(0o500, 0o600), (0o700, 0o400), (0o000, 0o000)] {
        it.authorization.expire_access();
        permit(&it.home.data(), directory, files);
        it.recovers(directory.into()).await;
        let new = json!({ "name": "", "url": "http://127.0.0.1:1/mcp", "authKind": null, "headers": [] });
        it.home.good("addServer", new).await;
        permit(&it.home.data(), directory, files);
        it.home.restart().await;
        it.home.state(&it.id, "ready").await;
        it.home.echo(&it.id, "hello").await.expect("all is as before");
    }
    assert_eq!(it.home.person().opened().len(), 1, "nobody was asked to sign in");
    assert_eq!(it.authorization.living_grants(), 1, "no token was spent twice");
    it.home.app().shutdown().await;
    assert_eq!(check(&it.home.data().join("usher.db")).await, "ok");
}

/// Sets the modes of the files, and then of their directory.
fn permit(data: &Path, directory: u32, files: u32) {
    let set = |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode));
    set(data, 0o700).expect("it is ours");
    for entry in fs::read_dir(data).expect("it can be read") {
        let path = entry.expect("an entry").path();
        let mode = if path.is_dir() { directory } else { files };
        set(&path, mode).expect("it is ours");
    }
    set(data, directory).expect("it is ours");
}

/// The file loses its end while it is open: calls say so at worst, and the next start puts the backup back.
pub async fn reads_a_file_that_was_cut() {
    let mut it = SignedIn::new().await;
    it.home.restart().await;
    it.home.state(&it.id, "ready").await;
    let file = File::options().write(true).open(it.home.data().join("usher.db"));
    file.and_then(|file| file.set_len(3 * 4096))
        .expect("it can be cut");
    for _ in 0..3 {
        let calls = [
            it.home.call("snapshot", Value::Null).await,
            it.home.echo(&it.id, "hello").await,
            it.home.call("disconnect", json!({ "id": "nobody" })).await,
        ];
        for error in calls.into_iter().filter_map(Result::err) {
            println!("a call says {:?}", error.code);
        }
    }
    it.home.restart().await;
    it.home.state(&it.id, "ready").await;
    assert_eq!(it.home.person().opened().len(), 1, "the sign-in is there");
    it.home.app().shutdown().await;
    assert_eq!(check(&it.home.data().join("usher.db")).await, "ok");
}
