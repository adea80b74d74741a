//! What is lent from memory is what the disk would give.

use std::time::Duration;

use tokio::task::yield_now;

use super::world::{LIFE, Provider, World, granted, guarded};
use crate::{
    base::{AccountId, Secret},
    grants::{BearerError, ReauthReason, table},
};

/// Two lives of one grant's bearer: in memory, and on disk.
struct Lent {
    provider: Provider,
    world: World,
    account: AccountId,
}

impl Lent {
    /// Signs in, and lends the bearer for the first time.
    async fn new() -> Self {
        let (provider, world) = (Provider::start().await, World::new().await);
        let server = world.server().await;
        let account = world.keep(server, granted(&provider)).await;
        let it = Self {
            provider,
            world,
            account,
        };
        it.nobody_writes().await;
        it.token().await.expect("it is live");
        it
    }

    /// Waits until the connection that wrote is free, a moment after its last command.
    async fn nobody_writes(&self) {
        let free = async {
            while self.world.store.edition().is_none() {
                yield_now().await;
            }
        };
        guarded(free).await;
    }

    async fn is_over_on_disk(&self) -> bool {
        let row = table::of_account(&self.world.store, self.account).await;
        row.expect("the store works").expect("it is there").dead.is_some()
    }

    async fn token(&self) -> Result<String, BearerError> {
        let bearer = self.world.grants.bearer_of(self.account).await;
        // EXPOSE: the test compares it.
        bearer.map(|bearer| bearer.token().expose().clone())
    }

    fn is_at_hand(&self) -> bool {
        self.world.grants.at_hand(self.account).is_some()
    }
}

#[tokio::test]
async fn a_bearer_is_lent_again_without_a_look_at_the_disk() {
    let it = Lent::new().await;
    let before = it.token().await.expect("it is live");
    it.world.store.reader().close().await;
    assert_eq!(it.token().await.expect("nobody has written"), before);
}

#[tokio::test]
async fn what_is_written_counts_at_once_also_what_was_begun_before_the_bearer_was_read() {
    let it = Lent::new().await;
    let mut write = it.world.store.write().await.expect("the writer is free");
    let dead = sqlx::query("UPDATE grants SET dead_reason = 'rejected', version = version + 1");
    dead.execute(&mut *write).await.expect("it is marked");
    it.token().await.expect("nothing is written yet");
    write.commit().await.expect("it is written");
    let over = it.token().await;
    assert!(
        matches!(over, Err(BearerError::Reauth(ReauthReason::Rejected))),
        "{over:?}"
    );
}

#[tokio::test]
async fn a_write_that_its_caller_left_counts_as_well() {
    let it = Lent::new().await;
    let mut write = it.world.store.write().await.expect("the writer is free");
    let dead = sqlx::query("UPDATE grants SET dead_reason = 'rejected', version = version + 1");
    dead.execute(&mut *write).await.expect("it is marked");
    let mut commit = Box::pin(write.commit());
    // Polled once, the command is on its way; then nobody waits for it.
    assert!(futures::poll!(&mut commit).is_pending(), "it takes a moment");
    drop(commit);
    let _ = it.token().await;
    it.nobody_writes().await;
    let (lent, is_over) = (it.token().await.is_ok(), it.is_over_on_disk().await);
    assert_eq!(lent, !is_over, "whether it came to be written or not");
}

#[tokio::test]
async fn time_ends_what_is_at_hand() {
    let it = Lent::new().await;
    let before = it.token().await.expect("it is live");
    it.world.clock.advance(LIFE - Duration::from_secs(10));
    assert!(!it.is_at_hand(), "it is stale");
    let after = it.token().await.expect("it is renewed");
    assert_ne!(before, after);
    assert_eq!(it.provider.requests(), 1);
}

#[tokio::test]
async fn a_locked_vault_lends_nothing_and_nothing_is_kept_in_memory() {
    let it = Lent::new().await;
    let passphrase = Secret::new("correct horse battery".to_owned());
    let vault = &it.world.vault;
    vault.choose_passphrase(&passphrase).await.expect("it is chosen");
    it.nobody_writes().await;
    it.token().await.expect("it is live");
    assert!(it.is_at_hand());
    let locking = vault.begin_lock().await.expect("a passphrase opens it");
    let locking = locking.expect("it is open");
    assert!(!it.is_at_hand(), "from the first moment");
    it.world.grants.rest().await.expect("nothing waits to be written");
    drop(locking);
    assert!(!it.is_at_hand(), "and what was there is wiped");
    it.token().await.expect("it is open again");
}
