//! Files for their user alone: on Windows they inherit the access list of the user's profile, under which the
//! data directory lies, and which names the user, the system and administrators only.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::Path,
};

/// Creates the directory and its missing parents.
pub fn create_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Opens the file for reading and writing, and creates it if it is missing.
pub fn open_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

/// Leaves the inherited access list as it is.
pub fn restrict_file(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Nothing to do: NTFS keeps a journal of names, and directories cannot be flushed.
pub fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}
