//! The house is as `docs/architecture.md` draws it.

mod mutants;
mod pins;
mod rules;
mod source;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use source::{File, core_files, files, root};

/// Reads the table of rooms: each with the rooms it may use.
fn drawing() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("docs/architecture.md")).expect("the drawing can be read");
    let rows = text
        .lines()
        .skip_while(|line| !line.starts_with("| room |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [room, _, uses, _] = cells[..] else {
            panic!("a row of four cells: {row}")
        };
        (
            room.to_owned(),
            uses.split_whitespace().map(str::to_owned).collect(),
        )
    })
    .collect()
}

/// Gives the rooms that a file names in `crate::…` paths. Tests may use more: they build the world around a room.
fn rooms_used(file: &File) -> BTreeSet<String> {
    let code = file.code();
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => rooms.extend(top_level_names(group)),
            None => rooms.extend(leading_name(rest)),
        }
    }
    rooms
}

fn leading_name(text: &str) -> Option<String> {
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_owned())
}

/// Gives the first names of a brace group's items.
fn top_level_names(group: &str) -> Vec<String> {
    let (mut names, mut depth, mut item) = (Vec::new(), 0_usize, String::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.extend(leading_name(std::mem::take(&mut item).trim())),
            c if depth == 0 => item.push(c),
            _ => {}
        }
    }
    names.extend(leading_name(item.trim()));
    names
}

#[test]
fn the_arrows_are_those_of_the_drawing() {
    let drawing = drawing();
    let mut strays = Vec::new();
    for file in core_files() {
        let Some(allowed) = file.room().and_then(|room| drawing.get(room)) else {
            continue;
        };
        let own = file.room().unwrap_or_default();
        for used in rooms_used(&file) {
            if drawing.contains_key(&used) && used != own && !allowed.contains(&used) {
                strays.push(format!("{} uses {used}", file.name));
            }
        }
    }
    assert!(strays.is_empty(), "arrows that are not drawn: {strays:#?}");
}

#[test]
fn the_drawing_names_every_room() {
    let drawn: BTreeSet<_> = drawing().into_keys().collect();
    let built: BTreeSet<_> = core_files()
        .iter()
        .filter_map(File::room)
        .map(str::to_owned)
        .collect();
    assert_eq!(drawn, built, "the drawing and the folders differ");
}

#[test]
fn a_used_room_is_found_however_it_is_written() {
    let file = File::of(
        "x.rs",
        "use crate::{\n    base::{A, B},\n    ports::Http,\n};\nfn f() { crate::store::open() } // crate::oauth\n",
    );
    let used: Vec<_> = rooms_used(&file).into_iter().collect();
    assert_eq!(used, ["base", "ports", "store"]);
}

#[test]
fn the_core_knows_nothing_of_the_desktop() {
    let manifest =
        fs::read_to_string(root().join("src-tauri/core/Cargo.toml")).expect("the manifest can be read");
    assert!(
        !manifest.contains("tauri"),
        "the core depends on no part of the desktop"
    );
    let strays: Vec<_> = core_files()
        .into_iter()
        .filter(|file| file.code().contains("tauri::"))
        .collect();
    assert!(strays.is_empty(), "{strays:?}");
}

#[test]
fn every_look_into_a_secret_has_its_reason() {
    let mut silent = Vec::new();
    for file in core_files().into_iter().chain(files("src-tauri/src", "rs")) {
        let lines: Vec<_> = file.production().lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let looks = line.contains(".expose()") || line.contains("Secret::expose");
            let said = lines[at.saturating_sub(4)..=at]
                .iter()
                .any(|line| line.contains("// EXPOSE:"));
            if looks && !said && !line.trim_start().starts_with("//") {
                silent.push(format!("{}:{}", file.name, at + 1));
            }
        }
    }
    assert!(silent.is_empty(), "no reason is given at {silent:#?}");
}

#[test]
fn a_secret_has_no_serialised_form() {
    let secret =
        fs::read_to_string(root().join("src-tauri/core/src/base/secret.rs")).expect("the source can be read");
    let derives = secret.lines().filter(|line| line.contains("derive("));
    assert!(derives.clone().count() > 0, "the type is still derived there");
    assert!(
        derives.into_iter().all(|line| !line.contains("Serialize")),
        "Secret must not be serialisable"
    );
    assert!(
        !secret.contains("Serialize for Secret"),
        "Secret must not be serialisable"
    );
}

#[test]
fn every_table_has_one_owner() {
    let owners = [
        ("vault", "store"),
        ("endings", "store"),
        ("restorations", "store"),
        ("settings", "store"),
        ("retired_keys", "store"),
        ("keychain_keys", "store"),
        ("servers", "servers"),
        ("server_headers", "servers"),
        ("tools", "servers"),
        ("sign_in_methods", "servers"),
        ("sign_in_secrets", "servers"),
        ("registrations", "sign_in"),
        ("redirects", "sign_in"),
        ("sign_ins", "sign_in"),
        ("grants", "grants"),
        ("revocations", "grants"),
        ("shared_clients", "grants"),
        ("last_moves", "grants"),
        ("traces", "record"),
    ];
    let mut strays = Vec::new();
    for file in core_files() {
        let code = file.production();
        for (table, owner) in owners {
            let named = ["FROM", "INTO", "UPDATE"]
                .iter()
                .any(|verb| code.contains(&format!("{verb} {table} ")));
            if named && file.room() != Some(owner) {
                strays.push(format!("{} touches {table}", file.name));
            }
        }
    }
    assert!(strays.is_empty(), "{strays:#?}");
}

#[test]
fn one_file_of_the_window_talks_to_the_desktop() {
    let window = files("ui/src", "ts").into_iter().chain(files("ui/src", "tsx"));
    let names: Vec<_> = window
        .filter(|file| file.text.contains("\"@tauri-apps"))
        .map(|file| file.name)
        .collect();
    assert!(names.len() <= 1, "{names:?}");
}

#[test]
fn every_invariant_names_a_test_that_exists() {
    let text = fs::read_to_string(root().join("docs/architecture.md")).expect("the drawing can be read");
    let sources: Vec<_> = core_files().into_iter().chain(files("tests", "rs")).collect();
    let named: Vec<_> = text
        .split("Test: `")
        .skip(1)
        .filter_map(|rest| rest.split('`').next())
        .collect();
    assert!(named.len() > 5, "the invariants name their tests");
    for name in named {
        let exists = sources
            .iter()
            .any(|file| file.text.contains(&format!("fn {name}(")));
        assert!(exists, "no test is called {name}");
    }
}
