//! A world to press Connect in without an account anywhere: one authorization server and three MCP servers on this
//! machine. Prints their addresses as one line of JSON and ends when standard input does.

use std::io::{self, Write};

use tokio::io::AsyncReadExt;
use usher_tests::Neighbourhood;

#[tokio::main]
async fn main() -> io::Result<()> {
    let world = Neighbourhood::open().await;
    let mut out = io::stdout();
    writeln!(out, "{}", world.addresses())?;
    out.flush()?;
    let mut ignored = Vec::new();
    tokio::select! {
        _ = async { tokio::io::stdin().read_to_end(&mut ignored).await } => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(())
}
