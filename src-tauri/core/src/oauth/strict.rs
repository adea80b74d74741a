//! JSON objects that read the same for everybody (S7): no name twice in one object, no deep nesting.

use std::fmt;

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value, error::Category};

/// The deepest nesting that is read.
const MAX_DEPTH: usize = 64;

/// Why bytes are not an object to rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// They are no JSON, or JSON of another kind: a page, perhaps.
    NoObject,
    /// They are JSON that two readers could take differently, or made to exhaust one.
    Hostile,
}

/// Reads bytes that must be exactly one JSON object.
pub(super) fn object(json: &[u8]) -> Result<Map<String, Value>, Unfit> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let value = Strict { left: MAX_DEPTH }.deserialize(&mut reader);
    let value = value.map_err(|error| match error.classify() {
        Category::Data => Unfit::Hostile,
        Category::Io | Category::Syntax | Category::Eof => Unfit::NoObject,
    })?;
    match (value, reader.end()) {
        (Value::Object(members), Ok(())) => Ok(members),
        _ => Err(Unfit::NoObject),
    }
}

/// Builds a value while counting levels and refusing repeated names.
#[derive(Clone, Copy)]
struct Strict {
    left: usize,
}

impl Strict {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        let left = self
            .left
            .checked_sub(1)
            .ok_or_else(|| E::custom("nested too deeply"))?;
        Ok(Self { left })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(inner)?;
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a name occurs twice"));
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> String {
        format!("{{\"a\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1))
    }

    #[test]
    fn s07_a_name_that_occurs_twice_is_hostile_at_every_level() {
        for json in [
            r#"{"a":1,"a":1}"#,
            r#"{"b":[{"a":1,"a":2}]}"#,
            r#"{"a":1,"\u0061":2}"#,
        ] {
            assert_eq!(object(json.as_bytes()).err(), Some(Unfit::Hostile), "{json}");
        }
        assert!(object(br#"{"a":{"a":1}}"#).is_ok(), "another level, another name");
    }

    #[test]
    fn s07_sixty_four_levels_are_read_and_no_more() {
        assert!(object(nested(64).as_bytes()).is_ok());
        assert_eq!(object(nested(65).as_bytes()).err(), Some(Unfit::Hostile));
        assert!(object(nested(200_000).as_bytes()).is_err(), "the stack stands");
    }

    #[test]
    fn what_is_no_object_is_no_document() {
        for json in ["", "<html>", "[]", "\"a\"", "7", "{", "{} {}", "{\"a\":1e999}"] {
            assert_eq!(object(json.as_bytes()).err(), Some(Unfit::NoObject), "{json:?}");
        }
        assert_eq!(
            object(b"{\"a\":\"\xff\"}").err(),
            Some(Unfit::NoObject),
            "invalid UTF-8"
        );
    }
}
