//! Puts a backup in the place of a data file that is damaged or missing. The damaged file is moved aside, never
//! deleted, and what was done is written into the restored file for the person to be told.
//!
//! The restored file is finished and migrated before anything is moved, so that a crash leaves either the old file, or
//! none: a missing file is restored by the next start.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    OpenError, StoreError,
    backup::{self, Backup},
    database::{MIGRATIONS, Store, writer_pool},
    directory::{BESIDE, Directory, beside, changed_at, create_directory, open_file, put_in_place, remove},
    inspect::{Access, Schema, Sound, inspect, inspect_copy, is_there},
};
use crate::base::Timestamp;

/// A backup that was put in place of the data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restoration {
    /// When the backup was made; what came later is not in it.
    pub made_at: Timestamp,
    /// Where the damaged file is kept; `None` if the file was missing.
    pub kept: Option<PathBuf>,
}

/// Sees to it that there is a database to open: the one that is there, a backup in place of one that cannot be used, or
/// a new one. Without a good backup a damaged file is left untouched.
pub async fn mend(directory: &Directory) -> Result<Sound, OpenError> {
    let database = directory.database();
    let found = match is_there(&database)? {
        true => Some(inspect(&database, Access::Owned).await),
        false => None,
    };
    let broken = match found {
        Some(Err(OpenError::Damaged)) => true,
        Some(verdict) => return verdict,
        None => false,
    };
    match newest_good(directory).await? {
        Some(backup) => put_back(directory, &backup, broken).await,
        None if broken => Err(OpenError::Damaged),
        None => Ok(begin(&database)?),
    }
}

/// Makes an empty file with the right mode, which SQLite passes on to the files it adds.
fn begin(database: &Path) -> io::Result<Sound> {
    open_file(database)?;
    Ok(Sound {
        schema: Schema::None,
        endings: 0,
    })
}

/// Finds the newest backup that can be used.
async fn newest_good(directory: &Directory) -> Result<Option<Backup>, OpenError> {
    for backup in backup::all(&directory.backups())? {
        if inspect_copy(&backup.path).await.is_ok() {
            return Ok(Some(backup));
        }
    }
    Ok(None)
}

async fn put_back(directory: &Directory, backup: &Backup, broken: bool) -> Result<Sound, OpenError> {
    let database = directory.database();
    let aside = free_name(directory)?;
    let kept = aside.file_name().filter(|_| broken);
    let ready = prepare(directory, backup, kept.and_then(|name| name.to_str())).await?;
    set_aside(&database, &aside)?;
    put_in_place(ready, database.clone()).await?;
    tracing::warn!(
        made_at = backup.made_at.seconds(),
        broken,
        "the data file could not be used; a backup was put in its place"
    );
    inspect(&database, Access::Owned).await
}

/// Makes the file that will be put in place: the backup, migrated, with a note of what happened.
async fn prepare(directory: &Directory, backup: &Backup, kept: Option<&str>) -> Result<PathBuf, OpenError> {
    let ready = beside(&directory.database(), ".restored");
    for path in BESIDE.map(|ending| beside(&ready, ending)).iter().chain([&ready]) {
        remove(path)?;
    }
    io::copy(&mut fs::File::open(&backup.path)?, &mut open_file(&ready)?)?;
    let writer = writer_pool(&ready).await?;
    MIGRATIONS.run(&writer).await?;
    sqlx::query("INSERT INTO restorations (made_at, kept, seen) VALUES (?, ?, 0)")
        .bind(backup.made_at.seconds())
        .bind(kept)
        .execute(&writer)
        .await?;
    writer.close().await;
    Ok(ready)
}

/// Finds a name for the file that is moved aside: when it was written to last.
fn free_name(directory: &Directory) -> io::Result<PathBuf> {
    let changed = changed_at(&directory.database()).map_or(0, Timestamp::seconds);
    let named = |seconds: i64| directory.damaged().join(format!("{seconds}.db"));
    let free = (changed..)
        .map(named)
        .find(|path| fs::symlink_metadata(path).is_err());
    free.ok_or_else(|| io::ErrorKind::AlreadyExists.into())
}

/// Moves the database and what SQLite keeps beside it, as far as they are there. The database goes first: without it
/// the next start begins here again, with the rest it would open half of what was.
fn set_aside(database: &Path, aside: &Path) -> io::Result<()> {
    create_directory(aside.parent().expect("the damaged have a folder"))?;
    for ending in [""].iter().chain(&BESIDE) {
        match fs::rename(beside(database, ending), beside(aside, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

impl Store {
    /// Tells of the last restoration, until the person has seen it.
    pub async fn restoration(&self) -> Result<Option<Restoration>, StoreError> {
        let last: Option<(i64, Option<String>)> =
            sqlx::query_as("SELECT made_at, kept FROM restorations WHERE seen = 0 ORDER BY id DESC LIMIT 1")
                .fetch_optional(self.reader())
                .await?;
        Ok(last.map(|(made_at, kept)| Restoration {
            made_at: Timestamp::from_seconds(made_at),
            kept: kept.map(|name| self.0.directory.damaged().join(name)),
        }))
    }

    /// Notes that the person has seen what was restored.
    pub async fn restoration_seen(&self) -> Result<(), StoreError> {
        let mut transaction = self.write().await?;
        sqlx::query("UPDATE restorations SET seen = 1")
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }
}

#[cfg(test)]
mod tests;
