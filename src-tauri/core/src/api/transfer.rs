//! Calls about the file that carries servers and accounts to another computer.

use std::{collections::BTreeSet, time::Duration};

use super::{
    App,
    contract::{
        AccountRef, AppError, ErrorCode, ExportContentsView, ExportServers, ExportView, ExportedFile,
        ExportedServerView, ImportView, ServerView,
    },
    errors,
};
use crate::{
    base::ServerId,
    grants::Away,
    ports::NewFileError,
    transfer::{Luggage, MOST_ACCOUNTS, Opened, TransferError, Undone},
};

/// How long after a failure it is tried again to take an account back.
const AGAIN: Duration = Duration::from_secs(60);

impl App {
    /// Makes a file. It is finished, or undone, also if nobody waits for it any more.
    pub(super) async fn export_servers(&self, export: ExportServers) -> Result<ExportView, AppError> {
        let app = self.clone();
        let made = self.0.tasks.spawn(async move {
            let luggage = if export.accounts {
                Luggage::Accounts
            } else {
                Luggage::None
            };
            app.0.transfer.export(&export.passphrase, luggage).await
        });
        // A task that ends without an outcome has been ended with the app.
        let made = made.await.map_err(|_| AppError::new(ErrorCode::StoreFailed))?;
        let made = match made {
            Ok(made) => made,
            Err(undone) => {
                self.connect_anew(&undone.servers).await;
                return Err(self.of_undone(undone).await);
            }
        };
        Ok(ExportView {
            path: made.path.display().to_string(),
            servers: number(made.servers),
            accounts: number(made.accounts),
            staying: number(made.staying),
        })
    }

    /// Says why there is no file; accounts that still count as moved go before any other reason, and are taken back as soon as
    /// that can be written down.
    async fn of_undone(&self, undone: Undone) -> AppError {
        if undone.away.is_empty() {
            return of_transfer(undone.error);
        }
        tracing::warn!(error = %undone.error, "no file was made, and accounts still count as moved");
        let ids: BTreeSet<_> = undone.away.iter().map(|away| away.server).collect();
        let mut names = Vec::new();
        for id in ids {
            let server = self.0.servers.get(id).await.ok().flatten();
            names.extend(server.map(|server| server.name));
        }
        for away in undone.away {
            let app = self.clone();
            self.run(async move { app.bring_back(away).await });
        }
        AppError::new(ErrorCode::ExportNotUndone).with("servers", names.join(", "))
    }

    /// Takes an account back whose file was not made, again and again until that is written down.
    async fn bring_back(&self, away: Away) {
        loop {
            self.0.clock.sleep(AGAIN).await;
            match self.0.grants.bring_back(away).await {
                Ok(true) => return self.connect_anew(&[away.server]).await,
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, "an account stays handed over although nobody has it"),
            }
        }
    }

    /// Connects servers anew whose accounts were handed over for a moment.
    async fn connect_anew(&self, servers: &[ServerId]) {
        for id in servers {
            // One that is gone, or cannot be read, waits for the person.
            if let Ok(Some(server)) = self.0.servers.get(*id).await
                && server.wanted
            {
                self.0.connections.close(server.id).await;
                self.open_if_wanted(&server).await;
            }
        }
    }

    pub(super) async fn read_export(&self, file: ExportedFile) -> Result<ExportContentsView, AppError> {
        let opened = self.0.transfer.open(&file.text, &file.passphrase).await;
        Ok(contents(opened.map_err(of_transfer)?))
    }

    /// Nothing of it is connected. A connection that waits for an account that came is given up, so that the next press of
    /// Connect begins with it.
    pub(super) async fn import_servers(&self, file: ExportedFile) -> Result<ImportView, AppError> {
        let imported = self.0.transfer.import(&file.text, &file.passphrase).await;
        let imported = imported.map_err(of_transfer)?;
        for arrived in &imported.accounts.arrived {
            if arrived.is_default {
                self.0.connections.close(arrived.server).await;
            }
        }
        let touched = imported.accounts.arrived.iter().map(|arrived| arrived.server);
        for server in imported.added.iter().copied().chain(touched) {
            self.publish(server).await;
        }
        Ok(ImportView {
            added: number(imported.added.len()),
            known: number(imported.known),
            accounts: number(imported.accounts.arrived.len()),
            accounts_known: number(imported.accounts.known),
            accounts_left_out: number(imported.accounts.left_out),
            accounts_damaged: number(imported.accounts.damaged),
            needs_sign_in: number(imported.needs_sign_in),
        })
    }

    /// Takes an account back that was handed over, as its file did not arrive.
    pub(super) async fn use_here(&self, named: AccountRef) -> Result<ServerView, AppError> {
        let (server, account) = self.account(&named).await?;
        let taken = self.0.grants.use_here(server.id, account.id).await;
        taken.map_err(errors::of_account)?;
        if account.is_default {
            self.0.connections.close(server.id).await;
            self.open_if_wanted(&server).await;
        }
        self.shown(server.id).await
    }
}

fn of_transfer(error: TransferError) -> AppError {
    match error {
        TransferError::ShortPassphrase => AppError::new(ErrorCode::PassphraseShort),
        TransferError::Foreign => AppError::new(ErrorCode::ExportForeign),
        TransferError::Newer => AppError::new(ErrorCode::ExportNewer),
        TransferError::Damaged => AppError::new(ErrorCode::ExportDamaged),
        TransferError::TooLarge => AppError::new(ErrorCode::ExportTooLarge),
        TransferError::ManyAccounts => {
            AppError::new(ErrorCode::ExportManyAccounts).with("most", MOST_ACCOUNTS)
        }
        TransferError::Locked => AppError::new(ErrorCode::ExportLocked),
        TransferError::VaultClosed => AppError::new(ErrorCode::VaultClosed),
        TransferError::Unwritten { folder, source } => match source {
            NewFileError::Full => AppError::new(ErrorCode::StoreFull),
            NewFileError::Unwritable => {
                AppError::new(ErrorCode::ExportUnwritable).with("path", folder.display())
            }
        },
        TransferError::Store(error) => errors::of_store(error),
    }
}

fn contents(opened: Opened) -> ExportContentsView {
    let servers = opened.servers.into_iter().map(|server| ExportedServerView {
        name: server.name,
        url: server.url.to_string(),
        accounts: number(server.accounts),
        secret: server.secret,
        known: server.known,
    });
    ExportContentsView {
        made_at: opened.made_at.seconds(),
        servers: servers.collect(),
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
