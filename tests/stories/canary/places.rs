//! The places that are searched, and the search.

use std::{collections::BTreeMap, fs, path::Path};

use usher_tests::Home;

use super::log::Log;

/// The places that are searched: a name and the bytes.
pub(super) type Places = BTreeMap<String, Vec<u8>>;

pub(super) fn places(home: &Home, log: &Log) -> Places {
    let mut places = Places::new();
    files(&home.data(), &mut places);
    files(&home.exports(), &mut places);
    places.insert("the log".to_owned(), log.bytes());
    places.insert("the window".to_owned(), home.heard().into_bytes());
    // Where there is no such file, nobody can read our arguments there either.
    places.insert(
        "the arguments".to_owned(),
        fs::read("/proc/self/cmdline").unwrap_or_default(),
    );
    places
}

pub(super) fn files(directory: &Path, places: &mut Places) {
    for entry in fs::read_dir(directory).expect("a directory that can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files(&path, places);
        } else {
            // One that is gone by now, as a copy that was being made, holds nothing.
            let bytes = fs::read(&path).unwrap_or_default();
            places.insert(path.display().to_string(), bytes);
        }
    }
}

pub(super) fn holds(place: &[u8], text: impl AsRef<[u8]>) -> bool {
    let text = text.as_ref();
    place.windows(text.len()).any(|window| window == text)
}

/// Names where a text is, for a person to read.
pub(super) fn found(places: &Places, text: &str) -> Vec<String> {
    let holding = places.iter().filter(|(_, bytes)| holds(bytes, text));
    holding
        .map(|(name, bytes)| format!("{name}: {}", line_of(bytes, text)))
        .collect()
}

fn line_of(bytes: &[u8], text: &str) -> String {
    let bytes = String::from_utf8_lossy(bytes);
    let line = bytes.lines().find(|line| line.contains(text)).unwrap_or_default();
    line.chars().take(300).collect()
}
