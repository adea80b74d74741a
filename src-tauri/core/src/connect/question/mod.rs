//! A question that a server asks in the middle of a call: its words, a form of a few flat fields, and what answers it.
//!
//! The words are the server's, bounded and with nothing hidden in them. What could only be shown in part is no question:
//! an answer to it would not be an answer to what was asked.
//!
//! Follows MCP 2025-11-25 and 2026-07-28, elicitation (form mode).

mod format;
mod read;

use rmcp::model::JsonObject;
use serde_json::Value;

pub use format::TextFormat;

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What the server says: at most 2,000 characters, in lines.
    pub message: String,
    /// What it asks for, at most 40 things in the server's order; none where a yes is all it wants.
    pub fields: Vec<Field>,
}

/// One thing that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// Its name in the answer.
    pub name: String,
    /// What the server calls it: one line, at most 120 characters.
    pub title: String,
    /// What the server says about it, at most 500 characters, in lines.
    pub description: Option<String>,
    /// Whether an answer must have it.
    pub required: bool,
    /// What it may be.
    pub kind: FieldKind,
}

/// What a field may be. A default is one that the field itself would take.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldKind {
    /// A text.
    Text {
        /// The fewest characters.
        at_least: Option<u32>,
        /// The most characters.
        at_most: Option<u32>,
        /// How it is written.
        format: Option<TextFormat>,
        /// What it is at first.
        default: Option<String>,
    },
    /// A number.
    Number {
        /// The smallest.
        minimum: Option<f64>,
        /// The largest.
        maximum: Option<f64>,
        /// What it is at first.
        default: Option<f64>,
    },
    /// A whole number.
    Integer {
        /// The smallest.
        minimum: Option<i64>,
        /// The largest.
        maximum: Option<i64>,
        /// What it is at first.
        default: Option<i64>,
    },
    /// Yes or no.
    YesNo {
        /// What it is at first.
        default: Option<bool>,
    },
    /// One of several.
    One {
        /// Which.
        options: Vec<Choice>,
        /// What it is at first.
        default: Option<String>,
    },
    /// Any of several, each once.
    Several {
        /// Which.
        options: Vec<Choice>,
        /// The fewest of them.
        at_least: Option<u64>,
        /// The most of them.
        at_most: Option<u64>,
        /// What it is at first.
        default: Option<Vec<String>>,
    },
}

/// One of the things to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the answer says for it.
    pub value: String,
    /// What the server calls it: one line, at most 120 characters.
    pub title: String,
}

/// An answer is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the answer does not fit the question")]
pub struct Unfit {
    /// What the server calls the first thing that is missing or wrong.
    pub field: String,
}

impl Question {
    /// Checks an answer: everything that is required, nothing that was not asked for, each as it was asked for.
    pub fn check(&self, answer: &JsonObject) -> Result<(), Unfit> {
        let asked_for = |name: &&String| self.fields.iter().any(|field| field.name == **name);
        if let Some(name) = answer.keys().find(|name| !asked_for(name)) {
            return Err(Unfit { field: name.clone() });
        }
        let unfit = self
            .fields
            .iter()
            .find(|field| !field.takes(answer.get(&field.name)));
        unfit.map_or(Ok(()), |field| {
            Err(Unfit {
                field: field.title.clone(),
            })
        })
    }
}

impl Field {
    fn takes(&self, value: Option<&Value>) -> bool {
        value.map_or(!self.required, |value| self.kind.takes(value))
    }
}

impl FieldKind {
    fn takes(&self, value: &Value) -> bool {
        match self {
            Self::Text {
                at_least,
                at_most,
                format,
                ..
            } => value.as_str().is_some_and(|text| {
                let length = text.chars().count();
                within(length, at_least.map(size), at_most.map(size))
                    && format.is_none_or(|format| format.fits(text))
            }),
            Self::Number { minimum, maximum, .. } => value
                .as_f64()
                .is_some_and(|number| within(number, *minimum, *maximum)),
            Self::Integer { minimum, maximum, .. } => value
                .as_i64()
                .is_some_and(|number| within(number, *minimum, *maximum)),
            Self::YesNo { .. } => value.is_boolean(),
            Self::One { options, .. } => value.as_str().is_some_and(|value| offers(options, value)),
            Self::Several {
                options,
                at_least,
                at_most,
                ..
            } => value.as_array().is_some_and(|chosen| {
                let each_once = |(at, one): (usize, &Value)| {
                    one.as_str().is_some_and(|one| offers(options, one)) && !chosen[..at].contains(one)
                };
                within(chosen.len() as u64, *at_least, *at_most) && chosen.iter().enumerate().all(each_once)
            }),
        }
    }
}

fn within<T: PartialOrd>(value: T, least: Option<T>, most: Option<T>) -> bool {
    least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most)
}

fn size(length: u32) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

fn offers(options: &[Choice], value: &str) -> bool {
    options.iter().any(|option| option.value == value)
}

#[cfg(test)]
mod tests;
