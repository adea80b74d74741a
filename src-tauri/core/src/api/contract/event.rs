//! What the core tells the window unasked.

use serde::Serialize;
use ts_rs::TS;

use super::{NetworkView, RestorationView, ServerView, VaultView};

/// Everything the window shows, at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Events up to this number are contained.
    pub seq: u64,
    /// The vault.
    pub vault: VaultView,
    /// Whether there is a network.
    pub network: NetworkView,
    /// All servers, by name.
    pub servers: Vec<ServerView>,
    /// The app's version.
    pub version: String,
    /// Where the data lies.
    pub data_directory: String,
    /// The folder that a file for another computer is put in.
    pub exports_folder: String,
    /// A backup that was put in place of the data file, until the person has seen it.
    pub restoration: Option<RestorationView>,
    /// Until when nobody is reminded of lost sign-ins, at most a day from now; `null` if reminders are wanted.
    pub reminders_snoozed_until: Option<i64>,
}

/// One piece of news. The window takes a snapshot, then applies events with a larger number.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Rises by one with each event.
    pub seq: u64,
    /// What changed.
    pub body: EventBody,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum EventBody {
    /// A server was added or changed.
    Server {
        /// As it is now.
        server: Box<ServerView>,
    },
    /// A server was deleted.
    ServerDeleted {
        /// Which.
        id: String,
    },
    /// A server's tools changed; ask for them if they are shown.
    Tools {
        /// Whose.
        id: String,
    },
    /// A run has grown or ended; ask for it if it is shown.
    Trace {
        /// Which run.
        run: String,
        /// At which server.
        server: String,
    },
    /// The vault changed.
    Vault {
        /// As it is now.
        vault: VaultView,
    },
    /// The network went or came back.
    Network {
        /// As it is now.
        network: NetworkView,
    },
    /// What is to be told about a restoration changed.
    Restoration {
        /// As it is now.
        restoration: Option<RestorationView>,
    },
    /// The person wants no reminders for a while, or wants them again.
    Reminders {
        /// As in the snapshot.
        snoozed_until: Option<i64>,
    },
}
