//! Questions in the middle of a call: they reach the person, and what the person decides reaches the server.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, Bytes},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::channel::mpsc::{UnboundedSender, unbounded};
use serde_json::{Map, Value, json};
use tokio::task::JoinHandle;

use super::world::{Asked, Peer, World, counted, modern, older};
use crate::{
    base::{AuthKind, QuestionId, ServerId},
    connect::{self, AnswerError, CallError, ConnectError, Connection, ToolAnswer},
};

/// Asks for a name that it has a guess at.
pub(super) fn form() -> Value {
    let properties = json!({ "name": { "type": "string", "default": "Jane" }, "age": { "type": "integer" } });
    json!({ "message": "Who are you?",
            "requestedSchema": { "type": "object", "properties": properties, "required": ["name"] } })
}

/// The stream of a call, and what was heard about its questions.
#[derive(Default)]
struct Hearing {
    stream: Option<UnboundedSender<Result<Bytes, Infallible>>>,
    call: Value,
    heard: Vec<Value>,
}

impl Hearing {
    fn tell(&self, message: &Value) {
        let stream = self.stream.as_ref().expect("a call is under way");
        // Nobody listening is what some tests are about.
        let _ = stream.unbounded_send(Ok(Bytes::from(format!("data: {message}\n\n"))));
    }
}

/// A server of the older era: asks all this on the stream of the call, and answers with what it heard.
async fn older_asking(questions: Vec<Value>) -> Peer {
    let hearing = Arc::new(Mutex::new(Hearing::default()));
    Peer::serving(move |asked| {
        let mut hearing = hearing.lock().expect("no test panics while holding it");
        match asked.what.as_str() {
            "tools/call" => {
                let (stream, events) = unbounded();
                (hearing.stream, hearing.call) = (Some(stream), asked.body["id"].clone());
                for (at, params) in questions.iter().enumerate() {
                    hearing.tell(&json!({ "jsonrpc": "2.0", "id": at, "method": "elicitation/create", "params": params }));
                }
                ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(events)).into_response()
            }
            "POST /mcp" => {
                let body = &asked.body;
                let heard = if body["error"].is_null() { &body["result"] } else { &body["error"]["code"] };
                hearing.heard.push(heard.clone());
                if hearing.heard.len() == questions.len() {
                    let result = json!({ "content": [], "structuredContent": hearing.heard });
                    hearing.tell(&json!({ "jsonrpc": "2.0", "id": hearing.call, "result": result }));
                }
                StatusCode::ACCEPTED.into_response()
            }
            _ => older(asked),
        }
    })
    .await
}

/// A server of the modern era: ends the first round with all this, and answers the second with what it heard.
async fn modern_asking(questions: Vec<Value>) -> Peer {
    Peer::serving(move |asked| modern_answer(&questions, asked)).await
}

pub(super) fn modern_answer(questions: &[Value], asked: &Asked) -> Response {
    let params = &asked.body["params"];
    match (asked.what.as_str(), params["inputResponses"].as_object()) {
        ("tools/call", None) => {
            let named = |(at, params): (usize, &Value)| {
                (
                    format!("q{at:04}"),
                    json!({ "method": "elicitation/create", "params": params }),
                )
            };
            let requests: Map<_, _> = questions.iter().enumerate().map(named).collect();
            asked.result(
                &json!({ "resultType": "input_required", "inputRequests": requests, "requestState": "s" }),
            )
        }
        ("tools/call", Some(heard)) => {
            assert_eq!(params["requestState"], "s", "it is echoed");
            let heard: Vec<_> = heard.values().collect();
            asked.result(&json!({ "resultType": "complete", "content": [], "structuredContent": heard }))
        }
        _ => modern(asked),
    }
}

/// Servers of both eras that ask all this.
async fn both(questions: &[Value]) -> [Open; 2] {
    let questions = questions.to_vec();
    [
        Open::to(older_asking(questions.clone()).await).await,
        Open::to(modern_asking(questions).await).await,
    ]
}

pub(super) type Call = JoinHandle<Result<ToolAnswer, CallError>>;

pub(super) struct Open {
    pub(super) world: Arc<World>,
    pub(super) peer: Peer,
    pub(super) id: ServerId,
}

impl Open {
    pub(super) async fn to(peer: Peer) -> Self {
        let world = Arc::new(World::new().await);
        let id = world.add(&peer, Some(AuthKind::Open)).await;
        assert_eq!(world.connect(id).await, Connection::Ready);
        Self { world, peer, id }
    }

    pub(super) fn call(&self) -> Call {
        let (world, id) = (Arc::clone(&self.world), self.id);
        tokio::spawn(async move { world.connections.call_tool(id, "echo", Map::new()).await })
    }

    /// Waits until there is, or is no, question.
    async fn question(&self, wanted: impl Fn(&Option<connect::Asked>) -> bool) -> Option<connect::Asked> {
        let mut news = self.world.connections.news();
        loop {
            let question = self.world.connections.question(self.id);
            if wanted(&question) {
                return question;
            }
            news.recv().await.expect("the connections live");
        }
    }

