//! A home with one server, whose authorization server does not go by the rules.

use serde_json::{Value, json};
use usher_core::api::contract::ErrorCode;
use usher_tests::{AuthorizationServer, Door, Furniture, Home, McpServer, Ways};

pub(super) struct Scene {
    pub(super) authorization: AuthorizationServer,
    _server: McpServer,
    pub(super) home: Home,
    pub(super) id: String,
}

impl Scene {
    pub(super) async fn set(ways: Ways) -> Self {
        Self::furnished(ways, Furniture::default()).await
    }

    pub(super) async fn furnished(ways: Ways, furniture: Furniture) -> Self {
        let authorization = AuthorizationServer::open(ways).await;
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let home = Home::with(furniture).await;
        let id = home.add(&server.url()).await;
        Self {
            authorization,
            _server: server,
            home,
            id,
        }
    }

    /// Makes these the server's exceptions; gives the answer.
    pub(super) async fn excepts(&self, exceptions: Value) -> Value {
        let set = json!({ "id": self.id, "exceptions": with_defaults(exceptions) });
        self.home.good("setExceptions", set).await
    }

    pub(super) async fn refuses(&self, exceptions: Value) -> (ErrorCode, Option<String>) {
        let set = json!({ "id": self.id, "exceptions": with_defaults(exceptions) });
        let refused = self.home.call("setExceptions", set).await;
        let refused = refused.expect_err("it is refused");
        (refused.code, refused.args.get("name").cloned())
    }

    pub(super) async fn signs_in(&self) -> Value {
        self.home.sign_in(&self.id).await
    }

    /// Signs in anew, as the menu of a server that is connected offers it.
    pub(super) async fn signs_in_anew(&self) -> Value {
        self.home.good("signIn", json!({ "id": self.id })).await;
        self.home.outcome(&self.id).await
    }

    /// Gives the exceptions that sign-ins made use of so far, as their runs tell them: what and which rule.
    pub(super) async fn told(&self) -> Vec<(String, String)> {
        let runs = self.home.good("signInRuns", json!({ "id": self.id })).await;
        let mut told = Vec::new();
        for run in runs["runs"].as_array().into_iter().flatten() {
            let steps = self.steps(run).await;
            let excepted = steps.iter().filter(|step| step["what"]["exception"] == true);
            told.extend(excepted.map(|step| {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                (
                    text(&step["what"]["decision"]["kind"]),
                    text(&step["what"]["rule"]),
                )
            }));
        }
        told
    }

    pub(super) async fn steps(&self, run: &Value) -> Vec<Value> {
        let told = self.home.good("signInRun", json!({ "id": run["id"] })).await;
        told["steps"].as_array().cloned().unwrap_or_default()
    }

    /// Gives what was decided last in the only run so far.
    pub(super) async fn decided_last(&self) -> Value {
        let runs = self.home.good("signInRuns", json!({ "id": self.id })).await;
        let last = self.steps(&runs["runs"][0]).await.pop();
        last.expect("a step")["what"]["decision"]["kind"].clone()
    }

    /// Tells for each request of one kind that the authorization server received whether it named something.
    pub(super) fn named(&self, line: &str, parameter: &str) -> Vec<bool> {
        let seen = self.authorization.seen().all().into_iter();
        let seen = seen.filter(|seen| seen.line == line);
        seen.map(|seen| seen.params.contains_key(parameter)).collect()
    }
}

pub(crate) fn with_defaults(exceptions: Value) -> Value {
    let mut all = json!({
        "acceptedIssuer": null, "withoutPkceMetadata": false, "extraParameters": [], "omitResource": false,
        "tokenAuthMethod": null,
    });
    if let (Some(all), Value::Object(some)) = (all.as_object_mut(), exceptions) {
        all.extend(some);
    }
    all
}
