//! A sign-in ends on the provider's side: one notification, a line in the tray, and the way back.

use usher_tests::{AuthorizationServer, Door, McpServer, Ways};

use super::add_server;
use crate::{desk::Desk, panel::Panel};

pub async fn tell(desk: Desk) {
    let panel = Panel::start().await;
    let provider = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&provider)).await;
    let url = server.url();
    let name = url.trim_start_matches("http://").trim_end_matches("/mcp");
    let wish = format!("{name} needs you to sign in");
    let app = desk.start();
    let page = desk.look().await;
    add_server(&page, &url, "You sign in").await;
    page.press("Connect").await;
    let link = desk.agree(desk.opened(0).await).await;
    desk.open_link(&link).await;
    page.sees("echo").await;
    desk.close_window().await;
    panel
        .hints_that("Usher keeps your sign-ins alive in the tray")
        .await;

    // Somebody ends the sign-in over there; the app notices when it next asks, as after a restart.
    provider.revoke_all();
    provider.expire_access();
    desk.look_away(page);
    super::quit(app).await;
    // It hears of it once nobody looks at the window, which would say it itself.
    let held = provider.hold_tokens().await;
    let app = desk.start();
    let page = desk.look().await;
    desk.close_window().await;
    drop(held);
    panel.offers(&wish).await;
    let told = panel.notified(1).await;
    assert_eq!(told.title, format!("{wish} again"), "it says what it is about");
    assert_eq!(desk.all_opened().len(), 1, "nothing opened a browser unasked");

    panel.choose(&wish).await;
    desk.has_window_again().await;
    page.switch().await;
    page.sees("no longer accepts your sign-in").await;
    page.painted().await;
    desk.picture_of_screen(&page, "needs-you").await;
    page.press("Reconnect").await;
    let link = desk.agree(desk.opened(1).await).await;
    desk.open_link(&link).await;
    page.sees("echo").await;
    page.sees("Connected").await;
    page.picture("back").await;
    panel.loses(&told).await;
    assert_eq!(panel.notifications().await.len(), 1, "getting well is no news");
    assert_eq!(panel.hints().await.len(), 1, "that it goes on is said once");
    panel.choose("Quit Usher").await;
    super::ended(app).await;
}
