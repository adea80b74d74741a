//! The steps of a test run, in their order, each with what it needs first.

use crate::{
    place,
    program::{cargo, npm},
    trouble::Trouble,
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
    pub run: fn() -> Result<(), Trouble>,
}

/// Every step there is; what a step needs stands before it.
pub const STEPS: &[Step] = &[
    Step {
        name: "format",
        proves: "the Rust is formatted",
        needs: &[],
        run: format,
    },
    Step {
        name: "ui-lint",
        proves: "the window's code keeps its rules",
        needs: &[],
        run: ui_lint,
    },
    Step {
        name: "ui-test",
        proves: "the window's units do what they say",
        needs: &[],
        run: ui_test,
    },
    Step {
        name: "ui-build",
        proves: "the window type-checks and builds",
        needs: &[],
        run: ui_build,
    },
    Step {
        name: "clippy",
        proves: "no lint is broken",
        needs: &["ui-build"],
        run: clippy,
    },
    Step {
        name: "rust",
        proves: "units, promises and stories hold",
        needs: &["ui-build"],
        run: rust,
    },
];

fn format() -> Result<(), Trouble> {
    cargo().with(["fmt", "--all", "--check"]).run()
}

fn ui_lint() -> Result<(), Trouble> {
    ui("lint")
}

fn ui_test() -> Result<(), Trouble> {
    ui("test")
}

fn ui_build() -> Result<(), Trouble> {
    ui("build")
}

fn clippy() -> Result<(), Trouble> {
    cargo()
        .with(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
        .run()
}

fn rust() -> Result<(), Trouble> {
    cargo().with(["test", "--workspace"]).run()
}

fn ui(script: &str) -> Result<(), Trouble> {
    npm()
        .with(["run", "--silent", script])
        .within(&place::root().join("ui"))
        .run()
}
