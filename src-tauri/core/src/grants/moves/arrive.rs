//! Accounts that come in a file, which anybody can have written.

use super::Traveller;
use crate::{
    base::{AccountId, Issuer, ServerId, ServerUrl, foreign},
    grants::{
        Grants,
        grant::Contents,
        table::{self, Row, Who},
    },
    store::{StoreError, VaultClosed, Write},
};

/// The most characters of a name that a file brings.
const NAME_LIMIT: usize = 120;

/// The server that accounts arrive at.
#[derive(Debug, Clone, Copy)]
pub struct Arriving<'a> {
    /// Identifier.
    pub server: ServerId,
    /// Its address.
    pub url: &'a ServerUrl,
    /// All servers with this address, itself among them: an account of any of them is here already.
    pub namesakes: &'a [Namesake],
}

/// A server with the address that accounts arrive at.
#[derive(Debug, Clone)]
pub struct Namesake {
    /// Identifier.
    pub server: ServerId,
    /// Whose accounts it takes.
    pub takes: Takes,
}

/// Whose accounts a server takes from a file: a file must not lead a server that is here to another issuer (S4).
#[derive(Debug, Clone)]
pub enum Takes {
    /// Any issuer's: the server itself came in the file.
    Any,
    /// Those of the issuer that the person has agreed to; before they have, of those whose accounts are there.
    Agreed(Option<Issuer>),
}

impl Arriving<'_> {
    fn takes(&self, server: ServerId, issuer: &Issuer, known: &[Row]) -> bool {
        let takes = |namesake: &Namesake| match &namesake.takes {
            Takes::Any => true,
            Takes::Agreed(Some(agreed)) => agreed == issuer,
            Takes::Agreed(None) => known
                .iter()
                .any(|row| row.server == server && row.issuer == *issuer),
        };
        self.namesakes
            .iter()
            .any(|namesake| namesake.server == server && takes(namesake))
    }
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
    /// Takes in accounts that came in a file, within the caller's transaction; gives those that can be used here now and could
    /// not before. [`Grants::arrived`] is told once they are durable.
    ///
    /// One that is here stays as it is, unless it is of no use and the file's is further on. One that was here comes only
    /// if it has moved since. One whose person is not known comes only where there is no other.
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
            let Some(row) = self.find_place(within, at, traveller).await? else {
                continue;
            };
            table::moves::admit(within, &row).await?;
            if row.renews {
                table::moves::note(within, traveller.id, traveller.stage()).await?;
            }
            admitted.push(Arrived {
                server: row.server,
                account: row.account,
                is_default: row.is_default,
            });
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

    /// Makes the row of an account that came; `None` if it stays outside.
    async fn find_place(
        &self,
        within: &mut Write,
        at: Arriving<'_>,
        traveller: &Traveller,
    ) -> Result<Option<Row>, MoveError> {
        let contents = traveller.contents((at.server, at.url)).ok_or(MoveError::Forged)?;
        let known = table::moves::rows(within, at.namesakes.iter().map(|namesake| namesake.server)).await?;
        let last = table::moves::last(within, traveller.id).await?;
        let is_behind = last.is_some_and(|last| traveller.stage() <= last);
        let Some(place) = place(traveller, &known, (at, &contents)).filter(|_| !is_behind) else {
            return Ok(None);
        };
        let account = match place.account {
            Some(account) => account,
            None if table::moves::is_taken(within, traveller.id).await? => AccountId::random(),
            None => traveller.id,
        };
        let contents = contents.at(place.server);
        self.arrival(traveller, contents, (account, place)).map(Some)
    }

    fn arrival(
        &self,
        traveller: &Traveller,
        contents: Contents,
        (account, place): (AccountId, Place),
    ) -> Result<Row, MoveError> {
        let client = contents.client();
        Ok(Row {
            account,
            server: contents.server(),
            is_default: place.is_default,
            issuer: client.issuer().clone(),
            client_id: Some(client.client_id().clone()),
            sealed: contents.seal(&self.inner.vault, account)?,
            scopes: traveller.scopes.clone(),
            who: traveller.who(place.own_label),
            // The clock of the other machine may be ahead.
            signed_in_at: traveller.signed_in_at.min(self.now()),
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

impl Traveller {
    /// Gives who it is; the person's own name for it here stays.
    fn who(&self, own_label: Option<String>) -> Who {
        let line = |text: &Option<String>| text.as_deref().map(|text| foreign::line(text, NAME_LIMIT));
        Who {
            subject: self.subject.clone(),
            label: line(&self.label),
            login: line(&self.login),
            own_label: own_label.or_else(|| line(&self.own_label)),
        }
    }
}

/// Where an account goes that came.
struct Place {
    server: ServerId,
    /// The account that it takes the place of.
    account: Option<AccountId>,
    own_label: Option<String>,
    is_default: bool,
    version: i64,
}

fn place(traveller: &Traveller, known: &[Row], (at, contents): (Arriving<'_>, &Contents)) -> Option<Place> {
    let issuer = contents.client().issuer();
    let Some(before) = known.iter().find(|row| traveller.is(row, contents)) else {
        let is_somebody = traveller.subject.is_some() || known.is_empty();
        return (is_somebody && at.takes(at.server, issuer, known)).then(|| Place {
            server: at.server,
            account: None,
            own_label: None,
            is_default: !known.iter().any(|row| row.server == at.server && row.is_default),
            version: 0,
        });
    };
    let comes = traveller.is_beyond(before) && at.takes(before.server, issuer, known);
    comes.then(|| Place {
        server: before.server,
        account: Some(before.account),
        own_label: before.who.own_label.clone(),
        is_default: before.is_default,
        version: before.version + 1,
    })
}
