//! The notification of a lost sign-in: a click on it signs in again, and another one puts it off until tomorrow.

use usher_tests::{AuthorizationServer, Door, McpServer, Ways};

use super::{add_server, ended, quit};
use crate::{desk::Desk, panel::Panel};

/// What the log says instead of telling the person.
const SILENT: &str = "reminders are off: nobody is told";
const SNOOZE: &str = "Remind me tomorrow";
/// What the log says once it is kept who was told, or that nobody needs to be any more.
const KEPT: &str = "whose loss was told is written down";

pub async fn tell(desk: Desk) {
    let panel = Panel::start().await;
    let provider = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&provider)).await;
    let url = server.url();
    let name = url.trim_start_matches("http://").trim_end_matches("/mcp");
    let wish = format!("{name} needs you to sign in");
    let end_it = || {
        provider.revoke_all();
        provider.expire_access();
    };
    let app = desk.start();
    let page = desk.look().await;
    add_server(&page, &url, "You sign in").await;
    page.press("Connect").await;
    let link = desk.agree(desk.opened(0).await).await;
    desk.open_link(&link).await;
    page.sees("echo").await;
    end_it();
    desk.look_away(page);
    quit(app).await;

    // The app hears of it once nobody looks at the window, which would say it itself.
    let held = provider.hold_tokens().await;
    let app = desk.start();
    let page = desk.look().await;
    desk.close_window().await;
    drop(held);
    let told = panel.notified(1).await;
    assert_eq!(told.title, format!("{wish} again"));
    assert_eq!(told.body, "It is paused until you reconnect it.");
    let reconnect = &told.actions[1];
    assert!(
        reconnect.starts_with("reconnect:"),
        "it names its server: {reconnect}"
    );
    assert_eq!(told.actions, ["default", reconnect.as_str(), "snooze"]);
    assert_eq!(desk.all_opened().len(), 1, "nothing opened a browser unasked");
    panel.invoke(&told, reconnect).await;
    let link = desk.agree(desk.opened(1).await).await;
    panel.loses(&told).await;
    desk.open_link(&link).await;
    desk.has_window_again().await;
    page.switch().await;
    page.sees("Connected").await;
    page.picture("reconnected").await;
    panel.offers_no_more(&wish).await;

    // Once more, now that it was well: that is news.
    desk.logs(KEPT, 2).await;
    end_it();
    desk.look_away(page);
    quit(app).await;
    let held = provider.hold_tokens().await;
    let app = desk.start();
    let page = desk.look().await;
    desk.close_window().await;
    drop(held);
    let told = panel.notified(2).await;
    panel.offers(SNOOZE).await;
    panel.invoke(&told, "snooze").await;
    panel.loses(&told).await;
    panel.offers_no_more(SNOOZE).await;
    panel.offers(&wish).await;
    desk.logs(SILENT, 1).await;
    desk.look_away(page);
    quit(app).await;

    let app = desk.start();
    let page = desk.look().await;
    panel.offers(&wish).await;
    page.sees("Reminders are off until").await;
    page.picture("reminders-off").await;
    desk.logs(SILENT, 2).await;
    assert_eq!(
        panel.notifications().await.len(),
        2,
        "nothing rings before tomorrow"
    );
    page.press("Turn on").await;
    page.sees(SNOOZE).await;
    page.picture("reminders-on").await;
    panel.offers(SNOOZE).await;
    assert_eq!(desk.all_opened().len(), 2, "one page for each click");
    panel.choose("Quit Usher").await;
    ended(app).await;
}
