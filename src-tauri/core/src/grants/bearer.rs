//! An access token together with the one resource it may be shown to.

use crate::base::{Resource, Secret};

/// An access token, and where it may go (RFC 6750, RFC 8707 §2). Not printable.
#[derive(Debug, Clone)]
pub struct Bearer {
    token: Secret<String>,
    resource: Resource,
}

impl Bearer {
    pub(super) const fn new(token: Secret<String>, resource: Resource) -> Self {
        Self { token, resource }
    }

    /// Gives the token, for the `Authorization` header of a request to [`Bearer::resource`] and nothing else.
    pub const fn token(&self) -> &Secret<String> {
        &self.token
    }

    /// Gives the resource that the token was issued for; a request elsewhere must not carry it (S27).
    pub const fn resource(&self) -> &Resource {
        &self.resource
    }

    /// Tells whether both carry the same token, in constant time.
    pub(super) fn is_same_token(&self, other: &Self) -> bool {
        self.token == other.token
    }
}
