//! A socket in the data directory, which no other user may enter; both sides ask the system who the other one is.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
};

use tokio::net::{UnixListener, UnixStream};

const NAME: &str = "usher.sock";

/// The owner's side.
pub struct Listener {
    socket: UnixListener,
    path: PathBuf,
    owner: u32,
}

impl Listener {
    /// Binds the socket in place of one that a dead owner left.
    pub fn open(data_directory: &Path) -> io::Result<Self> {
        let path = data_directory.join(NAME);
        remove(&path)?;
        let socket = UnixListener::bind(&path)?;
        fs::set_permissions(&path, Permissions::from_mode(0o600))?;
        let owner = fs::symlink_metadata(&path)?.uid();
        Ok(Self { socket, path, owner })
    }

    /// Waits for a visitor that runs as the same user; others are turned away.
    pub async fn accept(&mut self) -> io::Result<UnixStream> {
        loop {
            let (stream, _) = self.socket.accept().await?;
            match is_run_by(&stream, self.owner) {
                true => return Ok(stream),
                false => tracing::warn!("a visitor of another user was turned away"),
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // A socket that stays behind is replaced by the next owner.
        let _ = remove(&self.path);
    }
}

/// Goes to the owner, if it runs as the user whom the data directory belongs to.
pub async fn connect(data_directory: &Path) -> io::Result<UnixStream> {
    let stream = UnixStream::connect(data_directory.join(NAME)).await?;
    let user = fs::symlink_metadata(data_directory)?.uid();
    match is_run_by(&stream, user) {
        true => Ok(stream),
        false => Err(io::ErrorKind::PermissionDenied.into()),
    }
}

fn is_run_by(stream: &UnixStream, user: u32) -> bool {
    stream.peer_cred().is_ok_and(|peer| peer.uid() == user)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
