//! Writes the contract as TypeScript, for the window.

use std::{collections::BTreeSet, fmt::Write as _, fs, path::Path};

use ts_rs::{Config, ExportError};

use super::calls::{ShapeType, TYPES};
use super::{Event, Snapshot};

/// Writes one file a shape and `calls.ts` with all calls into `directory`.
pub fn export(directory: &Path) -> Result<(), ExportError> {
    let config = Config::new().with_out_dir(directory).with_large_int("number");
    let (mut names, mut calls) = (BTreeSet::new(), String::new());
    for shape in [ShapeType::of::<Event>(), ShapeType::of::<Snapshot>()] {
        (shape.export)(&config)?;
    }
    for call in TYPES {
        for shape in [&call.argument, &call.answer] {
            let name = (shape.name)(&config);
            if name != "null" && names.insert(name) {
                (shape.export)(&config)?;
            }
        }
        let (argument, answer) = ((call.argument.name)(&config), (call.answer.name)(&config));
        calls.push_str(&format!(
            "  {}: {{ argument: {argument}; answer: {answer} }};\n",
            call.name
        ));
    }
    fs::write(directory.join("calls.ts"), calls_file(&names, &calls))?;
    Ok(())
}

fn calls_file(names: &BTreeSet<String>, calls: &str) -> String {
    let mut text = String::from("// Generated from the core's contract. Do not edit.\n");
    for name in names {
        let _ = writeln!(text, "import type {{ {name} }} from \"./{name}\";");
    }
    let _ = write!(
        text,
        "\n/** Every call: its name, its argument, its answer. */\nexport interface Calls {{\n{calls}}}\n"
    );
    text
}