    pub(super) async fn asked(&self) -> connect::Asked {
        self.question(Option::is_some).await.expect("it is there")
    }

    pub(super) fn answer(&self, question: QuestionId, answer: &Value) -> Result<(), AnswerError> {
        let answer = answer.as_object().expect("an object").clone();
        self.world.connections.answer(self.id, question, answer)
    }

    fn cancel(&self, question: QuestionId) {
        let cancelled = self.world.connections.cancel_question(self.id, question);
        cancelled.expect("it waits");
    }

    pub(super) fn calls(&self) -> Option<usize> {
        counted(&self.peer.posts()).get("tools/call").copied()
    }
}

/// What the server heard, as it says in its answer.
pub(super) async fn heard(call: Call) -> Value {
    let answer = call.await.expect("no panic").expect("the tool answers");
    answer.structured.expect("it says what it heard")
}

#[tokio::test]
async fn an_answer_reaches_the_call_that_asked_for_it() {
    for open in both(&[form()]).await {
        let call = open.call();
        let asked = open.asked().await;
        assert_eq!((asked.tool.as_deref(), asked.more), (Some("echo"), 0));
        assert_eq!(asked.question.message, "Who are you?");
        assert_eq!(open.answer(asked.id, &json!({ "name": "Ada" })), Ok(()));
        assert_eq!(
            heard(call).await,
            json!([{ "action": "accept", "content": { "name": "Ada" } }])
        );
        assert_eq!(open.world.connections.question(open.id), None);
    }
}

#[tokio::test]
async fn the_server_is_told_that_forms_and_nothing_else_can_be_asked() {
    let [older, modern] = both(&[]).await;
    let asked = |peer: &Peer, what: &str| {
        let asked = peer.asked().into_iter().find(|asked| asked.what == what);
        asked.expect("it was asked").body["params"].clone()
    };
    let offered = json!({ "elicitation": { "form": {} } });
    assert_eq!(asked(&older.peer, "initialize")["capabilities"], offered);
    let about_us = asked(&modern.peer, "tools/list")["_meta"].clone();
    assert_eq!(about_us["io.modelcontextprotocol/clientCapabilities"], offered);
}

#[tokio::test]
async fn declining_and_cancelling_are_told_apart() {
    for open in both(&[form()]).await {
        let call = open.call();
        let asked = open.asked().await;
        let declined = open.world.connections.decline_question(open.id, asked.id);
        assert_eq!(declined, Ok(()));
        assert_eq!(heard(call).await, json!([{ "action": "decline" }]));
    }
    for open in both(&[form()]).await {
        let call = open.call();
        open.cancel(open.asked().await.id);
        assert_eq!(heard(call).await, json!([{ "action": "cancel" }]));
    }
}

