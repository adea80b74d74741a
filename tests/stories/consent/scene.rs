//! A home with a server that asks for more than its door does, and how it goes on.

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use usher_core::api::contract::AppError;
use usher_tests::{
    Asks, AuthorizationServer, Door, Furniture, HandClock, Home, McpServer, Requirements, Rules, Ways,
};

use crate::parameter;

/// A home with a server that asks for more than its door does.
pub(super) struct Scene {
    pub(super) authorization: AuthorizationServer,
    pub(super) server: McpServer,
    pub(super) home: Home,
    pub(super) id: String,
}

/// How a server of these stories is.
pub(super) struct Plan {
    pub(super) ways: Ways,
    pub(super) asks: (&'static str, Asks),
    /// Whether its door is open.
    pub(super) open: bool,
    pub(super) older: bool,
    pub(super) clock: HandClock,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            ways: Ways::default(),
            asks: ("echo", Asks::Scope("echo:say")),
            open: false,
            older: false,
            clock: HandClock::default(),
        }
    }
}

impl Scene {
    /// Adds the server; nobody has connected it yet.
    pub(super) async fn set(plan: Plan) -> Self {
        let authorization = AuthorizationServer::open(plan.ways).await;
        let server = McpServer::open(Rules {
            door: if plan.open {
                Door::Open
            } else {
                Door::Bearer(&authorization)
            },
            scopes: "tools",
            requirements: Some(Requirements {
                authorization: &authorization,
                of: vec![plan.asks],
            }),
            older: plan.older,
        })
        .await;
        let home = Home::with(Furniture {
            clock: Arc::new(plan.clock),
            ..Furniture::default()
        })
        .await;
        let id = home.add(&server.url()).await;
        Self {
            authorization,
            server,
            home,
            id,
        }
    }

    /// Signs in and waits until the server is connected.
    pub(super) async fn connected(plan: Plan) -> Self {
        let scene = Self::set(plan).await;
        scene.home.connect(&scene.id).await;
        scene.home.state(&scene.id, "ready").await;
        scene
    }

    /// Runs the tool, as the window does, and goes on with the story meanwhile.
    pub(super) fn run(&self) -> JoinHandle<Result<Value, AppError>> {
        let call = json!({ "server": self.id, "tool": "echo", "arguments": { "message": "hello" } });
        let app = self.home.app();
        tokio::spawn(async move { app.call(json!({ "name": "callTool", "argument": call })).await })
    }

    /// Waits until the person is asked to allow more.
    pub(super) async fn asked(&self) -> Value {
        let asked = |server: &Value| !server["consent"].is_null() && server["signIn"].is_null();
        self.home.until(&self.id, asked).await
    }

    pub(super) async fn press(&self, button: &str) {
        self.home.good(button, json!({ "id": self.id })).await;
    }

    /// Gives the scopes of every visit to the provider's page.
    pub(super) fn visits(&self) -> Vec<String> {
        let opened = self.home.person().opened();
        let scopes = opened.iter().map(|page| parameter(page.as_str(), "scope"));
        scopes.map(Option::unwrap_or_default).collect()
    }
}

pub(super) fn said(answer: &Value) -> &Value {
    &answer["content"][0]["text"]
}

pub(super) async fn refused(call: JoinHandle<Result<Value, AppError>>) -> AppError {
    let ended = call.await.expect("the app does not panic");
    ended.expect_err("the tool was not let in")
}
