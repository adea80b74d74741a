//! `WWW-Authenticate` as RFC 9110 §11.6.1 defines it: several header lines, several challenges in one line,
//! quoted commas, either form of credentials (R2).

use http::{HeaderMap, header::WWW_AUTHENTICATE};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::base::Scopes;

/// The most characters of challenges that are looked at.
const LIMIT: usize = 16 * 1024;

/// An authentication scheme; compared without case (RFC 9110 §11.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    /// RFC 6750.
    Bearer,
    /// RFC 9449.
    Dpop,
    /// Any other.
    Other(String),
}

/// One challenge with its parameters, names in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// How the server wants to be asked.
    pub scheme: Scheme,
    params: Vec<(String, String)>,
}

impl Challenge {
    fn new(scheme: &str) -> Self {
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "bearer" => Scheme::Bearer,
            "dpop" => Scheme::Dpop,
            other => Scheme::Other(other.to_owned()),
        };
        Self {
            scheme,
            params: Vec::new(),
        }
    }

    /// Gives a parameter by its name in lower case. One that is repeated is as good as absent, because which of
    /// the two is meant is anybody's guess (RFC 9110 §11.2).
    pub fn param(&self, name: &str) -> Option<&str> {
        let mut found = self.params.iter().filter(|(own, _)| own == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// Gives all parameters as they came.
    pub fn params(&self) -> impl Iterator<Item = (&str, &str)> {
        self.params
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Tells whether the challenge is one of OAuth's.
    pub const fn is_oauth(&self) -> bool {
        matches!(self.scheme, Scheme::Bearer | Scheme::Dpop)
    }
}

/// What a challenge says about signing in (RFC 9728 §5.1, RFC 6750 §3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hints {
    /// Where the protected resource metadata lies.
    pub resource_metadata: Option<Url>,
    /// The scopes the server asks for.
    pub scope: Option<Scopes>,
}

impl Hints {
    /// Takes the hints of the first OAuth challenge that gives any; `None` if no challenge is OAuth's.
    pub fn from(headers: &HeaderMap) -> Option<Self> {
        let hints = challenges(headers)
            .into_iter()
            .filter(Challenge::is_oauth)
            .map(|challenge| Self {
                resource_metadata: challenge
                    .param("resource_metadata")
                    .and_then(|url| Url::parse(url).ok()),
                scope: challenge
                    .param("scope")
                    .and_then(|scope| scope.parse().ok())
                    .filter(|scope: &Scopes| !scope.is_empty()),
            });
        hints.reduce(|first, next| if first.is_empty() { next } else { first })
    }

    /// Tells whether nothing was hinted.
    pub const fn is_empty(&self) -> bool {
        self.resource_metadata.is_none() && self.scope.is_none()
    }
}

/// Gives the scopes that a 403 says are missing (RFC 6750 §3.1); `None` if it does not speak of scopes.
pub fn insufficient_scope(headers: &HeaderMap) -> Option<Scopes> {
    challenges(headers)
        .iter()
        .find(|challenge| challenge.is_oauth() && challenge.param("error") == Some("insufficient_scope"))
        .map(|challenge| {
            challenge
                .param("scope")
                .and_then(|scope| scope.parse().ok())
                .unwrap_or_default()
        })
}

/// Reads every challenge of every header line. What cannot be read is skipped, never fatal (S1).
pub fn challenges(headers: &HeaderMap) -> Vec<Challenge> {
    let lines = headers.get_all(WWW_AUTHENTICATE).iter();
    let lines = lines.filter(|line| line.len() <= LIMIT);
    // A realm may hold any byte (RFC 9110 §5.5); it must not hide the parameters beside it.
    let lines = lines.map(|line| String::from_utf8_lossy(line.as_bytes()));
    lines.flat_map(|line| parse(&line)).collect()
}

fn parse(line: &str) -> Vec<Challenge> {
    let mut reader = Reader { rest: line };
    let mut found: Vec<Challenge> = Vec::new();
    while reader.skip_to_item() {
        let token = reader.token();
        if token.is_empty() {
            reader.skip_one();
        } else if let Some(value) = reader.param_value() {
            if let Some(challenge) = found.last_mut() {
                challenge.params.push((token.to_ascii_lowercase(), value));
            }
        } else {
            found.push(Challenge::new(token));
            reader.skip_token68();
        }
    }
    found
}

/// Walks over one header line.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// Passes over white space and commas; false at the end.
    fn skip_to_item(&mut self) -> bool {
        self.rest = self.rest.trim_start_matches([' ', '\t', ',']);
        !self.rest.is_empty()
    }

    fn skip_one(&mut self) {
        let mut chars = self.rest.chars();
        chars.next();
        self.rest = chars.as_str();
    }

    /// Takes a token (RFC 9110 §5.6.2).
    fn token(&mut self) -> &'a str {
        let tchar = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let end = self.rest.find(|c| !tchar(c)).unwrap_or(self.rest.len());
        let (token, rest) = self.rest.split_at(end);
        self.rest = rest;
        token
    }

    /// Takes `= value` if the token just read was a parameter's name; stays where it is otherwise.
    fn param_value(&mut self) -> Option<String> {
        let rest = self.rest.trim_start_matches([' ', '\t']).strip_prefix('=')?;
        let rest = rest.trim_start_matches([' ', '\t']);
        if let Some(quoted) = rest.strip_prefix('"') {
            self.rest = quoted;
            return Some(self.quoted());
        }
        self.rest = rest;
        Some(self.token().to_owned())
    }

    /// Takes the rest of a quoted string (RFC 9110 §5.6.4); an unclosed one ends with the line.
    fn quoted(&mut self) -> String {
        let mut value = String::new();
        let mut chars = self.rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return value;
                }
                '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
                c => value.push(c),
            }
        }
        self.rest = "";
        value
    }

    /// Passes over credentials in token68 form: they end at a comma or at the end, a parameter does not.
    fn skip_token68(&mut self) {
        let rest = self.rest.trim_start_matches([' ', '\t']);
        let token68 = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
        let after = rest
            .trim_start_matches(token68)
            .trim_start_matches('=')
            .trim_start_matches([' ', '\t']);
        if after.len() < rest.len() && (after.is_empty() || after.starts_with(',')) {
            self.rest = after;
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(lines: &[&str]) -> HeaderMap {
        let lines = lines
            .iter()
            .map(|line| (WWW_AUTHENTICATE, line.parse().expect("a header value")));
        lines.collect()
    }

    fn schemes(line: &str) -> Vec<Scheme> {
        challenges(&headers(&[line]))
            .into_iter()
            .map(|challenge| challenge.scheme)
            .collect()
    }

    #[test]
    fn r02_a_quoted_comma_does_not_end_a_challenge() {
        let found = challenges(&headers(&[
            r#"Bearer realm="a, b=\"c\"", resource_metadata="https://x/y?a=1,2", scope="r w""#,
        ]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].param("realm"), Some("a, b=\"c\""));
        assert_eq!(found[0].param("resource_metadata"), Some("https://x/y?a=1,2"));
        assert_eq!(found[0].param("scope"), Some("r w"));
    }

    #[test]
    fn r02_several_challenges_in_one_line_and_several_lines_are_all_read() {
        let found = challenges(&headers(&[
            "Negotiate abc==, Basic realm=x",
            "DPoP algs=\"ES256\", bearer error=invalid_token",
        ]));
        let schemes: Vec<_> = found.iter().map(|challenge| challenge.scheme.clone()).collect();
        let other = |name: &str| Scheme::Other(name.to_owned());
        assert_eq!(
            schemes,
            [other("negotiate"), other("basic"), Scheme::Dpop, Scheme::Bearer]
        );
        assert_eq!(found[1].param("realm"), Some("x"));
        assert_eq!(found[3].param("error"), Some("invalid_token"));
    }

    #[test]
    fn r02_a_scheme_may_stand_alone_and_white_space_may_surround_the_equals_sign() {
        assert_eq!(schemes("Bearer"), [Scheme::Bearer]);
        assert_eq!(schemes("Bearer, DPoP"), [Scheme::Bearer, Scheme::Dpop]);
        let found = challenges(&headers(&["Bearer realm = \"x\" , scope = y"]));
        assert_eq!(found[0].param("scope"), Some("y"));
    }

    #[test]
    fn s01_malformed_challenges_never_panic_and_give_what_can_be_read() {
        for line in [
            "",
            ",,,",
            "=",
            "\"",
            "Bearer \"",
            "Bearer =x",
            "Bearer realm=\"open",
            "a=b",
            "Bearer scope=\"\\",
            "@ Bearer",
        ] {
            let _ = challenges(&headers(&[line]));
        }
        assert_eq!(schemes("@ Bearer"), [Scheme::Bearer], "what can be read is read");
    }

    #[test]
    fn r02_a_realm_in_another_alphabet_hides_nothing() {
        let line =
            HeaderValue::from_bytes("Bearer realm=\"Übersicht\", é scope=s".as_bytes()).expect("a value");
        let found = challenges(&[(WWW_AUTHENTICATE, line)].into_iter().collect());
        assert_eq!(found[0].param("realm"), Some("Übersicht"));
        assert_eq!(found[0].param("scope"), Some("s"), "what can be read is read");
    }

    #[test]
    fn s01_a_repeated_parameter_is_believed_in_neither_form() {
        let found = challenges(&headers(&["Bearer scope=a, Scope=b, error=x"]));
        assert_eq!(found[0].param("scope"), None);
        assert_eq!(found[0].param("error"), Some("x"), "the others stand");
    }

    #[test]
    fn hints_come_from_the_first_oauth_challenge_that_gives_any() {
        let hints = Hints::from(&headers(&[
            "Bearer realm=x",
            "Bearer resource_metadata=\"https://a.example/prm\", scope=\"s\"",
        ]));
        let hints = hints.expect("there is an OAuth challenge");
        assert_eq!(
            hints.resource_metadata.map(String::from).as_deref(),
            Some("https://a.example/prm")
        );
        assert_eq!(
            Hints::from(&headers(&["Basic realm=x"])),
            None,
            "no OAuth, no hints"
        );
        assert!(Hints::from(&headers(&["Bearer realm=x"])).is_some_and(|hints| hints.is_empty()));
    }

    #[test]
    fn r20_only_insufficient_scope_speaks_of_scopes() {
        let missing = insufficient_scope(&headers(&["Bearer error=\"insufficient_scope\", scope=\"a b\""]));
        assert_eq!(missing.map(|scopes| scopes.to_string()).as_deref(), Some("a b"));
        assert_eq!(
            insufficient_scope(&headers(&["Bearer error=\"invalid_token\""])),
            None
        );
    }
}
