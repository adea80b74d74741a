//! A desktop session for one case, and the pictures it leaves.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::cases::Case;

/// How the session's keyring is when the case begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyring {
    /// Unlocked, as after a login.
    Open,
    /// There, and locked.
    Locked,
    /// A service without any keyring in it.
    Absent,
}

/// Runs a case in its own session; returns whether it passed.
pub fn run(case: &Case) -> bool {
    let pictures = pictures(case.name);
    let folder = tempfile::tempdir().expect("a folder for the session");
    let keyring = match case.keyring {
        Keyring::Open => "open",
        Keyring::Locked => "locked",
        Keyring::Absent => "absent",
    };
    let status = Command::new("bash")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("window/session.sh"))
        .args([keyring.as_ref(), folder.path().as_os_str()])
        .arg(env::current_exe().expect("this program has a path"))
        .args(["--inside", case.name])
        .env("USHER_SESSION", folder.path())
        .env("USHER_PICTURES", &pictures)
        .env("FAILED", pictures.join("failed.png"))
        .status();
    let passed = status.is_ok_and(|status| status.success());
    if !passed {
        keep_logs(folder.path(), &pictures);
    }
    passed
}

/// Makes the folder for a case's pictures anew.
fn pictures(name: &str) -> PathBuf {
    let artefacts = env::var_os("USHER_ARTEFACTS").map_or_else(|| target().join("artefacts"), PathBuf::from);
    let folder = artefacts.join("window").join(name);
    // It may not be there yet.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder for the pictures");
    folder
}

/// Returns Cargo's target directory, in which this program lies beside the app.
fn target() -> PathBuf {
    let here = env::current_exe().expect("this program has a path");
    here.ancestors()
        .nth(2)
        .expect("it lies in a profile's folder")
        .to_owned()
}

fn keep_logs(session: &Path, pictures: &Path) {
    for (name, path) in [
        ("usher.log", "home/.local/share/usher/usher.log"),
        ("app.err", "app.err"),
    ] {
        // A session that failed early has none.
        let _ = fs::copy(session.join(path), pictures.join(name));
    }
}
