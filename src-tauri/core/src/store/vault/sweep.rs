//! After a rotation: sealing every cell anew under the current key, and letting go of keys that no cell needs.
//!
//! A cell is opened, sealed and written in one transaction, and only in place of the very bytes that were read, so whoever
//! writes meanwhile wins. A cell that does not open stays as it is. Whatever stops it in between, the rest is done later.

use sqlx::{AssertSqlSafe, SqliteConnection};

use super::{
    retired::{self, RETIRED},
    ring::Ring,
};
use crate::store::{SealedColumn, Store, StoreError, inspect, seal::Key};

/// How many cells are sealed anew in one transaction: others write in between.
const BATCH: i64 = 64;

/// A cell: where it stands, the row it is bound to, and its bytes.
type Found = (i64, Vec<u8>, Vec<u8>);

/// Seals every cell anew that is under a retired key of the ring.
pub async fn sweep(store: &Store, columns: &[SealedColumn], ring: &Ring) -> Result<(), StoreError> {
    if ring.retired().is_empty() {
        return Ok(());
    }
    let mut swept = false;
    for column in columns.iter().chain([&RETIRED]) {
        let mut after = Some(i64::MIN);
        while let Some(last) = after {
            let done = batch(store, *column, (ring, last)).await?;
            swept |= done.swept;
            after = done.last;
        }
    }
    if swept { count_once(store).await } else { Ok(()) }
}

/// Counts what was swept as one ending, so that one backup follows: each from before holds what is sealed under the key that
/// goes. Where it does not come to that, the end of that key counts.
async fn count_once(store: &Store) -> Result<(), StoreError> {
    let mut transaction = store.write().await?;
    sqlx::query("UPDATE endings SET count = count + 1")
        .execute(&mut *transaction)
        .await?;
    Ok(transaction.commit().await?)
}

/// Removes the retired keys under which no cell is sealed any more that can be read.
///
/// Only for the time before anybody uses the ring: bytes that were sealed under such a key and are still on their way to the
/// file would be lost.
pub async fn discard(store: &Store, columns: &[SealedColumn], mut ring: Ring) -> Result<Ring, StoreError> {
    if ring.retired().is_empty() {
        return Ok(ring);
    }
    let mut transaction = store.write().await?;
    for key in ring.retired().to_vec() {
        if !is_needed(&mut transaction, columns, &key).await? {
            retired::remove(&mut transaction, key.id()).await?;
            ring.forget(key.id());
        }
    }
    transaction.commit().await?;
    Ok(ring)
}

/// What was done of a column.
struct Batch {
    /// Where to go on, if there may be more.
    last: Option<i64>,
    /// Whether any cell was sealed anew.
    swept: bool,
}

/// Seals the next cells of a column anew. It counts as no ending yet: a backup would follow each.
async fn batch(
    store: &Store,
    column: SealedColumn,
    (ring, after): (&Ring, i64),
) -> Result<Batch, StoreError> {
    let SealedColumn {
        table,
        row,
        column: name,
        ..
    } = column;
    let mut transaction = store.write().await?;
    let stale = format!(
        "SELECT rowid, CAST({row} AS BLOB), {name} FROM {table} \
         WHERE rowid > ? AND substr({name}, 2, 8) <> ? ORDER BY rowid LIMIT ?"
    );
    let found: Vec<Found> = sqlx::query_as(AssertSqlSafe(stale))
        .bind(after)
        .bind(ring.current().id().as_slice())
        .bind(BATCH)
        .fetch_all(&mut *transaction)
        .await?;
    let endings = inspect::endings(&mut transaction).await?;
    let mut done = 0;
    for (at, bound_to, sealed) in &found {
        let Some(anew) = sealed_anew(column, ring, (bound_to, sealed)) else {
            continue;
        };
        let swap = format!("UPDATE {table} SET {name} = ? WHERE rowid = ? AND {name} = ?");
        let swapped = sqlx::query(AssertSqlSafe(swap))
            .bind(anew)
            .bind(at)
            .bind(sealed)
            .execute(&mut *transaction);
        done += swapped.await?.rows_affected();
    }
    if done > 0 {
        sqlx::query("UPDATE endings SET count = ?")
            .bind(endings)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
    }
    Ok(Batch {
        last: found.last().map(|(at, ..)| *at),
        swept: done > 0,
    })
}

fn sealed_anew(column: SealedColumn, ring: &Ring, (row, sealed): (&[u8], &[u8])) -> Option<Vec<u8>> {
    let cell = column.cell(str::from_utf8(row).ok()?);
    let plain = ring.unseal(cell, sealed).ok()?;
    // EXPOSE: it is sealed again at once, for the same place.
    Some(ring.seal(cell, plain.expose()))
}

/// Tells whether any cell is sealed under a key and opens with it.
async fn is_needed(
    connection: &mut SqliteConnection,
    columns: &[SealedColumn],
    key: &Key,
) -> Result<bool, StoreError> {
    for column in columns.iter().chain([&RETIRED]) {
        let SealedColumn {
            table,
            row,
            column: name,
            ..
        } = column;
        let under =
            format!("SELECT rowid, CAST({row} AS BLOB), {name} FROM {table} WHERE substr({name}, 2, 8) = ?");
        let found: Vec<Found> = sqlx::query_as(AssertSqlSafe(under))
            .bind(key.id().as_slice())
            .fetch_all(&mut *connection)
            .await?;
        let opens = |row: &[u8], sealed: &[u8]| {
            str::from_utf8(row).is_ok_and(|row| key.unseal(column.cell(row), sealed).is_ok())
        };
        if found.iter().any(|(_, row, sealed)| opens(row, sealed)) {
            return Ok(true);
        }
    }
    Ok(false)
}
