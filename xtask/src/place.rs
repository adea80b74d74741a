//! Where things lie: the checkout, Cargo's target directory, what is kept between runs.
#![expect(
    clippy::disallowed_methods,
    reason = "xtask reads the environment; the product never sees it"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::trouble::{Trouble, trouble};

/// Returns the root of the checkout: the one Cargo was called in, also where several share a target directory.
pub fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&package).parent();
    root.expect("this package lies in a folder of the root")
        .to_owned()
}

/// Returns Cargo's target directory.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |given| root().join(given))
}

/// Returns a binary that a debug build of the workspace made.
pub fn built(name: &str) -> PathBuf {
    target()
        .join("debug")
        .join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// Returns the folder for what outlives a checkout, such as Python's packages.
pub fn cache() -> PathBuf {
    let home = env::var_os("HOME")
        .or_else(|| env::var_os("USERPROFILE"))
        .map_or_else(target, PathBuf::from);
    home.join(".cache").join("usher")
}

/// Returns a folder for what a test run leaves to be looked at; it is there.
pub fn artefacts(kind: &str) -> Result<PathBuf, Trouble> {
    let folder = root().join("artefacts").join(kind);
    fs::create_dir_all(&folder).map_err(|e| trouble(format!("{} cannot be made: {e}.", folder.display())))?;
    Ok(folder)
}

/// Returns a variable of the environment, if it is set and readable.
pub fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

/// Returns where a program lies on `PATH`.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}
