//! The door of the process that owns the data directory. Another start of the app knocks there, hands over what it
//! was started with, and ends; if nobody opens, the owner is gone and the newcomer may take its place.
//!
//! It is a local socket (on Windows a named pipe) that only the same user can reach. A visitor writes one line, `show`
//! or `link` with the link, and reads one: `heard` if the owner takes care of it, `busy` if too many came at once,
//! `unknown` if it was no line that the owner understands.
//!
//! Never here: what becomes of a visit, and the ownership itself, which is the lock of `store`.

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod place;

use std::{io, path::Path, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    sync::mpsc,
    task::JoinSet,
    time::timeout,
};

use crate::{
    base::Secret,
    ports::{Clock, SystemClock},
};

/// The longest line, in bytes: the longest link that is looked at, with its verb.
const LINE_LIMIT: u64 = 9 * 1024;
/// How long each side waits for the other.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long to wait when the system let nobody in.
const PAUSE: Duration = Duration::from_millis(100);
/// How many visits may wait to be seen to.
const WAITING: usize = 8;
/// How many visitors are listened to at once.
const VISITORS: usize = 16;

const HEARD: &str = "heard";
const BUSY: &str = "busy";
const UNKNOWN: &str = "unknown";

/// What another start of the app brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visit {
    /// The person started the app again: the window is to be seen.
    Show,
    /// The system opened a link with the app. It may carry an authorization code.
    Link(Secret<String>),
}

/// Why a visit was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotHeard {
    /// No process has its door open: the owner is gone, or about to open it.
    #[error("no app has its door open")]
    Nobody,
    /// Somebody is there and did not take the visit.
    #[error("the app that runs did not take the visit")]
    Refused,
    /// Somebody is there and did not answer in time.
    #[error("the app that runs did not answer in time")]
    Silent,
    /// The system refused.
    #[error("the app that runs could not be reached")]
    Failed(#[from] io::Error),
}

/// The open door. Dropping it closes it.
pub struct Door {
    visits: mpsc::Receiver<Visit>,
    porter: JoinSet<()>,
}

impl Door {
    /// Opens the door of a data directory, replacing what a dead owner left. Only who has the directory's lock may do
    /// this. Needs a runtime.
    pub fn open(data_directory: &Path) -> io::Result<Self> {
        let listener = place::Listener::open(data_directory)?;
        let (sender, visits) = mpsc::channel(WAITING);
        let mut porter = JoinSet::new();
        porter.spawn(listen(listener, sender));
        Ok(Self { visits, porter })
    }

    /// Waits for the next visit. Its visitor has been told that it was heard.
    pub async fn next(&mut self) -> Option<Visit> {
        self.visits.recv().await
    }

    /// Closes the door; on return nobody finds it any more. What has been heard can still be asked for before.
    pub async fn close(mut self) {
        self.porter.shutdown().await;
    }
}

/// Brings a visit to the owner of a data directory; on return the owner has taken it.
pub async fn knock(data_directory: &Path, visit: &Visit) -> Result<(), NotHeard> {
    let visiting = async {
        let stream = place::connect(data_directory).await.map_err(unreached)?;
        bring(stream, visit).await
    };
    timeout(PATIENCE, visiting).await.unwrap_or(Err(NotHeard::Silent))
}

fn unreached(error: io::Error) -> NotHeard {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => NotHeard::Nobody,
        _ => NotHeard::Failed(error),
    }
}

async fn bring(mut stream: impl AsyncRead + AsyncWrite + Unpin, visit: &Visit) -> Result<(), NotHeard> {
    let line = visit.line();
    // EXPOSE: the owner of this user's data directory is who the link is for.
    stream.write_all(line.expose().as_bytes()).await?;
    match read_line(stream).await?.as_deref() {
        Some(HEARD) => Ok(()),
        // An owner that is ending closes the door in the visitor's face.
        None => Err(NotHeard::Nobody),
        Some(_) => Err(NotHeard::Refused),
    }
}

/// Lets visitors in until the door is closed.
async fn listen(listener: place::Listener, visits: mpsc::Sender<Visit>) {
    let mut listener = listener;
    let mut visitors = JoinSet::new();
    loop {
        let stream = tokio::select! {
            stream = listener.accept(), if visitors.len() < VISITORS => stream,
            Some(_) = visitors.join_next() => continue,
        };
        match stream {
            Ok(stream) => {
                let receiving = receive(stream, visits.clone());
                visitors.spawn(async {
                    // Whoever is slower than that, or went away, has no visit to bring.
                    let _ = timeout(PATIENCE, receiving).await;
                });
            }
            // Such as too many open files: it passes, and a door that closed for good would lose links.
            Err(error) => {
                tracing::warn!(%error, "a visitor could not be let in");
                SystemClock.sleep(PAUSE).await;
            }
        }
    }
}

async fn receive(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    visits: mpsc::Sender<Visit>,
) -> io::Result<()> {
    let Some(line) = read_line(&mut stream).await? else {
        return Ok(());
    };
    let answer = match Visit::of(&line) {
        Some(visit) => visits.try_send(visit).map_or(BUSY, |()| HEARD),
        None => UNKNOWN,
    };
    stream.write_all(format!("{answer}\n").as_bytes()).await?;
    stream.shutdown().await
}

/// Reads one whole line; `None` if there was none, or too long a one.
async fn read_line(stream: impl AsyncRead + Unpin) -> io::Result<Option<String>> {
    let mut line = String::new();
    BufReader::new(stream.take(LINE_LIMIT))
        .read_line(&mut line)
        .await?;
    let whole = line.strip_suffix('\n').map(str::to_owned);
    Ok(whole)
}

impl Visit {
    /// Writes a visit as its line. What is in a link that would end the line early is refused by the reader.
    fn line(&self) -> Secret<String> {
        match self {
            Self::Show => Secret::new("show\n".to_owned()),
            // EXPOSE: it is written to the owner's door, see `bring`.
            Self::Link(link) => Secret::new(format!("link {}\n", link.expose())),
        }
    }

    /// Reads a line.
    fn of(line: &str) -> Option<Self> {
        match line.split_once(' ') {
            None if line == "show" => Some(Self::Show),
            Some(("link", link)) if !link.is_empty() => Some(Self::Link(Secret::new(link.to_owned()))),
            None | Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests;
