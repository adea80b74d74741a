//! `cargo xtask run`: from a fresh clone to the app on the screen.

use crate::{
    place,
    program::{cargo, npm, program},
    setup::{self, Purpose},
    trouble::{Trouble, trouble},
};

/// Sets the machine up, builds the app and stays until it ends.
pub fn run() -> Result<(), Trouble> {
    build()?;
    println!("Starting Usher …");
    program(place::built("usher-desktop")).run()
}

/// Brings everything up to the built app.
pub fn build() -> Result<(), Trouble> {
    has_display()?;
    setup::prepare(Purpose::Run)?;
    window()?;
    println!("Building Usher (the first time takes some minutes) …");
    cargo().with(["build", "--workspace", "--bins"]).run()
}

/// Builds the window, without which the app does not compile.
pub fn window() -> Result<(), Trouble> {
    println!("Building the window …");
    npm()
        .with(["run", "--silent", "build"])
        .within(&place::root().join("ui"))
        .run()
}

fn has_display() -> Result<(), Trouble> {
    let here = !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| place::variable(name).is_some());
    if here {
        Ok(())
    } else {
        Err(trouble(
            "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set). Start it from a desktop session.",
        ))
    }
}
