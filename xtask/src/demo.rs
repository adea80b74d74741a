//! `cargo xtask demo`: servers of every kind on this machine, and the app on a profile of its own.
//!
//! Both end with Ctrl-C, which reaches them as it reaches xtask, or when the app is quit.

use std::{fs, io::BufRead, path::Path};

use crate::{
    place,
    program::{Companion, program},
    run,
    trouble::{Trouble, trouble},
};

/// What each address of the world is good for.
const KINDS: [(&str, &str); 3] = [
    (
        "oauth",
        "signs you in: press Save and connect, then Allow in the browser",
    ),
    (
        "apiKey",
        "wants a key: write X-Api-Key in place of Authorization, and demo-key as its value",
    ),
    ("open", "asks for nothing: its tools are there at once"),
];

/// Sets the machine up and runs world and app until the app is quit.
pub fn run() -> Result<(), Trouble> {
    run::build()?;
    let profile = place::target().join("demo-profile");
    empty(&profile)?;
    let mut world = program(place::built("world")).start()?;
    let line = first_line(&mut world)?;
    println!("\nPaste one of these addresses into the window (Ctrl-C ends the demo):\n");
    for (kind, advice) in KINDS {
        let at = address(&line, kind).ok_or_else(|| trouble(format!("The world names no {kind} server.")))?;
        println!("  {at:<32} {advice}");
    }
    program(place::built("usher-desktop"))
        .env("USHER_DATA_DIR", &profile)
        .run()
}

fn empty(profile: &Path) -> Result<(), Trouble> {
    let made = match fs::remove_dir_all(profile) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(e),
        _ => fs::create_dir_all(profile),
    };
    made.map_err(|e| trouble(format!("{} cannot be emptied: {e}.", profile.display())))
}

fn first_line(world: &mut Companion) -> Result<String, Trouble> {
    let mut line = String::new();
    match world.output().read_line(&mut line) {
        Ok(length) if length > 0 => Ok(line),
        _ => Err(trouble("The world ended before it said where it is.")),
    }
}

/// Returns the first address after a name in a line of JSON; addresses need no escapes.
fn address<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = line.split_once(&format!("\"{name}\":"))?;
    let start = after.find("http")?;
    after[start..].split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_by_its_name() {
        let line =
            r#"{"apiKey":{"header":"x","url":"http://127.0.0.1:1/mcp"},"open":"http://127.0.0.1:2/mcp"}"#;
        assert_eq!(address(line, "apiKey"), Some("http://127.0.0.1:1/mcp"));
        assert_eq!(address(line, "open"), Some("http://127.0.0.1:2/mcp"));
        assert_eq!(address(line, "oauth"), None);
    }
}
