//! The loopback listener (RFC 8252 §7.3): a door on this machine through which the browser brings the answer.
//!
//! It is bound before the browser opens, on a literal address, under a path nobody can guess, and it lives as
//! long as its sign-in. Whatever else knocks gets a static page and ends nothing (S21).

use std::{net::Ipv4Addr, num::NonZeroU16};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rand::Rng;
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

use super::{Rung, SignIns, page};
use crate::{base::RedirectUri, oauth::Arrival};

/// The port could not be had on the loopback address; no port at all if none was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no port on this machine could be opened for the answer")]
pub(super) struct NoPort {
    pub(super) port: Option<NonZeroU16>,
}

/// A door that is bound and not yet open.
pub(super) struct Bound {
    listener: TcpListener,
    redirect: RedirectUri,
}

impl Bound {
    /// Binds any free port, under a path of its own.
    pub(super) async fn fresh(host: &str) -> Result<Self, NoPort> {
        let path = BASE64_URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 16]>());
        Self::at(host, None, &format!("/callback/{path}")).await
    }

    /// Binds the given port, or any free one, under the given path.
    pub(super) async fn at(host: &str, port: Option<NonZeroU16>, path: &str) -> Result<Self, NoPort> {
        let wanted = (Ipv4Addr::LOCALHOST, port.map_or(0, NonZeroU16::get));
        let listener = TcpListener::bind(wanted).await.map_err(|_| NoPort { port })?;
        let bound = listener.local_addr().map_err(|_| NoPort { port })?.port();
        Ok(Self {
            listener,
            redirect: RedirectUri::new(format!("http://{host}:{bound}{path}")),
        })
    }

    /// Binds the port of a redirect URI that was registered before.
    pub(super) async fn again(redirect: &RedirectUri) -> Result<Self, NoPort> {
        let url = Url::parse(redirect.as_str()).ok();
        let port = url.and_then(|url| NonZeroU16::new(url.port()?));
        let wanted = port.ok_or(NoPort { port })?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, wanted.get())).await;
        Ok(Self {
            listener: listener.map_err(|_| NoPort { port })?,
            redirect: redirect.clone(),
        })
    }

    /// Gives the address under which the browser finds the door.
    pub(super) const fn redirect(&self) -> &RedirectUri {
        &self.redirect
    }

    /// Opens the door; it closes when its task is aborted. A browser that is in it already still gets its page.
    pub(super) fn open(self, sign_ins: SignIns) -> JoinHandle<()> {
        let door = Door {
            sign_ins,
            redirect: self.redirect,
        };
        let service = Router::new().fallback(knock).with_state(door);
        tokio::spawn(async move {
            if let Err(error) = axum::serve(self.listener, service).await {
                tracing::warn!(%error, "the loopback listener ended early");
            }
        })
    }
}

#[derive(Clone)]
struct Door {
    sign_ins: SignIns,
    redirect: RedirectUri,
}

async fn knock(State(door): State<Door>, request: Request) -> Response {
    let Some(answer) = answer_url(&door.redirect, &request) else {
        return shown(StatusCode::NOT_FOUND, page::not_an_answer());
    };
    let outcome = door.sign_ins.answer(&answer, Arrival::Loopback).await;
    shown(StatusCode::OK, page::for_outcome(&outcome))
}

/// Gives the answer's full address if the request is a GET for exactly our host and path (against DNS rebinding
/// and guessing).
fn answer_url(redirect: &RedirectUri, request: &Request) -> Option<Url> {
    let expected = Url::parse(redirect.as_str()).ok()?;
    let authority = format!("{}:{}", expected.host_str()?, expected.port()?);
    let host = request.headers().get(header::HOST)?.to_str().ok()?;
    let ours =
        request.method() == Method::GET && host == authority && request.uri().path() == expected.path();
    let query = request.uri().query().filter(|_| ours)?;
    Url::parse(&format!("{redirect}?{query}")).ok()
}

fn shown(status: StatusCode, text: String) -> Response {
    let mut response = (status, Html(text)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(page::POLICY),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Binds the door a rung needs, preferring the address that was registered before (S22).
pub(super) async fn bind(rung: Rung, registered: Option<&RedirectUri>) -> Result<Option<Bound>, NoPort> {
    let Some(host) = rung.loopback_host() else {
        return Ok(None);
    };
    if let Some(redirect) = registered
        && let Ok(bound) = Bound::again(redirect).await
    {
        return Ok(Some(bound));
    }
    Bound::fresh(host).await.map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: Method, host: &str, uri: &str) -> Request {
        Request::builder()
            .method(method)
            .uri(uri)
            .header(header::HOST, host)
            .body(axum::body::Body::empty())
            .expect("the test's request is well-formed")
    }

    #[tokio::test]
    async fn s21_the_door_is_on_a_literal_loopback_address_and_its_path_cannot_be_guessed() {
        let one = Bound::fresh("localhost").await.expect("a free port");
        let two = Bound::fresh("localhost").await.expect("a free port");
        let address = one
            .listener
            .local_addr()
            .expect("a bound listener has an address");
        assert!(address.ip().is_loopback(), "never on another interface");
        let path = |bound: &Bound| {
            Url::parse(bound.redirect().as_str())
                .expect("a URL")
                .path()
                .to_owned()
        };
        assert_ne!(path(&one), path(&two), "every door has its own path");
        assert!(path(&one).len() > "/callback/".len() + 20, "at least 128 bits");
    }

    #[tokio::test]
    async fn s22_a_taken_port_means_another_one() {
        let first = Bound::fresh("127.0.0.1").await.expect("a free port");
        let second = bind(Rung::LoopbackAddress, Some(first.redirect()))
            .await
            .expect("another port");
        let second = second.expect("a loopback rung has a door");
        assert_ne!(
            second.redirect(),
            first.redirect(),
            "the taken port is not waited for"
        );
    }

    #[test]
    fn s21_only_a_get_for_our_host_and_path_is_an_answer() {
        let redirect = RedirectUri::new("http://127.0.0.1:4000/callback/abc");
        let url = |method, host, uri| answer_url(&redirect, &request(method, host, uri)).map(String::from);
        let good = "/callback/abc?code=c&state=s";
        assert_eq!(
            url(Method::GET, "127.0.0.1:4000", good).as_deref(),
            Some("http://127.0.0.1:4000/callback/abc?code=c&state=s")
        );
        assert_eq!(url(Method::POST, "127.0.0.1:4000", good), None, "GET only");
        assert_eq!(
            url(Method::GET, "evil.example:4000", good),
            None,
            "a rebound name is not our host"
        );
        assert_eq!(
            url(Method::GET, "127.0.0.1:4000", "/callback/abd?code=c"),
            None,
            "another path"
        );
        assert_eq!(
            url(Method::GET, "127.0.0.1:4000", "/callback/abc"),
            None,
            "nothing was brought"
        );
    }
}
