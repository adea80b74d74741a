//! Bringing back what waited before a restart: the browser may still be open at the provider's page.

use super::{
    Begun, News, Outcome, Progress, Rung, SignIns, Way, Wish, listener, prepare, table, table::Pending,
};
use crate::{
    oauth::{Awaiting, Hints},
    record::Entry,
};

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
            wish,
            expires_at,
            awaiting,
        } = pending;
        if self.0.flows.has(server, wish) {
            return;
        }
        let redirect = awaiting.redirect_uri();
        let rung = Rung::of(redirect).unwrap_or(Rung::DeepLink);
        let way = Way {
            rung,
            another: rung.next(),
            again: None,
        };
        let progress = Progress {
            id,
            expires_at,
            stage: prepare::waiting(&awaiting, way, true),
        };
        let link = awaiting.url().clone();
        let entry = self.0.around.record.resume(id.into(), server).await;
        let begun = begun(wish, &awaiting, entry.clone());
        self.0.flows.restore(server, progress, (begun, link));
        // A port that is taken by now leaves the deep link's cousin: pasting the address.
        let door = listener::bind(rung, Some(redirect)).await.unwrap_or_default();
        let door = door.filter(|door| door.redirect() == redirect);
        let this = self.clone();
        let expiry = tokio::spawn(async move {
            let _door = door.map(|door| door.open(this.clone()));
            let clock = &this.0.around.clock;
            clock.sleep(clock.now().until(expires_at)).await;
            this.end(id, &entry, Outcome::TimedOut);
        });
        self.0.flows.attach(id, expiry.abort_handle());
        self.tell(News::Progress(server));
    }
}

/// Gives what a sign-in that waited before a restart would be begun with today: what it asked for stays.
fn begun(wish: Wish, awaiting: &Awaiting, entry: Entry) -> Begun {
    Begun {
        wish,
        hints: Hints {
            scope: awaiting.scopes().cloned(),
            ..Hints::default()
        },
        entry,
    }
}
