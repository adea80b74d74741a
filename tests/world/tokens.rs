//! The books of an authorization server: clients, codes, tokens and their families.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use rand::Rng;

/// Draws an unguessable text with a prefix that a search for leaks can look for.
pub(crate) fn fresh(prefix: &str) -> String {
    format!(
        "{prefix}{}",
        BASE64_URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 18]>())
    )
}

/// A code that waits to be exchanged.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: String,
    pub(crate) scope: String,
    /// The thumbprint of the key that the code is bound to, if any (RFC 9449 §10).
    pub(crate) key: Option<String>,
    pub(crate) person: String,
    /// Whether the page was asked with `access_type=offline`.
    pub(crate) offline: bool,
}

/// The tokens that descend from one consent.
#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(crate) clients: BTreeMap<String, Vec<String>>,
    pub(crate) codes: BTreeMap<String, Code>,
    /// Codes and verifiers, which are gone from everywhere else once they were used.
    pub(crate) used: BTreeSet<String>,
    /// The identifiers of clients' assertions: each is taken once.
    pub(crate) seen_ids: BTreeSet<String>,
    access: BTreeMap<String, u64>,
    refresh: BTreeMap<String, u64>,
    spent: BTreeMap<String, u64>,
    scopes: BTreeMap<u64, String>,
    /// The thumbprints of the keys that families are bound to.
    keys: BTreeMap<u64, String>,
    persons: BTreeMap<u64, String>,
    managed: BTreeMap<String, String>,
    /// Whose token was judged good last.
    pub(crate) taken_last: Option<String>,
    dead: BTreeSet<u64>,
    families: u64,
}

/// A new pair.
pub(crate) struct Pair {
    pub(crate) access: String,
    pub(crate) refresh: String,
    pub(crate) scope: String,
    pub(crate) bound: bool,
}

/// What an access token is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Goodness {
    /// For nothing.
    Bad,
    /// For whoever has it.
    Plain,
    /// For who has the key with this thumbprint.
    Bound(String),
}

impl Books {
    /// Lets a client manage its registration with a token (RFC 7592).
    pub(crate) fn manage(&mut self, client: &str) -> String {
        let token = fresh("canary-registration-");
        self.used.insert(token.clone());
        self.managed.insert(token.clone(), client.to_owned());
        token
    }

    /// Forgets a client, if the token is the one for its registration; tells whether it is.
    pub(crate) fn forget(&mut self, client: &str, token: &str) -> bool {
        let own = self.managed.get(token).is_some_and(|own| own == client);
        own && self.clients.remove(client).is_some()
    }

    /// Starts a person's family, bound to the key with a thumbprint if there is one.
    pub(crate) fn grant(&mut self, scope: String, person: String, key: Option<String>) -> Pair {
        self.families += 1;
        self.keys.extend(key.map(|key| (self.families, key)));
        self.scopes.insert(self.families, scope);
        self.persons.insert(self.families, person);
        self.pair(self.families)
    }

    /// Spends a refresh token, shown by whoever has the key. Spending one twice kills its family (RFC 9700 §4.14.2).
    pub(crate) fn rotate(&mut self, token: &str, key: Option<&str>) -> Option<Pair> {
        if let Some(family) = self.spent.get(token) {
            self.dead.insert(*family);
            return None;
        }
        let bound = self.refresh.get(token).and_then(|family| self.keys.get(family));
        if bound.is_some_and(|bound| Some(bound.as_str()) != key) {
            return None;
        }
        let family = self.refresh.remove(token)?;
        self.spent.insert(token.to_owned(), family);
        self.access.retain(|_, own| *own != family);
        (!self.dead.contains(&family)).then(|| self.pair(family))
    }

    fn pair(&mut self, family: u64) -> Pair {
        let (access, refresh) = (fresh("canary-access-"), fresh("canary-refresh-"));
        self.access.insert(access.clone(), family);
        self.refresh.insert(refresh.clone(), family);
        Pair {
            access,
            refresh,
            scope: self.scopes.get(&family).cloned().unwrap_or_default(),
            bound: self.keys.contains_key(&family),
        }
    }

    /// Tells what an access token is good for.
    pub(crate) fn judge(&mut self, access: &str) -> Goodness {
        let family = self
            .access
            .get(access)
            .filter(|family| !self.dead.contains(family));
        if let Some(family) = family {
            self.taken_last = self.persons.get(family).cloned();
        }
        match family.map(|family| self.keys.get(family)) {
            None => Goodness::Bad,
            Some(None) => Goodness::Plain,
            Some(Some(key)) => Goodness::Bound(key.clone()),
        }
    }

    /// Gives the scopes of an access token.
    pub(crate) fn scopes(&self, access: &str) -> String {
        let scopes = self.access.get(access).and_then(|family| self.scopes.get(family));
        scopes.cloned().unwrap_or_default()
    }

    /// Tells whose a good access token is.
    pub(crate) fn whose(&self, access: &str) -> Option<String> {
        let family = self
            .access
            .get(access)
            .filter(|family| !self.dead.contains(family))?;
        self.persons.get(family).cloned()
    }

    /// Kills every family of a person.
    pub(crate) fn revoke_person(&mut self, person: &str) {
        let families = self.persons.iter().filter(|(_, own)| *own == person);
        self.dead.extend(families.map(|(family, _)| *family));
    }

    /// Makes every access token bad, as if it had run out.
    pub(crate) fn expire_access(&mut self) {
        self.access.clear();
    }

    /// Kills a family by any of its tokens; every one for `None`.
    pub(crate) fn revoke(&mut self, token: Option<&str>) {
        let family = token.and_then(|token| self.refresh.get(token).or_else(|| self.access.get(token)));
        match (token, family) {
            (None, _) => self.dead.extend(0..=self.families),
            (Some(_), Some(family)) => {
                self.dead.insert(*family);
            }
            (Some(_), None) => {}
        }
    }

    /// Gives every secret ever handed out or shown, to search for leaks.
    pub(crate) fn secrets(&self) -> Vec<String> {
        self.access
            .keys()
            .chain(self.refresh.keys())
            .chain(self.spent.keys())
            .chain(&self.used)
            .cloned()
            .collect()
    }

    /// Counts the families that live.
    pub(crate) fn living(&self) -> usize {
        (1..=self.families)
            .filter(|family| !self.dead.contains(family))
            .count()
    }
}
