//! A second start: hands what it was started with to the app that runs, and ends. And the other side of it: what the
//! app that runs does with such a visit.

use std::{ffi::OsString, path::Path, time::Duration};

use tauri::{AppHandle, async_runtime};
use tokio::sync::oneshot;
use url::Url;
use usher_core::{
    api::contract::{AppError, ErrorCode},
    base::Secret,
    owner::{self, Door, NotHeard, Visit},
    ports::Clock,
};

use crate::{deep_link, window};

/// How long a start that finds the data directory taken waits before it knocks again.
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

/// Goes on starting where another app has the data directory, until `patience` is over. That one may still be starting: then
/// it hears the visit, and there is nothing to give. Or it is ending, with its door closed: then its place is free in a moment.
pub async fn take_turn<T, S, H>(
    clock: &dyn Clock,
    patience: Duration,
    start: impl Fn() -> S,
    is_heard: impl Fn() -> H,
) -> Option<Result<T, AppError>>
where
    S: Future<Output = Result<T, AppError>>,
    H: Future<Output = bool>,
{
    let end = clock.monotonic() + patience;
    loop {
        if is_heard().await {
            return None;
        }
        clock.sleep(PAUSE).await;
        match start().await {
            Err(error) if error.code == ErrorCode::StoreBusy && clock.monotonic() < end => {}
            started => return Some(started),
        }
    }
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
    use std::{
        cell::Cell,
        future,
        sync::atomic::{AtomicU64, Ordering},
    };

    use async_trait::async_trait;
    use usher_core::base::Timestamp;

    use super::*;

    const LINK: &str = "dev.usher.desktop://oauth/callback?code=1&state=2";

    fn told(arguments: &[&str]) -> Visit {
        visit(arguments.iter().map(OsString::from))
    }

    /// Lets all waiting be over at once; counts milliseconds.
    #[derive(Default)]
    struct Eager(AtomicU64);

    #[async_trait]
    impl Clock for Eager {
        fn now(&self) -> Timestamp {
            Timestamp::from_seconds(0)
        }

        fn monotonic(&self) -> Duration {
            Duration::from_millis(self.0.load(Ordering::Relaxed))
        }

        async fn sleep(&self, duration: Duration) {
            let passed = u64::try_from(duration.as_millis()).expect("a short sleep");
            self.0.fetch_add(passed, Ordering::Relaxed);
        }
    }

    const PATIENCE: Duration = Duration::from_secs(45);

    fn busy() -> Result<(), AppError> {
        Err(AppError::new(ErrorCode::StoreBusy))
    }

    /// Takes turns with another app that ends, or opens its door, after a while.
    async fn turn(ends: Duration, opens: Duration) -> Option<Result<(), AppError>> {
        let clock = Eager::default();
        let start = || future::ready(if clock.monotonic() < ends { busy() } else { Ok(()) });
        let is_heard = || future::ready(clock.monotonic() >= opens);
        take_turn(&clock, PATIENCE, start, is_heard).await
    }

    #[tokio::test]
    async fn s29_a_start_waits_until_the_app_before_it_has_ended() {
        let ended = turn(Duration::from_secs(40), Duration::MAX).await;
        assert_eq!(ended, Some(Ok(())), "it may take as long as a token endpoint");
        let stays = turn(Duration::MAX, Duration::MAX).await;
        assert_eq!(stays, Some(busy()), "it is no app of ours, or will not end");
    }

    #[tokio::test]
    async fn s29_a_start_is_heard_as_soon_as_the_other_one_opens_its_door() {
        let heard = turn(Duration::MAX, Duration::from_secs(1)).await;
        assert_eq!(heard, None, "there is nothing left to do");
        let late = turn(Duration::MAX, Duration::from_secs(40)).await;
        assert_eq!(late, None, "another one that waited took its place");
    }

    #[tokio::test]
    async fn a_start_that_fails_for_another_reason_waits_for_nobody() {
        let (clock, tried) = (Eager::default(), Cell::new(0));
        let start = || {
            tried.set(tried.get() + 1);
            future::ready(Err::<(), _>(AppError::new(ErrorCode::StoreFull)))
        };
        let full = take_turn(&clock, PATIENCE, start, || future::ready(false)).await;
        assert_eq!(full, Some(Err(AppError::new(ErrorCode::StoreFull))));
        assert_eq!(tried.get(), 1, "the person is told at once");
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
