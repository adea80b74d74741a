//! Keeping what a sign-in brought: a new account, or a new grant of one that is there.

use super::{
    GrantError, Grants, OurClient, Wish,
    grant::Contents,
    moves::raised,
    table::{self, Row, Who},
    wish::{Known, Newcomer},
};
use crate::{
    base::{AccountId, Scopes, ServerId, Timestamp},
    oauth::{Granted, Identity},
};

/// What was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Whose it is.
    pub account: AccountId,
    /// The client that the account had before, if it has another one now.
    pub left: Option<OurClient>,
}

/// What a sign-in brought, ready to become a row.
struct Arrival {
    newcomer: Newcomer,
    identity: Option<Identity>,
    scopes: Scopes,
    contents: Contents,
    at: Timestamp,
}

impl Arrival {
    fn new(server: ServerId, granted: Granted, at: Timestamp) -> Self {
        Self {
            newcomer: Newcomer::of(&granted),
            identity: granted.identity.clone(),
            scopes: granted.scopes.clone(),
            contents: Contents::new(server, granted, at),
            at,
        }
    }
}

impl Grants {
    /// Keeps what a sign-in brought. It is durable on return.
    ///
    /// The provider's word on who signed in decides first, then the wish: the grant replaces that of the same person or
    /// of the wanted account, which keeps its identifier, or it becomes a new account beside the others.
    ///
    /// The tokens of a replaced grant are not revoked where the same issuer gave the new one: at many authorization
    /// servers that would end both.
    pub async fn keep(&self, server: ServerId, granted: Granted, wish: Wish) -> Result<Kept, GrantError> {
        let arrival = Arrival::new(server, granted, self.now());
        let put = table::put(&self.inner.store, server, |known| self.row(known, &arrival, wish));
        let (replaced, row) = match put.await {
            Ok(written) => written,
            Err(error) => {
                self.drop_unless_shared(server, arrival).await;
                return Err(error);
            }
        };
        let left = match replaced {
            Some(replaced) => self.let_go(replaced, &row).await,
            None => None,
        };
        self.tell(server);
        let account = row.account;
        Ok(Kept { account, left })
    }

    /// Keeps nothing of what a sign-in brought that is not wanted any more, and revokes it, unless that could end a
    /// grant that is kept.
    pub async fn turn_away(&self, server: ServerId, granted: Granted) {
        let arrival = Arrival::new(server, granted, self.now());
        self.drop_unless_shared(server, arrival).await;
    }

    fn row(&self, known: &[Row], arrival: &Arrival, wish: Wish) -> Result<Row, GrantError> {
        let compared: Vec<_> = known.iter().map(Row::known).collect();
        let place = wish.place(&arrival.newcomer, &compared);
        let before = known.iter().find(|row| Some(row.account) == place.account);
        let account = place.account.unwrap_or_else(AccountId::random);
        Ok(Row {
            account,
            server: arrival.contents.server(),
            is_default: place.is_default,
            issuer: arrival.newcomer.issuer.clone(),
            client_id: Some(arrival.contents.client().client_id().clone()),
            sealed: arrival.contents.seal(&self.inner.vault, account)?,
            scopes: arrival.scopes.clone(),
            who: who(arrival, before, wish),
            signed_in_at: arrival.at,
            expires_at: arrival.contents.expires_at(),
            renews: arrival.contents.renews(),
            refreshing_since: None,
            dead: None,
            moves: before.map_or(0, |before| raised(before.moves)),
            resting: false,
            // Whoever still works with the row as it was must see that it moved (S29).
            version: before.map_or(0, |before| before.version.wrapping_add(1)),
        })
    }

    /// Forgets what was known of a grant that has been replaced; gives the client it had, if that is another one. A grant
    /// of another issuer is revoked: that cannot end the new one. One that was handed over is not ours to revoke.
    async fn let_go(&self, replaced: Row, by: &Row) -> Option<OurClient> {
        let client = self.client_of(&replaced);
        let left = client.filter(|client| Some(client) != self.client_of(by).as_ref());
        if replaced.issuer == by.issuer || replaced.is_handed_over() {
            self.reset_lane(replaced.account);
        } else {
            self.take_back_row(&replaced).await;
        }
        left
    }

    /// Revokes what is not kept, so that nothing lives on that nobody knows of; unless an account of the server may be
    /// the same person's, whom that could sign out.
    async fn drop_unless_shared(&self, server: ServerId, arrival: Arrival) {
        let Ok(rows) = table::of_server(&self.inner.store, server).await else {
            return;
        };
        let may_be_the_same = |row: &Row| arrival.newcomer.may_be(&row.known());
        if !rows.iter().any(may_be_the_same) {
            // No row has this account's name: it is only what the bytes are sealed for.
            drop(tokio::spawn(self.clone().take_back(
                AccountId::random(),
                arrival.newcomer.subject,
                arrival.contents,
            )));
        }
    }
}

impl Row {
    fn known(&self) -> Known {
        Known {
            account: self.account,
            is_default: self.is_default,
            issuer: self.issuer.clone(),
            subject: self.who.subject.clone(),
        }
    }
}

/// Says who an account is now. What was said before stays only where it is about the same person: the provider names them
/// again, or the sign-in was for this account. Of that, the provider's word stays where the same issuer says nothing this
/// time, and the person's own name in any case.
fn who(arrival: &Arrival, before: Option<&Row>, wish: Wish) -> Who {
    let is_meant = |before: &Row| wish.account() == Some(before.account);
    let before = before.filter(|before| is_meant(before) || arrival.newcomer.is(&before.known()));
    let own_label = before.and_then(|before| before.who.own_label.clone());
    let same_issuer = before.filter(|before| before.issuer == arrival.newcomer.issuer);
    let said_before = same_issuer.map(|before| before.who.clone()).unwrap_or_default();
    match arrival.identity.clone() {
        Some(Identity {
            subject,
            label,
            login,
        }) => Who {
            subject: Some(subject),
            label: label.or(said_before.label),
            login: login.or(said_before.login),
            own_label,
        },
        None => Who {
            own_label,
            ..said_before
        },
    }
}
