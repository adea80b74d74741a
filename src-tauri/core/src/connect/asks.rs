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
mod tests {
    use super::*;
    use serde_json::{Map, json};

    fn question() -> Question {
        let schema =
            json!({ "type": "object", "properties": { "name": { "type": "string" } }, "required": ["name"] });
        let schema = serde_json::from_value(schema).expect("a form");
        Question::read("Who are you?", &schema).expect("it can be shown")
    }

    fn ada() -> Map<String, serde_json::Value> {
        Map::from_iter([("name".to_owned(), json!("Ada"))])
    }

    fn begun(asks: &mut Asks, tool: &str) -> CallKey {
        let key = CallKey::random();
        asks.begin(key, tool);
        key
    }

    fn ask(asks: &mut Asks, asker: Asker) -> Option<QuestionId> {
        let id = QuestionId::random();
        asks.ask(asker, id, question()).then_some(id)
    }

    fn asked(asks: &mut Asks, key: CallKey) -> QuestionId {
        ask(asks, Asker::Call(key)).expect("it may ask")
    }

    #[test]
    fn questions_are_shown_one_by_one_in_their_order() {
        let mut asks = Asks::default();
        assert_eq!(asks.shown(), None);
        let (save, load) = (begun(&mut asks, "save"), begun(&mut asks, "load"));
        let (first, second) = (asked(&mut asks, save), asked(&mut asks, load));
        let shown = asks.shown().expect("the first");
        assert_eq!(
            (shown.id, shown.tool.as_deref(), shown.more),
            (first, Some("save"), 1)
        );
        asks.answer(first, ada()).expect("it fits");
        assert_eq!(asks.reply(first), Some(Reply::Answer(ada())));
        let shown = asks.shown().expect("the second");
        assert_eq!(
            (shown.id, shown.tool.as_deref(), shown.more),
            (second, Some("load"), 0)
        );
        assert!(asks.is_asking(load) && !asks.is_asking(save), "each for itself");
    }

    #[test]
    fn an_answer_that_does_not_fit_leaves_the_question_waiting() {
        let mut asks = Asks::default();
        let key = begun(&mut asks, "save");
        let id = asked(&mut asks, key);
        let unfit = AnswerError::Unfit {
            field: "name".to_owned(),
        };
        assert_eq!(asks.answer(id, Map::new()), Err(unfit));
        assert_eq!(asks.reply(id), None, "nothing was answered");
        asks.answer(id, ada()).expect("now it fits");
    }

    #[test]
    fn what_is_answered_once_is_answered() {
        let mut asks = Asks::default();
        let key = begun(&mut asks, "save");
        let id = asked(&mut asks, key);
        asks.decline(id).expect("it waits");
        assert_eq!(asks.answer(id, ada()), Err(AnswerError::Gone));
        assert_eq!(asks.cancel(id), Err(AnswerError::Gone));
        assert_eq!(asks.reply(id), Some(Reply::Declined));
        asks.let_go(id);
        assert_eq!(asks.reply(id), Some(Reply::Cancelled), "it is gone");
        assert_eq!(asks.answer(id, ada()), Err(AnswerError::Gone));
    }

    #[test]
    fn cancelling_silences_the_call_and_no_other() {
        let mut asks = Asks::default();
        let (loud, quiet) = (begun(&mut asks, "loud"), begun(&mut asks, "quiet"));
        let (first, second) = (asked(&mut asks, loud), asked(&mut asks, loud));
        let other = asked(&mut asks, quiet);
        asks.cancel(first).expect("it waits");
        assert_eq!(asks.reply(second), Some(Reply::Cancelled), "it goes along");
        assert_eq!(ask(&mut asks, Asker::Call(loud)), None, "it asks nothing more");
        assert_eq!(asks.reply(other), None, "the other call goes on asking");
    }

    #[test]
    fn a_question_ends_with_its_call_and_with_the_connection() {
        let mut asks = Asks::default();
        let (first, second) = (begun(&mut asks, "a"), begun(&mut asks, "b"));
        let (of_first, of_second) = (asked(&mut asks, first), asked(&mut asks, second));
        let of_any = ask(&mut asks, Asker::Any).expect("somebody asks");
        asks.over(first);
        assert_eq!(asks.reply(of_first), Some(Reply::Cancelled));
        assert_eq!((asks.reply(of_second), asks.reply(of_any)), (None, None));
        asks.end();
        assert_eq!(asks.reply(of_second), Some(Reply::Cancelled));
        assert_eq!(asks.reply(of_any), Some(Reply::Cancelled));
        assert_eq!(ask(&mut asks, Asker::Call(second)), None, "nothing more is asked");
    }

    #[test]
    fn nobody_asks_outside_a_call() {
        let mut asks = Asks::default();
        assert_eq!(ask(&mut asks, Asker::Any), None);
        let key = begun(&mut asks, "a");
        assert_eq!(asks.asker(), Asker::Call(key), "there is only one it can be");
        asks.over(key);
        assert_eq!(ask(&mut asks, Asker::Call(key)), None);
    }

    #[test]
    fn s07_a_call_asks_only_so_much() {
        let mut asks = Asks::default();
        let key = begun(&mut asks, "curious");
        let taken = (0..1000).filter(|_| ask(&mut asks, Asker::Call(key)).is_some());
        assert_eq!(taken.count(), usize::from(MOST_QUESTIONS));
    }

    #[test]
    fn a_question_that_comes_before_its_call_knows_its_number_waits_for_it() {
        let mut asks = Asks::default();
        let (early, late) = (RequestId::Number(1), RequestId::Number(2));
        let key = begun(&mut asks, "a");
        assert_eq!(asks.asker_in(&early), None, "it may be this call");
        asks.sent(key, early.clone());
        assert_eq!(asks.asker_in(&early), Some(Some(Asker::Call(key))));
        assert_eq!(asks.asker_in(&late), Some(None), "no such call");
    }
}
