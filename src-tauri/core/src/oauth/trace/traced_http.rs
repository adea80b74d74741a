//! The network as OAuth uses it: what goes out and comes in is written down.

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, HeaderValue, header};
use reqwest::{Method, Request, Url};
use url::form_urlencoded;

use super::{Decision, Param, Trace, What, shown};
use crate::{
    base::{Reach, Secret},
    ports::{Http, HttpError, http::Answer},
};

/// The most redirects a metadata document may take (R22).
const MAX_HOPS: usize = 5;

/// The network, and a trace if anybody keeps one.
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

    /// Writes nothing down.
    pub const fn silent(http: Http) -> Self {
        Self { http, trace: None }
    }

    /// Sends one request, as [`Http::send`] does.
    pub async fn send(&self, request: Request, reach: Reach) -> Result<Answer, HttpError> {
        let secrets = |answer: &Answer| shown::secret_members(&answer.body);
        self.exchange(request, reach, secrets).await
    }

    /// Sends one request; `secrets` tells what of the answer is secret from then on.
    async fn exchange(
        &self,
        request: Request,
        reach: Reach,
        secrets: impl Fn(&Answer) -> Vec<Secret<String>>,
    ) -> Result<Answer, HttpError> {
        let Some(trace) = &self.trace else {
            return self.http.send(request, reach).await;
        };
        trace.hide(unshown(&request));
        trace.note(asked(&request));
        let answer = self.http.send(request, reach).await;
        if let Ok(answer) = &answer {
            trace.hide_brought(secrets(answer));
        }
        trace.note(answered(&answer));
        answer
    }

    /// Gets a JSON document, following at most five redirects, each hop checked as the first and written down (R22).
    /// It is public, whatever it calls its members, so nothing in it is secret.
    pub async fn get_document(&self, url: &Url, reach: Reach) -> Result<Answer, HttpError> {
        let mut url = url.clone();
        for _ in 0..=MAX_HOPS {
            let mut request = Request::new(Method::GET, url.clone());
            let json = HeaderValue::from_static("application/json");
            request.headers_mut().insert(header::ACCEPT, json);
            let answer = self.exchange(request, reach, |_| Vec::new()).await?;
            let Some(next) = answer.redirect_from(&url) else {
                return Ok(answer);
            };
            url = next;
        }
        Err(HttpError::TooManyRedirects)
    }

    /// Writes a decision down.
    pub fn decided(&self, decision: Decision) {
        if let Some(trace) = &self.trace {
            trace.decided(decision);
        }
    }
}

fn body(request: &Request) -> &[u8] {
    let body = request.body().and_then(reqwest::Body::as_bytes);
    body.unwrap_or_default()
}

fn is_json(headers: &HeaderMap) -> bool {
    shown::media_type(headers).as_deref() == Some("application/json")
}

fn asked(request: &Request) -> What {
    let mut url = request.url().clone();
    url.set_query(None);
    let sent = if is_json(request.headers()) {
        shown::members(body(request))
    } else {
        shown::pairs(form_urlencoded::parse(body(request)))
    };
    let query = shown::pairs(request.url().query_pairs());
    What::Asked {
        method: request.method().to_string(),
        url: url.into(),
        params: query
            .into_iter()
            .chain(credentials(request))
            .chain(sent)
            .collect(),
    }
}

/// Says that the request carries credentials in a header, and not which.
fn credentials(request: &Request) -> impl Iterator<Item = Param> {
    let names = [header::AUTHORIZATION.as_str(), "dpop"];
    let present = names
        .into_iter()
        .filter(|name| request.headers().contains_key(*name));
    let named = present.map(|name| Param {
        name: name.to_owned(),
        value: None,
    });
    named.collect::<Vec<_>>().into_iter()
}

fn unshown(request: &Request) -> Vec<Secret<String>> {
    let values = request.headers().values();
    let sensitive = values.filter(|value| value.is_sensitive());
    let sensitive: Vec<_> = sensitive.filter_map(|value| value.to_str().ok()).collect();
    // Without its scheme, a header's value may turn up elsewhere.
    let headers = sensitive
        .iter()
        .filter_map(|value| value.split_whitespace().next_back());
    let sent = if is_json(request.headers()) {
        shown::unshown_members(body(request))
    } else {
        shown::unshown(form_urlencoded::parse(body(request)))
    };
    let mut found = shown::unshown_query(request.url());
    found.extend(headers.map(|value| Secret::new(value.to_owned())));
    found.extend(sensitive.iter().filter_map(|value| basic_secret(value)));
    found.extend(sent);
    found
}

/// Gives the secret in a Basic header (RFC 6749 §2.3.1): who knows it can say it in plain words.
fn basic_secret(value: &str) -> Option<Secret<String>> {
    let pair = Secret::new(BASE64_STANDARD.decode(value.strip_prefix("Basic ")?).ok()?);
    // EXPOSE: its secret half goes on as a secret, to be searched for.
    let pair = pair.expose();
    let colon = pair.iter().position(|byte| *byte == b':')?;
    let (plain, _) = form_urlencoded::parse(&pair[colon + 1..]).next()?;
    Some(Secret::new(plain.into_owned()))
}

fn answered(answer: &Result<Answer, HttpError>) -> What {
    match answer {
        Ok(answer) => What::Answered {
            status: answer.status.as_u16(),
            media_type: shown::media_type(&answer.headers),
            headers: shown::headers(&answer.headers),
            members: shown::members(&answer.body),
        },
        Err(why) => What::Failed { why: *why },
    }
}
