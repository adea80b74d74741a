//! What an answer to the unauthenticated question means: a pure function of status, headers and the body's beginning.

use bytes::Bytes;
use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};
use serde_json::Value;
use url::Url;

use super::Evidence;
use crate::oauth::Hints;

/// The errors that only servers of the modern era send: header mismatch, missing capability, unsupported version.
const MODERN_ERRORS: std::ops::RangeInclusive<i64> = -32022..=-32020;

/// An answer, as much of it as was read.
pub(super) struct Answer {
    /// Where it came from.
    pub(super) url: Url,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// What an answer means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Seen {
    /// An MCP server answered without asking who we are.
    Result,
    /// A server of the modern era refused this request, not its era.
    Modern(Evidence),
    /// The request itself was not understood: perhaps a server of the other era.
    Refused(Evidence),
    /// 401, with what an OAuth challenge said, if there was one that said anything.
    Unauthorized(Option<Hints>),
    /// Nothing that could be concluded from.
    Nothing(Evidence),
}

/// The answers of JSON-RPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Message {
    /// The result that both eras begin with.
    Result,
    /// An error of the modern era alone (MCP 2026-07-28, versioning).
    Modern,
    /// Another error, or another result.
    Other,
}

impl Answer {
    /// Judges the answer; total, whatever a server sends (S1).
    pub(super) fn judge(&self) -> Seen {
        match self.status {
            StatusCode::UNAUTHORIZED => {
                Seen::Unauthorized(Hints::from(&self.headers).filter(|hints| !hints.is_empty()))
            }
            status if status.is_redirection() => Seen::Nothing(Evidence::Redirected {
                host: self.redirect_host(),
            }),
            status if status.is_success() => self.judge_success(),
            StatusCode::BAD_REQUEST if self.message(&self.body) == Some(Message::Modern) => {
                Seen::Modern(self.status_evidence())
            }
            // What an older server makes of words it does not know (MCP 2026-07-28, versioning).
            StatusCode::BAD_REQUEST
            | StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::NOT_ACCEPTABLE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY
            | StatusCode::INTERNAL_SERVER_ERROR
            | StatusCode::NOT_IMPLEMENTED => Seen::Refused(self.status_evidence()),
            _ => Seen::Nothing(self.status_evidence()),
        }
    }

    fn judge_success(&self) -> Seen {
        match self.message(&self.body) {
            Some(Message::Result) => Seen::Result,
            Some(Message::Modern) => Seen::Modern(Evidence::NotMcp),
            Some(Message::Other) => Seen::Refused(Evidence::NotMcp),
            None if self.media_type() == "text/html" => Seen::Nothing(Evidence::HtmlPage),
            None => Seen::Nothing(Evidence::NotMcp),
        }
    }

    pub(super) fn is_event_stream(&self) -> bool {
        self.media_type() == "text/event-stream"
    }

    /// Tells whether the beginning of a body already holds the answer.
    pub(super) fn holds_message(&self, body: &[u8]) -> bool {
        self.message(body).is_some()
    }

    fn message(&self, body: &[u8]) -> Option<Message> {
        match self.media_type().as_str() {
            "application/json" => read(body),
            "text/event-stream" => {
                let text = std::str::from_utf8(body)
                    .ok()?
                    .replace("\r\n", "\n")
                    .replace('\r', "\n");
                text.split("\n\n").find_map(|event| read(data(event).as_bytes()))
            }
            _ => None,
        }
    }

    fn media_type(&self) -> String {
        let value = self
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        let essence = value
            .and_then(|value| value.split(';').next())
            .unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    }

    fn redirect_host(&self) -> Option<String> {
        let location = self.headers.get(LOCATION)?.to_str().ok()?;
        self.url.join(location).ok()?.host_str().map(str::to_owned)
    }

    fn status_evidence(&self) -> Evidence {
        Evidence::Status {
            status: self.status.as_u16(),
        }
    }
}

/// Gives the data of one server-sent event (HTML Living Standard, server-sent events).
fn data(event: &str) -> String {
    let lines = event.lines().filter_map(|line| line.strip_prefix("data:"));
    let lines: Vec<_> = lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    lines.join("\n")
}

/// Reads a JSON-RPC answer; a result counts only with the capabilities that both eras require in it.
fn read(body: &[u8]) -> Option<Message> {
    let message: Value = serde_json::from_slice(body).ok()?;
    if message.get("jsonrpc")? != "2.0" {
        return None;
    }
    if let Some(error) = message.get("error") {
        let modern = error
            .get("code")
            .and_then(Value::as_i64)
            .is_some_and(|code| MODERN_ERRORS.contains(&code));
        return Some(if modern { Message::Modern } else { Message::Other });
    }
    let capabilities = message.get("result")?.get("capabilities");
    let begins = capabilities.is_some_and(Value::is_object);
    Some(if begins { Message::Result } else { Message::Other })
}

