//! The life of the connection to each server: a pure state machine, the driver that performs its deeds, and the wire
//! that rmcp's messages travel on.
//!
//! One task owns one server, so a slow one delays nobody. What an older attempt still has to tell changes nothing.
//! Only what cannot have run is tried again.
//!
//! Never here: a decision about credentials, a browser, an authorization; the wire asks `grants` for the bearer of
//! each request and says what the server thought of it.
//!
//! Follows MCP 2025-11-25 and 2026-07-28 (Streamable HTTP), RFC 6750, RFC 9110 §11.6.1.

mod asks;
mod calls;
mod desk;
mod fault;
mod held;
mod keeper;
mod line;
mod machine;
pub mod question;
mod questions;
mod session;
mod view;
mod wire;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use futures::future::join_all;
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::{
    base::ServerId,
    grants::{Grants, Standing},
    oauth::Hints,
    ports::{Clock, Http},
    servers::Servers,
};

pub use view::{
    AnswerError, Asked, CallError, ConnectError, Connection, ConnectionNews, Consent, SignInNeed, ToolAnswer,
};

use line::Line;

/// How long a call waits for the person, and again for the connection after a sign-in.
const HOLD_LIMIT: Duration = Duration::from_secs(600);
/// How long a tool may take, without what it asks the person.
const CALL_LIMIT: Duration = Duration::from_secs(300);
/// How long ending all sessions may take.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(3);
/// How many pieces of news wait for a slow listener before it is told that it missed some.
const NEWS_KEPT: usize = 256;

/// All connections. Cheap to clone; the last clone ends them.
#[derive(Clone)]
pub struct Connections {
    inner: Arc<Inner>,
}

struct Inner {
    rooms: Rooms,
    lines: Mutex<HashMap<ServerId, Line>>,
    stop: CancellationToken,
    alive: Mutex<Option<Alive>>,
    _stop: DropGuard,
}

/// What the task of every connection uses.
#[derive(Clone)]
struct Rooms {
    http: Http,
    clock: Arc<dyn Clock>,
    servers: Servers,
    grants: Grants,
    news: broadcast::Sender<ConnectionNews>,
}

/// Every wire holds a sender, so the receiver learns when the last one is gone.
struct Alive {
    sender: mpsc::Sender<()>,
    receiver: mpsc::Receiver<()>,
}

impl Connections {
    /// Takes the rooms it uses, and follows the news of grants; connects nothing yet. Needs a runtime.
    pub fn new(http: Http, clock: Arc<dyn Clock>, servers: Servers, grants: Grants) -> Self {
        let stop = CancellationToken::new();
        let (sender, receiver) = mpsc::channel(1);
        let rooms = Rooms {
            http,
            clock,
            servers,
            grants,
            news: broadcast::channel(NEWS_KEPT).0,
        };
        let inner = Arc::new(Inner {
            rooms,
            lines: Mutex::default(),
            stop: stop.clone(),
            alive: Mutex::new(Some(Alive { sender, receiver })),
            _stop: stop.clone().drop_guard(),
        });
        tokio::spawn(follow_grants(Arc::downgrade(&inner), stop));
        Self { inner }
    }

    /// Connects a server, unless that is under way or done. Returns at once; [`Connections::news`] tells the rest.
    pub async fn open(&self, id: ServerId) {
        if let Some(line) = self.inner.line_or_new(id) {
            line.ask().await;
        }
    }

    /// Ends a server's connection; on return it is off, what is still under way changes nothing, and the server has
    /// been asked to release the session, so that the sign-in can be revoked after it and not before.
    pub async fn close(&self, id: ServerId) {
        if let Some(line) = self.inner.line(id) {
            line.dismiss().await;
        }
    }

    /// Ends all connections in the same way, side by side.
    pub async fn close_all(&self) {
        let lines: Vec<Line> = locked(&self.inner.lines).values().cloned().collect();
        join_all(lines.iter().map(Line::dismiss)).await;
    }

    /// Ends a server's connection and forgets what was heard there: the server is gone, or lives elsewhere now.
    pub async fn forget(&self, id: ServerId) {
        let line = locked(&self.inner.lines).remove(&id);
        if let Some(line) = line {
            line.finish().await;
        }
    }

    /// Tells what a server's connection is doing.
    pub fn state(&self, id: ServerId) -> Connection {
        self.inner.line(id).map_or(Connection::Off, |line| line.state())
    }

    /// Gives what the server's last refusal said about signing in, for the sign-in that follows.
    pub fn hints(&self, id: ServerId) -> Option<Hints> {
        self.inner.line(id)?.hints()
    }

    /// Tells of every change.
    pub fn news(&self) -> broadcast::Receiver<ConnectionNews> {
        self.inner.rooms.news.subscribe()
    }

    /// Ends all connections and lets servers release their sessions, for at most three seconds.
    pub async fn shutdown(&self) {
        self.inner.stop.cancel();
        let alive = locked(&self.inner.alive).take();
        for (_, line) in locked(&self.inner.lines).drain() {
            line.end_waits();
        }
        if let Some(Alive { sender, mut receiver }) = alive {
            drop(sender);
            // Nobody sends: the end of the wait is that no sender is left.
            let _ = tokio::time::timeout(SHUTDOWN_LIMIT, receiver.recv()).await;
        }
    }
}

impl Inner {
    fn line(&self, id: ServerId) -> Option<Line> {
        locked(&self.lines).get(&id).cloned()
    }

    /// Gives the server's line, a new one if there was none; `None` after shutdown.
    fn line_or_new(&self, id: ServerId) -> Option<Line> {
        let alive = locked(&self.alive).as_ref()?.sender.clone();
        let new = || Line::start(id, self.rooms.clone(), self.stop.clone(), alive);
        Some(locked(&self.lines).entry(id).or_insert_with(new).clone())
    }

    /// Tells a connection that its grant has died, if it has.
    async fn look_at_grant(&self, id: ServerId) {
        let Some(line) = self.line(id) else { return };
        if let Ok(Some(account)) = self.rooms.grants.account(id).await
            && let Standing::Spent(reason) = account.standing
        {
            line.grant_died(reason.into());
        }
    }
}

/// Follows the news of grants, so that a sign-in that dies in the background shows at once (S32).
async fn follow_grants(inner: std::sync::Weak<Inner>, stop: CancellationToken) {
    let Some(mut news) = inner.upgrade().map(|inner| inner.rooms.grants.news()) else {
        return;
    };
    loop {
        let next = tokio::select! {
            () = stop.cancelled() => return,
            next = news.recv() => next,
        };
        let Some(inner) = inner.upgrade() else { return };
        let ids = match next {
            Ok(id) => vec![id],
            Err(broadcast::error::RecvError::Lagged(_)) => locked(&inner.lines).keys().copied().collect(),
            Err(broadcast::error::RecvError::Closed) => return,
        };
        for id in ids {
            inner.look_at_grant(id).await;
        }
    }
}

/// Locks what is never left half-changed: each use is one operation.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
