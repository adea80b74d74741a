//! The tools of the world's MCP servers: one of each kind a window must be able to show.

use std::sync::Arc;

use rmcp::{
    ErrorData, RoleServer, ServerHandler,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, JsonObject, ListToolsResult,
        PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
    },
    service::RequestContext,
};
use serde_json::{Value, json};

use crate::questions;

/// A PNG of four pixels.
const PICTURE: &str = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg==";

/// Answers the tool calls of one server.
#[derive(Debug, Clone, Default)]
pub(crate) struct Toolbox;

fn object(value: Value) -> Arc<JsonObject> {
    match value {
        Value::Object(object) => Arc::new(object),
        _ => Arc::default(),
    }
}

fn tools() -> Vec<Tool> {
    let text = |description: &str| json!({ "type": "string", "description": description });
    vec![
        Tool::new(
            "echo",
            "Says back what it is told",
            object(
                json!({ "type": "object", "properties": { "message": text("What to say back") }, "required": ["message"] }),
            ),
        ),
        Tool::new(
            "list_issues",
            "Lists issues, newest first",
            object(json!({
                "type": "object",
                "properties": {
                    "owner": text("Who owns the repository"),
                    "state": { "type": "string", "enum": ["open", "closed"], "default": "open" },
                    "limit": { "type": "integer", "minimum": 1, "maximum": 50, "default": 3 },
                    "labels": { "type": "array", "items": { "type": "string" } },
                },
                "required": ["owner"],
            })),
        ),
        Tool::new(
            "picture",
            "Shows a small picture",
            object(json!({ "type": "object" })),
        ),
        Tool::new("fail", "Fails, and says so", object(json!({ "type": "object" }))),
        Tool::new(
            "ask",
            "Asks you something, and says what it heard",
            object(json!({
                "type": "object",
                "properties": {
                    "message": text("What to say"),
                    "times": { "type": "integer", "minimum": 1, "description": "How often to ask at once" },
                },
            })),
        ),
    ]
}

impl ServerHandler for Toolbox {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if request.name == "ask" {
            return questions::ask(request, context).await;
        }
        let arguments = request.arguments.unwrap_or_default();
        let text = |name: &str| {
            arguments
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        Ok(match request.name.as_ref() {
            "echo" => CallToolResult::success(vec![ContentBlock::text(text("message"))]),
            "list_issues" => CallToolResult::structured(issues(&text("owner"))),
            "picture" => CallToolResult::success(vec![ContentBlock::image(PICTURE, "image/png")]),
            "fail" => CallToolResult::error(vec![ContentBlock::text("It did not work, as asked.")]),
            other => {
                return Err(ErrorData::invalid_params(
                    format!("there is no tool {other}"),
                    None,
                ));
            }
        }
        .into())
    }
}

fn issues(owner: &str) -> Value {
    let issue = |number: u32, title: &str| json!({ "number": number, "title": title, "owner": owner, "state": "open" });
    json!([
        issue(42, "Reconnect from the tray"),
        issue(41, "Show when a sign-in renews itself"),
        issue(40, "Say what a server asks for")
    ])
}
