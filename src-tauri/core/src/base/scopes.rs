//! A set of scope tokens in the order in which they were first named.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A text that is not a list of scope tokens (RFC 6749 §3.3) was given where scopes belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a list of scopes: a scope is made of printable ASCII without quotes and backslashes")]
pub struct ParseScopesError;

/// The scopes of a request or a grant, without duplicates, in the order first named (RFC 6749 §3.3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scopes(Vec<String>);

impl Scopes {
    /// The most characters a list of scopes may have.
    pub const MAX_LENGTH: usize = 8 * 1024;

    /// Tells whether no scope is named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Goes through the scopes in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Tells whether `scope` is among them; scopes are case-sensitive.
    pub fn contains(&self, scope: &str) -> bool {
        self.iter().any(|own| own == scope)
    }

    /// Gives these scopes followed by those of `other` that are not among them.
    #[must_use]
    pub fn union(mut self, other: &Self) -> Self {
        for scope in other.iter() {
            if !self.contains(scope) {
                self.0.push(scope.to_owned());
            }
        }
        self
    }
}

impl FromStr for Scopes {
    type Err = ParseScopesError;

    /// Reads scope tokens separated by spaces.
    fn from_str(text: &str) -> Result<Self, ParseScopesError> {
        let token = |scope: &str| {
            scope
                .bytes()
                .all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
        };
        if text.len() > Self::MAX_LENGTH {
            return Err(ParseScopesError);
        }
        let mut scopes = Self::default();
        for scope in text.split(' ').filter(|scope| !scope.is_empty()) {
            if !token(scope) {
                return Err(ParseScopesError);
            }
            if !scopes.contains(scope) {
                scopes.0.push(scope.to_owned());
            }
        }
        Ok(scopes)
    }
}

impl TryFrom<String> for Scopes {
    type Error = ParseScopesError;

    fn try_from(text: String) -> Result<Self, ParseScopesError> {
        text.parse()
    }
}

impl From<Scopes> for String {
    fn from(scopes: Scopes) -> Self {
        scopes.to_string()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(text: &str) -> Scopes {
        text.parse().expect("the test's scopes are well-formed")
    }

    #[test]
    fn order_is_kept_and_duplicates_go() {
        assert_eq!(scopes("b a  b").to_string(), "b a", "first named, first sent");
    }

    #[test]
    fn a_union_adds_only_what_is_new() {
        assert_eq!(
            scopes("read").union(&scopes("write read")).to_string(),
            "read write",
            "R20"
        );
    }

    #[test]
    fn odd_scope_strings_are_refused() {
        for text in ["a\"b", "a\\b", "a\nb", "ä", "a\tb"] {
            assert_eq!(
                text.parse::<Scopes>(),
                Err(ParseScopesError),
                "{text:?} is not a scope (S16)"
            );
        }
    }
}
