//! Calls about the accounts of a server.

use super::{
    App,
    contract::{AccountRef, AccountRemoval, AppError, ErrorCode, RenameAccount, ServerRef, ServerView},
    errors, views,
};
use crate::{
    base::{AccountId, ServerId},
    grants::Account,
    oauth::Revocation,
    servers::Server,
    sign_in::Wish,
};

/// The most characters of the person's own name for an account.
const NAME_LIMIT: usize = 120;

impl App {
    pub(super) async fn add_account(&self, server: ServerRef) -> Result<(), AppError> {
        let server = self.server(&server.id).await?;
        if self.accounts(server.id).await?.is_empty() {
            self.want(server.id).await?;
        }
        self.begin(&server, Wish::Add).await
    }

    pub(super) async fn reconnect_account(&self, named: AccountRef) -> Result<(), AppError> {
        let (server, account) = self.account(&named).await?;
        if account.is_default {
            self.want(server.id).await?;
        }
        self.begin(&server, Wish::Again(account.id)).await
    }

    /// Goes on as another account. The connection is closed before the switch, so that nothing of the old one is asked
    /// with the new one's bearer.
    pub(super) async fn use_account(&self, named: AccountRef) -> Result<ServerView, AppError> {
        let (server, account) = self.account(&named).await?;
        if !account.is_default {
            self.0.connections.close(server.id).await;
            let used = self.0.grants.use_account(server.id, account.id).await;
            self.open_if_wanted(&server).await;
            used.map_err(errors::of_account)?;
        }
        self.shown(server.id).await
    }

    pub(super) async fn rename_account(&self, renaming: RenameAccount) -> Result<ServerView, AppError> {
        let (server, account) = self.account(&renaming.account).await?;
        let name: String = renaming.name.trim().chars().take(NAME_LIMIT).collect();
        let name = Some(name.as_str()).filter(|name| !name.is_empty());
        let renamed = self.0.grants.rename(server.id, account.id, name).await;
        renamed.map_err(errors::of_account)?;
        self.shown(server.id).await
    }

    /// Ends one account. Without its last one a server is disconnected.
    pub(super) async fn remove_account(&self, named: AccountRef) -> Result<AccountRemoval, AppError> {
        let (server, account) = self.account(&named).await?;
        let revocation = if self.accounts(server.id).await?.len() > 1 {
            self.remove(&server, &account).await?
        } else {
            self.unwant(server.id).await?;
            self.leave(server.id).await?
        };
        Ok(AccountRemoval {
            revocation: revocation.map(views::revocation),
            server: self.shown(server.id).await?,
        })
    }

    /// Ends an account beside others. If the server was used as it, it goes on as the one that takes its place.
    async fn remove(&self, server: &Server, account: &Account) -> Result<Option<Revocation>, AppError> {
        self.0.sign_ins.drop_account(server.id, account.id).await;
        if account.is_default {
            self.0.connections.close(server.id).await;
        }
        let ended = self.0.grants.end_account(server.id, account.id).await;
        if account.is_default {
            self.open_if_wanted(server).await;
        }
        Ok(self.let_go(server.id, ended.map_err(errors::of_grants)?))
    }

    /// Finds an account by what the window calls it.
    pub(super) async fn account(&self, named: &AccountRef) -> Result<(Server, Account), AppError> {
        let server = self.server(&named.server).await?;
        let gone = || AppError::new(ErrorCode::AccountGone).about(server.id);
        let id: AccountId = named.account.parse().map_err(|_| gone())?;
        let mut accounts = self.accounts(server.id).await?.into_iter();
        let account = accounts.find(|account| account.id == id).ok_or_else(gone)?;
        Ok((server, account))
    }

    async fn accounts(&self, server: ServerId) -> Result<Vec<Account>, AppError> {
        self.0.grants.accounts(server).await.map_err(errors::of_grants)
    }

    pub(super) async fn shown(&self, server: ServerId) -> Result<ServerView, AppError> {
        self.publish(server).await;
        self.server_view(server).await
    }
}
