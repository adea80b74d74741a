//! `cargo xtask mutants`: faults that somebody might make, each built for real, and the tests that must notice it.
//!
//! Everything happens in a copy of the checkout with a target directory of its own, both kept for the next run. The desktop is
//! no part of it, so the first run builds the dependencies of the core and of its tests, and later ones none. A mutant dies
//! when every test that it names fails; one that does not compile, does not apply any more or lives fails the run.

pub mod mutant;

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    place,
    program::{Program, cargo, program},
    trouble::{Trouble, trouble},
};
use mutant::{Mutant, Suite};

/// What became of a mutant.
enum Fate {
    /// All its tests noticed.
    Died,
    /// Something is wrong with it or with its tests.
    Lives(String),
}

/// Builds and tests every mutant whose name contains `part`, one after the other.
pub fn run(part: &str) -> Result<(), Trouble> {
    let mutants: Vec<_> = mutants()?
        .into_iter()
        .filter(|(name, _)| name.contains(part))
        .collect();
    let scratch = Scratch::fresh()?;
    let mut fates = Vec::new();
    for (name, text) in &mutants {
        println!("── {name}");
        fates.push((name, scratch.fate(text)?));
    }
    report(&fates)
}

/// Reads the mutants of the repository, by name.
fn mutants() -> Result<Vec<(String, String)>, Trouble> {
    let folder = place::root().join("tests/mutants");
    let read = || -> io::Result<Vec<(String, String)>> {
        let mut mutants = Vec::new();
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            mutants.push((name, fs::read_to_string(&path)?));
        }
        mutants.sort();
        Ok(mutants)
    };
    read().map_err(|e| trouble(format!("{} cannot be read: {e}.", folder.display())))
}

fn report(fates: &[(&String, Fate)]) -> Result<(), Trouble> {
    println!("\n── mutants");
    for (name, fate) in fates {
        match fate {
            Fate::Died => println!("✓ {name}"),
            Fate::Lives(why) => println!("✗ {name}: {why}"),
        }
    }
    let lives = fates
        .iter()
        .filter(|(_, fate)| matches!(fate, Fate::Lives(_)))
        .count();
    println!("{} died, {lives} did not", fates.len() - lives);
    match lives {
        0 => Ok(()),
        _ => Err(trouble(
            "Faults that nothing notices: mend the tests, or the mutants.",
        )),
    }
}

/// The copy of the checkout.
struct Scratch {
    checkout: PathBuf,
    target: PathBuf,
}

impl Scratch {
    /// Brings the copy to what the checkout is now. Files that are the same stay untouched: what is built stays built.
    fn fresh() -> Result<Self, Trouble> {
        let own = place::target().join("mutants");
        let scratch = Self {
            checkout: own.join("checkout"),
            target: own.join("target"),
        };
        let listed = program("git")
            .with(["ls-files", "--cached", "--others", "--exclude-standard"])
            .read()?;
        let sources: BTreeSet<&str> = listed.lines().filter(|name| is_built(name)).collect();
        for name in &sources {
            scratch
                .copy(name)
                .map_err(|e| trouble(format!("{name} cannot be copied: {e}.")))?;
        }
        let tidied = scratch.tidy(&scratch.checkout, &sources);
        tidied.map_err(|e| trouble(format!("{} cannot be tidied: {e}.", scratch.checkout.display())))?;
        Ok(scratch)
    }

    /// Removes what the checkout no longer has.
    fn tidy(&self, folder: &Path, sources: &BTreeSet<&str>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path
                .strip_prefix(&self.checkout)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            if path.is_dir() {
                self.tidy(&path, sources)?;
            } else if !sources.contains(name.as_str()) || !place::root().join(&name).exists() {
                fs::remove_file(&path)?;
            }
        }
        Ok(())
    }

    fn copy(&self, name: &str) -> io::Result<()> {
        let (from, to) = (place::root().join(name), self.checkout.join(name));
        if !from.exists() {
            return Ok(());
        }
        let source = fs::read(&from)?;
        if fs::read(&to).ok().as_ref() == Some(&source) {
            return Ok(());
        }
        fs::create_dir_all(to.parent().unwrap_or(Path::new("")))?;
        fs::write(to, source)
    }

    /// Puts the fault in, looks what the tests say, and takes it out.
    fn fate(&self, text: &str) -> Result<Fate, Trouble> {
        let mutant = match Mutant::read(text) {
            Ok(mutant) => mutant,
            Err(error) => return Ok(Fate::Lives(error.to_string())),
        };
        let path = self.checkout.join(&mutant.file);
        let cannot = |e: io::Error| trouble(format!("{} cannot be changed: {e}.", path.display()));
        let source = fs::read_to_string(&path).map_err(cannot)?;
        let faulty = match mutant.applied(&source) {
            Ok(faulty) => faulty,
            Err(error) => return Ok(Fate::Lives(error.to_string())),
        };
        fs::write(&path, faulty).map_err(cannot)?;
        let fate = self.judge(&mutant);
        fs::write(&path, source).map_err(cannot)?;
        fate
    }

    fn judge(&self, mutant: &Mutant) -> Result<Fate, Trouble> {
        for suite in [Suite::Unit, Suite::Story] {
            let tests = mutant.tests.iter().filter(|test| test.suite == suite);
            let names: Vec<&str> = tests.map(|test| test.name.as_str()).collect();
            if names.is_empty() {
                continue;
            }
            if self.cargo(suite).with(["--no-run", "--quiet"]).run().is_err() {
                return Ok(Fate::Lives("does not compile".to_owned()));
            }
            let said = self.cargo(suite).with(["--", "--exact"]).with(&names).read()?;
            let unnoticed = |name: &&&str| !said.contains(&format!("test {name} ... FAILED"));
            if let Some(name) = names.iter().find(unnoticed) {
                return Ok(Fate::Lives(format!("{name} does not notice")));
            }
        }
        Ok(Fate::Died)
    }

    fn cargo(&self, suite: Suite) -> Program {
        let of = match suite {
            Suite::Unit => ["--package=usher-core", "--lib"].as_slice(),
            Suite::Story => ["--package=usher-tests", "--test=stories"].as_slice(),
        };
        cargo()
            .within(&self.checkout)
            .env("CARGO_TARGET_DIR", &self.target)
            .with(["test"])
            .with(of)
    }
}

/// Tells whether a file of the checkout is part of what a mutant is built from.
fn is_built(name: &str) -> bool {
    ["src-tauri/", "tests/", "xtask/", ".cargo/"]
        .iter()
        .any(|folder| name.starts_with(folder))
        || matches!(name, "Cargo.toml" | "Cargo.lock" | "clippy.toml" | "rustfmt.toml")
}
