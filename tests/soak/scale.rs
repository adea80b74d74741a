//! The two forms of every part: the same code with other numbers.

/// How much is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// As much as every test run has time for.
    Short,
    /// As much as is promised.
    Long,
}

impl Scale {
    /// Chooses a number.
    pub const fn of(self, short: usize, long: usize) -> usize {
        match self {
            Self::Short => short,
            Self::Long => long,
        }
    }
}
