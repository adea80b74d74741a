//! Reads a question out of what a server sent.

use rmcp::model::ElicitationSchema;
use serde_json::Value;

use super::{Choice, Field, FieldKind, Question, TextFormat};
use crate::base::foreign;

/// The most characters of what a server says.
const MESSAGE_LIMIT: usize = 2000;
/// The most characters of a title.
const TITLE_LIMIT: usize = 120;
/// The most characters of a description.
const DESCRIPTION_LIMIT: usize = 500;
/// The most fields of a form.
const MOST_FIELDS: usize = 40;
/// The most things to choose from, in all fields together.
const MOST_OPTIONS: usize = 200;
/// The most bytes of a name or a value that goes back as it came.
const KEY_LIMIT: usize = 200;

impl Question {
    /// Reads a question; `None` if any of it is more than can be shown whole.
    pub fn read(message: &str, schema: &ElicitationSchema) -> Option<Self> {
        // What rmcp could read is flat and of known types, and goes back into JSON with nothing else in it.
        let schema = serde_json::to_value(schema).ok()?;
        let properties = schema["properties"].as_object()?;
        if properties.len() > MOST_FIELDS {
            return None;
        }
        let required: Vec<_> = strings(&schema["required"]);
        let fields = properties
            .iter()
            .map(|(name, property)| field(name, property, required.contains(name)));
        let fields = fields.collect::<Option<Vec<_>>>()?;
        let message = foreign::whole_lines(message, MESSAGE_LIMIT)?;
        let options: usize = fields.iter().map(|field| field.kind.options().len()).sum();
        (options <= MOST_OPTIONS).then_some(Self { message, fields })
    }
}

fn field(name: &str, property: &Value, required: bool) -> Option<Field> {
    let kind = kind(property)?;
    let whole = is_name(name)
        && kind
            .options()
            .iter()
            .all(|option| option.value.len() <= KEY_LIMIT);
    if !whole {
        return None;
    }
    let description = match property["description"].as_str() {
        Some(text) => Some(foreign::whole_lines(text, DESCRIPTION_LIMIT)?),
        None => None,
    };
    Some(Field {
        name: name.to_owned(),
        title: titled(&property["title"], name)?,
        description,
        required,
        kind: kind.with_fitting_default(),
    })
}

/// Tells whether a name can go through a window unharmed: in JavaScript, one name is not like the others.
fn is_name(name: &str) -> bool {
    name.len() <= KEY_LIMIT && name != "__proto__" && !name.chars().any(foreign::is_hidden)
}

fn kind(property: &Value) -> Option<FieldKind> {
    let default = &property["default"];
    Some(match property["type"].as_str()? {
        "string" if chooses(property) => FieldKind::One {
            options: options(property)?,
            default: default.as_str().map(str::to_owned),
        },
        "string" => FieldKind::Text {
            at_least: small(&property["minLength"]),
            at_most: small(&property["maxLength"]),
            format: format(&property["format"]),
            default: default.as_str().map(str::to_owned),
        },
        "number" => FieldKind::Number {
            minimum: property["minimum"].as_f64(),
            maximum: property["maximum"].as_f64(),
            default: default.as_f64(),
        },
        "integer" => FieldKind::Integer {
            minimum: property["minimum"].as_i64(),
            maximum: property["maximum"].as_i64(),
            default: default.as_i64(),
        },
        "boolean" => FieldKind::YesNo {
            default: default.as_bool(),
        },
        "array" => FieldKind::Several {
            options: options(&property["items"])?,
            at_least: property["minItems"].as_u64(),
            at_most: property["maxItems"].as_u64(),
            default: default.is_array().then(|| strings(default)),
        },
        _ => return None,
    })
}

/// Tells whether there is something to choose from; what cannot be shown of that makes no free text of it.
fn chooses(schema: &Value) -> bool {
    ["enum", "oneOf", "anyOf"]
        .iter()
        .any(|list| schema[*list].is_array())
}

/// Reads what there is to choose from, in each of the forms that this has had: bare values, values with names beside
/// them, values with titles.
fn options(schema: &Value) -> Option<Vec<Choice>> {
    if let Some(values) = schema["enum"].as_array() {
        let choice = |(at, value): (usize, &Value)| choice(value, &schema["enumNames"][at]);
        return values.iter().enumerate().map(choice).collect();
    }
    let titled = schema["oneOf"].as_array().or(schema["anyOf"].as_array())?;
    titled
        .iter()
        .map(|one| choice(&one["const"], &one["title"]))
        .collect()
}

fn choice(value: &Value, title: &Value) -> Option<Choice> {
    let value = value.as_str()?;
    Some(Choice {
        title: titled(title, value)?,
        value: value.to_owned(),
    })
}

/// Gives a title, or else what stands for it; `None` if that is too long.
fn titled(title: &Value, otherwise: &str) -> Option<String> {
    let title = title.as_str().filter(|title| !title.trim().is_empty());
    foreign::whole_line(title.unwrap_or(otherwise), TITLE_LIMIT)
}

fn format(name: &Value) -> Option<TextFormat> {
    match name.as_str()? {
        "email" => Some(TextFormat::Email),
        "uri" => Some(TextFormat::Uri),
        "date" => Some(TextFormat::Date),
        "date-time" => Some(TextFormat::DateTime),
        _ => None,
    }
}

fn small(number: &Value) -> Option<u32> {
    number.as_u64().and_then(|number| number.try_into().ok())
}

fn strings(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|one| one.as_str().map(str::to_owned)).collect()
}

impl FieldKind {
    /// Gives what there is to choose from.
    pub(super) fn options(&self) -> &[Choice] {
        match self {
            Self::One { options, .. } | Self::Several { options, .. } => options,
            Self::Text { .. } | Self::Number { .. } | Self::Integer { .. } | Self::YesNo { .. } => &[],
        }
    }

    /// Leaves out a default that the field would not take as an answer, or that would fill in something unseen.
    fn with_fitting_default(mut self) -> Self {
        let unfit = self
            .default()
            .is_some_and(|default| !self.takes(&default) || hides(&default));
        if unfit {
            match &mut self {
                Self::Text { default, .. } | Self::One { default, .. } => *default = None,
                Self::Number { default, .. } => *default = None,
                Self::Integer { default, .. } => *default = None,
                Self::YesNo { default } => *default = None,
                Self::Several { default, .. } => *default = None,
            }
        }
        self
    }

    /// Gives what it is at first, as an answer would say it.
    pub fn default(&self) -> Option<Value> {
        match self {
            Self::Text { default, .. } | Self::One { default, .. } => default.clone().map(Value::from),
            Self::Number { default, .. } => default.map(Value::from),
            Self::Integer { default, .. } => default.map(Value::from),
            Self::YesNo { default } => default.map(Value::from),
            Self::Several { default, .. } => default.clone().map(Value::from),
        }
    }
}

fn hides(default: &Value) -> bool {
    let text = default.as_str();
    text.is_some_and(|text| text.len() > MESSAGE_LIMIT || text.chars().any(foreign::is_hidden))
}
