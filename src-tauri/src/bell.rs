//! When the person is told that servers lost their sign-in: one notification for all of them, once for each time it
//! happens (S14). Pure.

use std::{collections::BTreeSet, time::Duration};

/// How long to wait before a notification that could not be shown is tried again: what shows it may start after us. Doubled each
/// time that it fails.
const PAUSE: Duration = Duration::from_secs(10);
/// How often it is doubled: up to three quarters of an hour.
const DOUBLINGS: u32 = 8;

/// What is to be done about the notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It stays as it is, there or not.
    Nothing,
    /// It is shown.
    Ring,
    /// It is shown in the place of the one that is there.
    Replace,
    /// It is taken down.
    Close,
}

/// How things are when it is decided.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// The servers whose sign-in ended.
    pub lost: &'a BTreeSet<String>,
    /// Those that are not known to be well.
    pub unwell: &'a BTreeSet<String>,
    /// Whether the person wants no reminders now.
    pub snoozed: bool,
    /// Whether they are looking at the window, which tells them itself.
    pub in_front: bool,
    /// Whether the notification is there.
    pub shown: bool,
}

/// Knows whose loss the person was told about.
#[derive(Debug, Default)]
pub struct Bell {
    told: BTreeSet<String>,
    /// Whom the notification speaks of that was shown last.
    said: BTreeSet<String>,
    /// Those among them who were news in it.
    news: BTreeSet<String>,
    /// How often in a row it could not be shown.
    failures: u32,
}

impl Bell {
    /// Makes a bell that has rung for these before.
    pub fn after(told: BTreeSet<String>) -> Self {
        Self {
            told,
            ..Self::default()
        }
    }

    /// Gives whose loss the person was told about since each was last well.
    pub const fn told(&self) -> &BTreeSet<String> {
        &self.told
    }

    /// Decides what is to be done now, and takes it as done.
    pub fn decide(&mut self, now: Moment<'_>) -> Deed {
        self.told.retain(|id| now.unwell.contains(id));
        if now.snoozed {
            // Whoever is still lost when reminders are wanted again is news again.
            self.told.clear();
        }
        if now.snoozed || now.lost.is_empty() {
            self.failures = 0;
            return if now.shown { Deed::Close } else { Deed::Nothing };
        }
        let news: BTreeSet<_> = now.lost.difference(&self.told).cloned().collect();
        self.told.extend(news.iter().cloned());
        let deed = match now.shown {
            true if !news.is_empty() || *now.lost != self.said => Deed::Replace,
            false if !news.is_empty() && !now.in_front => Deed::Ring,
            _ => return Deed::Nothing,
        };
        self.said.clone_from(now.lost);
        self.news = news;
        deed
    }

