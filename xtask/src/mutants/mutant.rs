//! One mutant: a fault that somebody might make, as a search and a replacement in one file, with the rule it breaks
//! and the tests that must notice. Shared with the tidy tests, which look whether each still applies.
//!
//! ```text
//! rules: R15 S12
//! breaks: an answer counts whatever its state is
//! file: src-tauri/core/src/oauth/callback.rs
//! test: unit oauth::callback::tests::s12_an_answer_with_another_state_is_a_strangers_and_ends_nothing
//! test: story answers::s12_a_strangers_callback_finishes_nothing
//! <<<<
//! the lines as they are
//! ====
//! the lines as the mutant has them
//! >>>>
//! ```

use std::fmt;

/// A fault, and what must notice it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mutant {
    /// The rules that it breaks, such as `R15 S12`.
    pub rules: String,
    /// What is wrong with it, as a sentence goes on after "a program in which".
    pub breaks: String,
    /// The file, below the root.
    pub file: String,
    /// The tests that must fail.
    pub tests: Vec<Test>,
    search: String,
    replacement: String,
}

/// One test by its full name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Where it is.
    pub suite: Suite,
    /// Its name, with its modules.
    pub name: String,
}

/// Where a test is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suite {
    /// Beside the core's code.
    Unit,
    /// Among the stories.
    Story,
}

/// Why a mutant cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// Its file lacks a part or has one that is not known.
    Malformed,
    /// What it searches for is not there, or not once.
    DoesNotApply,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "cannot be read: see the format in xtask/src/mutants/mutant.rs",
            Self::DoesNotApply => {
                "does not apply: the lines it searches for are not in its file exactly once"
            }
        })
    }
}

impl Mutant {
    /// Reads a mutant's file.
    pub fn read(text: &str) -> Result<Self, Unusable> {
        let (head, rest) = text.split_once("<<<<\n").ok_or(Unusable::Malformed)?;
        let (search, rest) = rest.split_once("\n====\n").ok_or(Unusable::Malformed)?;
        let (replacement, _) = rest.split_once("\n>>>>").ok_or(Unusable::Malformed)?;
        let of = |name: &str| {
            let lines = head
                .lines()
                .filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            lines.map(str::to_owned).collect::<Vec<_>>()
        };
        let one = |name: &str| of(name).into_iter().next().ok_or(Unusable::Malformed);
        let tests: Result<Vec<_>, _> = of("test").iter().map(|line| Test::read(line)).collect();
        let tests = tests?;
        if tests.is_empty() {
            return Err(Unusable::Malformed);
        }
        Ok(Self {
            rules: one("rules")?,
            breaks: one("breaks")?,
            file: one("file")?,
            tests,
            search: search.to_owned(),
            replacement: replacement.to_owned(),
        })
    }

    /// Gives the source with the fault in it.
    pub fn applied(&self, source: &str) -> Result<String, Unusable> {
        match source.matches(&self.search).count() {
            1 => Ok(source.replace(&self.search, &self.replacement)),
            _ => Err(Unusable::DoesNotApply),
        }
    }
}

impl Test {
    fn read(line: &str) -> Result<Self, Unusable> {
        let (suite, name) = match line.split_once(' ') {
            Some(("unit", name)) => (Suite::Unit, name),
            Some(("story", name)) => (Suite::Story, name),
            _ => return Err(Unusable::Malformed),
        };
        Ok(Self {
            suite,
            name: name.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "rules: R15\nbreaks: nothing is compared\nfile: a.rs\ntest: unit a::b\ntest: story c::d\n\
                        <<<<\nif a == b {\n====\nif true {\n>>>>\n";

    #[test]
    fn a_mutant_is_read_and_applies_where_its_lines_are_once() {
        let mutant = Mutant::read(TEXT).expect("well-formed");
        assert_eq!(mutant.tests.len(), 2);
        assert_eq!(mutant.tests[1].suite, Suite::Story);
        let changed = mutant.applied("x\nif a == b {\ny");
        assert_eq!(changed.as_deref(), Ok("x\nif true {\ny"));
        for source in ["nothing of it", "if a == b {\nif a == b {"] {
            assert_eq!(mutant.applied(source), Err(Unusable::DoesNotApply), "{source}");
        }
    }

    #[test]
    fn a_mutant_without_one_of_its_parts_is_none() {
        for part in ["rules", "breaks", "file", "<<<<", "====", ">>>>"] {
            let text = TEXT.replace(part, "");
            assert_eq!(Mutant::read(&text), Err(Unusable::Malformed), "{part}");
        }
        let text = TEXT.replace("test: ", "");
        assert_eq!(Mutant::read(&text), Err(Unusable::Malformed), "no tests");
    }
}
