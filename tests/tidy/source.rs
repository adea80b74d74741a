//! The project's own source, as text.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// One file.
#[derive(Debug)]
pub struct File {
    /// Path below the project's root.
    pub name: String,
    /// The whole text.
    pub text: String,
}

impl File {
    /// Makes a file that is not on disk.
    pub fn of(name: &str, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: text.to_owned(),
        }
    }

    /// Gives the core's room it lies in.
    pub fn room(&self) -> Option<&str> {
        let (room, rest) = self.name.strip_prefix("src-tauri/core/src/")?.split_once('/')?;
        (!rest.is_empty()).then_some(room)
    }

    /// Gives the code without tests and line comments.
    pub fn code(&self) -> String {
        let code = self
            .production()
            .lines()
            .map(|line| line.split_once("//").map_or(line, |(code, _)| code));
        code.collect::<Vec<_>>().join("\n")
    }

    /// Gives what is not a test: nothing of a test file, and everything before the tests of another.
    pub fn production(&self) -> &str {
        if self.name.contains("/tests/") || self.name.ends_with("/tests.rs") {
            return "";
        }
        self.text
            .split_once("#[cfg(test)]\nmod tests")
            .map_or(&self.text, |(code, _)| code)
    }
}

/// Gives the project's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests lie one below the root")
        .to_owned()
}

/// Gives the core's source.
pub fn core_files() -> Vec<File> {
    files("src-tauri/core/src", "rs")
}

/// Gives all files below a folder with one ending; none if there is no such folder.
pub fn files(folder: &str, ending: &str) -> Vec<File> {
    let mut found = Vec::new();
    collect(&root().join(folder), ending, &mut found);
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<File>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let skipped = path
            .file_name()
            .is_some_and(|name| name == "node_modules" || name == "target");
        if path.is_dir() && !skipped {
            collect(&path, ending, found);
        } else if path.extension().is_some_and(|own| own == ending) {
            let name = path
                .strip_prefix(root())
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            found.push(File {
                name,
                text: fs::read_to_string(&path).unwrap_or_default(),
            });
        }
    }
}