    /// Hears that the notification could not be shown: whoever was news in it was not told. Gives after which time to decide
    /// again.
    pub fn was_not_heard(&mut self) -> Duration {
        for id in std::mem::take(&mut self.news) {
            self.told.remove(&id);
        }
        self.said.clear();
        let pause = PAUSE.saturating_mul(1 << self.failures.min(DOUBLINGS));
        self.failures = self.failures.saturating_add(1);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(ids: &str) -> BTreeSet<String> {
        ids.split_whitespace().map(str::to_owned).collect()
    }

    /// A desktop on which what is to be done is done.
    #[derive(Default)]
    struct Desktop {
        bell: Bell,
        unwell: &'static str,
        snoozed: bool,
        in_front: bool,
        shown: bool,
    }

    impl Desktop {
        /// Loses these sign-ins, and no others.
        fn lose(&mut self, lost: &'static str) -> Deed {
            self.unwell = lost;
            self.decide(lost)
        }

        fn decide(&mut self, lost: &str) -> Deed {
            let deed = self.bell.decide(Moment {
                lost: &servers(lost),
                unwell: &servers(self.unwell),
                snoozed: self.snoozed,
                in_front: self.in_front,
                shown: self.shown,
            });
            self.shown = match deed {
                Deed::Nothing => self.shown,
                Deed::Ring | Deed::Replace => true,
                Deed::Close => false,
            };
            deed
        }

        /// The app starts anew: the notification is gone, and what was written down is read.
        fn restart(&mut self) {
            self.bell = Bell::after(self.bell.told().clone());
            self.shown = false;
        }
    }

    #[test]
    fn a_loss_is_told_once_and_taken_back_when_nobody_needs_the_person() {
        let mut desktop = Desktop::default();
        assert_eq!(desktop.lose("1"), Deed::Ring, "the first time it is news");
        assert_eq!(desktop.lose("1"), Deed::Nothing, "the second time it is not");
        assert_eq!(desktop.lose(""), Deed::Close, "it is well again");
        assert_eq!(desktop.lose(""), Deed::Nothing, "that is no news");
        assert_eq!(desktop.lose("1"), Deed::Ring, "losing it again is");
    }

    #[test]
    fn s14_a_storm_of_losses_is_one_notification() {
        let mut desktop = Desktop::default();
        assert_eq!(desktop.lose("1 2 3"), Deed::Ring, "one for three");
        assert_eq!(desktop.lose("1 2 3 4"), Deed::Replace, "one more, in its place");
        assert_eq!(desktop.lose("1 2 3 4"), Deed::Nothing, "it says so already");
        assert_eq!(desktop.lose("2 3 4"), Deed::Replace, "one less is said too");
        desktop.shown = false;
        assert_eq!(
            desktop.lose("2 3"),
            Deed::Nothing,
            "put away, one less is no news"
        );
        assert_eq!(desktop.lose("2 3 5"), Deed::Ring, "one more is");
    }

    #[test]
    fn who_signs_in_and_gives_up_is_told_nothing_new() {
        let mut desktop = Desktop::default();
        desktop.lose("1");
        assert_eq!(desktop.decide(""), Deed::Close, "the person is at it");
        assert_eq!(desktop.decide("1"), Deed::Nothing, "they have left it");
        assert_eq!(desktop.decide("1"), Deed::Nothing, "and know it");
    }

    #[test]
    fn who_looks_at_the_window_is_told_there() {
        let mut desktop = Desktop {
            in_front: true,
            ..Desktop::default()
        };
        assert_eq!(desktop.lose("1"), Deed::Nothing, "the window says it");
        desktop.in_front = false;
        assert_eq!(desktop.lose("1"), Deed::Nothing, "and has said it");
        assert_eq!(desktop.lose("1 2"), Deed::Ring, "but not this");
    }

    #[test]
    fn what_was_told_is_not_told_again_after_a_restart() {
        let mut desktop = Desktop::default();
        desktop.lose("1 2");
        desktop.restart();
        assert_eq!(desktop.decide(""), Deed::Nothing, "both are being connected");
        assert_eq!(desktop.lose("1 2"), Deed::Nothing, "both were told");
        desktop.restart();
        assert_eq!(
            desktop.lose("2"),
            Deed::Nothing,
            "one got well, the other was told"
        );
        desktop.restart();
        assert_eq!(
            desktop.lose("1 2"),
            Deed::Ring,
            "the one that was well is lost again"
        );
    }

    #[test]
    fn while_reminders_are_off_nothing_rings_and_afterwards_once() {
        let mut desktop = Desktop::default();
        desktop.lose("1");
        desktop.snoozed = true;
        assert_eq!(desktop.lose("1"), Deed::Close, "it is put off");
        assert_eq!(desktop.lose("1 2"), Deed::Nothing, "another loss waits as well");
        desktop.restart();
        assert_eq!(desktop.lose("1 2"), Deed::Nothing, "a restart changes nothing");
        desktop.snoozed = false;
        assert_eq!(desktop.lose("1 2"), Deed::Ring, "both are still lost");
        assert_eq!(desktop.lose("1 2"), Deed::Nothing, "which is said once");
    }

    #[test]
    fn reminders_that_were_off_come_back_for_nobody_if_all_are_well() {
        let mut desktop = Desktop::default();
        desktop.lose("1");
        desktop.snoozed = true;
        desktop.lose("1");
        desktop.lose("");
        desktop.snoozed = false;
        assert_eq!(desktop.lose(""), Deed::Nothing);
    }

    #[test]
    fn a_notification_that_could_not_be_shown_has_told_nobody() {
        let mut desktop = Desktop::default();
        desktop.lose("1");
        assert_eq!(desktop.bell.was_not_heard(), PAUSE);
        desktop.shown = false;
        assert_eq!(desktop.lose("1"), Deed::Ring, "it is still news");
        desktop.bell.was_not_heard();
        desktop.shown = true;
        assert_eq!(
            desktop.lose("1"),
            Deed::Replace,
            "also where an earlier one is there"
        );
    }

    #[test]
    fn who_was_told_before_is_no_news_because_a_later_notification_failed() {
        let mut desktop = Desktop::default();
        desktop.lose("1");
        desktop.shown = false;
        assert_eq!(desktop.lose("1 2"), Deed::Ring, "another one is lost");
        desktop.bell.was_not_heard();
        desktop.shown = false;
        assert_eq!(*desktop.bell.told(), servers("1"), "one was told days ago");
        assert_eq!(desktop.lose("1"), Deed::Nothing, "and is no news");
        assert_eq!(desktop.lose("1 2"), Deed::Ring, "the other still is");
        assert_eq!(desktop.lose("1"), Deed::Replace, "it is well again");
        desktop.bell.was_not_heard();
        assert_eq!(desktop.lose("1"), Deed::Replace, "what was not said is said");
    }

    #[test]
    fn a_notification_that_fails_again_and_again_is_tried_less_and_less() {
        let mut desktop = Desktop::default();
        desktop.lose("1");
        assert_eq!(desktop.bell.was_not_heard(), PAUSE);
        assert_eq!(desktop.bell.was_not_heard(), PAUSE * 2);
        let longest = (0..100).map(|_| desktop.bell.was_not_heard()).max();
        assert_eq!(longest, Some(PAUSE * 256), "it never gives up");
        desktop.lose("");
        desktop.lose("1");
        assert_eq!(
            desktop.bell.was_not_heard(),
            PAUSE,
            "another time is another time"
        );
    }
}