#[cfg(test)]
mod tests {
    use http::header::WWW_AUTHENTICATE;

    use super::*;

    const RESULT: &str =
        r#"{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{}}}"#;
    const ERROR: &str = r#"{"jsonrpc":"2.0","id":1,"error":{"code":-32022,"message":"unsupported"}}"#;

    fn answer(status: u16, media_type: &str, body: impl Into<Bytes>) -> Answer {
        let media_type = media_type.parse().expect("the test's media type is well-formed");
        Answer {
            url: Url::parse("https://mcp.example/mcp").expect("the test's URL is well-formed"),
            status: StatusCode::from_u16(status).expect("the test's status is one"),
            headers: [(CONTENT_TYPE, media_type)].into_iter().collect(),
            body: body.into(),
        }
    }

    fn challenged(lines: &[&str]) -> Seen {
        let mut answer = answer(401, "text/plain", "");
        for line in lines {
            let line = line.parse().expect("the test's challenge is a header value");
            answer.headers.append(WWW_AUTHENTICATE, line);
        }
        answer.judge()
    }

    #[test]
    fn a_result_is_open_in_either_form() {
        assert_eq!(answer(200, "application/json", RESULT).judge(), Seen::Result);
        assert_eq!(
            answer(200, "Application/JSON; charset=utf-8", RESULT).judge(),
            Seen::Result,
            "media types have no case"
        );
        let stream = format!(": hello\r\n\r\nevent: message\r\ndata: {RESULT}\r\n\r\n");
        assert_eq!(answer(200, "text/event-stream", stream).judge(), Seen::Result);
    }

    #[test]
    fn an_error_of_json_rpc_asks_for_the_other_era() {
        let older = ERROR.replace("-32022", "-32000");
        let refused = answer(400, "application/json", older.clone()).judge();
        assert_eq!(refused, Seen::Refused(Evidence::Status { status: 400 }));
        let refused = answer(200, "application/json", older).judge();
        assert_eq!(refused, Seen::Refused(Evidence::NotMcp));
        let modern = answer(400, "application/json", ERROR).judge();
        assert_eq!(modern, Seen::Modern(Evidence::Status { status: 400 }));
    }

    #[test]
    fn s01_a_challenge_counts_only_if_it_says_where_or_what() {
        assert!(matches!(
            challenged(&["Basic realm=x", "Bearer scope=\"read\""]),
            Seen::Unauthorized(Some(_))
        ));
        assert!(matches!(
            challenged(&["DPoP resource_metadata=\"https://mcp.example/prm\""]),
            Seen::Unauthorized(Some(_))
        ));
        for lines in [
            &["Bearer"][..],
            &["Basic realm=x"],
            &[],
            &["Bearer scope=\"", "\"", "=,=,"],
        ] {
            assert_eq!(
                challenged(lines),
                Seen::Unauthorized(None),
                "{lines:?} says nothing definite"
            );
        }
    }

    #[test]
    fn s01_no_other_status_is_a_kind() {
        for status in [402, 403, 408, 429, 502, 503] {
            let seen = answer(status, "application/json", RESULT).judge();
            let nothing = Seen::Nothing(Evidence::Status { status });
            assert_eq!(seen, nothing, "{status} says nothing");
        }
        for status in [400, 404, 405, 406, 415, 422, 500, 501] {
            let seen = answer(status, "application/json", RESULT).judge();
            let refused = Seen::Refused(Evidence::Status { status });
            assert_eq!(
                seen, refused,
                "{status} says only that the words were not understood"
            );
        }
    }

    #[test]
    fn s01_what_is_not_mcp_is_no_kind() {
        for body in [
            "",
            "[]",
            "{}",
            "null",
            "{\"jsonrpc\":\"2.0\"}",
            "\u{0}",
            "{\"result\":",
        ] {
            let seen = answer(200, "application/json", body).judge();
            assert_eq!(seen, Seen::Nothing(Evidence::NotMcp), "{body:?}");
        }
        let invalid = answer(200, "text/event-stream", &b"data: \xff\xfe\n\n"[..]).judge();
        assert_eq!(invalid, Seen::Nothing(Evidence::NotMcp), "invalid UTF-8");
        let deep = "[".repeat(100_000);
        assert_eq!(
            answer(200, "application/json", deep).judge(),
            Seen::Nothing(Evidence::NotMcp)
        );
    }

    #[test]
    fn s01_a_captive_portal_is_a_page_or_a_redirect() {
        let page = answer(200, "text/html; charset=utf-8", "<html>Log in").judge();
        assert_eq!(page, Seen::Nothing(Evidence::HtmlPage));
        let mut elsewhere = answer(302, "text/html", "");
        let location = "https://portal.example/login".parse().expect("a header value");
        elsewhere.headers.insert(LOCATION, location);
        let host = Some("portal.example".to_owned());
        assert_eq!(elsewhere.judge(), Seen::Nothing(Evidence::Redirected { host }));
    }
}
