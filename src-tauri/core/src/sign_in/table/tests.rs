use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::{
    base::AccountId,
    ports::Keychain,
    store::tests::{TestKeychain, new_store},
};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

struct World {
    store: Store,
    vault: Vault,
    _directory: TempDir,
}

impl World {
    async fn new() -> Self {
        let (directory, store) = new_store().await;
        let vault = Vault::open(
            store.clone(),
            TestKeychain::empty() as Arc<dyn Keychain>,
            Vec::new(),
        )
        .await
        .expect("the store works");
        Self {
            store,
            vault,
            _directory: directory,
        }
    }

    async fn put(&self, server: ServerId, wish: Wish, state: &str) {
        let pending = pending(server, wish, state);
        put(&self.store, &self.vault, &pending, NOW)
            .await
            .expect("it is written");
    }

    /// Gives the wish of the sign-in that waits for this state.
    async fn wish(&self, state: &str) -> Option<Wish> {
        let found = find(&self.store, &self.vault, &StateHash::of(state), NOW).await;
        found.expect("the store works").map(|pending| pending.wish)
    }

    async fn forget(&self, server: ServerId, wish: Option<Wish>) {
        forget(&self.store, &self.vault, server, wish)
            .await
            .expect("the store works");
    }
}

fn pending(server: ServerId, wish: Wish, state: &str) -> Pending {
    Pending {
        id: SignInId::random(),
        server,
        wish,
        expires_at: NOW.after(std::time::Duration::from_secs(600)),
        registered_anew: false,
        issuer: None,
        awaiting: Awaiting::from_secret_json(&json_of(state)).expect("the test's sign-in is whole"),
    }
}

/// A waiting sign-in, as the first version of the app sealed it.
fn json_of(state: &str) -> Secret<Vec<u8>> {
    let json = json!({
        "url": "https://as.example/authorize?state=quoted%22", "state": state, "verifier": "v",
        "redirect_uri": "dev.usher.desktop://oauth/callback", "scopes": "read", "sends_iss": true,
        "client": {
            "issuer": "https://as.example", "resource": "https://mcp.example", "reach": "public",
            "token_endpoint": "https://as.example/token", "revocation_endpoint": null, "client_id": "c",
            "method": "none", "secret": null,
        },
    });
    Secret::new(json.to_string().into_bytes())
}

#[tokio::test]
async fn each_sign_in_keeps_its_wish() {
    let (world, server, account) = (World::new().await, ServerId::random(), AccountId::random());
    let wishes = [
        Wish::Connect,
        Wish::Switch,
        Wish::Add,
        Wish::Again(account),
        Wish::Again(AccountId::random()),
    ];
    for (number, wish) in wishes.iter().enumerate() {
        world.put(server, *wish, &number.to_string()).await;
    }
    for (number, wish) in wishes.iter().enumerate() {
        assert_eq!(
            world.wish(&number.to_string()).await,
            Some(*wish),
            "side by side with the others"
        );
    }
}

#[tokio::test]
async fn a_second_click_supersedes_the_first_of_the_same_wish() {
    let (world, server) = (World::new().await, ServerId::random());
    world.put(server, Wish::Add, "first").await;
    world.put(ServerId::random(), Wish::Add, "elsewhere").await;
    world.put(server, Wish::Add, "second").await;
    assert_eq!(world.wish("first").await, None);
    assert_eq!(world.wish("second").await, Some(Wish::Add));
    assert_eq!(
        world.wish("elsewhere").await,
        Some(Wish::Add),
        "another server's stays"
    );
}

#[tokio::test]
async fn taking_one_wish_back_leaves_the_others_waiting() {
    let (world, server, account) = (World::new().await, ServerId::random(), AccountId::random());
    world.put(server, Wish::Add, "add").await;
    world.put(server, Wish::Again(account), "again").await;
    world.forget(server, Some(Wish::Again(account))).await;
    assert_eq!(world.wish("again").await, None);
    assert_eq!(world.wish("add").await, Some(Wish::Add));
    world.forget(server, None).await;
    assert_eq!(world.wish("add").await, None, "leaving the server ends all");
}

#[tokio::test]
async fn a_sign_in_that_an_older_app_wrote_down_still_opens() {
    let world = World::new().await;
    let old = pending(ServerId::random(), Wish::Add, "old");
    let id = old.id.to_string();
    let json = json_of("old");
    // EXPOSE: sealed as the first version did.
    let sealed = world
        .vault
        .seal(SIGN_INS.cell(&id), json.expose())
        .expect("the vault is open");
    world.put(old.server, Wish::Add, "old").await;
    let mut write = world.store.write().await.expect("the writer is free");
    sqlx::query("UPDATE sign_ins SET id = ?, sealed = ?")
        .bind(&id)
        .bind(sealed)
        .execute(&mut *write)
        .await
        .expect("the row is there");
    write.commit().await.expect("it commits");
    assert_eq!(
        world.wish("old").await,
        Some(Wish::Connect),
        "it was for the server"
    );
}
