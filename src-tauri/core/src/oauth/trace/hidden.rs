//! The secrets of one run, to be searched for in every text that is written down after them.

use crate::base::Secret;

/// The most that others brought.
const BROUGHT_LIMIT: usize = 64;

/// Two lists, so that however much others bring, it takes the place of nothing that is ours.
#[derive(Default)]
pub(super) struct Hidden {
    ours: Vec<Secret<String>>,
    brought: Vec<Secret<String>>,
}

impl Hidden {
    /// Adds what is ours or was sent by us; all of it is kept.
    pub(super) fn add_ours(&mut self, secrets: impl IntoIterator<Item = Secret<String>>) {
        for secret in secrets {
            if !self.ours.contains(&secret) {
                self.ours.push(secret);
            }
        }
    }

    /// Adds what somebody else brought; the newest 64 are kept.
    pub(super) fn add_brought(&mut self, secrets: impl IntoIterator<Item = Secret<String>>) {
        self.brought.extend(secrets);
        let excess = self.brought.len().saturating_sub(BROUGHT_LIMIT);
        self.brought.drain(..excess);
    }

    /// Gives all of them. Ours come first: none is found any more once a part of it was taken out.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Secret<String>> {
        self.ours.iter().chain(&self.brought)
    }
}
