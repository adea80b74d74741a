//! The client that the official conformance suite examines: the real core, with another browser and another place
//! for its data. The server's address is the last argument; scenario and context come from the environment.
//!
//! There is no branch per scenario beyond what the context configures. What the app leaves to a person is done as a
//! person would: pressing Connect again, agreeing to another issuer, consenting to more scopes, choosing OAuth where a
//! key is asked for that nobody has, sending a question's form as it is filled in at first. Never more than a few times.

use std::{io, pin::pin, process::ExitCode, sync::Arc, time::Duration};

use serde_json::{Map, Value, json};
use tokio::sync::watch;
use usher_core::{
    api::{App, Doors, Settings, contract::AppError},
    base::ClientId,
    ports::SystemClock,
    sign_in::DeepLink,
};
use usher_tests::{Arrival, Decision, HandNetwork, MemoryKeychain, Person};

/// The document that the suite serves about its clients.
const CLIENT_METADATA: &str = "https://conformance-test.local/client-metadata.json";
/// A client that hangs is no client.
const LIMIT: Duration = Duration::from_secs(25);
/// How often this person presses a button before giving up.
const PATIENCE: usize = 3;

#[tokio::main]
async fn main() -> ExitCode {
    match tokio::time::timeout(LIMIT, examine()).await {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(_)) | Err(_) => ExitCode::FAILURE,
    }
}

async fn examine() -> io::Result<()> {
    let url = std::env::args().next_back().unwrap_or_default();
    let directory = tempfile::tempdir()?;
    let (person, mut arrivals) = Person::who(Decision::Allow);
    let doors = Doors {
        clock: Arc::new(SystemClock),
        network: Arc::new(HandNetwork::default()),
        browser: Arc::new(person),
        keychain: Arc::new(MemoryKeychain::default()),
    };
    let settings = Settings {
        data_directory: directory.path().join("data"),
        deep_link: DeepLink::Ours,
        client_metadata: Some(ClientId::new(CLIENT_METADATA)),
        exports: directory.path().to_owned(),
    };
    let app = App::start(doors, settings).await.map_err(io::Error::other)?;
    let (answered, answers) = watch::channel(0);
    let links = app.clone();
    tokio::spawn(async move {
        while let Some(arrival) = arrivals.recv().await {
            if let Arrival::Link(link) = arrival {
                links.deep_link(&link).await;
            }
            answered.send_modify(|count| *count += 1);
        }
    });
    let visit = Visit {
        app: app.clone(),
        context: context(),
        answers,
    };
    let outcome = visit.use_server(&url).await.map_err(io::Error::other);
    app.shutdown().await;
    outcome
}

/// Gives what the suite says beforehand.
#[expect(
    clippy::disallowed_methods,
    reason = "the suite hands its context over in the environment"
)]
fn context() -> Value {
    std::env::var("MCP_CONFORMANCE_CONTEXT")
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// What a server is once nothing happens by itself any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    /// Its tools can be called.
    Ready,
    /// It waits for the person.
    Person,
    /// Its key was refused, and there is none.
    NoKey,
    /// It names an issuer that this person has not agreed to.
    OtherIssuer,
    /// It cannot be used, and the app has said why.
    Over,
}

/// One person with one server.
struct Visit {
    app: App,
    context: Value,
    /// Counts how often the browser came to an end.
    answers: watch::Receiver<usize>,
}

impl Visit {
    async fn use_server(&self, url: &str) -> Result<(), AppError> {
        let new = json!({ "name": "examined", "url": url, "authKind": null, "headers": [] });
        let server = self.call("addServer", new).await?;
        let id = &server["id"];
        if !self.choose_method(id).await? {
            self.give_client(id).await?;
        }
        if !self.connect(id).await? {
            return Ok(());
        }
        let listed = self.call("tools", json!({ "id": id })).await?;
        for call in self.calls(&listed["tools"]) {
            self.use_tool(id, &call).await?;
        }
        Ok(())
    }

    /// Chooses how to sign in without a browser, if the context gives what that takes; tells whether it does.
    async fn choose_method(&self, id: &Value) -> Result<bool, AppError> {
        let Some(method) = method(&self.context) else {
            return Ok(false);
        };
        self.call("setSignInMethod", json!({ "id": id, "method": method }))
            .await?;
        Ok(true)
    }

