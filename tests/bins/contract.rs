//! Writes the contract's TypeScript into the folder named as the only argument.

use std::{env, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let Some(directory) = env::args().nth(1) else {
        return ExitCode::FAILURE;
    };
    match usher_core::api::contract::export(Path::new(&directory)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
