//! `cargo xtask`: every chore of this repository under one name.
//!
//! It starts other programs and reports what they said; nothing of the product is decided here.
//! It has no dependencies, so that it compiles in a moment and never changes the features that
//! the rest of the workspace is built with.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "talking to the person is its purpose"
)]

mod bench;
mod bundle;
mod conformance;
mod contract;
mod demo;
mod mutants;
mod place;
mod program;
mod run;
mod setup;
mod soak;
mod steps;
mod test;
mod trouble;

use std::{env, process::ExitCode};

use trouble::{Trouble, trouble};

const USAGE: &str = "\
Usage: cargo xtask <command>

  run                  sets this machine up, builds Usher and starts it
  demo                 starts servers to try it on, and Usher on a profile of its own
  test                 sets this machine up and runs every test there is
       --list          names the steps
       --only <step>   runs one step and those it needs
  mutants [part]       builds faulty copies (those whose name has the part) and sees the tests notice
  soak [part]          rotates, kills and sleeps for hours (or one part of that) and prints the figures
  bench                prints what a sign-in costs and how large the app is
  bundle               builds the packages people install (.deb and .rpm; `bundle dmg` and others elsewhere)
";

/// The commands that take fewer arguments than somebody may give them.
const COMMANDS: [&str; 6] = ["run", "demo", "mutants", "soak", "bench", "bundle"];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match dispatch(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("\nxtask: {trouble}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[&str]) -> Result<(), Trouble> {
    match arguments {
        ["run"] => run::run(),
        ["demo"] => demo::run(),
        ["mutants"] => mutants::run(""),
        ["mutants", part] => mutants::run(part),
        ["soak"] => soak::run(None),
        ["soak", part] => soak::run(Some(part)),
        ["bench"] => bench::run(),
        ["bundle"] => bundle::run("deb,rpm"),
        ["bundle", kinds] => bundle::run(kinds),
        ["test", rest @ ..] => test::test(rest),
        [] | ["help" | "-h" | "--help"] => {
            print!("{USAGE}");
            Ok(())
        }
        [known, rest @ ..] if COMMANDS.contains(known) => Err(trouble(format!(
            "`{known}` does not take `{}`.\n\n{USAGE}",
            rest.join(" ")
        ))),
        [unknown, ..] => Err(trouble(format!("There is no command `{unknown}`.\n\n{USAGE}"))),
    }
}
