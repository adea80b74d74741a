//! A world for a newcomer: one server of each kind, on this machine, until standard input ends.
//!
//! It prints one line of JSON: `authorizationServer`, and the addresses `oauth`, `apiKey` and `open` of MCP
//! servers. The one with a key wants the header `X-Api-Key: demo-key`.

use std::io::{self, Write};

use tokio::task::spawn_blocking;
use usher_tests::{AuthorizationServer, Door, McpServer, Ways};

#[tokio::main]
async fn main() -> io::Result<()> {
    let authorization_server = AuthorizationServer::open(Ways::default()).await;
    let oauth = McpServer::open(Door::Bearer(&authorization_server)).await;
    let api_key = McpServer::open(Door::Header("x-api-key", "demo-key")).await;
    let open = McpServer::open(Door::Open).await;
    let addresses = serde_json::json!({
        "authorizationServer": authorization_server.issuer(),
        "oauth": oauth.url(),
        "apiKey": api_key.url(),
        "open": open.url(),
    });
    writeln!(io::stdout(), "{addresses}")?;
    spawn_blocking(|| io::copy(&mut io::stdin().lock(), &mut io::sink())).await??;
    Ok(())
}
