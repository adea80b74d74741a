//! Several accounts at one address: each is its own, one is used, and the person says which.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use usher_core::api::contract::ErrorCode;
use usher_tests::{AuthorizationServer, Door, Furniture, HandClock, Home, McpServer, Names, Ways};

use super::parameter;

/// A home signed in to one server as Ada.
struct SignedIn {
    authorization: AuthorizationServer,
    _server: McpServer,
    home: Home,
    id: String,
}

impl SignedIn {
    async fn where_names_are(names: Names) -> Self {
        Self::with(names, Furniture::default()).await
    }

    async fn with(names: Names, furniture: Furniture) -> Self {
        let authorization = AuthorizationServer::open(Ways {
            names,
            ..Ways::default()
        })
        .await;
        let server = McpServer::open(Door::Bearer(&authorization)).await;
        let delivers = furniture.delivers;
        let home = Home::with(furniture).await;
        let id = home.add(&server.url()).await;
        home.connect(&id).await;
        if !delivers {
            let link = home.link(1).await;
            home.app().deep_link(&link).await;
        }
        assert_eq!(home.outcome(&id).await, json!({ "kind": "authorized" }));
        home.state(&id, "ready").await;
        Self {
            authorization,
            _server: server,
            home,
            id,
        }
    }

    /// The same with Bob beside Ada.
    async fn with_bob(furniture: Furniture) -> Self {
        let it = Self::with(Names::IdToken, furniture).await;
        it.authorization.seats("bob");
        it.add().await;
        it.accounts(2).await;
        it
    }

    async fn add(&self) {
        self.home.good("addAccount", json!({ "id": self.id })).await;
        self.home.outcome(&self.id).await;
    }

    /// Waits until there are so many accounts; gives them.
    async fn accounts(&self, count: usize) -> Vec<Value> {
        let as_many = |server: &Value| server["accounts"].as_array().map(Vec::len) == Some(count);
        let server = self.home.until(&self.id, as_many).await;
        server["accounts"].as_array().cloned().unwrap_or_default()
    }

    async fn labels(&self, count: usize) -> Vec<Value> {
        let accounts = self.accounts(count).await;
        accounts.iter().map(|account| account["label"].clone()).collect()
    }

    async fn account(&self, at: usize) -> Value {
        self.home.server(&self.id).await["accounts"][at].clone()
    }

    /// Names an account by its place in the list.
    async fn named(&self, at: usize) -> Value {
        json!({ "server": self.id, "account": self.account(at).await["id"] })
    }

    /// Tells whose token a tool call is made with.
    async fn used_as(&self) -> Option<String> {
        self.home.echo(&self.id, "hello").await.expect("the tool answers");
        self.authorization.taken_last()
    }

    /// Gives a parameter of the page that was opened last.
    fn page(&self, name: &str) -> Option<String> {
        let opened = self.home.person().opened();
        parameter(opened.last().expect("a page was opened").as_str(), name)
    }
}

fn by_hand() -> Furniture {
    Furniture {
        delivers: false,
        ..Furniture::default()
    }
}

#[tokio::test]
async fn two_accounts_at_one_address_do_not_overwrite_each_other() {
    let it = SignedIn::with_bob(Furniture::default()).await;
    assert_eq!(it.labels(2).await, ["ada@example.com", "bob@example.com"]);
    assert_eq!(it.account(0).await["labelSource"], "provider");
    assert_eq!(it.authorization.living_grants(), 2, "nobody was signed out");
    let server = it.home.server(&it.id).await;
    assert_eq!(
        server["account"], server["accounts"][0],
        "the first is the default"
    );
    assert_eq!(it.used_as().await.as_deref(), Some("ada"));
}

#[tokio::test]
async fn a_provider_may_tell_the_name_at_its_userinfo_endpoint() {
    let it = SignedIn::where_names_are(Names::Userinfo).await;
    assert_eq!(it.labels(1).await, ["ada@example.com"]);
    assert_eq!(it.authorization.seen().count("GET /userinfo"), 1, "asked once");
}

#[tokio::test]
async fn the_same_person_twice_is_one_account() {
    let it = SignedIn::where_names_are(Names::IdToken).await;
    let before = it.account(0).await["id"].clone();
    it.add().await;
    assert_eq!(it.accounts(1).await[0]["id"], before);
}

#[tokio::test]
async fn using_another_account_costs_neither_a_sign_in_nor_a_refresh() {
    let it = SignedIn::with_bob(Furniture::default()).await;
    let asked = it.authorization.seen().count("POST /token");
    let used = it.home.good("useAccount", it.named(1).await).await;
    assert_eq!(used["account"]["label"], "bob@example.com");
    it.home.state(&it.id, "ready").await;
    assert_eq!(it.used_as().await.as_deref(), Some("bob"));
    assert_eq!(it.authorization.seen().count("POST /token"), asked, "no refresh");
    assert_eq!(it.home.person().opened().len(), 2, "no browser");
}

