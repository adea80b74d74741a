//! The app is gone when the browser comes back: the link starts it again, and the sign-in goes on.

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
    add_server(&page, &server.url(), "You sign in").await;
    page.press("Connect").await;
    page.sees("Waiting for your browser").await;
    let opened = desk.opened(0).await;
    desk.look_away(page);
    // As a crash would: nothing is told, nothing is tidied.
    app.kill().await.expect("the app is killed");

    let link = desk.agree(opened).await;
    desk.open_link(&link).await;
    let page = desk.look().await;
    page.sees("Connected").await;
    page.painted().await;
    desk.picture_of_screen(&page, "came-back").await;
    page.press(server.name()).await;
    ask_for_weather(&page, "Faro").await;
    page.picture("answer").await;
    assert_eq!(desk.all_opened().len(), 1, "the browser was opened once");

    // The same link once more changes nothing: its state is spent.
    desk.open_link(&link).await;
    desk.logs(DROPPED, 1).await;
    page.sees("Connected").await;
    panel.choose("Quit Usher").await;
    panel.is_left_alone().await;
}
