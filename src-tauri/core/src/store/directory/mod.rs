//! The data directory: private to its user, free of symbolic links, owned by one process.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use super::OpenError;
use crate::base::Timestamp;

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod private;

pub use private::{create_directory, open_file};

/// The database's file name; SQLite adds `-wal` and `-shm`.
const DATABASE: &str = "usher.db";
/// What SQLite adds to it.
pub const BESIDE: [&str; 2] = ["-wal", "-shm"];
/// The file whose lock says that the directory has an owner.
const LOCK: &str = "usher.lock";
/// The folder of backups.
const BACKUPS: &str = "backups";
/// The folder of files that could not be used.
const DAMAGED: &str = "damaged";

/// A prepared directory. The lock lasts as long as this value, or until [`Directory::release`].
pub struct Directory {
    lock: File,
    path: PathBuf,
}

impl Directory {
    /// Creates what is missing, closes what is open to others, and takes the lock.
    pub fn take(path: &Path) -> Result<Self, OpenError> {
        refuse_symlink(path)?;
        refuse_file(path)?;
        create_directory(path)?;
        for name in [BACKUPS, DAMAGED] {
            refuse_symlink(&path.join(name))?;
        }
        for name in [LOCK, DATABASE, "usher.db-wal", "usher.db-shm"] {
            let file = path.join(name);
            refuse_symlink(&file)?;
            private::restrict_file(&file)?;
        }
        let lock = open_file(&path.join(LOCK))?;
        lock.try_lock()?;
        Ok(Self {
            lock,
            path: path.to_owned(),
        })
    }

    /// Gives the path of the database.
    pub fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    /// Gives the folder of backups, which may not be there yet.
    pub fn backups(&self) -> PathBuf {
        self.path.join(BACKUPS)
    }

    /// Gives the folder of files that could not be used, which may not be there yet.
    pub fn damaged(&self) -> PathBuf {
        self.path.join(DAMAGED)
    }

    /// Gives up the ownership.
    pub fn release(&self) {
        // A lock that cannot be released now is released when the file is closed.
        self.lock.unlock().ok();
    }
}

/// Gives the path of a file that SQLite keeps beside a database.
pub fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Removes a file if it is there.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Tells when a file was written to last.
pub fn changed_at(path: &Path) -> io::Result<Timestamp> {
    let changed = fs::metadata(path)?.modified()?;
    Ok(Timestamp::from_seconds(0).after(changed.duration_since(UNIX_EPOCH).unwrap_or_default()))
}

/// Gives a finished file its name, in place of what had it; both last through a power cut on return.
pub async fn put_in_place(from: PathBuf, to: PathBuf) -> io::Result<()> {
    let put = move || {
        open_file(&from)?.sync_all()?;
        fs::rename(&from, &to)?;
        private::sync_directory(to.parent().expect("a file lies in a directory"))
    };
    tokio::task::spawn_blocking(put)
        .await
        .expect("renaming a file does not panic and is not cancelled")
}

fn refuse_symlink(path: &Path) -> Result<(), OpenError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(OpenError::Symlink(path.to_owned())),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        Ok(_) | Err(_) => Ok(()),
    }
}

fn refuse_file(path: &Path) -> Result<(), OpenError> {
    match fs::symlink_metadata(path) {
        Ok(found) if !found.is_dir() => Err(OpenError::NotADirectory),
        // Whether it can be made is seen when it is made.
        Ok(_) | Err(_) => Ok(()),
    }
}

impl From<TryLockError> for OpenError {
    fn from(error: TryLockError) -> Self {
        match error {
            TryLockError::WouldBlock => Self::Busy,
            TryLockError::Error(error) => error.into(),
        }
    }
}
