//! Who is signed in.

use serde::Serialize;
use ts_rs::TS;

/// One account, without anything secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Identifier.
    pub id: String,
    /// The provider's name for the person, if it told one.
    pub label: Option<String>,
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
