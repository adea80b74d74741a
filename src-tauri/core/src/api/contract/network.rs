//! The network as the window shows it.

use serde::Serialize;
use ts_rs::TS;

/// Whether there is a way out of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum NetworkView {
    /// There is one.
    Online,
    /// There is none. What is on this machine can be reached all the same, and nothing counts as failed.
    Offline,
}