#[tokio::test]
async fn several_questions_wait_for_one_another() {
    for open in both(&[form(), form(), form()]).await {
        let call = open.call();
        for more in [2, 1, 0] {
            let next =
                |asked: &Option<connect::Asked>| asked.as_ref().is_some_and(|asked| asked.more == more);
            let asked = open.question(next).await.expect("it is there");
            let answered = open.answer(asked.id, &json!({ "name": "Ada", "age": more }));
            assert_eq!(answered, Ok(()));
        }
        let heard = heard(call).await;
        let heard = heard.as_array().expect("a list").iter();
        assert!(heard.clone().all(|one| one["action"] == "accept"), "{heard:?}");
        assert_eq!(heard.len(), 3);
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_not_sent() {
    for open in both(&[form()]).await {
        let call = open.call();
        let asked = open.asked().await;
        for unfit in [
            json!({}),
            json!({ "name": 7 }),
            json!({ "name": "Ada", "more": 1 }),
        ] {
            let refused = open.answer(asked.id, &unfit);
            assert!(matches!(refused, Err(AnswerError::Unfit { .. })), "{unfit}");
        }
        assert_eq!(
            open.answer(asked.id, &json!({ "name": "Ada" })),
            Ok(()),
            "it still waits"
        );
        assert_eq!(heard(call).await[0]["content"], json!({ "name": "Ada" }));
        assert_eq!(
            open.answer(asked.id, &json!({ "name": "Ada" })),
            Err(AnswerError::Gone)
        );
    }
}

#[tokio::test]
async fn an_answer_to_a_call_that_is_gone_goes_nowhere() {
    for open in both(&[form()]).await {
        let call = open.call();
        let asked = open.asked().await;
        call.abort();
        open.question(Option::is_none).await;
        assert_eq!(
            open.answer(asked.id, &json!({ "name": "Ada" })),
            Err(AnswerError::Gone)
        );
        assert_eq!(open.calls(), Some(1), "no second round");
    }
}

#[tokio::test]
async fn disconnecting_cancels_what_is_asked() {
    let open = Open::to(older_asking(vec![form()]).await).await;
    let call = open.call();
    let asked = open.asked().await;
    open.world.connections.close(open.id).await;
    assert_eq!(
        open.answer(asked.id, &json!({ "name": "Ada" })),
        Err(AnswerError::Gone)
    );
    call.await.expect("no panic").expect_err("its connection is gone");
    open.peer.was_asked("POST /mcp", 1).await;
    let replies = open
        .peer
        .asked()
        .into_iter()
        .filter(|asked| asked.what == "POST /mcp");
    let actions: Vec<_> = replies
        .map(|asked| asked.body["result"]["action"].clone())
        .collect();
    assert_eq!(actions, ["cancel"]);
}

#[tokio::test]
async fn a_question_that_the_server_takes_back_is_gone() {
    let stream = |asked: &Asked| {
        let ask = json!({ "jsonrpc": "2.0", "id": "a", "method": "elicitation/create", "params": form() });
        let take_back =
            json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": "a" } });
        let result = json!({ "jsonrpc": "2.0", "id": asked.body["id"], "result": { "content": [] } });
        super::opens::stream(&[ask, take_back, result])
    };
    let answers = move |asked: &Asked| match asked.what.as_str() {
        "tools/call" => stream(asked),
        "POST /mcp" => StatusCode::ACCEPTED.into_response(),
        _ => older(asked),
    };
    let open = Open::to(Peer::serving(answers).await).await;
    open.call().await.expect("no panic").expect("the tool answers");
    open.question(Option::is_none).await;
}

#[tokio::test]
async fn s52_a_page_that_a_server_wants_opened_is_not_opened() {
    let page =
        json!({ "mode": "url", "message": "Pay here", "url": "https://evil.example/", "elicitationId": "1" });
    let [older, modern] = both(&[page]).await;
    assert_eq!(heard(older.call()).await, json!([-32602]), "it was not offered");
    assert_eq!(heard(modern.call()).await, json!([{ "action": "decline" }]));
}

#[tokio::test]
async fn s07_what_is_no_flat_form_is_no_question() {
    let nested = json!({ "a": { "type": "object", "properties": { "b": { "type": "string" } } } });
    for properties in [
        nested,
        json!({ "a": { "type": "null" } }),
        json!({ "a": 7 }),
        json!([]),
        json!({ "a": { "type": "string", "default": 7 } }),
    ] {
        let odd =
            json!({ "message": "?", "requestedSchema": { "type": "object", "properties": properties } });
        let [older, modern] = both(&[odd]).await;
        assert_eq!(heard(older.call()).await, json!([-32602]), "{properties}");
        let ended = modern.call().await.expect("no panic");
        assert_eq!(
            ended,
            Err(CallError::Failed(ConnectError::NotMcp)),
            "{properties}"
        );
    }
}

#[tokio::test]
async fn s07_a_form_that_cannot_be_shown_whole_is_cancelled_unseen() {
    let field = |at: usize| (format!("f{at}"), json!({ "type": "boolean" }));
    let properties: Map<_, _> = (0..5000).map(field).collect();
    let huge = json!({ "message": "?", "requestedSchema": { "type": "object", "properties": properties } });
    let mut wordy = form();
    wordy["message"] = json!("m".repeat(2001));
    for question in [huge, wordy] {
        for open in both(&[question]).await {
            assert_eq!(heard(open.call()).await, json!([{ "action": "cancel" }]));
        }
    }
}

#[tokio::test]
async fn s07_a_thousand_questions_are_one_click_away_from_silence() {
    for open in both(&vec![form(); 1000]).await {
        let call = open.call();
        let full = |asked: &Option<connect::Asked>| asked.as_ref().is_some_and(|asked| asked.more == 19);
        let asked = open.question(full).await.expect("twenty wait");
        open.cancel(asked.id);
        let heard = heard(call).await;
        let heard = heard.as_array().expect("a list");
        assert_eq!(heard.len(), 1000);
        assert!(
            heard.iter().all(|one| one["action"] == "cancel"),
            "nobody has answered"
        );
    }
}

#[tokio::test]
async fn nobody_is_asked_outside_a_call() {
    let answers = |asked: &Asked| match asked.what.as_str() {
        "GET /mcp" => {
            let ask =
                json!({ "jsonrpc": "2.0", "id": "a", "method": "elicitation/create", "params": form() });
            super::opens::stream(&[ask])
        }
        "POST /mcp" => StatusCode::ACCEPTED.into_response(),
        _ => older(asked),
    };
    let open = Open::to(Peer::serving(answers).await).await;
    open.peer.was_asked("POST /mcp", 1).await;
    let asked = open.peer.asked();
    let reply = asked
        .iter()
        .find(|asked| asked.what == "POST /mcp")
        .expect("it was heard");
    assert_eq!(reply.body["result"]["action"], "cancel");
}
