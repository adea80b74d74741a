//! `cargo xtask bundle`: the packages people install, a .deb and an .rpm.

use crate::{
    place,
    program::npm,
    setup::{self, Purpose},
    trouble::Trouble,
};

/// Sets the machine up and builds the packages.
pub fn run() -> Result<(), Trouble> {
    setup::prepare(Purpose::Run)?;
    let ui = place::root().join("ui");
    println!("Building the window …");
    npm().with(["run", "--silent", "build"]).within(&ui).run()?;
    println!("Building the packages (some ten minutes when nothing is built yet) …");
    npm()
        .with(["--prefix"])
        .with([&ui])
        .with(["exec", "--", "tauri", "build", "--bundles", "deb,rpm"])
        .run()?;
    println!(
        "They lie in {}.",
        place::target().join("release").join("bundle").display()
    );
    Ok(())
}
