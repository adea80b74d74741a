//! Asking the page once more within one sign-in. It is still the person's own click that opens the browser.

use futures::future::join_all;

use super::{Again, LIFETIME, News, NotWaiting, Run, Rung, SignIns, flows::Ending, table};
use crate::{
    base::{ServerId, SignInId},
    oauth::Decision,
};

impl SignIns {
    /// Leaves the way back that a waiting sign-in names and asks the page again with the next one (R11): a page that
    /// shows a login first and an error later says so to the person alone. An answer to what was asked before is a
    /// stranger's from now on.
    pub async fn try_another_way(&self, id: SignInId) -> Result<(), NotWaiting> {
        let (_, entry) = self.0.flows.purpose(id).ok_or(NotWaiting)?;
        let another = self.0.flows.way(id).and_then(|way| way.another);
        let next = another.ok_or(NotWaiting)?;
        if !self.withdraw(id).await {
            return Err(NotWaiting);
        }
        entry.trace().decided(Decision::WayBackLeft {
            next: next.word().to_owned(),
        });
        self.ask_again(entry.server(), id, (next, Again::OtherWay));
        Ok(())
    }

    /// Takes a sign-in that waits out of what is waited for; only one of all who try goes on with it.
    pub(super) async fn withdraw(&self, id: SignInId) -> bool {
        let withdrawn = table::withdraw(&self.0.around.store, id).await;
        withdrawn.unwrap_or_else(|error| {
            tracing::warn!(%error, "a sign-in could not be asked anew");
            false
        })
    }

    /// Begins the way to the page once more, in place of the one that was under way; tells whether it did. It does not if
    /// the person has taken the sign-in back.
    pub(super) fn ask_again(&self, server: ServerId, id: SignInId, (rung, why): (Rung, Again)) -> bool {
        let expires_at = self.0.around.clock.now().after(LIFETIME);
        let Some((begun, ending)) = self.0.flows.begin_again(id, expires_at, why) else {
            return false;
        };
        let run = Run {
            server,
            id,
            expires_at,
            begun,
            again: Some((rung, why)),
        };
        self.set_out(run, ending);
        true
    }

    /// Sets out on a run whose label is there already, once what went before has ended: its door may be needed again.
    pub(super) fn set_out(&self, run: Run, ending: Ending) {
        let (this, server, id) = (self.clone(), run.server, run.id);
        let task = tokio::spawn(async move {
            join_all(ending).await;
            this.prepare(run).await;
        });
        self.0.flows.attach(id, task);
        self.tell(News::Progress(server));
    }
}
