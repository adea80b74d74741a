//! Python and the packages that `tests/peers/requirements.txt` pins, in an environment of their own.

use std::path::PathBuf;

use crate::{
    place,
    program::program,
    setup::stamp,
    trouble::{Trouble, trouble},
};

/// Returns the Python of the peers' environment.
pub fn peers() -> PathBuf {
    place::cache().join("venv").join("bin").join("python")
}

/// Makes the environment and installs what is pinned, unless just that is there.
pub fn packages() -> Result<(), Trouble> {
    let venv = place::cache().join("venv");
    let requirements = place::root().join("tests/peers/requirements.txt");
    stamp::unless_fresh(&venv.join("usher-stamp"), &requirements, || {
        println!("Installing the Python peers …");
        program("python3")
            .with(["-m", "venv", "--clear"])
            .with([&venv])
            .run()?;
        program(peers())
            .with([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
            ])
            .with([&requirements])
            .run()
            .map_err(|e| trouble(format!("The Python peers could not be installed. {e} Offline?")))
    })
}
