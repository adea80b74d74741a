//! The data cannot be used: the window opens all the same, and says why. What came with the start waits until they can be.

use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use usher_tests::{AuthorizationServer, Door, McpServer, Ways};

use super::{add_server, quit};
use crate::{desk::Desk, panel::Panel, wait::until};

const NEWER: &str = "Your data was written by a newer version of Usher.";

pub async fn newer(desk: Desk) {
    let app = desk.start();
    let page = desk.look().await;
    page.sees("Add your first MCP server").await;
    desk.look_away(page);
    quit(app).await;
    change(&desk, MAKE_NEWER).await;

    let app = desk.start();
    let page = desk.look().await;
    page.sees(NEWER).await;
    page.picture("newer").await;
    desk.close_window().await;
    // With nothing to keep alive, closing the window ends the app.
    super::ended(app).await;
}

pub async fn mended(desk: Desk) {
    let panel = Panel::start().await;
    let provider = AuthorizationServer::open(Ways::default()).await;
    let server = McpServer::open(Door::Bearer(&provider)).await;
    let app = desk.start();
    let page = desk.look().await;
    add_server(&page, &server.url(), "You sign in").await;
    page.press("Connect").await;
    let link = desk.agree(desk.opened(0).await).await;
    desk.look_away(page);
    quit(app).await;
    change(&desk, MAKE_NEWER).await;

    desk.open_link(&link).await;
    let page = desk.look().await;
    page.sees(NEWER).await;
    // As another version of the app would, beside the window.
    change(&desk, MEND).await;
    page.press("Try again").await;
    page.sees("1 of 1 ready").await;
    page.picture("mended").await;
    panel.choose("Quit Usher").await;
    panel.is_left_alone().await;
}

/// Notes a migration that this version does not know.
const MAKE_NEWER: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                          VALUES (2999010101, 'from a later year', 1, x'00', 0)";
const MEND: &str = "DELETE FROM _sqlx_migrations WHERE version = 2999010101";

/// Changes the database while no app has it.
async fn change(desk: &Desk, statement: &'static str) {
    let file = until("the database", async || {
        let files = std::fs::read_dir(desk.data_directory()).ok()?;
        let mut paths = files.filter_map(|entry| Some(entry.ok()?.path()));
        paths.find(|path| {
            path.extension()
                .is_some_and(|ending| ending == "db" || ending == "sqlite")
        })
    })
    .await;
    let options = SqliteConnectOptions::new().filename(file);
    let mut database = SqliteConnection::connect_with(&options)
        .await
        .expect("the database opens");
    sqlx::query(statement)
        .execute(&mut database)
        .await
        .expect("the change is made");
    database.close().await.expect("the database closes");
}
