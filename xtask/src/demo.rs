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
    ("oauth", "signs you in: press Connect, then Allow in the browser"),
    (
        "apiKey",
        "wants a key: add the header X-Api-Key with the value demo-key",
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
        let address =
            member(&line, kind).ok_or_else(|| trouble(format!("The world names no {kind} server.")))?;
        println!("  {address:<32} {advice}");
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

/// Returns a member of a flat JSON object whose values are addresses, which need no escapes.
fn member<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let parts: Vec<&str> = line.split('"').collect();
    let pairs = parts.get(1..)?.chunks(4);
    pairs
        .filter(|pair| pair.len() > 2)
        .find(|pair| pair[0] == name)
        .map(|pair| pair[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_by_its_name() {
        let line = "{\"oauth\":\"http://127.0.0.1:1/mcp\",\"open\":\"http://127.0.0.1:2/mcp\"}\n";
        assert_eq!(member(line, "open"), Some("http://127.0.0.1:2/mcp"));
        assert_eq!(
            member(line, "http://127.0.0.1:1/mcp"),
            None,
            "a value is not a name"
        );
        assert_eq!(member("", "open"), None);
    }
}
