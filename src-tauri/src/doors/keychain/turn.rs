//! One after the other, and not for longer than a limit.

use std::{sync::Arc, time::Duration};

use tokio::sync::Mutex;

/// Something that blocks and may hang, used by one at a time off the asynchronous threads.
pub struct Turn<T>(Arc<Mutex<T>>);

/// There was no answer within the limit.
#[derive(Debug, PartialEq, Eq)]
pub struct NoAnswer;

impl<T: Send + 'static> Turn<T> {
    pub fn new(used: T) -> Self {
        Self(Arc::new(Mutex::new(used)))
    }

    /// Waits for its turn and does the deed, both within `limit`.
    ///
    /// A deed whose turn did not come in time is never done: what was given up must not happen later, behind the
    /// back of whoever went another way meanwhile. One that hangs keeps its turn until it ends.
    pub async fn take<R: Send + 'static>(
        &self,
        limit: Duration,
        deed: impl FnOnce(&mut T) -> R + Send + 'static,
    ) -> Result<R, NoAnswer> {
        let used = Arc::clone(&self.0);
        let done = async {
            let mut used = used.lock_owned().await;
            tokio::task::spawn_blocking(move || deed(&mut used)).await
        };
        match tokio::time::timeout(limit, done).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) | Err(_) => Err(NoAnswer),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Long enough for what answers, short enough to wait for what does not.
    const LIMIT: Duration = Duration::from_secs(30);
    const SHORT: Duration = Duration::from_millis(20);

    #[tokio::test]
    async fn s36_what_hangs_is_given_up_and_what_waited_behind_it_never_happens() {
        let turn = Turn::new(Vec::new());
        let (release, hold) = mpsc::channel::<()>();
        let hangs = turn.take(SHORT, move |done| {
            done.push("hung");
            hold.recv()
        });
        assert_eq!(hangs.await.err(), Some(NoAnswer), "the limit is kept");
        let queued = turn.take(SHORT, |done| done.push("queued")).await;
        assert_eq!(queued, Err(NoAnswer), "nobody waits longer than the limit");
        release.send(()).expect("the deed still hangs");
        let done = turn.take(LIMIT, |done| done.clone()).await;
        assert_eq!(
            done,
            Ok(vec!["hung"]),
            "what was given up before its turn came is not done"
        );
    }
}
