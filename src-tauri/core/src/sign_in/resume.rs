//! Bringing back what waited before a restart: the browser may still be open at the provider's page.

use tokio_util::sync::CancellationToken;

use super::{
    Begun, Ladder, News, Outcome, Progress, Rung, SignIns, Terms, Way, Wish, listener, prepare, table,
    table::Pending,
};
use crate::{
    base::ServerId,
    oauth::{Awaiting, Hints},
    record::Entry,
    servers::WayBack,
};

impl SignIns {
    /// Shows the sign-ins that still wait and opens their doors again, and takes the answers that came meanwhile. What cannot be read is left to expire.
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
        self.take_late();
    }

    async fn bring_back(&self, pending: Pending) {
        let Pending {
            id,
            server,
            wish,
            expires_at,
            registered_anew,
            awaiting,
            issuer: _,
        } = pending;
        if self.0.flows.has(server, wish) {
            return;
        }
        let redirect = awaiting.redirect_uri();
        let rung = Rung::of(redirect).unwrap_or(Rung::DeepLink);
        let chosen = self.way_back(server).await;
        let ladder = Ladder::of(Rung::chosen(chosen), Some(rung), self.0.around.deep_link);
        let way = Way {
            rung,
            another: ladder.after(rung),
            again: None,
        };
        let progress = Progress {
            id,
            wish,
            expires_at,
            stage: prepare::waiting(&awaiting, way, true),
        };
        let link = awaiting.url().clone();
        let entry = self.0.around.record.resume(id.into(), server).await;
        let begun = begun((wish, registered_anew), &awaiting, entry.clone());
        self.0.flows.restore(server, progress, (begun, link));
        // A port that is taken by now leaves the deep link's cousin: pasting the address.
        let door = listener::bind(rung, Some(redirect)).await.unwrap_or_default();
        let door = door.filter(|door| door.redirect() == redirect);
        if let Some(door) = door {
            self.0.flows.attach(id, door.open(self.clone()));
        }
        let this = self.clone();
        let expiry = tokio::spawn(async move {
            let clock = &this.0.around.clock;
            clock.sleep(clock.now().until(expires_at)).await;
            this.end(id, &entry, Outcome::TimedOut);
        });
        self.0.flows.attach(id, expiry);
        self.tell(News::Progress(server));
    }

    async fn way_back(&self, server: ServerId) -> WayBack {
        let server = self.0.around.servers.get(server).await.unwrap_or_default();
        server.map(|server| server.way_back).unwrap_or_default()
    }
}

/// Gives what a sign-in that waited before a restart would be begun with today: what it asked for stays.
fn begun((wish, registered_anew): (Wish, bool), awaiting: &Awaiting, entry: Entry) -> Begun {
    Begun {
        wish,
        terms: Terms {
            hints: Hints::default(),
            scopes: awaiting.scopes().cloned(),
        },
        entry,
        registered_anew,
        left: CancellationToken::new(),
    }
}
