//! Reading questions and checking answers.

use rmcp::model::ElicitationSchema;
use serde_json::{Value, json};

use super::*;

fn asked(properties: Value, required: &[&str]) -> Option<Question> {
    let schema = json!({ "type": "object", "properties": properties, "required": required });
    let schema: ElicitationSchema = serde_json::from_value(schema).expect("the test's form is one");
    Question::read("What is it?", &schema)
}

/// Tells which field an answer does not fit.
fn unfit(question: &Question, answer: &Value) -> Option<String> {
    let answer = answer.as_object().expect("the test's answer is an object");
    question.check(answer).err().map(|unfit| unfit.field)
}

fn takes(property: Value, value: Value) -> bool {
    let question = asked(json!({ "it": property }), &[]).expect("it can be shown");
    unfit(&question, &json!({ "it": value })).is_none()
}

fn default_of(property: Value) -> Option<Value> {
    let question = asked(json!({ "it": property }), &[]).expect("it can be shown");
    question.fields[0].kind.default()
}

#[test]
fn an_answer_has_what_is_required_and_nothing_that_was_not_asked_for() {
    let properties =
        json!({ "name": { "type": "string", "title": "Your name" }, "age": { "type": "integer" } });
    let question = asked(properties, &["name"]).expect("it can be shown");
    assert_eq!(unfit(&question, &json!({ "name": "Ada" })), None);
    assert_eq!(
        unfit(&question, &json!({ "age": 30 })).as_deref(),
        Some("Your name")
    );
    assert_eq!(
        unfit(&question, &json!({ "name": null })).as_deref(),
        Some("Your name")
    );
    let more = json!({ "name": "Ada", "password": "x" });
    assert_eq!(unfit(&question, &more).as_deref(), Some("password"));
}

#[test]
fn each_kind_of_field_takes_what_it_asks_for_and_nothing_else() {
    let colours = json!({ "type": "array", "minItems": 1, "maxItems": 2, "items": { "type": "string", "enum": ["r", "g", "b"] } });
    for (property, good, bad) in [
        (json!({ "type": "string" }), json!("x"), json!(1)),
        (
            json!({ "type": "string", "minLength": 2 }),
            json!("äö"),
            json!("ä"),
        ),
        (
            json!({ "type": "string", "maxLength": 2 }),
            json!("äö"),
            json!("äöü"),
        ),
        (
            json!({ "type": "string", "format": "email" }),
            json!("a@b"),
            json!("a"),
        ),
        (
            json!({ "type": "string", "format": "date" }),
            json!("2026-11-29"),
            json!("29.11."),
        ),
        (
            json!({ "type": "number", "minimum": 0.5, "maximum": 2 }),
            json!(2),
            json!(2.01),
        ),
        (json!({ "type": "number" }), json!(-0.5), json!("1")),
        (json!({ "type": "integer", "minimum": 1 }), json!(1), json!(0)),
        (json!({ "type": "integer" }), json!(1), json!(1.5)),
        (json!({ "type": "boolean" }), json!(false), json!("no")),
        (
            json!({ "type": "string", "enum": ["a", "b"] }),
            json!("b"),
            json!("c"),
        ),
        (
            json!({ "type": "string", "oneOf": [{ "const": "a", "title": "A" }] }),
            json!("a"),
            json!("A"),
        ),
        (
            json!({ "type": "string", "enum": ["a"], "enumNames": ["A"] }),
            json!("a"),
            json!("A"),
        ),
        (colours.clone(), json!(["r", "b"]), json!([])),
        (colours.clone(), json!(["g"]), json!(["r", "g", "b"])),
        (colours.clone(), json!(["g"]), json!(["g", "g"])),
        (colours, json!(["g"]), json!(["x"])),
    ] {
        assert!(takes(property.clone(), good.clone()), "{property} takes {good}");
        assert!(
            !takes(property.clone(), bad.clone()),
            "{property} does not take {bad}"
        );
    }
}

