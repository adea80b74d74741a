//! JSON objects that read the same for everybody (S7): no name twice in one object, no deep nesting.

use std::{cell::Cell, fmt};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value, error::Category};

use super::flaw::{Flaw, JsonType, Member};

/// The deepest nesting that is read.
const MAX_DEPTH: u32 = 64;
/// What some writers put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads bytes that must be exactly one JSON object.
pub(super) fn object(json: &[u8]) -> Result<Map<String, Value>, Flaw> {
    let text = text(json)?;
    let snag = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_str(text);
    let strict = Strict {
        left: MAX_DEPTH,
        snag: &snag,
    };
    let value = strict.deserialize(&mut reader);
    match value.and_then(|value| reader.end().map(|()| value)) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(other) => Err(Flaw::NotAnObject {
            found: JsonType::of(&other),
        }),
        Err(error) => Err(flaw(text, &error, snag.get())),
    }
}

/// Passes over a byte order mark, as RFC 8259 §8.1 allows and browsers do: some frameworks write one.
pub(super) fn without_mark(json: &[u8]) -> &[u8] {
    json.strip_prefix(BYTE_ORDER_MARK).unwrap_or(json)
}

/// Gives the text. Other encodings of Unicode show by their zero bytes, which are in no JSON.
fn text(json: &[u8]) -> Result<&str, Flaw> {
    let text = std::str::from_utf8(without_mark(json)).map_err(|_| Flaw::NotUtf8)?;
    match text.trim_ascii() {
        "" => Err(Flaw::Empty),
        text if text.contains('\0') => Err(Flaw::NotUtf8),
        _ => Ok(text),
    }
}

/// What makes JSON unfit, whose place the reader knows.
#[derive(Clone, Copy)]
enum Snag {
    TooDeep,
    Repeated(Option<Member>),
}

fn flaw(text: &str, error: &serde_json::Error, snag: Option<Snag>) -> Flaw {
    let place = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let (line, column) = (place(error.line()), place(error.column()));
    match (snag, error.classify()) {
        (Some(Snag::TooDeep), _) => Flaw::TooDeep {
            limit: MAX_DEPTH,
            line,
            column,
        },
        (Some(Snag::Repeated(member)), _) => Flaw::Repeated { member, line, column },
        (None, _) if text.trim_ascii_start().starts_with('<') => Flaw::WebPage,
        (None, Category::Eof) => Flaw::CutShort { line, column },
        (None, Category::Syntax | Category::Data | Category::Io) => Flaw::NotJson { line, column },
    }
}

/// Builds a value while counting levels and refusing repeated names.
#[derive(Clone, Copy)]
struct Strict<'a> {
    left: u32,
    snag: &'a Cell<Option<Snag>>,
}

impl Strict<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        match self.left.checked_sub(1) {
            Some(left) => Ok(Self { left, ..self }),
            None => Err(self.stopped(Snag::TooDeep)),
        }
    }

    /// Leaves what stopped the reading where the reader's own error, which knows the place, is looked at.
    fn stopped<E: Error>(self, snag: Snag) -> E {
        self.snag.set(Some(snag));
        E::custom("not read")
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Value, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
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
            if object.contains_key(&name) {
                return Err(self.stopped(Snag::Repeated(Member::known(&name))));
            }
            let value = members.next_value_seed(inner)?;
            object.insert(name, value);
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

    fn flaw(json: impl AsRef<[u8]>) -> Option<Flaw> {
        object(json.as_ref()).err()
    }

    #[test]
    fn s07_a_name_that_occurs_twice_is_hostile_at_every_level() {
        let twice = |member, column| {
            let line = 1;
            Some(Flaw::Repeated { member, line, column })
        };
        assert_eq!(flaw(r#"{"a":1,"a":1}"#), twice(None, 10), "and not by its name");
        assert_eq!(flaw(r#"{"b":[{"a":1,"a":2}]}"#), twice(None, 16));
        assert_eq!(
            flaw(r#"{"a":1,"\u0061":2}"#),
            twice(None, 15),
            "however it is written"
        );
        assert_eq!(flaw(r#"{"iss":1,"iss":2}"#), twice(Some(Member::Iss), 14));
        assert_eq!(flaw(r#"{"a":{"a":1}}"#), None, "another level, another name");
    }

    #[test]
    fn s07_sixty_four_levels_are_read_and_no_more() {
        assert_eq!(flaw(nested(64)), None);
        let deep = Flaw::TooDeep {
            limit: 64,
            line: 1,
            column: 69,
        };
        let one_more = flaw(nested(65));
        assert!(matches!(one_more, Some(Flaw::TooDeep { .. })), "{one_more:?}");
        assert_eq!(flaw(nested(200_000)), Some(deep), "the stack stands");
    }

    #[test]
    fn what_is_no_object_says_what_it_is() {
        let not_json = |line, column| Some(Flaw::NotJson { line, column });
        let cut = |line, column| Some(Flaw::CutShort { line, column });
        let of = |found| Some(Flaw::NotAnObject { found });
        for (json, expected) in [
            ("", Some(Flaw::Empty)),
            (" \r\n", Some(Flaw::Empty)),
            ("\n <!doctype html>", Some(Flaw::WebPage)),
            ("[]", of(JsonType::Array)),
            ("\"a\"", of(JsonType::String)),
            ("7", of(JsonType::Number)),
            ("null", of(JsonType::Null)),
            ("true", of(JsonType::Boolean)),
            ("{", cut(1, 1)),
            ("{\n\"a\": \"b", cut(2, 7)),
            ("{} {}", not_json(1, 4)),
            ("{'a':1}", not_json(1, 2)),
            ("{\"a\":1e999}", not_json(1, 10)),
            ("{\"a\":\"\n\"}", not_json(2, 0)),
        ] {
            assert_eq!(flaw(json), expected, "{json:?}");
        }
    }

    #[test]
    fn only_utf_8_is_read_with_or_without_its_mark() {
        let utf_16 = |mark: &[u8], units: fn(u16) -> [u8; 2]| {
            let text = "{}".encode_utf16().flat_map(units);
            mark.iter().copied().chain(text).collect::<Vec<u8>>()
        };
        for text in [
            b"{\"a\":\"\xff\"}".to_vec(),
            utf_16(b"\xff\xfe", u16::to_le_bytes),
            utf_16(b"\xfe\xff", u16::to_be_bytes),
            utf_16(b"", u16::to_le_bytes),
            utf_16(b"", u16::to_be_bytes),
        ] {
            assert_eq!(flaw(&text), Some(Flaw::NotUtf8), "{text:?}");
        }
        assert_eq!(flaw(b"\xef\xbb\xbf{\"a\":1}"), None, "RFC 8259 §8.1 allows it");
    }
}