    /// Types in the client that the context names, as a person would.
    async fn give_client(&self, id: &Value) -> Result<(), AppError> {
        let Some(client) = self.context["client_id"].as_str() else {
            return Ok(());
        };
        let secret = match self.context["client_secret"].as_str() {
            Some(secret) => json!({ "kind": "set", "value": secret }),
            None => json!({ "kind": "keep" }),
        };
        self.edit(id, json!("oauth"), json!(client), secret).await
    }

    /// Presses Connect until the server is ready or there is no point; tells whether it is ready.
    async fn connect(&self, id: &Value) -> Result<bool, AppError> {
        for _ in 0..PATIENCE {
            match self.press("connect", id).await? {
                Rest::Ready => return Ok(true),
                Rest::Over => return Ok(false),
                Rest::NoKey => {
                    self.edit(id, json!("oauth"), Value::Null, json!({ "kind": "keep" }))
                        .await?;
                }
                Rest::OtherIssuer => self.agree(id).await?,
                Rest::Person => {}
            }
        }
        Ok(false)
    }

    /// Calls a tool, and does what the app asks the person for meanwhile.
    async fn use_tool(&self, id: &Value, call: &Value) -> Result<(), AppError> {
        let arguments = json!({ "server": id, "tool": call["name"], "arguments": call["arguments"] });
        let (mut events, mut called) = (self.app.events(), pin!(self.call("callTool", arguments)));
        loop {
            tokio::select! {
                // A tool that fails is the tool's own affair; what counts is what went over the wire.
                _ = &mut called => return Ok(()),
                // After missed events one looks again, as after any event.
                _ = events.recv() => {}
            }
            let server = self.server(id).await?;
            self.answer(&server).await?;
            let Some(button) = button(&server) else {
                continue;
            };
            let pressed = self.press(button, id);
            tokio::select! {
                _ = &mut called => return Ok(()),
                pressed = pressed => if pressed? == Rest::Over {
                    self.call("declineConsent", json!({ "id": id })).await?;
                }
            }
        }
    }

    /// Answers what a tool asks, if it does, with what the form is filled in with at first.
    async fn answer(&self, server: &Value) -> Result<(), AppError> {
        let asked = &server["question"];
        if asked.is_null() {
            return Ok(());
        }
        let mut answer = arguments(&asked["schema"], &json!({}));
        let properties = asked["schema"]["properties"].as_object().into_iter().flatten();
        for (name, property) in properties.filter(|(_, property)| !property["default"].is_null()) {
            answer[name] = property["default"].clone();
        }
        let question = json!({ "server": server["id"], "question": asked["id"] });
        let answer = json!({ "question": question, "answer": answer });
        self.call("answerQuestion", answer).await.map(drop)
    }

    /// Presses a button and waits for what comes of it.
    async fn press(&self, button: &str, id: &Value) -> Result<Rest, AppError> {
        let (mut events, mut answers) = (self.app.events(), self.answers.clone());
        answers.mark_unchanged();
        self.call(button, json!({ "id": id })).await?;
        let mut answered = false;
        loop {
            if let Some(rest) = rest(&self.server(id).await?, answered) {
                return Ok(rest);
            }
            tokio::select! {
                // After missed events one looks again, as after any event.
                _ = events.recv() => {}
                Ok(()) = answers.changed() => answered = true,
            }
        }
    }

    async fn server(&self, id: &Value) -> Result<Value, AppError> {
        let snapshot = self.call("snapshot", Value::Null).await?;
        let mut servers = snapshot["servers"].as_array().into_iter().flatten();
        Ok(servers
            .find(|server| server["id"] == *id)
            .cloned()
            .unwrap_or_default())
    }

    async fn edit(&self, id: &Value, kind: Value, client: Value, secret: Value) -> Result<(), AppError> {
        let edit = json!({
            "id": id, "name": null, "url": null, "authKind": kind, "headers": null,
            "clientId": client, "clientSecret": secret,
        });
        self.call("editServer", edit).await.map(drop)
    }

