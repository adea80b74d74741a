//! More than one start of the app: the data directory has one owner, and the others hand over to it.

use tokio::process::Child;

use super::{ended, quit};
use crate::{desk::Desk, wait::until};

pub async fn tell(desk: Desk) {
    // Neither first nor second start has a session bus, so nothing but the data directory brings them together.
    let mut app = desk.start_without_bus();
    let page = desk.look().await;
    page.sees("Add your first MCP server").await;
    desk.look_away(page);
    desk.close_window().await;
    assert!(is_running(&mut app), "a start can bring it back, so it lives on");
    ended(desk.start_without_bus()).await;
    desk.has_window_again().await;

    // As a crash would: the lock is free, the socket stays behind.
    app.kill().await.expect("the app is killed");
    let mut starts = [desk.start_without_bus(), desk.start_without_bus()];
    let over = until("one of two starts to hand over", async || {
        starts.iter_mut().position(|start| !is_running(start))
    })
    .await;
    let [one, two] = starts;
    let (loser, mut owner) = if over == 0 { (one, two) } else { (two, one) };
    ended(loser).await;
    desk.has_window_again().await;
    assert!(is_running(&mut owner), "the other one owns the data now");
    quit(owner).await;
}

fn is_running(app: &mut Child) -> bool {
    app.try_wait().expect("the app can be looked at").is_none()
}
