//! The data cannot be used: the window opens all the same, and says why.

use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{desk::Desk, wait::until};

pub async fn newer(desk: Desk) {
    let app = desk.start();
    let page = desk.look().await;
    page.sees("Add your first MCP server").await;
    desk.look_away(page);
    super::quit(app).await;
    make_newer(&desk).await;

    let app = desk.start();
    let page = desk.look().await;
    page.sees("Your data was written by a newer version of Usher.")
        .await;
    page.picture("newer").await;
    desk.close_window().await;
    // With nothing to keep alive, closing the window ends the app.
    super::ended(app).await;
}

/// Notes a migration that this version does not know.
async fn make_newer(desk: &Desk) {
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
    let migration = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     VALUES (2999010101, 'from a later year', 1, x'00', 0)";
    sqlx::query(migration)
        .execute(&mut database)
        .await
        .expect("the migration is noted");
    database.close().await.expect("the database closes");
}
