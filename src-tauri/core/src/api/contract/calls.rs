//! The list of calls: `name(argument) -> answer`, from which the dispatch and the TypeScript are made.

use serde::Deserialize;
use ts_rs::{Config, ExportError, TS};

use super::{
    AccountRef, AccountRemoval, AgreeIssuer, AnswerQuestion, ChangePassphrase, ChooseWayBack, EditServer,
    ExportContentsView, ExportServers, ExportView, ExportedFile, ImportView, NewServer, Passphrase,
    PastedAddress, ProbeRequest, ProbeView, QuestionRef, RenameAccount, RotateKey, RunRef, RunStepsView,
    RunsView, ScopesChoice, ServerRef, ServerView, SetAutoLock, SetExceptions, SetSignInMethod, SignInLink,
    SignInRef, Snapshot, ToolCall, ToolResultView, ToolsView, VaultView,
};

/// One call as the generator of the TypeScript sees it.
pub struct CallType {
    /// The call's name on the wire.
    pub name: &'static str,
    /// Its argument.
    pub argument: ShapeType,
    /// Its answer.
    pub answer: ShapeType,
}

/// How the generator names and writes one shape.
pub struct ShapeType {
    /// Gives the TypeScript name; `null` for nothing.
    pub name: fn(&Config) -> String,
    /// Writes the shape and all it is made of.
    pub export: fn(&Config) -> Result<(), ExportError>,
}

impl ShapeType {
    /// Takes the generator's functions of `T`.
    pub const fn of<T: TS + 'static>() -> Self {
        Self {
            name: T::name,
            export: T::export_all,
        }
    }
}

