//! Writes down what servers received, for a person to review: in order, with a name in place of everything secret or
//! random. The same value has the same name throughout, so that one sees what is sent back where.

use std::collections::BTreeMap;

use axum::http::Method;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::Value;

use crate::{Exchange, Wire};

/// Parameters and members whose values are secret or random.
const NAMED: [&str; 15] = [
    "access_token",
    "client_assertion",
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_verifier",
    "device_code",
    "dpop_jkt",
    "id_token",
    "refresh_token",
    "registration_access_token",
    "registration_client_uri",
    "state",
    "token",
];

/// Headers of the connection rather than of the request.
const NOISE: [&str; 3] = ["host", "user-agent", "content-length"];

/// What was written down so far.
#[derive(Debug)]
pub struct Transcript {
    text: String,
    names: Names,
    about_us: Option<String>,
    next: u64,
}

impl Transcript {
    /// Begins with the names of the places: `("http://127.0.0.1:1234", "provider")`.
    pub fn of<'a>(places: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let named = places
            .into_iter()
            .map(|(base, name)| (base.to_owned(), format!("{{{name}}}")));
        Self {
            text: String::new(),
            names: Names {
                places: named.collect(),
                ..Names::default()
            },
            about_us: None,
            next: 0,
        }
    }

    /// Writes down what the servers received since the last chapter.
    pub fn chapter<'a>(&mut self, title: &str, servers: impl IntoIterator<Item = (&'a str, &'a Wire)>) {
        let mut seen: Vec<(&str, Exchange)> = servers
            .into_iter()
            .flat_map(|(name, wire)| wire.exchanges().into_iter().map(move |exchange| (name, exchange)))
            .filter(|(_, exchange)| exchange.order >= self.next)
            .collect();
        seen.sort_by_key(|(_, exchange)| exchange.order);
        self.next = seen.last().map_or(self.next, |(_, exchange)| exchange.order + 1);
        let begun: BTreeMap<_, _> = seen.iter().filter_map(|(_, exchange)| begun(exchange)).collect();
        seen.sort_by_key(|(_, exchange)| cause(exchange, &begun));
        self.text += &format!("# {title}\n\n");
        for (server, exchange) in seen {
            self.write(server, &exchange);
        }
    }

    /// Gives the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn write(&mut self, server: &str, exchange: &Exchange) {
        self.names.learn_from(exchange);
        let page = exchange.method == Method::GET && exchange.parameter("redirect_uri").is_some();
        if exchange.is_browsers() && !page {
            // From there on the provider leads the person through its pages as it likes.
            return;
        }
        let status = exchange
            .status
            .map_or("…".to_owned(), |status| status.as_u16().to_string());
        let who = if exchange.is_browsers() { " (browser)" } else { "" };
        let head = format!(
            "{server}{who}: {} {} → {status}\n",
            exchange.method, exchange.path
        );
        self.text += &self.names.hidden(&head);
        if !exchange.is_browsers() {
            self.write_headers(exchange);
        }
        for (name, value) in exchange.query.iter().chain(&exchange.form()) {
            let value = self.names.of(name, value);
            self.text += &format!("    {name} = {value}\n");
        }
        if let Some(json) = exchange.json() {
            let line = format!("    {json}\n").replace(VERSION, "\"version\":\"<version>\"");
            let line = self.without_what_every_message_says(&json, line);
            self.text += &self.names.hidden(&line);
        }
        self.text.push('\n');
    }

    /// Shortens what each message of MCP says about us (2026-07-28, `_meta`) where it is what the one before said.
    fn without_what_every_message_says(&mut self, json: &Value, line: String) -> String {
        let about_us = json["params"]["_meta"].as_object().into_iter().flatten();
        let about_us: Vec<_> = about_us
            .filter(|(name, _)| name.starts_with("io.modelcontextprotocol/"))
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        let about_us = about_us.join(",").replace(VERSION, "\"version\":\"<version>\"");
        if about_us.is_empty() {
            return line;
        }
        if self.about_us.as_ref() == Some(&about_us) {
            return line.replace(&about_us, "…");
        }
        self.about_us = Some(about_us);
        line
    }

    fn write_headers(&mut self, exchange: &Exchange) {
        let mut lines: Vec<(&str, String)> = exchange
            .headers
            .iter()
            .filter(|(name, _)| !NOISE.contains(&name.as_str()))
            .map(|(name, value)| {
                (
                    name.as_str(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect();
        lines.sort();
        for (name, value) in lines {
            let value = match name {
                "mcp-session-id" => self.names.of("session", &value),
                "dpop" => "<proof>".to_owned(),
                "authorization" => self.names.credentials(&value),
                _ => self.names.hidden(&value),
            };
            self.text += &format!("    {name}: {value}\n");
        }
    }
}

/// Gives the session that an exchange begins, and its place.
fn begun(exchange: &Exchange) -> Option<(String, u64)> {
    let session = exchange
        .header("mcp-session-id")
        .filter(|_| exchange.begins_session())?;
    Some((session.to_owned(), exchange.order))
}

/// Gives what an exchange follows on. Listening begins side by side with what is asked next, so whichever comes first,
/// it is told right after what caused it.
fn cause(exchange: &Exchange, begun: &BTreeMap<String, u64>) -> (u64, bool) {
    let session = exchange.header("mcp-session-id").filter(|_| exchange.listens());
    let cause = session.and_then(|session| begun.get(session));
    (*cause.unwrap_or(&exchange.order), cause.is_some())
}

/// Ours, in every message that opens a session.
const VERSION: &str = concat!("\"version\":\"", env!("CARGO_PKG_VERSION"), "\"");

/// The names that values have been given.
#[derive(Debug, Default)]
struct Names {
    places: BTreeMap<String, String>,
    values: BTreeMap<String, String>,
    counted: BTreeMap<String, usize>,
}

impl Names {
    /// Gives tokens and clients the names under which they were handed out.
    fn learn_from(&mut self, exchange: &Exchange) {
        let own = exchange.json();
        let documents = [own.as_ref(), exchange.answer.as_ref()];
        for (name, value) in documents
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .flatten()
        {
            if let (true, Some(value)) = (NAMED.contains(&name.as_str()), value.as_str()) {
                self.of(name, value);
            }
        }
    }

    /// Gives a parameter's value, or the name it has.
    fn of(&mut self, parameter: &str, value: &str) -> String {
        if let Some(known) = self.values.get(value) {
            return known.clone();
        }
        let random = NAMED.contains(&parameter) || parameter == "session";
        // A client ID that is an address is no secret, and which one it is matters.
        if !random || value.starts_with("https://") {
            return self.hidden(value);
        }
        let count = self.counted.entry(parameter.to_owned()).or_default();
        *count += 1;
        let name = match *count {
            1 => format!("<{parameter}>"),
            count => format!("<{parameter} {count}>"),
        };
        self.values.insert(value.to_owned(), name.clone());
        name
    }

    /// Gives an `Authorization` header with the names of what it carries.
    fn credentials(&mut self, value: &str) -> String {
        let Some((scheme, token)) = value.split_once(' ') else {
            return "<credentials>".to_owned();
        };
        let pair = BASE64_STANDARD.decode(token).ok().filter(|_| scheme == "Basic");
        let pair = pair.and_then(|pair| String::from_utf8(pair).ok());
        match pair.as_deref().and_then(|pair| pair.split_once(':')) {
            Some((id, secret)) => {
                format!(
                    "Basic {}:{}",
                    self.of("client_id", id),
                    self.of("client_secret", secret)
                )
            }
            None => format!("{scheme} {}", self.of("access_token", token)),
        }
    }

    /// Puts names in place of all that has one.
    fn hidden(&self, text: &str) -> String {
        let mut text = text.to_owned();
        // Backwards, so that a longer text goes before one that it begins with.
        for (value, name) in self.places.iter().rev().chain(self.values.iter().rev()) {
            text = text.replace(value.as_str(), name);
        }
        loopback_door(&text)
    }
}

/// Hides port and path of the app's own loopback address, which differ each time.
fn loopback_door(text: &str) -> String {
    for host in ["http://127.0.0.1:", "http://localhost:"] {
        if let Some((before, after)) = text.split_once(host) {
            let end = after.find(['"', '?', ' ', '\n']).unwrap_or(after.len());
            return format!("{before}{host}<port>/<path>{}", &after[end..]);
        }
    }
    text.to_owned()
}
