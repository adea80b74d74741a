//! Calls about tools.

use super::{
    App, content,
    contract::{AppError, ServerRef, ToolCall, ToolResultView, ToolsView},
    errors, views,
};

impl App {
    pub(super) async fn tools(&self, server: ServerRef) -> Result<ToolsView, AppError> {
        let server = self.server(&server.id).await?;
        let stored = self
            .0
            .servers
            .tools(server.id)
            .await
            .map_err(errors::of_servers)?;
        Ok(match stored {
            Some((json, listed_at)) => ToolsView {
                tools: views::tools(&json),
                listed_at: Some(listed_at.seconds()),
            },
            None => ToolsView {
                tools: Vec::new(),
                listed_at: None,
            },
        })
    }

    pub(super) async fn call_tool(&self, call: ToolCall) -> Result<ToolResultView, AppError> {
        let server = self.server(&call.server).await?;
        let answer = self
            .0
            .connections
            .call_tool(server.id, &call.tool, call.arguments)
            .await;
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => {
                let account = self.0.grants.account(server.id).await.unwrap_or_default();
                return Err(errors::of_call(error, &server, account.as_ref()));
            }
        };
        Ok(ToolResultView {
            content: answer.content.iter().map(content::view).collect(),
            structured: answer.structured,
            is_error: answer.is_error,
            took_ms: u32::try_from(answer.took.as_millis()).unwrap_or(u32::MAX),
        })
    }
}
