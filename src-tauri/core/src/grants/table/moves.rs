//! The writes of accounts that go to another computer and come from one.
//!
//! What is counted of an account is in its row, and in `last_moves` for as long as there is a file of it somewhere: as it was at its
//! last move. A row is never behind that.

use sqlx::{SqliteConnection, query, query_scalar};

use super::{Read, Row, Swap, accounts::upsert, reads::locked_rows, swap};
use crate::{
    base::{AccountId, ServerId},
    grants::{OurClient, grant::Dead, owed_table},
    store::{Store, StoreError, Write},
};

/// Marks the grant as another computer's, and its client as one that is there too. It is durable on return.
pub(in crate::grants) async fn hand_over(
    store: &Store,
    read: Read,
    client: &OurClient,
) -> Result<Swap, StoreError> {
    let mut transaction = store.write().await?;
    let marked = query(
        "UPDATE grants SET dead_reason = ?, moves = moves + 1, version = version + 1 \
         WHERE account = ? AND version = ? AND dead_reason IS NULL",
    )
    .bind(Dead::HandedOver.code())
    .bind(read.account.to_string())
    .bind(read.version)
    .execute(&mut *transaction)
    .await?;
    if marked.rows_affected() == 0 {
        return Ok(Swap::Changed);
    }
    query(
        "INSERT OR REPLACE INTO last_moves (account, moves) SELECT account, moves FROM grants WHERE account = ?",
    )
    .bind(read.account.to_string())
    .execute(&mut *transaction)
    .await?;
    query("INSERT OR IGNORE INTO shared_clients (issuer, client_id) VALUES (?, ?)")
        .bind(client.issuer.as_str())
        .bind(client.client_id.as_str())
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(Swap::Done)
}

/// Takes the mark away again; anything but a handed-over account stays as it is.
pub(in crate::grants) async fn use_here(
    store: &Store,
    server: ServerId,
    account: AccountId,
) -> Result<Swap, StoreError> {
    let taken = query(
        "UPDATE grants SET dead_reason = NULL, version = version + 1 \
         WHERE account = ? AND server = ? AND dead_reason = ?",
    )
    .bind(account.to_string())
    .bind(server.to_string())
    .bind(Dead::HandedOver.code());
    swap(store, taken).await
}

/// Takes the mark of one move away again, and of no other.
pub(in crate::grants) async fn call_back(
    store: &Store,
    account: AccountId,
    moves: u32,
) -> Result<Swap, StoreError> {
    let taken = query(
        "UPDATE grants SET dead_reason = NULL, version = version + 1 \
         WHERE account = ? AND dead_reason = ? AND moves = ?",
    )
    .bind(account.to_string())
    .bind(Dead::HandedOver.code())
    .bind(moves);
    swap(store, taken).await
}

/// Gives what was counted of an account when it last moved to or from here.
pub(in crate::grants) async fn last(
    within: &mut SqliteConnection,
    account: AccountId,
) -> Result<Option<u32>, StoreError> {
    let last = query_scalar("SELECT moves FROM last_moves WHERE account = ?")
        .bind(account.to_string())
        .fetch_optional(within);
    Ok(last.await?)
}

async fn note(within: &mut SqliteConnection, account: AccountId, moves: u32) -> Result<(), StoreError> {
    query(
        "INSERT INTO last_moves (account, moves) VALUES (?, ?) \
         ON CONFLICT (account) DO UPDATE SET moves = max(moves, excluded.moves)",
    )
    .bind(account.to_string())
    .bind(moves)
    .execute(within)
    .await?;
    Ok(())
}

/// Notes that an account that came from another computer is used here.
pub(in crate::grants) async fn wake(store: &Store, account: AccountId) -> Result<(), StoreError> {
    let woken = query("UPDATE grants SET resting = 0 WHERE account = ?").bind(account.to_string());
    swap(store, woken).await.map(|_| ())
}

/// Gives the rows of these servers as the transaction sees them.
pub(in crate::grants) async fn rows(
    within: &mut Write,
    servers: impl Iterator<Item = ServerId>,
) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    for server in servers {
        rows.extend(locked_rows(within, server).await?);
    }
    Ok(rows)
}

/// Tells whether any account of any server has this name.
pub(in crate::grants) async fn is_taken(
    within: &mut SqliteConnection,
    account: AccountId,
) -> Result<bool, StoreError> {
    let taken = query_scalar("SELECT EXISTS (SELECT 1 FROM grants WHERE account = ?)")
        .bind(account.to_string())
        .fetch_one(within);
    Ok(taken.await?)
}

/// Writes the row of an account that came, in place of its earlier one, and how far it has come, under its name here and in
/// the file. What is owed at its issuer cannot end it any more.
pub(in crate::grants) async fn admit(
    within: &mut Write,
    row: &Row,
    (came_as, moves): (AccountId, u32),
) -> Result<(), StoreError> {
    upsert(within, row).await?;
    if row.renews {
        note(within, row.account, row.moves).await?;
        note(within, came_as, moves).await?;
    }
    owed_table::precede(within, row).await
}
