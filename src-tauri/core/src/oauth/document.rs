//! Reading a JSON document that anybody may have written.

use serde_json::{Map, Value};
use url::Url;

use super::DiscoverError;
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
    fn read(url: &Url, answer: &Answer) -> Option<Self> {
        match serde_json::from_slice(&answer.body) {
            Ok(Value::Object(members)) => Some(Self {
                url: url.to_string(),
                members,
            }),
            _ => None,
        }
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

    /// Tells whether a member is `true`.
    pub(super) fn says(&self, member: &str) -> bool {
        self.members.get(member) == Some(&Value::Bool(true))
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
pub(super) async fn look(http: &Http, url: &Url, reach: Reach) -> Result<Found, DiscoverError> {
    let answer = http
        .get_document(url, reach)
        .await
        .map_err(|source| of_http(url, source))?;
    if !answer.status.is_success() {
        return Ok(Found::Nothing);
    }
    Ok(Document::read(url, &answer).map_or(Found::SomethingElse, Found::Document))
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
