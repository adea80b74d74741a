//! The person's browser.

use async_trait::async_trait;
use url::Url;
use usher_core::ports::{Browser, BrowserError};

/// The browser the system opens web pages with.
pub struct SystemBrowser;

#[async_trait]
impl Browser for SystemBrowser {
    async fn open(&self, url: &Url) -> Result<(), BrowserError> {
        let page = page(url).ok_or(BrowserError)?;
        let opened =
            tauri::async_runtime::spawn_blocking(move || tauri_plugin_opener::open_url(page, None::<&str>));
        match opened.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::warn!(%error, "the browser could not be opened");
                Err(BrowserError)
            }
            Err(_) => Err(BrowserError),
        }
    }
}

/// Returns the page as one argument for the platform's opener, written anew from its parsed form (S10): it
/// starts with `http`, and holds no space, quote or control character.
fn page(url: &Url) -> Option<String> {
    matches!(url.scheme(), "http" | "https").then(|| String::from(url.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s10_only_web_pages_are_opened() {
        for address in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "smb://host/share",
            "dev.usher.desktop://x/y",
        ] {
            let url = Url::parse(address).expect("the address is well-formed");
            assert_eq!(page(&url), None, "{address} is not a web page");
        }
    }

    #[test]
    fn s10_what_is_opened_carries_nothing_a_shell_would_split() {
        let url = Url::parse("https://example.com/a b?q=\"x\"\n&r=<y>").expect("the address is well-formed");
        let page = page(&url).expect("it is a web page");
        assert!(page.starts_with("https://"), "it can be no option: {page}");
        assert!(
            !page.contains([' ', '"', '\n', '<', '>']),
            "nothing splits or quotes: {page}"
        );
    }
}
