//! What calls ask in the middle, as the window sees it and decides on it.

use rmcp::model::JsonObject;

use super::{AnswerError, Asked, Connections, asks::Asks};
use crate::base::{QuestionId, ServerId};

impl Connections {
    /// Gives the question of a server that waits longest, if any.
    pub fn question(&self, id: ServerId) -> Option<Asked> {
        self.inner.line(id)?.asks().borrow().shown()
    }

    /// Answers a question. What does not fit it is not sent, and it goes on waiting.
    pub fn answer(&self, id: ServerId, question: QuestionId, answer: JsonObject) -> Result<(), AnswerError> {
        self.decide(id, |asks| asks.answer(question, answer))
    }

    /// Tells a server that the person does not say.
    pub fn decline_question(&self, id: ServerId, question: QuestionId) -> Result<(), AnswerError> {
        self.decide(id, |asks| asks.decline(question))
    }

    /// Tells a server that nobody decides on its question; the call that asked it asks nothing more.
    pub fn cancel_question(&self, id: ServerId, question: QuestionId) -> Result<(), AnswerError> {
        self.decide(id, |asks| asks.cancel(question))
    }

    fn decide(
        &self,
        id: ServerId,
        decision: impl FnOnce(&mut Asks) -> Result<(), AnswerError>,
    ) -> Result<(), AnswerError> {
        let line = self.inner.line(id).ok_or(AnswerError::Gone)?;
        let mut decided = Err(AnswerError::Gone);
        line.asks().send_modify(|asks| decided = decision(asks));
        decided
    }
}
