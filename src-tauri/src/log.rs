//! The log: standard error, and a file in the data directory that only its owner can read.
//!
//! Never here: deciding what is secret. Types that hold secrets print nothing of them.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, IsTerminal},
    path::Path,
    sync::Mutex,
};

use tracing_subscriber::{EnvFilter, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::environment;

const NAME: &str = "usher.log";
const LARGEST: u64 = 5 * 1024 * 1024;
/// What is kept if nobody says otherwise: our own messages, and of the libraries, which repeat what servers say of themselves,
/// the troubles alone.
const USUAL: &str = "warn,usher_core=info,usher_desktop=info";

/// Starts logging as `USHER_LOG` says, or what is usual. Without a writable file it goes to standard error alone.
pub fn start(directory: &Path) {
    let filter = environment::log_filter()
        .and_then(|text| EnvFilter::try_new(text).ok())
        .unwrap_or_else(|| EnvFilter::new(USUAL));
    let file = open(directory);
    let missing = file.as_ref().err().map(io::Error::kind);
    let to_file = file
        .ok()
        .map(|file| fmt::layer().with_ansi(false).with_writer(Mutex::new(file)));
    let mut to_terminal = fmt::layer().with_writer(io::stderr);
    if !io::stderr().is_terminal() {
        to_terminal.set_ansi(false);
    }
    let started = tracing_subscriber::registry()
        .with(filter)
        .with(to_terminal)
        .with(to_file)
        .try_init();
    if let (Ok(()), Some(kind)) = (started, missing) {
        tracing::warn!(?kind, "no log file can be written in the data directory");
    }
}

/// Opens the file, keeping one older one beside it.
fn open(directory: &Path) -> io::Result<File> {
    make_private(directory)?;
    let path = directory.join(NAME);
    if let Ok(there) = fs::symlink_metadata(&path) {
        if !there.is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        if there.len() > LARGEST {
            fs::rename(&path, directory.join(format!("{NAME}.old")))?;
        }
    }
    private(OpenOptions::new().create(true).append(true)).open(path)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Makes the data directory for its owner alone, if it is not there yet.
fn make_private(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn s41_the_log_is_for_its_owner_alone() {
        let home = tempfile::tempdir().expect("a temporary directory");
        let directory = home.path().join("usher");
        open(&directory).expect("the log opens");
        let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
        assert_eq!(mode(&directory), 0o700, "nobody else enters the directory");
        assert_eq!(mode(&directory.join(NAME)), 0o600, "nobody else reads the log");
    }

    #[test]
    fn s41_a_log_that_leads_elsewhere_is_not_written() {
        let home = tempfile::tempdir().expect("a temporary directory");
        symlink(home.path().join("elsewhere"), home.path().join(NAME)).expect("the link is made");
        assert!(open(home.path()).is_err(), "a symbolic link is refused");
        assert!(
            !home.path().join("elsewhere").exists(),
            "nothing was written through it"
        );
    }

    #[test]
    fn a_large_log_makes_room_and_is_kept_once() {
        let home = tempfile::tempdir().expect("a temporary directory");
        let path = home.path().join(NAME);
        let large = File::create(&path).expect("the log is made");
        large.set_len(LARGEST + 1).expect("it grows");
        open(home.path()).expect("the log opens");
        assert_eq!(
            fs::metadata(&path).expect("it is there").len(),
            0,
            "the new log is empty"
        );
        assert!(home.path().join("usher.log.old").exists(), "the old one is kept");
    }
}
