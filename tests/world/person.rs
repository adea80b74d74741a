//! The person: opens the page, presses a button, and is sent back.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use reqwest::{Response, header};
use tokio::sync::mpsc;
use url::Url;
use usher_core::ports::{Browser, BrowserError};

use crate::client;

/// What the person does on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Presses Allow.
    Allow,
    /// Presses Decline.
    Deny,
    /// Leaves the page open and does nothing.
    Nothing,
    /// Has no browser that opens.
    NoBrowser,
}

/// Where the browser ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// At a link of a private scheme, which the system would hand to the app.
    Link(String),
    /// At a page, with its text: the loopback listener's, or an error page of the provider.
    Page(u16, String),
}

/// A person with a browser that really follows redirects. Cheap to clone.
#[derive(Clone)]
pub struct Person {
    decision: Arc<Mutex<Decision>>,
    opened: Arc<Mutex<Vec<Url>>>,
    arrivals: mpsc::UnboundedSender<Arrival>,
}

impl Person {
    /// Makes a person, and the stream of where the browser ends.
    pub fn who(decision: Decision) -> (Self, mpsc::UnboundedReceiver<Arrival>) {
        let (arrivals, stream) = mpsc::unbounded_channel();
        (
            Self {
                decision: Arc::new(Mutex::new(decision)),
                opened: Arc::default(),
                arrivals,
            },
            stream,
        )
    }

    /// Changes the person's mind.
    pub fn decides(&self, decision: Decision) {
        *self.decision.lock().unwrap_or_else(PoisonError::into_inner) = decision;
    }

    /// Gives every page that was opened.
    pub fn opened(&self) -> Vec<Url> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes to a page and presses the button, up to where the browser ends.
    pub async fn follow(url: Url, decision: Decision) -> Result<Arrival, reqwest::Error> {
        Self::browse(url, decision, |_| true).await
    }

    /// Does the same on another machine, where the app's door is not: the browser ends at its address.
    pub async fn elsewhere(url: Url, decision: Decision) -> Result<Arrival, reqwest::Error> {
        Self::browse(url, decision, |url| !url.path().starts_with("/callback/")).await
    }

    async fn browse(
        url: Url,
        decision: Decision,
        is_there: impl Fn(&Url) -> bool,
    ) -> Result<Arrival, reqwest::Error> {
        let (browser, mut cookies) = (client(), BTreeMap::new());
        let mut next = browser.get(url.clone()).build()?;
        let mut here = url;
        // Twenty pages are more than any sign-in takes; a loop must not hang a test.
        for _ in 0..20 {
            let cookie = cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<_>>()
                .join("; ");
            if let Ok(cookie) = cookie.parse() {
                next.headers_mut().insert(header::COOKIE, cookie);
            }
            let answer = browser.execute(next).await?;
            keep_cookies(&answer, &mut cookies);
            if let Some(to) = redirect(&here, &answer) {
                if !matches!(to.scheme(), "http" | "https") || !is_there(&to) {
                    return Ok(Arrival::Link(to.into()));
                }
                here = to;
                next = browser.get(here.clone()).build()?;
                continue;
            }
            let (status, text) = (answer.status().as_u16(), answer.text().await?);
            let Some((action, fields)) = form(&here, &text, decision) else {
                return Ok(Arrival::Page(status, text));
            };
            here = action;
            next = browser.post(here.clone()).form(&fields).build()?;
        }
        Ok(Arrival::Page(0, String::new()))
    }
}

#[async_trait]
impl Browser for Person {
    async fn open(&self, url: &Url) -> Result<(), BrowserError> {
        let decision = *self.decision.lock().unwrap_or_else(PoisonError::into_inner);
        if decision == Decision::NoBrowser {
            return Err(BrowserError);
        }
        self.opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(url.clone());
        if decision == Decision::Nothing {
            return Ok(());
        }
        let (url, arrivals) = (url.clone(), self.arrivals.clone());
        tokio::spawn(async move {
            let arrival = Self::follow(url, decision)
                .await
                .unwrap_or(Arrival::Page(0, String::new()));
            // A story that no longer listens has ended.
            let _ = arrivals.send(arrival);
        });
        Ok(())
    }
}

fn keep_cookies(answer: &Response, cookies: &mut BTreeMap<String, String>) {
    for line in answer.headers().get_all(header::SET_COOKIE) {
        let pair = line
            .to_str()
            .ok()
            .and_then(|line| line.split(';').next())
            .and_then(|pair| pair.split_once('='));
        if let Some((name, value)) = pair {
            cookies.insert(name.trim().to_owned(), value.trim().to_owned());
        }
    }
}

fn redirect(from: &Url, answer: &Response) -> Option<Url> {
    let location = answer
        .headers()
        .get(header::LOCATION)
        .filter(|_| answer.status().is_redirection())?;
    from.join(location.to_str().ok()?).ok()
}

/// Fills in the first form of a page: hidden fields as they are, text fields with a name, the button as decided.
fn form(here: &Url, page: &str, decision: Decision) -> Option<(Url, Vec<(String, String)>)> {
    let form = page.split_once("<form")?.1;
    let form = form.split_once("</form>").map_or(form, |(form, _)| form);
    let action = here
        .join(&attribute(form.split_once('>')?.0, "action").unwrap_or_default())
        .ok()?;
    let mut fields: Vec<(String, String)> = form
        .split("<input")
        .skip(1)
        .filter_map(|input| {
            let tag = input.split_once('>').map_or(input, |(tag, _)| tag);
            let value = attribute(tag, "value").unwrap_or_else(|| "person".to_owned());
            Some((attribute(tag, "name")?, value))
        })
        .collect();
    if form.contains("name=\"decision\"") {
        let value = if decision == Decision::Deny {
            "deny"
        } else {
            "allow"
        };
        fields.push(("decision".to_owned(), value.to_owned()));
    }
    Some((action, fields))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!("{name}=\""))?.1;
    Some(rest.split_once('"')?.0.replace("&amp;", "&"))
}
