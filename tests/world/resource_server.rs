//! An MCP server on rmcp that lets in who brings a token of the provider (RFC 9728, RFC 7662, RFC 8707).

use std::sync::Arc;

use crate::{Listening, Peer, Wire, client};
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

/// What the server demands of a token.
#[derive(Debug, Clone, Copy)]
pub struct Demands {
    /// The scopes it says that it needs.
    pub scopes: &'static str,
    /// The scope that calling a tool needs besides; it is said when it is missing.
    pub to_call: Option<&'static str>,
}

/// The server, on a free port.
pub struct ResourceServer {
    listening: Listening,
    wire: Wire,
}

#[derive(Clone)]
struct Gate {
    provider: Arc<Provider>,
    base: Arc<str>,
    demands: Demands,
    http: reqwest::Client,
}

impl ResourceServer {
    /// Starts it behind an authorization server of `tests/peers`.
    pub async fn behind(provider: &Peer, demands: Demands) -> Self {
        let provider: Provider = serde_json::from_value(provider.addresses.clone())
            .expect("an authorization server says how to ask it");
        let wire = Wire::default();
        let routes = |base: &str| wire.around(router(base, provider, demands));
        Self {
            listening: Listening::serve(routes).await,
            wire,
        }
    }

    /// Gives its address.
    pub fn url(&self) -> String {
        format!("{}/mcp", self.listening.base)
    }

    /// Gives where it is: `http://127.0.0.1:{port}`.
    pub fn base(&self) -> &str {
        &self.listening.base
    }

    /// Gives the name the app makes from its address.
    pub fn name(&self) -> &str {
        self.listening.base.trim_start_matches("http://")
    }

    /// Gives what it received.
    pub const fn wire(&self) -> &Wire {
        &self.wire
    }
}

fn router(base: &str, provider: Provider, demands: Demands) -> Router {
    let document = json!({
        "resource": format!("{base}/mcp"),
        "authorization_servers": [provider.issuer],
        "scopes_supported": demands.scopes.split(' ').collect::<Vec<_>>(),
    });
    let gate = Gate {
        provider: Arc::new(provider),
        base: base.into(),
        demands,
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
    let Some(scopes) = gate.scopes_of(token.unwrap_or_default()).await else {
        return gate.refusal(StatusCode::UNAUTHORIZED, gate.demands.scopes);
    };
    let calls = request
        .headers()
        .get("mcp-method")
        .is_some_and(|method| method == "tools/call");
    match gate.demands.to_call.filter(|_| calls) {
        Some(needed) if !scopes.split(' ').any(|scope| scope == needed) => {
            gate.refusal(StatusCode::FORBIDDEN, needed)
        }
        _ => next.run(request).await,
    }
}

impl Gate {
    /// Asks the provider what a token that is meant for this server allows; `None` if it is not alive.
    async fn scopes_of(&self, token: &str) -> Option<String> {
        let asked = self
            .http
            .post(&self.provider.introspection)
            .basic_auth(&self.provider.client_id, Some(&self.provider.client_secret))
            .form(&[("token", token)])
            .send()
            .await;
        let told: Value = asked.ok()?.json().await.unwrap_or_default();
        let good = told["active"] == true && told["aud"] == format!("{}/mcp", self.base);
        good.then(|| told["scope"].as_str().unwrap_or_default().to_owned())
    }

    fn refusal(&self, status: StatusCode, scopes: &str) -> Response {
        let error = match status {
            StatusCode::FORBIDDEN => "error=\"insufficient_scope\", ",
            _ => "",
        };
        let challenge = format!(
            "Bearer {error}resource_metadata=\"{}/.well-known/oauth-protected-resource/mcp\", scope=\"{scopes}\"",
            self.base
        );
        (status, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
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
