//! Disks without room and files that were cut: really so, in processes of their own (`tests/bins/narrow`).

use std::process::{Output, Stdio};

use tokio::process::Command;

/// Runs a part under a shell's command line, in which `$0` is the program and `$1` the part.
async fn run(line: &str, part: &str) -> Output {
    #[expect(
        clippy::disallowed_methods,
        reason = "a limit of the system holds for a whole process"
    )]
    let mut shell = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_narrow");
    let run = shell
        .args(["-c", line, program, part])
        .stdin(Stdio::null())
        .output();
    run.await.expect("there is a shell")
}

async fn holds(line: &str, part: &str) {
    let Output {
        status,
        stdout,
        stderr,
    } = run(line, part).await;
    let (said, failed) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{part}: {status}: {said}{failed}");
}

/// Begins a part that is told of a file that may not grow by an error, not by a signal.
const LIMITED: &str = r#"trap "" XFSZ; exec "$0" "$1""#;
/// Begins a part where temporary files have a small file system of their own.
#[cfg(target_os = "linux")]
const SMALL: &str = r#"mount -t tmpfs -o size=16m none /mnt && exec env TMPDIR=/mnt "$0" "$1""#;

/// Begins a part that permissions hold for, whoever runs it.
const ORDINARY: &str = r#"if [ "$(id -u)" != 0 ]; then exec "$0" "$1"; fi
exec setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search "$0" "$1""#;

#[tokio::test]
async fn s40_s41_what_may_not_be_written_is_mended_by_its_owner_and_costs_nothing() {
    holds(ORDINARY, "forbidden").await;
}

#[tokio::test]
async fn s40_a_log_that_cannot_grow_loses_nothing_acknowledged_and_no_token() {
    holds(LIMITED, "limited").await;
}

#[tokio::test]
async fn s40_a_copy_that_cannot_be_finished_takes_no_good_one_s_place() {
    holds(LIMITED, "backups").await;
}

#[tokio::test]
async fn s40_a_migration_that_cannot_be_finished_is_made_good_by_the_next_start() {
    holds(LIMITED, "migrations").await;
}

#[tokio::test]
async fn s40_a_file_that_is_cut_while_it_is_open_is_put_back_by_the_next_start() {
    holds(LIMITED, "cut").await;
}

#[cfg(target_os = "linux")]
#[expect(clippy::print_stderr, reason = "what is left out is said")]
#[tokio::test]
async fn s40_a_full_disk_loses_nothing_acknowledged_and_no_token() {
    let inside = format!("unshare -rm sh -c '{SMALL}' \"$0\" \"$1\"");
    let may = run("unshare -rm mount -t tmpfs none /mnt", "full").await;
    if may.status.success() {
        holds(&inside, "full").await;
    } else {
        let why = String::from_utf8_lossy(&may.stderr);
        eprintln!("left out, as no file system of one's own can be made here: {why}");
    }
}
