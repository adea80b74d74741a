//! The questions of one server that wait for the person, each within a call that is under way. Pure.
//!
//! One is shown at a time, in the order in which they came. Nobody but the person answers: what ends otherwise (the
//! call, the connection, the time) ends as cancelled, and so does what nobody could be asked.
//!
//! Follows MCP 2025-11-25 and 2026-07-28, elicitation.

use std::collections::BTreeMap;

use rmcp::model::{JsonObject, RequestId};

use super::{
    AnswerError, Asked,
    question::{Question, Unfit},
};
use crate::base::QuestionId;

/// How many questions one call may ask.
pub(super) const MOST_QUESTIONS: u8 = 20;

/// Names one call that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CallKey(u64);

impl CallKey {
    /// Draws one that no other call has.
    pub(super) fn random() -> Self {
        Self(rand::random())
    }
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// This call.
    Call(CallKey),
    /// One of those under way; the server does not say which.
    Any,
}

/// What the server hears.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reply {
    /// What the person filled in.
    Answer(JsonObject),
    /// The person does not say.
    Declined,
    /// Nobody has decided.
    Cancelled,
}

#[derive(Debug)]
struct Call {
    tool: String,
    sent_as: Option<RequestId>,
    questions_left: u8,
}

#[derive(Debug)]
struct Waiting {
    id: QuestionId,
    asker: Asker,
    question: Question,
    reply: Option<Reply>,
}

/// The calls that are under way, and what they ask.
#[derive(Debug, Default)]
pub(super) struct Asks {
    calls: BTreeMap<CallKey, Call>,
    questions: Vec<Waiting>,
}

impl Asks {
    /// A call begins.
    pub(super) fn begin(&mut self, key: CallKey, tool: &str) {
        let call = Call {
            tool: tool.to_owned(),
            sent_as: None,
            questions_left: MOST_QUESTIONS,
        };
        self.calls.insert(key, call);
    }

    /// A call is sent, once more perhaps.
    pub(super) fn sent(&mut self, key: CallKey, request: RequestId) {
        if let Some(call) = self.calls.get_mut(&key) {
            call.sent_as = Some(request);
        }
    }

    /// A call is over, and nothing can be answered to it any more.
    pub(super) fn over(&mut self, key: CallKey) {
        self.calls.remove(&key);
        let nobody_asks = self.calls.is_empty();
        self.reply_to(|asker| asker == Asker::Call(key) || nobody_asks, Reply::Cancelled);
    }

    /// The connection is not wanted any more.
    pub(super) fn end(&mut self) {
        self.reply_to(|_| true, Reply::Cancelled);
        self.calls.values_mut().for_each(|call| call.questions_left = 0);
    }

    /// Finds the call that was sent as a request. `None` while there is one that does not know yet how it was sent.
    pub(super) fn asker_in(&self, request: &RequestId) -> Option<Option<Asker>> {
        let sent_as = |call: &Call| call.sent_as.as_ref() == Some(request);
        let found = self.calls.iter().find(|(_, call)| sent_as(call));
        match found {
            Some((key, _)) => Some(Some(Asker::Call(*key))),
            None if self.calls.values().any(|call| call.sent_as.is_none()) => None,
            None => Some(None),
        }
    }

    /// Says who asks where the server does not say.
    pub(super) fn asker(&self) -> Asker {
        match self.calls.keys().collect::<Vec<_>>()[..] {
            [only] => Asker::Call(*only),
            _ => Asker::Any,
        }
    }

    /// Takes a question up; false if no call is under way that could ask it, or one that has asked enough.
    pub(super) fn ask(&mut self, asker: Asker, id: QuestionId, question: Question) -> bool {
        let mut calls: Vec<_> = self.concerned(asker).collect();
        if calls.is_empty() || calls.iter().any(|call| call.questions_left == 0) {
            return false;
        }
        calls.iter_mut().for_each(|call| call.questions_left -= 1);
        self.questions.push(Waiting {
            id,
            asker,
            question,
            reply: None,
        });
        true
    }

    /// Tells what a question's server is to hear, once that is known.
    pub(super) fn reply(&self, id: QuestionId) -> Option<Reply> {
        let question = self.questions.iter().find(|question| question.id == id);
        question.map_or(Some(Reply::Cancelled), |question| question.reply.clone())
    }

    /// Lets go of a question, whatever came of it.
    pub(super) fn let_go(&mut self, id: QuestionId) {
        self.questions.retain(|question| question.id != id);
    }

    /// The person answers.
    pub(super) fn answer(&mut self, id: QuestionId, answer: JsonObject) -> Result<(), AnswerError> {
        let waiting = self.waiting_mut(id).ok_or(AnswerError::Gone)?;
        let fits = waiting.question.check(&answer);
        fits.map_err(|Unfit { field }| AnswerError::Unfit { field })?;
        waiting.reply = Some(Reply::Answer(answer));
        Ok(())
    }

    /// The person does not want to say.
    pub(super) fn decline(&mut self, id: QuestionId) -> Result<(), AnswerError> {
        let waiting = self.waiting_mut(id).ok_or(AnswerError::Gone)?;
        waiting.reply = Some(Reply::Declined);
        Ok(())
    }

    /// The person wants no more of it, or is not there: the call asks nothing more.
    pub(super) fn cancel(&mut self, id: QuestionId) -> Result<(), AnswerError> {
        let asker = self.waiting_mut(id).ok_or(AnswerError::Gone)?.asker;
        self.concerned(asker).for_each(|call| call.questions_left = 0);
        self.reply_to(|other| other == asker, Reply::Cancelled);
        Ok(())
    }

    /// Tells whether a call waits for the person.
    pub(super) fn is_asking(&self, key: CallKey) -> bool {
        let asks = |asker| asker == Asker::Call(key) || asker == Asker::Any;
        self.waiting().any(|question| asks(question.asker))
    }

    /// Gives the question that is shown, if any.
    pub(super) fn shown(&self) -> Option<Asked> {
        let mut waiting = self.waiting();
        let first = waiting.next()?;
        let tool = match first.asker {
            Asker::Call(key) => self.calls.get(&key).map(|call| call.tool.clone()),
            Asker::Any => None,
        };
        Some(Asked {
            id: first.id,
            tool,
            question: first.question.clone(),
            more: waiting.count(),
        })
    }

    fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        self.questions.iter().filter(|question| question.reply.is_none())
    }

    fn waiting_mut(&mut self, id: QuestionId) -> Option<&mut Waiting> {
        let mut questions = self.questions.iter_mut();
        questions.find(|question| question.id == id && question.reply.is_none())
    }

    fn concerned(&mut self, asker: Asker) -> impl Iterator<Item = &mut Call> {
        let asks = move |key: &CallKey| asker == Asker::Call(*key) || asker == Asker::Any;
        let calls = self.calls.iter_mut();
        calls.filter(move |(key, _)| asks(key)).map(|(_, call)| call)
    }

    fn reply_to(&mut self, of: impl Fn(Asker) -> bool, reply: Reply) {
        let questions = self.questions.iter_mut();
        for question in questions.filter(|question| question.reply.is_none() && of(question.asker)) {
            question.reply = Some(reply.clone());
        }
    }
}

#[cfg(test)]
mod tests;
