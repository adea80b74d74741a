//! Calls of tools, and what holds them up: a refusal for want of something that only the person can give.
//!
//! Such a call was not let in, so it cannot have run; it is sent again once the person has given what it lacks. Nothing
//! here asks the person: `api` shows what is wanted, and says here how that went.

use std::sync::Arc;

use rmcp::model::JsonObject;
use tokio::sync::watch;

use super::{
    CallError, ConnectError, Connection, ConnectionNews, Connections, Consent, HOLD_LIMIT, SignInNeed,
    ToolAnswer,
    held::{CallNumber, Fate, Held, Lack},
    line::Line,
    session::{Session, ToolCall},
};
use crate::base::ServerId;

impl Connections {
    /// Calls a tool through the server's connection. Where only the person can let it in, the call waits for the
    /// person, at most ten minutes; dropping it ends the wait. Never sent twice, but after a 401 or 403, when it cannot
    /// have run, and of several rounds only the one that was refused; and then only as the account that it was sent as
    /// before, if it was sent as one.
    pub async fn call_tool(
        &self,
        id: ServerId,
        tool: &str,
        arguments: JsonObject,
    ) -> Result<ToolAnswer, CallError> {
        let line = self.inner.line(id).ok_or(CallError::NotConnected)?;
        let clock = &*self.inner.rooms.clock;
        let (mut asker, mut call) = (None, ToolCall::new(tool, arguments));
        loop {
            let session = self.session(&line).await?;
            if asker.is_some() && session.account() != asker {
                return Err(CallError::OtherAccount);
            }
            asker = session.account();
            match session.call(&mut call, clock).await {
                Ok(answer) => {
                    line.held().send_modify(|held| held.let_in(tool));
                    return Ok(answer);
                }
                Err(error) => {
                    drop(session);
                    self.hold(id, &line, tool, error).await?;
                }
            }
        }
    }

    /// Gives the session to call through. Without a network there is none, but the server may be within reach all the
    /// same: it is tried once.
    async fn session(&self, line: &Line) -> Result<Arc<Session>, CallError> {
        if line.session().is_none() && line.state() == Connection::Offline {
            line.ask().await;
            self.until(line, |state| *state != Connection::Opening).await;
        }
        line.session().ok_or_else(|| without_session(line.state()))
    }

    /// Tells what the person is asked to allow at a server, if anything.
    pub fn consent(&self, id: ServerId) -> Option<Consent> {
        let line = self.inner.line(id)?;
        if let Connection::Consent { scopes, attempt } = line.state() {
            let tool = None;
            return Some(Consent {
                scopes,
                tool,
                attempt,
            });
        }
        line.held().borrow().consent()
    }

    /// Hears that the person is signing in at a server, for whatever waits there.
    pub fn sign_in_begins(&self, id: ServerId) {
        self.turn(id, Held::sign_in_begins);
    }

    /// Hears that somebody has signed in: connects anew, and lets the calls that waited for it go on.
    pub async fn signed_in(&self, id: ServerId) {
        if let Some(line) = self.inner.line_or_new(id) {
            line.signed_in().await;
            self.turn(id, Held::signed_in);
        }
    }

    /// Hears that a sign-in came to nothing: the calls that waited for it end as they were refused.
    pub fn sign_in_failed(&self, id: ServerId) {
        self.turn(id, Held::sign_in_failed);
    }

    /// Hears that the person does not want to: the calls that wait end as they were refused.
    pub fn decline(&self, id: ServerId) {
        self.turn(id, Held::decline);
    }

    fn turn(&self, id: ServerId, step: fn(&mut Held)) {
        if let Some(line) = self.inner.line(id) {
            line.held().send_modify(step);
            self.announce(id);
        }
    }

    fn announce(&self, id: ServerId) {
        // Nobody listening is no fault: the next snapshot asks.
        let _ = self.inner.rooms.news.send(ConnectionNews::State(id));
    }

    /// Returns when a refused call may be sent again; else it ends as it was refused.
    async fn hold(&self, id: ServerId, line: &Line, tool: &str, error: CallError) -> Result<(), CallError> {
        let Some(lack) = lack(&error) else {
            return Err(error);
        };
        let mut number = None;
        line.held()
            .send_modify(|held| number = held.hold(tool, lack.clone()));
        let Some(number) = number else {
            return Err(final_refusal(error));
        };
        let place = Place {
            connections: self,
            id,
            held: line.held(),
            number,
        };
        self.announce(id);
        if !self.released(&place).await {
            return Err(error);
        }
        self.opened(line).await;
        Ok(())
    }

    /// Returns once the person has decided, or has taken too long, with whether the call may be sent again.
    async fn released(&self, place: &Place<'_>) -> bool {
        let (mut held, mut fate) = (place.held.subscribe(), Fate::Asked);
        loop {
            let turns = held.wait_for(|held| held.fate(place.number) != fate);
            let turned = tokio::select! {
                () = self.inner.rooms.clock.sleep(HOLD_LIMIT) => return false,
                turned = turns => turned.map(|held| held.fate(place.number)),
            };
            fate = match turned {
                Ok(Fate::Released) => return true,
                Ok(Fate::Refused) | Err(_) => return false,
                Ok(next) => next,
            };
        }
    }

    /// Returns once the connection is open, or will not be.
    async fn opened(&self, line: &Line) {
        let rests = |state: &Connection| !matches!(state, Connection::Opening | Connection::Waiting { .. });
        self.until(line, rests).await;
    }

    /// Returns once the connection's state is as it is wanted, or has not been for too long.
    async fn until(&self, line: &Line, wanted: impl FnMut(&Connection) -> bool) {
        let mut states = line.states();
        tokio::select! {
            () = self.inner.rooms.clock.sleep(HOLD_LIMIT) => {}
            // Either the state is one to go on with, or the task of the connection is gone.
            _ = states.wait_for(wanted) => {}
        }
    }
}

/// A held call's place. Leaving it, for whatever reason, tells everybody.
struct Place<'a> {
    connections: &'a Connections,
    id: ServerId,
    held: &'a watch::Sender<Held>,
    number: CallNumber,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.held.send_modify(|held| held.let_go(self.number));
        self.connections.announce(self.id);
    }
}

/// Says why there is no session to call through.
fn without_session(state: Connection) -> CallError {
    match state {
        Connection::SignIn(need) => CallError::Reauth(need),
        Connection::Consent { scopes, .. } => CallError::Scope { scopes },
        Connection::Offline => CallError::Failed(ConnectError::Offline),
        Connection::Stopped(error) => CallError::Failed(error),
        Connection::Off | Connection::Opening | Connection::Ready | Connection::Waiting { .. } => {
            CallError::NotConnected
        }
    }
}

/// Tells what a refused call lacks that the person can give by signing in.
fn lack(error: &CallError) -> Option<Lack> {
    match error {
        CallError::Scope { scopes } => Some(Lack::Scopes(scopes.clone())),
        CallError::Reauth(SignInNeed::Never) => Some(Lack::SignIn),
        _ => None,
    }
}

fn final_refusal(error: CallError) -> CallError {
    match error {
        CallError::Scope { scopes } => CallError::ScopeRefused { scopes },
        other => other,
    }
}
