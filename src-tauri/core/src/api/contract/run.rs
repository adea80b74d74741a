//! What happened at a server: its last runs and their steps. Nothing in it is secret.

use serde::Serialize;
use ts_rs::TS;

use super::{OutcomeView, RevocationView};
use crate::{
    grants::RenewalEnd,
    oauth::{Decision, Deregistration},
    ports::HttpError,
};

/// The last runs at a server, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunsView {
    /// The runs.
    pub runs: Vec<RunView>,
}

/// One run: a sign-in, or what the background did.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunView {
    /// Identifier; that of the sign-in if it is one.
    pub id: String,
    /// Identifier of the account it is about, if one is known. The account may be gone.
    pub account: Option<String>,
    /// When it began.
    pub begun_at: i64,
    /// When it ended; `None` while it is under way, or if it was never finished.
    pub ended_at: Option<i64>,
    /// Where it stands.
    pub standing: RunStanding,
}

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum RunStanding {
    /// A sign-in that goes on.
    UnderWay,
    /// A sign-in that was left: another took its place, or the app ended.
    Unfinished,
    /// A sign-in that ended.
    SignIn {
        /// How.
        outcome: OutcomeView,
    },
    /// A renewal that brought nothing.
    Renewal {
        /// Why.
        end: RenewalEnd,
    },
    /// The revocation of a grant.
    SignOut {
        /// What became of the tokens.
        revocation: RevocationView,
    },
    /// The end of a client of ours that no account uses any more.
    Deregistration {
        /// What became of it.
        end: Deregistration,
    },
}

/// One run with its steps.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunStepsView {
    /// The run.
    pub run: RunView,
    /// Its steps, oldest first.
    pub steps: Vec<StepView>,
}

/// One step of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// Milliseconds since the run began.
    pub after_ms: u64,
    /// What happened.
    pub what: StepWhat,
}

/// What happened in a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum StepWhat {
    /// A request was sent.
    Asked {
        /// Its method.
        method: String,
        /// Where to, without the query.
        url: String,
        /// Its parameters.
        params: Vec<ParamView>,
    },
    /// An answer came.
    Answered {
        /// Its status.
        status: u16,
        /// Its media type.
        media_type: Option<String>,
        /// Those of its headers that OAuth gives a meaning.
        headers: Vec<ParamView>,
        /// Its members, if it is a JSON object.
        members: Vec<ParamView>,
    },
    /// No answer came.
    Failed {
        /// Why.
        why: HttpError,
    },
    /// Something was decided.
    Decided {
        /// What.
        decision: Decision,
        /// The rule it follows, as a citation.
        rule: String,
        /// Whether something was refused.
        refusal: bool,
        /// Whether an exception of the person's was made use of.
        exception: bool,
    },
    /// So many steps were too many to keep.
    LeftOut {
        /// How many.
        steps: u32,
    },
}

/// A name with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ParamView {
    /// The name.
    pub name: String,
    /// The value; `None` where it is secret, or may be.
    pub value: Option<String>,
}
