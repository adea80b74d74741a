//! Before the keys go: whatever is under way is written first.

use std::sync::Arc;

use futures::future::join_all;
use tokio::sync::Mutex;

use super::{BearerError, Grants, lane::Lane};
use crate::store::StoreError;

impl Grants {
    /// Returns once none of the refreshes is under way that there are now.
    pub async fn settle(&self) {
        for lane in self.lanes_now() {
            drop(lane.lock().await);
        }
    }

    /// Returns once no refresh is under way and every pair that was received is written, as far as it can be; one that waits
    /// to be written does not wait for a refresh of another account. While the vault opens nothing, no refresh begins. What is
    /// held of tokens to compare with, or to lend again, is forgotten.
    ///
    /// Fails with the first pair that could not be written; it stays in memory, and the others are written all the same.
    pub async fn rest(&self) -> Result<(), StoreError> {
        self.inner.at_hand.clear();
        let resting = self.lanes_now().into_iter().map(async |lane| {
            let mut lane = lane.lock().await;
            lane.refused = None;
            self.write_unwritten(&mut lane).await
        });
        join_all(resting).await.into_iter().collect()
    }

    /// Writes every pair that could not be written before, where nobody refreshes. Fails as [`Grants::rest`] does.
    pub async fn write_down(&self) -> Result<(), StoreError> {
        let mut outcome = Ok(());
        for lane in self.lanes_now() {
            if let Ok(mut lane) = lane.try_lock() {
                outcome = outcome.and(self.write_unwritten(&mut lane).await);
            }
        }
        outcome
    }

    async fn write_unwritten(&self, lane: &mut Lane) -> Result<(), StoreError> {
        let Some(unwritten) = lane.unwritten.take() else {
            return Ok(());
        };
        match self.write(lane, unwritten).await {
            Err(BearerError::Store(error)) if lane.unwritten.is_some() => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    fn lanes_now(&self) -> Vec<Arc<Mutex<Lane>>> {
        self.lanes().values().cloned().collect()
    }
}
