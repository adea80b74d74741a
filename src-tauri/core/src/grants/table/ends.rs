//! The ends of rows: what is owed for one is written down in the same transaction.

use sqlx::{Row as _, SqliteConnection, query, sqlite::SqliteRow};

use super::{
    Row,
    accounts::mark_default,
    reads::{locked_rows, read},
};
use crate::{
    base::{AccountId, ServerId},
    grants::owed_table::{self, Owed},
    store::{Store, StoreError},
};

/// A row that was deleted, and what is owed for it from that moment on.
pub(in crate::grants) struct Gone {
    pub(in crate::grants) row: Row,
    /// `None` if nothing is: it is another computer's.
    pub(in crate::grants) owed: Option<Owed>,
}

/// What the end of a row depends on.
pub(in crate::grants) struct Ending<H, O> {
    /// Chooses among the rest which one takes the place of a default that goes.
    pub(in crate::grants) heir: H,
    /// Makes what is owed to the authorization server.
    pub(in crate::grants) owed: O,
}

/// Deletes an account's row; if it was the default, its heir takes its place. Gives the row as it was at that moment: the
/// outer `None` if the server does not have it, the inner one if it is damaged.
pub(in crate::grants) async fn remove(
    store: &Store,
    server: ServerId,
    account: AccountId,
    ending: Ending<impl FnOnce(&[Row]) -> Option<AccountId>, impl Fn(&Row) -> Option<Owed>>,
) -> Result<Option<Option<Gone>>, StoreError> {
    let mut transaction = store.write().await?;
    let gone = query("DELETE FROM grants WHERE account = ? AND server = ? RETURNING *")
        .bind(account.to_string())
        .bind(server.to_string())
        .fetch_optional(&mut *transaction)
        .await?;
    let Some(gone) = gone else {
        return Ok(None);
    };
    if gone.try_get("is_default")? {
        let rest = locked_rows(&mut transaction, server).await?;
        if let Some(heir) = (ending.heir)(&rest) {
            mark_default(&mut transaction, server, heir).await?;
        }
    }
    let gone = owe(&mut transaction, &gone, &ending.owed).await?;
    transaction.commit().await?;
    Ok(Some(gone))
}

/// Deletes all of the server's rows; gives them as they were at that moment, `None` for a damaged one.
pub(in crate::grants) async fn wipe(
    store: &Store,
    server: ServerId,
    owed: impl Fn(&Row) -> Option<Owed>,
) -> Result<Vec<Option<Gone>>, StoreError> {
    let mut transaction = store.write().await?;
    let gone = query("DELETE FROM grants WHERE server = ? RETURNING *")
        .bind(server.to_string())
        .fetch_all(&mut *transaction)
        .await?;
    let mut owing = Vec::new();
    for row in &gone {
        owing.push(owe(&mut transaction, row, &owed).await?);
    }
    transaction.commit().await?;
    Ok(owing)
}

/// Writes down what is owed for a row that was deleted; nothing for one that is damaged.
async fn owe(
    connection: &mut SqliteConnection,
    row: &SqliteRow,
    owed: impl Fn(&Row) -> Option<Owed>,
) -> Result<Option<Gone>, StoreError> {
    let Ok(row) = read(row) else {
        return Ok(None);
    };
    let owed = owed(&row);
    if let Some(owed) = &owed {
        owed_table::owe(connection, owed).await?;
    }
    Ok(Some(Gone { row, owed }))
}
