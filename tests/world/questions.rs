//! A tool that asks the person before it answers, in the words of either era.

use rmcp::{
    ErrorData, RoleServer, ServiceError,
    model::{
        CallToolRequestParams, CallToolResponse, CallToolResult, CustomRequest, InputRequest,
        InputRequiredResult, JsonObject, ServerRequest,
    },
    service::RequestContext,
};
use serde_json::{Value, json};

/// What it asks where it is not told what to ask: one field of each kind, filled in as far as it can guess.
pub(crate) fn form() -> Value {
    json!({
        "type": "object",
        "properties": {
            "size": { "type": "string", "title": "Size", "enum": ["S", "M", "L"], "default": "M" },
            "engraving": { "type": "string", "title": "Engraving", "description": "At most 20 letters.", "maxLength": 20 },
            "count": { "type": "integer", "title": "How many", "minimum": 1, "maximum": 9, "default": 1 },
            "weight": { "type": "number", "title": "Weight in kg", "default": 0.5 },
            "extras": { "type": "array", "title": "Extras", "items": { "anyOf": [
                { "const": "box", "title": "A box" }, { "const": "card", "title": "A card" },
            ] }, "default": ["box"] },
            "delivery": { "type": "string", "title": "Delivery on", "format": "date" },
            "gift": { "type": "boolean", "title": "It is a gift", "default": true },
        },
        "required": ["size", "count"],
    })
}

/// Asks as often as it is told, and gives all that it heard.
pub(crate) async fn ask(
    request: CallToolRequestParams,
    context: RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let heard = |heard: Vec<Value>| CallToolResult::structured(json!({ "heard": heard })).into();
    if let Some(responses) = request.input_responses {
        return Ok(heard(responses.into_values().collect()));
    }
    let arguments = request.arguments.unwrap_or_default();
    let times = arguments.get("times").and_then(Value::as_u64).unwrap_or(1);
    let params = params(&arguments);
    let version = context.meta.protocol_version();
    if version.is_some_and(|version| !version.has_initialize()) {
        let request = json!({ "method": "elicitation/create", "params": params });
        let request: InputRequest = serde_json::from_value(request)
            .map_err(|_| ErrorData::invalid_params("this cannot be asked", None))?;
        let requests = (0..times).map(|at| (format!("question-{at:03}"), request.clone()));
        let asked = InputRequiredResult::from_input_requests(requests.collect());
        return Ok(asked.into());
    }
    let asked = (0..times).map(async |_| {
        let request = CustomRequest::new("elicitation/create", Some(params.clone()));
        match context
            .peer
            .send_request(ServerRequest::CustomRequest(request))
            .await
        {
            Ok(reply) => serde_json::to_value(reply).unwrap_or_default(),
            Err(ServiceError::McpError(error)) => json!({ "error": error.code }),
            Err(_) => Value::Null,
        }
    });
    Ok(heard(futures::future::join_all(asked).await))
}

fn params(arguments: &JsonObject) -> Value {
    let message = arguments.get("message").and_then(Value::as_str);
    json!({
        "message": message.unwrap_or("How shall your order be?"),
        "requestedSchema": arguments.get("form").cloned().unwrap_or_else(form),
    })
}
