//! Asking the page once more within one sign-in. It is still the person's own click that opens the browser.

use super::{LIFETIME, News, NotWaiting, SignIns, flows::Again, prepare::Run, prepare::Start, table};
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
        self.ask_again(entry.server(), id, Start::Rung(next, Again::OtherWay));
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

    /// Begins the way to the page once more, in place of the one that was under way. Does nothing if the person has
    /// taken the sign-in back.
    pub(super) fn ask_again(&self, server: ServerId, id: SignInId, start: Start) {
        let expires_at = self.0.around.clock.now().after(LIFETIME);
        let Some(begun) = self.0.flows.begin_again(id, expires_at) else {
            return;
        };
        self.set_out(Run {
            server,
            id,
            expires_at,
            begun,
            start,
        });
    }

    /// Sets out on a run whose label is there already.
    pub(super) fn set_out(&self, run: Run) {
        let (server, id) = (run.server, run.id);
        let task = tokio::spawn(self.clone().prepare(run));
        self.0.flows.attach(id, task.abort_handle());
        self.tell(News::Progress(server));
    }
}
