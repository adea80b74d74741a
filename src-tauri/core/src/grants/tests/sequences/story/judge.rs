//! What may never come of a story, whatever happens in it.

use super::{LONGEST_PAUSE, Story, Wrong};
use crate::grants::{
    Bearer, BearerError, ReauthReason,
    grant::Dead,
    table,
    tests::sequences::{families::Place, life::Heard},
};

impl Story<'_> {
    /// Judges what a caller was given.
    pub(super) fn hear(&mut self, at: usize, heard: Heard, was_signed_in: bool) -> Result<(), Wrong> {
        let account = &mut self.accounts[at];
        let refused = |family: &u32| self.families.family(*family).refused;
        let is_well = match &heard.outcome {
            Ok(bearer) => is_durable(place(bearer), heard.on_disk),
            Err(BearerError::None) => !was_signed_in || !account.signed_in,
            Err(BearerError::Reauth(ReauthReason::Rejected)) => account.had.iter().any(refused),
            Err(BearerError::Store(_)) => self.disk_fails,
            Err(BearerError::Unreachable { retry_after }) => {
                retry_after.is_none_or(|wait| wait <= LONGEST_PAUSE)
            }
            Err(BearerError::Portal { retry_after, .. }) => *retry_after <= LONGEST_PAUSE,
            Err(BearerError::Reauth(_) | BearerError::Offline | BearerError::VaultClosed) => false,
        };
        let disk = heard.on_disk;
        let outcome = heard.outcome.map(|bearer| {
            let lent = place(&bearer);
            account.lent = Some(bearer);
            lent
        });
        demand(is_well, || {
            format!("server {at} gives {outcome:?}, and on disk is {disk:?}")
        })
    }

    /// Judges what is on disk, and what the authorization server saw.
    pub(super) fn judge(&self) -> Result<(), Wrong> {
        let wrongs = self.families.wrongs();
        demand(wrongs.is_empty(), || wrongs.join(", "))?;
        let life = self.life();
        for account in &self.accounts {
            let row = life.run(table::default_of(&life.world.store, account.server));
            let row = row.map_err(|error| error.to_string())?;
            let Some(family) = account.family() else {
                demand(row.is_none(), || "what has ended is still there".to_owned())?;
                continue;
            };
            let disk = life.run(life.eyes().on_disk(account.server));
            let is_newest = disk.is_some_and(|disk| disk.family == family);
            demand(is_newest, || {
                format!("family {family} was kept, and there is {disk:?}")
            })?;
            let (known, dead) = (self.families.family(family), row.and_then(|row| row.dead));
            demand(!known.revoked, || {
                format!("family {family} is kept and was revoked")
            })?;
            demand(dead.is_none() || known.refused, || {
                format!("family {family} is {dead:?} though nobody refused it")
            })?;
            demand(
                dead.is_none() || !known.reused || dead == Some(Dead::AnswerLost),
                || format!("family {family} is {dead:?}, and it was an answer that was lost"),
            )?;
        }
        Ok(())
    }
}

pub(super) fn demand(is_well: bool, wrong: impl FnOnce() -> Wrong) -> Result<(), Wrong> {
    if is_well { Ok(()) } else { Err(wrong()) }
}

pub(super) fn place(bearer: &Bearer) -> Place {
    // EXPOSE: the test's own token.
    Place::read(bearer.token().expose())
}

/// Tells whether a token that was lent is on disk, or was and something later took its place.
pub(super) fn is_durable(lent: Place, disk: Option<Place>) -> bool {
    disk.is_none_or(|disk| disk >= lent)
}
