//! Moving servers and accounts to another computer, in a file.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::base::Secret;

/// What to put into a file.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportServers {
    /// What the file is sealed under, 12 characters at least.
    #[ts(type = "string")]
    pub passphrase: Secret<String>,
    /// Whether the accounts go along, with all keys and secrets. Those that renew themselves are not used here any more then.
    pub accounts: bool,
}

/// A file that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportView {
    /// Where it is.
    pub path: String,
    /// How many servers are in it.
    pub servers: u32,
    /// How many accounts.
    pub accounts: u32,
    /// How many accounts were to go along and stay: they need a sign-in, or can be used on this computer only.
    pub staying: u32,
}

/// A file that the person has chosen.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportedFile {
    /// Its text, 16 MiB at most.
    pub text: String,
    /// What it is sealed under.
    #[ts(type = "string")]
    pub passphrase: Secret<String>,
}

/// What such a file would bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportContentsView {
    /// When it was made.
    pub made_at: i64,
    /// Its servers, in its order.
    pub servers: Vec<ExportedServerView>,
}

/// A server in such a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportedServerView {
    /// What it is called.
    pub name: String,
    /// Its address.
    pub url: String,
    /// How many accounts come with it.
    pub accounts: u32,
    /// Whether an API key or another secret that was typed in comes with it; a server that is here does not take it.
    pub secret: bool,
    /// Whether a server with this address is here: it stays as it is, and accounts that are not here are added to it.
    pub known: bool,
}

/// What came of such a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// How many servers are new here. None of them is connected yet.
    pub added: u32,
    /// How many were here before.
    pub known: u32,
    /// How many accounts can be used here now.
    pub accounts: u32,
    /// How many are here and in use, or were here and have come further since: they stay as they are.
    pub accounts_known: u32,
    /// How many stay outside: here their server is not signed in to at their provider, or they are somebody who is signed in
    /// already, or it is not known who they are. Those that renew themselves rest where they came from.
    pub accounts_left_out: u32,
    /// How many make no sense.
    pub accounts_damaged: u32,
    /// How many of the new servers want the person to sign in.
    pub needs_sign_in: u32,
}
