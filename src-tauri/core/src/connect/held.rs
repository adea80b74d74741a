//! The calls of one server that are held: refused for want of something that only the person can give, and sent again
//! once it is given. Pure.
//!
//! Follows RFC 6750 §3.1 and the step-up of MCP 2025-11-25 and 2026-07-28, authorization (R20).

use std::collections::{BTreeMap, HashMap};

use super::Consent;
use crate::base::Scopes;

/// How many authorizations may be spent on one operation until its refusal is final (R20, S16).
pub(super) const MOST_AUTHORIZATIONS: u8 = 3;

/// What a held call lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lack {
    /// The sign-in lacks these scopes, as far as the server named them.
    Scopes(Scopes),
    /// There is no sign-in that the server accepts.
    SignIn,
}

/// What becomes of a held call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// The person is asked.
    Asked,
    /// The person is signing in for it.
    SigningIn,
    /// It may be sent again.
    Released,
    /// It ends as it was refused.
    Refused,
}

#[derive(Debug)]
struct Call {
    tool: String,
    lack: Lack,
    fate: Fate,
}

/// Names one held call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CallNumber(u64);

/// The held calls, and how many authorizations each tool has cost without being let in.
#[derive(Debug, Default)]
pub(super) struct Held {
    calls: BTreeMap<CallNumber, Call>,
    last: u64,
    spent: HashMap<String, u8>,
}

impl Held {
    /// Holds a call; `None` if more scopes have been asked for often enough.
    pub(super) fn hold(&mut self, tool: &str, lack: Lack) -> Option<CallNumber> {
        if matches!(lack, Lack::Scopes(_)) && self.spent(tool) >= MOST_AUTHORIZATIONS {
            return None;
        }
        self.last += 1;
        let (number, tool) = (CallNumber(self.last), tool.to_owned());
        let fate = Fate::Asked;
        self.calls.insert(number, Call { tool, lack, fate });
        Some(number)
    }

    /// Lets go of a call, whatever came of it.
    pub(super) fn let_go(&mut self, number: CallNumber) {
        self.calls.remove(&number);
    }

    /// Tells what becomes of a call.
    pub(super) fn fate(&self, number: CallNumber) -> Fate {
        self.calls.get(&number).map_or(Fate::Refused, |call| call.fate)
    }

    /// The person is signing in: for all that they were asked for so far.
    pub(super) fn sign_in_begins(&mut self) {
        self.turn(&[Fate::Asked], Fate::SigningIn);
    }

    /// The person has signed in. What was asked only meanwhile may have come with it, and costs nothing.
    pub(super) fn signed_in(&mut self) {
        let mut paid: Vec<_> = self.waiting(Fate::SigningIn).map(|(tool, _)| tool).collect();
        paid.dedup();
        for tool in paid.into_iter().map(str::to_owned).collect::<Vec<_>>() {
            *self.spent.entry(tool).or_default() += 1;
        }
        self.turn(&[Fate::Asked, Fate::SigningIn], Fate::Released);
    }

    /// The sign-in came to nothing; what was asked only meanwhile is still asked.
    pub(super) fn sign_in_failed(&mut self) {
        self.turn(&[Fate::SigningIn], Fate::Refused);
    }

    /// The person does not want to.
    pub(super) fn decline(&mut self) {
        self.turn(&[Fate::Asked, Fate::SigningIn], Fate::Refused);
    }

    /// The connection is not wanted any more; the next one begins anew.
    pub(super) fn end(&mut self) {
        self.decline();
        self.spent.clear();
    }

    /// A tool was let in.
    pub(super) fn let_in(&mut self, tool: &str) {
        self.spent.remove(tool);
    }

    /// Gives what the person is asked to allow, if anything: one consent for all calls that wait for one.
    pub(super) fn consent(&self) -> Option<Consent> {
        let mut lacking = self.waiting(Fate::Asked);
        let (tool, scopes) = lacking.next()?;
        Some(Consent {
            scopes: lacking.fold(scopes.clone(), |all, (_, more)| all.union(more)),
            tool: Some(tool.to_owned()),
            attempt: self.spent(tool) + 1,
        })
    }

