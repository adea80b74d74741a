//! Other programs: started in the checkout, without standard input, their output passed on.
#![expect(clippy::disallowed_methods, reason = "starting programs is what xtask is for")]

use std::{
    ffi::OsStr,
    io::{BufReader, ErrorKind},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use crate::{
    place,
    trouble::{Trouble, trouble},
};

/// One call of another program.
pub struct Program {
    name: String,
    command: Command,
}

/// Prepares a call of `name` from the root of the checkout.
pub fn program(name: impl AsRef<OsStr>) -> Program {
    let name = name.as_ref();
    let mut command = Command::new(name);
    command.current_dir(place::root()).stdin(Stdio::null());
    Program {
        name: name.to_string_lossy().into_owned(),
        command,
    }
}

/// Prepares a call of the Cargo that started xtask.
pub fn cargo() -> Program {
    program(place::variable("CARGO").unwrap_or_else(|| "cargo".to_owned()))
}

/// Prepares a call of npm. On Windows it is a script, which only its full name starts.
pub fn npm() -> Program {
    program(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

impl Program {
    /// Adds arguments.
    pub fn with<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of its environment.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts it in another folder.
    pub fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Lets it ask at the terminal, as sudo does.
    pub fn asking(mut self) -> Self {
        self.command.stdin(Stdio::inherit());
        self
    }

    /// Runs it to its end; anything but success is trouble.
    pub fn run(mut self) -> Result<(), Trouble> {
        let status = self.command.status().map_err(|e| cannot_start(&self.name, &e))?;
        if status.success() {
            Ok(())
        } else {
            Err(trouble(format!("`{}` ended with {status}.", self.line())))
        }
    }

    /// Runs it to its end and returns what it printed, errors included in neither case.
    pub fn read(mut self) -> Result<String, Trouble> {
        let output = self
            .command
            .stderr(Stdio::null())
            .output()
            .map_err(|e| cannot_start(&self.name, &e))?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it in silence and returns whether it succeeded.
    pub fn succeeds(mut self) -> bool {
        let quiet = self.command.stdout(Stdio::null()).stderr(Stdio::null());
        quiet.status().is_ok_and(|status| status.success())
    }

    /// Starts it beside us. It is meant to end when its standard input does.
    pub fn start(mut self) -> Result<Companion, Trouble> {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = self.command.spawn().map_err(|e| cannot_start(&self.name, &e))?;
        let output = BufReader::new(child.stdout.take().expect("its output was asked for just above"));
        Ok(Companion { child, output })
    }

    fn line(&self) -> String {
        let arguments = self.command.get_args().map(|a| a.to_string_lossy().into_owned());
        std::iter::once(self.name.clone())
            .chain(arguments)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Another program that runs beside us, until this is dropped.
pub struct Companion {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Companion {
    /// Returns what it prints.
    pub fn output(&mut self) -> &mut BufReader<ChildStdout> {
        &mut self.output
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if let Err(error) = self.child.wait() {
            eprintln!("xtask: a program beside us cannot be waited for: {error}.");
        }
    }
}

fn cannot_start(name: &str, error: &std::io::Error) -> Trouble {
    match error.kind() {
        ErrorKind::NotFound => trouble(format!("`{name}` is not on PATH. Install it and start again.")),
        _ => trouble(format!("`{name}` cannot be started: {error}.")),
    }
}
