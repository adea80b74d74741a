//! What a keeper and whoever started it say to each other: one line of JSON at a time, over its standard input and output.

use std::io::{self, Write as _};

use serde::{Deserialize, Serialize};
use usher_core::base::ServerId;

use crate::{hold::Step, house::Pair, writes::Write};

/// The first line that a keeper reads.
#[derive(Debug, Serialize, Deserialize)]
pub struct Orders {
    /// The key of the keychain, in hexadecimal digits. It comes this way so that it stands in no argument and no environment.
    pub key: String,
    /// What time it is, in seconds since 1970.
    pub now: i64,
    /// The number of this process among those on the directory.
    pub life: usize,
    /// What to do.
    pub task: Task,
}

/// What a keeper does.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Task {
    /// Opens the directory and does what it is told. Once armed it stops for good at a step of a renewal.
    Obey {
        /// The step.
        hold: Option<Step>,
    },
    /// Starts as the app does: visits the owner of the directory, or becomes it and keeps its grants alive.
    Own,
}

/// What an obeying keeper is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Command {
    /// Lets the access token run out and asks for a bearer.
    Renew(ServerId),
    /// Keeps what a new sign-in brought.
    Grant {
        /// Where.
        server: ServerId,
        /// Who gave it.
        issuer: String,
        /// What.
        pair: Pair,
    },
    /// Stops at the step from now on.
    Arm,
    /// Renews and writes without end.
    Load(Vec<ServerId>),
}

/// What a keeper says.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Said {
    /// The directory is open.
    Open,
    /// The owner has heard the visit; there is nothing else to do.
    Away,
    /// Somebody came to visit.
    Visited,
    /// The step is reached.
    Held,
    /// A bearer was handed out: what it is good for is on disk.
    Bearer {
        /// At which server.
        server: ServerId,
        /// The access token.
        access: String,
    },
    /// Only the person can help.
    Prompt(ServerId),
    /// There is no bearer for another reason.
    Trouble(ServerId, String),
    /// The grant of a new sign-in is kept.
    Granted,
    /// A write begins.
    Will(Write),
    /// The write is acknowledged.
    Done,
}

/// Says something, in one piece.
pub fn say(said: &Said) {
    let mut line = serde_json::to_string(said).expect("what is said can be written");
    line.push('\n');
    let mut out = io::stdout().lock();
    let written = out.write_all(line.as_bytes()).and_then(|()| out.flush());
    written.expect("somebody listens");
}