#[tokio::test]
async fn switching_account_uses_whoever_signs_in() {
    let it = SignedIn::where_names_are(Names::IdToken).await;
    it.authorization.seats("bob");
    it.home.good("signIn", json!({ "id": it.id })).await;
    assert_eq!(it.labels(2).await, ["ada@example.com", "bob@example.com"]);
    assert_eq!(it.account(1).await["isDefault"], true);
    // The old connection may still be there for a moment; nothing of it is ever asked as Bob.
    let as_bob = async {
        while it.authorization.taken_last().as_deref() != Some("bob") {
            tokio::task::yield_now().await;
        }
    };
    let soon = tokio::time::timeout(Duration::from_secs(30), as_bob).await;
    soon.expect("a new connection is opened");
    it.home.state(&it.id, "ready").await;
    assert_eq!(it.used_as().await.as_deref(), Some("bob"));
}

#[tokio::test]
async fn reconnecting_an_account_names_it_to_the_provider_and_forces_no_choice() {
    let it = SignedIn::with_bob(Furniture::default()).await;
    let bob = it.named(1).await;
    it.home.good("reconnectAccount", bob.clone()).await;
    it.home.outcome(&it.id).await;
    assert_eq!(it.page("login_hint").as_deref(), Some("bob@example.com"));
    assert_eq!(it.page("prompt"), None);
    assert_eq!(
        it.accounts(2).await[1]["id"],
        bob["account"],
        "the account goes on"
    );

    let own = json!({ "account": bob, "name": "Work" });
    it.home.good("renameAccount", own).await;
    it.home.good("reconnectAccount", bob).await;
    it.home.outcome(&it.id).await;
    assert_eq!(
        it.page("login_hint").as_deref(),
        Some("bob@example.com"),
        "the person's own word is nobody's business"
    );
}

#[tokio::test]
async fn a_choice_of_account_names_nobody_and_always_shows_the_page() {
    let it = SignedIn::where_names_are(Names::IdToken).await;
    for call in ["addAccount", "signIn"] {
        it.home.good(call, json!({ "id": it.id })).await;
        it.home.outcome(&it.id).await;
        assert_eq!(it.page("login_hint"), None, "{call}");
        assert_eq!(it.page("prompt").as_deref(), Some("consent"), "{call}");
    }
    let exchanges = it.authorization.seen().count("POST /token");
    assert_eq!(exchanges, 3, "three sign-ins and no silent refresh");
}

#[tokio::test]
async fn an_account_that_dies_beside_the_default_shows_in_the_list_alone() {
    let clock = HandClock::default();
    let it = SignedIn::with_bob(Furniture {
        clock: Arc::new(clock.clone()),
        ..Furniture::default()
    })
    .await;
    it.authorization.revoke_person("bob");
    clock.advance(Duration::from_secs(3600));
    let bob_needs = |server: &Value| server["accounts"][1]["needs"] == "rejected";
    let server = it.home.until(&it.id, bob_needs).await;
    assert_eq!(server["state"]["kind"], "ready", "Ada is used");
    assert!(server["account"]["needs"].is_null());
    assert_eq!(it.used_as().await.as_deref(), Some("ada"));
}

#[tokio::test]
async fn removing_the_default_goes_on_as_the_next() {
    let it = SignedIn::with_bob(Furniture::default()).await;
    let removal = it.home.good("removeAccount", it.named(0).await).await;
    assert_eq!(removal["revocation"], "revoked");
    assert_eq!(removal["server"]["account"]["label"], "bob@example.com");
    it.home.state(&it.id, "ready").await;
    assert_eq!(it.used_as().await.as_deref(), Some("bob"));
    assert_eq!(
        it.authorization.living_grants(),
        1,
        "hers was revoked, his was not"
    );
}

#[tokio::test]
async fn removing_the_last_account_disconnects() {
    let it = SignedIn::where_names_are(Names::IdToken).await;
    let removal = it.home.good("removeAccount", it.named(0).await).await;
    assert_eq!(removal["server"]["state"]["kind"], "off");
    assert_eq!(removal["server"]["lastRevocation"], "revoked");
    assert_eq!(it.authorization.living_grants(), 0);
}

#[tokio::test]
async fn disconnecting_ends_every_account() {
    let it = SignedIn::with_bob(Furniture::default()).await;
    let off = it.home.good("disconnect", json!({ "id": it.id })).await;
    assert_eq!(off["accounts"], json!([]));
    assert_eq!(it.authorization.living_grants(), 0);
}

#[tokio::test]
async fn the_persons_own_name_wins_and_can_be_taken_back() {
    let it = SignedIn::where_names_are(Names::IdToken).await;
    let ada = it.named(0).await;
    let renamed = json!({ "account": ada, "name": "  Work  " });
    it.home.good("renameAccount", renamed).await;
    let account = it.account(0).await;
    assert_eq!(
        (&account["label"], &account["labelSource"]),
        (&json!("Work"), &json!("person"))
    );
    assert_eq!(account["providerLabel"], "ada@example.com");
    it.home
        .good("renameAccount", json!({ "account": ada, "name": " " }))
        .await;
    assert_eq!(it.account(0).await["label"], "ada@example.com");
}

