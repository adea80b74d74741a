//! Sends one request, with what belongs along, and once more after a renewed sign-in.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{ACCEPT, CONTENT_TYPE},
};
use reqwest::{Method, Request, Response};
use rmcp::model::ClientJsonRpcMessage;
use tokio::sync::mpsc;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{
    super::{CALL_LIMIT, SignInNeed, fault::Fault},
    Notes, Passes, is_call, is_opening,
    reading::status_fault,
};
use crate::{
    base::{AccountId, Reach, Secret, ServerUrl},
    grants::Bearer,
    oauth,
    ports::{Http, HttpError},
};

pub(super) const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const LAST_EVENT: HeaderName = HeaderName::from_static("last-event-id");
/// How long a server may take until its answer begins, and between two pieces of it (S7).
const PATIENCE: Duration = Duration::from_secs(10);

/// The way to one server. Cheap to clone.
#[derive(Clone)]
pub(in super::super) struct Wire {
    inner: Arc<Inner>,
}

struct Inner {
    http: Http,
    url: ServerUrl,
    reach: Reach,
    configured: HeaderMap,
    passes: Passes,
    notes: Notes,
    had_stream: AtomicBool,
    is_known: AtomicBool,
    _gone: DropGuard,
    _alive: mpsc::Sender<()>,
}

/// One request, as often as it is to be sent.
pub(super) struct Draft {
    method: Method,
    headers: HeaderMap,
    body: Option<Bytes>,
    opens: bool,
    patience: Duration,
}

impl Draft {
    pub(super) fn post(
        message: &ClientJsonRpcMessage,
        session: Option<&str>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Result<Self, serde_json::Error> {
        let mut draft = Self::new(Method::POST, session, headers);
        draft.set(ACCEPT, "application/json, text/event-stream");
        draft.set(CONTENT_TYPE, "application/json");
        draft.body = Some(serde_json::to_vec(message)?.into());
        draft.opens = is_opening(message);
        if is_call(message) {
            draft.patience = CALL_LIMIT;
        }
        Ok(draft)
    }

    pub(super) fn get(
        session: Option<&str>,
        last_event: Option<&str>,
        headers: HashMap<HeaderName, HeaderValue>,
    ) -> Self {
        let mut draft = Self::new(Method::GET, session, headers);
        draft.set(ACCEPT, "text/event-stream");
        if let Some(last_event) = last_event {
            draft.set(LAST_EVENT, last_event);
        }
        draft
    }

    pub(super) fn delete(session: &str, headers: HashMap<HeaderName, HeaderValue>) -> Self {
        Self::new(Method::DELETE, Some(session), headers)
    }

    fn new(method: Method, session: Option<&str>, headers: HashMap<HeaderName, HeaderValue>) -> Self {
        let mut draft = Self {
            method,
            headers: headers.into_iter().collect(),
            body: None,
            opens: false,
            patience: PATIENCE,
        };
        if let Some(session) = session {
            draft.set(SESSION, session);
        }
        draft
    }

    /// Sets a header; a value that no header can have comes from the server and is left out.
    fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }
}

/// What a wire is made of.
pub(in super::super) struct Parts {
    pub(in super::super) http: Http,
    pub(in super::super) url: ServerUrl,
    pub(in super::super) reach: Reach,
    /// Whether it answered well before.
    pub(in super::super) is_known: bool,
    pub(in super::super) headers: Vec<(HeaderName, Secret<String>)>,
    pub(in super::super) passes: Passes,
    pub(in super::super) notes: Notes,
    /// Cancelled when the last clone of the wire is gone.
    pub(in super::super) gone: CancellationToken,
    /// Held until then.
    pub(in super::super) alive: mpsc::Sender<()>,
}

