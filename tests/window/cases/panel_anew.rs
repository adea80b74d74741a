//! What shows notifications fails once, and comes anew while the app runs.

use usher_tests::{AuthorizationServer, Door, McpServer, Ways};

use super::{KEPT, add_server, quit};
use crate::{desk::Desk, page::Page, panel::Panel};

/// A server and who signs in to it.
struct Account {
    provider: AuthorizationServer,
    server: McpServer,
}

impl Account {
    async fn open() -> Self {
        let provider = AuthorizationServer::open(Ways::default()).await;
        let server = McpServer::open(Door::Bearer(&provider)).await;
        Self { provider, server }
    }

    fn name(&self) -> String {
        let url = self.server.url();
        url.trim_start_matches("http://")
            .trim_end_matches("/mcp")
            .to_owned()
    }

    /// The person adds the server and signs in.
    async fn sign_in(&self, desk: &Desk, page: &Page) {
        add_server(page, &self.server.url(), "You sign in").await;
        self.connect(desk, page, "Connect").await;
    }

    async fn connect(&self, desk: &Desk, page: &Page, button: &str) {
        let seen = desk.all_opened().len();
        page.press(button).await;
        let link = desk.agree(desk.opened(seen).await).await;
        desk.open_link(&link).await;
        page.sees("echo").await;
    }

    /// Ends the sign-in on the provider's side; the app hears of it when it next asks.
    fn end(&self) {
        self.provider.revoke_all();
        self.provider.expire_access();
    }
}

pub async fn tell(desk: Desk) {
    let (one, other) = (Account::open().await, Account::open().await);
    let panel = Panel::start().await;
    let app = desk.start();
    let page = desk.look().await;
    one.sign_in(&desk, &page).await;
    other.sign_in(&desk, &page).await;
    one.end();
    desk.look_away(page);
    quit(app).await;

    let app = desk.start();
    let page = is_told_later(&desk, &panel, &one).await;
    let panel = is_told_anew(&desk, &page, panel, &other).await;
    panel.end().await;
    let panel = Panel::start().await;
    gets_well(&desk, &page, &one).await;
    let shown = panel.notifications().await;
    assert!(
        shown.is_empty(),
        "nothing was in sight that says too much: {shown:?}"
    );
    desk.look_away(page);
    quit(app).await;
}

/// The first time nothing is shown: nobody was told, so nothing is written down before it is.
async fn is_told_later(desk: &Desk, panel: &Panel, lost: &Account) -> Page {
    panel.refuses_once().await;
    let held = lost.provider.hold_tokens().await;
    let page = desk.look().await;
    desk.close_window().await;
    drop(held);
    desk.logs("the notification could not be shown", 1).await;
    let told = panel.notified(1).await;
    assert_eq!(told.title, format!("{} needs you to sign in again", lost.name()));
    desk.logs(KEPT, 1).await;
    assert_eq!(desk.times_logged(KEPT), 1, "once it was seen, and not before");
    page
}

/// Another one is lost after what shows notifications has come anew.
async fn is_told_anew(desk: &Desk, page: &Page, panel: Panel, lost: &Account) -> Panel {
    show_window(desk, page).await;
    let mut held = lost.provider.hold_request();
    lost.end();
    page.press(&lost.name()).await;
    page.press("echo").await;
    page.fill("message", "is anybody there?").await;
    page.press("Run").await;
    assert!(held.reached().await, "the token is being renewed");
    desk.close_window().await;
    panel.end().await;
    let panel = Panel::start().await;
    drop(held);
    let told = panel.notified(1).await;
    assert_eq!(told.replaces, 0, "the number was another server's");
    assert_eq!(told.title, "2 servers need you to sign in again");
    panel
}

async fn gets_well(desk: &Desk, page: &Page, account: &Account) {
    let kept = desk.times_logged(KEPT);
    show_window(desk, page).await;
    page.press(&account.name()).await;
    account.connect(desk, page, "Reconnect").await;
    desk.logs(KEPT, kept + 1).await;
}

/// A second start shows the window.
async fn show_window(desk: &Desk, page: &Page) {
    super::ended(desk.start()).await;
    desk.has_window_again().await;
    page.switch().await;
}
