//! A caller who goes away in the middle.

use std::{
    future::poll_fn,
    pin::pin,
    task::{Context, Poll},
};

/// Waits for an outcome, but drops it in place of looking a last time after `looks` looks; `None` looks for ever.
pub async fn impatiently<T>(looks: Option<usize>, outcome: impl Future<Output = T>) -> Option<T> {
    let mut outcome = pin!(outcome);
    let mut left = looks;
    poll_fn(move |context: &mut Context<'_>| {
        if left == Some(0) {
            return Poll::Ready(None);
        }
        left = left.map(|left| left - 1);
        outcome.as_mut().poll(context).map(Some)
    })
    .await
}
