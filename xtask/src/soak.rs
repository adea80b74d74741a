//! `cargo xtask soak`: grants over a long time and through every kind of end, with the figures printed.

use crate::{
    place,
    program::{cargo, program},
    run,
    setup::{self, Purpose},
    trouble::Trouble,
};

/// Builds what is soaked and runs the long form of one part, or of all of them.
pub fn run(part: Option<&str>) -> Result<(), Trouble> {
    setup::prepare(Purpose::Test)?;
    run::window()?;
    // Everything, as the test command does: a part of it would be built with other features of the dependencies.
    cargo().with(["build", "--workspace", "--all-targets"]).run()?;
    program(place::built("soak")).with(part).run()
}

/// Runs the short form of every part.
pub fn short() -> Result<(), Trouble> {
    program(place::built("soak")).with(["--short"]).run()
}
