//! `cargo xtask bundle`: the packages people install; a .deb and an .rpm unless others are asked for.

use crate::{
    place,
    program::{npm, program},
    run::window,
    setup::{self, Purpose},
    trouble::Trouble,
};

/// Tauri's command line, of the version of the crates.
const CLI: &str = "@tauri-apps/cli@2.12.5";

/// Sets the machine up and builds the packages of these kinds, as Tauri calls them: `deb,rpm`.
pub fn run(kinds: &str) -> Result<(), Trouble> {
    setup::prepare(Purpose::Run)?;
    let ui = place::root().join("ui");
    window()?;
    // Not among the window's packages: a lock file names its binaries for the platform it was written on only.
    npm()
        .with(["install", "--no-save", "--no-package-lock", CLI])
        .within(&ui)
        .run()?;
    println!("Building the packages (some ten minutes when nothing is built yet) …");
    program("node")
        .with([ui.join("node_modules/@tauri-apps/cli/tauri.js")])
        .with(["build", "--bundles", kinds])
        .run()?;
    println!(
        "They lie in {}.",
        place::target().join("release").join("bundle").display()
    );
    Ok(())
}
