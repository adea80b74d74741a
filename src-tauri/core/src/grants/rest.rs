//! Before the keys go: whatever is under way is written first.

use std::sync::Arc;

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

    /// Returns once no refresh is under way and every pair that was received is written, as far as it can be. While the vault
    /// opens nothing, none begins. What is held of tokens to compare with is forgotten.
    ///
    /// Fails with the first pair that could not be written; it stays in memory, and the others are written all the same.
    pub async fn rest(&self) -> Result<(), StoreError> {
        let mut outcome = Ok(());
        for lane in self.lanes_now() {
            let mut lane = lane.lock().await;
            lane.refused = None;
            if let Some(unwritten) = lane.unwritten.take()
                && let Err(BearerError::Store(error)) = self.write(&mut lane, unwritten).await
                && lane.unwritten.is_some()
            {
                outcome = outcome.and(Err(error));
            }
        }
        outcome
    }

    fn lanes_now(&self) -> Vec<Arc<Mutex<Lane>>> {
        self.lanes().values().cloned().collect()
    }
}
