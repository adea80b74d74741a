//! Calls about the vault.

use super::{
    App,
    contract::{AppError, Passphrase, VaultView},
    errors, views,
};

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

    pub(super) async fn replace_lost_key(&self) -> Result<VaultView, AppError> {
        self.0.vault.replace_lost_key().await.map_err(errors::of_vault)?;
        Ok(self.vault_view())
    }

    fn vault_view(&self) -> VaultView {
        views::vault(self.0.vault.state())
    }
}
