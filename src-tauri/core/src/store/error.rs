//! What can go wrong with the file, told apart by what the person can do about it.

use std::{io, path::PathBuf};

use sqlx::migrate::MigrateError;

/// Why the store could not be opened. Nothing was changed in the file, except after [`OpenError::Full`] or a
/// failed migration, which are rolled back.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file was made by a newer version of the app; it is left as it is.
    #[error("the database was made by a newer version")]
    Newer,
    /// The directory or the file cannot be written.
    #[error("the data directory cannot be written")]
    ReadOnly,
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The file is no database, or a damaged one, and there is no good backup; it is left as it is.
    #[error("the database is damaged")]
    Damaged,
    /// Another process owns the data directory.
    #[error("another process is using the data directory")]
    Busy,
    /// The directory or one of its files is a symbolic link, which is never followed.
    #[error("{} is a symbolic link", .0.display())]
    Symlink(PathBuf),
    /// There is a file where the directory should be.
    #[error("the data directory is a file")]
    NotADirectory,
    /// The file system refused in another way.
    #[error("the data directory could not be prepared")]
    Directory(#[source] io::Error),
    /// SQLite refused in another way.
    #[error("the database could not be opened")]
    Failed(#[source] sqlx::Error),
}

/// Why something could not be read or written. What was not acknowledged is not in the file.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// The file cannot be written.
    #[error("the database cannot be written")]
    ReadOnly,
    /// The file is damaged.
    #[error("the database is damaged")]
    Damaged,
    /// SQLite refused in another way.
    #[error("the database failed")]
    Failed(#[source] sqlx::Error),
}

/// SQLite's primary result codes that have a meaning of their own here.
mod code {
    pub const PERMISSION: u32 = 3;
    pub const BUSY: u32 = 5;
    pub const READ_ONLY: u32 = 8;
    pub const CORRUPT: u32 = 11;
    pub const FULL: u32 = 13;
    pub const CANNOT_OPEN: u32 = 14;
    pub const NOT_A_DATABASE: u32 = 26;
}

/// Gives the primary code: the low byte of the extended one that sqlx reports.
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    code.parse::<u32>().ok().map(|extended| extended & 0xff)
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match primary_code(&error) {
            Some(code::FULL) => Self::Full,
            Some(code::READ_ONLY) => Self::ReadOnly,
            Some(code::CORRUPT | code::NOT_A_DATABASE) => Self::Damaged,
            _ => Self::Failed(error),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Failed(error.into()),
        }
    }
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            StoreError::ReadOnly => Self::ReadOnly,
            StoreError::Damaged => Self::Damaged,
            StoreError::Failed(error) => match primary_code(&error) {
                Some(code::BUSY) => Self::Busy,
                Some(code::CANNOT_OPEN | code::PERMISSION) => Self::ReadOnly,
                _ => Self::Failed(error),
            },
        }
    }
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        StoreError::from(error).into()
    }
}

impl From<MigrateError> for OpenError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            MigrateError::VersionMissing(_) => Self::Newer,
            other => Self::Failed(other.into()),
        }
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Directory(error),
        }
    }
}
