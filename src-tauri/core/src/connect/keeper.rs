//! What the driver's deeds come down to: opening a session, keeping it and its tools.

use std::{sync::Arc, time::Duration};

use rmcp::model::Tool;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{
    ConnectionNews, Rooms,
    desk::Desk,
    fault::Fault,
    line::Letter,
    machine::Attempt,
    session::Session,
    wire::{LastHints, Notes, Parts, Passes, Wire},
};
use crate::{base::ServerId, servers::Server};

/// How long after the end of a stream of changes it is asked for again.
const LISTEN_PAUSE: Duration = Duration::from_secs(5);

/// Does the work of one connection and writes to its driver how that went.
pub(super) struct Keeper {
    pub(super) id: ServerId,
    pub(super) rooms: Rooms,
    pub(super) desk: Desk,
    pub(super) inbox: mpsc::UnboundedSender<Letter>,
    pub(super) hints: LastHints,
    pub(super) alive: mpsc::Sender<()>,
}

impl Keeper {
    /// Opens a session and lists its tools.
    pub(super) async fn open(self: Arc<Self>, attempt: Attempt) {
        let letter = match self.opened().await {
            Ok(Some(session)) => Letter::Opened(attempt, Arc::new(session)),
            Ok(None) => Letter::Gone,
            Err(fault) => Letter::Failed(attempt, fault),
        };
        self.tell(letter);
    }

    /// Keeps an open session until it is over.
    pub(super) async fn keep(self: Arc<Self>, attempt: Attempt, session: Arc<Session>) {
        let over = tokio::select! {
            over = session.over() => over,
            () = self.follow_tools(&session) => return,
            () = self.listen(&session) => return,
        };
        self.tell(Letter::Failed(attempt, over));
    }

    /// Writes to the driver.
    pub(super) fn tell(&self, letter: Letter) {
        // A driver that has ended has nothing to lose.
        let _ = self.inbox.send(letter);
    }

    /// Tells everybody.
    pub(super) fn announce(&self, news: ConnectionNews) {
        // Nobody listening is no fault: the next snapshot asks for the state.
        let _ = self.rooms.news.send(news);
    }

    async fn opened(&self) -> Result<Option<Session>, Fault> {
        let Some(server) = self.rooms.servers.get(self.id).await? else {
            return Ok(None);
        };
        let (notes, gone) = (Notes::new(Arc::clone(&self.hints)), CancellationToken::new());
        let wire = self.wire(&server, &notes, &gone).await?;
        let session = Session::open(wire, server.era, self.desk.clone(), (notes, gone)).await?;
        self.remember_era(&server, &session).await;
        match session.tools().await {
            Ok(tools) => self.save(&tools).await,
            // The server answers, only not about its tools: the last good list stays.
            Err(fault @ (Fault::Refused { .. } | Fault::NotMcp)) => {
                tracing::warn!(server = %self.id, %fault, "the tools could not be listed");
            }
            Err(fault) => return Err(fault),
        }
        Ok(Some(session))
    }

    async fn wire(&self, server: &Server, notes: &Notes, gone: &CancellationToken) -> Result<Wire, Fault> {
        let grants = self.rooms.grants.clone();
        let account = grants.account(self.id).await.map_err(|_| Fault::Store)?;
        Wire::new(Parts {
            http: self.rooms.http.clone(),
            url: server.url.clone(),
            reach: server.reach,
            is_known: server.era.is_some(),
            headers: self.rooms.servers.headers(self.id).await?,
            passes: Passes::new(grants, server, account.map(|account| account.id)),
            notes: notes.clone(),
            gone: gone.clone(),
            alive: self.alive.clone(),
        })
    }

    async fn remember_era(&self, server: &Server, session: &Session) {
        if server.era != Some(session.era())
            && let Err(error) = self.rooms.servers.set_era(self.id, session.era()).await
        {
            // Costs the next connection one request more, nothing else.
            tracing::warn!(server = %self.id, %error, "the era could not be remembered");
        }
    }

    async fn follow_tools(&self, session: &Session) {
        loop {
            session.tools_changed().await;
            match session.tools().await {
                Ok(tools) => self.save(&tools).await,
                Err(fault) => {
                    tracing::warn!(server = %self.id, %fault, "the tools could not be listed again");
                }
            }
        }
    }

    async fn listen(&self, session: &Session) {
        loop {
            session.listen().await;
            self.rooms.clock.sleep(LISTEN_PAUSE).await;
        }
    }

    async fn save(&self, tools: &[Tool]) {
        let now = self.rooms.clock.now();
        let saved = match serde_json::to_value(tools) {
            Ok(json) => self.rooms.servers.save_tools(self.id, &json, now).await,
            // Tools come from JSON, so they go back into it.
            Err(_) => return,
        };
        match saved {
            Ok(()) => self.announce(ConnectionNews::Tools(self.id)),
            Err(error) => tracing::warn!(server = %self.id, %error, "the tools could not be saved"),
        }
    }
}
