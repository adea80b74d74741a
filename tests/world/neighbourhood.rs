//! One of each: what a newcomer needs to press Connect without an account anywhere.

use serde_json::{Value, json};

use crate::{AuthorizationServer, Door, McpServer, Ways};

/// The header and the value that the API-key server wants.
const KEY: (&str, &str) = ("x-api-key", "demo-key");

/// An authorization server and three MCP servers: behind it, behind a key, and open.
pub struct Neighbourhood {
    authorization: AuthorizationServer,
    oauth: McpServer,
    header: McpServer,
    open: McpServer,
}

impl Neighbourhood {
    /// Opens all of them. Tokens live five minutes, so that renewing can be watched.
    pub async fn open() -> Self {
        let authorization = AuthorizationServer::open(Ways {
            token_life: Some(300),
            ..Ways::default()
        })
        .await;
        Self {
            oauth: McpServer::open(Door::Bearer(&authorization)).await,
            header: McpServer::open(Door::Header(KEY.0, KEY.1)).await,
            open: McpServer::open(Door::Open).await,
            authorization,
        }
    }

    /// Gives all addresses by the kind of their door; the one with a key wants `X-Api-Key: demo-key`.
    pub fn addresses(&self) -> Value {
        json!({
            "oauth": self.oauth.url(),
            "apiKey": self.header.url(),
            "open": self.open.url(),
            "authorizationServer": self.authorization.issuer(),
        })
    }
}
