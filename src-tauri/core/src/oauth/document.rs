//! Reading a JSON document that anybody may have written: what we do not use does not matter, what we use must be
//! right (S7). Its size is limited by `ports::Http`.

use http::StatusCode;
use serde_json::{Map, Value};
use url::Url;

use super::{
    DiscoverError, TracedHttp,
    strict::{Unfit, object},
};
use crate::{
    base::Reach,
    ports::{Http, HttpError, http::Answer},
};

/// A JSON object with the place it came from, so that every complaint can name it.
pub(super) struct Document {
    url: String,
    members: Map<String, Value>,
}

/// What lies at a place where a document may lie.
pub(super) enum Found {
    /// A JSON object.
    Document(Document),
    /// Something that is not a JSON object, answered with success.
    SomethingElse,
    /// Nothing.
    Nothing,
}

impl Document {
    fn read(url: &Url, answer: &Answer) -> Result<Self, Unfit> {
        let url = url.to_string();
        object(&answer.body).map(|members| Self { url, members })
    }

    /// Gives a member that must be a string.
    pub(super) fn text(&self, member: &'static str) -> Result<&str, DiscoverError> {
        self.optional_text(member)?.ok_or_else(|| self.bad(member))
    }

    /// Gives a member that is a string if it is there.
    pub(super) fn optional_text(&self, member: &'static str) -> Result<Option<&str>, DiscoverError> {
        match self.members.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.bad(member)),
        }
    }

    /// Gives a member that is a list of strings if it is there.
    pub(super) fn texts(&self, member: &'static str) -> Result<Option<Vec<&str>>, DiscoverError> {
        match self.members.get(member) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(items)) => {
                let texts: Option<Vec<_>> = items.iter().map(Value::as_str).collect();
                texts.map(Some).ok_or_else(|| self.bad(member))
            }
            Some(_) => Err(self.bad(member)),
        }
    }

    /// Tells whether a member is `true`; absence is `false`. Anything else is wrong: a server that means "yes" in
    /// other words must not be read as "no" where that would drop a check.
    pub(super) fn says(&self, member: &'static str) -> Result<bool, DiscoverError> {
        match self.members.get(member) {
            None | Some(Value::Null) => Ok(false),
            Some(Value::Bool(says)) => Ok(*says),
            Some(_) => Err(self.bad(member)),
        }
    }

    /// Makes the complaint that a member is missing or wrong.
    pub(super) fn bad(&self, member: &'static str) -> DiscoverError {
        DiscoverError::BadDocument {
            url: self.url.clone(),
            member,
        }
    }

    /// Gives the place it came from.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

/// Looks at one place. Trouble on the way is an error; the absence of a document is not.
pub(super) async fn look(http: &TracedHttp, url: &Url, reach: Reach) -> Result<Found, DiscoverError> {
    let answer = http
        .get_document(url, reach)
        .await
        .map_err(|source| of_http(url, source))?;
    if is_out_of_order(answer.status) {
        return Err(of_http(url, HttpError::Unreachable));
    }
    if !answer.status.is_success() {
        return Ok(Found::Nothing);
    }
    match Document::read(url, &answer) {
        Ok(document) => Ok(Found::Document(document)),
        Err(Unfit::NoObject) => Ok(Found::SomethingElse),
        Err(Unfit::Hostile) => Err(DiscoverError::BadDocument {
            url: url.to_string(),
            member: "",
        }),
    }
}

/// Tells whether the place cannot say now what it has. That is not absence: the next place would be the wrong one,
/// and no kind may be told from it (R3, S1).
fn is_out_of_order(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429)
}

/// Reads a URL that a document names and refuses one that must not be asked (R21, S5). The raw text is looked at
/// first, because a parser drops line breaks and turns backslashes.
pub(super) fn safe_url(text: &str, reach: Reach) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|_| !is_odd(text))?;
    Http::check(&url, reach).is_ok().then_some(url)
}

/// Tells whether a URL's text holds what no URL holds.
pub(super) fn is_odd(text: &str) -> bool {
    text.chars()
        .any(|c| c.is_control() || c.is_whitespace() || c == '\\')
}

fn of_http(url: &Url, source: HttpError) -> DiscoverError {
    match source {
        HttpError::UnsafeUrl | HttpError::ForbiddenAddress => {
            DiscoverError::InsecureUrl { url: url.to_string() }
        }
        source => DiscoverError::Http {
            url: url.to_string(),
            source,
        },
    }
}