macro_rules! calls {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal ($argument:ty) -> $answer:ty;)*) => {
        /// One call with its argument, as it arrives.
        #[derive(Deserialize)]
        #[serde(tag = "name", content = "argument")]
        pub enum Call {
            $($(#[doc = $doc])* #[serde(rename = $name)] $variant($argument),)*
        }

        /// Every call's name, argument and answer.
        pub const TYPES: &[CallType] = &[
            $(CallType { name: $name, argument: ShapeType::of::<$argument>(), answer: ShapeType::of::<$answer>() },)*
        ];
    };
}

calls! {
    /// Gives everything the window shows.
    Snapshot = "snapshot"(()) -> Snapshot;
    /// Finds out how the server at an address wants to be asked; stores nothing.
    Probe = "probe"(ProbeRequest) -> ProbeView;
    /// Adds a server.
    AddServer = "addServer"(NewServer) -> ServerView;
    /// Changes a server.
    EditServer = "editServer"(EditServer) -> ServerView;
    /// Agrees to sign in to a server at another issuer, from the next sign-in on; its accounts stay where they are.
    AgreeIssuer = "agreeIssuer"(AgreeIssuer) -> ServerView;
    /// Chooses how the browser comes back from a server's sign-ins; its sign-in stays.
    ChooseWayBack = "chooseWayBack"(ChooseWayBack) -> ServerView;
    /// Makes these a server's exceptions, from the next sign-in on; its sign-in stays.
    SetExceptions = "setExceptions"(SetExceptions) -> ServerView;
    /// Chooses how one signs in to a server, in the browser or without a person; ends its sign-in.
    SetSignInMethod = "setSignInMethod"(SetSignInMethod) -> ServerView;
    /// Disconnects and forgets a server; the answer is the server as it last was, with its revocation.
    DeleteServer = "deleteServer"(ServerRef) -> ServerView;
    /// Connects: with the stored sign-in if there is one, otherwise by opening the browser.
    Connect = "connect"(ServerRef) -> ();
    /// Signs in anew, always on the provider's page.
    SignIn = "signIn"(ServerRef) -> ();
    /// Chooses what to be asked for at the next sign-in.
    SetScopes = "setScopes"(ScopesChoice) -> ServerView;
    /// Allows what the server's consent names: opens the browser for it; what waits goes on by itself.
    AllowConsent = "allowConsent"(ServerRef) -> ();
    /// Ends the calls that wait for the person at a server.
    DeclineConsent = "declineConsent"(ServerRef) -> ();
    /// Signs in to another account beside those there are, always on the provider's page.
    AddAccount = "addAccount"(ServerRef) -> ();
    /// Signs in to an account again; the provider is told which one is meant.
    ReconnectAccount = "reconnectAccount"(AccountRef) -> ();
    /// Uses the server as this account from now on.
    UseAccount = "useAccount"(AccountRef) -> ServerView;
    /// Gives an account the person's own name.
    RenameAccount = "renameAccount"(RenameAccount) -> ServerView;
    /// Revokes one account's tokens and forgets them. The last account's end disconnects the server.
    RemoveAccount = "removeAccount"(AccountRef) -> AccountRemoval;
    /// Uses an account here again that was handed over to another computer, where it must not be used then. The person's risk.
    UseHere = "useHere"(AccountRef) -> ServerView;
    /// Closes the connection, revokes the tokens of all accounts and forgets them.
    Disconnect = "disconnect"(ServerRef) -> ServerView;
    /// Opens the browser once more at the page of a waiting sign-in.
    ReopenBrowser = "reopenBrowser"(SignInRef) -> ();
    /// Gives the address of that page, to copy.
    SignInLink = "signInLink"(SignInRef) -> SignInLink;
    /// Asks the page of a waiting sign-in once more, with another way back from the browser.
    TryAnotherWay = "tryAnotherWay"(SignInRef) -> ();
    /// Takes the address that a browser elsewhere ended at.
    PasteAnswer = "pasteAnswer"(PastedAddress) -> ();
    /// Ends a waiting sign-in.
    CancelSignIn = "cancelSignIn"(SignInRef) -> ();
    /// Gives the last runs at a server, newest first.
    SignInRuns = "signInRuns"(ServerRef) -> RunsView;
    /// Gives one run with its steps.
    SignInRun = "signInRun"(RunRef) -> RunStepsView;
    /// Gives the tools of a server from its last good answer.
    Tools = "tools"(ServerRef) -> ToolsView;
    /// Runs a tool.
    CallTool = "callTool"(ToolCall) -> ToolResultView;
    /// Answers what a server asks in the middle of a call; what does not fit the question is not sent.
    AnswerQuestion = "answerQuestion"(AnswerQuestion) -> ();
    /// Tells the server that the person does not say; what it makes of that is its affair.
    DeclineQuestion = "declineQuestion"(QuestionRef) -> ();
    /// Tells the server that nobody decides; the call that asked asks nothing more.
    CancelQuestion = "cancelQuestion"(QuestionRef) -> ();
    /// Asks the keychain again, also to keep a key again that it has lost.
    RetryVault = "retryVault"(()) -> VaultView;
    /// Opens the vault with its passphrase.
    Unlock = "unlock"(Passphrase) -> VaultView;
    /// Protects the vault with a passphrase, where there is no keychain or in its place; its key goes from there.
    ChoosePassphrase = "choosePassphrase"(Passphrase) -> VaultView;
    /// Puts a new passphrase in place of the old one.
    ChangePassphrase = "changePassphrase"(ChangePassphrase) -> VaultView;
    /// Lets the system's keychain keep the key of an open vault, in place of a passphrase, which is given.
    UseKeychain = "useKeychain"(Passphrase) -> VaultView;
    /// Puts new keys in place of both, and seals everything anew.
    RotateKey = "rotateKey"(RotateKey) -> VaultView;
    /// Locks a vault that a passphrase opens; connections are closed until it is unlocked.
    LockVault = "lockVault"(()) -> VaultView;
    /// Chooses after how long without the person that happens by itself.
    SetAutoLock = "setAutoLock"(SetAutoLock) -> VaultView;
    /// Puts all servers into a sealed file for another computer, with or without their accounts.
    ExportServers = "exportServers"(ExportServers) -> ExportView;
    /// Tells what such a file would bring; changes nothing.
    ReadExport = "readExport"(ExportedFile) -> ExportContentsView;
    /// Takes in what such a file brings and is not here: all of it, or nothing.
    ImportServers = "importServers"(ExportedFile) -> ImportView;
    /// Notes that the person has seen which backup was put back.
    RestorationSeen = "restorationSeen"(()) -> ();
    /// Reminds of lost sign-ins no more for a day; survives a restart.
    SnoozeReminders = "snoozeReminders"(()) -> ();
    /// Reminds again from now on.
    WakeReminders = "wakeReminders"(()) -> ();
    /// Makes a new key in place of a lost one; stored sign-ins are given up, the list stays.
    ReplaceLostKey = "replaceLostKey"(()) -> VaultView;
}

impl Call {
    /// Tells whether the window fetches this by itself, to show what has changed: that says nothing of the person.
    pub const fn only_looks(&self) -> bool {
        matches!(
            self,
            Self::Snapshot(()) | Self::Tools(_) | Self::SignInRuns(_) | Self::SignInRun(_)
        )
    }
}
