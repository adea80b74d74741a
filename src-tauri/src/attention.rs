//! Which servers need the person now, and whether they want to be reminded. Pure: fed with what the core says, read by
//! tray and notifications.

use std::collections::{BTreeMap, BTreeSet};

use usher_core::api::contract::{EventBody, ServerState, ServerView, SignInReason};

/// The servers that need the person, and what that is worth now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attention {
    needs: BTreeMap<String, Need>,
    /// Those that are not known to be well: neither signed in nor gone.
    unwell: BTreeSet<String>,
    snoozed: bool,
}

/// A server that needs the person, as the tray lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needing<'a> {
    /// Its identifier.
    pub id: &'a str,
    /// The person's name for it.
    pub name: &'a str,
    /// The sentence that says what it needs; takes `server`.
    pub sentence: &'static str,
}

/// A server whose sign-in ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss<'a> {
    /// Its identifier.
    pub id: &'a str,
    /// The person's name for it.
    pub name: &'a str,
    /// Whether signing in again mends it; a refused key has to be changed.
    pub by_sign_in: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Need {
    name: String,
    what: What,
}

/// What a server needs the person for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    SignIn(SignInReason),
    /// A tool that is running asks something.
    Question,
}

impl Attention {
    /// Sees it from all servers, and from whether reminders are put off.
    pub fn of(servers: &[ServerView], snoozed: bool) -> Self {
        let mut attention = Self {
            snoozed,
            ..Self::default()
        };
        for server in servers {
            attention.look_at(server);
        }
        attention
    }

    /// Takes in one event; returns whether anything changed.
    pub fn hear(&mut self, event: &EventBody) -> bool {
        match event {
            EventBody::Server { server } => self.look_at(server),
            EventBody::ServerDeleted { id } => self.needs.remove(id).is_some() | self.unwell.remove(id),
            EventBody::Reminders { snoozed_until } => {
                let snoozed = snoozed_until.is_some();
                std::mem::replace(&mut self.snoozed, snoozed) != snoozed
            }
            EventBody::Tools { .. }
            | EventBody::Trace { .. }
            | EventBody::Vault { .. }
            | EventBody::Network { .. }
            | EventBody::Restoration { .. } => false,
        }
    }

    /// Takes over the whole picture; returns whether anything changed.
    pub fn replace(&mut self, now: Self) -> bool {
        let changed = *self != now;
        *self = now;
        changed
    }

    /// Lists each server that needs the person, by name.
    pub fn servers(&self) -> Vec<Needing<'_>> {
        let needing = self.needs.iter().map(|(id, need)| Needing {
            id,
            name: &need.name,
            sentence: match need.what {
                What::Question => "tray-needs-answer",
                What::SignIn(SignInReason::Scope) => "tray-needs-consent",
                What::SignIn(_) => "tray-needs-sign-in",
            },
        });
        let mut list: Vec<_> = needing.collect();
        list.sort_by_key(|one| one.name.to_lowercase());
        list
    }

    /// Gives the servers whose sign-in ended. One that never had any is the person's own next step, and no
    /// news to them; neither is one whose sign-in is good and only allows too little, nor a question.
    pub fn losses(&self) -> Vec<Loss<'_>> {
        let lost = self.needs.iter().filter_map(|(id, need)| match need.what {
            What::SignIn(SignInReason::Never | SignInReason::Scope) | What::Question => None,
            What::SignIn(reason) => Some(Loss {
                id,
                name: &need.name,
                by_sign_in: reason != SignInReason::HeaderRefused,
            }),
        });
        lost.collect()
    }

    /// Names the servers that are not known to be well. Who signs in, or is being connected, may be lost after all.
    pub const fn unwell(&self) -> &BTreeSet<String> {
        &self.unwell
    }

    /// Returns whether the person wants no reminders now.
    pub const fn is_snoozed(&self) -> bool {
        self.snoozed
    }

    /// Returns whether there is something to be reminded of.
    pub fn can_be_snoozed(&self) -> bool {
        !self.snoozed && !self.losses().is_empty()
    }

    fn look_at(&mut self, server: &ServerView) -> bool {
        let id = &server.id;
        let otherwise = match need(server) {
            Some(need) => self.needs.insert(id.clone(), need.clone()) != Some(need),
            None => self.needs.remove(id).is_some(),
        };
        let changed = match server.state {
            ServerState::Ready => self.unwell.remove(id),
            _ => self.unwell.insert(id.clone()),
        };
        otherwise | changed
    }
}

/// Returns what a server needs; nothing while the person is already signing in.
fn need(server: &ServerView) -> Option<Need> {
    let what = match (&server.state, &server.consent, &server.question) {
        _ if server.sign_in.is_some() => return None,
        // Another computer has it, as the person wanted.
        (
            ServerState::SignInNeeded {
                reason: SignInReason::HandedOver,
            },
            _,
            _,
        ) => return None,
        (&ServerState::SignInNeeded { reason }, _, _) => What::SignIn(reason),
        (_, Some(_), _) => What::SignIn(SignInReason::Scope),
        (_, None, Some(_)) => What::Question,
        (_, None, None) => return None,
    };
    Some(Need {
        name: server.name.clone(),
        what,
    })
}

#[cfg(test)]
mod tests;
