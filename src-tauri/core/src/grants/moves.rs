//! Accounts that go to another computer in a file, and come from one.
//!
//! A refresh token that two machines hold is used twice sooner or later, and at the second use the authorization server ends
//! whatever came of it (RFC 9700 §4.14.2). So an account with one does not get a copy elsewhere, it moves: under its lane,
//! where no refresh is under way and none can begin, it is marked as handed over, and what is in it at that moment is taken.
//! From then on nothing is asked in its name here, until the person says that it never arrived anywhere.
//!
//! Each move counts. What a file brings for an account that is here is taken only if it is further on than what is here,
//! so a file from before never brings tokens back that are spent.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    AccountError, BearerError, GrantError, Grants, OurClient,
    grant::{Contents, Standing},
    lane::Lane,
    table::{self, Row, Swap, Who},
};
use crate::{
    base::{AccountId, Scopes, Secret, ServerId, ServerUrl, Subject, Timestamp, foreign, plain},
    store::{StoreError, UnsealError, VaultClosed, Write},
};

/// The most characters of a name that a file brings.
const NAME_LIMIT: usize = 120;
/// How far the clock of another machine may be ahead of ours.
const TOLERANCE: Duration = Duration::from_secs(24 * 60 * 60);

/// An account on its way, with everything that is secret about it. Its plain form is only ever inside something sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Traveller {
    id: AccountId,
    is_default: bool,
    subject: Option<Subject>,
    label: Option<String>,
    login: Option<String>,
    own_label: Option<String>,
    scopes: Scopes,
    signed_in_at: Timestamp,
    moves: u32,
    /// The answer to its last refresh was lost.
    unanswered: bool,
    /// What is sealed in its row, as JSON.
    #[serde(serialize_with = "plain::text")]
    grant: Secret<String>,
}

impl Traveller {
    fn of(row: &Row, contents: &Contents, moves: u32) -> Self {
        // EXPOSE: it goes on as a secret.
        let grant = str::from_utf8(contents.to_json().expose()).map(str::to_owned);
        Self {
            id: row.account,
            is_default: row.is_default,
            subject: row.who.subject.clone(),
            label: row.who.label.clone(),
            login: row.who.login.clone(),
            own_label: row.who.own_label.clone(),
            scopes: row.scopes.clone(),
            signed_in_at: row.signed_in_at,
            moves,
            unanswered: row.refreshing_since.is_some(),
            grant: Secret::new(grant.expect("JSON is UTF-8")),
        }
    }

    /// Reads what it brings for a server that is kept here.
    fn contents(&self, server: (ServerId, &ServerUrl)) -> Option<Contents> {
        // EXPOSE: read into values that are secret again.
        let plain = Secret::new(self.grant.expose().as_bytes().to_vec());
        Contents::from_elsewhere(&plain, server)
    }

    /// Tells whether a row is this account's.
    fn is(&self, row: &Row, contents: &Contents) -> bool {
        let named = self.subject.is_some() && row.who.subject.is_some();
        let same = if named {
            self.subject == row.who.subject
        } else {
            self.id == row.account
        };
        same && row.issuer == *contents.client().issuer()
    }

    /// Tells whether it has come further than a row that is of no use by itself.
    fn is_beyond(&self, row: &Row) -> bool {
        row.dead.is_some() && (self.signed_in_at, self.moves) > (row.signed_in_at, row.moves)
    }

    fn who(&self) -> Who {
        let line = |text: &Option<String>| text.as_deref().map(|text| foreign::line(text, NAME_LIMIT));
        Who {
            subject: self.subject.clone(),
            label: line(&self.label),
            login: line(&self.login),
            own_label: line(&self.own_label),
        }
    }
}

/// The server that accounts arrive at.
#[derive(Debug, Clone, Copy)]
pub struct Arriving<'a> {
    /// Identifier.
    pub server: ServerId,
    /// Its address.
    pub url: &'a ServerUrl,
    /// All servers with this address, itself among them: an account of any of them is here already.
    pub namesakes: &'a [ServerId],
}

