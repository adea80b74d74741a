//! The main job: from an empty list to a tool's answer, out of the window and back, and over a restart.

use usher_tests::{Demands, Peer, ResourceServer};

use super::{DROPPED, add_server, ask_for_weather};
use crate::{desk::Desk, panel::Panel};

pub async fn tell(desk: Desk) {
    let panel = Panel::start().await;
    let provider = Peer::start("oidc-provider.mjs").await;
    let demands = Demands {
        scopes: "tools:read tools:call",
        to_call: None,
    };
    let server = ResourceServer::behind(&provider, demands).await;
    let mut app = desk.start();
    let page = desk.look().await;
    page.sees("Add your first MCP server").await;
    page.picture("empty").await;

    add_server(&page, &server.url(), "You sign in").await;
    page.sees("Not connected").await;
    page.picture("saved").await;
    page.press("Connect").await;
    page.sees("Waiting for your browser").await;
    page.picture("waiting").await;

    // A link that nobody here asked for changes nothing.
    desk.open_link("dev.usher.desktop://oauth/callback?code=stolen&state=forged")
        .await;
    desk.logs(DROPPED, 1).await;
    let link = desk.agree(desk.opened(0).await).await;
    page.sees("Waiting for your browser").await;
    desk.open_link(&link).await;
    page.sees("forecast").await;
    page.picture("connected").await;
    ask_for_weather(&page, "Lisbon").await;
    page.picture("answer").await;

    desk.close_window().await;
    desk.picture_of_screen(&page, "closed").await;
    panel.offers("Open Usher").await;
    assert!(
        app.try_wait().expect("the app is looked at").is_none(),
        "the app lives on without its window"
    );
    // A second start hands over to the first.
    super::ended(desk.start()).await;
    desk.has_window_again().await;
    page.switch().await;
    page.sees("Connected").await;
    page.painted().await;
    desk.picture_of_screen(&page, "reopened").await;

    desk.look_away(page);
    panel.choose("Quit Usher").await;
    super::ended(app).await;

    let again = desk.start();
    let page = desk.look().await;
    page.sees("Connected").await;
    page.picture("still-signed-in").await;
    page.press(server.name()).await;
    ask_for_weather(&page, "Porto").await;
    assert_eq!(
        desk.all_opened().len(),
        1,
        "no browser was opened but for the one sign-in"
    );
    page.press("Disconnect").await;
    page.press("Sign out and disconnect").await;
    page.sees("The provider has revoked your sign-in").await;
    page.picture("disconnected").await;
    super::quit(again).await;
}
