//! A keeper as whoever started it has it in hand.

use std::{env, path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command as Program},
    time::timeout,
};

use crate::{
    figures::{Broken, broken},
    talk::{Command, Orders, Said},
};

/// Longer than a keeper takes for anything.
const GUARD: Duration = Duration::from_secs(60);

/// A process that keeps a data directory. It dies when this is dropped.
pub struct Keeper {
    process: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Keeper {
    /// Starts one on a directory.
    #[expect(
        clippy::disallowed_methods,
        reason = "what is killed has to be a process of its own"
    )]
    pub async fn start(directory: &Path, orders: &Orders) -> Self {
        let itself = env::current_exe().expect("a running program has a file");
        let mut process = Program::new(itself)
            .arg("keeper")
            .arg(directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("what runs can be started again");
        let input = process.stdin.take().expect("its input is piped");
        let output = process.stdout.take().expect("its output is piped");
        let mut keeper = Self {
            process,
            input,
            lines: BufReader::new(output).lines(),
        };
        keeper.write(orders).await;
        keeper
    }

    /// Tells it what to do.
    pub async fn tell(&mut self, command: &Command) {
        self.write(command).await;
    }

    async fn write(&mut self, line: &impl serde::Serialize) {
        let mut line = serde_json::to_string(line).expect("it can be written");
        line.push('\n');
        // One that has ended hears nothing; that is seen by what it does not say.
        let _ = self.input.write_all(line.as_bytes()).await;
    }

    /// Waits for what it says next.
    pub async fn hear(&mut self) -> Result<Said, Broken> {
        let line = timeout(GUARD, self.lines.next_line()).await;
        match line {
            Err(_) => Err(broken("a process hangs: it says nothing for a minute")),
            Ok(Ok(Some(line))) => Ok(understood(&line)),
            Ok(Ok(None) | Err(_)) => Err(broken(
                "a process ended by itself; what it said about that stands above",
            )),
        }
    }

    /// Waits until it says what is looked for.
    pub async fn until<T>(&mut self, mut find: impl FnMut(&Said) -> Option<T>) -> Result<T, Broken> {
        loop {
            if let Some(found) = find(&self.hear().await?) {
                return Ok(found);
            }
        }
    }

    /// Kills it at once (SIGKILL); gives what it had still said before.
    pub async fn kill(mut self) -> Vec<Said> {
        self.process.kill().await.expect("a child of ours can be killed");
        let mut said = Vec::new();
        while let Ok(Some(line)) = self.lines.next_line().await {
            said.push(understood(&line));
        }
        said
    }

    /// Lets it end in order, by saying nothing more.
    pub async fn end(mut self) -> Result<(), Broken> {
        drop(self.input);
        let ended = timeout(GUARD, self.process.wait()).await;
        match ended {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(_) => Err(broken("a process that was to end in order failed")),
            Err(_) => Err(broken("a process that was to end hangs")),
        }
    }
}

fn understood(line: &str) -> Said {
    serde_json::from_str(line).expect("a keeper says nothing else")
}
