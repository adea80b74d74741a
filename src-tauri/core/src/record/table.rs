//! The table `traces`.

use sqlx::FromRow;

use super::{KEPT, Kind, Standing, Summary};
use crate::{
    base::{RunId, ServerId, Timestamp},
    oauth::Step,
    store::{Store, StoreError},
};

#[derive(FromRow)]
struct Row {
    id: String,
    server: String,
    account: Option<String>,
    kind: String,
    begun_at: i64,
    ended_at: Option<i64>,
    ending: Option<String>,
}

/// Writes a run in place of what was written of it before, unless its server is gone. `run` is asked once it is
/// this run's turn to write, so that an earlier state never overwrites a later one. Older runs of its kind go.
pub(super) async fn put(store: &Store, run: impl FnOnce() -> (Summary, Vec<Step>)) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    let (summary, steps) = run();
    let (ended_at, ending) = match &summary.standing {
        Standing::UnderWay | Standing::Unfinished => (None, None),
        Standing::Ended { at, ending } => (Some(at.seconds()), Some(ending.to_string())),
    };
    let steps = serde_json::to_string(&steps).expect("steps always have a JSON form");
    let (server, kind) = (summary.server.to_string(), summary.kind.word());
    let inserted = sqlx::query(
        "INSERT OR REPLACE INTO traces (id, server, account, kind, begun_at, ended_at, ending, steps)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(summary.id.to_string())
    .bind(&server)
    .bind(summary.account.map(|account| account.to_string()))
    .bind(kind)
    .bind(summary.begun_at.seconds())
    .bind(ended_at)
    .bind(ending)
    .bind(steps)
    .execute(&mut *write)
    .await;
    match inserted {
        // The server is gone, and what happened there with it.
        Err(sqlx::Error::Database(cause)) if cause.is_foreign_key_violation() => return Ok(()),
        inserted => inserted?,
    };
    sqlx::query(
        "DELETE FROM traces WHERE server = ?1 AND kind = ?2 AND id NOT IN (
             SELECT id FROM traces WHERE server = ?1 AND kind = ?2 ORDER BY begun_at DESC, rowid DESC LIMIT ?3)",
    )
    .bind(&server)
    .bind(kind)
    .bind(KEPT)
    .execute(&mut *write)
    .await?;
    write.commit().await?;
    Ok(())
}

/// Gives the runs of a server, newest first; a row that makes no sense is left out.
pub(super) async fn of_server(store: &Store, server: ServerId) -> Result<Vec<Summary>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, server, account, kind, begun_at, ended_at, ending FROM traces
         WHERE server = ? ORDER BY begun_at DESC, rowid DESC",
    )
    .bind(server.to_string())
    .fetch_all(store.reader())
    .await?;
    Ok(rows.into_iter().filter_map(Row::read).collect())
}

/// Gives one run with its steps; a step that this version does not know is left out.
pub(super) async fn find(store: &Store, id: RunId) -> Result<Option<(Summary, Vec<Step>)>, StoreError> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, server, account, kind, begun_at, ended_at, ending FROM traces WHERE id = ?",
    )
    .bind(id.to_string())
    .fetch_optional(store.reader())
    .await?;
    let Some(summary) = row.and_then(Row::read) else {
        return Ok(None);
    };
    let json: Option<String> = sqlx::query_scalar("SELECT steps FROM traces WHERE id = ?")
        .bind(id.to_string())
        .fetch_optional(store.reader())
        .await?;
    let steps: Vec<serde_json::Value> = serde_json::from_str(&json.unwrap_or_default()).unwrap_or_default();
    let steps = steps
        .into_iter()
        .filter_map(|step| serde_json::from_value(step).ok());
    Ok(Some((summary, steps.collect())))
}

impl Row {
    fn read(self) -> Option<Summary> {
        let ended = self.ended_at.map(Timestamp::from_seconds);
        let standing = match ended {
            Some(at) => Standing::Ended {
                at,
                ending: serde_json::from_str(&self.ending?).ok()?,
            },
            None => Standing::Unfinished,
        };
        Some(Summary {
            id: self.id.parse().ok()?,
            server: self.server.parse().ok()?,
            account: self.account.and_then(|account| account.parse().ok()),
            kind: Kind::from_word(&self.kind)?,
            begun_at: Timestamp::from_seconds(self.begun_at),
            standing,
        })
    }
}
