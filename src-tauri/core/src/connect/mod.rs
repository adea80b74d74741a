//! The life of the link to a server. Here are the shapes the app is written against; the life itself follows.
#![allow(
    missing_docs,
    clippy::unused_async,
    reason = "the shapes stand before the room does"
)]

use std::sync::Arc;

use rmcp::model::{ContentBlock, JsonObject};
use tokio::sync::broadcast;

use crate::{
    base::{Scopes, ServerId, Timestamp},
    grants::Grants,
    oauth::Hints,
    ports::{Clock, Http},
    servers::Servers,
};

#[derive(Clone)]
pub struct Connections;

impl Connections {
    pub fn new(_http: Http, _clock: Arc<dyn Clock>, _servers: Servers, _grants: Grants) -> Self {
        Self
    }

    pub async fn open(&self, _id: ServerId) {}

    pub async fn close(&self, _id: ServerId) {}

    pub fn state(&self, _id: ServerId) -> Connection {
        Connection::Off
    }

    pub fn hints(&self, _id: ServerId) -> Option<Hints> {
        None
    }

    pub async fn call_tool(
        &self,
        _id: ServerId,
        _tool: &str,
        _arguments: JsonObject,
    ) -> Result<ToolAnswer, CallError> {
        Err(CallError::NotConnected)
    }

    pub fn news(&self) -> broadcast::Receiver<ConnectionNews> {
        broadcast::channel(1).1
    }

    pub async fn shutdown(&self) {}
}

#[derive(Debug, Clone)]
pub enum ConnectionNews {
    State(ServerId),
    Tools(ServerId),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Connection {
    Off,
    Opening,
    SignIn(SignInNeed),
    Ready,
    Waiting {
        error: ConnectError,
        retry_at: Timestamp,
    },
    Stopped(ConnectError),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInNeed {
    Never,
    Rejected,
    Expired,
    Undecryptable,
    HeaderRefused,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the tool gave no answer")]
pub enum CallError {
    NotConnected,
    Reauth(SignInNeed),
    Scope { scopes: Scopes },
    Refused { message: String },
    Unknown,
    TooLarge,
    VaultClosed,
    Failed(ConnectError),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server could not be connected")]
pub enum ConnectError {
    Insecure,
    UnknownHost,
    Unreachable,
    Certificate,
    ForbiddenAddress,
    TimedOut,
    Status(u16),
    NotMcp,
    TooLarge,
    VaultClosed,
    Store,
}

#[derive(Debug, Clone)]
pub struct ToolAnswer {
    pub content: Vec<ContentBlock>,
    pub structured: Option<serde_json::Value>,
    pub is_error: bool,
}