/// An account that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// The server that it is of.
    pub server: ServerId,
    /// Identifier.
    pub account: AccountId,
    /// Whether the server is used as it.
    pub is_default: bool,
}

/// Why accounts did not arrive. The caller's transaction must not be committed.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// What is said of one could not have come of any sign-in.
    #[error("an account makes no sense")]
    Forged,
    /// They cannot be sealed.
    #[error("the vault is closed")]
    VaultClosed,
    /// The file could not be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<VaultClosed> for MoveError {
    fn from(_: VaultClosed) -> Self {
        Self::VaultClosed
    }
}

impl Grants {
    /// Hands a server's accounts over, as far as they are good for anything and can be used elsewhere. What has a refresh
    /// token is another computer's on return, durably; what has none is copied. If one fails all stay.
    ///
    /// An account that asks for tokens by itself is not taken along: it is asked for anew there, with what the server's
    /// sign-in method says.
    pub async fn hand_over(&self, server: ServerId, url: &ServerUrl) -> Result<Vec<Traveller>, GrantError> {
        let mut gone = Vec::new();
        for row in table::of_server(&self.inner.store, server).await? {
            match self.hand_over_account(row.account, url).await {
                Ok(traveller) => gone.extend(traveller),
                Err(error) => {
                    self.call_back(server, &gone).await;
                    return Err(error);
                }
            }
        }
        Ok(gone)
    }

    /// Makes accounts ours again whose file was not made.
    pub async fn call_back(&self, server: ServerId, gone: &[Traveller]) {
        for traveller in gone {
            if let Err(error) = self.use_here(server, traveller.id).await {
                // The person can do the same by hand.
                tracing::warn!(%server, %error, "an account stays handed over although nobody has it");
            }
        }
    }

    /// Makes a handed-over account ours again, as the person says that it is nowhere else; any other stays as it is.
    pub async fn use_here(&self, server: ServerId, account: AccountId) -> Result<(), AccountError> {
        let lane = self.lane(account);
        let _turn = lane.lock().await;
        if table::moves::use_here(&self.inner.store, server, account).await? == Swap::Done {
            self.tell(server);
        }
        Ok(())
    }

    async fn hand_over_account(
        &self,
        account: AccountId,
        url: &ServerUrl,
    ) -> Result<Option<Traveller>, GrantError> {
        let lane = self.lane(account);
        let mut lane = lane.lock().await;
        loop {
            let Some(row) = table::of_account(&self.inner.store, account).await? else {
                return Ok(None);
            };
            let grant = match row.open(&self.inner.vault) {
                Ok(grant) => grant,
                Err(UnsealError::Closed) => return Err(GrantError::VaultClosed),
                Err(UnsealError::Broken) => return Ok(None),
            };
            if self.write_what_waits(&mut lane, &grant.as_read()).await? {
                continue;
            }
            let contents = grant.contents();
            let kept = Traveller::of(&row, contents, row.moves);
            let is_spent = matches!(grant.standing(self.now()), Standing::Spent(_));
            if is_spent || kept.contents((row.server, url)).is_none() {
                return Ok(None);
            }
            if !contents.renews() {
                return Ok(Some(kept));
            }
            let client = OurClient {
                issuer: contents.client().issuer().clone(),
                client_id: contents.client().client_id().clone(),
            };
            if table::moves::hand_over(&self.inner.store, grant.as_read(), &client).await? == Swap::Done {
                self.tell(row.server);
                return Ok(Some(Traveller {
                    moves: row.moves + 1,
                    ..kept
                }));
            }
        }
    }

