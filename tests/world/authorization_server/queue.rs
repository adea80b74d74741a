//! Who stands at the token endpoint, and who is held up there.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::oneshot;

use super::locked;

/// Counts who asks for tokens at the same time. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Crowd(Arc<Count>);

#[derive(Debug, Default)]
struct Count {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// One who asks, until the answer is out or nobody waits for it any more.
pub(super) struct Asker(Arc<Count>);

impl Crowd {
    pub(super) fn enter(&self) -> Asker {
        let now = self.0.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.most.fetch_max(now, Ordering::SeqCst);
        Asker(Arc::clone(&self.0))
    }

    pub(super) fn most(&self) -> usize {
        self.0.most.load(Ordering::SeqCst)
    }
}

impl Drop for Asker {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A token request that is held up where a test wants it. Dropping this lets it go on.
pub struct Held {
    reached: oneshot::Receiver<()>,
    release: oneshot::Sender<()>,
}

impl Held {
    /// Waits until a request is held; tells whether one will be.
    pub async fn reached(&mut self) -> bool {
        (&mut self.reached).await.is_ok()
    }

    /// Waits until nobody waits for its answer any more; then it never goes on.
    pub async fn given_up(mut self) {
        self.release.closed().await;
    }
}

/// A place where the next request is held up, if somebody asked for that. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Stop(Arc<Mutex<Option<Hold>>>);

#[derive(Debug)]
struct Hold {
    reached: oneshot::Sender<()>,
    released: oneshot::Receiver<()>,
}

impl Stop {
    pub(super) fn hold_next(&self) -> Held {
        let (say_reached, reached) = oneshot::channel();
        let (release, released) = oneshot::channel();
        *locked(&self.0) = Some(Hold {
            reached: say_reached,
            released,
        });
        Held { reached, release }
    }

    pub(super) async fn pass(&self) {
        let hold = locked(&self.0).take();
        // Whoever asked for the hold may have gone; then the request goes on at once.
        if let Some(Hold { reached, released }) = hold
            && reached.send(()).is_ok()
        {
            let _ = released.await;
        }
    }
}
