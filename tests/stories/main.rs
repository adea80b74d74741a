//! Stories: what a person lives through with Usher, told through the calls and events of its window against
//! real servers.

mod accepted_names;
mod accounts;
mod answers;
mod canary;
mod certificates;
mod clients;
mod consent;
mod data;
mod exceptions;
mod flaws;
mod forgotten_clients;
mod input;
mod issuers;
mod keys;
mod keys_change;
mod ladder;
mod locking;
mod machine_grants;
mod machines;
mod machines_left;
mod main_job;
#[cfg(unix)]
mod narrow;
mod offline;
mod other_accounts;
mod outcomes;
mod permissions;
mod proofs;
mod providers;
mod questions;
mod reconnect;
mod registrations;
mod renewal;
mod schemas;
mod sleep;
mod taken_back;
mod touched;
mod trace;
mod transfer;
mod unwritten;
mod vault;
mod waiting;
mod ways_back;
mod wire;

use std::{fs, path::Path};

use url::Url;

/// Gives one parameter of a URL.
fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::parse(url).expect("a URL");
    let mut pairs = url.query_pairs();
    let found = pairs.find(|(own, _)| own == name);
    found.map(|(_, value)| value.into_owned())
}

/// Gives a URL with one parameter replaced, or taken away.
fn replaced(url: &str, name: &str, value: Option<&str>) -> String {
    let mut url = Url::parse(url).expect("a URL");
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .into_owned()
        .filter(|(own, _)| own != name)
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(kept)
        .extend_pairs(value.map(|value| (name, value)));
    url.into()
}

#[test]
fn every_file_of_stories_is_told() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories");
    let main = fs::read_to_string(directory.join("main.rs")).expect("this file");
    for entry in fs::read_dir(&directory).expect("the directory of this file") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_string_lossy();
        let stem = name.strip_suffix(".rs").filter(|stem| *stem != "main");
        let told = stem.is_none_or(|stem| main.lines().any(|line| line == format!("mod {stem};")));
        assert!(
            told,
            "{name} is not a module of main.rs: its stories are never told"
        );
    }
}
