//! `cargo xtask bundle`: the packages people install; a .deb and an .rpm unless others are asked for.

use crate::{
    place,
    program::program,
    run::window,
    setup::{self, Purpose},
    trouble::Trouble,
};

/// Sets the machine up and builds the packages of these kinds, as Tauri calls them: `deb,rpm`.
pub fn run(kinds: &str) -> Result<(), Trouble> {
    setup::prepare(Purpose::Run)?;
    let ui = place::root().join("ui");
    window()?;
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
