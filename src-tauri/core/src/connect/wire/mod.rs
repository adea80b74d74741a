//! Carries messages between rmcp and one server, over the one guarded HTTP client.
//!
//! Everything goes to the one address that the wire was made for, whatever it is told: the bearer, the configured
//! headers and the messages (S27). Redirects are not followed (S24). A 401 is answered by one renewal and one retry
//! (S34): the server refused the request, so it cannot have run.
//!
//! Follows MCP 2025-11-25 and 2026-07-28, Streamable HTTP; RFC 6750 §2.1 and §3.

mod events;
mod message;
mod notes;
mod pass;
mod reading;
mod sending;

use std::{collections::HashMap, sync::Arc};

use futures::stream::BoxStream;
use http::{HeaderName, HeaderValue, StatusCode};
use rmcp::{
    model::{ClientJsonRpcMessage, ClientRequest, ServerJsonRpcMessage},
    transport::streamable_http_client::{
        AuthRequiredError, SseError, StreamableHttpClient, StreamableHttpError, StreamableHttpPostResponse,
    },
};
use sse_stream::Sse;

use super::fault::Fault;
use sending::{Draft, SESSION};

pub(super) use events::EVENT_LIMIT;
pub(super) use notes::{LastHints, Notes};
pub(super) use pass::Passes;
pub(super) use sending::{Parts, Wire};

type Outcome<T> = Result<T, StreamableHttpError<Fault>>;
type Events = BoxStream<'static, Result<Sse, SseError>>;

impl StreamableHttpClient for Wire {
    type Error = Fault;

    async fn post_message(
        &self,
        _uri: Arc<str>,
        message: ClientJsonRpcMessage,
        session: Option<Arc<str>>,
        _token: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Outcome<StreamableHttpPostResponse> {
        let draft = Draft::post(&message, session.as_deref(), headers)?;
        let response = self.send(&draft).await.map_err(|fault| self.note(fault))?;
        if response.status() == StatusCode::NOT_FOUND && session.is_some() {
            return Err(StreamableHttpError::SessionExpired);
        }
        let read = self.read(response, &message).await;
        self.answered(read.is_ok());
        read.map_err(|fault| self.note(fault))
    }

    async fn delete_session(
        &self,
        _uri: Arc<str>,
        session: Arc<str>,
        _token: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Outcome<()> {
        // The server may keep the session or not know it any more: nothing follows from its answer.
        let sent = self.send(&Draft::delete(&session, headers)).await;
        sent.map(drop).map_err(StreamableHttpError::Client)
    }

    async fn get_stream(
        &self,
        _uri: Arc<str>,
        session: Option<Arc<str>>,
        last_event: Option<String>,
        _token: Option<String>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Outcome<Events> {
        let draft = Draft::get(session.as_deref(), last_event.as_deref(), headers);
        let response = match self.send(&draft).await {
            Ok(response) => response,
            Err(fault) => return Err(self.closed_for_good(fault)),
        };
        match response.status() {
            status if status.is_success() && reading::is_event_stream(&response) => {
                self.saw_stream();
                Ok(self.events(response))
            }
            StatusCode::NOT_FOUND if self.had_stream() => Err(self.note(Fault::SessionGone)),
            status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
                let fault = self.judge(reading::status_fault(&response));
                if fault.ends_session() {
                    return Err(self.closed_for_good(fault));
                }
                Err(StreamableHttpError::Client(fault))
            }
            // No stream to be had here (MCP 2025-11-25, listening for messages): it is optional.
            _ => Err(StreamableHttpError::ServerDoesNotSupportSse),
        }
    }
}

impl Wire {
    /// Notes a fault for the session's keeper and gives it to rmcp.
    fn note(&self, fault: Fault) -> StreamableHttpError<Fault> {
        let fault = self.judge(fault);
        self.notes().fault(&fault);
        StreamableHttpError::Client(fault)
    }

    /// Notes a fault of the listening stream. What ends the session must not be retried by rmcp: this error of its own
    /// is the one that stops it.
    fn closed_for_good(&self, fault: Fault) -> StreamableHttpError<Fault> {
        let fault = self.judge(fault);
        let ends = fault.ends_session();
        let noted = self.note(fault);
        if ends {
            return StreamableHttpError::AuthRequired(AuthRequiredError::new(String::new()));
        }
        noted
    }
}

/// Tells whether a request is the modern era's first, whose refusal means the older era (MCP 2026-07-28, versioning).
fn is_discover(message: &ClientJsonRpcMessage) -> bool {
    matches!(message, ClientJsonRpcMessage::Request(request) if matches!(request.request, ClientRequest::DiscoverRequest(_)))
}

/// Tells whether a request opens a connection.
fn is_opening(message: &ClientJsonRpcMessage) -> bool {
    let initialize = matches!(message, ClientJsonRpcMessage::Request(request) if matches!(request.request, ClientRequest::InitializeRequest(_)));
    initialize || is_discover(message)
}

/// Tells whether a request calls a tool, which may take its time.
fn is_call(message: &ClientJsonRpcMessage) -> bool {
    matches!(message, ClientJsonRpcMessage::Request(request) if matches!(request.request, ClientRequest::CallToolRequest(_)))
}

/// Makes an error answer belong to the request that it answers: middleware often cannot name it.
fn correlated(answer: ServerJsonRpcMessage, message: &ClientJsonRpcMessage) -> ServerJsonRpcMessage {
    match (answer, message) {
        (ServerJsonRpcMessage::Error(error), ClientJsonRpcMessage::Request(request)) => {
            ServerJsonRpcMessage::error(error.error, Some(request.id.clone()))
        }
        (answer, _) => answer,
    }
}
