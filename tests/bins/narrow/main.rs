//! Lives where writing fails: at a limit for the size of files, on a file system that is full, in a file that was cut.
//!
//! The story of the same name starts it in a process of its own, because a limit holds for a whole process. What fails is
//! what the system really refuses; the process has to ignore SIGXFSZ (`trap "" XFSZ`).
#![cfg_attr(unix, expect(clippy::print_stdout, reason = "it tells what it lived through"))]

#[cfg(unix)]
mod on_unix;

#[cfg(unix)]
#[tokio::main]
async fn main() {
    let part = std::env::args().nth(1);
    match part.as_deref() {
        Some("limited") => on_unix::lives_at_a_limit().await,
        Some("backups") => on_unix::makes_backups_at_a_limit().await,
        Some("migrations") => on_unix::migrates_at_a_limit().await,
        Some("full") => on_unix::lives_on_a_full_disk().await,
        Some("forbidden") => on_unix::lives_without_permission().await,
        Some("cut") => on_unix::reads_a_file_that_was_cut().await,
        _ => panic!("which part is to be lived through?"),
    }
}

#[cfg(not(unix))]
fn main() {}
