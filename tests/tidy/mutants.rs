//! The mutants of `tests/mutants` still apply. That their tests notice them is what `cargo xtask mutants` looks at.

#[path = "../../xtask/src/mutants/mutant.rs"]
mod mutant;

use mutant::{Mutant, Suite};

use super::source::{File, core_files, files};

/// Tells what is wrong with a mutant, if anything is.
fn flaw(file: &File, sources: &[File]) -> Option<String> {
    let mutant = match Mutant::read(&file.text) {
        Ok(mutant) => mutant,
        Err(error) => return Some(format!("{} {error}", file.name)),
    };
    let source = sources.iter().find(|source| source.name == mutant.file);
    let applied = source.map(|source| mutant.applied(&source.text));
    if !matches!(applied, Some(Ok(_))) {
        return Some(format!(
            "{} no longer finds its lines in {}",
            file.name, mutant.file
        ));
    }
    if mutant.rules.is_empty() || mutant.breaks.is_empty() {
        return Some(format!("{} does not say what it breaks", file.name));
    }
    let missing = mutant.tests.iter().find(|test| {
        let folder = match test.suite {
            Suite::Unit => "src-tauri/core/",
            Suite::Story => "tests/stories/",
        };
        let name = test.name.rsplit("::").next().unwrap_or_default();
        let exists =
            |source: &File| source.name.starts_with(folder) && source.text.contains(&format!("fn {name}("));
        !sources.iter().any(exists)
    });
    missing.map(|test| format!("{} names a test that is not there: {}", file.name, test.name))
}

#[test]
fn every_mutant_applies_and_names_tests_that_exist() {
    let mutants = files("tests/mutants", "txt");
    assert!(mutants.len() >= 25, "there are mutants");
    let sources: Vec<_> = core_files()
        .into_iter()
        .chain(files("tests/stories", "rs"))
        .collect();
    let flaws: Vec<_> = mutants
        .iter()
        .filter_map(|mutant| flaw(mutant, &sources))
        .collect();
    assert!(
        flaws.is_empty(),
        "write the mutant anew for the code as it is now: {flaws:#?}"
    );
}
