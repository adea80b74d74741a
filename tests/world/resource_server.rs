//! An MCP server on rmcp that lets in who brings a token of the provider (RFC 9728, RFC 7662, RFC 8707).

use std::sync::Arc;

use crate::{Listening, Peer, client};
use axum::{
    Json, Router,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, ListToolsResult,
        PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
    },
    service::RequestContext,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use serde::Deserialize;
use serde_json::{Value, json};

/// What an authorization server says of itself once it is ready.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Provider {
    issuer: String,
    introspection: String,
    client_id: String,
    client_secret: String,
}

/// The server, on a free port, and the authorization server it stands behind.
pub struct ResourceServer {
    listening: Listening,
    _provider: Peer,
}

#[derive(Clone)]
struct Gate {
    provider: Arc<Provider>,
    base: Arc<str>,
    scopes: &'static str,
    http: reqwest::Client,
}

impl ResourceServer {
    /// Starts it behind an authorization server of `tests/peers`, asking for scopes that are known there.
    pub async fn behind(script: &str, scopes: &'static str) -> Self {
        let peer = Peer::start(script).await;
        let provider: Provider = serde_json::from_value(peer.addresses.clone())
            .expect("an authorization server says how to ask it");
        Self {
            listening: Listening::serve(|base| router(base, provider, scopes)).await,
            _provider: peer,
        }
    }

    /// Gives its address.
    pub fn url(&self) -> String {
        format!("{}/mcp", self.listening.base)
    }

    /// Gives the name the app makes from its address.
    pub fn name(&self) -> &str {
        self.listening.base.trim_start_matches("http://")
    }
}

fn router(base: &str, provider: Provider, scopes: &'static str) -> Router {
    let document = json!({
        "resource": format!("{base}/mcp"),
        "authorization_servers": [provider.issuer],
        "scopes_supported": scopes.split(' ').collect::<Vec<_>>(),
    });
    let gate = Gate {
        provider: Arc::new(provider),
        base: base.into(),
        scopes,
        http: client(),
    };
    let sessions = Arc::new(LocalSessionManager::default());
    let service = StreamableHttpService::new(|| Ok(Weather), sessions, StreamableHttpServerConfig::default());
    Router::new()
        .nest_service("/mcp", service)
        .layer(middleware::from_fn_with_state(gate, guard))
        .route(
            "/.well-known/oauth-protected-resource/mcp",
            get(move || async move { Json(document) }),
        )
}

async fn guard(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if let Some(token) = token
        && gate.accepts(token).await
    {
        return next.run(request).await;
    }
    let challenge = format!(
        "Bearer resource_metadata=\"{}/.well-known/oauth-protected-resource/mcp\", scope=\"{}\"",
        gate.base, gate.scopes
    );
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
}

impl Gate {
    /// Asks the provider whether a token is alive and meant for this server.
    async fn accepts(&self, token: &str) -> bool {
        let asked = self
            .http
            .post(&self.provider.introspection)
            .basic_auth(&self.provider.client_id, Some(&self.provider.client_secret))
            .form(&[("token", token)])
            .send()
            .await;
        let Ok(answer) = asked else {
            return false;
        };
        let told: Value = answer.json().await.unwrap_or_default();
        told["active"] == true && told["aud"] == format!("{}/mcp", self.base)
    }
}

/// One tool: the weather, which is always fine.
#[derive(Clone)]
struct Weather;

impl ServerHandler for Weather {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let schema = json!({
            "type": "object",
            "properties": { "city": { "type": "string", "title": "City", "description": "Where" } },
            "required": ["city"],
        });
        let schema = schema.as_object().cloned().unwrap_or_default();
        let tool = Tool::new("forecast", "Tells tomorrow's weather in a city", Arc::new(schema));
        Ok(ListToolsResult::with_all_items(vec![tool]))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let city = arguments.get("city").and_then(Value::as_str).unwrap_or_default();
        let forecast = format!("Tomorrow it will be fine in {city}.");
        Ok(CallToolResult::success(vec![ContentBlock::text(forecast)]).into())
    }
}
