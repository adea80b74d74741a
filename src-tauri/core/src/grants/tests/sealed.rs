//! What is on disk, and what becomes of an account whose bytes were touched (S27, S35, S38, S42).

use reqwest::{Method, Request};
use serde_json::Value;
use url::Url;

use super::world::{Provider, World};
use crate::{
    base::ServerId,
    grants::{BearerError, GrantError, ReauthReason, Standing, Wish},
    store::Cell,
};

async fn assert_undecryptable(world: &World, server: ServerId) {
    let error = world.token(server).await.expect_err("its bytes were touched");
    assert!(
        matches!(error, BearerError::Reauth(ReauthReason::Undecryptable)),
        "{error:?}"
    );
    let account = world
        .grants
        .account(server)
        .await
        .expect("the store works")
        .expect("it is in sight");
    assert_eq!(account.standing, Standing::Spent(ReauthReason::Undecryptable));
}

#[tokio::test]
async fn s35_swapped_bytes_cost_only_the_two_accounts() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let (one, two, three) = (
        world.granted(&provider).await,
        world.granted(&provider).await,
        world.granted(&provider).await,
    );
    let (bytes_of_one, bytes_of_two) = (world.row(one).await.sealed, world.row(two).await.sealed);
    world.overwrite_sealed(one, &bytes_of_two).await;
    world.overwrite_sealed(two, &bytes_of_one).await;
    assert_undecryptable(&world, one).await;
    assert_undecryptable(&world, two).await;
    assert_eq!(world.token(three).await.expect("it was not touched"), "access-0");
}

#[tokio::test]
async fn s27_a_grant_moved_to_another_server_is_not_lent_there() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let (victim, thief) = (world.granted(&provider).await, world.server().await);
    world
        .sql(&format!(
            "UPDATE grants SET server = '{thief}' WHERE server = '{victim}'"
        ))
        .await;
    assert_undecryptable(&world, thief).await;
}

#[tokio::test]
async fn s35_a_flipped_bit_costs_the_account() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let mut sealed = world.row(server).await.sealed;
    *sealed.last_mut().expect("it is not empty") ^= 1;
    world.overwrite_sealed(server, &sealed).await;
    assert_undecryptable(&world, server).await;
    let outcome = world.grants.end(server).await.expect("the store works");
    assert!(outcome.is_some(), "what cannot be read can still be wiped");
}

#[tokio::test]
async fn r23_a_grant_of_before_there_were_keys_is_lent_as_a_plain_bearer() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let row = world.row(server).await;
    let account = row.account.to_string();
    let cell = Cell {
        table: "grants",
        row: &account,
        column: "sealed",
    };
    let plain = world
        .vault
        .unseal(cell, &row.sealed)
        .expect("it is the row's own");
    let mut json: Value = serde_json::from_slice(plain.expose()).expect("JSON");
    let had = json.as_object_mut().expect("an object").remove("token_type");
    assert_eq!(had, Some("Bearer".into()), "grants of today say it");
    let older = world.vault.seal(cell, json.to_string().as_bytes());
    world
        .overwrite_sealed(server, &older.expect("the vault is open"))
        .await;
    let bearer = world.grants.bearer(server).await.expect("it still opens");
    let url = Url::parse("http://127.0.0.1:1/mcp").expect("a URL");
    let mut request = Request::new(Method::POST, url);
    world.grants.show(&bearer, &mut request);
    assert_eq!(request.headers()["authorization"], "Bearer access-0");
    assert!(!request.headers().contains_key("dpop"), "there is no key");
}

#[tokio::test]
async fn a_locked_keychain_hides_bearers_and_loses_nothing() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let world = world.restart_with_locked_keychain().await;
    assert!(matches!(world.token(server).await, Err(BearerError::VaultClosed)));
    let refused = world
        .grants
        .keep(server, super::world::granted(&provider), Wish::Connect)
        .await;
    assert!(
        matches!(refused, Err(GrantError::VaultClosed)),
        "nothing is stored in the clear"
    );
    let account = world
        .grants
        .account(server)
        .await
        .expect("the store works")
        .expect("it is in sight");
    assert_eq!(account.scopes.to_string(), "read write", "the list stays");
    world.keychain.lock(false);
    world.vault.retry().await.expect("the keychain is open again");
    assert_eq!(world.token(server).await.expect("nothing was lost"), "access-0");
}

#[tokio::test]
async fn s42_no_token_is_in_the_files_or_in_debug() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let bearer = world.grants.bearer(server).await.expect("it is live");
    assert!(
        !format!("{bearer:?}").contains("access-0"),
        "a bearer is not printable"
    );
    for secret in ["access-0", "refresh-0"] {
        assert!(!world.files_hold(secret.as_bytes()), "{secret} is in the clear");
    }
}
