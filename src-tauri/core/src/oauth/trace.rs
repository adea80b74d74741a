//! What was asked, answered and decided on the way to a grant, without anything secret.
//!
//! Values are shown by an allow-list: what is not known to be harmless is named, and its value is left out.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use ::http::{HeaderMap, header};
use reqwest::{Request, Url};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::form_urlencoded;

use crate::{
    base::Reach,
    ports::{Clock, Http, HttpError, http::Answer},
};

/// The most steps that are kept of one run.
const STEP_LIMIT: usize = 200;
/// The most characters that are kept of one value.
const VALUE_LIMIT: usize = 500;

/// Names of parameters and members whose values are harmless in any request or answer of OAuth.
const HARMLESS: [&str; 42] = [
    "application_type",
    "authorization_endpoint",
    "authorization_response_iss_parameter_supported",
    "authorization_servers",
    "client_id",
    "client_id_metadata_document_supported",
    "client_name",
    "client_secret_expires_at",
    "code_challenge",
    "code_challenge_method",
    "code_challenge_methods_supported",
    "dpop_jkt",
    "dpop_signing_alg_values_supported",
    "error",
    "error_description",
    "expires_in",
    "grant_type",
    "grant_types",
    "grant_types_supported",
    "introspection_endpoint",
    "iss",
    "issuer",
    "jwks_uri",
    "prompt",
    "redirect_uri",
    "redirect_uris",
    "registration_client_uri",
    "registration_endpoint",
    "resource",
    "response_type",
    "response_types",
    "revocation_endpoint",
    "scope",
    "scopes_supported",
    "token_endpoint",
    "token_endpoint_auth_method",
    "token_endpoint_auth_methods_supported",
    "token_type",
    "token_type_hint",
    "userinfo_endpoint",
    "requested_token_type",
    "subject_token_type",
];

/// One step of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Milliseconds since the run began.
    pub after_ms: u64,
    /// What happened.
    pub what: What,
}

/// What happened in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum What {
    /// A request was sent.
    Asked {
        /// Its method.
        method: String,
        /// Where to, without the query.
        url: String,
        /// Its parameters, from the query, the form or the JSON body.
        params: Vec<Param>,
    },
    /// An answer came.
    Answered {
        /// Its status.
        status: u16,
        /// Its media type, without parameters.
        media_type: Option<String>,
        /// Its members, if it is a JSON object.
        members: Vec<Param>,
    },
    /// No answer came.
    Failed {
        /// Why.
        why: HttpError,
    },
}

/// A name with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// The name.
    pub name: String,
    /// The value; `None` where it is secret, or may be.
    pub value: Option<String>,
}

/// The steps of one run so far. Clones are the same run.
#[derive(Clone)]
pub struct Trace(Arc<Run>);

struct Run {
    clock: Arc<dyn Clock>,
    begun: Duration,
    steps: Mutex<Vec<Step>>,
}

impl Trace {
    /// Begins a run.
    pub fn begin(clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Run {
            begun: clock.monotonic(),
            clock,
            steps: Mutex::default(),
        }))
    }

    /// Writes a step down.
    pub fn note(&self, what: What) {
        let passed = self.0.clock.monotonic().saturating_sub(self.0.begun);
        let after_ms = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX);
        // A panic elsewhere leaves a list of whole steps.
        let mut steps = self.0.steps.lock().unwrap_or_else(PoisonError::into_inner);
        if steps.len() < STEP_LIMIT {
            steps.push(Step { after_ms, what });
        }
    }

    /// Gives the steps so far.
    pub fn steps(&self) -> Vec<Step> {
        self.0
            .steps
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// The network as OAuth uses it: what goes out and comes in is written down, if anybody keeps a trace.
#[derive(Clone)]
pub struct TracedHttp {
    http: Http,
    trace: Option<Trace>,
}

impl TracedHttp {
    /// Writes down into a trace.
    pub const fn new(http: Http, trace: Trace) -> Self {
        Self {
            http,
            trace: Some(trace),
        }
    }

    /// Writes nothing down: for what the background does.
    pub const fn silent(http: Http) -> Self {
        Self { http, trace: None }
    }

    /// Sends one request, as [`Http::send`] does.
    pub async fn send(&self, request: Request, reach: Reach) -> Result<Answer, HttpError> {
        self.note(|| asked(&request));
        let answer = self.http.send(request, reach).await;
        self.note(|| answered(&answer));
        answer
    }

    /// Gets a document, as [`Http::get_document`] does.
    pub async fn get_document(&self, url: &Url, reach: Reach) -> Result<Answer, HttpError> {
        self.note(|| What::Asked {
            method: "GET".to_owned(),
            url: url.to_string(),
            params: Vec::new(),
        });
        let answer = self.http.get_document(url, reach).await;
        self.note(|| answered(&answer));
        answer
    }

    fn note(&self, what: impl FnOnce() -> What) {
        if let Some(trace) = &self.trace {
            trace.note(what());
        }
    }
}

fn asked(request: &Request) -> What {
    let mut url = request.url().clone();
    let query: Vec<_> = url.query_pairs().into_owned().collect();
    url.set_query(None);
    let body = request
        .body()
        .and_then(reqwest::Body::as_bytes)
        .unwrap_or_default();
    let params = query
        .iter()
        .map(|(name, value)| param(name, value))
        .chain(body_params(request.headers(), body))
        .collect();
    What::Asked {
        method: request.method().to_string(),
        url: url.into(),
        params,
    }
}

fn body_params(headers: &HeaderMap, body: &[u8]) -> Vec<Param> {
    if media_type(headers).as_deref() == Some("application/json") {
        return members(body);
    }
    form_urlencoded::parse(body)
        .map(|(name, value)| param(&name, &value))
        .collect()
}

fn answered(answer: &Result<Answer, HttpError>) -> What {
    match answer {
        Ok(answer) => What::Answered {
            status: answer.status.as_u16(),
            media_type: media_type(&answer.headers),
            members: members(&answer.body),
        },
        Err(why) => What::Failed { why: *why },
    }
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let bare = text.split(';').next().unwrap_or_default().trim();
    Some(shortened(&bare.to_ascii_lowercase()))
}

/// Gives the members of a JSON object, in the order of their names.
fn members(json: &[u8]) -> Vec<Param> {
    let object: BTreeMap<String, Value> = serde_json::from_slice(json).unwrap_or_default();
    object
        .iter()
        .map(|(name, value)| match value {
            Value::String(text) => param(name, text),
            other => param(name, &other.to_string()),
        })
        .collect()
}

fn param(name: &str, value: &str) -> Param {
    Param {
        name: shortened(name),
        value: HARMLESS.contains(&name).then(|| shortened(value)),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(VALUE_LIMIT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s42_only_what_is_known_to_be_harmless_is_shown() {
        let answer = br#"{"access_token":"canary","refresh_token":"canary","id_token":"canary","token_type":"Bearer","expires_in":60,"new":"canary"}"#;
        let shown = members(answer);
        assert!(!format!("{shown:?}").contains("canary"), "{shown:?}");
        let value = |name: &str| {
            shown
                .iter()
                .find(|param| param.name == name)
                .and_then(|param| param.value.clone())
        };
        assert_eq!(value("token_type").as_deref(), Some("Bearer"));
        assert_eq!(value("expires_in").as_deref(), Some("60"));
        assert_eq!(shown.len(), 6, "what is hidden is still named");
    }
}
