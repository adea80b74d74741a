//! An MCP server on rmcp that lets in who brings a token of the provider (RFC 9728, RFC 7662, RFC 8707).

use std::sync::Arc;

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
use serde_json::{Value, json};
use usher_tests::Listening;

use crate::provider::Provider;

/// The server, on a free port.
pub struct ResourceServer(Listening);

#[derive(Clone)]
struct Gate {
    provider: Arc<Provider>,
    base: Arc<str>,
    http: reqwest::Client,
}

impl ResourceServer {
    /// Starts it behind a provider.
    pub async fn start(provider: Provider) -> Self {
        Self(Listening::serve(|base| router(base, provider)).await)
    }

    /// Gives its address.
    pub fn url(&self) -> String {
        format!("{}/mcp", self.0.base)
    }

    /// Gives the name the app makes from its address.
    pub fn name(&self) -> &str {
        self.0.base.trim_start_matches("http://")
    }
}

fn router(base: &str, provider: Provider) -> Router {
    let document = json!({
        "resource": format!("{base}/mcp"),
        "authorization_servers": [provider.issuer],
        "scopes_supported": ["tools:read", "tools:call"],
    });
    let gate = Gate {
        provider: Arc::new(provider),
        base: base.into(),
        http: usher_tests::client(),
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
        "Bearer resource_metadata=\"{}/.well-known/oauth-protected-resource/mcp\", scope=\"tools:read tools:call\"",
        gate.base
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
