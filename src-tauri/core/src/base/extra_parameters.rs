//! Parameters that the person adds to an authorization request.

use serde::{Deserialize, Serialize};

/// The most parameters that are added.
const MAX_COUNT: usize = 8;
/// The longest name.
const MAX_NAME: usize = 64;
/// The longest value.
const MAX_VALUE: usize = 1024;

/// Names of parameters that are ours to set, that would take the place of ours (RFC 9101 §5), or whose values belong into no
/// address. Compared without regard to case: some authorization servers do so too.
const RESERVED: [&str; 24] = [
    "access_token",
    "assertion",
    "client_assertion",
    "client_assertion_type",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "dpop_jkt",
    "id_token_hint",
    "login_hint",
    "nonce",
    "password",
    "redirect_uri",
    "refresh_token",
    "request",
    "request_uri",
    "resource",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

/// One parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraParameter {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Up to eight parameters of different names, none of which is ours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<ExtraParameter>", into = "Vec<ExtraParameter>")]
pub struct ExtraParameters(Vec<ExtraParameter>);

/// Why parameters are not taken; each names the place of the first that is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExtraParametersError {
    /// Its name is one of ours.
    #[error("the parameter at {at} is not the person's to set")]
    Reserved {
        /// Its place, from 0.
        at: usize,
    },
    /// It cannot be sent: name (RFC 6749 appendix A) or value are malformed or too long, its name occurs twice, it is one
    /// too many, or it would keep the page from appearing (`prompt=none`).
    #[error("the parameter at {at} cannot be sent")]
    Unfit {
        /// Its place, from 0.
        at: usize,
    },
}

impl ExtraParametersError {
    /// Gives the place of the parameter, from 0.
    pub const fn at(self) -> usize {
        match self {
            Self::Reserved { at } | Self::Unfit { at } => at,
        }
    }
}

impl ExtraParameters {
    /// Gives name and value of each, in the person's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|one| (one.name.as_str(), one.value.as_str()))
    }

    /// Gives the value under a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(own, _)| *own == name).map(|(_, value)| value)
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl TryFrom<Vec<ExtraParameter>> for ExtraParameters {
    type Error = ExtraParametersError;

    fn try_from(all: Vec<ExtraParameter>) -> Result<Self, ExtraParametersError> {
        for (at, one) in all.iter().enumerate() {
            if is_reserved(&one.name) {
                return Err(ExtraParametersError::Reserved { at });
            }
            let repeated = all[..at].iter().any(|other| other.name == one.name);
            if at >= MAX_COUNT || repeated || !is_sendable(one) {
                return Err(ExtraParametersError::Unfit { at });
            }
        }
        Ok(Self(all))
    }
}

impl From<ExtraParameters> for Vec<ExtraParameter> {
    fn from(all: ExtraParameters) -> Self {
        all.0
    }
}

fn is_reserved(name: &str) -> bool {
    RESERVED.iter().any(|own| own.eq_ignore_ascii_case(name))
}

fn is_sendable(one: &ExtraParameter) -> bool {
    let name_char = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let fits = |text: &str, limit: usize| (1..=limit).contains(&text.len());
    let well_formed =
        one.name.bytes().all(name_char) && one.value.bytes().all(|byte| (0x20..=0x7e).contains(&byte));
    let hides_page = one.name == "prompt" && one.value.split(' ').any(|value| value == "none");
    well_formed && fits(&one.name, MAX_NAME) && fits(&one.value, MAX_VALUE) && !hides_page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(pairs: &[(&str, &str)]) -> Result<ExtraParameters, ExtraParametersError> {
        let one = |(name, value): &(&str, &str)| ExtraParameter {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        };
        pairs.iter().map(one).collect::<Vec<_>>().try_into()
    }

    #[test]
    fn what_providers_want_besides_is_taken_in_its_order() {
        let all = taken(&[("access_type", "offline"), ("prompt", "login consent")]).expect("good");
        let pairs: Vec<_> = all.iter().collect();
        assert_eq!(pairs, [("access_type", "offline"), ("prompt", "login consent")]);
        assert_eq!(all.get("access_type"), Some("offline"));
        assert_eq!(all.get("Access_Type"), None, "names have a case");
    }

    #[test]
    fn r21_a_parameter_of_ours_is_not_the_persons_to_set() {
        for name in RESERVED {
            for name in [name.to_owned(), name.to_uppercase()] {
                let refused = taken(&[("hd", "example.com"), (&name, "x")]);
                assert_eq!(refused, Err(ExtraParametersError::Reserved { at: 1 }), "{name}");
            }
        }
    }

    #[test]
    fn what_cannot_be_sent_is_named_by_its_place() {
        let (long, longer) = ("x".repeat(MAX_NAME + 1), "x".repeat(MAX_VALUE + 1));
        for (name, value) in [
            ("", "x"),
            ("a b", "x"),
            ("a&b", "x"),
            ("ä", "x"),
            ("a", ""),
            ("a", "ä"),
            ("a", "line\nbreak"),
            ("a", "\u{7f}"),
            (&long, "x"),
            ("a", &longer),
            ("prompt", "none"),
            ("prompt", "consent none"),
        ] {
            let refused = taken(&[("hd", "example.com"), (name, value)]);
            assert_eq!(
                refused,
                Err(ExtraParametersError::Unfit { at: 1 }),
                "{name:?}={value:?}"
            );
        }
        let twice = taken(&[("a", "1"), ("a", "1")]);
        assert_eq!(twice, Err(ExtraParametersError::Unfit { at: 1 }), "RFC 6749 §3.1");
    }

    #[test]
    fn there_are_eight_at_most() {
        let names: Vec<_> = (0..=MAX_COUNT).map(|number| format!("p{number}")).collect();
        let pairs: Vec<_> = names.iter().map(|name| (name.as_str(), "x")).collect();
        assert!(taken(&pairs[..MAX_COUNT]).is_ok());
        assert_eq!(taken(&pairs), Err(ExtraParametersError::Unfit { at: MAX_COUNT }));
    }

    #[test]
    fn what_is_stored_is_judged_anew_when_it_is_read() {
        let read = |json: &str| serde_json::from_str::<ExtraParameters>(json).is_ok();
        assert!(read(r#"[{"name":"hd","value":"example.com"}]"#));
        assert!(!read(r#"[{"name":"client_id","value":"x"}]"#));
    }
}
