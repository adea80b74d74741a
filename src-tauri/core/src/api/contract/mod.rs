//! The contract between the core and its window, written once: every call with its argument and its answer,
//! every event, every shape.
//!
//! Wire form: camelCase, tagged unions (`kind`), identifiers as strings, times as whole seconds in fields
//! named `…At`. The TypeScript beside the window is generated from here. Nothing secret has a place in any
//! answer or event: the types that carry one (`New…`, `Edit…`, `Passphrase`) only travel inwards.

mod account;
mod calls;
mod consent;
mod error;
mod event;
mod exceptions;
mod inward;
mod network;
mod permissions;
mod provider;
mod question;
mod restoration;
mod run;
mod server;
mod sign_in;
mod sign_in_method;
mod tool;
mod transfer;
mod typescript;
mod vault;
mod way_back;

pub use account::{AccountRemoval, AccountView, LabelSource};
pub use calls::Call;
pub use consent::ConsentView;
pub use error::{AppError, ErrorCode};
pub use event::{Event, EventBody, Snapshot};
pub use exceptions::{ExceptionsView, ParameterView, SetExceptions};
pub use inward::{
    AccountRef, ChangePassphrase, EditServer, HeaderEdit, NewHeader, NewServer, Passphrase, PastedAddress,
    ProbeRequest, RenameAccount, RotateKey, RunRef, SecretEdit, ServerRef, SetAutoLock, SignInRef, ToolCall,
};
pub use network::NetworkView;
pub use permissions::{PermissionsView, ScopesChoice};
pub use provider::{AgreeIssuer, IssuerView, ProviderView};
pub use question::{AnswerQuestion, QuestionRef, QuestionView};
pub use restoration::RestorationView;
pub use run::{ParamView, RunStanding, RunStepsView, RunView, RunsView, StepView, StepWhat};
pub use server::{
    HeaderView, ProbeEvidence, ProbeView, RevocationView, ServerState, ServerView, SignInReason,
};
pub use sign_in::{AgainView, OutcomeView, PurposeView, SignInLink, SignInStage, SignInView, WayView};
pub use sign_in_method::{NewSignInMethod, SetSignInMethod, SignInMethodView, TokenEdit};
pub use tool::{ContentView, ToolResultView, ToolView, ToolsView};
pub use transfer::{
    ExportContentsView, ExportServers, ExportView, ExportedFile, ExportedServerView, ImportView,
};
pub use typescript::export;
pub use vault::{KeyLoss, VaultKind, VaultView};
pub use way_back::{ChooseWayBack, WayBackChoice, WayBackView};