#[test]
fn sep1034_defaults_of_every_kind_are_kept() {
    for (property, default) in [
        (json!({ "type": "string", "default": "Jane" }), json!("Jane")),
        (json!({ "type": "number", "default": 95.5 }), json!(95.5)),
        (json!({ "type": "integer", "default": 30 }), json!(30)),
        (json!({ "type": "boolean", "default": true }), json!(true)),
        (
            json!({ "type": "string", "enum": ["a", "b"], "default": "b" }),
            json!("b"),
        ),
        (
            json!({ "type": "array", "items": { "anyOf": [{ "const": "a", "title": "A" }] }, "default": ["a"] }),
            json!(["a"]),
        ),
    ] {
        assert_eq!(default_of(property.clone()), Some(default), "{property}");
    }
}

#[test]
fn s52_a_default_that_could_not_be_answered_or_seen_is_none() {
    for property in [
        json!({ "type": "string", "enum": ["a"], "default": "b" }),
        json!({ "type": "integer", "maximum": 5, "default": 6 }),
        json!({ "type": "string", "format": "email", "default": "nobody" }),
        json!({ "type": "string", "default": "pay\u{202e}pal" }),
        json!({ "type": "string", "default": "x".repeat(3000) }),
    ] {
        assert_eq!(default_of(property.clone()), None, "{property}");
    }
}

/// A question whose message, description, title, and title of a choice have so many characters.
fn wordy([message, description, title, choice]: [usize; 4]) -> Option<Question> {
    let words = |length: usize| "w".repeat(length);
    let property = json!({ "type": "string", "title": words(title), "description": words(description),
                           "oneOf": [{ "const": "a", "title": words(choice) }] });
    let schema = json!({ "type": "object", "properties": { "it": property } });
    let schema: ElicitationSchema = serde_json::from_value(schema).expect("a form");
    Question::read(&words(message), &schema)
}

#[test]
fn s52_the_servers_words_hide_nothing() {
    let property = json!({ "type": "string", "title": "Na\u{202e}me\n", "description": "one\ntwo\u{7}",
                           "oneOf": [{ "const": "a", "title": "\u{1b}[31mred" }] });
    let question = asked(json!({ "it": property }), &[]).expect("it can be shown");
    let field = &question.fields[0];
    assert_eq!(field.title, "Na\u{fffd}me");
    assert_eq!(field.description.as_deref(), Some("one\ntwo\u{fffd}"));
    assert_eq!(field.kind.options()[0].title, "\u{fffd}[31mred");
}

#[test]
fn s52_the_servers_words_are_shown_whole_or_not_at_all() {
    let most = [2000, 500, 120, 120];
    assert!(wordy(most).is_some(), "so much is shown");
    for at in 0..most.len() {
        let mut more = most;
        more[at] += 1;
        assert_eq!(wordy(more), None, "{more:?}");
    }
    let unnamed = json!({ "n".repeat(121): { "type": "boolean" } });
    assert_eq!(asked(unnamed, &[]), None, "a name that stands for the title");
}

#[test]
fn s07_what_could_only_be_shown_in_part_is_no_question() {
    let many = |count: usize| -> Value {
        let field = |at| (format!("f{at}"), json!({ "type": "boolean" }));
        (0..count).map(field).collect::<serde_json::Map<_, _>>().into()
    };
    assert!(asked(many(40), &[]).is_some(), "forty fields are shown");
    assert_eq!(asked(many(41), &[]), None);
    let choices = |count: usize| -> Vec<_> { (0..count).map(|at| at.to_string()).collect() };
    let choosing = |count| json!({ "a": { "type": "string", "enum": choices(count) }, "b": { "type": "string", "enum": choices(100) } });
    assert!(
        asked(choosing(100), &[]).is_some(),
        "two hundred choices are shown"
    );
    assert_eq!(asked(choosing(101), &[]), None);
    for name in ["__proto__", "a\nb", "pay\u{202e}pal", &"n".repeat(201)] {
        assert_eq!(
            asked(json!({ name: { "type": "boolean" } }), &[]),
            None,
            "{name:?}"
        );
    }
    assert_eq!(
        asked(
            json!({ "a": { "type": "string", "enum": ["v".repeat(201)] } }),
            &[]
        ),
        None
    );
}

#[test]
fn fields_stand_in_the_servers_order() {
    let properties =
        json!({ "zip": { "type": "string" }, "city": { "type": "string" }, "age": { "type": "integer" } });
    let question = asked(properties, &[]).expect("it can be shown");
    let names: Vec<_> = question.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["zip", "city", "age"]);
}
