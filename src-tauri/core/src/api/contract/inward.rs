//! What the window asks with. Secrets travel only in this direction.

use serde::Deserialize;
use ts_rs::TS;

use crate::base::{AuthKind, Secret};

/// Names a server.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServerRef {
    /// Identifier.
    pub id: String,
}

/// Names an account of a server.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountRef {
    /// Identifier of the server.
    pub server: String,
    /// Identifier of the account.
    pub account: String,
}

/// The person's own name for an account.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RenameAccount {
    /// Which account.
    pub account: AccountRef,
    /// The name; empty to show the provider's again.
    pub name: String,
}

/// Names the sign-in of a server.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SignInRef {
    /// Identifier of the sign-in.
    pub id: String,
}

/// Names a run at a server.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunRef {
    /// Identifier of the run.
    pub id: String,
}

/// Asks what is at an address.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProbeRequest {
    /// The address as typed.
    pub url: String,
}

/// A server to add.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewServer {
    /// The person's name for it; made from the host if empty.
    pub name: String,
    /// The address as typed.
    pub url: String,
    /// The kind the person chose by hand; `None` to take what detection finds.
    pub auth_kind: Option<AuthKind>,
    /// Headers to send, such as an API key.
    pub headers: Vec<NewHeader>,
}

/// A header with its value.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewHeader {
    /// The header's name.
    pub name: String,
    /// The header's value.
    #[ts(type = "string")]
    pub value: Secret<String>,
}

/// Changes to a server; what is `None` stays as it is.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EditServer {
    /// Which server.
    pub id: String,
    /// A new name.
    pub name: Option<String>,
    /// A new address; ends the grants.
    pub url: Option<String>,
    /// A new kind chosen by hand; leaving OAuth ends the grants.
    pub auth_kind: Option<AuthKind>,
    /// The whole new list of headers.
    pub headers: Option<Vec<HeaderEdit>>,
    /// A new pre-registered client ID, empty to remove it; ends the grants.
    pub client_id: Option<String>,
    /// What happens to the client secret; a change ends the grants.
    pub client_secret: SecretEdit,
}

/// One header of an edited list.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HeaderEdit {
    /// The header's name.
    pub name: String,
    /// What happens to its value.
    pub value: SecretEdit,
}

/// What happens to a stored secret.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SecretEdit {
    /// It stays.
    Keep,
    /// It is replaced.
    Set {
        /// The new value.
        #[ts(type = "string")]
        value: Secret<String>,
    },
    /// It is removed.
    Clear,
}

/// The address that a browser elsewhere ended at.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PastedAddress {
    /// The whole address; it carries a code.
    #[ts(type = "string")]
    pub address: Secret<String>,
}

/// A tool to run.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ToolCall {
    /// Whose tool.
    pub server: String,
    /// Its name.
    pub tool: String,
    /// Its arguments.
    #[ts(type = "Record<string, unknown>")]
    pub arguments: serde_json::Map<String, serde_json::Value>,
}

/// A new passphrase in place of the old one.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangePassphrase {
    /// The one that opens the vault.
    #[ts(type = "string")]
    pub old: Secret<String>,
    /// The one that is to.
    #[ts(type = "string")]
    pub new: Secret<String>,
}

/// What new keys take.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RotateKey {
    /// The passphrase, where one opens the vault; it stays the same.
    #[ts(type = "string | null")]
    pub passphrase: Option<Secret<String>>,
}

/// When the vault locks itself.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetAutoLock {
    /// After how many minutes without the person, 1 to 10,080 (a week); `null` for never.
    pub minutes: Option<u32>,
}

/// A passphrase.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Passphrase {
    /// The passphrase as typed.
    #[ts(type = "string")]
    pub passphrase: Secret<String>,
}
