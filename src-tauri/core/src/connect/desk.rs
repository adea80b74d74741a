//! Where the calls of one server ask the person, and wait.
//!
//! Nothing here answers by itself: a question that nobody decides on in time is cancelled.

use std::sync::Arc;

use rmcp::{
    model::{ElicitResult, ElicitationAction, RequestId},
    service::InboundStreamOrigin,
};
use serde_json::Value;
use tokio::sync::{broadcast, watch};

use super::{
    ConnectionNews, HOLD_LIMIT,
    asks::{Asker, Asks, CallKey, Reply},
    question::Question,
};
use crate::{
    base::{QuestionId, ServerId},
    ports::Clock,
};

/// The desk of one server. Cheap to clone.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) id: ServerId,
    pub(super) asks: watch::Sender<Asks>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) news: broadcast::Sender<ConnectionNews>,
}

/// A call that is under way. Dropping it, for whatever reason, ends its questions.
pub(super) struct UnderWay {
    desk: Desk,
    key: CallKey,
}

/// A question's place. Leaving it, for whatever reason, tells everybody.
struct Place<'a> {
    desk: &'a Desk,
    id: QuestionId,
}

impl Desk {
    /// A call begins.
    pub(super) fn begin(&self, tool: &str) -> UnderWay {
        let key = CallKey::random();
        self.asks.send_modify(|asks| asks.begin(key, tool));
        UnderWay {
            desk: self.clone(),
            key,
        }
    }

    /// Finds out who asks, by the stream that the question came on (SEP-2260); `None` if nobody can any more.
    pub(super) async fn asker(&self, origin: Option<&InboundStreamOrigin>) -> Option<Asker> {
        let Some(InboundStreamOrigin::OutboundRequest(request)) = origin else {
            return Some(self.asks.borrow().asker());
        };
        let mut asks = self.asks.subscribe();
        // The sender lives in `self`.
        let known = asks
            .wait_for(|asks| asks.asker_in(request).is_some())
            .await
            .ok()?;
        known.asker_in(request).flatten()
    }

    /// Asks the person, and returns once there is something to tell the server.
    pub(super) async fn ask(&self, asker: Asker, question: Option<Question>) -> Reply {
        let Some(question) = question else {
            tracing::warn!(server = %self.id, "a question that is too large to be shown is cancelled");
            return Reply::Cancelled;
        };
        let (id, mut taken) = (QuestionId::random(), false);
        self.asks
            .send_modify(|asks| taken = asks.ask(asker, id, question));
        if !taken {
            return Reply::Cancelled;
        }
        let _place = Place { desk: self, id };
        self.announce();
        let mut asks = self.asks.subscribe();
        tokio::select! {
            replied = asks.wait_for(|asks| asks.reply(id).is_some()) => {
                replied.ok().and_then(|asks| asks.reply(id)).unwrap_or(Reply::Cancelled)
            }
            () = self.clock.sleep(HOLD_LIMIT) => {
                // An answer of the last moment has been told to the person, so it counts.
                self.asks.send_modify(|asks| drop(asks.cancel(id)));
                self.asks.borrow().reply(id).unwrap_or(Reply::Cancelled)
            }
        }
    }

    fn announce(&self) {
        // Nobody listening is no fault: the next snapshot asks.
        let _ = self.news.send(ConnectionNews::State(self.id));
    }
}

impl UnderWay {
    /// Says who asks in this call.
    pub(super) const fn asker(&self) -> Asker {
        Asker::Call(self.key)
    }

    /// The call is sent as this request.
    pub(super) fn sent(&self, request: RequestId) {
        self.desk.asks.send_modify(|asks| asks.sent(self.key, request));
    }

    /// Returns once the call asks something, or no longer does.
    pub(super) async fn asks(&self, wanted: bool) {
        let mut asks = self.desk.asks.subscribe();
        // The sender lives in `self`, so the wait can only end well.
        let _ = asks.wait_for(|asks| asks.is_asking(self.key) == wanted).await;
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.desk.asks.send_modify(|asks| asks.over(self.key));
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.desk.asks.send_modify(|asks| asks.let_go(self.id));
        self.desk.announce();
    }
}

impl From<Reply> for ElicitResult {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Answer(answer) => Self::new(ElicitationAction::Accept).with_content(Value::Object(answer)),
            Reply::Declined => Self::new(ElicitationAction::Decline),
            Reply::Cancelled => Self::new(ElicitationAction::Cancel),
        }
    }
}
