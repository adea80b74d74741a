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

/// How the two actions are called where a system wants names for them. The server that a notification is about belongs to the
/// name: whatever is shown meanwhile, a click means what the person read.
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
    /// The identifier of the server that it names; none if it speaks of several.
    pub server: Option<String>,
}

impl Notice {
    /// Names the action that leads back to a sign-in.
    fn reconnect(&self) -> String {
        match &self.server {
            Some(id) => format!("{RECONNECT}:{id}"),
            None => RECONNECT.to_owned(),
        }
    }
}

/// What the actions are called for the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// A click on the notification itself.
    pub open: String,
    /// What else can be done about it, if there is anything.
    pub deeds: Option<Deeds>,
}

/// What the actions beside it are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deeds {
    /// The way back to a sign-in.
    pub reconnect: String,
    /// Not now.
    pub snooze: String,
}

/// What the person clicked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Click {
    /// The notification itself.
    Open,
    /// The way back to a sign-in, of the server that the notification named.
    Reconnect(Option<String>),
    /// Not now.
    Snooze,
}

impl Click {
    /// Reads the name of an action.
    fn on(action: &str) -> Option<Self> {
        match action {
            "default" => Some(Self::Open),
            RECONNECT => Some(Self::Reconnect(None)),
            SNOOZE => Some(Self::Snooze),
            other => {
                let id = other.strip_prefix(RECONNECT)?.strip_prefix(':')?;
                Some(Self::Reconnect(Some(id.to_owned())))
            }
        }
    }
}