#[tokio::test]
async fn an_account_that_is_gone_is_said_to_be() {
    let it = SignedIn::where_names_are(Names::IdToken).await;
    let stranger = json!({ "server": it.id, "account": "0123456789abcdef0123456789abcdef" });
    for name in ["useAccount", "removeAccount", "reconnectAccount"] {
        let error = it.home.call(name, stranger.clone()).await.expect_err("nobody");
        assert_eq!(error.code, ErrorCode::AccountGone, "{name}");
    }
    let odd = json!({ "server": it.id, "account": "' OR 1" });
    let error = it.home.call("useAccount", odd).await.expect_err("no identifier");
    assert_eq!(error.code, ErrorCode::AccountGone);
}

#[tokio::test]
async fn accounts_and_which_one_is_used_survive_a_restart() {
    let mut it = SignedIn::with_bob(Furniture::default()).await;
    it.home.good("useAccount", it.named(1).await).await;
    it.home.state(&it.id, "ready").await;
    it.home.restart().await;
    it.home.state(&it.id, "ready").await;
    assert_eq!(it.labels(2).await, ["ada@example.com", "bob@example.com"]);
    assert_eq!(it.used_as().await.as_deref(), Some("bob"));
}

#[tokio::test]
async fn s13_two_sign_ins_side_by_side_each_do_what_they_were_begun_for() {
    let it = SignedIn::with(Names::Nowhere, by_hand()).await;
    let first = it.named(0).await;
    it.home.good("addAccount", json!({ "id": it.id })).await;
    let add = it.home.link(2).await;
    it.home.good("reconnectAccount", first.clone()).await;
    let again = it.home.link(3).await;
    it.home.app().deep_link(&again).await;
    let accounts = it.accounts(1).await;
    assert_eq!(accounts[0]["id"], first["account"], "reconnected, not added");
    it.home.app().deep_link(&add).await;
    let accounts = it.accounts(2).await;
    assert_eq!(accounts[0]["id"], first["account"], "added, not replaced");
    assert_eq!(accounts[0]["isDefault"], true);
    assert_eq!(it.home.outcome(&it.id).await, json!({ "kind": "authorized" }));
}

#[tokio::test]
async fn cancelling_one_sign_in_leaves_the_other_waiting() {
    let it = SignedIn::with(Names::Nowhere, by_hand()).await;
    it.home.good("addAccount", json!({ "id": it.id })).await;
    let add = it.home.link(2).await;
    it.home.good("reconnectAccount", it.named(0).await).await;
    let again = it.home.link(3).await;
    let newest = it.home.at_the_page(&it.id).await["signIn"]["id"].clone();
    it.home.good("cancelSignIn", json!({ "id": newest })).await;
    it.home.app().deep_link(&again).await;
    it.home.app().deep_link(&add).await;
    it.accounts(2).await;
    let exchanges = it.authorization.seen().count("POST /token");
    assert_eq!(
        exchanges, 2,
        "the first sign-in and the one that was not cancelled"
    );
}

#[tokio::test]
async fn what_a_sign_in_was_begun_for_survives_a_restart() {
    let mut it = SignedIn::with(Names::Nowhere, by_hand()).await;
    it.home.good("addAccount", json!({ "id": it.id })).await;
    let link = it.home.link(2).await;
    it.home.restart().await;
    it.home.at_the_page(&it.id).await;
    it.home.app().deep_link(&link).await;
    it.accounts(2).await;
}

#[tokio::test]
async fn an_answer_for_an_account_that_was_removed_meanwhile_signs_nobody_in() {
    let it = SignedIn::with(Names::Nowhere, by_hand()).await;
    it.home.good("addAccount", json!({ "id": it.id })).await;
    let add = it.home.link(2).await;
    it.home.app().deep_link(&add).await;
    it.accounts(2).await;
    let second = it.named(1).await;
    it.home.good("reconnectAccount", second.clone()).await;
    let again = it.home.link(3).await;
    it.home.good("removeAccount", second).await;
    it.home.app().deep_link(&again).await;
    assert_eq!(it.accounts(1).await.len(), 1);
    assert_eq!(
        it.authorization.seen().count("POST /token"),
        2,
        "it was not exchanged"
    );
}

#[tokio::test]
async fn each_run_tells_which_account_it_was_about() {
    let it = SignedIn::with_bob(Furniture::default()).await;
    let (ada, bob) = (
        it.account(0).await["id"].clone(),
        it.account(1).await["id"].clone(),
    );
    let gone = it.named(0).await;
    it.home.good("removeAccount", gone).await;
    let told = it.home.good("signInRuns", json!({ "id": it.id })).await;
    let told: Vec<_> = told["runs"].as_array().into_iter().flatten().collect();
    let about = |kind: &str| -> Vec<&Value> {
        let of_kind = told.iter().filter(|run| run["standing"]["kind"] == kind);
        of_kind.map(|run| &run["account"]).collect()
    };
    assert_eq!(about("signIn"), [&bob, &ada], "the newest first");
    assert_eq!(about("signOut"), [&ada], "although the account is gone");
}
