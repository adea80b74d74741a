//! Whatever is done to the bytes of a row costs its account at most, and never lends one account's token to another (S27, S35).

use std::time::Duration;

use super::world::{Answers, LIFE, Provider, World, granted, granted_to};
use crate::{
    base::{AccountId, ServerId},
    grants::{BearerError, ReauthReason, Standing, Wish, table},
    store::{Cell, UnsealError},
};

/// Two accounts of one server, and one of another.
struct Three {
    provider: Provider,
    world: World,
    servers: [ServerId; 2],
    accounts: [AccountId; 3],
}

impl Three {
    async fn new() -> Self {
        let (provider, world) = (Provider::start().await, World::new().await);
        let servers = [world.server().await, world.server().await];
        let mut accounts = Vec::new();
        for (server, name) in [(servers[0], "ada"), (servers[0], "bea"), (servers[1], "cleo")] {
            accounts.push(
                world
                    .keep_as(server, granted_to(&provider, name), Wish::Add)
                    .await,
            );
        }
        let accounts = accounts.try_into().expect("three accounts");
        Self {
            provider,
            world,
            servers,
            accounts,
        }
    }

    async fn sealed(&self, at: usize) -> Vec<u8> {
        let row = table::of_account(&self.world.store, self.accounts[at]).await;
        row.expect("the store works").expect("it is there").sealed
    }

    async fn overwrite(&self, at: usize, bytes: &[u8]) {
        let (account, hex) = (self.accounts[at], hex(bytes));
        self.world
            .sql(&format!(
                "UPDATE grants SET sealed = x'{hex}' WHERE account = '{account}'"
            ))
            .await;
    }

    /// Only the accounts in `touched` are lost, each by itself, and the rest goes on.
    async fn only_these_are_lost(&self, touched: &[usize], how: &str) {
        for (at, name) in ["ada", "bea", "cleo"].into_iter().enumerate() {
            let lent = self.lent(at).await;
            match touched.contains(&at) {
                true => assert!(
                    matches!(lent, Err(BearerError::Reauth(ReauthReason::Undecryptable))),
                    "{how}: {name} has {lent:?}"
                ),
                false => assert_eq!(lent.ok(), Some(format!("access-{name}")), "{how}: {name}"),
            }
        }
        let shown = self.world.grants.accounts(self.servers[0]).await;
        let shown = shown.expect("the list is there");
        assert_eq!(shown.len(), 2, "{how}: all are in sight");
        for account in shown {
            let is_touched = touched.iter().any(|at| self.accounts[*at] == account.id);
            let spent = account.standing == Standing::Spent(ReauthReason::Undecryptable);
            assert_eq!(spent, is_touched, "{how}: {:?}", account.label);
        }
    }

