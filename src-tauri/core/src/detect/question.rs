//! The two harmless requests, one for each era of MCP, and what comes back.

use bytes::{Bytes, BytesMut};
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{ACCEPT, CONTENT_TYPE},
};
use reqwest::{Body, Method, Request, Response};
use serde_json::{Value, json};

use super::{
    Evidence, LIMIT,
    answer::{Answer, Seen},
};
use crate::{
    base::{Reach, ServerUrl},
    ports::{Http, HttpError},
};

/// The most bytes of an answer that are looked at.
const BODY_LIMIT: usize = 256 * 1024;
const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
const METHOD: HeaderName = HeaderName::from_static("mcp-method");
const LEGACY: &str = "2025-11-25";
const MODERN: &str = "2026-07-28";

/// Asks one server.
pub(super) struct Asker<'a> {
    http: &'a Http,
    url: &'a ServerUrl,
    reach: Reach,
}

impl<'a> Asker<'a> {
    pub(super) const fn new(http: &'a Http, url: &'a ServerUrl, reach: Reach) -> Self {
        Self { http, url, reach }
    }

    /// Asks as clients since 2026-07-28 begin; opens no session.
    pub(super) async fn discover(&self) -> Result<Seen, Evidence> {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientInfo": client_info(),
            "io.modelcontextprotocol/clientCapabilities": {},
        });
        let headers = [
            (VERSION, HeaderValue::from_static(MODERN)),
            (METHOD, HeaderValue::from_static("server/discover")),
        ];
        let params = json!({ "_meta": meta });
        self.ask("server/discover", params, headers.into_iter().collect())
            .await
    }

    /// Asks as clients up to 2025-11-25 begin; a session that this opens is released.
    pub(super) async fn initialize(&self) -> Result<Seen, Evidence> {
        let params = json!({ "protocolVersion": LEGACY, "capabilities": {}, "clientInfo": client_info() });
        self.ask("initialize", params, HeaderMap::new()).await
    }

    async fn ask(&self, method: &str, params: Value, headers: HeaderMap) -> Result<Seen, Evidence> {
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let mut request = self.request(Method::POST)?;
        *request.headers_mut() = headers;
        let fixed = [
            (CONTENT_TYPE, "application/json"),
            (ACCEPT, "application/json, text/event-stream"),
        ];
        for (name, value) in fixed {
            request
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        }
        *request.body_mut() = Some(Body::from(body.to_string()));
        let answer = tokio::time::timeout(LIMIT, self.answer(request)).await;
        Ok(answer.map_err(|_| Evidence::TimedOut)??.judge())
    }

    const fn client(&self) -> &reqwest::Client {
        self.http.client(self.reach)
    }

    fn request(&self, method: Method) -> Result<Request, Evidence> {
        Http::check(self.url.url(), self.reach)?;
        Ok(Request::new(method, self.url.url().clone()))
    }

    async fn answer(&self, request: Request) -> Result<Answer, Evidence> {
        let response = self.client().execute(request).await;
        let response = response.map_err(|error| self.http.why(error, (self.url.url(), self.reach)))?;
        self.release(response.headers());
        let mut answer = Answer {
            url: self.url.url().clone(),
            status: response.status(),
            headers: response.headers().clone(),
            body: Bytes::new(),
        };
        answer.body = read(response, &answer).await?;
        Ok(answer)
    }

    /// Releases the session that an answer opened, in a task of its own: nobody waits for it.
    fn release(&self, headers: &HeaderMap) {
        let Some((session, mut request)) = headers.get(SESSION).zip(self.request(Method::DELETE).ok()) else {
            return;
        };
        request.headers_mut().insert(SESSION, session.clone());
        request
            .headers_mut()
            .insert(VERSION, HeaderValue::from_static(LEGACY));
        *request.timeout_mut() = Some(LIMIT);
        let sent = self.client().execute(request);
        tokio::spawn(async move {
            if let Err(error) = sent.await.map_err(HttpError::from) {
                tracing::debug!(%error, "the session of a probe could not be released");
            }
        });
    }
}

/// Reads a body up to its end, its limit, or the first message of an event stream, which may never end.
async fn read(mut response: Response, answer: &Answer) -> Result<Bytes, Evidence> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(HttpError::from)? {
        body.extend_from_slice(&chunk);
        if body.len() > BODY_LIMIT || (answer.is_event_stream() && answer.holds_message(&body)) {
            break;
        }
    }
    Ok(body.freeze())
}

fn client_info() -> Value {
    json!({ "name": "Usher", "version": env!("CARGO_PKG_VERSION") })
}
