//! Before the keys go: whatever is under way is written first.

use super::{BearerError, Grants};
use crate::store::StoreError;

impl Grants {
    /// Returns once no refresh is under way and every pair that was received is written, as far as it can be. While the vault
    /// opens nothing, none begins. What is held of tokens to compare with is forgotten.
    ///
    /// Fails with the first pair that could not be written; it stays in memory, and the others are written all the same.
    pub async fn rest(&self) -> Result<(), StoreError> {
        let lanes: Vec<_> = self.lanes().values().cloned().collect();
        let mut outcome = Ok(());
        for lane in lanes {
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
}
