//! The sole owner of grants: hands out a live bearer, refreshes one at a time, forgets, revokes.
//!
//! A refresh is a transaction. It runs in a task of its own, so that a caller who goes away cannot lose it:
//! lock the account, read the row again, refresh only if that is still needed, mark the row, ask the
//! authorization server, write the new pair with a compare-and-swap, and only then show it to anybody.
//!
//! Never here: talking to MCP, opening a browser, starting an authorization. Nobody else reads or writes the
//! table of grants: its queries are in the private module `table`.
//!
//! Where the authorization server binds tokens to a key, the key is sealed with them and goes with the bearer, so that whoever
//! shows it can prove it.
//!
//! Follows RFC 6749 §6 (refresh), RFC 7009 (revocation), RFC 8707 (a token is for one resource) and RFC 9449 (proofs).

mod account;
mod at_hand;
mod bearer;
mod end;
mod error;
mod grant;
mod keep;
mod keep_alive;
mod lane;
mod moves;
mod owed;
mod owed_table;
pub mod promises;
mod refresh;
mod rest;
mod table;
#[cfg(test)]
mod tests;
mod wish;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use http::HeaderMap;
use reqwest::Request;
use tokio::sync::{Notify, broadcast};
use url::Url;

use crate::{
    base::{AccountId, ClientId, Issuer, ServerId, Timestamp},
    oauth::{Nonces, TracedHttp, asks_for_nonce},
    ports::{Clock, Http},
    record::{Entry, Record},
    store::{SealedColumn, Store, StoreError, Vault},
};

pub use account::{Account, Standing};
use at_hand::AtHand;
pub use bearer::Bearer;
pub use end::Ended;
pub use error::{AccountError, BearerError, GrantError, ReauthReason, RenewalEnd};
pub use keep::Kept;
use lane::Lane;
pub use moves::{
    Admitted, Arrived, Arriving, Away, HandedOver, Interrupted, MoveError, Namesake, Takes, Traveller,
};
pub use owed::Settled;
use refresh::Wanted;
pub use wish::Wish;

/// The columns of this room that hold sealed cells.
pub const SEALED: [SealedColumn; 2] = [grant::sealed::GRANTS, grant::sealed::REVOCATIONS];

/// How many pieces of news wait for a slow listener before it is told that it missed some.
const NEWS_KEPT: usize = 256;

/// The rooms and doors that grants need.
pub struct Surroundings {
    /// The data file.
    pub store: Store,
    /// Seals the grants.
    pub vault: Vault,
    /// The network.
    pub http: Http,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Where it is kept what happened.
    pub record: Record,
}

/// A client of ours at an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OurClient {
    /// The issuer, raw.
    pub issuer: Issuer,
    /// Our name there.
    pub client_id: ClientId,
}

/// Keeps what authorization servers granted, and lends it. Cheap to clone.
#[derive(Clone)]
pub struct Grants {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    vault: Vault,
    http: Http,
    nonces: Nonces,
    clock: Arc<dyn Clock>,
    record: Record,
    lanes: Mutex<HashMap<AccountId, Arc<tokio::sync::Mutex<Lane>>>>,
    at_hand: AtHand,
    news: broadcast::Sender<ServerId>,
    changed: Notify,
    settled: broadcast::Sender<Settled>,
    owing: Notify,
}

