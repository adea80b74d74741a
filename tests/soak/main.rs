//! Grants over a long time, and through everything that can happen to a process: what must hold is checked, what happened is
//! printed as a table.
//!
//! `soak [--short] [part]` runs all parts or one. `soak keeper DIRECTORY` is the process that is killed.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a table is printed, and what broke is said"
)]

mod figures;
mod hold;
mod house;
mod inspect;
mod keeper;
mod kill;
mod ledger;
mod lives;
mod process;
mod rotation;
mod scale;
mod sleep;
mod talk;
mod two_processes;
mod writes;

use std::{env, path::Path, process::ExitCode};

use futures::future::BoxFuture;

use figures::{Broken, HEADING, broken};
use scale::Scale;

type Part = fn(Scale) -> BoxFuture<'static, Result<(), Broken>>;

/// Every part by its name.
const PARTS: [(&str, Part); 5] = [
    ("rotation", |scale| Box::pin(rotation::at_the_world(scale))),
    ("rotation-at-a-peer", |scale| Box::pin(rotation::at_a_peer(scale))),
    ("two-processes", |scale| Box::pin(two_processes::run(scale))),
    ("kill", |scale| Box::pin(kill::run(scale))),
    ("sleep", |scale| Box::pin(sleep::run(scale))),
];

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let soaked = match arguments[..] {
        ["keeper", directory] => {
            keeper::run(Path::new(directory)).await;
            return ExitCode::SUCCESS;
        }
        [] => soak(Scale::Long, None).await,
        ["--short"] => soak(Scale::Short, None).await,
        ["--short", part] => soak(Scale::Short, Some(part)).await,
        [part] => soak(Scale::Long, Some(part)).await,
        _ => Err(broken("Usage: soak [--short] [part]")),
    };
    match soaked {
        Ok(()) => ExitCode::SUCCESS,
        Err(broken) => {
            eprintln!("soak: {broken}");
            ExitCode::FAILURE
        }
    }
}

/// Runs every part, or the one that is wanted, each of which prints its lines as soon as they are known.
async fn soak(scale: Scale, wanted: Option<&str>) -> Result<(), Broken> {
    let is_wanted = |name: &str| wanted.is_none_or(|wanted| wanted == name);
    let chosen: Vec<_> = PARTS.iter().filter(|(name, _)| is_wanted(name)).collect();
    if chosen.is_empty() {
        let names = PARTS.map(|(name, _)| name).join(", ");
        return Err(broken(format!("There is no such part; there are {names}.")));
    }
    println!("{HEADING}");
    for (name, part) in chosen {
        let soaked = part(scale).await;
        soaked.map_err(|error| broken(format!("{name}: {error}")))?;
    }
    Ok(())
}
