//! The error people see.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

/// What went wrong, as a code the window has a sentence for. A code exists only where the window offers
/// something different.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ErrorCode {
    /// The typed address is empty.
    AddressEmpty,
    /// The typed address is not a URL.
    AddressNotAUrl,
    /// The typed address is neither http nor https.
    AddressNotHttp,
    /// The typed address carries a name or password.
    AddressCredentials,
    /// The typed address carries a fragment.
    AddressFragment,
    /// The typed address is too long.
    AddressTooLong,
    /// The address is plain http beyond this machine. Args: `host`.
    AddressInsecure,
    /// A header's name or value cannot be sent. Args: `name`.
    HeaderInvalid,
    /// A typed scope is none: it has a space, a quote or a character beyond ASCII (RFC 6749 §3.3). Args: `name`.
    ScopeInvalid,
    /// A typed parameter is one that the app sets itself, or belongs into no address. Args: `name`.
    ParameterReserved,
    /// A typed parameter cannot be sent: its name or value is malformed, too long or repeated, or it is one too many.
    /// Args: `name`.
    ParameterInvalid,
    /// A configured `Authorization` header and a sign-in exclude each other.
    HeaderConflict,
    /// What a sign-in method needs was not given, and nothing that could stay is stored. Args: `field`.
    MethodIncomplete,
    /// The pasted text holds no private key that can sign: P-256, RSA or Ed25519, not encrypted.
    KeyInvalid,
    /// The pasted text is no token.
    TokenInvalid,
    /// The path of a token's file does not begin at the root.
    PathInvalid,
    /// The server no longer exists here.
    ServerGone,
    /// The account no longer exists here.
    AccountGone,
    /// There is no network.
    Offline,
    /// Something on the network answers in the place of a host that answered before. Args: `host`.
    Portal,
    /// The server's host name does not resolve. Args: `host`.
    UnknownHost,
    /// The server could not be reached. Args: `host`.
    Unreachable,
    /// The server's certificate is not trusted. Args: `host`.
    Certificate,
    /// The server's address leads into a network that must not be reached. Args: `host`.
    ForbiddenAddress,
    /// The server took too long. Args: `host`.
    TimedOut,
    /// The server answered with an HTTP status. Args: `host`, `status`.
    HttpStatus,
    /// The server answered something that is not MCP. Args: `host`.
    NotMcp,
    /// The server's answer is larger than the limits allow. Args: `host`.
    TooLarge,
    /// Only the person can go on: sign in again.
    ReauthRequired,
    /// The sign-in lacks a scope. Args: `scopes`.
    ScopeRequired,
    /// The server still refuses for want of scopes that the provider has granted. Args: `host`, `scopes`.
    ScopeRefused,
    /// The provider does not grant scopes that the server wants, however often they are asked for. Args: `host`, `scopes`.
    ScopeWithheld,
    /// The server is used as another account since than the one that the tool was run as; it was not run.
    OtherAccount,
    /// The API key or header was refused.
    HeaderRefused,
    /// The tool does not exist, or the server refused its arguments. Args: `message`.
    ToolRefused,
    /// It is not known whether the tool ran: the connection broke in the middle.
    ToolUnknown,
    /// The server is not connected.
    NotConnected,
    /// The question does not wait any more: its call is over, or it was answered already.
    QuestionGone,
    /// The answer does not fit the question. Args: `field`.
    AnswerUnfit,
    /// What happened then is no longer kept.
    RunGone,
    /// No sign-in is waiting for this.
    NoSignIn,
    /// The system could not open the browser.
    BrowserClosed,
    /// The pasted address is not an answer to a sign-in of this machine.
    PastedAddressUnknown,
    /// Secrets cannot be stored now; the vault's state says why.
    VaultClosed,
    /// The passphrase is wrong.
    PassphraseWrong,
    /// The passphrase is too short.
    PassphraseShort,
    /// The system's keychain is locked.
    KeychainLocked,
    /// There is no keychain, or none in which anything lasts.
    KeychainAbsent,
    /// The keychain does not answer.
    KeychainNoAnswer,
    /// The keychain has something else in our key's place.
    KeychainTaken,
    /// The keychain took no new key and has lost the one that it had; the app has it until it ends.
    KeychainLostKey,
    /// The system's keychain keeps the key: there is no passphrase, and the system locks it.
    KeptByKeychain,
    /// The chosen file is none of Usher's.
    ExportForeign,
    /// The chosen file is from a newer version of the app.
    ExportNewer,
    /// The chosen file is damaged, or was made to look like one of Usher's.
    ExportDamaged,
    /// The chosen file is too large to be one of Usher's.
    ExportTooLarge,
    /// The passphrase does not open the chosen file.
    ExportLocked,
    /// The file has, or would have, more accounts than fit into one. Args: `most`.
    ExportManyAccounts,
    /// No file can be made in the folder for it. Args: `path`.
    ExportUnwritable,
    /// No file was made, and accounts still count as moved, as it could not be written down that they are here. That is tried again
    /// while the app runs. Args: `servers`, their names.
    ExportNotUndone,
    /// The data file is from a newer version of the app. Args: `path`.
    StoreNewer,
    /// The data folder cannot be written. Args: `path`.
    StoreReadOnly,
    /// The disk is full.
    StoreFull,
    /// The data file is damaged, and no good backup was found. Args: `path`.
    StoreDamaged,
    /// The data file was found damaged while the app runs; the next start puts a backup back.
    StoreNeedsRestart,
    /// The data could not be read or written; why is not known.
    StoreFailed,
    /// A file is where the data folder should be. Args: `path`.
    StoreNotADirectory,
    /// The data folder, or what is in it, is a symbolic link. Args: `path`.
    StoreSymlink,
    /// Another program owns the data folder. Args: `path`.
    StoreBusy,
    /// The call itself is not well-formed; a fault of the window.
    BadCall,
}

/// The error people see: a code, what its sentence needs, and which server it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{code:?}")]
pub struct AppError {
    /// Which sentence.
    pub code: ErrorCode,
    /// What the sentence needs; never a secret.
    pub args: BTreeMap<String, String>,
    /// Which server it is about, if one.
    pub server: Option<String>,
}

impl AppError {
    /// Makes an error without arguments.
    pub const fn new(code: ErrorCode) -> Self {
        Self {
            code,
            args: BTreeMap::new(),
            server: None,
        }
    }

    /// Adds an argument of the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.insert(name.to_owned(), value.to_string());
        self
    }

    /// Says which server it is about.
    #[must_use]
    pub fn about(mut self, server: impl ToString) -> Self {
        self.server = Some(server.to_string());
        self
    }
}
