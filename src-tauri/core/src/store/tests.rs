//! Test keychains, a store in a directory of its own, and futures that are stopped.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use async_trait::async_trait;
use tempfile::TempDir;

use super::Store;
use crate::{
    base::Timestamp,
    ports::{Clock, Keychain, KeychainError, VaultKey},
};

/// A keychain in memory that does as it is told.
#[derive(Default)]
pub struct TestKeychain(Mutex<Told>);

#[derive(Default)]
struct Told {
    key: Option<VaultKey>,
    failure: Option<KeychainError>,
    forgetful: bool,
    writes: usize,
}

impl TestKeychain {
    /// Answers, and holds nothing yet.
    pub fn empty() -> Arc<Self> {
        Arc::default()
    }

    /// Fails every question with `error`.
    pub fn failing(error: KeychainError) -> Arc<Self> {
        let keychain = Self::empty();
        keychain.fail(Some(error));
        keychain
    }

    /// Acknowledges what it is given and forgets it.
    pub fn forgetful() -> Arc<Self> {
        let keychain = Self::empty();
        keychain.with(|told| told.forgetful = true);
        keychain
    }

    /// Fails from now on, or no longer.
    pub fn fail(&self, error: Option<KeychainError>) {
        self.with(|told| told.failure = error);
    }

    /// Puts a key in, or takes it out, behind the vault's back.
    pub fn hold(&self, key: Option<VaultKey>) {
        self.with(|told| told.key = key);
    }

    /// Shows what it holds.
    pub fn held(&self) -> Option<VaultKey> {
        self.with(|told| told.key.clone())
    }

    /// Counts how often a key was written.
    pub fn writes(&self) -> usize {
        self.with(|told| told.writes)
    }

    fn with<T>(&self, what: impl FnOnce(&mut Told) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn answer<T>(&self, what: impl FnOnce(&mut Told) -> T) -> Result<T, KeychainError> {
        self.with(|told| told.failure.map_or_else(|| Ok(what(told)), Err))
    }
}

#[async_trait]
impl Keychain for TestKeychain {
    async fn read(&self) -> Result<Option<VaultKey>, KeychainError> {
        self.answer(|told| told.key.clone())
    }

    async fn write(&self, key: &VaultKey) -> Result<(), KeychainError> {
        // A foreign entry is found by reading; writing over it works.
        if self.with(|told| told.failure == Some(KeychainError::NotAKey)) {
            self.fail(None);
        }
        self.answer(|told| {
            told.writes += 1;
            told.key = (!told.forgetful).then(|| key.clone());
        })
    }

    async fn delete(&self) -> Result<(), KeychainError> {
        self.answer(|told| told.key = None)
    }
}

/// Opens a store in a directory that lasts as long as the guard.
pub async fn new_store() -> (TempDir, Store) {
    let directory = tempfile::tempdir().expect("a temporary directory can be made");
    let store = Store::open(directory.path()).await.expect("a new store opens");
    (directory, store)
}

/// A future that stops at one of its waits. Dropped there, it is as if the process had been killed.
pub struct Stopped<F> {
    inner: Pin<Box<F>>,
    polls: usize,
}

impl<F: Future> Stopped<F> {
    /// Lets a future go on so many times.
    pub fn after(polls: usize, future: F) -> Self {
        Self {
            inner: Box::pin(future),
            polls,
        }
    }
}

impl<F: Future> Future for Stopped<F> {
    /// `None` if it did not come to its end.
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls == 0 {
            return Poll::Ready(None);
        }
        self.polls -= 1;
        self.inner.as_mut().poll(context).map(Some)
    }
}

/// Wakes at once from the first sleep, and never from another.
#[derive(Default)]
pub struct Sleepless(AtomicBool);

#[async_trait]
impl Clock for Sleepless {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(1_800_000_000)
    }

    fn monotonic(&self) -> Duration {
        Duration::ZERO
    }

    async fn sleep(&self, _: Duration) {
        if self.0.swap(true, Ordering::Relaxed) {
            std::future::pending().await
        }
    }
}
