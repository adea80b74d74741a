//! Identifiers: 128 random bits, written as 32 lower-case hexadecimal digits.

use std::{fmt, str::FromStr};

use rand::Rng;
use serde::{Deserialize, Serialize};

/// A text that is not 32 hexadecimal digits was given where an identifier belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: expected 32 hexadecimal digits")]
pub struct ParseIdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(u128);

        impl $name {
            /// Draws a new identifier from the operating system's randomness.
            pub fn random() -> Self {
                Self(rand::rng().random())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:032x})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                let digits = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
                if text.len() != 32 || !digits {
                    return Err(ParseIdError);
                }
                u128::from_str_radix(text, 16).map(Self).map_err(|_| ParseIdError)
            }
        }

        impl TryFrom<String> for $name {
            type Error = ParseIdError;

            fn try_from(text: String) -> Result<Self, ParseIdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    };
}

id!(
    /// Names one MCP server the person keeps.
    ServerId
);
id!(
    /// Names one account: one grant of one server.
    AccountId
);
id!(
    /// Names one run of the authorization flow.
    SignInId
);
id!(
    /// Names one question that a server asks in the middle of a call.
    QuestionId
);
id!(
    /// Names one revocation that is owed to an authorization server.
    RevocationId
);
id!(
    /// Names one run that is written down: a sign-in, or what the background did.
    RunId
);

impl From<SignInId> for RunId {
    fn from(id: SignInId) -> Self {
        Self(id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_survives_the_way_through_text() {
        let id = ServerId::random();
        assert_eq!(id.to_string().parse(), Ok(id), "the text form is the identifier");
    }

    #[test]
    fn only_the_canonical_text_is_an_identifier() {
        for text in [
            "",
            "1",
            "+0000000000000000000000000000001",
            "A0000000000000000000000000000000",
        ] {
            assert_eq!(
                text.parse::<ServerId>(),
                Err(ParseIdError),
                "{text:?} is not canonical"
            );
        }
    }
}
