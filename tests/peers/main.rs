//! Usher and peers that nobody here wrote, from the first sign-in to the last revocation: what each offers is done and
//! checked, what it does not offer is said, and the run prints the table.

mod guarded;
mod journey;
mod provider;
mod rows;
mod table;

use std::{io::Write, time::Duration};

use futures::future::join_all;
use tokio::time::timeout;

use table::{Row, Table};

/// Longer than any journey takes; one that hangs fails, and the table says where.
const LIMIT: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn every_peer_does_what_it_offers() {
    let journeys = rows::all();
    let rows: Vec<Row> = journeys.iter().map(|(row, _)| row.clone()).collect();
    let begun = journeys
        .into_iter()
        .map(|(_, journey)| tokio::spawn(timeout(LIMIT, journey)));
    let ended = join_all(begun).await;
    let table = Table(rows);
    // Not `print!`: the table of a run that passes is shown as well.
    let mut output = std::io::stdout();
    write!(output, "{table}").expect("the table is shown");
    assert!(
        ended.iter().all(|ended| matches!(ended, Ok(Ok(())))),
        "a journey failed: its ✗ says where"
    );
    assert!(
        table.0.iter().all(Row::is_whole),
        "every cell is a check or a reason"
    );
}
