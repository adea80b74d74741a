//! A question as the window's form takes it.

use serde_json::{Map, Value, json};

use crate::{
    api::contract::QuestionView,
    connect::{
        Asked,
        question::{Choice, Field, FieldKind, Question, TextFormat},
    },
};

/// Gives a question that waits.
pub(in super::super) fn question(asked: Asked) -> QuestionView {
    QuestionView {
        id: asked.id.to_string(),
        tool: asked.tool,
        schema: schema(&asked.question),
        message: asked.question.message,
        more: u32::try_from(asked.more).unwrap_or(u32::MAX),
    }
}

/// Writes the form anew from what was read of it, so that nothing else of the server's gets to the window.
fn schema(question: &Question) -> Value {
    let property = |field: &Field| (field.name.clone(), property(field));
    let properties: Map<_, _> = question.fields.iter().map(property).collect();
    let required = question.fields.iter().filter(|field| field.required);
    let required: Vec<_> = required.map(|field| &field.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn property(field: &Field) -> Value {
    let members = with(kind(&field.kind), [("title", Some(field.title.clone().into()))]);
    let description = field.description.clone().map(Value::from);
    with(
        members,
        [("description", description), ("default", field.kind.default())],
    )
}

fn kind(kind: &FieldKind) -> Value {
    match kind {
        FieldKind::Text {
            at_least,
            at_most,
            format,
            ..
        } => with(
            json!({ "type": "string" }),
            [
                ("minLength", at_least.map(Value::from)),
                ("maxLength", at_most.map(Value::from)),
                ("format", format.map(|format| format_name(format).into())),
            ],
        ),
        FieldKind::Number { minimum, maximum, .. } => with(
            json!({ "type": "number" }),
            [
                ("minimum", minimum.map(Value::from)),
                ("maximum", maximum.map(Value::from)),
            ],
        ),
        FieldKind::Integer { minimum, maximum, .. } => with(
            json!({ "type": "integer" }),
            [
                ("minimum", minimum.map(Value::from)),
                ("maximum", maximum.map(Value::from)),
            ],
        ),
        FieldKind::YesNo { .. } => json!({ "type": "boolean" }),
        FieldKind::One { options, .. } => json!({ "type": "string", "oneOf": choices(options) }),
        FieldKind::Several {
            options,
            at_least,
            at_most,
            ..
        } => with(
            json!({ "type": "array", "uniqueItems": true, "items": { "type": "string", "oneOf": choices(options) } }),
            [
                ("minItems", at_least.map(Value::from)),
                ("maxItems", at_most.map(Value::from)),
            ],
        ),
    }
}

/// Adds the members that there are.
fn with<const N: usize>(mut schema: Value, members: [(&str, Option<Value>); N]) -> Value {
    for (name, value) in members {
        if let Some(value) = value {
            schema[name] = value;
        }
    }
    schema
}

fn choices(options: &[Choice]) -> Value {
    let choice = |option: &Choice| json!({ "const": option.value, "title": option.title });
    options.iter().map(choice).collect()
}

const fn format_name(format: TextFormat) -> &'static str {
    match format {
        TextFormat::Email => "email",
        TextFormat::Uri => "uri",
        TextFormat::Date => "date",
        TextFormat::DateTime => "date-time",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives what the window gets of a form.
    fn shown(properties: &Value) -> Value {
        let form = json!({ "type": "object", "properties": properties, "required": ["it"] });
        let form = serde_json::from_value(form).expect("a form");
        schema(&Question::read("?", &form).expect("it can be shown"))["properties"].clone()
    }

    #[test]
    fn s52_the_form_has_what_was_read_and_nothing_else_of_the_servers() {
        let sent = json!({
            "it": { "type": "string", "title": "It", "description": "What\u{202e}?", "minLength": 1, "format": "email",
                    "pattern": "(a+)+$", "$ref": "https://evil.example", "x-html": "<b>" },
            "n": { "type": "integer", "minimum": 1, "maximum": 5, "default": 2 },
            "yes": { "type": "boolean", "default": true },
            "which": { "type": "string", "enum": ["a", "b"], "default": "b" },
            "some": { "type": "array", "items": { "anyOf": [{ "const": "r", "title": "Red" }] }, "maxItems": 1 },
        });
        let expected = json!({
            "it": { "type": "string", "format": "email", "minLength": 1, "title": "It", "description": "What\u{fffd}?" },
            "n": { "type": "integer", "minimum": 1, "maximum": 5, "title": "n", "default": 2 },
            "yes": { "type": "boolean", "title": "yes", "default": true },
            "which": { "type": "string", "oneOf": [{ "const": "a", "title": "a" }, { "const": "b", "title": "b" }],
                       "title": "which", "default": "b" },
            "some": { "type": "array", "uniqueItems": true, "maxItems": 1, "title": "some",
                      "items": { "type": "string", "oneOf": [{ "const": "r", "title": "Red" }] } },
        });
        assert_eq!(shown(&sent), expected);
    }
}
