//! What stands in the way, as one sentence for the person at the terminal.

use std::fmt;

/// A reason to stop. Nobody reacts to its kind: it is read, so it is a sentence.
#[derive(Debug)]
pub struct Trouble(String);

/// Makes a reason to stop from its sentence.
pub fn trouble(sentence: impl Into<String>) -> Trouble {
    Trouble(sentence.into())
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
