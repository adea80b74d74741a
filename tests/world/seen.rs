//! What a server of the world received, in order, with everything secret replaced.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Parameters whose values are secret, or differ from run to run.
const REDACTED: [&str; 12] = [
    "assertion",
    "client_assertion",
    "code",
    "code_verifier",
    "code_challenge",
    "client_secret",
    "refresh_token",
    "state",
    "subject_token",
    "token",
    "client_id",
    "request",
];

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Method and path, such as `POST /token`.
    pub line: String,
    /// Parameters of query or form, secret values replaced by `…`.
    pub params: BTreeMap<String, String>,
}

/// The requests of one server, shared by all its routes.
#[derive(Debug, Clone, Default)]
pub struct SeenLog(Arc<Mutex<Vec<Seen>>>);

impl SeenLog {
    /// Writes a request down.
    pub fn note(&self, line: impl Into<String>, params: &BTreeMap<String, String>) {
        let hidden = |(name, value): (&String, &String)| {
            let value = if REDACTED.contains(&name.as_str()) {
                "…"
            } else {
                value
            };
            (name.clone(), value.to_owned())
        };
        let seen = Seen {
            line: line.into(),
            params: params.iter().map(hidden).collect(),
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
    }

    /// Gives all requests so far.
    pub fn all(&self) -> Vec<Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives the request lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.all().into_iter().map(|seen| seen.line).collect()
    }

    /// Counts the requests with one line.
    pub fn count(&self, line: &str) -> usize {
        self.all().iter().filter(|seen| seen.line == line).count()
    }
}
