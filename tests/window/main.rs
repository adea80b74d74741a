//! The real window, under a virtual display, with a real keyring, a real opener and real servers.
//!
//! Without arguments every case runs in a desktop session of its own; `figures` measures instead. Each step leaves a picture in
//! `USHER_ARTEFACTS`, or in `artefacts` of Cargo's target directory.
//!
//! Never here: a way into the app that a person does not have.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "this program stands for the person and the desktop: it starts programs and says how it went"
)]

mod cases;
mod desk;
mod driver;
mod figures;
mod page;
mod panel;
mod session;
mod wait;

use std::{env, process::ExitCode};

use crate::{
    cases::{CASES, Case},
    session::Keyring,
};

/// What is measured in place of told.
const FIGURES: Case = Case {
    name: "figures",
    proves: "how long a start takes, and how much memory the app has",
    keyring: Keyring::Open,
    tell: |desk| Box::pin(figures::tell(desk)),
};

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("--inside"), Some(name)) => inside(&name),
        (wanted, _) => all(wanted),
    }
}

/// Runs every case, or the one that is wanted, each in its own session.
fn all(wanted: Option<&str>) -> ExitCode {
    let chosen: Vec<_> = match wanted {
        Some(name) => find(name).into_iter().collect(),
        None => CASES.iter().collect(),
    };
    let mut failed = chosen.is_empty();
    for case in chosen {
        let passed = session::run(case);
        println!(
            "{} {}: {}",
            if passed { "ok    " } else { "FAILED" },
            case.name,
            case.proves
        );
        failed |= !passed;
    }
    if failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn find(name: &str) -> Option<&'static Case> {
    CASES.iter().chain([&FIGURES]).find(|case| case.name == name)
}

/// Runs one case inside its session.
fn inside(name: &str) -> ExitCode {
    let Some(case) = find(name) else {
        return ExitCode::FAILURE;
    };
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built")
        .block_on((case.tell)(desk::Desk::new(case.name)));
    ExitCode::SUCCESS
}
