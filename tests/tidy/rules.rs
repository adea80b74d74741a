//! Every rule of the protocol and every promise against threats has a test of its number.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{File, core_files, files};

/// Promises that no test here can be named after, and why.
const EXCEPTIONS: [(&str, &str); 1] = [("s28", "no promise has this number")];

/// Gives the numbers that are to be tested: R1 to R23, S1 to S43, S52 and S54. The gateway's have no code yet.
fn promised() -> BTreeSet<String> {
    let rules = (1..=23).map(|number| format!("r{number:02}"));
    let promises = (1..=43).chain([52, 54]).map(|number| format!("s{number:02}"));
    rules.chain(promises).collect()
}

/// Gives the tests of each number: names begin with one or several, such as `r16_s17_the_issuer_…`.
fn tested() -> BTreeMap<String, Vec<String>> {
    let shell = files("src-tauri/src", "rs");
    let mut tested = BTreeMap::<String, Vec<String>>::new();
    for file in core_files().into_iter().chain(shell).chain(files("tests", "rs")) {
        for name in tests(&file) {
            for number in name.split('_').take_while(|part| is_number(part)) {
                tested.entry(number.to_owned()).or_default().push(name.clone());
            }
        }
    }
    tested
}

fn tests(file: &File) -> Vec<String> {
    let lines: Vec<_> = file.text.lines().map(str::trim).collect();
    let functions = lines
        .windows(2)
        .filter(|pair| pair[0].starts_with("#[test]") || pair[0].starts_with("#[tokio::test"));
    functions
        .filter_map(|pair| {
            let (_, rest) = pair[1].split_once("fn ")?;
            rest.split('(').next().map(str::to_owned)
        })
        .collect()
}

fn is_number(part: &str) -> bool {
    let (kind, number) = part.split_at(part.len().min(1));
    matches!(kind, "r" | "s") && number.len() == 2 && number.chars().all(|c| c.is_ascii_digit())
}

#[test]
fn every_rule_and_every_promise_has_a_test() {
    let (promised, tested) = (promised(), tested());
    let excepted: BTreeSet<_> = EXCEPTIONS
        .iter()
        .map(|(number, _)| (*number).to_owned())
        .collect();
    let untested: Vec<_> = promised
        .iter()
        .filter(|number| !tested.contains_key(*number) && !excepted.contains(*number))
        .collect();
    assert!(untested.is_empty(), "no test begins with {untested:?}");
}

#[test]
fn a_test_is_found_with_all_its_numbers() {
    let file = File::of(
        "x.rs",
        "#[tokio::test]\nasync fn r16_s17_the_issuer() {}\n#[test]\nfn plain() {}\nfn r01_no_test() {}\n",
    );
    assert_eq!(tests(&file), ["r16_s17_the_issuer", "plain"]);
    assert!(is_number("s04") && !is_number("s4") && !is_number("the"));
}
