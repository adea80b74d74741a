//! The one total mapping from the rooms' errors to the error people see.

use std::path::Path;

use super::contract::{AppError, ErrorCode};
use crate::{
    base::{Scopes, ServerUrlError},
    connect::{CallError, ConnectError, SignInNeed},
    grants::{Account, AccountError, GrantError},
    ports::KeychainError,
    servers::{Server, ServersError},
    store::{ChangeError, ChoosePassphraseError, LockError, OpenError, StoreError, UnlockError, VaultError},
};

pub(super) fn of_address(error: ServerUrlError) -> AppError {
    AppError::new(match error {
        ServerUrlError::Empty => ErrorCode::AddressEmpty,
        ServerUrlError::NotAUrl => ErrorCode::AddressNotAUrl,
        ServerUrlError::NotHttp => ErrorCode::AddressNotHttp,
        ServerUrlError::Credentials => ErrorCode::AddressCredentials,
        ServerUrlError::Fragment => ErrorCode::AddressFragment,
        ServerUrlError::TooLong => ErrorCode::AddressTooLong,
    })
}

/// Says why the data directory could not be opened.
pub(super) fn of_opening(error: OpenError, path: &Path) -> AppError {
    let code = match &error {
        OpenError::Newer => ErrorCode::StoreNewer,
        OpenError::ReadOnly => ErrorCode::StoreReadOnly,
        OpenError::Full => ErrorCode::StoreFull,
        OpenError::Busy => ErrorCode::StoreBusy,
        OpenError::Damaged => ErrorCode::StoreDamaged,
        OpenError::NotADirectory => ErrorCode::StoreNotADirectory,
        OpenError::Symlink(_) => ErrorCode::StoreSymlink,
        OpenError::Directory(_) | OpenError::Failed(_) => ErrorCode::StoreFailed,
    };
    // Another app has it, which passes: whoever waits for that asks many times.
    if code != ErrorCode::StoreBusy {
        tracing::error!(%error, "the data directory could not be opened");
    }
    match error {
        OpenError::Symlink(link) => AppError::new(code).with("path", link.display()),
        _ => AppError::new(code).with("path", path.display()),
    }
}

/// Adds where the data lies to what is about the data.
pub(super) fn placed(error: AppError, path: &Path) -> AppError {
    match error.code {
        ErrorCode::StoreReadOnly => error.with("path", path.display()),
        _ => error,
    }
}

/// Says why a row could not be read or written.
pub(super) fn of_store(error: StoreError) -> AppError {
    AppError::new(match error {
        StoreError::Full => ErrorCode::StoreFull,
        StoreError::ReadOnly => ErrorCode::StoreReadOnly,
        StoreError::Damaged => ErrorCode::StoreNeedsRestart,
        StoreError::Failed(_) => ErrorCode::StoreFailed,
    })
}

pub(super) fn of_servers(error: ServersError) -> AppError {
    match error {
        ServersError::VaultClosed | ServersError::Broken => AppError::new(ErrorCode::VaultClosed),
        ServersError::Store(error) => of_store(error),
    }
}

pub(super) fn of_vault(error: VaultError) -> AppError {
    match error {
        VaultError::Store(error) => of_store(error),
        _ => AppError::new(ErrorCode::VaultClosed),
    }
}

pub(super) fn of_unlock(error: UnlockError) -> AppError {
    match error {
        UnlockError::Wrong => AppError::new(ErrorCode::PassphraseWrong),
        UnlockError::Store(error) => of_store(error),
        _ => AppError::new(ErrorCode::VaultClosed),
    }
}

pub(super) fn of_choice(error: ChoosePassphraseError) -> AppError {
    match error {
        ChoosePassphraseError::Short => AppError::new(ErrorCode::PassphraseShort),
        ChoosePassphraseError::Chosen => AppError::new(ErrorCode::PassphraseWrong),
        ChoosePassphraseError::Store(error) => of_store(error),
        ChoosePassphraseError::KeyOutOfReach => AppError::new(ErrorCode::VaultClosed),
    }
}

