//! The generated TypeScript is what is committed: written anew elsewhere and compared.

use std::{collections::BTreeMap, fs, path::Path};

use crate::{
    place,
    program::program,
    trouble::{Trouble, trouble},
};

const AGAIN: &str = "cargo run -p usher-tests --bin contract -- ui/contract";

/// Compares what the core says now with what is committed.
pub fn run() -> Result<(), Trouble> {
    let generated = place::target().join("contract");
    if generated.exists() {
        fs::remove_dir_all(&generated).map_err(|e| unreadable(&generated, &e))?;
    }
    program(place::built("contract")).with([&generated]).run()?;
    let (now, committed) = (files(&generated)?, files(&place::root().join("ui/contract"))?);
    let differing: Vec<&str> = now
        .keys()
        .chain(committed.keys())
        .filter(|n| now.get(*n) != committed.get(*n))
        .map(String::as_str)
        .collect();
    if differing.is_empty() {
        return Ok(());
    }
    Err(trouble(format!(
        "ui/contract is out of date ({}). Run `{AGAIN}`.",
        differing.join(", ")
    )))
}

/// Reads the files of a folder, by name.
fn files(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, Trouble> {
    let entries = fs::read_dir(folder).map_err(|e| unreadable(folder, &e))?;
    let mut files = BTreeMap::new();
    for entry in entries {
        let path = entry.map_err(|e| unreadable(folder, &e))?.path();
        let text = fs::read(&path).map_err(|e| unreadable(&path, &e))?;
        files.insert(
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            text,
        );
    }
    Ok(files)
}

fn unreadable(path: &Path, error: &std::io::Error) -> Trouble {
    trouble(format!("{} cannot be read: {error}.", path.display()))
}
