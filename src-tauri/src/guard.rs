//! Whether a passphrase guards what is stored, as the tray and the hints see it. Pure.

use usher_core::api::contract::{VaultKind, VaultView};

/// How the vault stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Guard {
    /// Nothing that can be locked here.
    #[default]
    None,
    /// A passphrase guards it, and it is unlocked.
    Unlocked,
    /// It is locked until the passphrase is typed.
    Locked,
}

impl Guard {
    /// Sees it from the vault.
    pub const fn of(vault: VaultView) -> Self {
        match vault {
            VaultView::PassphraseNeeded { .. } => Self::Locked,
            VaultView::Open {
                keeper: VaultKind::Passphrase,
                ..
            } => Self::Unlocked,
            _ => Self::None,
        }
    }
}

/// What is to be done about the hint that it is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// It stays as it is, there or not.
    Nothing,
    /// The person is told.
    Tell,
    /// It is taken down.
    TakeBack,
}

/// Decides when the guard changes. Who has locked it, or sees it in the window, need not be told; neither is somebody who has just
/// started the app.
pub fn hint(before: Guard, now: Guard, is_known: bool) -> Hint {
    match (before, now) {
        (Guard::Unlocked, Guard::Locked) if !is_known => Hint::Tell,
        (Guard::Locked, Guard::Unlocked | Guard::None) => Hint::TakeBack,
        _ => Hint::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_passphrase_guards() {
        let open = |keeper| VaultView::Open {
            keeper,
            lock_after: None,
        };
        assert_eq!(Guard::of(open(VaultKind::Passphrase)), Guard::Unlocked);
        assert_eq!(Guard::of(open(VaultKind::Keychain)), Guard::None);
        assert_eq!(
            Guard::of(VaultView::PassphraseNeeded { wrong: true }),
            Guard::Locked
        );
        assert_eq!(Guard::of(VaultView::KeychainLocked), Guard::None);
    }

    #[test]
    fn that_it_locked_itself_is_told_once_and_taken_back_when_it_is_unlocked() {
        assert_eq!(hint(Guard::Unlocked, Guard::Locked, false), Hint::Tell);
        assert_eq!(
            hint(Guard::Locked, Guard::Locked, false),
            Hint::Nothing,
            "a wrong passphrase is no news"
        );
        assert_eq!(hint(Guard::Locked, Guard::Unlocked, false), Hint::TakeBack);
        assert_eq!(
            hint(Guard::Unlocked, Guard::Locked, true),
            Hint::Nothing,
            "they did it, or see it"
        );
        assert_eq!(
            hint(Guard::None, Guard::Locked, false),
            Hint::Nothing,
            "at a start the window asks"
        );
    }
}
