//! Node and the npm packages that lock files pin.

use crate::{
    place,
    program::{npm, program},
    setup::stamp,
    trouble::{Trouble, trouble},
};

const OLDEST: (u32, u32) = (20, 19);

/// Ends with a sentence unless Node is there and new enough.
pub fn check() -> Result<(), Trouble> {
    let wanted = format!(
        "Install Node {}.{} or newer (with npm), then start again.",
        OLDEST.0, OLDEST.1
    );
    let said = program("node")
        .with(["--version"])
        .read()
        .map_err(|_| trouble(format!("Node is missing. {wanted}")))?;
    match version(&said) {
        Some(found) if found >= OLDEST => Ok(()),
        _ => Err(trouble(format!("Node {} is too old. {wanted}", said.trim()))),
    }
}

/// Installs what the lock file of this folder pins, unless just that is installed.
pub fn packages(folder: &str) -> Result<(), Trouble> {
    let here = place::root().join(folder);
    let lock = here.join("package-lock.json");
    stamp::unless_fresh(&here.join("node_modules").join(".usher-stamp"), &lock, || {
        println!("Installing the npm packages of {folder}/ …");
        npm()
            .with(["ci", "--prefer-offline", "--no-audit", "--no-fund"])
            .within(&here)
            .run()
            .map_err(|e| {
                trouble(format!(
                    "The npm packages of {folder}/ could not be installed. {e} Offline?"
                ))
            })
    })
}

fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_read_from_what_node_prints() {
        assert_eq!(version("v20.20.2\n"), Some((20, 20)));
        assert_eq!(version("bash: node: not found"), None);
    }
}
