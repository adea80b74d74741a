//! The app is still quitting when the browser comes back: it waits for an answer that it will not get again. The link waits too.

use usher_tests::{AuthorizationServer, Door, McpServer, Ways};

use super::{add_server, ended, tell_to_end};
use crate::{desk::Desk, page::Page, panel::Panel};

/// Adds a server and begins to sign in; gives the link that the browser ends at.
async fn come_back(desk: &Desk, page: &Page, server: &McpServer, seen: usize) -> String {
    add_server(page, &server.url(), "You sign in").await;
    page.press("Connect").await;
    desk.agree(desk.opened(seen).await).await
}

pub async fn tell(desk: Desk) {
    let panel = Panel::start().await;
    let provider = AuthorizationServer::open(Ways::default()).await;
    let slow = McpServer::open(Door::Bearer(&provider)).await;
    let late = McpServer::open(Door::Bearer(&provider)).await;
    let app = desk.start();
    let page = desk.look().await;
    let first = come_back(&desk, &page, &slow, 0).await;
    let second = come_back(&desk, &page, &late, 1).await;
    // The provider takes its time with the first, and the person quits meanwhile.
    let mut held = provider.hold_request();
    desk.open_link(&first).await;
    assert!(held.reached().await, "the code is being exchanged");
    desk.look_away(page);
    tell_to_end(&app).await;
    desk.door_is_closed().await;

    desk.look_at_next_start();
    desk.open_link(&second).await;
    let page = desk.look().await;
    page.sees("Usher is still finishing what it was doing").await;
    page.picture("waits").await;
    drop(held);
    ended(app).await;
    page.sees("2 of 2 ready").await;
    page.picture("both").await;
    assert_eq!(desk.all_opened().len(), 2, "one page for each click");
    panel.choose("Quit Usher").await;
    panel.is_left_alone().await;
}
