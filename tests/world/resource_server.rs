//! An MCP server on rmcp that lets in who brings a token of the provider (RFC 9728, RFC 7662, RFC 8707), with a proof
//! where the token is bound to a key (RFC 9449).

use std::sync::Arc;

use crate::{
    Listening, Peer, Proofs, Wire, client,
    proofs::{Flaw, Proven, Verifier, asking_for},
};
use axum::{
    Json, Router,
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
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
    verifier: Verifier,
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
        verifier: Verifier::new(Proofs::CheckedWithNonce, false),
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
    let scopes = match gate.scopes_of(request.method(), request.headers()).await {
        Ok(scopes) => scopes,
        Err(refusal) => return refusal,
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
    /// Asks the provider what a token that is meant for this server allows; gives the refusal if it is not alive, or is
    /// not shown as it must be.
    async fn scopes_of(&self, method: &Method, headers: &HeaderMap) -> Result<String, Response> {
        let shown = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let (scheme, token) = shown.and_then(|shown| shown.split_once(' ')).unwrap_or_default();
        let told = self.introspected(token).await;
        let url = format!("{}/mcp", self.base);
        let proven = Proven {
            headers,
            method: method.as_str(),
            url: &url,
            token: Some(token),
        };
        let well_shown = match told["cnf"]["jkt"].as_str() {
            None => scheme == "Bearer",
            Some(key) => match self.verifier.check(&proven) {
                Ok((own, _)) => scheme == "DPoP" && own == key,
                Err(Flaw::Nonce(nonce)) => return Err(asking_for(nonce)),
                Err(Flaw::Bad(_)) => false,
            },
        };
        if told["active"] == true && told["aud"] == url && well_shown {
            return Ok(told["scope"].as_str().unwrap_or_default().to_owned());
        }
        Err(self.refusal(StatusCode::UNAUTHORIZED, self.demands.scopes))
    }

    /// Gives what the provider says about a token; nothing if it says nothing.
    async fn introspected(&self, token: &str) -> Value {
        let asked = self
            .http
            .post(&self.provider.introspection)
            .basic_auth(&self.provider.client_id, Some(&self.provider.client_secret))
            .form(&[("token", token)]);
        match asked.send().await {
            Ok(answer) => answer.json().await.unwrap_or_default(),
            Err(_) => Value::Null,
        }
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
