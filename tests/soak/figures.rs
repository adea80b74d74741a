//! What a part came to, and the sentence that says what broke.

use std::fmt;

/// From how many rounds on something is said in between.
const LONG_WAY: usize = 500;

/// What must hold did not.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Broken(String);

/// Says what broke.
pub fn broken(sentence: impl Into<String>) -> Broken {
    Broken(sentence.into())
}

/// Breaks unless something holds.
pub fn ensure(holds: bool, sentence: impl FnOnce() -> String) -> Result<(), Broken> {
    match holds {
        true => Ok(()),
        false => Err(broken(sentence())),
    }
}

/// The figures of one line of the table.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// What was done.
    pub what: String,
    /// How often.
    pub rounds: usize,
    /// How often an authorization server was asked for tokens.
    pub requests: usize,
    /// How often only the person could help.
    pub prompts: usize,
    /// How many processes were killed.
    pub kills: usize,
    /// How many answers the authorization server had decided on and nobody got to keep.
    pub losses: usize,
    /// How often the file was checked, and found whole.
    pub checks: usize,
    /// How often the authorization server said `invalid_grant`.
    pub invalid_grants: usize,
}

impl Figures {
    /// Begins a line.
    pub fn of(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            ..Self::default()
        }
    }

    /// Counts a round that went well. Of a long way each tenth is said, so that whoever waits sees that it goes on.
    pub fn round_of(&mut self, all: usize) {
        self.rounds += 1;
        if all >= LONG_WAY && self.rounds.is_multiple_of(all / 10) {
            eprintln!("  {}: {} of {all} rounds", self.what, self.rounds);
        }
    }

    /// Prints the line.
    pub fn print(&self) {
        println!("{self}");
    }
}

/// The table's first line.
pub const HEADING: &str = "what                                        rounds requests  prompts    kills   losses \
                           quick_check ok invalid_grant";

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            what,
            rounds,
            requests,
            prompts,
            kills,
            losses,
            checks,
            invalid_grants,
        } = self;
        write!(
            f,
            "{what:<42} {rounds:>7} {requests:>8} {prompts:>8} {kills:>8} {losses:>8} {checks:>14} {invalid_grants:>13}"
        )
    }
}
