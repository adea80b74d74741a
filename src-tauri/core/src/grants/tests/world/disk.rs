//! The data directory behind the app's back: what is in it, and what a broken disk or another process does to it.

use super::{LIFE, World};
use crate::{
    base::{Secret, ServerId},
    grants::table::{self, Row},
    oauth::{TokenType, Tokens},
    ports::Clock,
};

impl World {
    /// Lets every write of a new pair fail, as a broken disk would.
    pub async fn refuse_new_pairs(&self) {
        let statement = "CREATE TRIGGER broken BEFORE UPDATE OF sealed ON grants \
                         BEGIN SELECT RAISE(ABORT, 'broken'); END";
        self.sql(statement).await;
    }

    /// Writes a newer pair, as another process would.
    pub async fn renew_from_elsewhere(&self, server: ServerId, access: &str) {
        let grant = self
            .row(server)
            .await
            .open(&self.vault)
            .expect("it can be opened");
        let (read, now) = (grant.as_read(), self.clock.now());
        let tokens = Tokens {
            token_type: TokenType::Bearer,
            access: Secret::new(access.to_owned()),
            refresh: None,
            expires_at: Some(now.after(LIFE)),
        };
        let contents = grant.contents().clone().renewed(tokens, now);
        let renewal = table::Renewal {
            sealed: contents
                .seal(&self.vault, read.account)
                .expect("the vault is open"),
            expires_at: contents.expires_at(),
            renews: contents.renews(),
        };
        let swap = table::renew(&self.store, read, &renewal)
            .await
            .expect("the store works");
        assert_eq!(swap, table::Swap::Done, "nobody was quicker");
    }

    /// Writes other bytes into the server's sealed cell.
    pub async fn overwrite_sealed(&self, server: ServerId, bytes: &[u8]) {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.sql(&format!(
            "UPDATE grants SET sealed = x'{hex}' WHERE server = '{server}'"
        ))
        .await;
    }

    /// Gives the server's row.
    pub async fn row(&self, server: ServerId) -> Row {
        table::default_of(&self.store, server)
            .await
            .expect("the store works")
            .expect("there is a row")
    }

    pub async fn has_row(&self, server: ServerId) -> bool {
        table::default_of(&self.store, server)
            .await
            .expect("the store works")
            .is_some()
    }

    /// Tells whether any file of the data directory holds these bytes.
    pub fn files_hold(&self, bytes: &[u8]) -> bool {
        let files = std::fs::read_dir(self.directory.path()).expect("the directory is ours");
        files
            .map(|file| std::fs::read(file.expect("it can be listed").path()))
            .any(|content| {
                content
                    .expect("it can be read")
                    .windows(bytes.len())
                    .any(|window| window == bytes)
            })
    }

    pub async fn sql(&self, statement: &str) {
        let mut transaction = self.store.write().await.expect("the writer is free");
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        sqlx::query(statement)
            .execute(&mut *transaction)
            .await
            .expect("the statement is right");
        transaction.commit().await.expect("it commits");
    }
}