impl Grants {
    /// Takes its surroundings; reads nothing yet.
    pub fn new(around: Surroundings) -> Self {
        let inner = Inner {
            store: around.store,
            vault: around.vault,
            http: around.http,
            nonces: Nonces::default(),
            clock: around.clock,
            record: around.record,
            lanes: Mutex::default(),
            at_hand: AtHand::default(),
            news: broadcast::channel(NEWS_KEPT).0,
            changed: Notify::new(),
            settled: broadcast::channel(NEWS_KEPT).0,
            owing: Notify::new(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Gives a bearer of the server's default account, as [`Grants::bearer_of`] does.
    pub async fn bearer(&self, server: ServerId) -> Result<Bearer, BearerError> {
        let row = table::default_of(&self.inner.store, server).await?;
        self.bearer_of(row.ok_or(BearerError::None)?.account).await
    }

    /// Gives a bearer of one account: at once if the stored one is live, else after one refresh that all callers share.
    pub async fn bearer_of(&self, account: AccountId) -> Result<Bearer, BearerError> {
        if let Some(bearer) = self.at_hand(account) {
            return Ok(bearer);
        }
        let edition = self.inner.store.edition();
        let row = table::of_account(&self.inner.store, account)
            .await?
            .ok_or(BearerError::None)?;
        let grant = row.open(&self.inner.vault)?;
        if row.resting {
            table::moves::wake(&self.inner.store, account).await?;
            self.tell(row.server);
        }
        let meanwhile = match grant.standing(self.now()) {
            grant::Standing::Live(bearer) => {
                self.keep_at_hand(edition, &grant);
                return Ok(bearer.clone());
            }
            grant::Standing::Spent(reason) => return Err(BearerError::Reauth(reason)),
            grant::Standing::Stale { meanwhile, .. } => meanwhile,
        };
        match (self.refreshed(account, Wanted::Live).await, meanwhile) {
            (
                Err(BearerError::Unreachable { .. } | BearerError::Offline | BearerError::Portal { .. }),
                Some(bearer),
            ) => Ok(bearer.clone()),
            (outcome, _) => outcome,
        }
    }

    /// Gives another bearer of the server's default account, as [`Grants::renew_of`] does.
    pub async fn renew(&self, server: ServerId, refused: &Bearer) -> Result<Bearer, BearerError> {
        let row = table::default_of(&self.inner.store, server).await?;
        self.renew_of(row.ok_or(BearerError::None)?.account, refused)
            .await
    }

    /// Gives another bearer of one account after the server answered 401 to `refused`.
    ///
    /// Asks the authorization server only if the stored token is still the refused one, and at most once for
    /// each refused token (S34); a token that is newer already is handed out as it is.
    pub async fn renew_of(&self, account: AccountId, refused: &Bearer) -> Result<Bearer, BearerError> {
        self.refreshed(account, Wanted::OtherThan(refused.clone())).await
    }

    /// Puts a bearer into a request to its resource, with a proof where it is bound to a key (RFC 9449 §7.1).
    pub fn show(&self, bearer: &Bearer, request: &mut Request) {
        bearer.show(request, &self.inner.nonces, self.now());
    }

    /// Takes note of the nonce in the answer to a request that showed `bearer`; tells whether a 401 refused nothing but
    /// a proof without that nonce (RFC 9449 §9).
    pub fn hear(&self, bearer: &Bearer, url: &Url, headers: &HeaderMap) -> bool {
        bearer.is_bound() && self.inner.nonces.hear(url, headers) && asks_for_nonce(headers)
    }

    /// Gives the nonces that are known, for a sign-in's own proofs.
    pub fn nonces(&self) -> &Nonces {
        &self.inner.nonces
    }

    /// Tells as whom the server is used: its default account, or nobody. Works while the vault is closed.
    pub async fn account(&self, server: ServerId) -> Result<Option<Account>, GrantError> {
        let row = table::default_of(&self.inner.store, server).await?;
        Ok(row.map(|row| self.shown(row)))
    }

    /// Gives all accounts of a server, the oldest first. Works while the vault is closed.
    pub async fn accounts(&self, server: ServerId) -> Result<Vec<Account>, GrantError> {
        let rows = table::of_server(&self.inner.store, server).await?;
        Ok(rows.into_iter().map(|row| self.shown(row)).collect())
    }

    /// Makes an account the one that its server is used as.
    pub async fn use_account(&self, server: ServerId, account: AccountId) -> Result<(), AccountError> {
        let found = table::set_default(&self.inner.store, server, account).await?;
        self.told(server, found)
    }

    /// Keeps the person's own name for an account; without one the provider's is shown again.
    pub async fn rename(
        &self,
        server: ServerId,
        account: AccountId,
        name: Option<&str>,
    ) -> Result<(), AccountError> {
        let found = table::set_own_label(&self.inner.store, server, account, name).await?;
        self.told(server, found)
    }

    /// Tells whether any account of any server uses a client of ours, or may.
    pub async fn uses(&self, client: &OurClient) -> Result<bool, StoreError> {
        table::uses(&self.inner.store, client).await
    }

    fn told(&self, server: ServerId, found: bool) -> Result<(), AccountError> {
        if !found {
            return Err(AccountError::Gone);
        }
        self.tell(server);
        Ok(())
    }

    fn shown(&self, row: table::Row) -> Account {
        Account::of(row, &self.inner.vault, self.now())
    }

    /// Tells of every server whose grant came, changed, died or went.
    pub fn news(&self) -> broadcast::Receiver<ServerId> {
        self.inner.news.subscribe()
    }

    /// Gives the network with everything written down.
    fn traced(&self, entry: &Entry) -> TracedHttp {
        TracedHttp::new(self.inner.http.clone(), entry.trace().clone())
    }

    fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Tells listeners and the background loop that something about this server's grant is new.
    fn tell(&self, server: ServerId) {
        // Nobody listening is no fault: the next snapshot reads the table.
        let _ = self.inner.news.send(server);
        self.inner.changed.notify_one();
    }

    fn lanes(&self) -> std::sync::MutexGuard<'_, HashMap<AccountId, Arc<tokio::sync::Mutex<Lane>>>> {
        // A panic while the map was held cannot leave it half-changed: each use is one map operation.
        self.inner.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lane(&self, account: AccountId) -> Arc<tokio::sync::Mutex<Lane>> {
        Arc::clone(self.lanes().entry(account).or_default())
    }

    /// Forgets how the refreshes of a grant went that has been replaced. A refresh that is under way sees it by itself.
    fn reset_lane(&self, account: AccountId) {
        let lane = self.lanes().get(&account).cloned();
        if let Some(lane) = lane
            && let Ok(mut lane) = lane.try_lock()
        {
            *lane = Lane::default();
        }
    }

    /// Seals the pair of an account that had not been written to its row yet, if there is one.
    fn seal_unwritten(&self, account: AccountId) -> Option<Vec<u8>> {
        let lane = self.lanes().get(&account).cloned()?;
        let lane = lane.try_lock().ok()?;
        lane.unwritten
            .as_ref()?
            .contents
            .seal(&self.inner.vault, account)
            .ok()
    }

    /// Forgets an account whose row is gone.
    fn forget_lane(&self, account: AccountId) {
        self.lanes().remove(&account);
    }
}
