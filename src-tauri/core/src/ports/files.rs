//! Small files that another program on this machine writes for us, such as a token that it keeps fresh.

use std::{
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use crate::base::Secret;

/// There is no text of the allowed length in a file that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file holds no text of the allowed length, or cannot be read")]
pub struct Unreadable;

/// Reads a file anew and gives its text without white space at the ends: one byte at least, `limit` bytes at most.
///
/// What is no regular file is not opened, because that could wait for ever; a link to one is followed.
pub async fn read_text(path: &Path, limit: u64) -> Result<Secret<String>, Unreadable> {
    let path = path.to_owned();
    let read = tokio::task::spawn_blocking(move || read(&path, limit));
    // A task that ends without an answer has read nothing.
    read.await.unwrap_or(Err(Unreadable))
}

fn read(path: &PathBuf, limit: u64) -> Result<Secret<String>, Unreadable> {
    let is_file = fs::metadata(path).is_ok_and(|found| found.is_file());
    let file = File::open(path).ok().filter(|_| is_file).ok_or(Unreadable)?;
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
}
