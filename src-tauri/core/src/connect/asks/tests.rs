//! Whose question waits, how long, and what ends it.

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