    /// Writes a pair down that was received and could not be written before; tells whether the row may be another one now.
    async fn write_what_waits(&self, lane: &mut Lane, read: &table::Read) -> Result<bool, GrantError> {
        let Some(unwritten) = lane.unwritten.take_if(|waits| waits.read == *read) else {
            return Ok(false);
        };
        match self.write(lane, unwritten).await {
            Err(BearerError::Store(error)) => Err(error.into()),
            Err(BearerError::VaultClosed) => Err(GrantError::VaultClosed),
            Ok(_) | Err(_) => Ok(true),
        }
    }

    /// Takes in accounts that came in a file, within the caller's transaction; gives those that can be used here now and could
    /// not before. [`Grants::arrived`] is told once they are durable.
    ///
    /// One that is here stays as it is, unless it is of no use and the file's is further on. One whose person is not known
    /// comes only where there is no other.
    pub async fn admit(
        &self,
        within: &mut Write,
        at: Arriving<'_>,
        mut travellers: Vec<Traveller>,
    ) -> Result<Vec<Arrived>, MoveError> {
        // The first of a server is the one that it is used as.
        travellers.sort_by_key(|traveller| !traveller.is_default);
        let mut admitted = Vec::new();
        for traveller in &travellers {
            let known = table::moves::rows(within, at.namesakes).await?;
            let id_is_free = !table::moves::is_taken(within, traveller.id).await?;
            if let Some(row) = self.place(traveller, &known, at, id_is_free)? {
                table::moves::admit(within, &row).await?;
                admitted.push(Arrived {
                    server: row.server,
                    account: row.account,
                    is_default: row.is_default,
                });
            }
        }
        Ok(admitted)
    }

    /// Tells of accounts that were taken in.
    pub fn arrived(&self, accounts: &[Arrived]) {
        for arrived in accounts {
            self.reset_lane(arrived.account);
            self.tell(arrived.server);
        }
    }

    /// Makes the row of an account that came; `None` if it is here.
    fn place(
        &self,
        traveller: &Traveller,
        known: &[Row],
        at: Arriving<'_>,
        id_is_free: bool,
    ) -> Result<Option<Row>, MoveError> {
        let at_server = |server| traveller.contents((server, at.url)).ok_or(MoveError::Forged);
        let contents = at_server(at.server)?;
        if traveller.signed_in_at > self.now().after(TOLERANCE) {
            return Err(MoveError::Forged);
        }
        let Some(before) = known.iter().find(|row| traveller.is(row, &contents)) else {
            if traveller.subject.is_none() && !known.is_empty() {
                return Ok(None);
            }
            let account = Some(traveller.id).filter(|_| id_is_free);
            let place = Place {
                account: account.unwrap_or_else(AccountId::random),
                is_default: !known.iter().any(|row| row.server == at.server && row.is_default),
                version: 0,
            };
            return self.arrival(traveller, contents, place).map(Some);
        };
        if !traveller.is_beyond(before) {
            return Ok(None);
        }
        let place = Place {
            account: before.account,
            is_default: before.is_default,
            version: before.version + 1,
        };
        self.arrival(traveller, at_server(before.server)?, place)
            .map(Some)
    }

    fn arrival(&self, traveller: &Traveller, contents: Contents, place: Place) -> Result<Row, MoveError> {
        let client = contents.client();
        Ok(Row {
            account: place.account,
            server: contents.server(),
            is_default: place.is_default,
            issuer: client.issuer().clone(),
            client_id: Some(client.client_id().clone()),
            sealed: contents.seal(&self.inner.vault, place.account)?,
            scopes: traveller.scopes.clone(),
            who: traveller.who(),
            signed_in_at: traveller.signed_in_at,
            expires_at: contents.expires_at(),
            renews: contents.renews(),
            refreshing_since: traveller.unanswered.then(|| self.now()),
            dead: None,
            moves: traveller.moves,
            resting: true,
            version: place.version,
        })
    }
}

/// Where an account goes that came.
struct Place {
    account: AccountId,
    is_default: bool,
    version: i64,
}
