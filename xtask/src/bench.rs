//! `cargo xtask bench`: figures, printed and never judged.

use std::fs;

use crate::{
    place,
    program::{cargo, program},
    run,
    setup::{self, Purpose},
    trouble::Trouble,
};

/// Builds as for people and prints what a sign-in and a start cost, and how large the app is.
pub fn run() -> Result<(), Trouble> {
    // The whole app is measured under a virtual display, which only the test set-up on Linux brings.
    let whole = cfg!(target_os = "linux");
    setup::prepare(if whole { Purpose::Test } else { Purpose::Run })?;
    run::window()?;
    println!("Building with optimisations (the first time takes some ten minutes) …");
    cargo()
        .with(["build", "--workspace", "--bins", "--examples", "--release"])
        .run()?;
    let release = place::target().join("release");
    program(release.join("bench")).run()?;
    if whole {
        program(release.join("window")).with(["figures"]).run()?;
    }
    if let Ok(app) = fs::metadata(release.join("usher-desktop")) {
        println!("size of the app: {:.1} MiB", app.len() as f64 / 1_048_576.0);
    }
    Ok(())
}
