//! Accounts that go to another computer in a file, and come from one.
//!
//! A refresh token that two machines hold is used twice sooner or later, and at the second use the authorization server ends
//! whatever came of it (RFC 9700 §4.14.2). So an account with one does not get a copy elsewhere, it moves: under its lane,
//! where no refresh is under way and none can begin, it is marked as handed over, and what is in it at that moment is taken.
//! From then on nothing is asked in its name here, until the person says that it never arrived anywhere.
//!
//! Each move counts, and so does each new sign-in to an account; no clock decides, as those of two computers differ. What a file
//! brings is taken only if it is further on than the account was when it last moved to or from here, and than what is here
//! now; so a file from before never brings tokens back that are spent.

mod arrive;
mod call_back;

use serde::{Deserialize, Serialize};

pub use self::{
    arrive::{Admitted, Arrived, Arriving, MoveError, Namesake, Takes},
    call_back::Away,
};
use super::{
    BearerError, GrantError, Grants, OurClient,
    grant::{Contents, Standing},
    lane::Lane,
    table::{self, Row, Swap},
};
use crate::{
    base::{AccountId, Scopes, Secret, ServerId, ServerUrl, Subject, Timestamp, plain},
    store::UnsealError,
};

/// The most moves and sign-ins that are counted of an account; one that has as many moves no more, and none comes with more.
const MOST_MOVES: u32 = 1_000_000;

/// Gives what is counted of an account after one more move or sign-in.
pub(super) fn raised(moves: u32) -> u32 {
    moves.saturating_add(1).min(MOST_MOVES)
}

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
    /// Takes what is in a row; what renews itself moves with that.
    fn of(row: &Row, contents: &Contents) -> Self {
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
            moves: row.moves.saturating_add(u32::from(contents.renews())),
            unanswered: row.refreshing_since.is_some(),
            grant: Secret::new(grant.expect("JSON is UTF-8")),
        }
    }

    /// Reads what it brings for a server that is kept here; `None` if it could not have come of any sign-in.
    fn contents(&self, server: (ServerId, &ServerUrl)) -> Option<Contents> {
        // EXPOSE: read into values that are secret again.
        let plain = Secret::new(self.grant.expose().as_bytes().to_vec());
        Contents::from_elsewhere(&plain, server).filter(|_| self.moves <= MOST_MOVES)
    }

    /// Reads what was taken of a row here.
    fn taken(&self) -> Option<Contents> {
        // EXPOSE: as above.
        Contents::from_json(&Secret::new(self.grant.expose().as_bytes().to_vec()))
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
}

/// What was handed over of a server.
#[derive(Debug, Default)]
pub struct HandedOver {
    /// The accounts that go.
    pub gone: Vec<Traveller>,
    /// How many stay that are nobody else's: of no use without a new sign-in, or none that can be used elsewhere.
    pub staying: usize,
}

/// Why accounts were not handed over.
#[derive(Debug)]
pub struct Interrupted {
    /// Those that had gone before, to be called back.
    pub gone: Vec<Traveller>,
    /// Why.
    pub error: GrantError,
}

/// What becomes of one account when its server's are handed over.
enum Way {
    Goes(Box<Traveller>),
    Stays,
    /// It is another computer's, or will be asked for anew there.
    NotAsked,
}

impl Grants {
    /// Hands a server's accounts over, as far as they are good for anything and can be used elsewhere. What has a refresh
    /// token is another computer's on return, durably; what has none is copied.
    ///
    /// An account that asks for tokens by itself is not taken along: it is asked for anew there, with what the server's
    /// sign-in method says.
    pub async fn hand_over(&self, server: ServerId, url: &ServerUrl) -> Result<HandedOver, Interrupted> {
        let mut handed = HandedOver::default();
        match self.hand_over_all(server, url, &mut handed).await {
            Ok(()) => Ok(handed),
            Err(error) => Err(Interrupted {
                gone: handed.gone,
                error,
            }),
        }
    }

    async fn hand_over_all(
        &self,
        server: ServerId,
        url: &ServerUrl,
        handed: &mut HandedOver,
    ) -> Result<(), GrantError> {
        for row in table::of_server(&self.inner.store, server).await? {
            match self.hand_over_account(row.account, url).await? {
                Way::Goes(traveller) => handed.gone.push(*traveller),
                Way::Stays => handed.staying += 1,
                Way::NotAsked => {}
            }
        }
        Ok(())
    }

    async fn hand_over_account(&self, account: AccountId, url: &ServerUrl) -> Result<Way, GrantError> {
        let lane = self.lane(account);
        let mut lane = lane.lock().await;
        loop {
            let row = table::of_account(&self.inner.store, account).await?;
            let Some(row) = row.filter(|row| !row.is_handed_over()) else {
                return Ok(Way::NotAsked);
            };
            let grant = match row.open(&self.inner.vault) {
                Ok(grant) => grant,
                Err(UnsealError::Closed) => return Err(GrantError::VaultClosed),
                Err(UnsealError::Broken) => return Ok(Way::Stays),
            };
            if self.write_what_waits(&mut lane, &grant.as_read()).await? {
                continue;
            }
            let contents = grant.contents();
            if contents.client().machine().is_some() {
                return Ok(Way::NotAsked);
            }
            let leaving = Traveller::of(&row, contents);
            let is_spent = matches!(grant.standing(self.now()), Standing::Spent(_));
            if is_spent || leaving.contents((row.server, url)).is_none() {
                return Ok(Way::Stays);
            }
            if !contents.renews() {
                return Ok(Way::Goes(Box::new(leaving)));
            }
            let client = OurClient {
                issuer: contents.client().issuer().clone(),
                client_id: contents.client().client_id().clone(),
            };
            if table::moves::hand_over(&self.inner.store, grant.as_read(), &client).await? == Swap::Done {
                self.tell(row.server);
                return Ok(Way::Goes(Box::new(leaving)));
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
