//! What the process is told from outside. Nothing else reads the environment.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where the environment is read; the rest is handed it"
)]

use std::{env, ffi::OsString, path::PathBuf};

use directories::{BaseDirs, ProjectDirs, UserDirs};

/// What the process was told at its start.
pub struct Environment {
    /// Where everything is kept.
    pub data_directory: PathBuf,
    is_usual: bool,
}

impl Environment {
    /// Reads `USHER_DATA_DIR`; without it, the platform says where an app keeps its data.
    pub fn read() -> Self {
        let given = env::var_os("USHER_DATA_DIR").filter(|given| !given.is_empty());
        Self::at(match given {
            Some(given) => std::path::absolute(&given).unwrap_or_else(|_| given.into()),
            None => platform_directory(),
        })
    }

    fn at(data_directory: PathBuf) -> Self {
        Self {
            is_usual: usual_directory().is_some_and(|usual| usual == data_directory),
            data_directory,
        }
    }

    /// Returns under which name the keychain keeps the key. Two data directories never share one, and a directory has the same
    /// name however the app was told of it.
    pub fn key_name(&self) -> String {
        if self.is_usual {
            "vault key".to_owned()
        } else {
            format!("vault key of {}", self.data_directory.display())
        }
    }
}

/// Returns where files for the person are put: among their downloads, else in their home. A link on the way is followed
/// here, once.
pub fn folder_for_files() -> PathBuf {
    let person = UserDirs::new();
    let downloads = person.as_ref().and_then(UserDirs::download_dir);
    let found = downloads.and_then(|folder| folder.canonicalize().ok());
    found.unwrap_or_else(|| person.map_or_else(env::temp_dir, |person| person.home_dir().to_owned()))
}

/// Returns which log messages are kept, if `USHER_LOG` says so.
pub fn log_filter() -> Option<String> {
    env::var("USHER_LOG").ok()
}

/// Returns what the process was started with, after the program's name.
pub fn arguments() -> impl Iterator<Item = OsString> {
    env::args_os().skip(1)
}

/// Returns the folders in which the dynamic linker looks first.
pub fn library_path() -> Vec<PathBuf> {
    env::var_os("LD_LIBRARY_PATH").map_or_else(Vec::new, |list| env::split_paths(&list).collect())
}

/// Sees to it that a crash writes no memory to disk.
pub fn keep_secrets_out_of_core_dumps() {
    #[cfg(unix)]
    // If the system refuses, there is nothing better to do than to go on.
    let _ = rlimit::setrlimit(rlimit::Resource::CORE, 0, 0);
}

fn platform_directory() -> PathBuf {
    ProjectDirs::from("dev", "Usher", "Usher").map_or_else(
        || env::temp_dir().join("usher"),
        |directories| directories.data_local_dir().to_owned(),
    )
}

/// Returns this user's usual place. On Linux the platform's can be another one: `XDG_DATA_HOME` names it, as sandboxes do.
fn usual_directory() -> Option<PathBuf> {
    if cfg!(target_os = "linux") {
        BaseDirs::new().map(|base| base.home_dir().join(".local/share/usher"))
    } else {
        Some(platform_directory())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[cfg(unix)]
    mod on_unix {
        use std::{
            os::unix::process::ExitStatusExt,
            process::{Command, ExitStatus, abort},
        };

        use super::*;

        /// Says to a process of this test that it is to crash, and how.
        const CRASH: &str = "USHER_CRASH";

        /// Lets a process crash where the system would write down its memory.
        fn crash(how: &str) -> ExitStatus {
            let place = tempfile::tempdir().expect("a temporary directory");
            let test = "environment::tests::on_unix::s42_a_crash_writes_no_memory_to_disk";
            let crashed = Command::new("sh")
                .args(["-c", r#"ulimit -c unlimited; exec "$0" --exact "$1""#])
                .args([env::current_exe().expect("this test").as_os_str(), test.as_ref()])
                .env(CRASH, how)
                .current_dir(place.path())
                .output();
            crashed.expect("there is a shell").status
        }

        #[expect(clippy::print_stdout, reason = "where nothing can be proved, that is said")]
        #[test]
        fn s42_a_crash_writes_no_memory_to_disk() {
            match env::var(CRASH).as_deref() {
                Ok("ours") => {
                    keep_secrets_out_of_core_dumps();
                    abort()
                }
                Ok(_) => abort(),
                Err(_) => {}
            }
            let (ours, others) = (crash("ours"), crash("others"));
            assert!(ours.signal().is_some(), "it crashed: {ours}");
            assert!(!ours.core_dumped(), "{ours}");
            // A system that writes nothing of anybody proves nothing; that is no fault of ours.
            assert!(others.signal().is_some(), "as does another: {others}");
            if !others.core_dumped() {
                println!("nothing is proved: this system writes no core dumps");
            }
        }
    }

    fn key_name(path: impl Into<PathBuf>) -> String {
        Environment::at(path.into()).key_name()
    }

    #[test]
    fn two_data_directories_never_share_a_key() {
        let usual = usual_directory().expect("a home");
        let beside = usual.with_file_name("another");
        let places = [
            usual.clone(),
            usual.join("below"),
            beside,
            "/a".into(),
            "/b".into(),
        ];
        let names: BTreeSet<_> = places.iter().map(key_name).collect();
        assert_eq!(names.len(), places.len(), "{names:?}");
    }

    #[test]
    fn the_usual_place_has_the_short_name_of_a_key() {
        assert_eq!(key_name(usual_directory().expect("a home")), "vault key");
    }
}