    fn spent(&self, tool: &str) -> u8 {
        self.spent.get(tool).copied().unwrap_or_default()
    }

    /// Goes through the calls of one fate that lack scopes.
    fn waiting(&self, fate: Fate) -> impl Iterator<Item = (&str, &Scopes)> {
        let calls = self.calls.values().filter(move |call| call.fate == fate);
        calls.filter_map(|call| match &call.lack {
            Lack::Scopes(scopes) => Some((call.tool.as_str(), scopes)),
            Lack::SignIn => None,
        })
    }

    fn turn(&mut self, from: &[Fate], to: Fate) {
        let calls = self.calls.values_mut();
        for call in calls.filter(|call| from.contains(&call.fate)) {
            call.fate = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(text: &str) -> Scopes {
        text.parse().expect("the test's scopes are well-formed")
    }

    fn lacking(text: &str) -> Lack {
        Lack::Scopes(scopes(text))
    }

    fn held(held: &mut Held, tool: &str, lack: &str) -> CallNumber {
        held.hold(tool, lacking(lack)).expect("it may still be asked for")
    }

    #[test]
    fn r20_calls_that_lack_scopes_share_one_consent() {
        let mut all = Held::default();
        assert_eq!(all.consent(), None, "nothing is asked for nobody");
        held(&mut all, "write", "issues:write");
        held(&mut all, "admin", "admin issues:write");
        let expected = Consent {
            scopes: scopes("issues:write admin"),
            tool: Some("write".to_owned()),
            attempt: 1,
        };
        assert_eq!(all.consent(), Some(expected));
    }

    #[test]
    fn a_missing_sign_in_is_no_consent_and_waits_all_the_same() {
        let mut all = Held::default();
        let number = all.hold("write", Lack::SignIn).expect("it is held");
        assert_eq!(all.consent(), None, "the server's state asks for it");
        all.sign_in_begins();
        all.signed_in();
        assert_eq!(all.fate(number), Fate::Released);
    }

    #[test]
    fn not_now_ends_every_call_that_waits() {
        let mut all = Held::default();
        let (first, second) = (held(&mut all, "a", "x"), held(&mut all, "b", "y"));
        all.decline();
        assert_eq!(
            (all.fate(first), all.fate(second)),
            (Fate::Refused, Fate::Refused)
        );
        assert_eq!(all.consent(), None, "nothing is asked any more");
    }

    #[test]
    fn a_call_that_comes_while_the_person_signs_in_survives_that_sign_ins_failure() {
        let mut all = Held::default();
        let before = held(&mut all, "a", "x");
        all.sign_in_begins();
        let meanwhile = held(&mut all, "b", "y");
        all.sign_in_failed();
        assert_eq!(all.fate(before), Fate::Refused);
        assert_eq!(all.fate(meanwhile), Fate::Asked, "it was not asked for yet");
        assert_eq!(all.consent().map(|consent| consent.scopes), Some(scopes("y")));
    }

    #[test]
    fn r20_s16_the_refusal_is_final_after_three_authorizations_of_the_same_tool() {
        let mut all = Held::default();
        for attempt in 1..=MOST_AUTHORIZATIONS {
            let number = held(&mut all, "write", "w");
            assert_eq!(all.consent().map(|consent| consent.attempt), Some(attempt));
            all.sign_in_begins();
            all.signed_in();
            assert_eq!(all.fate(number), Fate::Released);
            all.let_go(number);
        }
        assert_eq!(all.hold("write", lacking("w")), None, "asked often enough");
        assert!(all.hold("read", lacking("r")).is_some(), "another tool is not");
        all.let_in("write");
        assert!(all.hold("write", lacking("w")).is_some(), "it was let in since");
    }

    #[test]
    fn r20_only_an_authorization_for_a_call_is_spent_on_it() {
        let mut all = Held::default();
        for _ in 0..9 {
            let number = held(&mut all, "write", "w");
            all.sign_in_begins();
            all.sign_in_failed();
            all.let_go(number);
            let number = held(&mut all, "write", "w");
            all.signed_in();
            all.let_go(number);
        }
        assert!(
            all.hold("write", lacking("w")).is_some(),
            "the person said no, or signed in for something else"
        );
    }
}
