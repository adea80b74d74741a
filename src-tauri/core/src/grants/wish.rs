//! Which account a sign-in is for: decided by what the person wanted and whom the provider names.

use serde::{Deserialize, Serialize};

use crate::{
    base::{AccountId, Issuer, Subject},
    oauth::Granted,
};

/// What the person wanted with a sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Wish {
    /// To use the server, as whoever signs in.
    #[default]
    Connect,
    /// The same, and to choose at the provider as whom, even if it remembers somebody.
    Switch,
    /// Another account beside those that the server has; which one is chosen at the provider.
    Add,
    /// This account again: it died, or needs more.
    Again(AccountId),
}

impl Wish {
    /// Tells whether the provider must let the person choose.
    pub const fn is_choice(self) -> bool {
        matches!(self, Self::Switch | Self::Add)
    }

    /// Gives the account that the sign-in is for, if it is for a certain one.
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::Again(account) => Some(account),
            Self::Connect | Self::Switch | Self::Add => None,
        }
    }
}

/// An account that the server has, as far as a newcomer is compared with it.
pub(super) struct Known {
    pub(super) account: AccountId,
    pub(super) is_default: bool,
    pub(super) issuer: Issuer,
    pub(super) subject: Option<Subject>,
}

/// Whom a sign-in brought.
pub(super) struct Newcomer {
    pub(super) issuer: Issuer,
    pub(super) subject: Option<Subject>,
}

/// Where a newcomer's grant goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// The account whose grant it replaces; `None` for a new account.
    pub(super) account: Option<AccountId>,
    /// Whether the server is used as this account from now on.
    pub(super) is_default: bool,
}

impl Newcomer {
    pub(super) fn of(granted: &Granted) -> Self {
        Self {
            issuer: granted.issuer.clone(),
            subject: granted.identity.as_ref().map(|identity| identity.subject.clone()),
        }
    }

    /// Tells whether the provider names the same person in both.
    pub(super) fn is(&self, known: &Known) -> bool {
        self.issuer == known.issuer && self.subject.is_some() && self.subject == known.subject
    }

    /// Tells whether both come from one issuer and it does not name two different persons.
    pub(super) fn may_be(&self, known: &Known) -> bool {
        self.issuer == known.issuer && !self.is_somebody_else_than(known)
    }

    /// Tells whether the provider names two different persons. Subjects of two issuers say nothing about each other.
    fn is_somebody_else_than(&self, known: &Known) -> bool {
        let named = self.subject.is_some() && known.subject.is_some();
        self.issuer == known.issuer && named && self.subject != known.subject
    }
}

impl Wish {
    /// Finds the place for a newcomer. Whom the provider names goes before what the person wanted: the account of one
    /// person is never handed to another.
    pub(super) fn place(self, newcomer: &Newcomer, known: &[Known]) -> Place {
        let wanted = known.iter().find(|known| match self {
            Self::Connect | Self::Switch => known.is_default,
            Self::Add => false,
            Self::Again(account) => known.account == account,
        });
        let own = known.iter().find(|known| newcomer.is(known));
        let found = own.or_else(|| wanted.filter(|known| !newcomer.is_somebody_else_than(known)));
        let was_default = |known: Option<&Known>| known.is_some_and(|known| known.is_default);
        let is_first = !known.iter().any(|known| known.is_default);
        Place {
            account: found.map(|known| known.account),
            is_default: is_first || was_default(found) || was_default(wanted),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://as.example";
    const ELSEWHERE: &str = "https://other.example";

    /// Ada is the default and Bob is beside her; the third account's person was never named.
    struct House {
        ada: AccountId,
        bob: AccountId,
        nameless: AccountId,
        known: Vec<Known>,
    }

    fn house() -> House {
        let (ada, bob, nameless) = (AccountId::random(), AccountId::random(), AccountId::random());
        let known = |account, is_default, subject: Option<&str>| Known {
            account,
            is_default,
            issuer: Issuer::new(ISSUER),
            subject: subject.map(Subject::new),
        };
        let known = vec![
            known(ada, true, Some("ada")),
            known(bob, false, Some("bob")),
            known(nameless, false, None),
        ];
        House {
            ada,
            bob,
            nameless,
            known,
        }
    }

    fn newcomer(issuer: &str, subject: Option<&str>) -> Newcomer {
        Newcomer {
            issuer: Issuer::new(issuer),
            subject: subject.map(Subject::new),
        }
    }

    #[test]
    fn a_sign_in_finds_the_account_it_is_for() {
        let House {
            ada,
            bob,
            nameless,
            known,
        } = house();
        let here = |subject| newcomer(ISSUER, subject);
        let there = |subject| newcomer(ELSEWHERE, subject);
        let gone = Wish::Again(AccountId::random());
        let table = [
            (Wish::Connect, here(Some("ada")), Some(ada), true),
            (Wish::Connect, here(Some("bob")), Some(bob), true),
            (Wish::Connect, here(Some("eve")), None, true),
            (Wish::Connect, here(None), Some(ada), true),
            (Wish::Switch, here(Some("bob")), Some(bob), true),
            (Wish::Switch, here(Some("eve")), None, true),
            (Wish::Switch, here(None), Some(ada), true),
            (Wish::Add, here(Some("ada")), Some(ada), true),
            (Wish::Add, here(Some("bob")), Some(bob), false),
            (Wish::Add, here(Some("eve")), None, false),
            (Wish::Add, here(None), None, false),
            (Wish::Add, there(Some("ada")), None, false),
            (Wish::Again(ada), here(Some("ada")), Some(ada), true),
            (Wish::Again(ada), here(None), Some(ada), true),
            (Wish::Again(ada), here(Some("bob")), Some(bob), true),
            (Wish::Again(ada), here(Some("eve")), None, true),
            (Wish::Again(ada), there(Some("eve")), Some(ada), true),
            (Wish::Again(bob), here(None), Some(bob), false),
            (Wish::Again(bob), here(Some("ada")), Some(ada), true),
            (Wish::Again(bob), here(Some("eve")), None, false),
            (Wish::Again(nameless), here(Some("eve")), Some(nameless), false),
            (gone, here(Some("bob")), Some(bob), false),
            (gone, here(Some("eve")), None, false),
            (gone, here(None), None, false),
        ];
        for (wish, newcomer, account, is_default) in table {
            let said = format!("{wish:?} brings {:?} of {}", newcomer.subject, newcomer.issuer);
            assert_eq!(
                wish.place(&newcomer, &known),
                Place { account, is_default },
                "{said}"
            );
        }
    }

    #[test]
    fn the_first_account_is_the_default() {
        for wish in [
            Wish::Connect,
            Wish::Switch,
            Wish::Add,
            Wish::Again(AccountId::random()),
        ] {
            let place = Place {
                account: None,
                is_default: true,
            };
            assert_eq!(wish.place(&newcomer(ISSUER, Some("ada")), &[]), place, "{wish:?}");
        }
    }
}
