//! Calls about what happened at a server.

use serde::de::DeserializeOwned;

use super::{
    App,
    contract::{
        AppError, ErrorCode, EventBody, ParamView, RunRef, RunStanding, RunStepsView, RunView, RunsView,
        ServerRef, StepView, StepWhat,
    },
    errors, views,
};
use crate::{
    base::RunId,
    oauth::{Param, Revocation, Step, What},
    record::{Grown, Kind, Standing, Summary},
};

impl App {
    pub(super) async fn sign_in_runs(&self, server: ServerRef) -> Result<RunsView, AppError> {
        let server = self.server(&server.id).await?;
        let runs = self.0.record.runs(server.id).await.map_err(errors::of_store)?;
        Ok(RunsView {
            runs: runs.into_iter().map(run).collect(),
        })
    }

    pub(super) async fn sign_in_run(&self, wanted: RunRef) -> Result<RunStepsView, AppError> {
        let gone = || AppError::new(ErrorCode::RunGone);
        let id: RunId = wanted.id.parse().map_err(|_| gone())?;
        let found = self.0.record.run(id).await.map_err(errors::of_store)?;
        let (summary, steps) = found.ok_or_else(gone)?;
        Ok(RunStepsView {
            run: run(summary),
            steps: steps.into_iter().map(step).collect(),
        })
    }

    pub(super) fn on_grown(&self, grown: Grown) {
        self.0.events.send(EventBody::Trace {
            run: grown.run.to_string(),
            server: grown.server.to_string(),
        });
    }
}

fn run(summary: Summary) -> RunView {
    let ended_at = match &summary.standing {
        Standing::Ended { at, .. } => Some(at.seconds()),
        Standing::UnderWay | Standing::Unfinished => None,
    };
    RunView {
        id: summary.id.to_string(),
        account: summary.account.map(|account| account.to_string()),
        begun_at: summary.begun_at.seconds(),
        ended_at,
        standing: standing(summary),
    }
}

fn standing(summary: Summary) -> RunStanding {
    let ending = match summary.standing {
        Standing::UnderWay => return RunStanding::UnderWay,
        Standing::Unfinished => return RunStanding::Unfinished,
        Standing::Ended { ending, .. } => ending,
    };
    // An ending that this version has no words for is as good as none.
    let told = match summary.kind {
        Kind::SignIn => read(ending).map(|outcome| RunStanding::SignIn {
            outcome: views::sign_in::outcome(outcome),
        }),
        Kind::Renewal => read(ending).map(|end| RunStanding::Renewal { end }),
        Kind::SignOut => read(ending).map(|revocation: Revocation| RunStanding::SignOut {
            revocation: views::revocation(revocation),
        }),
        Kind::Deregistration => read(ending).map(|end| RunStanding::Deregistration { end }),
    };
    told.unwrap_or(RunStanding::Unfinished)
}

fn read<T: DeserializeOwned>(ending: serde_json::Value) -> Option<T> {
    serde_json::from_value(ending).ok()
}

fn step(step: Step) -> StepView {
    let what = match step.what {
        What::Asked { method, url, params } => StepWhat::Asked {
            method,
            url,
            params: views_of(params),
        },
        What::Answered {
            status,
            media_type,
            headers,
            members,
        } => StepWhat::Answered {
            status,
            media_type,
            headers: views_of(headers),
            members: views_of(members),
        },
        What::Failed { why } => StepWhat::Failed { why },
        What::Decided { decision } => StepWhat::Decided {
            rule: decision.rule().to_owned(),
            refusal: decision.is_refusal(),
            exception: decision.is_exception(),
            decision,
        },
        What::LeftOut { steps } => StepWhat::LeftOut { steps },
    };
    StepView {
        after_ms: step.after_ms,
        what,
    }
}

fn views_of(params: Vec<Param>) -> Vec<ParamView> {
    let view = |Param { name, value }| ParamView { name, value };
    params.into_iter().map(view).collect()
}
