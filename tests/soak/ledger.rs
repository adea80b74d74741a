//! The authorization server's side of every refresh token that it handed out, compared with what was acknowledged.

use std::collections::BTreeMap;

use usher_core::base::ServerId;
use usher_tests::{Exchange, Wire};

use crate::{
    figures::{Broken, broken, ensure},
    house::{AGENT, Pair},
};

/// One refresh token.
#[derive(Debug, Clone, Copy)]
struct Token {
    server: ServerId,
    /// How many renewals lie before it.
    generation: usize,
    /// In which life it was shown last.
    shown_in: Option<usize>,
}

/// What was handed out, shown and acknowledged so far. A life is one process, from its start to its death.
pub struct Ledger {
    wire: Wire,
    read: usize,
    refresh: BTreeMap<String, Token>,
    access: BTreeMap<String, (ServerId, usize)>,
    acknowledged: BTreeMap<ServerId, usize>,
    /// How many token requests came.
    pub requests: usize,
    /// How many of them were refused for good.
    pub invalid_grants: usize,
}

impl Ledger {
    /// Begins where nothing has come yet.
    pub fn of(wire: &Wire) -> Self {
        Self {
            wire: wire.clone(),
            read: wire.len(),
            refresh: BTreeMap::new(),
            access: BTreeMap::new(),
            acknowledged: BTreeMap::new(),
            requests: 0,
            invalid_grants: 0,
        }
    }

    /// Writes down what a sign-in brought.
    pub fn signed_in(&mut self, server: ServerId, (access, refresh): &Pair) -> Result<(), Broken> {
        // What was refused before is compared with what was acknowledged before.
        self.read_answered()?;
        let newest = self.refresh.values().filter(|token| token.server == server);
        let generation = newest.map(|token| token.generation + 1).max().unwrap_or(0);
        self.hand_out(server, generation, (access, refresh));
        self.acknowledged.insert(server, generation);
        Ok(())
    }

    fn hand_out(&mut self, server: ServerId, generation: usize, (access, refresh): (&str, &str)) {
        self.access.insert(access.to_owned(), (server, generation));
        let token = Token {
            server,
            generation,
            shown_in: None,
        };
        self.refresh.insert(refresh.to_owned(), token);
    }

    /// Takes note that a process has handed out a bearer: from now on nothing older may come.
    pub fn acknowledge(&mut self, server: ServerId, access: &str) -> Result<(), Broken> {
        self.read_answered()?;
        let known = self.access.get(access).filter(|(own, _)| *own == server);
        let (_, generation) = known.ok_or_else(|| broken("a bearer was handed out that nobody gave"))?;
        let acknowledged = self.acknowledged.entry(server).or_default();
        ensure(*generation >= *acknowledged, || {
            format!("a bearer of renewal {generation} was handed out after one of {acknowledged}")
        })?;
        *acknowledged = *generation;
        Ok(())
    }

    /// Closes the books of a life: what is not answered now is not waited for any more.
    pub fn life_ends(&mut self) -> Result<(), Broken> {
        for exchange in self.wire.since(self.read) {
            self.enter(&exchange)?;
            self.read += 1;
        }
        Ok(())
    }

    /// Reads what was answered, in order.
    fn read_answered(&mut self) -> Result<(), Broken> {
        for exchange in self.wire.since(self.read) {
            if exchange.status.is_none() {
                break;
            }
            self.enter(&exchange)?;
            self.read += 1;
        }
        Ok(())
    }

    fn enter(&mut self, exchange: &Exchange) -> Result<(), Broken> {
        self.requests += 1;
        let shown = exchange.parameter("refresh_token").unwrap_or_default();
        let token = self.refresh.get_mut(&shown);
        let token = token.ok_or_else(|| broken("a refresh token was shown that nobody gave"))?;
        let life = life(exchange)?;
        let shown_before = token.shown_in.replace(life);
        let token = *token;
        let acknowledged = self.acknowledged.get(&token.server).copied().unwrap_or(0);
        ensure(token.generation >= acknowledged, || {
            format!(
                "an acknowledged grant was lost: the refresh token of renewal {} was shown after renewal {acknowledged} was acknowledged",
                token.generation
            )
        })?;
        ensure(shown_before != Some(life), || {
            "one process showed the same refresh token twice".to_owned()
        })?;
        let answer = exchange.answer.as_ref();
        let member = |name: &str| answer.and_then(|answer| answer[name].as_str());
        if let (Some(access), Some(refresh)) = (member("access_token"), member("refresh_token")) {
            self.hand_out(token.server, token.generation + 1, (access, refresh));
        }
        if member("error") == Some("invalid_grant") {
            self.invalid_grants += 1;
            ensure(shown_before.is_some(), || {
                "a refresh token was refused that was never shown before".to_owned()
            })?;
        }
        Ok(())
    }
}

/// Tells which process sent a request.
fn life(exchange: &Exchange) -> Result<usize, Broken> {
    let agent = exchange.header("user-agent").unwrap_or_default();
    let life = agent.strip_prefix(AGENT).and_then(|life| life.parse().ok());
    life.ok_or_else(|| broken("a request does not say which process sent it"))
}
