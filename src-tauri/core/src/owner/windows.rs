//! A named pipe of this machine, named after the data directory. By default a pipe can be written to by its maker,
//! administrators and the system alone, and by nobody over the network.

use std::{fmt::Write, io, path::Path, time::Duration};

use sha2::{Digest, Sha256};
use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient, NamedPipeServer, ServerOptions};

use crate::ports::{Clock, SystemClock};

/// All instances of the pipe are taken (`ERROR_PIPE_BUSY`): the next one is made in a moment.
const ALL_TAKEN: i32 = 231;
const MOMENT: Duration = Duration::from_millis(20);

/// The owner's side.
pub struct Listener {
    name: String,
    next: NamedPipeServer,
}

impl Listener {
    /// Makes the pipe; refused where somebody else has made one of that name.
    pub fn open(data_directory: &Path) -> io::Result<Self> {
        let name = name(data_directory);
        let next = ServerOptions::new().first_pipe_instance(true).create(&name)?;
        Ok(Self { name, next })
    }

    /// Waits for a visitor.
    pub async fn accept(&mut self) -> io::Result<NamedPipeServer> {
        self.next.connect().await?;
        let next = ServerOptions::new().create(&self.name)?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}

/// Goes to the owner.
pub async fn connect(data_directory: &Path) -> io::Result<NamedPipeClient> {
    let name = name(data_directory);
    loop {
        match ClientOptions::new().open(&name) {
            Err(error) if error.raw_os_error() == Some(ALL_TAKEN) => SystemClock.sleep(MOMENT).await,
            opened => return opened,
        }
    }
}

fn name(data_directory: &Path) -> String {
    let digest = Sha256::digest(data_directory.as_os_str().as_encoded_bytes());
    digest
        .iter()
        .fold(r"\\.\pipe\dev.usher.desktop-".to_owned(), |mut name, byte| {
            write!(name, "{byte:02x}").expect("writing to a string does not fail");
            name
        })
}
