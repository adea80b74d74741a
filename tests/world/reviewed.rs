//! Texts that a person has reviewed: what is told now must be what was reviewed then.
#![expect(
    clippy::disallowed_methods,
    reason = "whoever runs the tests says in the environment that a change was reviewed"
)]

use std::{env, fs, path::Path};

/// Set to anything, it takes the texts as they are now for reviewed.
const ACCEPT: &str = "USHER_ACCEPT_WIRE";

/// A text that is not the reviewed one, with the difference for a person to read.
#[derive(Debug, thiserror::Error)]
#[error(
    "{file} differs:\n{difference}\nIf this is what is meant, run again with {ACCEPT}=1 and review the file's change."
)]
pub struct Unreviewed {
    /// The reviewed file, below `tests`.
    pub file: String,
    /// Lines that went, with a minus, and lines that came, with a plus.
    pub difference: String,
}

/// Compares a text with a reviewed file below `tests`.
pub fn reviewed(file: &str, now: &str) -> Result<(), Unreviewed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if env::var_os(ACCEPT).is_some() {
        let folder = path.parent().expect("the file lies in a folder");
        fs::create_dir_all(folder).expect("the folder can be made");
        fs::write(&path, now).expect("the file can be written");
    }
    // A file that is not there was never reviewed: all its lines are new.
    let then = fs::read_to_string(&path).unwrap_or_default();
    if then == now {
        return Ok(());
    }
    Err(Unreviewed {
        file: format!("tests/{file}"),
        difference: difference(&then, now),
    })
}

/// Gives the lines that differ, each kind marked, and one line of what surrounds them.
fn difference(then: &str, now: &str) -> String {
    let (then, now): (Vec<_>, Vec<_>) = (then.lines().collect(), now.lines().collect());
    let common = common(&then, &now);
    let (mut old, mut new, mut told) = (0, 0, Vec::new());
    for (o, n) in common.into_iter().chain([(then.len(), now.len())]) {
        if old < o || new < n {
            told.extend(
                old.checked_sub(1)
                    .and_then(|at| then.get(at))
                    .map(|line| format!("  {line}")),
            );
            told.extend(then[old..o].iter().map(|line| format!("- {line}")));
            told.extend(now[new..n].iter().map(|line| format!("+ {line}")));
        }
        (old, new) = (o + 1, n + 1);
    }
    told.join("\n")
}

/// Gives the places of a longest common subsequence of lines.
fn common(then: &[&str], now: &[&str]) -> Vec<(usize, usize)> {
    let mut longest = vec![vec![0_usize; now.len() + 1]; then.len() + 1];
    for o in (0..then.len()).rev() {
        for n in (0..now.len()).rev() {
            longest[o][n] = if then[o] == now[n] {
                longest[o + 1][n + 1] + 1
            } else {
                longest[o + 1][n].max(longest[o][n + 1])
            };
        }
    }
    let (mut o, mut n, mut pairs) = (0, 0, Vec::new());
    while o < then.len() && n < now.len() {
        if then[o] == now[n] {
            pairs.push((o, n));
            (o, n) = (o + 1, n + 1);
        } else if longest[o + 1][n] >= longest[o][n + 1] {
            o += 1;
        } else {
            n += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_what_went_and_what_came() {
        let told = difference("one\ntwo\nthree\nfour", "one\n2\nthree\nfour\nfive");
        assert_eq!(told, "  one\n- two\n+ 2\n  four\n+ five");
        assert_eq!(difference("same", "same"), "");
    }

    #[test]
    fn a_text_that_was_never_reviewed_is_not() {
        let error = reviewed("nowhere/nothing.txt", "one\n").expect_err("there is no such file");
        assert_eq!(error.difference, "+ one");
    }
}