/// Says why the vault's keys stay as they are.
pub(super) fn of_change(error: ChangeError) -> AppError {
    AppError::new(match error {
        ChangeError::Closed => ErrorCode::VaultClosed,
        ChangeError::Wrong => ErrorCode::PassphraseWrong,
        ChangeError::Short => ErrorCode::PassphraseShort,
        ChangeError::KeptBySystem => ErrorCode::KeptByKeychain,
        ChangeError::Keychain(KeychainError::Locked) => ErrorCode::KeychainLocked,
        ChangeError::Keychain(KeychainError::Absent | KeychainError::Forgets) => ErrorCode::KeychainAbsent,
        ChangeError::Keychain(KeychainError::NoAnswer) => ErrorCode::KeychainNoAnswer,
        ChangeError::Keychain(KeychainError::NotAKey) => ErrorCode::KeychainTaken,
        ChangeError::KeyLost => ErrorCode::KeychainLostKey,
        ChangeError::Store(error) => return of_store(error),
    })
}

pub(super) const fn of_lock(LockError::KeptBySystem: LockError) -> AppError {
    AppError::new(ErrorCode::KeptByKeychain)
}

pub(super) fn of_grants(error: GrantError) -> AppError {
    match error {
        GrantError::VaultClosed => AppError::new(ErrorCode::VaultClosed),
        GrantError::ServerGone => AppError::new(ErrorCode::ServerGone),
        GrantError::Store(error) => of_store(error),
    }
}

/// Says why nothing was changed about an account.
pub(super) fn of_account(error: AccountError) -> AppError {
    match error {
        AccountError::Gone => AppError::new(ErrorCode::AccountGone),
        AccountError::Store(error) => of_store(error),
    }
}

/// Says why a server is not connected; `account` is who is signed in.
pub(super) fn of_connect(error: ConnectError, server: &Server, account: Option<&Account>) -> AppError {
    let code = match &error {
        ConnectError::Insecure => ErrorCode::AddressInsecure,
        ConnectError::Offline => ErrorCode::Offline,
        ConnectError::Portal { .. } => ErrorCode::Portal,
        ConnectError::UnknownHost => ErrorCode::UnknownHost,
        ConnectError::Unreachable | ConnectError::Provider => ErrorCode::Unreachable,
        ConnectError::Certificate => ErrorCode::Certificate,
        ConnectError::ForbiddenAddress => ErrorCode::ForbiddenAddress,
        ConnectError::TimedOut => ErrorCode::TimedOut,
        ConnectError::Status(_) => ErrorCode::HttpStatus,
        ConnectError::NotMcp => ErrorCode::NotMcp,
        ConnectError::TooLarge => ErrorCode::TooLarge,
        ConnectError::ScopeRefused(scopes) => refusal(scopes, account),
        ConnectError::VaultClosed => ErrorCode::VaultClosed,
        ConnectError::Store => ErrorCode::StoreFailed,
    };
    let shown = AppError::new(code)
        .with("host", server.url.host())
        .about(server.id);
    match error {
        ConnectError::Portal { host } => shown.with("host", host),
        ConnectError::Status(status) => shown.with("status", status),
        ConnectError::ScopeRefused(scopes) => shown.with("scopes", scopes),
        _ => shown,
    }
}

/// Tells whose refusal it is that remains after every authorization (R20).
fn refusal(scopes: &Scopes, account: Option<&Account>) -> ErrorCode {
    let granted = |scope| account.is_some_and(|account| account.scopes.contains(scope));
    if scopes.iter().all(granted) {
        ErrorCode::ScopeRefused
    } else {
        ErrorCode::ScopeWithheld
    }
}

/// Says why a tool gave no answer; `account` is who is signed in.
pub(super) fn of_call(error: CallError, server: &Server, account: Option<&Account>) -> AppError {
    let shown = match error {
        CallError::NotConnected => AppError::new(ErrorCode::NotConnected),
        CallError::Reauth(SignInNeed::HeaderRefused) => AppError::new(ErrorCode::HeaderRefused),
        CallError::Reauth(_) => AppError::new(ErrorCode::ReauthRequired),
        CallError::Scope { scopes } => AppError::new(ErrorCode::ScopeRequired).with("scopes", scopes),
        CallError::ScopeRefused { scopes } => AppError::new(refusal(&scopes, account)).with("scopes", scopes),
        CallError::OtherAccount => AppError::new(ErrorCode::OtherAccount),
        CallError::Refused { message } => AppError::new(ErrorCode::ToolRefused).with("message", message),
        CallError::Unknown => AppError::new(ErrorCode::ToolUnknown),
        CallError::TooLarge => AppError::new(ErrorCode::TooLarge),
        CallError::VaultClosed => AppError::new(ErrorCode::VaultClosed),
        CallError::Failed(error) => return of_connect(error, server, account),
    };
    shown.with("host", server.url.host()).about(server.id)
}
