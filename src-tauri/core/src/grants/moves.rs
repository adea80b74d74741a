//! Accounts that go to another computer in a file, and come from one.
//!
//! A refresh token that two machines hold is used twice sooner or later, and at the second use the authorization server ends
//! whatever came of it (RFC 9700 §4.14.2). So an account with one does not get a copy elsewhere, it moves: under its lane,
//! where no refresh is under way and none can begin, it is marked as handed over, and what is in it at that moment is taken.
//! From then on nothing is asked in its name here, until the person says that it never arrived anywhere.
//!
//! Each move counts. What a file brings is taken only if it is further on than the account was when it last moved to or from
//! here, and than what is here now; so a file from before never brings tokens back that are spent.

mod arrive;

use serde::{Deserialize, Serialize};

pub use self::arrive::{Arrived, Arriving, MoveError, Namesake, Takes};
use super::{
    AccountError, BearerError, GrantError, Grants, OurClient,
    grant::{Contents, Standing},
    lane::Lane,
    table::{self, Row, Swap, moves::Stage},
};
use crate::{
    base::{AccountId, Scopes, Secret, ServerId, ServerUrl, Subject, Timestamp, plain},
    store::{StoreError, UnsealError},
};

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

    /// Reads what was taken of a row here.
    fn taken(&self) -> Option<Contents> {
        // EXPOSE: as above.
        Contents::from_json(&Secret::new(self.grant.expose().as_bytes().to_vec()))
    }

    const fn stage(&self) -> Stage {
        Stage {
            signed_in_at: self.signed_in_at,
            moves: self.moves,
        }
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
        let here = Stage {
            signed_in_at: row.signed_in_at,
            moves: row.moves,
        };
        row.dead.is_some() && self.stage() > here
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

    /// Makes accounts ours again whose file was not made. What the person disconnected meanwhile is revoked: nobody has it.
    pub async fn call_back(&self, server: ServerId, gone: &[Traveller]) {
        for traveller in gone {
            if let Err(error) = self.call_back_one(server, traveller).await {
                // The person can do the same by hand.
                tracing::warn!(%server, %error, "an account stays handed over although nobody has it");
            }
        }
    }

    async fn call_back_one(&self, server: ServerId, traveller: &Traveller) -> Result<(), StoreError> {
        let lane = self.lane(traveller.id);
        let _turn = lane.lock().await;
        let store = &self.inner.store;
        if table::moves::call_back(store, traveller.id, traveller.moves).await? == Swap::Done {
            self.tell(server);
            return Ok(());
        }
        if table::of_account(store, traveller.id).await?.is_some() {
            return Ok(());
        }
        self.forget_lane(traveller.id);
        // What is only copied was revoked when it was disconnected.
        if let Some(contents) = traveller.taken().filter(Contents::renews) {
            let subject = traveller.subject.clone();
            self.clone().take_back(traveller.id, subject, contents).await;
        }
        Ok(())
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
}
