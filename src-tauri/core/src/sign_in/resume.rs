//! Bringing back what waited before a restart: the browser may still be open at the provider's page.

use super::{News, Outcome, Progress, Rung, SignIns, listener, prepare, table, table::Pending};

impl SignIns {
    /// Shows the sign-ins that still wait and opens their doors again. What cannot be read is left to expire.
    pub async fn resume(&self) {
        let around = &self.0.around;
        match table::all(&around.store, &around.vault, around.clock.now()).await {
            Ok(waiting) => {
                for pending in waiting {
                    self.bring_back(pending).await;
                }
            }
            Err(error) => tracing::warn!(%error, "waiting sign-ins could not be brought back"),
        }
    }

    async fn bring_back(&self, pending: Pending) {
        let Pending {
            id,
            server,
            expires_at,
            awaiting,
        } = pending;
        if self.progress(server).is_some() {
            return;
        }
        let stage = prepare::waiting(&awaiting, true);
        self.0.flows.restore(
            server,
            Progress {
                id,
                expires_at,
                stage,
            },
            awaiting.url().clone(),
        );
        let redirect = awaiting.redirect_uri();
        let rung = Rung::of(redirect).unwrap_or(Rung::DeepLink);
        // A port that is taken by now leaves the deep link's cousin: pasting the address.
        if let Ok(Some(door)) = listener::bind(rung, Some(redirect)).await
            && door.redirect() == redirect
        {
            self.0.flows.attach(id, door.open(self.clone()));
        }
        let this = self.clone();
        let expiry = tokio::spawn(async move {
            let clock = &this.0.around.clock;
            clock.sleep(clock.now().until(expires_at)).await;
            this.end(server, id, Outcome::TimedOut);
        });
        self.0.flows.attach(id, expiry.abort_handle());
        self.tell(News::Progress(server));
    }
}
