//! A tool asks something in the middle of its call: the person answers, and the answer of the tool comes where it was
//! asked for.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use usher_core::api::contract::{AppError, ErrorCode};
use usher_tests::{Door, Furniture, HandClock, Home, McpServer, Rules};

/// A home with a connected server whose tool asks.
struct Scene {
    home: Home,
    _server: McpServer,
    id: String,
}

impl Scene {
    async fn set(older: bool) -> Self {
        Self::with(older, Furniture::default()).await
    }

    async fn with(older: bool, furniture: Furniture) -> Self {
        let server = McpServer::open(Rules {
            older,
            ..Door::Open.into()
        })
        .await;
        let home = Home::with(furniture).await;
        let id = home.add(&server.url()).await;
        home.connect(&id).await;
        home.state(&id, "ready").await;
        Self {
            home,
            _server: server,
            id,
        }
    }

    /// Runs the tool, as the window does, and goes on with the story meanwhile.
    fn run(&self, arguments: Value) -> JoinHandle<Result<Value, AppError>> {
        let call = json!({ "server": self.id, "tool": "ask", "arguments": arguments });
        let app = self.home.app();
        tokio::spawn(async move { app.call(json!({ "name": "callTool", "argument": call })).await })
    }

    /// Waits until the person is asked.
    async fn asked(&self) -> Value {
        let asked = |server: &Value| !server["question"].is_null();
        self.home.until(&self.id, asked).await["question"].clone()
    }

    async fn silent(&self) {
        self.home
            .until(&self.id, |server| server["question"].is_null())
            .await;
    }

    fn named(&self, question: &Value) -> Value {
        json!({ "server": self.id, "question": question["id"] })
    }

    async fn answer(&self, question: &Value, answer: Value) -> Result<Value, AppError> {
        let answer = json!({ "question": self.named(question), "answer": answer });
        self.home.call("answerQuestion", answer).await
    }
}

/// Gives what the tool heard.
async fn heard(call: JoinHandle<Result<Value, AppError>>) -> Value {
    let answer = call.await.expect("the app does not panic");
    answer.expect("the tool answers")["structured"]["heard"].clone()
}

