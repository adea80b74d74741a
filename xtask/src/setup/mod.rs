//! Everything a machine needs that has only Rust and Node, put in place once and then left alone.

mod node;
pub mod python;
mod stamp;
pub mod system;

use crate::trouble::Trouble;

/// What a machine is set up for. Tests need all that running needs, and more.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Building and starting the app.
    Run,
    /// Every test, the real window included.
    Test,
}

/// Puts in place what is missing for this purpose, and says what it does.
pub fn prepare(purpose: Purpose) -> Result<(), Trouble> {
    system::packages(purpose)?;
    node::check()?;
    node::packages("ui")?;
    match purpose {
        Purpose::Run => Ok(()),
        Purpose::Test => node::packages("tests/peers").and_then(|()| python::packages()),
    }
}
