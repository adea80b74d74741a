//! The system's notifications: one of ours at most, with what can be done about it.
//!
//! Never here: when it is shown, and what a click does.

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(target_os = "macos", path = "macos.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod system;
#[cfg(not(target_os = "linux"))]
mod waiting;

pub use system::Notifier;

/// How the two actions are called where a system wants names for them.
const RECONNECT: &str = "reconnect";
const SNOOZE: &str = "snooze";

/// What a notification says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its first line.
    pub title: String,
    /// What it says below, where the actions are offered beside it. Never markup, and nothing that somebody else wrote.
    pub body: String,
    /// The same where none can be offered.
    pub body_alone: String,
    /// What each action is called.
    pub labels: Labels,
}

/// What the actions are called for the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// A click on the notification itself.
    pub open: String,
    /// The way back to a sign-in.
    pub reconnect: String,
    /// Not now.
    pub snooze: String,
}

/// What the person clicked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Click {
    /// The notification itself.
    Open,
    /// The way back to a sign-in.
    Reconnect,
    /// Not now.
    Snooze,
}

impl Click {
    /// Reads the name of an action.
    fn on(action: &str) -> Option<Self> {
        match action {
            "default" => Some(Self::Open),
            RECONNECT => Some(Self::Reconnect),
            SNOOZE => Some(Self::Snooze),
            _ => None,
        }
    }
}

/// The notification could not be shown; the log says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotShown;
