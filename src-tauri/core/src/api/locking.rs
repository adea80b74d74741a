//! Locking the vault, by hand or by itself, without losing what is under way.

use std::{future, time::Duration};

use super::{App, contract::AppError, errors};
use crate::store::{Keeper, Setting, VaultState};

/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(60);

impl App {
    /// Locks a vault that a passphrase opens. From the first moment nothing more is opened; what is under way is written; then
    /// the keys go. What cannot be written keeps the vault open.
    ///
    /// Connections are closed, since they hold headers and tokens. Sign-ins that wait for the browser stay on disk.
    pub(super) async fn lock(&self) -> Result<(), AppError> {
        let app = self.clone();
        // In a task of its own: a caller who goes away does not stop it halfway.
        let locking = tokio::spawn(async move { app.lock_now().await });
        locking.await.unwrap_or(Ok(()))
    }

    async fn lock_now(&self) -> Result<(), AppError> {
        // What cannot be written now keeps the vault open, and nothing is disturbed.
        self.0.grants.write_down().await.map_err(errors::of_store)?;
        let Some(locking) = self.0.vault.begin_lock().await.map_err(errors::of_lock)? else {
            return Ok(());
        };
        self.0.grants.rest().await.map_err(errors::of_store)?;
        self.0.sign_ins.rest().await;
        self.0.connections.close_all().await;
        locking.finish();
        self.publish_all().await;
        Ok(())
    }

    /// Locks the vault if nobody was here for as long as the person chose, as after sleep, when no timer has gone off yet. One
    /// that is just being locked is waited for. Who is signing in may be here, in the browser: until that has ended nothing is
    /// locked, and its answer counts as being here.
    pub(super) async fn lock_if_left(&self) {
        if self.0.sign_ins.is_one_under_way() {
            return;
        }
        if let Some(answered) = self.0.sign_ins.last_answer() {
            self.0.presence.note(answered);
        }
        let is_ours = matches!(
            self.0.vault.state(),
            VaultState::Open(Keeper::Passphrase) | VaultState::PassphraseNeeded { .. }
        );
        let is_left = self.0.presence.left(self.0.clock.now()) == Some(Duration::ZERO);
        if is_ours
            && is_left
            && let Err(error) = self.lock().await
        {
            tracing::warn!(code = ?error.code, "the vault could not lock itself");
        }
    }

    /// Locks the vault whenever nobody was here for as long as the person chose.
    pub(super) async fn lock_when_left(&self) {
        let mut vault = self.0.vault.watch();
        loop {
            self.lock_if_left().await;
            // What that did to the vault is no news to it.
            vault.borrow_and_update();
            let wait = self
                .until_lock()
                .map(|left| if left.is_zero() { AGAIN } else { left });
            tokio::select! {
                () = self.0.presence.changed() => {}
                Ok(()) = vault.changed() => {}
                () = self.wait(wait) => {}
            }
        }
    }

    /// Asks a keychain that has lost the key every minute to keep it again.
    pub(super) async fn keep_again_when_lost(&self) {
        let mut vault = self.0.vault.watch();
        let is_lost = |state: &VaultState| *state == VaultState::Open(Keeper::Nobody);
        while vault.wait_for(is_lost).await.is_ok() {
            self.0.clock.sleep(AGAIN).await;
            if let Err(error) = self.0.vault.retry().await {
                tracing::warn!(%error, "the keychain does not keep the key again");
            }
        }
    }

    /// Recalls after how long that is.
    pub(super) async fn recall_auto_lock(&self) -> Result<(), AppError> {
        let value = self.0.store.setting(Setting::LockAfter).await;
        let minutes = value
            .map_err(errors::of_store)?
            .and_then(|value| value.parse().ok());
        self.0.presence.lock_after(minutes);
        Ok(())
    }

    fn until_lock(&self) -> Option<Duration> {
        let is_ours = self.0.vault.state() == VaultState::Open(Keeper::Passphrase);
        is_ours
            .then(|| self.0.presence.left(self.0.clock.now()))
            .flatten()
    }

    async fn wait(&self, time: Option<Duration>) {
        match time {
            Some(time) => self.0.clock.sleep(time).await,
            None => future::pending().await,
        }
    }
}
