//! The steps of a test run, in their order, each with what it needs first.

use crate::{
    conformance, contract, place,
    program::{cargo, npm, program},
    setup::system::chromium,
    soak,
    trouble::{Trouble, trouble},
};

/// One named part of the test run.
pub struct Step {
    /// What `--only` calls it.
    pub name: &'static str,
    /// What it shows when it passes.
    pub proves: &'static str,
    /// The steps that must have passed before.
    pub needs: &'static [&'static str],
    /// Does it.
    pub run: fn() -> Result<Done, Trouble>,
}

/// How a step ended that did not fail.
pub enum Done {
    /// It showed what it is there to show.
    Passed,
    /// It could show nothing here, and says why. It counts neither as passed nor as failed.
    Skipped(&'static str),
}

/// Every step there is; what a step needs stands before it.
pub const STEPS: &[Step] = &[
    step("format", "the Rust is formatted", &[], format),
    step("ui-lint", "the window's code keeps its rules", &[], || ui("lint")),
    step("ui-test", "the window's units do what they say", &[], || {
        ui("test")
    }),
    step("ui-build", "the window type-checks and builds", &[], || {
        ui("build")
    }),
    step(
        "gallery",
        "every screen and state is drawn, and accessible",
        &["ui-build"],
        gallery,
    ),
    step("clippy", "no lint is broken", &["ui-build"], clippy),
    step("build", "everything builds", &["ui-build"], build),
    step(
        "contract",
        "the window's contract is the core's",
        &["build"],
        || contract::run().map(passed),
    ),
    step("rust", "units, promises and stories hold", &["build"], rust),
    step(
        "soak",
        "no grant is lost or spent twice, whatever happens to its process",
        &["build"],
        || soak::short().map(passed),
    ),
    step(
        "conformance",
        "the official suite is passed, but for what our baseline names",
        &["build"],
        || conformance::run().map(passed),
    ),
    step(
        "window",
        "the real window does the main job, under a virtual display",
        &["build"],
        window,
    ),
    step(
        "npm-audit",
        "no npm package is known to be unsafe",
        &[],
        npm_audit,
    ),
    step(
        "deny",
        "licences, advisories and sources of crates are in order",
        &[],
        deny,
    ),
];

const fn step(
    name: &'static str,
    proves: &'static str,
    needs: &'static [&'static str],
    run: fn() -> Result<Done, Trouble>,
) -> Step {
    Step {
        name,
        proves,
        needs,
        run,
    }
}

fn passed((): ()) -> Done {
    Done::Passed
}

fn format() -> Result<Done, Trouble> {
    cargo().with(["fmt", "--all", "--check"]).run().map(passed)
}

/// Draws every screen in Chromium; the pictures are kept to be looked at.
fn gallery() -> Result<Done, Trouble> {
    let chromium = chromium()
        .ok_or_else(|| trouble("Chromium is missing: install it, or set CHROMIUM to where it lies."))?;
    npm()
        .with(["run", "--silent", "gallery"])
        .within(&place::root().join("ui"))
        .env("CHROMIUM", chromium)
        .env("USHER_PICTURES", place::artefacts("gallery")?)
        .run()
        .map(passed)
}

/// Starts the app as a person does, with a keyring, an opener and a link handler that are real.
fn window() -> Result<Done, Trouble> {
    if !cfg!(target_os = "linux") {
        return Ok(Done::Skipped(
            "only Linux has a display that can be made for a test",
        ));
    }
    program(place::built("window"))
        .env("USHER_ARTEFACTS", place::root().join("artefacts"))
        .run()
        .map(passed)
}

fn clippy() -> Result<Done, Trouble> {
    cargo()
        .with(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
        .run()
        .map(passed)
}

fn build() -> Result<Done, Trouble> {
    cargo()
        .with(["build", "--workspace", "--all-targets"])
        .run()
        .map(passed)
}

fn rust() -> Result<Done, Trouble> {
    cargo().with(["test", "--workspace"]).run().map(passed)
}

/// Asks the registry; some answer no such question.
fn npm_audit() -> Result<Done, Trouble> {
    let audit = || {
        npm()
            .with(["audit", "--audit-level=high"])
            .within(&place::root().join("ui"))
    };
    if !audit()
        .with(["--json"])
        .read()?
        .contains("\"auditReportVersion\"")
    {
        return Ok(Done::Skipped("the registry does not answer audits from here"));
    }
    audit().run().map(passed)
}

/// Installing `cargo-deny` takes minutes, so it is used where it is.
fn deny() -> Result<Done, Trouble> {
    if !cargo().with(["deny", "--version"]).succeeds() {
        return Ok(Done::Skipped(
            "cargo-deny is not here: `cargo install --locked cargo-deny` brings it",
        ));
    }
    cargo().with(["deny", "--workspace", "check"]).run().map(passed)
}

fn ui(script: &str) -> Result<Done, Trouble> {
    npm()
        .with(["run", "--silent", script])
        .within(&place::root().join("ui"))
        .run()
        .map(passed)
}
