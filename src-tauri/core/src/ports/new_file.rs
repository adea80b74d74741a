//! A file for the person, in a folder of theirs: readable by its user alone from the moment it exists, whole or not there at
//! all, and never in place of another.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    time::Duration,
};

use rand::Rng;

/// How a file is called that has no name yet, before its number and after it.
const BEFORE: &str = ".usher-";
const AFTER: &str = ".part";
/// How old one is that was left: no file takes so long.
const LEFT: Duration = Duration::from_secs(60 * 60);

/// Why a file was not made. Nothing of it is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NewFileError {
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The folder is missing, is a symbolic link, or nothing can be written into it.
    #[error("nothing can be written there")]
    Unwritable,
}

impl From<io::Error> for NewFileError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Unwritable,
        }
    }
}

/// A file that has been begun and has no name yet. Dropped, it is gone.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    unnamed: PathBuf,
}

impl NewFile {
    /// Begins a file, so that it is known whether the folder takes one.
    pub async fn begin(folder: &Path) -> Result<Self, NewFileError> {
        let folder = folder.to_owned();
        let begun = tokio::task::spawn_blocking(move || begin(&folder));
        // A task that ends without an answer has made nothing that counts.
        begun.await.unwrap_or(Err(NewFileError::Unwritable))
    }

    /// Writes the content and gives the file the first of these names that is free. On return it outlasts a power cut.
    pub async fn finish(
        self,
        content: Vec<u8>,
        names: impl Iterator<Item = String> + Send + 'static,
    ) -> Result<PathBuf, NewFileError> {
        let finished = tokio::task::spawn_blocking(move || self.write(&content, names));
        finished.await.unwrap_or(Err(NewFileError::Unwritable))
    }

