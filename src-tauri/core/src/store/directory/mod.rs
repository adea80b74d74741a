//! The data directory: private to its user, free of symbolic links, owned by one process.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use super::OpenError;

#[cfg_attr(unix, path = "unix.rs")]
#[cfg_attr(windows, path = "windows.rs")]
mod private;

/// The database's file name; SQLite adds `-wal` and `-shm`.
const DATABASE: &str = "usher.db";
/// The file whose lock says that the directory has an owner.
const LOCK: &str = "usher.lock";

/// A prepared directory. The lock lasts as long as this value, or until [`Directory::release`].
pub struct Directory {
    lock: File,
    database: PathBuf,
}

impl Directory {
    /// Creates what is missing, closes what is open to others, and takes the lock.
    pub fn take(path: &Path) -> Result<Self, OpenError> {
        refuse_symlink(path)?;
        private::create_directory(path)?;
        for name in [LOCK, DATABASE, "usher.db-wal", "usher.db-shm"] {
            let file = path.join(name);
            refuse_symlink(&file)?;
            private::restrict_file(&file)?;
        }
        let lock = private::open_file(&path.join(LOCK))?;
        lock.try_lock()?;
        let database = path.join(DATABASE);
        // SQLite gives the files it adds the mode of the database, so that one must exist with the right mode.
        private::open_file(&database)?;
        Ok(Self { lock, database })
    }

    /// Gives the path of the database.
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// Gives up the ownership.
    pub fn release(&self) {
        // A lock that cannot be released now is released when the file is closed.
        self.lock.unlock().ok();
    }
}

fn refuse_symlink(path: &Path) -> Result<(), OpenError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_symlink() => Err(OpenError::Symlink(path.to_owned())),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
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
