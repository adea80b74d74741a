//! The door to the person's browser.

use async_trait::async_trait;
use url::Url;

/// The system could not open the browser; the person can still copy the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system could not open a browser")]
pub struct BrowserError;

/// Opens pages in the person's own browser.
///
/// Implementations hand the URL to the platform as one argument, never through a shell. Callers have
/// checked that it is an http(s) URL.
#[async_trait]
pub trait Browser: Send + Sync {
    /// Opens one page.
    async fn open(&self, url: &Url) -> Result<(), BrowserError>;
}
