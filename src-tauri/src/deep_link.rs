//! Links of our scheme: claimed at the start, taken once, handed to the core, which alone judges them.
//!
//! A link comes from a second start of the app (see `second`), as the only argument of the first, or as an event of the
//! system.

use std::time::Duration;

use tauri::{AppHandle, Manager, async_runtime};
use tauri_plugin_deep_link::DeepLinkExt;
use tokio::sync::mpsc;
use url::Url;
use usher_core::{
    base::Secret,
    ports::{Clock, SystemClock},
    sign_in::DeepLink,
};

use crate::{core::Core, window};

const SCHEME: &str = "dev.usher.desktop";
/// How many links may wait; what comes on top of them is a flood, and is dropped.
const WAITING: usize = 8;
/// The longest link that is looked at, in bytes.
const LONGEST: usize = 8 * 1024;
/// How far apart links are taken when many come.
const PACE: Duration = Duration::from_millis(100);

/// The links that wait to be handed over.
struct Links(mpsc::Sender<Url>);

/// Takes links from now on, and the one this process was started with.
pub fn listen(app: &AppHandle) {
    let (links, taken) = mpsc::channel(WAITING);
    async_runtime::spawn(hand_over(app.clone(), taken));
    let first = links.clone();
    app.manage(Links(links.clone()));
    app.deep_link()
        .on_open_url(move |event| event.urls().into_iter().for_each(|url| offer(&links, url)));
    // The plugin keeps this one for ever and would give it to every page that asks; it is read here alone, once.
    if let Ok(Some(urls)) = app.deep_link().get_current() {
        urls.into_iter().for_each(|url| offer(&first, url));
    }
}

/// Makes this app the one that opens our links, and finds out whether it is (S20).
pub async fn claim(app: AppHandle) -> DeepLink {
    async_runtime::spawn_blocking(move || {
        if is_ours(&app) {
            DeepLink::Ours
        } else {
            DeepLink::Unavailable
        }
    })
    .await
    .unwrap_or(DeepLink::Unavailable)
}

fn is_ours(app: &AppHandle) -> bool {
    if cfg!(target_os = "macos") {
        // The bundle names the scheme there, and the system knows of it before the app starts.
        return true;
    }
    let claimed = app
        .deep_link()
        .register(SCHEME)
        .and_then(|()| app.deep_link().is_registered(SCHEME));
    match claimed {
        Ok(ours) => ours,
        Err(error) => {
            tracing::warn!(%error, "links do not come back here; answers are taken on a local port instead");
            false
        }
    }
}

/// Takes the link that a second start brings.
pub fn take(app: &AppHandle, link: &Secret<String>) {
    // EXPOSE: the link is parsed to be handed to the core, which alone judges it.
    if let Ok(url) = Url::parse(link.expose()) {
        offer(&app.state::<Links>().0, url);
    }
}

fn offer(links: &mpsc::Sender<Url>, url: Url) {
    if is_for_us(&url) && links.try_send(url).is_err() {
        tracing::warn!("too many links at once; one was dropped");
    }
}

/// Returns whether a link has our form at all. The core judges all the rest.
pub fn is_for_us(url: &Url) -> bool {
    url.scheme() == SCHEME && url.as_str().len() <= LONGEST
}

async fn hand_over(app: AppHandle, mut links: mpsc::Receiver<Url>) {
    while let Some(url) = links.recv().await {
        let core = app.state::<Core>().app_at_last(&app).await;
        core.deep_link(url.as_str()).await;
        window::show(&app);
        SystemClock.sleep(PACE).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(text: &str) -> Url {
        Url::parse(text).expect("the link is well-formed")
    }

    #[test]
    fn s18_only_links_of_our_scheme_and_of_bearable_length_are_taken() {
        assert!(
            is_for_us(&link("dev.usher.desktop://oauth/callback?code=1")),
            "ours"
        );
        assert!(
            !is_for_us(&link("https://oauth/callback?code=1")),
            "another scheme"
        );
        let long = format!("dev.usher.desktop://oauth/callback?code={}", "1".repeat(LONGEST));
        assert!(!is_for_us(&link(&long)), "longer than anything a provider sends");
    }

    #[test]
    fn s18_a_flood_of_links_is_cut_off() {
        let (links, mut taken) = mpsc::channel(WAITING);
        for _ in 0..200 {
            offer(&links, link("dev.usher.desktop://oauth/callback"));
        }
        let waiting = std::iter::from_fn(|| taken.try_recv().ok()).count();
        assert_eq!(waiting, WAITING, "the rest was dropped");
    }
}
