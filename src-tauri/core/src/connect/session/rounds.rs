//! One call of a tool, in as many rounds as its server needs to hear more from the person.
//!
//! Until 2025-11-25 a server asks while it works, and one round is all there is. Since 2026-07-28 it ends the round with
//! what it wants to know, and the same call is sent once more with the answers (multi round-trip requests): the server
//! has asked for that, so it is no retry. A round that was refused may be sent again, and never one before it: that one has
//! had its effect.

use std::{pin::pin, time::Duration};

use rmcp::{
    Peer, RoleClient, ServiceError,
    model::{
        CallToolRequest, CallToolRequestParams, CallToolResult, CancelledNotificationParam, ClientRequest,
        DEFAULT_MRTR_MAX_ROUNDS, ElicitRequestParams, ElicitResult, InputRequest, InputRequests,
        InputRequiredResult, InputResponses, JsonObject, RequestId, ServerResult,
    },
    service::PeerRequestOptions,
};

use super::{
    super::{
        CALL_LIMIT, CallError, ToolAnswer, asks::Reply, desk::UnderWay, fault::Fault, question::Question,
    },
    Session,
};
use crate::{ports::Clock, servers::Era};

/// How long a call rests before its next round where the server asks for one and for nothing else.
const REST: Duration = Duration::from_millis(250);
/// The most rounds of one call (S7).
const MOST_ROUNDS: usize = DEFAULT_MRTR_MAX_ROUNDS;

/// A call of a tool: what its next round says. What was refused stands as it was.
pub(in super::super) struct ToolCall {
    params: CallToolRequestParams,
    rounds_left: usize,
    took: Duration,
}

impl ToolCall {
    /// A call that was not sent yet.
    pub(in super::super) fn new(tool: &str, arguments: JsonObject) -> Self {
        Self {
            params: CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments),
            rounds_left: MOST_ROUNDS,
            took: Duration::ZERO,
        }
    }

    const fn is_begun(&self) -> bool {
        self.rounds_left < MOST_ROUNDS
    }
}

/// How a round ended.
enum Round {
    /// The tool has answered.
    Over(CallToolResult),
    /// The server wants another one.
    Again(InputRequiredResult),
}

impl Session {
    /// Calls a tool, or goes on with a call whose last round was refused; the clock measures, and lets a server rest
    /// that asks for it.
    pub(in super::super) async fn call(
        &self,
        call: &mut ToolCall,
        clock: &dyn Clock,
    ) -> Result<ToolAnswer, CallError> {
        let begun = clock.monotonic();
        let ended = self.rounds(call, clock).await;
        call.took += clock.monotonic().saturating_sub(begun);
        ended.map(|answer| ToolAnswer {
            content: answer.content,
            structured: answer.structured_content,
            is_error: answer.is_error.unwrap_or(false),
            took: call.took,
        })
    }

    async fn rounds(&self, call: &mut ToolCall, clock: &dyn Clock) -> Result<CallToolResult, CallError> {
        // A server that has gone back to the older way meanwhile would take the next round for the first.
        if call.is_begun() && self.era() != Era::Modern {
            return Err(Fault::NotMcp.call_error());
        }
        let under_way = self.desk.begin(&call.params.name);
        while call.rounds_left > 0 {
            let wanted = match self.round(&under_way, call.params.clone()).await? {
                Round::Over(answer) => return Ok(answer),
                Round::Again(wanted) => wanted,
            };
            call.rounds_left -= 1;
            call.params.request_state = wanted.request_state;
            call.params.input_responses = match wanted.input_requests {
                Some(requests) if !requests.is_empty() => Some(self.responses(&under_way, requests).await?),
                _ => {
                    clock.sleep(REST).await;
                    None
                }
            };
        }
        Err(Fault::NotMcp.call_error())
    }

    /// Sends a call, and waits for what comes of it. Its time stands still while the person is asked.
    async fn round(&self, call: &UnderWay, params: CallToolRequestParams) -> Result<Round, CallError> {
        let peer = self.service.peer();
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
        let options = PeerRequestOptions::no_options();
        let sent = peer.send_request_with_option(request, options).await;
        let sent = sent.map_err(|error| self.call_fault(error).call_error())?;
        call.sent(sent.id.clone());
        let mut sent_off = Sent {
            peer,
            request: Some(sent.id.clone()),
        };
        let answer = in_time(call, sent.await_response()).await;
        let answer = answer.ok_or(CallError::Unknown)?;
        sent_off.request = None;
        answer
            .and_then(read)
            .map_err(|error| self.call_fault(error).call_error())
    }

    /// Asks the person all that a round ended with.
    async fn responses(&self, call: &UnderWay, requests: InputRequests) -> Result<InputResponses, CallError> {
        let asked = requests.into_iter().map(async |(name, request)| {
            let InputRequest::Elicitation(request) = request else {
                // Neither sampling nor roots are offered.
                return Err(Fault::NotMcp.call_error());
            };
            let reply = match request.params {
                ElicitRequestParams::FormElicitationParams {
                    message,
                    requested_schema,
                    ..
                } => {
                    let question = Question::read(&message, &requested_schema);
                    self.desk.ask(call.asker(), question).await
                }
                _ => Reply::Declined,
            };
            let reply = serde_json::to_value(ElicitResult::from(reply));
            Ok((name, reply.map_err(|_| Fault::NotMcp.call_error())?))
        });
        let answered = futures::future::try_join_all(asked).await?;
        Ok(answered.into_iter().collect())
    }
}

/// Waits for an answer, as long as a call may take without asking anything; `None` if that is over.
async fn in_time<T>(call: &UnderWay, answer: impl Future<Output = T>) -> Option<T> {
    let mut answer = pin!(answer);
    loop {
        tokio::select! {
            answer = &mut answer => return Some(answer),
            asks = tokio::time::timeout(CALL_LIMIT, call.asks(true)) => asks.ok()?,
        }
        tokio::select! {
            answer = &mut answer => return Some(answer),
            () = call.asks(false) => {}
        }
    }
}

/// Reads what answers a call. Some servers leave out a content that would be empty.
fn read(answer: ServerResult) -> Result<Round, ServiceError> {
    match answer {
        ServerResult::CallToolResult(answer) => Ok(Round::Over(answer)),
        ServerResult::InputRequiredResult(wanted) => Ok(Round::Again(wanted)),
        ServerResult::EmptyResult(_) | ServerResult::TaskAckResult(_) => {
            Ok(Round::Over(CallToolResult::default()))
        }
        _ => Err(ServiceError::UnexpectedResponse),
    }
}

/// A call that was sent. Dropping it before it is answered tells the server that nobody waits any more.
struct Sent<'a> {
    peer: &'a Peer<RoleClient>,
    request: Option<RequestId>,
}

impl Drop for Sent<'_> {
    fn drop(&mut self) {
        let (Some(request), Ok(runtime)) = (self.request.take(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        let (peer, reason) = (self.peer.clone(), Some("nobody waits for it any more".to_owned()));
        let cancelled = CancelledNotificationParam::new(Some(request), reason);
        // A server that cannot be told notices when the stream ends.
        runtime.spawn(async move { peer.notify_cancelled(cancelled).await });
    }
}
