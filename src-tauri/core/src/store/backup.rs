//! Backups: copies of the database in the folder `backups`, made while the app runs and before each migration.
//!
//! The newest follows the file within minutes, because a backup of yesterday's rotated tokens would bring no sign-in
//! back; of each earlier day one is kept. A copy that is not whole never takes the place of one that is. What is gone
//! is gone from the backups as well: once something sealed has ended (table `endings`), a new copy is made and every
//! older one is removed. Copies are made one after another, whoever wants them.

mod keep;

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::{
    OpenError, StoreError,
    database::{MIGRATIONS, options},
    directory::{Directory, beside, changed_at, create_directory, open_file, put_in_place, remove},
    inspect::{Sound, inspect_copy},
};
use crate::base::Timestamp;

/// How many are kept.
const KEPT: usize = 5;
/// How far behind the file the newest may be.
const FRESH: Duration = Duration::from_secs(10 * 60);
/// Seconds of a day.
const DAY: i64 = 24 * 60 * 60;
/// The name of a copy that is not finished.
const UNFINISHED: &str = "unfinished";

/// One backup. Its name says all about it: `1790000000-3.db`, or `1790000000-3-before-2026112506.db`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Where it lies.
    pub path: PathBuf,
    /// When the database was as it is here.
    pub made_at: Timestamp,
    /// The count of endings it was made at.
    endings: i64,
    /// The migration it was made before, if it was not made in the course of a day.
    before: Option<i64>,
}

impl Backup {
    fn read(path: PathBuf) -> Option<Self> {
        let name = path.file_name()?.to_str()?.strip_suffix(".db")?;
        let (rest, before) = match name.split_once("-before-") {
            Some((rest, version)) => (rest, Some(version.parse().ok()?)),
            None => (name, None),
        };
        let (made_at, endings) = rest.split_once('-')?;
        Some(Self {
            made_at: Timestamp::from_seconds(made_at.parse().ok()?),
            endings: endings.parse().ok()?,
            before,
            path,
        })
    }

    fn name(made_at: Timestamp, endings: i64, before: Option<i64>) -> String {
        let label = before.map_or_else(String::new, |version| format!("-before-{version}"));
        format!("{}-{endings}{label}.db", made_at.seconds())
    }

    const fn day(&self) -> i64 {
        self.made_at.seconds().div_euclid(DAY)
    }
}

/// Gives all backups, the newest first. Files of other names are not ours.
pub fn all(folder: &Path) -> io::Result<Vec<Backup>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut found: Vec<_> = entries
        .filter_map(|entry| Backup::read(entry.ok()?.path()))
        .collect();
    found.sort_by_key(|backup| std::cmp::Reverse((backup.made_at, backup.endings)));
    Ok(found)
}

/// What is to be done about the backups.
#[derive(Debug, PartialEq, Eq)]
pub enum Due {
    /// Make one.
    Now,
    /// Make one in a while, unless something ends before.
    In(Duration),
}

/// Decides whether a file that was written to needs a backup now.
pub fn due(kept: &[Backup], endings: i64, now: Timestamp) -> Due {
    let newest = kept.first();
    // A backup from the future was made by a clock that has been set back since.
    let age = newest
        .filter(|newest| newest.made_at <= now)
        .map_or(FRESH, |newest| newest.made_at.until(now));
    match FRESH.saturating_sub(age) {
        left if !outlived(kept, endings) && !left.is_zero() => Due::In(left),
        _ => Due::Now,
    }
}

/// Tells whether something may live on in a backup that has ended in the file.
fn outlived(kept: &[Backup], endings: i64) -> bool {
    kept.iter().any(|backup| backup.endings != endings)
}

/// Copies the database that `connection` reads.
pub async fn make(
    connection: &mut SqliteConnection,
    folder: &Path,
    (now, endings): (Timestamp, i64),
) -> Result<(), StoreError> {
    copy(connection, folder, &Backup::name(now, endings, None)).await
}

/// Copies a database as it is before today's migrations change it.
pub async fn make_before_migrating(directory: &Directory, found: Sound) -> Result<(), OpenError> {
    let database = directory.database();
    let newest = MIGRATIONS.iter().map(|migration| migration.version).max();
    let name = Backup::name(last_changed(&database)?, found.endings, newest);
    let mut connection = options(&database).read_only(true).connect().await?;
    let made = copy(&mut connection, &directory.backups(), &name).await;
    connection.close().await?;
    Ok(made?)
}

/// Removes what may not be kept or need not be, once the newest is whole.
pub fn prune(folder: &Path, (now, endings): (Timestamp, i64)) -> io::Result<()> {
    let mut kept: Vec<Backup> = Vec::new();
    for backup in all(folder)? {
        let twice = |other: &Backup| other.before == backup.before && other.day() == backup.day();
        let wanted = backup.endings == endings && backup.made_at <= now && !kept.iter().any(twice);
        if wanted && kept.len() < KEPT {
            kept.push(backup);
        } else {
            remove(&backup.path)?;
        }
    }
    Ok(())
}

/// Removes what may hold something that has ended, though there is no newer copy yet.
pub fn forget(folder: &Path, endings: i64) -> io::Result<()> {
    for backup in all(folder)? {
        if backup.endings != endings {
            remove(&backup.path)?;
        }
    }
    Ok(())
}

/// Removes a copy that was left half made.
fn tidy(folder: &Path) -> io::Result<()> {
    remove(&folder.join(UNFINISHED))
}

async fn copy(connection: &mut SqliteConnection, folder: &Path, name: &str) -> Result<(), StoreError> {
    let unfinished = folder.join(UNFINISHED);
    create_directory(folder)?;
    tidy(folder)?;
    // SQLite writes into an empty file that is there, and leaves its mode alone.
    open_file(&unfinished)?;
    if let Err(error) = copy_to(connection, &unfinished).await {
        tidy(folder)?;
        return Err(error);
    }
    Ok(put_in_place(unfinished, folder.join(name)).await?)
}

async fn copy_to(connection: &mut SqliteConnection, target: &Path) -> Result<(), StoreError> {
    sqlx::query("VACUUM INTO ?")
        .bind(target.to_string_lossy())
        .execute(connection)
        .await?;
    match inspect_copy(target).await {
        Ok(_) => Ok(()),
        Err(OpenError::Failed(error)) => Err(error.into()),
        Err(_) => Err(StoreError::Damaged),
    }
}

/// Tells when the database was written to last, by its file and the log beside it.
fn last_changed(database: &Path) -> io::Result<Timestamp> {
    let own = changed_at(database)?;
    let log = changed_at(&beside(database, "-wal"));
    Ok(log.map_or(own, |log| log.max(own)))
}

#[cfg(test)]
mod tests;
