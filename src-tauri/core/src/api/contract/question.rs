//! What a server asks in the middle of a call (MCP 2025-11-25 and 2026-07-28, elicitation).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

/// A question that waits for the person. The words are the server's: bounded, with what would hide in them made visible.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuestionView {
    /// Identifier.
    pub id: String,
    /// Name of the tool that asks; `None` if several run and the server does not say which it is.
    pub tool: Option<String>,
    /// What the server says, at most 2,000 characters, in lines.
    pub message: String,
    /// JSON Schema of the answer: an object of at most 40 flat properties, each with a title. None where a yes is all
    /// that is wanted.
    #[ts(type = "Record<string, unknown>")]
    pub schema: Value,
    /// How many more questions of the server wait behind it.
    pub more: u32,
}

/// Names a question.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuestionRef {
    /// Identifier of the server.
    pub server: String,
    /// Identifier of the question.
    pub question: String,
}

/// What the person answers.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AnswerQuestion {
    /// Which question.
    pub question: QuestionRef,
    /// The answer, as the question's schema wants it.
    #[ts(type = "Record<string, unknown>")]
    pub answer: Map<String, Value>,
}
