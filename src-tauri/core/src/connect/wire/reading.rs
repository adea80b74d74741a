//! Reads the answer to a POST.

use bytes::BytesMut;
use http::{
    StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use reqwest::Response;
use rmcp::{
    model::{ClientJsonRpcMessage, ErrorData, ServerJsonRpcMessage, ServerResult},
    transport::streamable_http_client::StreamableHttpPostResponse,
};
use std::time::Duration;

use super::{Events, SESSION, Wire, correlated, events, is_discover, message, sending};
use crate::{connect::fault::Fault, ports::HttpError};

/// The most bytes of one JSON answer (S7).
const JSON_LIMIT: usize = 16 * 1024 * 1024;

/// The forms an answer may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Events,
    Html,
    Other,
}

impl Wire {
    /// Reads what a server answered to a message.
    pub(super) async fn read(
        &self,
        response: Response,
        message: &ClientJsonRpcMessage,
    ) -> Result<StreamableHttpPostResponse, Fault> {
        let status = response.status();
        if matches!(status, StatusCode::ACCEPTED | StatusCode::NO_CONTENT) {
            return Ok(StreamableHttpPostResponse::Accepted);
        }
        if !status.is_success() {
            return self.read_refusal(response, message).await;
        }
        if !matches!(message, ClientJsonRpcMessage::Request(_)) {
            // 202 is due, but nothing is waited for: any success will do.
            return Ok(StreamableHttpPostResponse::Accepted);
        }
        let session = session(&response);
        match form(&response) {
            Form::Json => {
                let mut answer = self.read_json(response, message).await?;
                if is_discover(message) && !begins_modern(&answer) {
                    answer = not_understood();
                }
                Ok(StreamableHttpPostResponse::Json(
                    correlated(answer, message),
                    session,
                ))
            }
            Form::Events => Ok(StreamableHttpPostResponse::Sse(self.events(response), session)),
            Form::Html => Err(Fault::HtmlPage),
            Form::Other => Err(Fault::NotMcp),
        }
    }

    /// Gives a response's body as events.
    pub(super) fn events(&self, response: Response) -> Events {
        events::events(response.bytes_stream(), self.notes().clone())
    }

    /// Reads an answer with an error status: the server's own error, where it sent one.
    ///
    /// A client error without one, in answer to the modern era's first request, still says that the server is of the
    /// older era (MCP 2026-07-28, versioning).
    async fn read_refusal(
        &self,
        response: Response,
        message: &ClientJsonRpcMessage,
    ) -> Result<StreamableHttpPostResponse, Fault> {
        let fault = status_fault(&response);
        let status = response.status();
        let speaks = form(&response) == Form::Json
            && !matches!(status, StatusCode::FORBIDDEN | StatusCode::TOO_MANY_REQUESTS);
        let answer = if speaks {
            self.read_json(response, message).await.ok()
        } else {
            None
        };
        let older = is_discover(message) && means_older_era(status);
        let answer = match answer {
            Some(answer @ ServerJsonRpcMessage::Error(_)) => answer,
            _ if older => not_understood(),
            _ => return Err(fault),
        };
        Ok(StreamableHttpPostResponse::Json(
            correlated(answer, message),
            None,
        ))
    }

    async fn read_json(
        &self,
        mut response: Response,
        message: &ClientJsonRpcMessage,
    ) -> Result<ServerJsonRpcMessage, Fault> {
        let patience = sending::patience(message);
        let mut body = BytesMut::new();
        while let Some(piece) = sending::within(patience, response.chunk()).await? {
            if body.len() + piece.len() > JSON_LIMIT {
                return Err(HttpError::TooLarge.into());
            }
            body.extend_from_slice(&piece);
        }
        message::read(&body)
    }
}

/// Tells whether an answer to the modern era's first request is one of its own. Some older servers answer whatever
/// they do not know with an empty result.
fn begins_modern(answer: &ServerJsonRpcMessage) -> bool {
    match answer {
        ServerJsonRpcMessage::Response(response) => {
            matches!(response.result, ServerResult::DiscoverResult(_))
        }
        _ => true,
    }
}

/// Gives the error on which rmcp falls back to the older era.
fn not_understood() -> ServerJsonRpcMessage {
    ServerJsonRpcMessage::error(ErrorData::invalid_request("", None), None)
}

fn means_older_era(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::NOT_ACCEPTABLE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY
    )
}

pub(super) fn is_event_stream(response: &Response) -> bool {
    form(response) == Form::Events
}

/// Gives the fault that a status is where it is no answer.
pub(super) fn status_fault(response: &Response) -> Fault {
    // The date form is left to the ordinary back-off (RFC 9110 §10.2.3).
    let seconds = response
        .headers()
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.trim().parse().ok());
    Fault::Status {
        status: response.status(),
        retry_after: seconds.map(Duration::from_secs),
    }
}

fn session(response: &Response) -> Option<String> {
    let session = response.headers().get(SESSION)?;
    session.to_str().ok().map(str::to_owned)
}

fn form(response: &Response) -> Form {
    let value = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = value
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    match essence.trim().to_ascii_lowercase().as_str() {
        "application/json" => Form::Json,
        "text/event-stream" => Form::Events,
        "text/html" => Form::Html,
        _ => Form::Other,
    }
}
