//! Small files that another program on this machine writes for us, such as a token that it keeps fresh.

use std::{
    fs::{self, File, Metadata},
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use crate::base::Secret;

/// How long a file has: one on another machine may never answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// There is no text of the allowed length in a file that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file holds no text of the allowed length, or cannot be read")]
pub struct Unreadable;

/// Reads a file anew and gives its text without white space at the ends: one byte at least, `limit` bytes at most.
///
/// What is no regular file is not opened, because that could wait for ever (a pipe into which nobody writes); a link to one is
/// followed. A file that takes longer than five seconds is [`Unreadable`].
pub async fn read_text(path: &Path, limit: u64) -> Result<Secret<String>, Unreadable> {
    let path = path.to_owned();
    let read = tokio::task::spawn_blocking(move || read(&path, limit));
    let read = tokio::time::timeout(PATIENCE, read).await;
    // A task that ends without an answer has read nothing.
    read.map_or(Err(Unreadable), |read| read.unwrap_or(Err(Unreadable)))
}

fn read(path: &PathBuf, limit: u64) -> Result<Secret<String>, Unreadable> {
    let is_regular = |found: io::Result<Metadata>| found.is_ok_and(|found| found.is_file());
    // It is looked at before it is opened, and again in case it was replaced between the two.
    let path = is_regular(fs::metadata(path)).then_some(path).ok_or(Unreadable)?;
    let file = File::open(path).ok().filter(|file| is_regular(file.metadata()));
    let file = file.ok_or(Unreadable)?;
    let mut text = String::with_capacity(usize::try_from(limit).unwrap_or_default().saturating_add(64));
    let read = file.take(limit + 1).read_to_string(&mut text);
    let text = Secret::new(text);
    // EXPOSE: it goes on as a secret.
    let bare = Secret::new(text.expose().trim().to_owned());
    // EXPOSE: only its length is looked at.
    let fits = read.is_ok_and(|bytes| bytes as u64 <= limit) && !bare.expose().is_empty();
    if fits { Ok(bare) } else { Err(Unreadable) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn r23_a_file_is_read_anew_and_only_as_far_as_it_may_go() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("token");
        let read = async |limit| read_text(&path, limit).await;
        assert_eq!(read(8).await, Err(Unreadable), "there is none");
        fs::write(&path, " one\n").expect("a file");
        assert_eq!(read(8).await, Ok(Secret::new("one".to_owned())));
        fs::write(&path, "two").expect("a file");
        assert_eq!(read(8).await, Ok(Secret::new("two".to_owned())), "anew");
        assert_eq!(read(2).await, Err(Unreadable), "too long");
        for odd in [b" \n".as_slice(), b"\xff\xfe"] {
            fs::write(&path, odd).expect("a file");
            assert_eq!(read(8).await, Err(Unreadable), "no text: {odd:?}");
        }
        let folder = read_text(directory.path(), 8).await;
        assert_eq!(folder, Err(Unreadable), "a folder is no file");
    }

    #[cfg(unix)]
    #[test]
    #[expect(clippy::disallowed_methods, reason = "only that program makes a pipe")]
    fn r23_a_pipe_is_not_opened_because_nobody_may_ever_write_into_it() {
        use std::{process::Command, sync::mpsc, thread};

        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("pipe");
        let made = Command::new("mkfifo").arg(&path).status();
        assert!(made.expect("there is such a program").success());
        let (tell, told) = mpsc::channel();
        // A thread of its own: one that waits for ever holds up nobody.
        thread::spawn(move || tell.send(read(&path, 8)));
        let read = told.recv_timeout(Duration::from_secs(30));
        assert_eq!(read, Ok(Err(Unreadable)), "it is left alone at once");
    }
}
