//! Accounts that come in a file, which anybody can have written.

use super::Traveller;
use crate::{
    base::{AccountId, Issuer, ServerId, ServerUrl, Timestamp, foreign},
    grants::{
        Grants,
        grant::Contents,
        table::{self, Row, Who},
    },
    store::{StoreError, VaultClosed, Write},
};

/// The most characters of a name that a file brings.
const NAME_LIMIT: usize = 120;
/// The earliest that anybody can have signed in.
const EPOCH: Timestamp = Timestamp::from_seconds(0);

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
    /// Those of the issuer that the person has agreed to.
    Agreed(Issuer),
    /// Before they have: those of issuers whose accounts are there.
    Known,
    /// The same; and as long as there is no account, and the person does not use the server, those of the issuers that it has
    /// named. If it has named none yet, any issuer's, as if it came in the file.
    Unused(Vec<Issuer>),
}

impl Takes {
    fn take(&self, issuer: &Issuer, mut issuers_there: impl Iterator<Item = bool>) -> bool {
        match self {
            Self::Any => true,
            Self::Agreed(agreed) => agreed == issuer,
            Self::Known => issuers_there.any(|same| same),
            Self::Unused(named) => match issuers_there.next() {
                Some(same) => same || issuers_there.any(|same| same),
                None => named.is_empty() || named.contains(issuer),
            },
        }
    }
}

impl Arriving<'_> {
    fn takes(&self, server: ServerId, issuer: &Issuer, known: &[Row]) -> bool {
        let there = || known.iter().filter(|row| row.server == server);
        let takes = |namesake: &Namesake| {
            let same = there().map(|row| row.issuer == *issuer);
            namesake.server == server && namesake.takes.take(issuer, same)
        };
        self.namesakes.iter().any(takes)
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

impl Arrived {
    const fn of(row: &Row) -> Self {
        Self {
            server: row.server,
            account: row.account,
            is_default: row.is_default,
        }
    }
}

/// What came of the accounts that a file has for one server.
#[derive(Debug, Default)]
pub struct Admitted {
    /// Those that can be used here now and could not before.
    pub arrived: Vec<Arrived>,
    /// How many are here and in use, or were here and have come further since: they stay as they are.
    pub known: usize,
    /// How many stay outside, although nobody uses those that moved now: their server is not signed in to at their issuer, or the person
    /// is signed in here already, or it is not known who they are.
    pub left_out: usize,
    /// How many could not have come of any sign-in.
    pub damaged: usize,
}

/// Why accounts did not arrive. The caller's transaction must not be committed.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
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

/// What is done with an account that came.
enum Verdict {
    Comes(Box<Row>),
    Known,
    LeftOut,
    Damaged,
}

impl Grants {
    /// Takes in accounts that came in a file, within the caller's transaction. [`Grants::arrived`] is told of them once they
    /// are durable.
    ///
    /// One that is here stays as it is, unless it is of no use and the file's is further on. One that was here comes only
    /// if it has moved since. One whose person is not known comes only where there is no other.
    pub async fn admit(
        &self,
        within: &mut Write,
        at: Arriving<'_>,
        mut travellers: Vec<Traveller>,
    ) -> Result<Admitted, MoveError> {
        let mut admitted = Admitted::default();
        if travellers.is_empty() {
            return Ok(admitted);
        }
        // The first of a server is the one that it is used as.
        travellers.sort_by_key(|traveller| !traveller.is_default);
        // Read once: whoever forges a file with many must not hold the only writer for long.
        let servers = at.namesakes.iter().map(|namesake| namesake.server);
        let mut known = table::moves::rows(within, servers).await?;
        for traveller in &travellers {
            match self.judge(within, (at, &known), traveller).await? {
                Verdict::Comes(row) => {
                    table::moves::admit(within, &row, (traveller.id, traveller.moves)).await?;
                    admitted.arrived.push(Arrived::of(&row));
                    known.retain(|known| known.account != row.account);
                    known.push(*row);
                }
                Verdict::Known => admitted.known += 1,
                Verdict::LeftOut => admitted.left_out += 1,
                Verdict::Damaged => admitted.damaged += 1,
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

    /// Decides about an account that came, and makes its row.
    async fn judge(
        &self,
        within: &mut Write,
        (at, known): (Arriving<'_>, &[Row]),
        traveller: &Traveller,
    ) -> Result<Verdict, MoveError> {
        let Some(contents) = traveller.contents((at.server, at.url)) else {
            return Ok(Verdict::Damaged);
        };
        let before = known.iter().find(|row| traveller.is(row, &contents));
        let own = before.filter(|row| row.account == traveller.id);
        let last = table::moves::last(within, traveller.id).await?;
        let here = last.max(own.map(|row| row.moves));
        let is_usable = |row: &Row| row.standing(&self.inner.vault, self.now()).is_usable();
        if here.is_some_and(|here| traveller.moves <= here) || own.is_some_and(is_usable) {
            return Ok(Verdict::Known);
        }
        if before.is_some_and(is_usable)
            // Its name is that of an account elsewhere here, about which it must change nothing.
            || own.is_none() && table::moves::is_taken(within, traveller.id).await?
        {
            return Ok(Verdict::LeftOut);
        }
        let Some(place) = place(traveller, (before, known), (at, contents.client().issuer())) else {
            return Ok(Verdict::LeftOut);
        };
        let contents = contents.at(place.server);
        let row = self.arrival(traveller, contents, place)?;
        Ok(Verdict::Comes(Box::new(row)))
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
            who: traveller.who(place.own_label),
            // The clock of the other machine may be ahead; it is for showing, and decides nothing.
            signed_in_at: traveller.signed_in_at.max(EPOCH).min(self.now()),
            expires_at: contents.expires_at(),
            renews: contents.renews(),
            refreshing_since: traveller.unanswered.then(|| self.now()),
            dead: None,
            moves: traveller.moves.max(place.moves),
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
    /// What it is called here: as the account of no use that it takes the place of, or as in the file.
    account: AccountId,
    own_label: Option<String>,
    is_default: bool,
    /// What is counted of that account.
    moves: u32,
    version: i64,
}

/// Finds the place of an account that is not in use here: that of the `before` which it takes over from, or its own.
fn place(
    traveller: &Traveller,
    (before, known): (Option<&Row>, &[Row]),
    (at, issuer): (Arriving<'_>, &Issuer),
) -> Option<Place> {
    let server = before.map_or(at.server, |before| before.server);
    let is_somebody = before.is_some() || traveller.subject.is_some() || known.is_empty();
    let has_default = || known.iter().any(|row| row.server == server && row.is_default);
    (is_somebody && at.takes(server, issuer, known)).then(|| Place {
        server,
        account: before.map_or(traveller.id, |before| before.account),
        own_label: before.and_then(|before| before.who.own_label.clone()),
        is_default: before.map_or_else(|| !has_default(), |before| before.is_default),
        moves: before.map_or(0, |before| before.moves),
        version: before.map_or(0, |before| before.version.wrapping_add(1)),
    })
}