    fn write(mut self, content: &[u8], names: impl Iterator<Item = String>) -> Result<PathBuf, NewFileError> {
        self.file.write_all(content)?;
        self.file.sync_all()?;
        let folder = self.unnamed.parent().ok_or(NewFileError::Unwritable)?;
        for name in names {
            let path = folder.join(name);
            match create(&path) {
                // The name is ours now, so nothing of anybody's is replaced.
                Ok(_) => return self.put(path),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(NewFileError::Unwritable)
    }

    fn put(&self, path: PathBuf) -> Result<PathBuf, NewFileError> {
        let folder = path.parent().ok_or(NewFileError::Unwritable)?;
        let put = fs::rename(&self.unnamed, &path).and_then(|()| sync(folder));
        if let Err(error) = put {
            // What cannot be removed now is empty, or the whole file, which nobody was told of.
            fs::remove_file(&path).ok();
            return Err(error.into());
        }
        Ok(path)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // It has its name already, or cannot be removed: then it stays, unnamed and unfinished.
        fs::remove_file(&self.unnamed).ok();
    }
}

fn begin(folder: &Path) -> Result<NewFile, NewFileError> {
    if !fs::symlink_metadata(folder)?.is_dir() {
        return Err(NewFileError::Unwritable);
    }
    let unnamed = folder.join(format!("{BEFORE}{:016x}{AFTER}", rand::rng().random::<u64>()));
    let file = NewFile {
        file: create(&unnamed)?,
        unnamed,
    };
    // What cannot be seen or removed now can be the next time.
    remove_unfinished(folder, &file.file.metadata()?).ok();
    Ok(file)
}

/// Removes what was begun and left unfinished by a crash, some time before the file that is begun now.
fn remove_unfinished(folder: &Path, now: &Metadata) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if is_unnamed(&entry.file_name().to_string_lossy()) && is_left(&entry.metadata()?, now) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Tells whether a file is called as one is that is not finished.
fn is_unnamed(name: &str) -> bool {
    let number = name
        .strip_prefix(BEFORE)
        .and_then(|rest| rest.strip_suffix(AFTER));
    number.is_some_and(|number| number.len() == 16 && number.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Tells whether it is a file of the same user that nobody has written to for so long that nobody will.
fn is_left(file: &Metadata, now: &Metadata) -> bool {
    #[cfg(unix)]
    let is_ours = std::os::unix::fs::MetadataExt::uid(file) == std::os::unix::fs::MetadataExt::uid(now);
    #[cfg(not(unix))]
    let is_ours = true;
    let age = now.modified().ok().zip(file.modified().ok());
    let age = age.and_then(|(now, then)| now.duration_since(then).ok());
    file.is_file() && is_ours && age.is_some_and(|age| age >= LEFT)
}

/// Makes a file that was not there; a symbolic link is there, whatever it leads to.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Makes a name last. Windows keeps a journal of names, and directories cannot be flushed there.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> impl Iterator<Item = String> + Send + 'static {
        ["one", "two"].into_iter().map(str::to_owned)
    }

    async fn made(folder: &Path, content: &str) -> Result<String, NewFileError> {
        let file = NewFile::begin(folder).await?;
        let path = file.finish(content.as_bytes().to_vec(), names()).await?;
        assert_eq!(
            fs::read_to_string(&path).expect("it is there"),
            content,
            "it is whole"
        );
        let name = path.file_name().expect("it has a name");
        Ok(name.to_string_lossy().into_owned())
    }

    fn listed(folder: &Path) -> usize {
        fs::read_dir(folder).expect("it can be listed").count()
    }

    #[tokio::test]
    async fn a_new_file_is_never_put_in_place_of_another() {
        let folder = tempfile::tempdir().expect("a temporary directory");
        assert_eq!(made(folder.path(), "1").await, Ok("one".to_owned()));
        assert_eq!(made(folder.path(), "2").await, Ok("two".to_owned()));
        assert_eq!(made(folder.path(), "3").await, Err(NewFileError::Unwritable));
        let first = fs::read_to_string(folder.path().join("one"));
        assert_eq!(first.expect("it is there"), "1");
        assert_eq!(listed(folder.path()), 2, "what was not finished is gone");
    }

    #[tokio::test]
    async fn a_file_that_is_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a temporary directory");
        drop(NewFile::begin(folder.path()).await.expect("it begins"));
        assert_eq!(listed(folder.path()), 0);
        let missing = folder.path().join("missing");
        let begun = NewFile::begin(&missing).await;
        assert_eq!(begun.err(), Some(NewFileError::Unwritable), "no folder is made");
    }

    #[tokio::test]
    async fn what_a_crash_left_unfinished_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let lay = |name: &str, age: u64| {
            let file = File::create(folder.path().join(name)).expect("it is made");
            let now = file
                .metadata()
                .and_then(|file| file.modified())
                .expect("its time");
            file.set_modified(now - Duration::from_secs(age))
                .expect("it is dated back");
        };
        let kept = [
            (".usher-0123456789abcdef.part", 60),
            (".usher-0123456789abcde.part", 10_000),
            (".usher-0123456789abcdeg.part", 10_000),
            ("usher-2026-11-29.usher", 10_000),
            ("1.part", 10_000),
        ];
        for (name, age) in kept {
            lay(name, age);
        }
        lay(".usher-fedcba9876543210.part", 10_000);
        fs::create_dir(folder.path().join(".usher-00000000000000ff.part")).expect("a folder");
        drop(NewFile::begin(folder.path()).await.expect("it begins"));
        let gone = !folder.path().join(".usher-fedcba9876543210.part").exists();
        assert!(gone, "it was left");
        for (name, _) in kept {
            assert!(folder.path().join(name).exists(), "{name}");
        }
        assert_eq!(
            listed(folder.path()),
            kept.len() + 1,
            "a folder of that name is not ours"
        );
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn only_its_user_can_read_it_and_no_link_is_followed() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let folder = tempfile::tempdir().expect("a temporary directory");
        let elsewhere = tempfile::tempdir().expect("another one");
        symlink(elsewhere.path().join("target"), folder.path().join("one")).expect("a link");
        assert_eq!(made(folder.path(), "1").await, Ok("two".to_owned()));
        assert_eq!(listed(elsewhere.path()), 0, "nothing is written through the link");
        let mode = fs::metadata(folder.path().join("two")).expect("it is there");
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);
        let link = elsewhere.path().join("folder");
        symlink(folder.path(), &link).expect("a link");
        assert_eq!(made(&link, "2").await, Err(NewFileError::Unwritable));
    }
}
