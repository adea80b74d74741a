//! What can happen in a story.

use super::families::Answer;

/// What happens.
#[derive(Debug, Clone)]
pub enum Event {
    /// So many seconds go by; fewer than none when the clock is set back.
    Time(i64),
    /// The authorization server answers like this from now on.
    Answers(Answer),
    /// Somebody wants a bearer.
    Asked(Asked),
    /// Nothing of this kind can be written from now on.
    DiskFails(Fails),
    /// Everything can be written again.
    DiskWorks,
    /// The app ends in order and starts again.
    Restarted,
    /// The app is gone from one moment to the next, and starts again.
    Crashed,
    /// The person signs in, whether or not somebody is signed in.
    SignedIn(usize),
    /// The person ends the sign-in.
    Disconnected(usize),
}

/// Callers who want a bearer.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Of which server.
    pub server: usize,
    /// How many they are.
    pub callers: usize,
    /// Whether the server has answered 401 to the bearer that was lent last, if one was.
    pub after_refusal: bool,
    /// What happens while the answer is out.
    pub meanwhile: Meanwhile,
}

/// What happens while a refresh is out.
#[derive(Debug, Clone)]
pub enum Meanwhile {
    Nothing,
    /// The callers go away.
    Cancelled,
    Crashed,
    SignedIn,
    Disconnected,
    Time(i64),
}

/// What cannot be written.
#[derive(Debug, Clone, Copy)]
pub enum Fails {
    NewPairs,
    AnythingOfAGrant,
}