impl Wire {
    /// Makes the way to one server. Configured headers that cannot be sent need the person.
    pub(in super::super) fn new(parts: Parts) -> Result<Self, Fault> {
        let inner = Inner {
            http: parts.http,
            url: parts.url,
            reach: parts.reach,
            configured: configured(parts.headers)?,
            passes: parts.passes,
            notes: parts.notes,
            had_stream: AtomicBool::new(false),
            is_known: AtomicBool::new(parts.is_known),
            _gone: parts.gone.drop_guard(),
            _alive: parts.alive,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Tells as whom it sends; `None` for nobody.
    pub(in super::super) fn account(&self) -> Option<AccountId> {
        self.inner.passes.account()
    }

    pub(super) fn notes(&self) -> &Notes {
        &self.inner.notes
    }

    /// Remembers that the server does offer a listening stream.
    pub(super) fn saw_stream(&self) {
        self.inner.had_stream.store(true, Ordering::Relaxed);
    }

    pub(super) fn had_stream(&self) -> bool {
        self.inner.had_stream.load(Ordering::Relaxed)
    }

    /// Remembers that the server has answered well, if it has.
    pub(super) fn answered(&self, well: bool) {
        self.inner.is_known.fetch_or(well, Ordering::Relaxed);
    }

    /// Says what a fault means at this server.
    pub(super) fn judge(&self, fault: Fault) -> Fault {
        let is_known = self.inner.is_known.load(Ordering::Relaxed);
        fault.at_known(is_known, &self.inner.url, self.inner.reach)
    }

    /// Sends a request, after a 401 once more with a renewed token (S34), and judges what concerns the sign-in.
    pub(super) async fn send(&self, draft: &Draft) -> Result<Response, Fault> {
        let pass = self.inner.passes.get().await?;
        let mut response = self.execute_proven(draft, pass.as_ref()).await?;
        if let Some(refused) = pass.filter(|_| response.status() == StatusCode::UNAUTHORIZED) {
            self.inner.notes.challenge(response.headers());
            let renewed = self.inner.passes.renew(&refused).await?;
            response = self.execute(draft, Some(&renewed)).await?;
            if response.status() == StatusCode::UNAUTHORIZED {
                return Err(Fault::SignIn(SignInNeed::Rejected));
            }
        }
        self.admit(response, draft)
    }

    /// Refuses what is about the sign-in, and redirects; all else is for the reader.
    fn admit(&self, response: Response, draft: &Draft) -> Result<Response, Fault> {
        match response.status() {
            StatusCode::UNAUTHORIZED => {
                self.inner.notes.challenge(response.headers());
                Err(Fault::SignIn(self.inner.passes.missing()))
            }
            StatusCode::FORBIDDEN => {
                if let Some(scopes) = oauth::insufficient_scope(response.headers()) {
                    self.inner.notes.insufficient(response.headers());
                    return Err(Fault::Scope(scopes));
                }
                // Later, a 403 may be about one tool; while connecting it is about the key.
                if draft.opens && self.inner.passes.are_headers() {
                    return Err(Fault::SignIn(SignInNeed::HeaderRefused));
                }
                Ok(response)
            }
            status if status.is_redirection() => Err(status_fault(&response)),
            _ => Ok(response),
        }
    }

    /// Sends a request, and once more with the nonce where nothing else was missing (RFC 9449 §9): it cannot have run.
    async fn execute_proven(&self, draft: &Draft, bearer: Option<&Bearer>) -> Result<Response, Fault> {
        let hear =
            |response: &Response| bearer.is_some_and(|bearer| self.inner.passes.hear(bearer, response));
        let mut response = self.execute(draft, bearer).await?;
        if hear(&response) && response.status() == StatusCode::UNAUTHORIZED {
            response = self.execute(draft, bearer).await?;
            hear(&response);
        }
        Ok(response)
    }

    async fn execute(&self, draft: &Draft, bearer: Option<&Bearer>) -> Result<Response, Fault> {
        let url = self.inner.url.url();
        Http::check(url, self.inner.reach)?;
        let mut request = Request::new(draft.method.clone(), url.clone());
        *request.headers_mut() = self.inner.configured.clone();
        for (name, value) in &draft.headers {
            request.headers_mut().insert(name, value.clone());
        }
        if let Some(bearer) = bearer {
            self.inner.passes.show(bearer, &mut request);
        }
        *request.body_mut() = draft.body.clone().map(Into::into);
        let sent = self.inner.http.client(self.inner.reach).execute(request);
        let sent = within(draft.patience, sent).await;
        sent.map_err(|fault| match fault {
            Fault::Http(error) => Fault::Http(self.inner.http.why(error, (url, self.inner.reach))),
            fault => fault,
        })
    }
}

/// Waits for the next piece of an answer.
pub(super) async fn within<T>(
    patience: Duration,
    next: impl Future<Output = Result<T, reqwest::Error>>,
) -> Result<T, Fault> {
    let next = tokio::time::timeout(patience, next).await;
    let next = next.map_err(|_| HttpError::TimedOut)?;
    Ok(next.map_err(HttpError::from)?)
}

/// Gives how long the pieces of an answer may be apart.
pub(super) fn patience(message: &ClientJsonRpcMessage) -> Duration {
    if is_call(message) { CALL_LIMIT } else { PATIENCE }
}

fn configured(headers: Vec<(HeaderName, Secret<String>)>) -> Result<HeaderMap, Fault> {
    let values = headers.into_iter().map(|(name, value)| {
        // EXPOSE: the person configured this header for requests to this server.
        let value = HeaderValue::from_str(value.expose());
        let mut value = value.map_err(|_| Fault::SignIn(SignInNeed::HeaderRefused))?;
        value.set_sensitive(true);
        Ok((name, value))
    });
    values.collect()
}
