//! Who is signed in.

use serde::Serialize;
use ts_rs::TS;

use super::{RevocationView, ServerView, SignInReason};

/// Who gave an account its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LabelSource {
    /// The provider.
    Provider,
    /// The person.
    Person,
}

/// What became of an account that was removed.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountRemoval {
    /// The server as it is now.
    pub server: ServerView,
    /// What became of the account's tokens at the provider; `None` if they were gone already.
    pub revocation: Option<RevocationView>,
}

/// One account, without anything secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Identifier.
    pub id: String,
    /// Whether the server is used as this account.
    pub is_default: bool,
    /// What it is called: by the person, else by the provider.
    pub label: Option<String>,
    /// Who calls it that; `None` if nobody gave it a name.
    pub label_source: Option<LabelSource>,
    /// What the provider calls the person, if it told a name.
    pub provider_label: Option<String>,
    /// Why only the person can help, by signing in again; `None` while it can be used.
    pub needs: Option<SignInReason>,
    /// Host of the issuer.
    pub issuer_host: String,
    /// Granted scopes, in order.
    pub scopes: Vec<String>,
    /// When the person signed in.
    pub signed_in_at: i64,
    /// When the access token runs out, if the provider said so.
    pub expires_at: Option<i64>,
    /// Whether the sign-in renews itself.
    pub renews: bool,
}