    async fn lent(&self, at: usize) -> Result<String, BearerError> {
        let bearer = self.world.grants.bearer_of(self.accounts[at]).await;
        // EXPOSE: the test compares it.
        bearer.map(|bearer| bearer.token().expose().clone())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn s35_every_bit_and_the_length_of_a_sealed_row_count() {
    let (provider, world) = (Provider::start().await, World::new().await);
    let server = world.granted(&provider).await;
    let mut row = world.row(server).await;
    let sealed = row.sealed.clone();
    for bit in 0..8 * sealed.len() {
        row.sealed = sealed.clone();
        row.sealed[bit / 8] ^= 1 << (bit % 8);
        let opened = row.open(&world.vault).err();
        assert_eq!(opened, Some(UnsealError::Broken), "bit {bit}");
    }
    for length in 0..sealed.len() {
        row.sealed = sealed[..length].to_vec();
        let opened = row.open(&world.vault).err();
        assert_eq!(opened, Some(UnsealError::Broken), "{length} bytes");
    }
}

#[tokio::test]
async fn s35_bytes_that_were_touched_cost_their_account_alone() {
    let three = Three::new().await;
    let sealed = three.sealed(0).await;
    // The version, the key's name, the nonce, the text, the tag.
    for at in [
        0,
        1,
        8,
        9,
        20,
        21,
        sealed.len() / 2,
        sealed.len() - 16,
        sealed.len() - 1,
    ] {
        let mut flipped = sealed.clone();
        flipped[at] ^= 0x40;
        three.overwrite(0, &flipped).await;
        three.only_these_are_lost(&[0], &format!("byte {at}")).await;
    }
    for length in [0, 1, 20, 21, sealed.len() - 1] {
        three.overwrite(0, &sealed[..length]).await;
        three.only_these_are_lost(&[0], &format!("{length} bytes")).await;
    }
    three.overwrite(0, &[sealed.as_slice(), &[0]].concat()).await;
    three.only_these_are_lost(&[0], "a byte too many").await;
    three.overwrite(0, &sealed).await;
    three.only_these_are_lost(&[], "put back").await;
}

#[tokio::test]
async fn s35_rows_that_change_places_are_lent_nowhere() {
    let three = Three::new().await;
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let bytes = [three.sealed(one).await, three.sealed(other).await];
        three.overwrite(one, &bytes[1]).await;
        three.overwrite(other, &bytes[0]).await;
        three
            .only_these_are_lost(&[one, other], "the bytes change places")
            .await;
        three.overwrite(one, &bytes[0]).await;
        three.overwrite(other, &bytes[1]).await;
    }
    three.only_these_are_lost(&[], "put back").await;
    // Whole rows, with their names: what is sealed says for which server it is.
    let [server, other] = three.servers;
    for (account, server) in [(0, other), (2, server)] {
        let account = three.accounts[account];
        let moved =
            format!("UPDATE grants SET server = '{server}', is_default = 0 WHERE account = '{account}'");
        three.world.sql(&moved).await;
    }
    three
        .only_these_are_lost(&[0, 2], "the rows change servers")
        .await;
}

#[tokio::test]
async fn s35_the_same_text_sealed_for_another_place_is_lent_nowhere() {
    let three = Three::new().await;
    let [account, other] = [three.accounts[0].to_string(), three.accounts[1].to_string()];
    let own = Cell {
        table: "grants",
        row: &account,
        column: "sealed",
    };
    let plain = three.world.vault.unseal(own, &three.sealed(0).await);
    let plain = plain.expect("it is the row's own");
    for place in [
        Cell { row: &other, ..own },
        Cell {
            table: "server_headers",
            ..own
        },
        Cell {
            table: "sign_ins",
            ..own
        },
        Cell {
            table: "registrations",
            ..own
        },
        Cell {
            column: "value",
            ..own
        },
    ] {
        let elsewhere = three.world.vault.seal(place, plain.expose());
        three.overwrite(0, &elsewhere.expect("the vault is open")).await;
        three.only_these_are_lost(&[0], &format!("{place:?}")).await;
    }
}

#[tokio::test]
async fn s35_what_is_owed_for_one_account_is_no_grant_of_another() {
    let three = Three::new().await;
    three.provider.revokes(503);
    let ended = three
        .world
        .grants
        .end_account(three.servers[0], three.accounts[0])
        .await;
    ended.expect("the store works").expect("it was there");
    let owed: Vec<u8> = sqlx::query_scalar("SELECT sealed FROM revocations")
        .fetch_one(three.world.store.reader())
        .await
        .expect("it is owed");
    three.overwrite(1, &owed).await;
    let lent = three.lent(1).await;
    assert!(
        matches!(lent, Err(BearerError::Reauth(ReauthReason::Undecryptable))),
        "{lent:?}"
    );
    let account = three.accounts[2];
    three
        .world
        .sql(&format!("UPDATE revocations SET account = '{account}'"))
        .await;
    let ended = three.world.grants.end_account(three.servers[1], account).await;
    ended.expect("the store works").expect("it was there");
    assert!(
        three.provider.revoked().iter().all(|token| token != "access-bea"),
        "nobody else's token was shown"
    );
}

#[tokio::test]
async fn s35_an_older_row_of_the_same_account_needs_a_new_sign_in_at_worst() {
    for back in ["", ", version = 0", ", version = 99"] {
        let (provider, world) = (Provider::start().await, World::new().await);
        let (server, other) = (world.granted(&provider).await, world.server().await);
        world.keep(other, granted_to(&provider, "bea")).await;
        let old = hex(&world.row(server).await.sealed);
        world.clock.advance(LIFE - Duration::from_secs(30));
        assert_eq!(world.token(server).await.expect("it is renewed"), "access-1");
        world
            .sql(&format!(
                "UPDATE grants SET sealed = x'{old}'{back} WHERE server = '{server}'"
            ))
            .await;
        world.clock.advance(Duration::from_secs(29));
        let lent = world.token(server).await;
        assert!(
            matches!(lent, Err(BearerError::Reauth(ReauthReason::Rejected))),
            "its refresh token is spent{back}: {lent:?}"
        );
        assert_eq!(
            world.token(other).await.expect("it was not touched"),
            "access-bea"
        );
        let mut again = granted(&provider);
        again.tokens.expires_at = None;
        world.keep(server, again).await;
        assert_eq!(
            world.token(server).await.expect("a new sign-in helps"),
            "access-0"
        );
    }
}

#[tokio::test]
async fn a_clear_column_that_was_touched_decides_nothing_secret() {
    let (provider, world) = (Provider::start().await, World::new().await);
    provider.answer(Answers::AccessOnly);
    for set in [
        "issuer = 'http://127.0.0.1:2'",
        "client_id = 'another'",
        "client_id = NULL",
        "scopes = 'everything'",
        "subject = 'bea', label = 'Bea', login = 'bea@example.com', own_label = 'mine'",
        "signed_in_at = -1",
        "signed_in_at = 9223372036854775807",
        "expires_at = 0",
        "expires_at = NULL",
        "expires_at = 9223372036854775807",
        "renews = 0",
        "version = -9223372036854775808",
        "version = 9223372036854775807",
        "refreshing_since = 9223372036854775807",
    ] {
        let server = world.granted(&provider).await;
        world
            .sql(&format!("UPDATE grants SET {set} WHERE server = '{server}'"))
            .await;
        let lent = world.token(server).await;
        let is_own = lent.as_ref().is_ok_and(|token| token.starts_with("access-"));
        assert!(is_own, "{set}: {lent:?}");
        world.keep(server, granted(&provider)).await;
        assert!(
            world.token(server).await.is_ok(),
            "{set}: a new sign-in takes its place"
        );
        world.grants.end(server).await.expect("it can be ended");
    }
    let server = world.granted(&provider).await;
    world.sql("UPDATE grants SET dead_reason = 'nonsense'").await;
    let lent = world.token(server).await;
    assert!(
        matches!(lent, Err(BearerError::Reauth(ReauthReason::Rejected))),
        "what is over in words of a newer app is over: {lent:?}"
    );
}

#[tokio::test]
async fn a_row_that_makes_no_sense_costs_itself_and_a_new_sign_in_takes_its_place() {
    for set in [
        "scopes = char(1)",
        "issuer = CAST(x'ff' AS TEXT)",
        "label = CAST(x'ff' AS TEXT)",
        "account = 'nobody'",
    ] {
        let three = Three::new().await;
        let (account, server) = (three.accounts[0], three.servers[0]);
        three
            .world
            .grants
            .use_account(server, account)
            .await
            .expect("it is there");
        three
            .world
            .sql(&format!("UPDATE grants SET {set} WHERE account = '{account}'"))
            .await;
        let lent = three.world.token(server).await;
        assert!(matches!(lent, Err(BearerError::None)), "{set}: {lent:?}");
        assert_eq!(
            three.lent(1).await.expect("it was not touched"),
            "access-bea",
            "{set}"
        );
        assert_eq!(
            three.lent(2).await.expect("it was not touched"),
            "access-cleo",
            "{set}"
        );
        three
            .world
            .keep(server, granted_to(&three.provider, "dora"))
            .await;
        assert_eq!(three.world.token(server).await.expect("{set}"), "access-dora");
        let ended = three.world.grants.end(server).await.expect("all of them end");
        assert!(ended.is_some(), "{set}: with the one that makes no sense");
        assert!(!three.world.has_row(server).await, "{set}");
    }
}
