//! What is built from and tested with is pinned.

use std::fs;

use super::source::root;

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path} can be read: {error}"))
}

#[test]
fn s54_lock_files_pin_what_is_built_and_the_chain_of_supply_is_checked() {
    for lock in [
        "Cargo.lock",
        "ui/package-lock.json",
        "tests/peers/package-lock.json",
    ] {
        assert!(!text(lock).is_empty(), "{lock} is kept");
    }
    let steps = text("xtask/src/steps.rs");
    for step in ["\"deny\"", "\"npm-audit\""] {
        assert!(steps.contains(step), "every test run has the step {step}");
    }
    let deny = text("deny.toml");
    for part in ["[advisories]", "[licenses]", "[sources]"] {
        assert!(deny.contains(part), "deny.toml says something about {part}");
    }
}

#[test]
fn s54_peers_are_of_one_exact_version() {
    let python = text("tests/peers/requirements.txt");
    for line in python.lines().filter(|line| !line.trim().is_empty()) {
        assert!(line.contains("=="), "{line} names one version");
    }
    let node: serde_json::Value =
        serde_json::from_str(&text("tests/peers/package.json")).expect("a package file is JSON");
    let dependencies = node["dependencies"]
        .as_object()
        .expect("the peers are dependencies");
    for (name, version) in dependencies {
        let version = version.as_str().unwrap_or_default();
        assert!(
            version.starts_with(|c: char| c.is_ascii_digit()),
            "{name} {version} is one version"
        );
    }
}
