//! A second start: hands what it was started with to the app that runs, and ends. And the other side of it: what the
//! app that runs does with such a visit.

use std::{ffi::OsString, path::Path, time::Duration};

use tauri::{AppHandle, async_runtime};
use tokio::sync::oneshot;
use url::Url;
use usher_core::{
    base::Secret,
    owner::{self, Door, NotHeard, Visit},
    ports::{Clock, SystemClock},
};

use crate::{deep_link, window};

/// How often a start that finds the data directory taken knocks at a door that is about to be opened.
const KNOCKS: usize = 50;
/// How long it waits in between.
const PAUSE: Duration = Duration::from_millis(100);

/// Brings a visit to the app that runs, if one does.
pub async fn is_heard(data_directory: &Path, visit: &Visit) -> bool {
    match owner::knock(data_directory, visit).await {
        Ok(()) => true,
        Err(NotHeard::Nobody) => false,
        Err(error) => {
            tracing::warn!(%error, "the app that runs did not take a visit");
            false
        }
    }
}

/// The same where the data directory has an owner that is perhaps still starting.
pub async fn is_heard_at_last(data_directory: &Path, visit: &Visit) -> bool {
    for _ in 0..KNOCKS {
        if is_heard(data_directory, visit).await {
            return true;
        }
        SystemClock.sleep(PAUSE).await;
    }
    false
}

/// Tells what a start is about by its arguments: one link of our scheme, or nothing but the window (S19).
pub fn visit(mut arguments: impl Iterator<Item = OsString>) -> Visit {
    let link = match (arguments.next(), arguments.next()) {
        (Some(only), None) => only.into_string().ok(),
        (None | Some(_), _) => None,
    };
    link.filter(|text| Url::parse(text).is_ok_and(|url| deep_link::is_for_us(&url)))
        .map_or(Visit::Show, |link| Visit::Link(Secret::new(link)))
}

/// Sees to visits from now on, until the other end of `closed` is gone; then the door is closed.
pub async fn receive(app: AppHandle, mut door: Door, mut closed: oneshot::Receiver<()>) {
    loop {
        let visit = tokio::select! {
            _ = &mut closed => break,
            visit = door.next() => visit,
        };
        match visit {
            Some(Visit::Show) => window::show(&app),
            Some(Visit::Link(link)) => deep_link::take(&app, &link),
            None => break,
        }
    }
    door.close().await;
}

/// Does the same as [`is_heard`] before there is a runtime.
pub fn is_heard_now(data_directory: &Path, visit: &Visit) -> bool {
    async_runtime::block_on(is_heard(data_directory, visit))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: &str = "dev.usher.desktop://oauth/callback?code=1&state=2";

    fn told(arguments: &[&str]) -> Visit {
        visit(arguments.iter().map(OsString::from))
    }

    #[test]
    fn s19_only_a_single_link_of_ours_is_taken_from_a_second_start() {
        assert_eq!(told(&[LINK]), Visit::Link(Secret::new(LINK.to_owned())));
        for others in [
            &[][..],
            &[LINK, "--flag"],
            &["--flag", LINK],
            &["--data-dir=/elsewhere"],
            &["https://example.com/callback?code=1"],
            &["not a link"],
        ] {
            assert_eq!(told(others), Visit::Show, "{others:?}");
        }
    }
}
