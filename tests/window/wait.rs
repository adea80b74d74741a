//! Waiting for something to become true, with a limit.

use std::time::Duration;

/// How often is looked.
const LOOK: Duration = Duration::from_millis(50);
/// How long at most; generous, because two cores may be busy with other things.
const LIMIT: Duration = Duration::from_secs(40);

/// Waits until `look` finds something; `what` says what was missed.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let waiting = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(LOOK).await;
        }
    };
    match tokio::time::timeout(LIMIT, waiting).await {
        Ok(found) => found,
        Err(_) => panic!("waited {} s in vain for: {what}", LIMIT.as_secs()),
    }
}
