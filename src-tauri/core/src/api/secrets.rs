//! Calls about the vault.

use super::{
    App,
    contract::{
        AppError, ChangePassphrase, ErrorCode, EventBody, Passphrase, RotateKey, SetAutoLock, VaultView,
    },
    errors, views,
};
use crate::store::{Keeper, SealedColumn, Setting, VaultState};

/// The longest time without the person that can be chosen, in minutes: a week.
const LONGEST_AUTO_LOCK: u32 = 7 * 24 * 60;

/// Gives every column of every room that holds sealed cells.
pub(super) fn sealed_columns() -> Vec<SealedColumn> {
    let rooms: [&[SealedColumn]; 3] = [
        &crate::servers::SEALED,
        &crate::grants::SEALED,
        &crate::sign_in::SEALED,
    ];
    rooms.concat()
}

impl App {
    pub(super) async fn retry_vault(&self) -> Result<VaultView, AppError> {
        self.0.vault.retry().await.map_err(errors::of_vault)?;
        Ok(self.vault_view())
    }

    pub(super) async fn unlock(&self, passphrase: Passphrase) -> Result<VaultView, AppError> {
        self.0
            .vault
            .unlock(&passphrase.passphrase)
            .await
            .map_err(errors::of_unlock)?;
        Ok(self.vault_view())
    }

    pub(super) async fn choose_passphrase(&self, passphrase: Passphrase) -> Result<VaultView, AppError> {
        self.0
            .vault
            .choose_passphrase(&passphrase.passphrase)
            .await
            .map_err(errors::of_choice)?;
        Ok(self.vault_view())
    }

    pub(super) async fn change_passphrase(&self, change: ChangePassphrase) -> Result<VaultView, AppError> {
        let changed = self.0.vault.change_passphrase(&change.old, &change.new).await;
        changed.map_err(errors::of_change)?;
        Ok(self.vault_view())
    }

    pub(super) async fn use_keychain(&self, passphrase: Passphrase) -> Result<VaultView, AppError> {
        let used = self.0.vault.use_keychain(&passphrase.passphrase).await;
        used.map_err(errors::of_change)?;
        Ok(self.vault_view())
    }

    pub(super) async fn rotate_key(&self, rotation: RotateKey) -> Result<VaultView, AppError> {
        let rotated = self.0.vault.rotate(rotation.passphrase.as_ref()).await;
        rotated.map_err(errors::of_change)?;
        Ok(self.vault_view())
    }

    pub(super) async fn replace_lost_key(&self) -> Result<VaultView, AppError> {
        self.0.vault.replace_lost_key().await.map_err(errors::of_vault)?;
        Ok(self.vault_view())
    }

    pub(super) async fn lock_vault(&self) -> Result<VaultView, AppError> {
        self.lock().await?;
        Ok(self.vault_view())
    }

    pub(super) async fn set_auto_lock(&self, set: SetAutoLock) -> Result<VaultView, AppError> {
        if set
            .minutes
            .is_some_and(|minutes| !(1..=LONGEST_AUTO_LOCK).contains(&minutes))
        {
            return Err(AppError::new(ErrorCode::BadCall));
        }
        if let VaultState::Open(Keeper::Keychain | Keeper::Nobody) = self.0.vault.state() {
            return Err(AppError::new(ErrorCode::KeptByKeychain));
        }
        let value = set.minutes.map(|minutes| minutes.to_string());
        let remembered = self.0.store.remember(Setting::LockAfter, value.as_deref()).await;
        remembered.map_err(errors::of_store)?;
        self.0.presence.lock_after(set.minutes);
        let vault = self.vault_view();
        self.0.events.send(EventBody::Vault { vault });
        Ok(vault)
    }

    pub(super) fn vault_view(&self) -> VaultView {
        views::vault(self.0.vault.state(), self.0.presence.limit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::new_store;

    #[tokio::test]
    async fn every_sealed_column_is_described() {
        let (_directory, store) = new_store().await;
        let sealed: Vec<(String, String)> = sqlx::query_as(
            "SELECT tables.name, columns.name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns
             WHERE tables.type = 'table' AND columns.type = 'BLOB' AND columns.name NOT IN ('salt', 'state_hash')
               AND tables.name NOT IN ('vault', 'retired_keys', 'keychain_keys') AND tables.name NOT LIKE '\\_%' ESCAPE '\\'",
        )
        .fetch_all(store.reader())
        .await
        .expect("the schema can be read");
        assert!(sealed.len() > 5, "the columns are found: {sealed:?}");
        let described = sealed_columns();
        for (table, column) in &sealed {
            assert!(
                described
                    .iter()
                    .any(|known| known.table == table && known.column == column),
                "a rotation would leave {table}.{column} under the old key: describe it in its room's SEALED"
            );
        }
        assert_eq!(
            sealed.len(),
            described.len(),
            "nothing is described that is not there"
        );
    }
}
