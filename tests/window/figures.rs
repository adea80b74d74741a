//! Figures of the whole app: from its start to the first paint, and its memory, each beside an empty Tauri window.
//! Printed, never judged.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use tokio::process::Child;

use crate::{cases::quit, desk::Desk, page::Page, wait::until};

/// How many starts are measured, after one that is not.
const ROUNDS: usize = 7;

/// When the page was first painted, in milliseconds since 1970; nothing before that.
const FIRST_PAINT: &str = "const paint = performance.getEntriesByType('paint').at(-1); \
                           return paint ? performance.timeOrigin + paint.startTime : null";

/// Measures and prints.
pub async fn tell(desk: Desk) {
    let empty = beside("examples/empty");
    let app = beside("usher-desktop");
    let (mut empty_starts, mut app_starts) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (process, page, took) = start(&desk, &empty).await;
        if round == ROUNDS {
            println!("memory of an empty window:       {}", memory(&process));
        }
        desk.look_away(page);
        end(process).await;
        empty_starts.push(took);

        let (process, page, took) = start(&desk, &app).await;
        app_starts.push(took);
        if round == ROUNDS {
            println!("memory with the window open:     {}", memory(&process));
            close(&desk, &process).await;
            println!("memory with the window closed:   {}", memory(&process));
        }
        desk.look_away(page);
        quit(process).await;
    }
    println!("first paint of an empty window:  {}", spread(empty_starts));
    println!("first paint of the app:          {}", spread(app_starts));
}

/// Starts a program and waits until its page has been painted; gives how long that took.
async fn start(desk: &Desk, program: &Path) -> (Child, Page, Duration) {
    let begun = SystemTime::now();
    let process = desk.start_program(program);
    let page = desk.look().await;
    let painted = page.number(FIRST_PAINT).await;
    let painted = UNIX_EPOCH + Duration::from_secs_f64(painted / 1000.0);
    (process, page, painted.duration_since(begun).unwrap_or_default())
}

async fn end(mut process: Child) {
    process.kill().await.expect("the empty window ends");
}

async fn close(desk: &Desk, process: &Child) {
    desk.close_window().await;
    until("the page's process to end", async || {
        let names = family(process)
            .into_iter()
            .filter_map(|id| fs::read_to_string(format!("/proc/{id}/comm")).ok());
        (!names.into_iter().any(|name| name.starts_with("WebKitWeb"))).then_some(())
    })
    .await;
}

/// Sums the proportional memory of a program and all it started.
fn memory(process: &Child) -> String {
    let kibibytes: u64 = family(process).into_iter().filter_map(proportional).sum();
    format!("{} MiB", kibibytes / 1024)
}

fn proportional(id: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
    let line = rollup.lines().find(|line| line.starts_with("Pss:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Lists a program and everything it started that still runs.
fn family(process: &Child) -> Vec<u32> {
    let mut found = vec![process.id().expect("it runs")];
    let mut next = 0;
    while let Some(id) = found.get(next) {
        let tasks = fs::read_dir(format!("/proc/{id}/task"))
            .into_iter()
            .flatten()
            .flatten();
        let children: Vec<u32> = tasks
            .filter_map(|task| fs::read_to_string(task.path().join("children")).ok())
            .flat_map(|list| {
                list.split_whitespace()
                    .filter_map(|id| id.parse().ok())
                    .collect::<Vec<_>>()
            })
            .collect();
        found.extend(children);
        next += 1;
    }
    found
}

/// Returns a program that lies beside this one.
fn beside(name: &str) -> PathBuf {
    let here = env::current_exe().expect("this program has a path");
    here.with_file_name(name)
}

/// Says the median and the extremes, without the first, which filled the caches.
fn spread(times: Vec<Duration>) -> String {
    let mut times = times.into_iter().skip(1).collect::<Vec<_>>();
    times.sort();
    let at = |index: usize| times[index].as_millis();
    let last = times.len() - 1;
    format!(
        "{} ms ({} to {} ms, {} starts)",
        at(last / 2),
        at(0),
        at(last),
        times.len()
    )
}
