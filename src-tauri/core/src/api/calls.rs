//! The dispatch: which part of the app answers which call.

use serde::Serialize;
use serde_json::Value;

use super::{
    App,
    contract::{AppError, Call, ErrorCode},
};

impl App {
    pub(super) async fn dispatch(&self, call: Call) -> Result<Value, AppError> {
        match call {
            Call::Snapshot(()) => json(self.snapshot().await?),
            Call::Probe(request) => json(self.probe(request).await?),
            Call::AddServer(new) => json(self.add_server(new).await?),
            Call::EditServer(edit) => json(self.edit_server(edit).await?),
            Call::AgreeIssuer(agreed) => json(self.agree_issuer(agreed).await?),
            Call::ChooseWayBack(way) => json(self.choose_way_back(way).await?),
            Call::SetExceptions(set) => json(self.set_exceptions(set).await?),
            Call::SetSignInMethod(set) => json(self.set_sign_in_method(set).await?),
            Call::DeleteServer(server) => json(self.delete_server(server).await?),
            Call::Connect(server) => json(self.connect(server).await?),
            Call::SignIn(server) => json(self.sign_in_anew(server).await?),
            Call::SetScopes(choice) => json(self.set_scopes(choice).await?),
            Call::AllowConsent(server) => json(self.allow_consent(server).await?),
            Call::DeclineConsent(server) => json(self.decline_consent(server).await?),
            Call::Disconnect(server) => json(self.disconnect(server).await?),
            Call::AddAccount(server) => json(self.add_account(server).await?),
            Call::ReconnectAccount(account) => json(self.reconnect_account(account).await?),
            Call::UseAccount(account) => json(self.use_account(account).await?),
            Call::RenameAccount(renaming) => json(self.rename_account(renaming).await?),
            Call::RemoveAccount(account) => json(self.remove_account(account).await?),
            Call::UseHere(account) => json(self.use_here(account).await?),
            Call::ReopenBrowser(sign_in) => json(self.reopen_browser(sign_in).await?),
            Call::SignInLink(sign_in) => json(self.sign_in_link(&sign_in)?),
            Call::TryAnotherWay(sign_in) => json(self.try_another_way(sign_in).await?),
            Call::PasteAnswer(pasted) => json(self.paste_answer(pasted).await?),
            Call::CancelSignIn(sign_in) => json(self.cancel_sign_in(sign_in).await?),
            Call::SignInRuns(server) => json(self.sign_in_runs(server).await?),
            Call::SignInRun(run) => json(self.sign_in_run(run).await?),
            Call::Tools(server) => json(self.tools(server).await?),
            Call::CallTool(call) => json(self.call_tool(call).await?),
            Call::AnswerQuestion(answer) => json(self.answer_question(answer)?),
            Call::DeclineQuestion(question) => json(self.decline_question(&question)?),
            Call::CancelQuestion(question) => json(self.cancel_question(&question)?),
            Call::RetryVault(()) => json(self.retry_vault().await?),
            Call::Unlock(passphrase) => json(self.unlock(passphrase).await?),
            Call::ChoosePassphrase(passphrase) => json(self.choose_passphrase(passphrase).await?),
            Call::ChangePassphrase(change) => json(self.change_passphrase(change).await?),
            Call::UseKeychain(argument) => json(self.use_keychain(argument).await?),
            Call::RotateKey(rotation) => json(self.rotate_key(rotation).await?),
            Call::LockVault(()) => json(self.lock_vault().await?),
            Call::SetAutoLock(set) => json(self.set_auto_lock(set).await?),
            Call::ExportServers(export) => json(self.export_servers(export).await?),
            Call::ReadExport(file) => json(self.read_export(file).await?),
            Call::ImportServers(file) => json(self.import_servers(file).await?),
            Call::RestorationSeen(()) => json(self.restoration_seen().await?),
            Call::SnoozeReminders(()) => json(self.snooze_reminders().await?),
            Call::WakeReminders(()) => json(self.wake_reminders().await?),
            Call::ReplaceLostKey(()) => json(self.replace_lost_key().await?),
        }
    }
}

fn json(answer: impl Serialize) -> Result<Value, AppError> {
    serde_json::to_value(answer).map_err(|_| AppError::new(ErrorCode::BadCall))
}
