//! What the person is told after a backup was put back.

use serde::Serialize;
use ts_rs::TS;

/// A backup that was put in place of a data file that was damaged or missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RestorationView {
    /// When the backup was made; what changed later is not in it.
    pub made_at: i64,
    /// Where the damaged file is kept; `null` if the file was missing.
    pub kept: Option<String>,
}