/// Gives a form as it is filled in at first, which is what a window sends of one that nobody has changed.
fn filled_in(question: &Value) -> Value {
    let properties = question["schema"]["properties"].as_object().expect("a form");
    let defaults = properties
        .iter()
        .filter(|(_, property)| !property["default"].is_null());
    defaults
        .map(|(name, property)| (name.clone(), property["default"].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[tokio::test]
async fn sep1034_a_question_is_shown_filled_in_and_its_answer_goes_to_the_tool() {
    for older in [false, true] {
        let scene = Scene::set(older).await;
        let call = scene.run(json!({}));
        let asked = scene.asked().await;
        assert_eq!(asked["tool"], "ask");
        assert_eq!(asked["message"], "How shall your order be?");
        assert_eq!(asked["more"], 0);
        let mut answer = filled_in(&asked);
        let defaults = json!({ "size": "M", "count": 1, "weight": 0.5, "extras": ["box"], "gift": true });
        assert_eq!(
            answer, defaults,
            "what the server guesses, and nothing it leaves open"
        );
        answer["engraving"] = json!("Ada");
        scene.answer(&asked, answer.clone()).await.expect("it fits");
        assert_eq!(
            heard(call).await,
            json!([{ "action": "accept", "content": answer }])
        );
        scene.silent().await;
    }
}

#[tokio::test]
async fn nobody_answers_but_the_person() {
    for older in [false, true] {
        let scene = Scene::set(older).await;
        let call = scene.run(json!({}));
        let asked = scene.asked().await;
        scene.home.good("declineQuestion", scene.named(&asked)).await;
        assert_eq!(heard(call).await, json!([{ "action": "decline" }]));
        let call = scene.run(json!({ "times": 3 }));
        let asked = scene.asked().await;
        scene.home.good("cancelQuestion", scene.named(&asked)).await;
        let cancelled = json!({ "action": "cancel" });
        assert_eq!(
            heard(call).await,
            json!([cancelled, cancelled, cancelled]),
            "one click ends all"
        );
        assert!(
            scene.home.person().opened().is_empty(),
            "no browser for a question"
        );
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_says_where_and_nothing_is_sent() {
    for older in [false, true] {
        let scene = Scene::set(older).await;
        let call = scene.run(json!({}));
        let asked = scene.asked().await;
        for (unfit, field) in [
            (json!({ "size": "XXL", "count": 1 }), "Size"),
            (json!({ "size": "S", "count": 10 }), "How many"),
            (json!({ "size": "S" }), "How many"),
            (
                json!({ "size": "S", "count": 1, "delivery": "soon" }),
                "Delivery on",
            ),
            (json!({ "size": "S", "count": 1, "password": "x" }), "password"),
        ] {
            let refused = scene.answer(&asked, unfit).await.expect_err("it does not fit");
            assert_eq!(refused.code, ErrorCode::AnswerUnfit);
            assert_eq!(refused.args["field"], field);
        }
        let good = json!({ "size": "S", "count": 2 });
        scene.answer(&asked, good.clone()).await.expect("it still waits");
        assert_eq!(heard(call).await[0]["content"], good);
    }
}

#[tokio::test]
async fn s52_what_a_question_hides_is_visible() {
    let form = json!({ "type": "object", "properties": { "name": { "type": "string", "title": "Na\u{202e}me", "default": "a\u{200b}b" } } });
    for older in [false, true] {
        let scene = Scene::set(older).await;
        let call = scene.run(json!({ "message": "Hello\u{1b}[2J\u{202e} <script>", "form": form }));
        let asked = scene.asked().await;
        assert_eq!(asked["message"], "Hello\u{fffd}[2J\u{fffd} <script>");
        let field = &asked["schema"]["properties"]["name"];
        assert_eq!(field["title"], "Na\u{fffd}me");
        assert_eq!(
            field["default"],
            Value::Null,
            "nothing is sent that nobody could see"
        );
        scene
            .answer(&asked, json!({}))
            .await
            .expect("nothing is required");
        assert_eq!(heard(call).await[0]["content"], json!({}));
    }
}

#[tokio::test]
async fn s52_a_question_that_could_only_be_shown_in_part_is_cancelled_unseen() {
    let titled = |length: usize| json!({ "type": "object", "properties": { "name": { "type": "string", "title": "t".repeat(length) } } });
    for older in [false, true] {
        let scene = Scene::set(older).await;
        for too_long in [
            json!({ "message": "m".repeat(2001) }),
            json!({ "form": titled(121) }),
        ] {
            let call = scene.run(too_long);
            assert_eq!(heard(call).await, json!([{ "action": "cancel" }]));
        }
    }
}

#[tokio::test]
async fn an_answer_after_the_connection_is_gone_goes_nowhere() {
    for older in [false, true] {
        let scene = Scene::set(older).await;
        let call = scene.run(json!({}));
        let asked = scene.asked().await;
        scene.home.good("disconnect", json!({ "id": scene.id })).await;
        scene.silent().await;
        let late = scene.answer(&asked, filled_in(&asked)).await;
        assert_eq!(late.expect_err("nobody waits").code, ErrorCode::QuestionGone);
        for name in ["declineQuestion", "cancelQuestion"] {
            let late = scene.home.call(name, scene.named(&asked)).await;
            assert_eq!(
                late.expect_err("nobody waits").code,
                ErrorCode::QuestionGone,
                "{name}"
            );
        }
        // Whether the server could still answer what it heard is a race that it may win or lose.
        drop(call.await.expect("the app does not panic"));
    }
}

#[tokio::test]
async fn a_question_that_nobody_decides_on_in_ten_minutes_is_cancelled() {
    for older in [false, true] {
        let clock = HandClock::default();
        let furniture = Furniture {
            clock: Arc::new(clock.clone()),
            ..Furniture::default()
        };
        let scene = Scene::with(older, furniture).await;
        let call = scene.run(json!({ "times": 2 }));
        scene.asked().await;
        let mut events = scene.home.app().events();
        while !call.is_finished() {
            // The question may begin its wait a moment after it has told the window.
            clock.advance(Duration::from_secs(600));
            tokio::select! {
                _ = events.recv() => {}
                () = tokio::task::yield_now() => {}
            }
        }
        let cancelled = json!({ "action": "cancel" });
        assert_eq!(heard(call).await, json!([cancelled, cancelled]));
        scene.silent().await;
    }
}

#[tokio::test]
async fn the_questions_of_two_servers_are_two_questions() {
    let scene = Scene::set(false).await;
    let other = McpServer::open(Rules {
        older: true,
        ..Door::Open.into()
    })
    .await;
    let id = scene.home.add(&other.url()).await;
    scene.home.connect(&id).await;
    scene.home.state(&id, "ready").await;
    let call = scene.run(json!({}));
    let asked = scene.asked().await;
    let here = json!({ "server": id, "question": asked["id"] });
    let astray = scene.home.call("cancelQuestion", here).await;
    assert_eq!(
        astray.expect_err("it is not this server's").code,
        ErrorCode::QuestionGone
    );
    assert_eq!(scene.home.server(&id).await["question"], Value::Null);
    scene
        .answer(&asked, filled_in(&asked))
        .await
        .expect("it waits where it was asked");
    heard(call).await;
}

#[tokio::test]
async fn s07_an_older_server_that_asks_for_what_is_no_flat_form_is_told_so() {
    let scene = Scene::set(true).await;
    for properties in [
        json!({ "a": { "type": "object", "properties": {} } }),
        json!({ "a": { "type": "array", "items": { "type": "object" } } }),
        json!({ "a": { "$ref": "https://evil.example/schema" } }),
        json!("none"),
    ] {
        let call = scene.run(json!({ "form": { "type": "object", "properties": properties } }));
        assert_eq!(heard(call).await, json!([{ "error": -32602 }]), "{properties}");
    }
    assert_eq!(scene.home.server(&scene.id).await["question"], Value::Null);
}