    /// Agrees to the issuer that the server names now.
    async fn agree(&self, id: &Value) -> Result<(), AppError> {
        let asked = &self.server(id).await?["lastOutcome"];
        let (issuer, host) = if asked["kind"] == "issuerNotAgreed" {
            (&asked["issuer"], asked["host"].clone())
        } else if asked["from"] == asked["to"] {
            (&asked["to"], asked["toHost"].clone())
        } else {
            (&asked["to"], Value::Null)
        };
        let agreed = json!({ "id": id, "issuer": issuer, "tokenHost": host });
        self.call("agreeIssuer", agreed).await.map(drop)
    }

    /// Gives the calls to make: those the context names, or one of each tool.
    fn calls(&self, tools: &Value) -> Vec<Value> {
        if let Some(calls) = self.context["toolCalls"].as_array() {
            return calls.clone();
        }
        let tools: Vec<&Value> = tools.as_array().into_iter().flatten().collect();
        let some_object = tools
            .first()
            .map_or(json!({}), |tool| tool["inputSchema"].clone());
        let call = |tool: &&Value| json!({ "name": tool["name"], "arguments": arguments(&tool["inputSchema"], &some_object) });
        tools.iter().map(call).collect()
    }

    async fn call(&self, name: &str, argument: Value) -> Result<Value, AppError> {
        self.app.call(json!({ "name": name, "argument": argument })).await
    }
}

/// Says how to sign in with what a context gives, if no person is needed for that.
fn method(context: &Value) -> Option<Value> {
    let given = |name: &str| context[name].as_str();
    let set = |name: &str| given(name).map(|value| json!({ "kind": "set", "value": value }));
    let secret = |name: &str| set(name).unwrap_or_else(|| json!({ "kind": "keep" }));
    let paste = |name: &str| given(name).map(|value| json!({ "kind": "paste", "value": value }));
    let client = given("client_id")?;
    if let Some(key) = set("private_key_pem") {
        return Some(json!({ "kind": "privateKey", "clientId": client, "keyId": null, "key": key }));
    }
    if let Some(token) = paste("idp_id_token") {
        return Some(json!({
            "kind": "company", "clientId": client, "secret": secret("client_secret"), "idpIssuer": given("idp_issuer"),
            "idpClientId": given("idp_client_id"), "idpSecret": secret("idp_client_secret"), "token": token,
        }));
    }
    if let Some(token) = paste("valid_jwt") {
        return Some(json!({ "kind": "platformToken", "clientId": client, "token": token }));
    }
    // A secret alone may be a person's client as well: the context says where such a one is registered.
    let secret = set("client_secret").filter(|_| given("issuer").is_none())?;
    Some(json!({ "kind": "clientSecret", "clientId": client, "secret": secret }))
}

/// Says which button a call that waits for the person waits for, if any.
fn button(server: &Value) -> Option<&'static str> {
    if !server["signIn"].is_null() {
        return None;
    }
    if !server["consent"].is_null() {
        return Some("allowConsent");
    }
    (server["state"]["kind"] == "signInNeeded").then_some("connect")
}

/// Says what a server is, if nothing happens by itself any more. A sign-in that still waits although the browser
/// has come to its end did not take the answer.
fn rest(server: &Value, answered: bool) -> Option<Rest> {
    if !server["signIn"].is_null() {
        return (answered && server["signIn"]["stage"]["kind"] == "browser").then_some(Rest::Over);
    }
    match server["lastOutcome"]["kind"].as_str() {
        None | Some("authorized") => {}
        Some("issuerChanged" | "issuerNotAgreed") => return Some(Rest::OtherIssuer),
        Some(_) => return Some(Rest::Over),
    }
    match server["state"]["kind"].as_str() {
        Some("ready") => Some(Rest::Ready),
        Some("stopped") => Some(Rest::Over),
        Some("signInNeeded") if server["state"]["reason"] == "headerRefused" => Some(Rest::NoKey),
        Some("signInNeeded") => Some(Rest::Person),
        _ => None,
    }
}

/// Makes the smallest arguments a schema takes; any object will do where one is asked for.
fn arguments(schema: &Value, some_object: &Value) -> Value {
    let required = schema["required"].as_array().into_iter().flatten();
    let value = |name: &str| match schema["properties"][name]["type"].as_str() {
        Some("number" | "integer") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        Some("object") => some_object.clone(),
        _ => json!("text"),
    };
    required
        .filter_map(Value::as_str)
        .map(|name| (name.to_owned(), value(name)))
        .collect::<Map<_, _>>()
        .into()
}
