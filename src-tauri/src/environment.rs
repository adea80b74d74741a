//! What the process is told from outside. Nothing else reads the environment.
#![expect(
    clippy::disallowed_methods,
    reason = "this is where the environment is read; the rest is handed it"
)]

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use directories::{BaseDirs, ProjectDirs, UserDirs};

/// What the process was told at its start.
pub struct Environment {
    /// Where everything is kept.
    pub data_directory: PathBuf,
    is_own_place: bool,
}

impl Environment {
    /// Reads `USHER_DATA_DIR`; without it, the platform says where an app keeps its data.
    pub fn read() -> Self {
        match env::var_os("USHER_DATA_DIR").filter(|given| !given.is_empty()) {
            Some(given) => Self {
                data_directory: std::path::absolute(&given).unwrap_or_else(|_| given.into()),
                is_own_place: true,
            },
            None => {
                let data_directory = platform_directory();
                Self {
                    is_own_place: !is_usual(&data_directory),
                    data_directory,
                }
            }
        }
    }

    /// Returns under which name the keychain keeps the key: two data directories never share one.
    pub fn key_name(&self) -> String {
        if self.is_own_place {
            format!("vault key of {}", self.data_directory.display())
        } else {
            "vault key".to_owned()
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

/// Returns whether the platform's place is this user's usual one. `XDG_DATA_HOME` can name others beside it, as sandboxes do.
fn is_usual(directory: &Path) -> bool {
    !cfg!(target_os = "linux")
        || BaseDirs::new().is_some_and(|base| directory.starts_with(base.home_dir().join(".local/share")))
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn two_data_directories_never_share_a_key() {
        let of = |path: &str| Environment {
            data_directory: path.into(),
            is_own_place: true,
        };
        let usual = Environment {
            data_directory: "/a".into(),
            is_own_place: false,
        };
        assert_ne!(
            of("/a").key_name(),
            of("/b").key_name(),
            "another place, another key"
        );
        assert_ne!(
            of("/a").key_name(),
            usual.key_name(),
            "the person's own key is never used by a given place"
        );
    }
    #[test]
    #[cfg(target_os = "linux")]
    fn another_place_for_data_is_no_usual_one() {
        assert!(!is_usual(Path::new("/elsewhere/usher")), "a sandbox's own folder");
        let home = BaseDirs::new().expect("a home").home_dir().to_owned();
        assert!(is_usual(&home.join(".local/share/usher")), "the usual one");
    }
}
