//! Reading a JSON document that anybody may have written: what we do not use does not matter, what we use must be
//! right (S7). Its size is limited by `ports::Http`.

use http::StatusCode;
use serde_json::{Map, Value};
use url::Url;

use super::{
    DiscoverError, DocumentKind, Flaw, Flawed, JsonType, Member, TracedHttp,
    flaw::{Expected, NotAllowed},
    sealing::check_token,
    strict::object,
};
use crate::{
    base::Reach,
    ports::{Http, HttpError},
};

/// A JSON object with the place it came from, so that every complaint can name it.
pub(super) struct Document {
    kind: DocumentKind,
    url: Url,
    members: Map<String, Value>,
}

/// What lies at a place where a document may lie.
pub(super) enum Found {
    /// A JSON object.
    Document(Document),
    /// Something that is not a JSON object, answered with success.
    SomethingElse(Flawed),
    /// Nothing.
    Nothing,
}

impl Document {
    /// Reads a document that came from a place.
    pub(super) fn read(kind: DocumentKind, url: &Url, json: &[u8]) -> Result<Self, Flawed> {
        let members = object(json).map_err(|flaw| Flawed::new(kind, url, flaw))?;
        let url = url.clone();
        Ok(Self { kind, url, members })
    }

    /// Tells whether there is a member, whatever it is.
    pub(super) fn has(&self, member: Member) -> bool {
        self.members.contains_key(member.name())
    }

    /// Gives a member. One that is null is as good as absent: no specification here gives null a meaning, and several
    /// providers write it for what they do not have.
    pub(super) fn get(&self, member: Member) -> Option<&Value> {
        self.members.get(member.name()).filter(|value| !value.is_null())
    }

    /// Gives a text if there is one under a name; whatever else may be there says nothing.
    pub(super) fn words(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }

    /// Gives a member that must be a string.
    pub(super) fn text(&self, member: Member) -> Result<&str, Flawed> {
        self.optional_text(member)?.ok_or_else(|| self.missing(member))
    }

    /// Gives a member that is a string if it is there.
    pub(super) fn optional_text(&self, member: Member) -> Result<Option<&str>, Flawed> {
        match self.get(member) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(self.mistyped(member, Expected::String, other)),
        }
    }

    /// Gives a member that is a list of strings if it is there.
    pub(super) fn texts(&self, member: Member) -> Result<Option<Vec<&str>>, Flawed> {
        match self.get(member) {
            None => Ok(None),
            Some(Value::Array(items)) => {
                let texts = items.iter().zip(1..);
                let texts = texts.map(|(item, element)| {
                    let wrong = || self.bad(wrong_element(member, element, item));
                    item.as_str().ok_or_else(wrong)
                });
                texts.collect::<Result<Vec<_>, _>>().map(Some)
            }
            Some(other) => Err(self.mistyped(member, Expected::Strings, other)),
        }
    }

    /// Tells whether a member is `true`; absence is `false`. Anything else is wrong: a server that means "yes" in
    /// other words must not be read as "no" where that would drop a check.
    pub(super) fn says(&self, member: Member) -> Result<bool, Flawed> {
        match self.get(member) {
            None => Ok(false),
            Some(Value::Bool(says)) => Ok(*says),
            Some(other) => Err(self.mistyped(member, Expected::Boolean, other)),
        }
    }

    /// Gives a token, code, identifier or secret if it is there (S9, S25).
    pub(super) fn token(&self, member: Member) -> Result<Option<&str>, Flawed> {
        let text = self.optional_text(member)?;
        match text.map_or(Ok(()), check_token) {
            Ok(()) => Ok(text),
            Err(why) => Err(self.not_allowed(member, why)),
        }
    }

    /// Makes the complaint that a member is missing, or null where it must be something.
    pub(super) fn missing(&self, member: Member) -> Flawed {
        self.bad(match self.members.get(member.name()) {
            Some(null) => Flaw::WrongType {
                member,
                expected: expected(member),
                found: JsonType::of(null),
            },
            None => Flaw::Missing { member },
        })
    }

    /// Makes the complaint that a member is of another type.
    pub(super) fn mistyped(&self, member: Member, expected: Expected, found: &Value) -> Flawed {
        let found = JsonType::of(found);
        self.bad(Flaw::WrongType {
            member,
            expected,
            found,
        })
    }

    /// Makes the complaint that a member's value is not allowed.
    pub(super) fn not_allowed(&self, member: Member, why: NotAllowed) -> Flawed {
        self.bad(Flaw::NotAllowed { member, why })
    }

    fn bad(&self, flaw: Flaw) -> Flawed {
        Flawed::new(self.kind, &self.url, flaw)
    }

    /// Gives the place it came from.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }
}

/// Says what belongs into a member that must be there.
const fn expected(member: Member) -> Expected {
    match member {
        Member::AuthorizationServers => Expected::Strings,
        Member::Aud => Expected::StringOrStrings,
        Member::Exp => Expected::Number,
        _ => Expected::String,
    }
}

fn wrong_element(member: Member, element: u32, found: &Value) -> Flaw {
    let found = JsonType::of(found);
    Flaw::WrongElement {
        member,
        element,
        found,
    }
}

/// Looks at one place. Trouble on the way is an error; the absence of a document is not.
pub(super) async fn look(
    http: &TracedHttp,
    (kind, url): (DocumentKind, &Url),
    reach: Reach,
) -> Result<Found, DiscoverError> {
    let answer = http.get_document(url, reach).await;
    let answer = answer.map_err(|source| of_http((kind, url), source))?;
    if is_out_of_order(answer.status) {
        return Err(of_http((kind, url), HttpError::Unreachable));
    }
    if !answer.status.is_success() {
        return Ok(Found::Nothing);
    }
    match Document::read(kind, url, &answer.body) {
        Ok(document) => Ok(Found::Document(document)),
        Err(flawed) if flawed.flaw.is_of_an_object() => Err(flawed.into()),
        Err(flawed) => Ok(Found::SomethingElse(flawed)),
    }
}

/// Tells whether the place cannot say now what it has. That is not absence: the next place would be the wrong one,
/// and no kind may be told from it (R3, S1).
fn is_out_of_order(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
}

/// Reads a URL that a document names and refuses one that must not be asked (R21, S5). The raw text is looked at
/// first, because a parser drops line breaks and turns backslashes.
pub(super) fn safe_url(text: &str, reach: Reach) -> Result<Url, NotAllowed> {
    if text.is_empty() {
        return Err(NotAllowed::Empty);
    }
    if is_odd(text) {
        return Err(NotAllowed::Characters);
    }
    let url = Url::parse(text).map_err(|_| NotAllowed::NotAUrl)?;
    match Http::check(&url, reach) {
        Ok(()) => Ok(url),
        Err(HttpError::ForbiddenAddress) => Err(NotAllowed::ForbiddenAddress),
        Err(_) => Err(NotAllowed::UnsafeUrl),
    }
}

/// Tells whether a URL's text holds what no URL holds.
pub(super) fn is_odd(text: &str) -> bool {
    text.chars()
        .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
}

fn of_http((kind, url): (DocumentKind, &Url), source: HttpError) -> DiscoverError {
    match source {
        HttpError::UnsafeUrl | HttpError::ForbiddenAddress => {
            DiscoverError::InsecureUrl { url: url.to_string() }
        }
        HttpError::TooLarge => Flawed::too_large(kind, url).into(),
        source => DiscoverError::Http {
            url: url.to_string(),
            source,
        },
    }
}
