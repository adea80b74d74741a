//! S42: nothing secret is ever found in the database, the logs at TRACE, what reaches the window, or our arguments.

use std::{
    collections::BTreeMap,
    fs, io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::{Value, json};
use tracing::level_filters::LevelFilter;
use usher_core::ports::{Clock, SystemClock};
use usher_tests::{
    AuthorizationServer, Decision, Door, Home, IDP_CLIENT, IdentityProvider, Machines, Managing, McpServer,
    Names, Proofs, Registrations, Signer, Ways,
};

const KEY: &str = "canary-key-4b7f0c";
const CLIENT_SECRET: &str = "canary-client-secret-91d2e6";
/// How every private key on P-256 begins in PKCS#8 and base64, just before its secret part.
const PROOF_KEY: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg";

/// A server that is signed in to without a person, and everything about it that is secret.
struct Machine {
    authorization: AuthorizationServer,
    _server: McpServer,
    id: String,
    secrets: Vec<String>,
}

/// Gives one server for each way to sign in without a person; all of them are ready.
async fn machines(home: &Home, idp: &IdentityProvider) -> Vec<Machine> {
    let (key, platform) = (Signer::new(), Signer::new());
    let set = |value: &str| json!({ "kind": "set", "value": value });
    let by_secret = json!({ "kind": "clientSecret", "clientId": "my-client", "secret": set(CLIENT_SECRET) });
    let by_key =
        json!({ "kind": "privateKey", "clientId": "my-client", "keyId": null, "key": set(&key.pem()) });
    let id_token = idp.id_token();
    let by_company = json!({
        "kind": "company", "clientId": "my-client", "secret": set(CLIENT_SECRET), "idpIssuer": idp.issuer(),
        "idpClientId": IDP_CLIENT.0, "idpSecret": set(IDP_CLIENT.1), "token": { "kind": "paste", "value": id_token },
    });
    let at = |machines: Machines| Ways {
        known_client: Some(("my-client", CLIENT_SECRET)),
        machines,
        ..Ways::default()
    };
    let trusts = |issuer: &str, signer: Signer| Machines {
        trusts: Some((issuer.to_owned(), signer)),
        ..Machines::default()
    };
    let known = Machines {
        key: Some(key),
        ..Machines::default()
    };
    let company = trusts(idp.issuer(), idp.signer());
    let mut machines = vec![
        machine(home, at(Machines::default()), |_| by_secret).await,
        machine(home, at(known), |_| by_key).await,
        machine(home, at(company), |_| by_company).await,
    ];
    let mut token = String::new();
    let by_token = |issuer: &str| {
        let ends = SystemClock.now().seconds() + 3600;
        let claims =
            json!({ "iss": "https://platform.example", "sub": "workload", "aud": issuer, "exp": ends });
        token = platform.sign("JWT", &claims);
        json!({ "kind": "platformToken", "clientId": "my-client", "token": { "kind": "paste", "value": token } })
    };
    let ways = at(trusts("https://platform.example", platform.clone()));
    let mut last = machine(home, ways, by_token).await;
    last.secrets.push(token);
    machines.push(last);
    machines[2].secrets.extend([IDP_CLIENT.1.to_owned(), id_token]);
    machines
}

async fn machine(home: &Home, ways: Ways, method: impl FnOnce(&str) -> Value) -> Machine {
    let authorization = AuthorizationServer::open(ways).await;
    let server = McpServer::open(Door::Bearer(&authorization)).await;
    let id = home.add(&server.url()).await;
    let method = method(authorization.issuer());
    home.good("setSignInMethod", json!({ "id": id, "method": method }))
        .await;
    let agreed = json!({ "id": id, "issuer": authorization.issuer(), "tokenHost": null });
    home.good("agreeIssuer", agreed).await;
    home.connect(&id).await;
    home.state(&id, "ready").await;
    Machine {
        authorization,
        _server: server,
        id,
        secrets: Vec::new(),
    }
}

/// Everything that was logged. Cheap to clone.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    /// Writes down what the whole process logs from now on, whatever crate it comes from.
    fn begin() -> Self {
        let log = Self::default();
        let writer = log.clone();
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .init();
        log
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The places that are searched: a name and the bytes.
type Places = BTreeMap<String, Vec<u8>>;

fn places(home: &Home, log: &Log) -> Places {
    let mut places = Places::new();
    files(&home.data(), &mut places);
    places.insert("the log".to_owned(), log.bytes());
    places.insert("the window".to_owned(), home.heard().into_bytes());
    // Where there is no such file, nobody can read our arguments there either.
    places.insert(
        "the arguments".to_owned(),
        fs::read("/proc/self/cmdline").unwrap_or_default(),
    );
    places
}

fn files(directory: &Path, places: &mut Places) {
    for entry in fs::read_dir(directory).expect("a directory that can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, places);
        } else {
            let bytes = fs::read(&path).expect("a file that can be read");
            places.insert(path.display().to_string(), bytes);
        }
    }
}

fn holds(place: &[u8], text: &str) -> bool {
    place.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Names where a text is, for a person to read.
fn found(places: &Places, text: &str) -> Vec<String> {
    let holding = places.iter().filter(|(_, bytes)| holds(bytes, text));
    holding
        .map(|(name, bytes)| format!("{name}: {}", line_of(bytes, text)))
        .collect()
}

fn line_of(bytes: &[u8], text: &str) -> String {
    let bytes = String::from_utf8_lossy(bytes);
    let line = bytes.lines().find(|line| line.contains(text)).unwrap_or_default();
    line.chars().take(300).collect()
}

/// Searches for every secret of the story, after proving that the search would find something.
fn search(home: &Home, log: &Log, secrets: &[String], host: &str) {
    let places = places(home, log);
    assert!(holds(&log.bytes(), " TRACE "), "the log leaves nothing out");
    let known = found(&places, host);
    for place in ["the log", "the window", ".db"] {
        let looked = known
            .iter()
            .any(|found| found.split(": ").next().is_some_and(|name| name.contains(place)));
        assert!(looked, "{place} is searched: {known:#?}");
    }
    for secret in secrets {
        let found = found(&places, secret);
        let kind = secret.split_inclusive('-').take(2).collect::<String>();
        assert!(found.is_empty(), "{kind}… lies in the open: {found:#?}");
    }
}

/// Opens everything that the window shows of what happened.
async fn read_activity(home: &Home, servers: &[String]) {
    for server in servers {
        let told = home.good("signInRuns", json!({ "id": server })).await;
        for run in told["runs"].as_array().into_iter().flatten() {
            home.good("signInRun", json!({ "id": run["id"] })).await;
        }
    }
}

#[tokio::test]
async fn s42_no_secret_lies_in_the_open() {
    let log = Log::begin();
    let registering = AuthorizationServer::open(Ways {
        proofs: Proofs::CheckedWithNonce,
        names: Names::IdToken,
        managing: Managing::Deleting,
        ..Ways::default()
    })
    .await;
    let knowing = AuthorizationServer::open(Ways {
        registrations: Registrations::Absent,
        known_client: Some(("my-client", CLIENT_SECRET)),
        ..Ways::default()
    })
    .await;
    let servers = [
        McpServer::open(Door::Bearer(&registering)).await,
        McpServer::open(Door::Bearer(&knowing)).await,
        McpServer::open(Door::Header("x-api-key", KEY)).await,
    ];
    let mut home = Home::new(Decision::Allow).await;
    let key = json!([{ "name": "X-Api-Key", "value": KEY }]);
    let ids = [
        home.add(&servers[0].url()).await,
        home.add(&servers[1].url()).await,
        home.add_with_headers(&servers[2].url(), key).await,
    ];
    let secret = json!({ "kind": "set", "value": CLIENT_SECRET });
    let client = json!({ "id": ids[1], "clientId": "my-client", "clientSecret": secret });
    home.good("editServer", client).await;
    for id in &ids {
        home.connect(id).await;
        home.state(id, "ready").await;
    }
    let idp = IdentityProvider::open("my-client", None).await;
    let machines = machines(&home, &idp).await;
    let ids = [
        &ids[..],
        &machines
            .iter()
            .map(|machine| machine.id.clone())
            .collect::<Vec<_>>(),
    ]
    .concat();
    let asked = machines.iter().map(|machine| &machine.authorization);
    for authorization in [&registering, &knowing].into_iter().chain(asked) {
        authorization.expire_access();
    }
    for id in &ids {
        home.echo(id, "hello").await.expect("the tool answers");
    }

    read_activity(&home, &ids).await;
    let url = servers[0].url();
    let host = url.trim_start_matches("http://").trim_end_matches("/mcp");
    let mut secrets = [registering.secrets(), knowing.secrets()].concat();
    secrets.extend([KEY, CLIENT_SECRET, PROOF_KEY].map(str::to_owned));
    for machine in &machines {
        secrets.extend(machine.authorization.secrets());
        secrets.extend(machine.secrets.iter().cloned());
    }
    secrets.extend(idp.secrets());
    assert!(secrets.len() >= 10, "tokens, codes and verifiers of two sign-ins");
    search(&home, &log, &secrets, host);

    home.restart().await;
    for id in &ids {
        home.state(id, "ready").await;
    }
    for id in &ids {
        home.good("disconnect", json!({ "id": id })).await;
    }
    read_activity(&home, &ids).await;
    home.app().shutdown().await;
    search(&home, &log, &secrets, host);
}
